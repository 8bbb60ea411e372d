"""What each operation can do to the world outside: one table, reviewed by hand.

The flags of the contracts help and do not suffice: clearing an offer list hides inside a change of it, and so does
turning a list into the other kind, which drops its members or its query. Deleting, retiring and clearing are
destructive. Changes of values and of attribute definitions are writes, since the product
itself only lets definitions grow and `before` is kept; drawing a code reads, since nothing is created. Login and
logout write: they end tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from upstream.request import Request, Risk

_READ, _WRITE, _DESTRUCTIVE = Risk.READ, Risk.WRITE, Risk.DESTRUCTIVE


@dataclass(frozen=True, slots=True)
class Rule:
    """The usual risk of an operation, and the worst it can be: `worse` tells whether a request is of that kind.

    `worst_when` says it in words, for the table of routes.
    """

    usual: Risk
    worst: Risk | None = None
    worse: Callable[[Any], bool] | None = None
    worst_when: str = ""

    def of(self, request: Request[Any]) -> Risk:
        if self.worst is not None and self.worse is not None and self.worse(request):
            return self.worst
        return self.usual


def _empties_a_list(request: Any) -> bool:
    return bool(request.clear_existing) or request.is_smart_list is not None


RISKS: Mapping[str, Mapping[str, Rule]] = {
    "unica-platform": {
        "login": Rule(_WRITE),
        "logout": Rule(_WRITE),
    },
    "unica-campaign": {
        "getAttributeMetadataByNameGlobal": Rule(_READ),
        "getAttributeMetadataByTypeAndName": Rule(_READ),
        "getAttributesByName": Rule(_READ),
        "createAttributeMetadata": Rule(_WRITE),
        "updateAttributeMetadata": Rule(_WRITE),
        "updateAttributes": Rule(_WRITE),
        "deleteAttributeMetadata": Rule(_DESTRUCTIVE),
        "getCampaigns": Rule(_READ),
        "searchCampaigns": Rule(_READ),
        "getCampaign": Rule(_READ),
        "getCampaignMetrics": Rule(_READ),
        "generateCampaignCode": Rule(_READ),
        "createCampaign": Rule(_WRITE),
        "updateCampaign": Rule(_WRITE),
        "deleteCampaign": Rule(_DESTRUCTIVE),
        "deleteCampaigns": Rule(_DESTRUCTIVE),
        "getOffers": Rule(_READ),
        "getOfferTemplates": Rule(_READ),
        "validateOffers": Rule(_READ),
        "generateOfferCodes": Rule(_READ),
        "createOffers": Rule(_WRITE),
        "retireOffers": Rule(_DESTRUCTIVE),
        "deleteOffers": Rule(_DESTRUCTIVE),
        "getOffersByIds": Rule(_READ),
        "getOfferByIdV2": Rule(_READ),
        "getOffersPostV2": Rule(_READ),
        "searchOffersV2": Rule(_READ),
        "getOfferTemplatesV2": Rule(_READ),
        "getOfferTemplatesPostV2": Rule(_READ),
        "validateOffersV2": Rule(_READ),
        "validateOffersPostV2": Rule(_READ),
        "generateOfferCodesV2": Rule(_READ),
        "createBulkOffers": Rule(_WRITE),
        "duplicateOffersV2": Rule(_WRITE),
        "retireOffersV2": Rule(_DESTRUCTIVE),
        "deleteOffersV2": Rule(_DESTRUCTIVE),
        "deleteOffersPostV2": Rule(_DESTRUCTIVE),
        "getOfferListDetails": Rule(_READ),
        "createOfferList": Rule(_WRITE),
        "createSmartOffer": Rule(_WRITE),
        "updateOfferList": Rule(_WRITE, _DESTRUCTIVE, _empties_a_list, "clear_existing, or is_smart_list given"),
        "retireOfferLists": Rule(_DESTRUCTIVE),
        "deleteOfferLists": Rule(_DESTRUCTIVE),
        "getTCSList": Rule(_READ),
        "getRunResults": Rule(_READ),
        "createTargetCells": Rule(_WRITE),
        "updateTargetCells": Rule(_WRITE),
        "deleteTargetCell": Rule(_DESTRUCTIVE),
        "deleteTargetCells": Rule(_DESTRUCTIVE),
    },
}


def rule_of(request: Request[Any] | type[Request[Any]]) -> Rule:
    """The row of an operation.

    Raises:
        LookupError: the operation has no row, so nobody has thought about its risk; it must not be sent.
    """
    rule = RISKS.get(request.api.name, {}).get(request.operation)
    if rule is None:
        raise LookupError(f"{request.operation} of {request.api.name} has no row in the risk table.")
    return rule


def risk_of(request: Request[Any]) -> Risk:
    """What this very request can do. Raises LookupError as `rule_of` does."""
    return rule_of(request).of(request)
