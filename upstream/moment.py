"""Moments as the systems write them, read into one form, and written as an installation writes them itself.

The wire form of a date is undocumented. All three that the pages show are taken: milliseconds since 1970, text (ISO
8601, or java.util.Date) and a java.util.Calendar written out as a bean; and what installations may write instead:
seconds, days alone, times without a zone, numbers with slashes. What would take a guess is not understood.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any, Literal, get_args

from pydantic import PlainValidator, ValidationInfo

from upstream.date_text import Layout, Order, Written, taken_apart
from upstream.zones import EARLIEST, LATEST, day_begins, local, moment_of, which_of_two, with_offset

DateForm = Literal["auto", "milliseconds", "seconds", "offset", "local", "day", "dd/mm/yyyy", "mm/dd/yyyy"]
"""How an installation writes dates. `auto`: as reads show it."""

Unit = Literal["milliseconds", "seconds"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = r"-?\d{1,20}(\.\d{1,9})?"
_UNITS: Mapping[Unit, timedelta] = {"milliseconds": timedelta(milliseconds=1), "seconds": timedelta(seconds=1)}
_LAYOUTS: Mapping[str, Layout] = {
    "offset": Layout(),
    "local": Layout(offset=False),
    "day": Layout(between="", seconds=False, offset=False),
    "dd/mm/yyyy": Layout("dmy", "/", " ", seconds=False, offset=False),
    "mm/dd/yyyy": Layout("mdy", "/", " ", seconds=False, offset=False),
}
_BEYOND = timedelta(days=1)
"""How far a moment may lie beyond the calendar of UTC: its last day in the west, its first in the east."""


class NotUnderstood(str):
    """A date that could not be understood, as it came."""

    __slots__ = ()


class Lossy(ValueError):
    """The way in which an installation writes dates can't hold all of a moment."""


class Dates:
    """How the dates of one API of an installation are read and written: as the settings say, else as reads show.

    `zone` is that of dates which say none. The order of day and month in `03/04/2026` is learnt from dates that have
    only one meaning, and so is whether numbers that could be either are seconds or milliseconds. For each field of a
    record it is learnt how its dates are written.
    """

    def __init__(self, zone: tzinfo = UTC, form: DateForm = "auto") -> None:
        self.zone = zone
        self._form = form
        self._orders: set[Order] = set()
        self._units: set[Unit] = set()
        self._layouts: dict[str, Layout | Unit] = {}
        self._last: Layout | Unit = "milliseconds"
        self._seen: tuple[str, Layout | Unit | None] = "", None
        self.leant = 0
        """How many dates so far were read by what was learnt, or not at all for want of it."""

    @property
    def learnt(self) -> int:
        """Grows when dates that lean on what is learnt may be read otherwise from now on."""
        return len(self._orders) + len(self._units)

    @property
    def order(self) -> Order | None:
        """The order of day and month where both could be either; None while it is not known."""
        if self._form in ("dd/mm/yyyy", "mm/dd/yyyy"):
            return _LAYOUTS[self._form].order
        return next(iter(self._orders)) if len(self._orders) == 1 else None

    @property
    def unit(self) -> Unit | None:
        """The unit of numbers that could be in either; None while it is not known."""
        if self._form == "milliseconds" or self._form == "seconds":
            return self._form
        return next(iter(self._units)) if len(self._units) == 1 else None

    def read(self, value: Any, name: str = "") -> datetime | NotUnderstood | None:
        """A moment in any form, as an aware datetime in UTC; a day alone is its beginning in the zone.

        `name` is the field that has it. Nothing, null and an empty text give None. A text whose meaning would be a
        guess is kept as it stands, and so is all else that is no date: IST is India, Israel or Ireland.

        Source: Campaign REST API 12.1.4, campaigns page (Calendar bean); Platform REST API (Java text).
        """
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            return _in_utc(value) if value.tzinfo else NotUnderstood(value.isoformat())
        if isinstance(value, Mapping):
            inner = value.get("timeInMillis", value.get("time"))
            return NotUnderstood(json.dumps(value, default=str)) if inner is None else self.read(inner, name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._since_1970(value, str(value), name)
        if not isinstance(value, str):
            return NotUnderstood(json.dumps(value, default=str))
        written = taken_apart(value)
        if written is None and re.fullmatch(_NUMBER, value, re.ASCII):
            return self._since_1970(float(value) if "." in value else int(value), value, name)
        return (self._text(written, name) if written else None) or NotUnderstood(value)

    def read_day(self, value: Any) -> date | NotUnderstood | None:
        """A day in any form; where it has a time of day that is not midnight, the day that it is in the zone then."""
        written = taken_apart(value.strip()) if isinstance(value, str) else None
        order = self._order(written) if written else None
        if written and order and not written.since_midnight:
            return written.days[order]
        found = self.read(value)
        return local(found, self.zone).date() if isinstance(found, datetime) else found

    def write(self, moment: datetime, name: str = "") -> int | str:
        """A moment as the field of this name has it in this installation, else as the contract does.

        Where reads show seconds a text with its offset is written, which nobody takes for milliseconds; seconds only
        as the settings say. Raises Lossy where the form can't hold all of the moment: a day has no time.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        layout = self._layout(name)
        if layout == "milliseconds":
            return milliseconds(moment)
        if layout == "seconds":
            whole = with_offset(moment, self.zone).isoformat(timespec="seconds")
            return milliseconds(moment) // 1000 if self._form == "seconds" else whole
        shown = (with_offset if layout.offset else local)(moment, self.zone)
        text = layout.write(shown)
        if text is None and moment == day_begins(shown.date(), self.zone):
            text = layout.write(shown.replace(hour=0, minute=0, second=0))
        if not layout.offset and layout.between and which_of_two(moment, self.zone) == 2:
            raise Lossy(
                f"this installation writes dates without an offset, and of two times {text} the second is meant"
            )
        if text is None:
            only, lost = ("minutes", "seconds") if layout.between else ("days alone", "a time")
            said = shown.replace(tzinfo=None).isoformat(" ")
            raise Lossy(f"this installation writes dates as {only}, and {said} has {lost}, which would be lost")
        return text

    def as_shown(self, moment: datetime, name: str) -> datetime:
        """The moment as far as the field of this name shows it: its day, or its minute, where it says no more."""
        layout = self._layouts.get(_key(name))
        if not isinstance(layout, Layout):
            return moment
        if not layout.between:
            return day_begins(local(moment, self.zone).date(), self.zone)
        return moment if layout.seconds else moment.replace(second=0)

    def _layout(self, name: str) -> Layout | Unit:
        learnt = self._layouts.get(_key(name), self._last)
        if self._form == "auto":
            return learnt
        if self._form == "milliseconds" or self._form == "seconds":
            return self._form
        said = _LAYOUTS[self._form]
        alike = isinstance(learnt, Layout) and (learnt.order, bool(learnt.between), learnt.offset) == (
            said.order,
            bool(said.between),
            said.offset,
        )
        return learnt if alike else said

    def _learn(self, name: str, layout: Layout | Unit) -> None:
        if (name, layout) == self._seen:
            return
        self._seen = name, layout
        known = self._layouts.get(_key(name))
        # Midnight may be written as a day alone by what writes other times in full.
        finer = isinstance(known, Layout) and isinstance(layout, Layout) and known.finest > layout.finest
        if not finer:
            self._layouts[_key(name)] = self._last = layout

    def _text(self, written: Written, name: str) -> datetime | None:
        order = self._order(written)
        shown = written.shown(order) if order else None
        if order is None or shown is None:
            return None
        found = self._moment(written, shown)
        if found is not None:
            layout = written.layout
            learnt = Layout(order, layout.mark, layout.between, layout.seconds, layout.offset) if layout else None
            self._learn(name, learnt or "milliseconds")
        return found

    def _order(self, written: Written) -> Order | None:
        """In which order the numbers are; learns it from those that can be in one only."""
        orders = list(written.days)
        if len(orders) == 1:
            if orders[0] != "ymd" and written.layout and written.layout.mark != ".":
                self._orders.add(orders[0])
            return orders[0]
        if len(set(written.days.values())) > 1:
            self.leant += 1
            return self.order
        return self.order or orders[0]

    def _moment(self, written: Written, shown: datetime) -> datetime | None:
        zone = written.zone
        if isinstance(zone, timedelta):
            return moment_of(shown, timezone(zone))
        if isinstance(zone, str):
            return _named(shown, zone, self.zone)
        return day_begins(shown.date(), self.zone) if written.since_midnight is None else moment_of(shown, self.zone)

    def _since_1970(self, number: float, text: str, name: str) -> datetime | NotUnderstood:
        if (unit := self._unit_of(number)) is None:
            return NotUnderstood(text)
        try:
            found = _EPOCH + number * _UNITS[unit]
        except (OverflowError, ValueError):
            edge = LATEST if number > 0 else EARLIEST
            near = abs(number) < (abs(edge - _EPOCH) + _BEYOND) / _UNITS[unit]
            return edge if near else NotUnderstood(text)
        self._learn(name, unit)
        return found

    def _unit_of(self, number: float) -> Unit | None:
        """Ten digits are seconds, 13 to 15 milliseconds; 9, 11 and 12 are what others show, 12 else as in the contract.

        Fewer would be the first days of 1970, and are rather no date at all.
        """
        size = abs(number)
        if self._form == "milliseconds" or self._form == "seconds":
            return self._form
        if 1e9 <= size < 1e10:
            self._units.add("seconds")
            return "seconds"
        if 1e12 <= size < 1e15:
            self._units.add("milliseconds")
            return "milliseconds"
        if size == 0:
            return self.unit or "milliseconds"
        if size < 1e8:
            return None
        self.leant += 1
        return self.unit or ("milliseconds" if 1e11 <= size < 1e12 else None)


@dataclass(slots=True)
class Reading:
    """What is handed to all validators while one answer is read.

    `definitions` are those of attributes that the answer repeats.
    """

    dates: Dates = field(default_factory=Dates)
    definitions: dict[str, list[Any]] = field(default_factory=dict)


def reading_of(info: ValidationInfo) -> Reading:
    """The reading that a validator is part of; one of its own where a value is read by itself."""
    return info.context if isinstance(info.context, Reading) else Reading()


def _read(value: Any, info: ValidationInfo) -> datetime | str | None:
    return reading_of(info).dates.read(value, info.field_name or "")


Moment = Annotated[datetime | str | None, PlainValidator(_read)]
"""The type of a field that holds a moment: UTC where it could be understood, else the text as it came, which is then a
`NotUnderstood`."""


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970; a moment without a zone is an error, for its meaning would depend on the machine."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _in_utc(moment: datetime) -> datetime:
    return moment_of(moment.replace(tzinfo=None), timezone(moment.utcoffset() or timedelta()))


def _named(shown: datetime, name: str, zone: tzinfo) -> datetime | None:
    """The moment by clocks of a zone that is called so in summer or winter, as CET and CEST are Berlin's."""
    for fold in (0, 1):
        there = shown.replace(tzinfo=zone, fold=fold)
        if there.tzname() == name:
            return _in_utc(there)
    return None


def _key(name: str) -> str:
    return name.replace("_", "").casefold()


assert set(_LAYOUTS) < set(get_args(DateForm))
