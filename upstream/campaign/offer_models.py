"""Offers, offer templates and the outcomes of offer calls, shared by v1, v2 and the target cells."""

from __future__ import annotations

from typing import Any

from upstream.campaign.objects import Attributed, Reference, TypedAttributeInput
from upstream.record import Entry, Record


class OfferInfo(Attributed):
    """An offer. v2 may add fields (a state, for instance), which are kept in `model_extra`.

    Source: Campaign REST API 12.1.4, target cells page; its use for v2 is inferred.
    """

    reference: Reference
    offer_code: str = ""
    name: str = ""
    description: str = ""
    retired: bool = False

    @property
    def id(self) -> int:
        return self.reference.id


class OfferTemplateInfo(Attributed):
    """An offer template: its code format and the attributes its offers start with. Inferred from the SOAP pages."""

    reference: Reference
    name: str = ""
    description: str = ""
    offer_code_format: str = ""
    retired: bool = False

    @property
    def id(self) -> int:
        return self.reference.id


class BulkOfferInfo(Entry):
    """One offer to create; attributes that are left out come from the template.

    Source: Campaign REST API 12.1.4, offers page; the shape of an attribute is inferred.
    """

    offer_name: str
    attributes: list[TypedAttributeInput] = []


class BulkOfferInfoResponse(Record):
    """What became of one offer of a creation or copy, inside a 200: either a `reference`, or an `error`.

    Source: Campaign REST API 12.1.4, offers page; that the error is a text is inferred (SOAP has an object).
    """

    reference: Reference | None = None
    offer_code: str = ""
    name: str = ""
    description: str = ""
    error: str | dict[str, Any] = ""

    @property
    def refusal(self) -> str:
        """Why this offer was not made, in words; empty when it was."""
        if isinstance(self.error, str):
            return self.error
        said = self.error.get("message") or self.error.get("errorMessage")
        return str(said or self.error or "")


class OfferCodeOrName(Entry):
    """One code or name to validate; `is_list_name` when it is the name of an offer list. Inferred from SOAP."""

    code_or_name: str
    is_list_name: bool = False


class OfferValidationInfo(Record):
    """The only match of one code or name, or an error when there is none or more than one.

    Inferred: the field names; the rule is documented for SOAP validateOffers.
    """

    offer_info: OfferInfo | None = None
    error_code: str = ""
    error_message: str = ""
