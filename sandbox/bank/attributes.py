"""Attribute definitions: the standard ones of the product and those that the bank added."""

import json
from typing import Final, NamedTuple

from sandbox.bank.seasons import SEASONS

CHANNELS: Final = ("Email", "Mobile app", "Branch", "Call centre", "Direct mail", "Web")
SEGMENTS: Final = ("Mass", "Affluent", "Private", "Youth", "Senior", "Small business")
PERKS: Final = ("No annual fee", "Airport lounge", "Travel insurance", "Contactless ring", "Concierge")
REGIONS: Final = ("North", "South", "East", "West", "Capital", "Online")
APPROVALS: Final = ("Draft", "In review", "Approved", "Rejected")

Json = str | int | float | bool | list[str] | None


class AttributeRow(NamedTuple):
    """A row of `attribute_definitions`; `definition` is the JSON of an AttributeMetadata."""

    id: int
    name: str
    component_type: str
    definition: str


class _Attribute(NamedTuple):
    name: str
    component: str
    label: str
    description: str
    type: str = "TEXT"
    options: tuple[str, ...] = ()
    several: bool = False
    default: Json = None
    length: int | None = None
    required: bool = False


_STANDARD: Final = (
    _Attribute("uacName", "CAMPAIGN", "Name", "Name of the object", length=255, required=True),
    _Attribute("uacDescription", "CAMPAIGN", "Description", "Description of the object", length=512),
    _Attribute("uacCampaignCode", "CAMPAIGN", "Campaign code", "Unique code of the campaign", length=32, required=True),
    _Attribute("uacInitiative", "CAMPAIGN", "Initiative", "Business initiative of the campaign", length=255),
    _Attribute("uacObjectives", "CAMPAIGN", "Objectives", "What the campaign should reach", length=1024),
    _Attribute("uacStartDate", "CAMPAIGN", "Start date", "First day of the campaign", "CALENDAR"),
    _Attribute("uacEndDate", "CAMPAIGN", "End date", "Last day of the campaign", "CALENDAR"),
    _Attribute("uacOfferCode", "OFFER", "Offer code", "Unique code of the offer", length=32, required=True),
    _Attribute("uacCellCode", "TCS_CELL", "Cell code", "Code of the target cell", length=32, required=True),
    _Attribute("uacIsControl", "TCS_CELL", "Control cell", "Whether the cell is held out", "BOOLEAN", default=False),
)

_CUSTOM: Final = (
    _Attribute("product", "OFFER", "Product", "Product that the offer promotes", length=100, required=True),
    _Attribute(
        "channel", "OFFER", "Channel", "Where the offer is made", options=CHANNELS, default="Email", required=True
    ),
    _Attribute("segment", "OFFER", "Segment", "Customers the offer is written for", options=SEGMENTS, default="Mass"),
    _Attribute("season", "OFFER", "Season", "Season and year of the offer", length=20, default=SEASONS[-1].name),
    _Attribute("discount_rate", "OFFER", "Discount rate (%)", "Discount or cashback in percent", "DECIMAL"),
    _Attribute("interest_rate", "OFFER", "Interest rate (%)", "Yearly rate in percent", "DECIMAL"),
    _Attribute("term_months", "OFFER", "Term (months)", "Length of the contract in months", "INTEGER"),
    _Attribute("bonus_points", "OFFER", "Bonus points", "Loyalty points that the customer earns", "INTEGER"),
    _Attribute("reward_text", "OFFER", "Reward", "Reward as the customer reads it", length=200),
    _Attribute("card_perks", "OFFER", "Card perks", "Extras of the card", options=PERKS, several=True),
    _Attribute("needs_consent", "OFFER", "Needs consent", "Customer has to agree first", "BOOLEAN", default=True),
    _Attribute("cost", "OFFER", "Cost per contact", "Cost of one contact in euro", "CURRENCY", default=0.02),
    _Attribute("expiry_date", "OFFER", "Expiry date", "Last day on which the offer is honoured", "CALENDAR"),
    _Attribute(
        "sales_region", "CAMPAIGN", "Sales region", "Region that owns the budget", options=REGIONS, default="Online"
    ),
    _Attribute("budget", "CAMPAIGN", "Budget", "Budget in euro", "CURRENCY"),
    _Attribute(
        "approval_status", "CAMPAIGN", "Approval status", "State of the approval", options=APPROVALS, default="Draft"
    ),
    _Attribute("business_owner", "CAMPAIGN", "Business owner", "Person who answers for the result", length=60),
    _Attribute("target_size", "TCS_CELL", "Target size", "Customers planned for the cell", "INTEGER"),
    _Attribute("holdout_percent", "TCS_CELL", "Holdout (%)", "Part of the audience held out", "DECIMAL"),
)


def _definition(number: int, order: int, attribute: _Attribute, standard: bool) -> str:
    select = "NONE" if not attribute.options else "MULTIPLE_SELECT" if attribute.several else "SINGLE_SELECT"
    definition: dict[str, object] = {
        "componentTypeEnum": attribute.component,
        "allowAddOptions": bool(attribute.options),
        "internal": False,
        "hidden": False,
        "displayName": attribute.label,
        "parametric": attribute.component == "OFFER" and not standard,
        "displayOrder": order,
        "description": attribute.description,
        "mandatory": attribute.required,
        "required": attribute.required,
        "typeEnum": attribute.type,
        "statusEnum": "ACTIVE",
        "array": attribute.several,
        "generated": attribute.name.endswith("Code"),
        "name": attribute.name,
        "nullAllowed": not attribute.required,
        "id": number,
        "selectTypeEnum": select,
        "systemDefined": standard,
        "accessTypeEnum": "EDITABLE",
        "applicationTypeEnum": "CAMPAIGN",
    }
    if attribute.options:
        definition["options"] = [
            {"value": option, "displayName": option, "description": "", "isDefault": option == attribute.default}
            for option in attribute.options
        ]
    if attribute.default is not None:
        definition["defaultValue"] = attribute.default
    if attribute.length is not None:
        definition["maximumLength"] = attribute.length
    return json.dumps(definition)


def definitions() -> list[AttributeRow]:
    """All definitions: ids from 301 for the standard ones, from 351 for those of the bank."""
    found = []
    for first, standard, group in ((301, True, _STANDARD), (351, False, _CUSTOM)):
        for index, attribute in enumerate(group):
            number = first + index
            found.append(
                AttributeRow(
                    number, attribute.name, attribute.component, _definition(number, index + 1, attribute, standard)
                )
            )
    return found
