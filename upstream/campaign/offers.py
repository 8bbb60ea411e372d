"""Offers, v1: form fields, structured data as JSON text inside one of them.

Every route answers 400 for a wrong request and 404 for an unknown id, unless its docstring says otherwise.
"""

from __future__ import annotations

from typing import Annotated

from upstream.campaign import CampaignRequest
from upstream.campaign.objects import Ids
from upstream.campaign.offer_models import (
    BulkOfferInfo,
    BulkOfferInfoResponse,
    OfferInfo,
    OfferTemplateInfo,
    OfferValidationInfo,
)
from upstream.record import Many
from upstream.request import Form, Query


class CreateOffers(CampaignRequest[Many[BulkOfferInfoResponse]]):
    """Create offers from one template, all in the same folder (root when not given).

    Answers one outcome for each offer; part of a call can fail inside a 200. An unknown folder or template is a 400.

    Source: Campaign REST API 12.1.4, offers page. Inferred: the inner shape of an attribute.
    """

    method, path, operation, category = "POST", "/v1/offers", "createOffers", "offers-v1"
    family = "offers-v1"

    template_name: Annotated[str, Form("templateName")]
    offers: Annotated[list[BulkOfferInfo], Form("BulkOfferInfo", "json")]
    folder_id: Annotated[int | None, Form("folderid")] = None
    security_policy: Annotated[str | None, Form("securityPolicy")] = None


class DeleteOffers(CampaignRequest[Many[int]]):
    """Delete offers for good, and from every static list, without a question.

    Answers ids, probably of the offers that were really deleted: compare them with those asked for. An offer in use
    is refused; retire it instead.

    Source: Campaign REST API 12.1.4, offers page. Inferred: repetition of the field, meaning of the ids.
    """

    method, path, operation, category = "POST", "/v1/offers/delete", "deleteOffers", "offers-v1"
    family = "offers-v1"
    targets = ("offer", "offer_ids")

    offer_ids: Annotated[Ids, Form("offerids", "repeat")]


class GenerateOfferCodes(CampaignRequest[Many[str]]):
    """Draw free offer codes in the format of a template; creates nothing, and each call draws others.

    Answers texts, one for each part of the code (a template may have up to five).

    Source: Campaign REST API 12.1.4, offers page. Inferred: one text for each part.
    """

    method, path, operation, category = "GET", "/v1/offers/gencode", "generateOfferCodes", "offers-v1"
    family = "offers-v1"

    offer_name: Annotated[str | None, Query("offerName")] = None
    template_id: Annotated[int | None, Query("templateid")] = None


class GetOffers(CampaignRequest[Many[OfferInfo]]):
    """Read the offers with these ids, or all of them when none are given. A read that uses POST.

    Some servers demand an id and answer 400 without. The list of all offers is not paged.

    Source: Campaign REST API 12.1.4, offers page (prose: all without ids; table: ids required). Inferred: the answer.
    """

    method, path, operation, category = "POST", "/v1/offers/getoffers", "getOffers", "offers-v1"
    family = "offers-v1"
    body_form = "form"

    offer_ids: Annotated[list[int], Form("offerids", "repeat")] = []


class RetireOffers(CampaignRequest[Many[int]]):
    """Retire offers for good: they stay visible, can no longer be assigned, and can never be re-enabled.

    Answers the ids that were retired.

    Source: Campaign REST API 12.1.4, index (path). Inferred: form field and answer, from the delete route.
    """

    method, path, operation, category = "POST", "/v1/offers/retire", "retireOffers", "offers-v1"
    family = "offers-v1"
    targets = ("offer", "offer_ids")

    offer_ids: Annotated[Ids, Form("offerids", "repeat")]


class GetOfferTemplates(CampaignRequest[Many[OfferTemplateInfo]]):
    """Read the offer templates with these ids, or all of them. A read that uses POST.

    Inferred: only method, path and label are public; the field name follows `templateid` and `offerids`.
    """

    method, path, operation, category = "POST", "/v1/offers/templates", "getOfferTemplates", "offers-v1"
    family = "offers-v1"
    body_form = "form"

    template_ids: Annotated[list[int], Form("templateids", "repeat")] = []


class ValidateOffers(CampaignRequest[Many[OfferValidationInfo]]):
    """Check that each code or name matches exactly one offer. A read that uses POST.

    Answers one result for each input, codes first, in their order. No 404: no match is an error of its result.

    Inferred: parameters and answer, from SOAP validateOffers, whose rules are documented.
    """

    method, path, operation, category = "POST", "/v1/offers/validate", "validateOffers", "offers-v1"
    family = "offers-v1"
    body_form = "form"

    offer_codes: Annotated[list[str], Form("offercodes", "repeat")] = []
    offer_names: Annotated[list[str], Form("offernames", "repeat")] = []
