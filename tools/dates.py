"""Dates as people write them, made into moments and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from tools.errors import BadArgument
from upstream.date_text import Order, Written, taken_apart
from upstream.zones import day_begins, local, moment_of, skipped, which_of_two

EXAMPLE = "2026-11-30"


def read_moment(text: str, zone: tzinfo, at: time | None = None) -> datetime:
    """The moment that `yyyy-mm-dd` or `yyyy-mm-dd hh:mm` names by clocks of the zone, in UTC.

    A day alone is its beginning, or this time of it. An hour that comes twice is the first, unless the text has an
    offset, as in `2027-10-31 02:30+01:00`. What lies beyond the ends of the calendar becomes its end.

    Raises:
        BadArgument: the text is no such date, or a time over which the clocks are put forward.
    """
    written = _written(text)
    shown = written.shown("ymd")
    if shown is None or shown.microsecond:
        raise _no_date(text)
    if isinstance(written.zone, timedelta):
        return moment_of(shown, timezone(written.zone))
    if written.since_midnight is None:
        if at is None:
            return day_begins(shown.date(), zone)
        shown = datetime.combine(shown.date(), at)
    if skipped(shown, zone):
        there = local(moment_of(shown, zone), zone)
        raise BadArgument(
            f"{shown.isoformat(' ', 'minutes')} does not exist in {zone}: the clocks are put forward over it.",
            advice=f"Write what it becomes, {with_time(there, zone)}, or an earlier time.",
        )
    return moment_of(shown, zone)


def read_day(text: str, zone: tzinfo) -> date:
    """The day that `yyyy-mm-dd` names; a midnight in the zone is taken for its day.

    Raises:
        BadArgument: the text is no such date, or has a time of day.
    """
    if _written(text).since_midnight is None:
        return _written(text).days["ymd"]
    day = local(read_moment(text, zone), zone).date()
    if read_moment(text, zone) != day_begins(day, zone):
        raise BadArgument(f"{text.strip()[:40]!r} has a time, and this takes a day alone: write {day.isoformat()}.")
    return day


def names_a_day(text: str) -> bool:
    """Whether the text is a date without a time of day. Raises BadArgument where it is no date."""
    return _written(text).since_midnight is None


def as_text(moment: datetime, zone: tzinfo) -> str:
    """`yyyy-mm-dd`, with hours and minutes unless it is the beginning of the day in the zone.

    An hour that comes twice is told apart: `2027-10-31 02:30 (+02:00, the first of two)`.
    """
    shown = local(moment, zone)
    # What the calendar of the zone can't hold is shown in UTC.
    begins = day_begins(shown.date(), UTC if shown.tzinfo is UTC else zone)
    return shown.date().isoformat() if moment == begins else with_time(moment, zone)


def in_words(date: datetime | str, zone: tzinfo) -> str:
    """A moment as by `as_text`; what could not be understood as it came, and that it could not."""
    return as_text(date, zone) if isinstance(date, datetime) else f"{date} (not understood)"


def with_time(moment: datetime, zone: tzinfo) -> str:
    """`yyyy-mm-dd hh:mm` in the zone, told apart as by `as_text`."""
    shown = local(moment, zone)
    text = f"{shown.date().isoformat()} {shown:%H:%M}"
    if place := which_of_two(moment, zone):
        text += f" ({shown.isoformat()[-6:]}, the {'first' if place == 1 else 'second'} of two)"
    return text


def _written(text: str) -> Written:
    """A date whose year comes first and whose zone, if it says one, is an offset."""
    found = taken_apart(text.strip())
    if found is None or "ymd" not in found.days or found.layout is None or found.layout.mark != "-":
        raise _no_date(text, found)
    return found


def _no_date(text: str, found: Written | None = None) -> BadArgument:
    """What to write instead: the date itself where the text has one meaning only, or each that it may have."""
    days = {} if found is None else found.days
    orders: list[Order] = ["ymd", "dmy", "mdy"]
    such = list(dict.fromkeys(days[each].isoformat() for each in orders if each in days)) or [EXAMPLE]
    return BadArgument(f"{text[:60]!r} is not a date: write yyyy-mm-dd, such as {' or '.join(such)}.")
