"""The clock of a server: that of the machine, or one that begins at a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tools import clock


def test_a_clock_begins_at_nine_of_its_day_and_goes_on() -> None:
    told = clock.from_day(date(2027, 10, 31))
    first = told()
    assert timedelta() <= first - datetime(2027, 10, 31, 9, tzinfo=UTC) < timedelta(hours=1)
    while (now := told()) == first:
        continue
    assert now > first


def test_the_clock_of_the_machine_tells_utc() -> None:
    assert clock.of_machine().tzinfo is UTC
