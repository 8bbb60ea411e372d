"""Standard attributes (`uac...`): names under which the own fields of objects can be read, searched and set.

Which names belong to which kind is taken from the list in the notes, section 6; that they stand for the own fields
is inferred from the example searches of the contract (`uacInitiative`, `uacName`).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox.campaign.definitions import CAMPAIGN, OFFER, OFFER_TEMPLATE, TCS_CELL

COLUMNS = {
    CAMPAIGN: {
        "uacname": "name",
        "uacdescription": "description",
        "uaccampaigncode": "code",
        "uacinitiative": "initiative",
        "uacobjectives": "objectives",
        "uacstartdate": "start_ms",
        "uacenddate": "end_ms",
    },
    OFFER: {"uacname": "name", "uacdescription": "description", "uacoffercode": "code"},
    OFFER_TEMPLATE: {"uacname": "name", "uacdescription": "description"},
    TCS_CELL: {"uacname": "name", "uacdescription": "description", "uaccellcode": "code", "uaciscontrol": "is_control"},
}
"""Column of each standard attribute, by kind of object and lowercase name."""


def column(owner: str, name: str) -> str | None:
    """The column a standard attribute stands for, None for any other attribute."""
    return COLUMNS[owner].get(name.lower())


def value(row: sqlite3.Row, column_name: str) -> Any:
    """The value of a standard attribute of an object."""
    stored = row[column_name]
    return bool(stored) if column_name == "is_control" else stored
