"""Moments as the systems write them, read into one form.

The wire form of a date is undocumented, so all three that the pages show are taken: milliseconds since 1970, text
(ISO 8601, or java.util.Date as in `Mon Jul 06 18:23:35 GMT 2015`) and a java.util.Calendar written out as a bean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

from pydantic import BeforeValidator

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\S+) (\d{4})")
_ZONE = re.compile(r"(?:UTC|GMT|UT|Z)?(?:([+-])(\d{1,2}):?(\d{2})?)?")
_MILLISECONDS = re.compile(r"-?\d{9,}")


def read_moment(value: Any) -> datetime | str | None:
    """A moment in any of the three forms, as an aware datetime in UTC.

    Nothing, null and an empty text give None. A text whose zone is missing or ambiguous (IST is India, Israel or
    Ireland) is kept as it stands, and so is everything else that can't be understood: a guess would be worse.

    Source: Campaign REST API 12.1.4, campaigns page (Calendar bean); Platform REST API (Java text).
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.isoformat()
    if isinstance(value, Mapping):
        inner = value.get("timeInMillis", value.get("time"))
        return json.dumps(value, default=str) if inner is None else read_moment(inner)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_1970(value)
    if isinstance(value, str):
        return _read_text(value.strip())
    return str(value)


Moment = Annotated[datetime | str | None, BeforeValidator(read_moment)]
"""The type of a field that holds a moment: UTC where it could be understood, else the text as it came."""


def _since_1970(milliseconds: float) -> datetime | str:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError):
        return str(milliseconds)


def _read_text(text: str) -> datetime | str | None:
    if _MILLISECONDS.fullmatch(text):
        return _since_1970(int(text))
    if java := _JAVA.fullmatch(text):
        return _read_java(java) or text
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else text
    except (ValueError, OverflowError):
        return text or None


def _read_java(java: re.Match[str]) -> datetime | None:
    month, day, hour, minute, second, zone, year = java.groups()
    offset = _ZONE.fullmatch(zone)
    if offset is None or month not in _MONTHS:
        return None
    sign, hours, minutes = offset.groups()
    distance = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        local = datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))
        return local.replace(tzinfo=timezone(distance)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
