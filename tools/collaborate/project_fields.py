"""The standard attributes of a project: as they are given, compared, and sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tools.call import Call
from tools.collaborate.project_book import Found, day_of, row
from tools.dates import read_day
from tools.errors import BadArgument

FIELDS: Mapping[str, str] = {
    "name": "project_name",
    "description": "description",
    "policy": "security_policy",
    "start": "start_date",
    "end": "end_date",
}
"""What a person calls a field -> how it is sent."""

DATES = ("start", "end")
CAN_BE_EMPTIED = ("description", *DATES)
LONGEST_NAME = 255


def as_day(call: Call, text: str) -> str:
    """A day as it is compared and shown, yyyy-mm-dd. Raises BadArgument for anything else, and for a time of day."""
    return read_day(text, call.time_zone).isoformat()


def emptied(clear: Sequence[str], fields: Mapping[str, Any]) -> list[str]:
    """The fields to empty. Raises BadArgument for one that can't be, or that is given a value as well."""
    names = [each.strip().casefold() for each in clear]
    for name in names:
        if name not in CAN_BE_EMPTIED:
            raise BadArgument(f"{name[:40]!r} can't be emptied: only {', '.join(CAN_BE_EMPTIED)} can.")
        if name in fields:
            raise BadArgument(f"{name} is given and in clear: leave one out.")
    return names


def now(call: Call, found: Found) -> dict[str, Any]:
    """The fields that can be changed, as they are; a day that can't be understood is the text that it is."""
    values = {key: row(found)[key] for key in FIELDS}
    for key in DATES:
        if (understood := day_of(values[key], call.time_zone)) is not None:
            values[key] = understood.isoformat()
    return values


def check_days(start: str | None, end: str | None) -> None:
    """Raises BadArgument for an end before the start. A day that could not be understood is not compared."""
    try:
        reversed_ = bool(start and end) and date.fromisoformat(end or "") < date.fromisoformat(start or "")
    except ValueError:
        return
    if reversed_:
        raise BadArgument(f"The end ({end}) is before the start ({start}).")


def sent(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Only what is given travels; an emptied text as an empty text, an emptied date as null."""

    def wire(key: str, value: str | None) -> Any:
        if key in DATES:
            return None if value is None else date.fromisoformat(value)
        return value or ""

    return {FIELDS[key]: wire(key, value) for key, value in fields.items() if key in FIELDS}
