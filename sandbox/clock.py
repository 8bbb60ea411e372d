"""The clock of a sandbox. Nothing else in the sandbox reads the clock of the machine."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(1970, 9999)


class Clock:
    """What day and time it is in one sandbox, and in which zone. Can be read from any thread.

    With a day it shows 09:00 UTC of that day when it is set and goes on steadily from there, whatever happens to the
    clock of the machine; without one it shows what the machine shows.
    """

    def __init__(self, day: str = "", time_zone: str = "UTC") -> None:
        """`day` is yyyy-mm-dd, or empty for the machine's clock; `time_zone` an IANA name. Raises ValueError."""
        self.set(day)
        self.move(time_zone)

    @property
    def day(self) -> str:
        """The day it was set to, yyyy-mm-dd; empty when it shows the machine's clock."""
        return self._day

    def set(self, day: str) -> None:
        """Begin anew at 09:00 UTC of a day, or show the machine's clock where it is empty. Raises ValueError."""
        zero: datetime | None = None
        if check_day(day):
            begin = datetime.fromisoformat(f"{day}T09:00:00+00:00")
            zero = begin - timedelta(seconds=time.monotonic())
        self._day, self._zero = day, zero

    def move(self, time_zone: str) -> None:
        """Go to the zone of an IANA name. Raises ValueError."""
        self.zone = zone(time_zone)
        self.time_zone = time_zone

    def now(self) -> datetime:
        """This moment, in UTC."""
        zero = self._zero
        return datetime.now(UTC) if zero is None else zero + timedelta(seconds=time.monotonic())

    def milliseconds(self) -> int:
        """This moment in milliseconds since 1970."""
        return (self.now() - _EPOCH) // timedelta(milliseconds=1)

    def today(self) -> date:
        """The day of this moment in the zone."""
        return self.now().astimezone(self.zone).date()


def check_day(text: str) -> str:
    """Return the text itself when a clock can be set to it; raise ValueError with what it takes."""
    wrong = ValueError("takes a day such as 2026-03-02 of the years 1970 to 9998, or an empty text")
    if text and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise wrong
    try:
        if text and date.fromisoformat(text).year not in _YEARS:
            raise wrong
    except ValueError:
        raise wrong from None
    return text


def zone(name: str) -> tzinfo:
    """The time zone of an IANA name; raises ValueError."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name[:60]!r}") from None
