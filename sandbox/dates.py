"""Moments in time on the wire: milliseconds, texts and java.util.Calendar beans (contract: DateValue).

Inside, a moment is always milliseconds since 1970. Besides the forms of the contract an installation can be made to
answer in others, which tests what a client does about them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

DOCUMENTED = ("milliseconds", "text", "bean")
OTHER = ("day", "local", "slashes", "seconds", "offset")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JAVA = re.compile(
    rf"(?:{'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) ([0-9]{{2}})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) (\S+) ([0-9]{4})"
)
_SLASHES = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})((?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?)")
_TWO_HOURS_EAST = timezone(timedelta(hours=2))
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{2}):?([0-9]{2})")
_ZONES = {"UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "EST": -5, "EDT": -4}
# Years 1 to 9999: what the text form can say, so that every stored moment can be answered in every form.
_EARLIEST, _LATEST = -62_135_596_800_000, 253_402_300_799_999


def java_text(milliseconds: int) -> str:
    """Like java.util.Date.toString(), `EEE MMM dd HH:mm:ss zzz yyyy`; names never follow the locale."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return (
        f"{_DAYS[moment.weekday()]} {_MONTHS[moment.month - 1]} {moment.day:02} "
        f"{moment.hour:02}:{moment.minute:02}:{moment.second:02} UTC {moment.year:04}"
    )


def bean(milliseconds: int) -> dict[str, Any]:
    """A java.util.Calendar written out by a bean serialiser (notes, section 5)."""
    return {
        "firstDayOfWeek": 1,
        "minimalDaysInFirstWeek": 1,
        "time": milliseconds,
        "timeInMillis": milliseconds,
        "lenient": True,
        "timeZone": {"id": "UTC", "displayName": "Coordinated Universal Time", "rawOffset": 0},
    }


@dataclass(frozen=True)
class Dialect:
    """How an installation writes moments, and in which zone it takes and writes those that name none.

    `form` is the switch `date_form`: milliseconds, text (Java's, the only one the docs show) or bean, as the contract
    has it; day (2025-02-19), local (2025-02-19T22:20:00), slashes (19/02/2025 22:20), seconds since 1970, and offset
    (2025-02-19T22:20:00+02:00).
    """

    form: str = "milliseconds"
    zone: tzinfo = UTC

    def write(self, milliseconds: int | None) -> Any:
        """A stored moment as it is answered."""
        if milliseconds is None:
            return None
        match self.form:
            case "text":
                return java_text(milliseconds)
            case "bean":
                return bean(milliseconds)
            case "seconds":
                return milliseconds // 1000
            case "offset":
                return _at(milliseconds, _TWO_HOURS_EAST).isoformat(timespec="seconds")
            case "day":
                return _at(milliseconds, self.zone).date().isoformat()
            case "local":
                return _at(milliseconds, self.zone).replace(tzinfo=None).isoformat(timespec="seconds")
            case "slashes":
                moment = _at(milliseconds, self.zone)
                return f"{moment.day:02}/{moment.month:02}/{moment.year:04} {moment.hour:02}:{moment.minute:02}"
        return milliseconds

    def rewrite(self, text: str) -> Any:
        """An ISO day or moment as it is answered; a day is its midnight in the zone."""
        return self.write(_from_text(text, self.zone))

    def read(self, value: Any) -> int | None:
        """Milliseconds of a DateValue in any form of the contract, or in slashes where it writes so; raises ValueError.

        Numbers are milliseconds always: those of seconds can't be told from them.
        """
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
            value = self._from_text(value.strip())
        if not isinstance(value, int):
            raise ValueError("a moment in time is milliseconds, a text or a Calendar bean")
        if not _EARLIEST <= value <= _LATEST:
            raise ValueError(f"{value} milliseconds lie outside the years 1 to 9999")
        return value

    def _from_text(self, text: str) -> int:
        if self.form == "slashes" and (slashes := _SLASHES.fullmatch(text)):
            day, month, year, hours = slashes.groups()
            text = f"{year}-{month}-{day}{hours}"
        return _from_text(text, self.zone)


def _at(milliseconds: int, zone: tzinfo) -> datetime:
    """A moment in a zone, or in UTC where it would lie outside of the calendar there."""
    moment = _EPOCH + timedelta(milliseconds=min(max(milliseconds, _EARLIEST), _LATEST))
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def _from_text(text: str, zone: tzinfo) -> int:
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if java := _JAVA.fullmatch(text):
        month, day, hour, minute, second, zone_name, year = java.groups()
        try:
            moment = datetime(
                int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
            )
        except ValueError:
            raise ValueError(f"{text!r} is not a date of the calendar") from None
        return (moment - _EPOCH) // timedelta(milliseconds=1) - _zone_minutes(zone_name) * 60_000
    try:
        moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is neither an ISO date nor a Java date text") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _zone_minutes(zone: str) -> int:
    if zone in _ZONES:
        return _ZONES[zone] * 60
    if offset := _OFFSET.fullmatch(zone):
        sign, hours, minutes = offset.groups()
        return (int(hours) * 60 + int(minutes)) * (1 if sign == "+" else -1)
    raise ValueError(f"unknown time zone {zone[:20]!r}")
