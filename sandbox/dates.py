"""Moments in time on the wire: milliseconds, texts and java.util.Calendar beans (contract: DateValue).

The application runs in UTC, so no time zone database is needed. Inside, a moment is always milliseconds since 1970.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

ZONE = "UTC"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JAVA = re.compile(
    rf"(?:{'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) ([0-9]{{2}})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) (\S+) ([0-9]{4})"
)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{2}):?([0-9]{2})")
_ZONES = {"UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "EST": -5, "EDT": -4}
# Years 1 to 9999: what the text form can say, so that every stored moment can be answered in every form.
_EARLIEST, _LATEST = -62_135_596_800_000, 253_402_300_799_999


def java_text(milliseconds: int) -> str:
    """Like java.util.Date.toString(), `EEE MMM dd HH:mm:ss zzz yyyy`; names never follow the locale."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return (
        f"{_DAYS[moment.weekday()]} {_MONTHS[moment.month - 1]} {moment.day:02} "
        f"{moment.hour:02}:{moment.minute:02}:{moment.second:02} {ZONE} {moment.year:04}"
    )


def bean(milliseconds: int) -> dict[str, Any]:
    """A java.util.Calendar written out by a bean serialiser (notes, section 5)."""
    return {
        "firstDayOfWeek": 1,
        "minimalDaysInFirstWeek": 1,
        "time": milliseconds,
        "timeInMillis": milliseconds,
        "lenient": True,
        "timeZone": {"id": ZONE, "displayName": "Coordinated Universal Time", "rawOffset": 0},
    }


def write(milliseconds: int | None, form: str) -> Any:
    """A stored moment in the form of the switch `date_form`; the text form is Java's, the only one the docs show."""
    if milliseconds is None:
        return None
    if form == "text":
        return java_text(milliseconds)
    if form == "bean":
        return bean(milliseconds)
    return milliseconds


def read(value: Any) -> int | None:
    """Milliseconds of a DateValue in any of its forms; raises ValueError."""
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError("a truth value is not a moment in time")
    if isinstance(value, dict):
        inner = value.get("timeInMillis", value.get("time"))
        if isinstance(inner, bool) or not isinstance(inner, int):
            raise ValueError("a Calendar bean needs 'timeInMillis' or 'time' in milliseconds")
        value = inner
    if isinstance(value, str):
        value = _from_text(value.strip())
    if not isinstance(value, int):
        raise ValueError("a moment in time is milliseconds, a text or a Calendar bean")
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError(f"{value} milliseconds lie outside the years 1 to 9999")
    return value


def _from_text(text: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if java := _JAVA.fullmatch(text):
        month, day, hour, minute, second, zone, year = java.groups()
        try:
            moment = datetime(
                int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
            )
        except ValueError:
            raise ValueError(f"{text!r} is not a date of the calendar") from None
        return (moment - _EPOCH) // timedelta(milliseconds=1) - _zone_minutes(zone) * 60_000
    try:
        moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is neither an ISO date nor a Java date text") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _zone_minutes(zone: str) -> int:
    if zone in _ZONES:
        return _ZONES[zone] * 60
    if offset := _OFFSET.fullmatch(zone):
        sign, hours, minutes = offset.groups()
        return (int(hours) * 60 + int(minutes)) * (1 if sign == "+" else -1)
    raise ValueError(f"unknown time zone {zone[:20]!r}")
