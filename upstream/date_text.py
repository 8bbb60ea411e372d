"""Dates as text: taken apart without a guess, and put together in a layout.

Taken are ISO 8601 (also a day alone, a week's day, and what Java adds to it), numbers with slashes, hyphens or points
whose year has four digits, and the text of java.util.Date as in `Mon Jul 06 18:23:35 GMT 2015`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Order = Literal["ymd", "dmy", "mdy"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME = r"(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
_TEXT = (
    r"(?:(?P<year>\d{4})-?W(?P<week>\d\d)-?(?P<weekday>[1-7])"
    r"|(?P<compact>\d{8})"
    r"|(?P<first>\d{1,4})(?P<mark>[-/.])(?P<middle>\d{1,2})(?P=mark)(?P<last>\d{1,4}))"
    rf"(?:(?P<between>T| |, ?){_TIME}(?: ?(?P<half>[AP]M))?)?"
    r"(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?:\[[\w/+-]+\])?)?"
)
_JAVA = (
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) "
    rf"{_TIME}(?: (?P<zone>\S+))? (?P<year>\d{{4}})"
)
_OFFSET = r"(?:UTC|GMT|UT|Z)?(?:([+-])(\d{1,2}):?(\d\d)?)?"
_ANY_CASE = re.IGNORECASE | re.ASCII
# Patterns are compiled at first use, by the module itself: a server starts without them.


@dataclass(frozen=True, slots=True)
class Layout:
    """How dates are written: the order of their numbers, the mark between these, and what comes behind.

    `between` stands between day and time and is empty where there is no time; `seconds` and `offset` tell whether
    these are written.
    """

    order: Order = "ymd"
    mark: str = "-"
    between: str = "T"
    seconds: bool = True
    offset: bool = True

    @property
    def finest(self) -> tuple[bool, bool, bool]:
        """By which of two layouts, alike else, that which says more is known."""
        return bool(self.between), self.seconds, self.offset

    def write(self, shown: datetime) -> str | None:
        """What the clocks of a zone show (aware), as text; None where the layout can't say all of it."""
        numbers = {"y": f"{shown.year:04}", "m": f"{shown.month:02}", "d": f"{shown.day:02}"}
        text = self.mark.join(numbers[each] for each in self.order)
        if self.between:
            text += f"{self.between}{shown.hour:02}:{shown.minute:02}"
            text += f":{shown.second:02}" if self.seconds else ""
            text += shown.isoformat()[19:].lstrip(".0123456789") if self.offset else ""
        lost = shown.second and not (self.between and self.seconds)
        return None if lost or (not self.between and (shown.hour, shown.minute) != (0, 0)) else text


@dataclass(frozen=True, slots=True)
class Written:
    """A text taken apart: the days that it can mean by the order of its numbers, the time, and the zone that it says.

    `zone` is an offset, the name of a zone, or None where the text says none; `since_midnight` is None for a day alone,
    `layout` where it is one that is not written.
    """

    days: Mapping[Order, date]
    since_midnight: timedelta | None
    zone: timedelta | str | None
    layout: Layout | None

    def shown(self, order: Order) -> datetime | None:
        """What clocks show then, if the numbers are in this order; None beyond the end of the calendar."""
        try:
            return datetime.combine(self.days[order], time()) + (self.since_midnight or timedelta())
        except OverflowError:
            return None


def taken_apart(text: str) -> Written | None:
    """The parts of a date; None for all that is no date, such as 2026-02-30 or a year of two digits."""
    if found := re.fullmatch(_TEXT, text, _ANY_CASE):
        return _numbers(found)
    found = re.fullmatch(_JAVA, text, re.ASCII)
    return _java(found) if found else None


def _numbers(found: re.Match[str]) -> Written | None:
    days = _days(found)
    passed = _since_midnight(found) if found["hour"] else None
    if not days or (found["hour"] and passed is None):
        return None
    said = found["zone"]
    zone = _offset(said) if said else None
    if said and zone is None:
        return None
    mark = found["mark"] or "-"
    order: Order = next(iter(days))
    between = (found["between"] or "").upper()
    layout = Layout(order, mark, between, bool(found["second"]), bool(said))
    return Written(days, passed, zone, None if found["half"] else layout)


def _days(found: re.Match[str]) -> dict[Order, date]:
    if found["year"]:
        try:
            return {"ymd": date.fromisocalendar(int(found["year"]), int(found["week"]), int(found["weekday"]))}
        except ValueError:
            return {}
    if compact := found["compact"]:
        return _possible({"ymd": (compact[:4], compact[4:6], compact[6:])})
    first, middle, last = found["first"], found["middle"], found["last"]
    if len(first) == 4 and len(last) <= 2:
        return _possible({"ymd": (first, middle, last)})
    if len(last) != 4 or len(first) > 2:
        return {}
    by_day: dict[Order, tuple[str, str, str]] = {"dmy": (last, middle, first)}
    return _possible(by_day if found["mark"] == "." else {**by_day, "mdy": (last, first, middle)})


def _possible(numbers: Mapping[Order, tuple[str, str, str]]) -> dict[Order, date]:
    days: dict[Order, date] = {}
    for order, (year, month, day) in numbers.items():
        try:
            days[order] = date(int(year), int(month), int(day))
        except ValueError:
            continue
    return days


def _since_midnight(found: re.Match[str]) -> timedelta | None:
    """The time of day: 24:00 is the end of the day, the 60th second of a leap is the next minute."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = found.groupdict().get("half")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.upper() == "PM" else 0)
    fraction = int(f"{found['fraction'] or '':0<6}"[:6])
    passed = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)
    ends = passed == timedelta(days=1)
    leaps = minute == 59 and second == 60
    return passed if (hour < 24 or ends) and minute < 60 and (second < 60 or leaps) else None


def _java(found: re.Match[str]) -> Written | None:
    if found["month"] not in _MONTHS:
        return None
    numbers = (found["year"], str(_MONTHS.index(found["month"]) + 1), found["day"])
    days, passed, said = _possible({"ymd": numbers}), _since_midnight(found), found["zone"]
    if not days or passed is None:
        return None
    zone = None if said is None else said if re.fullmatch(_OFFSET, said, _ANY_CASE) is None else _offset(said)
    return None if said and zone is None else Written(days, passed, zone, None)


def _offset(text: str) -> timedelta | None:
    """`Z`, `GMT`, `+02`, `+0200`, `GMT+02:00` as a distance; None for one that no zone has."""
    found = re.fullmatch(_OFFSET, text, _ANY_CASE)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    distance = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if distance >= timedelta(days=1) or int(minutes or 0) > 59:
        return None
    return -distance if sign == "-" else distance
