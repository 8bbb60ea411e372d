"""What day and time it is, in every sense that a person sees. Nothing else of ours asks the clock of the machine.

How long something takes, and until when a token or an approval lives, is measured where that is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells what moment it is, in UTC."""

_BEGINS = timedelta(hours=9)


def of_machine() -> datetime:
    """This moment by the clock of the machine."""
    return datetime.now(UTC)


def from_day(day: date) -> Clock:
    """Make a clock that shows 09:00 UTC of a day now, and goes on from there."""
    began = time.monotonic()
    shown = datetime(day.year, day.month, day.day, tzinfo=UTC) + _BEGINS
    return lambda: shown + timedelta(seconds=time.monotonic() - began)
