"""Offers, v2: query parameters and JSON bodies.

The index of the API and the reference page of v2 contradict each other, so some jobs have two classes: plain V2 is the
form of the reference page (family `offers-v2-reference`), V2Index that of the index (`offers-v2-index`); what stands
in both is of family `offers-v2`.

Every route answers 400 for a wrong request and 404 for an unknown id, unless its docstring says otherwise.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from upstream.campaign import CampaignRequest
from upstream.campaign.objects import Ids
from upstream.campaign.offer_models import (
    BulkOfferInfo,
    BulkOfferInfoResponse,
    OfferCodeOrName,
    OfferInfo,
    OfferTemplateInfo,
    OfferValidationInfo,
)
from upstream.record import Many
from upstream.request import Body, Path, Query


class GetOffersByIds(CampaignRequest[Many[OfferInfo]]):
    """Read the offers with these ids.

    Source: Campaign REST API 12.1.4, offers v2 page (parameter and its bracket form). Inferred: the answer.
    """

    method, path, operation, category = "GET", "/v2/offers", "getOffersByIds", "offers-v2"
    family = "offers-v2"

    offer_ids: Annotated[Ids, Query("offerIds", "bracket")]


class CreateOffersV2(CampaignRequest[Many[BulkOfferInfoResponse]]):
    """Create offers from one template, all in the same folder (root when not given).

    Answers one outcome for each offer; part of a call can fail inside a 200. An unknown folder or template is a 400.

    Source: Campaign REST API 12.1.4, offers v2 page. Inferred: the answer and the shape of an attribute.
    """

    method, path, operation, category = "POST", "/v2/offers", "createBulkOffers", "offers-v2"
    family = "offers-v2"

    template_name: Annotated[str, Query("templateName")]
    offers: Annotated[list[BulkOfferInfo], Body()]
    folder_id: Annotated[int | None, Query("folderid")] = None
    security_policy: Annotated[str | None, Query("securityPolicy")] = None


class DeleteOffersV2(CampaignRequest[Many[int]]):
    """Delete offers for good (form of the reference page). Answers the ids that were deleted.

    Inferred: listed in the table of contents of the v2 page; parameter as for reading, answer as in v1.
    """

    method, path, operation, category = "DELETE", "/v2/offers", "deleteOffersV2", "offers-v2"
    family = "offers-v2-reference"
    targets = ("offer", "offer_ids")

    offer_ids: Annotated[Ids, Query("offerIds", "bracket")]


class DeleteOffersV2Index(CampaignRequest[Many[int]]):
    """Delete offers for good (form of the index). Answers the ids that were deleted.

    Inferred: only method, path and label are public; the JSON body follows v2 create.
    """

    method, path, operation, category = "POST", "/v2/offers/delete", "deleteOffersPostV2", "offers-v2"
    family = "offers-v2-index"
    targets = ("offer", "offer_ids")

    offer_ids: Annotated[Ids, Body()]


class DuplicateOffers(CampaignRequest[Many[BulkOfferInfoResponse]]):
    """Copy offers, retired ones too: the way to a usable offer with the details of a retired one.

    Answers one outcome for each copy.

    Inferred: listed in the table of contents of the v2 page; parameters and answer are not public.
    """

    method, path, operation, category = "POST", "/v2/offers/duplicate", "duplicateOffersV2", "offers-v2"
    family = "offers-v2-reference"

    offer_ids: Annotated[Ids, Body()]
    folder_id: Annotated[int | None, Query("folderid")] = None


class GenerateOfferCodesV2(CampaignRequest[Many[str]]):
    """Draw free offer codes in the format of a template; creates nothing, and each call draws others.

    Answers texts, one for each part of the code (a template may have up to five).

    Source: Campaign REST API 12.1.4, offers v2 page (path). Inferred: parameters and answer, from v1.
    """

    method, path, operation, category = "GET", "/v2/offers/gencode", "generateOfferCodesV2", "offers-v2"
    family = "offers-v2"

    offer_name: Annotated[str | None, Query("offerName")] = None
    template_id: Annotated[int | None, Query("templateid")] = None


class GetOffersV2Index(CampaignRequest[Many[OfferInfo]]):
    """Read the offers with these ids, or all of them when none are given (form of the index, a read by POST).

    Inferred: only method, path and label are public; the JSON body follows v2 create.
    """

    method, path, operation, category = "POST", "/v2/offers/getoffers", "getOffersPostV2", "offers-v2"
    family = "offers-v2-index"

    offer_ids: Annotated[list[int] | None, Body()] = None


class RetireOffersV2(CampaignRequest[Many[int]]):
    """Retire offers for good: they stay visible, can no longer be assigned, and can never be re-enabled.

    Answers the ids that were retired.

    Source: Campaign REST API 12.1.4, index and offers v2 page (path). Inferred: JSON body and answer.
    """

    method, path, operation, category = "POST", "/v2/offers/retire", "retireOffersV2", "offers-v2"
    family = "offers-v2"
    targets = ("offer", "offer_ids")

    offer_ids: Annotated[Ids, Body()]


class SearchOffers(CampaignRequest[Many[OfferInfo]]):
    """Find offers by a condition in the syntax of smart offer lists, such as `discount_rate >= 10`.

    `max_size` caps the answer, `scope_folders` (ids) and `include_sub_folder` say where to look. A condition that
    can't be read is a 400; no match is an empty list.

    Inferred: method, path and label are public; the parameters are those of SOAP getOffersByQuery.
    """

    method, path, operation, category = "GET", "/v2/offers/search", "searchOffersV2", "offers-v2"
    family = "offers-v2"

    query: Annotated[str | None, Query("query")] = None
    max_size: Annotated[int | None, Field(ge=1), Query("maxSize")] = None
    include_sub_folder: Annotated[bool | None, Query("includeSubFolder")] = None
    scope_folders: Annotated[list[int], Query("scopeFolders", "bracket")] = []


class GetOfferTemplatesV2(CampaignRequest[Many[OfferTemplateInfo]]):
    """Read the offer templates with these ids, or all of them (form of the reference page).

    Inferred: listed in the table of contents of the v2 page; parameter and answer are not public.
    """

    method, path, operation, category = "GET", "/v2/offers/templates", "getOfferTemplatesV2", "offers-v2"
    family = "offers-v2-reference"

    template_ids: Annotated[list[int], Query("templateIds", "bracket")] = []


class GetOfferTemplatesV2Index(CampaignRequest[Many[OfferTemplateInfo]]):
    """Read the offer templates with these ids, or all of them (form of the index, a read by POST).

    Inferred: only method, path and label are public; the JSON body follows v2 create.
    """

    method, path, operation, category = "POST", "/v2/offers/templates", "getOfferTemplatesPostV2", "offers-v2"
    family = "offers-v2-index"

    template_ids: Annotated[list[int] | None, Body()] = None


class ValidateOffersV2(CampaignRequest[Many[OfferValidationInfo]]):
    """Check that each code or name matches exactly one offer (form of the reference page).

    Answers one result for each input, codes first, in their order. No 404: no match is an error of its result.

    Inferred: listed in the table of contents of the v2 page; parameters and answer are not public.
    """

    method, path, operation, category = "GET", "/v2/offers/validate", "validateOffersV2", "offers-v2"
    family = "offers-v2-reference"

    offer_codes: Annotated[list[str], Query("offerCodes", "repeat")] = []
    offer_names: Annotated[list[str], Query("offerNames", "repeat")] = []


class ValidateOffersV2Index(CampaignRequest[Many[OfferValidationInfo]]):
    """Check that each code or name matches exactly one offer (form of the index, a read by POST).

    Answers one result for each input, in their order. No 404: no match is an error of its result.

    Inferred: only method, path and label are public; the entries follow the SOAP type OfferCodeOrName.
    """

    method, path, operation, category = "POST", "/v2/offers/validate", "validateOffersPostV2", "offers-v2"
    family = "offers-v2-index"

    inputs: Annotated[list[OfferCodeOrName], Body()]


class GetOffer(CampaignRequest[OfferInfo]):
    """Read one offer.

    Inferred: listed in the table of contents of the v2 page; details are not public.
    """

    method, path, operation, category = "GET", "/v2/offers/{offerId}", "getOfferByIdV2", "offers-v2"
    family = "offers-v2-reference"

    offer_id: Annotated[int, Path("offerId")]
