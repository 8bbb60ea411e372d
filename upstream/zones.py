"""Moments and what the clocks of a time zone show: conversions that hold at the ends of the calendar too.

A moment is an aware datetime in UTC throughout, so that two of them compare as moments: Python never takes one within
an hour that comes twice for the same as one of another zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

_SECOND = timedelta(seconds=1)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment as clocks of the zone show it, or in UTC where their calendar has no such day."""
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):
        return moment.astimezone(UTC)


def with_offset(moment: datetime, zone: tzinfo) -> datetime:
    """The moment as it is written with its offset: in UTC where that of the zone has seconds, as before 1900."""
    shown = local(moment, zone)
    whole = not (shown.utcoffset() or timedelta()) % timedelta(minutes=1)
    return shown if whole else moment.astimezone(UTC)


def moment_of(shown: datetime, zone: tzinfo) -> datetime:
    """The moment at which clocks of the zone show this (a datetime without a zone).

    Of two it is the first. A time that the clocks skip is counted on from before they do: 02:30 becomes 03:30. What
    lies beyond the ends of the calendar of UTC becomes its end.
    """
    offset = shown.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    try:
        return (shown.replace(fold=0) - offset).replace(tzinfo=UTC)
    except OverflowError:
        return EARLIEST if offset > timedelta() else LATEST


def day_begins(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in the zone: midnight, or where the clocks skip that, when they have."""
    midnight = datetime.combine(day, time())
    found = moment_of(midnight, zone)
    if not skipped(midnight, zone):
        return found
    before, after = found - timedelta(days=1), found
    while after - before > _SECOND:
        middle = before + (after - before) / 2
        if local(middle, zone).date() < day:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def skipped(shown: datetime, zone: tzinfo) -> bool:
    """Tell whether clocks of the zone never show this, since they are put forward over it."""
    moment = moment_of(shown, zone)
    return EARLIEST < moment < LATEST and local(moment, zone).replace(tzinfo=None, fold=0) != shown.replace(fold=0)


def which_of_two(moment: datetime, zone: tzinfo) -> int:
    """1 or 2 where clocks of the zone show the same before and after they are put back, else 0."""
    shown = local(moment, zone)
    return 0 if shown.replace(fold=0).utcoffset() == shown.replace(fold=1).utcoffset() else shown.fold + 1
