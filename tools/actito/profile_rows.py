"""A profile as a row: what an answer shows of it unasked, and its attributes, which have to be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools.actito.profile_book import Found
from tools.actito.table_structure import Attribute, Table
from tools.actito.values import dated

COLUMNS = ("name", "id", "language", "subscriptions", "segments", "updated", "created", "collected", "table")
SHOWN = ("name", "id", "language", "subscriptions", "segments", "updated")


def columns(table: Table, rows: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """The names that `fields` accepts: the columns of every profile, then the attributes of its table.

    Where the structure is not known, the attributes are those that the rows have.
    """
    own = [column(name) for name in table.attributes]
    return list(dict.fromkeys([*COLUMNS, *own, *(name for row in rows for name in row)]))


def column(attribute: str) -> str:
    """The column of an attribute; one that is called like a column of ours stands behind another name."""
    return f"{attribute}_attribute" if attribute in COLUMNS else attribute


def row(found: Found) -> dict[str, Any]:
    """A profile as a row. The attributes are in the types of the structure, moments as moments."""
    attributes = attributes_of(found)
    collected = found.profile.data_collection_information
    facts = [collected.date, collected.source, collected.way] if collected else []
    return {
        "name": found.name,
        "id": found.id or None,
        "language": found.language or None,
        "subscriptions": opted_in(found),
        "segments": segments(found),
        "updated": attributes.get("updateMoment"),
        "created": attributes.get("creationMoment"),
        "collected": ", ".join(each for each in facts if each) or None,
        "table": f"{found.table.name} ({found.table.entity})",
        **{column(name): value for name, value in attributes.items()},
    }


def attributes_of(found: Found) -> dict[str, Any]:
    """Values by name, in the form in which they are shown and compared; None for what is empty."""
    known, dates = found.table.attributes, found.table.dates
    moments = {name: Attribute(name, type="TIMESTAMP") for name in ("creationMoment", "updateMoment")}
    return {
        name: None if value in ("", []) else dated(moments.get(name) or known.get(name), value, dates)
        for name, value in found.attributes.items()
    }


def opted_in(found: Found) -> list[str] | None:
    """The subscriptions that the profile is opted in to; None for none."""
    return [name for name, subscribed in found.profile.subscriptions.items() if subscribed] or None


def segments(found: Found) -> list[str] | None:
    """The segments of the profile: `LoyaltyLevel: Gold` of an exclusive segmentation, the name of a simple one."""
    of = found.profile.segmentations.items()
    return [name if category is True else f"{name}: {category}" for name, category in of if category] or None


def values(found: Found) -> dict[str, Any]:
    """All that a condition may speak of: attributes, opt-ins (true or false), and segments by segmentation."""
    table = found.table
    simple = dict.fromkeys((name for name, categories in table.segmentations.items() if not categories), False)
    opt_ins = {**dict.fromkeys(table.subscriptions, False), **found.profile.subscriptions}
    return {**simple, **found.profile.segmentations, **opt_ins, **attributes_of(found)}
