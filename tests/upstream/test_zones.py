"""Moments in zones: hours that come twice or not at all, and the ends of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.zones import EARLIEST, LATEST, day_begins, local, moment_of, skipped, which_of_two

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            *("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Apia", "Africa/Cairo"),
            *("Asia/Beirut", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Toronto"),
        )
    ]
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_of_two_hours_that_look_alike_the_first_is_meant() -> None:
    found = moment_of(datetime(2027, 10, 31, 2, 30), BERLIN)
    assert found == utc(2027, 10, 31, 0, 30) and which_of_two(found, BERLIN) == 1
    assert which_of_two(utc(2027, 10, 31, 1, 30), BERLIN) == 2
    assert which_of_two(utc(2027, 10, 31, 2, 30), BERLIN) == 0
    assert not skipped(datetime(2027, 10, 31, 2, 30), BERLIN)


def test_a_time_that_is_skipped_is_counted_on_from_before() -> None:
    assert skipped(datetime(2027, 3, 28, 2, 30), BERLIN) and not skipped(datetime(2027, 3, 28, 3, 0), BERLIN)
    assert local(moment_of(datetime(2027, 3, 28, 2, 30), BERLIN), BERLIN).time() == time(3, 30)


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Berlin", date(2027, 3, 28), "2027-03-28T00:00:00+01:00"),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-24T01:00:00+03:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T01:00:00-02:00"),
        ("America/Toronto", date(1919, 3, 31), "1919-03-31T00:30:00-04:00"),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-31T00:00:00+14:00"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T00:00:00-04:00"),
    ],
)
def test_a_day_begins_when_the_clocks_first_show_it(zone: str, day: date, begins: str) -> None:
    assert local(day_begins(day, ZoneInfo(zone)), ZoneInfo(zone)).isoformat() == begins


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), ZONES)
def test_nothing_of_a_day_lies_before_it_begins(day: date, zone: ZoneInfo) -> None:
    begins = day_begins(day, zone)
    assert local(begins, zone).date() >= day
    assert local(begins - timedelta(seconds=1), zone).date() < day


@given(st.datetimes(), ZONES)
def test_every_time_has_a_moment_and_every_moment_a_time(shown: datetime, zone: ZoneInfo) -> None:
    moment = moment_of(shown, zone)
    assert moment >= EARLIEST and moment.tzinfo is UTC
    there = local(moment, zone)
    assert there == moment or which_of_two(moment, zone), "the same moment, unless Python never compares it"
    skipped(shown, zone)
    day_begins(shown.date(), zone)


def test_at_the_ends_of_the_calendar_the_end_is_taken() -> None:
    west = ZoneInfo("America/Los_Angeles")
    assert moment_of(datetime(9999, 12, 31, 23, 59), west) == LATEST
    assert moment_of(datetime(1, 1, 1), BERLIN) == EARLIEST
    assert local(LATEST, BERLIN).isoformat() == "9999-12-31T23:59:59+00:00"
    assert local(EARLIEST, west).isoformat() == "0001-01-01T00:00:00+00:00"
