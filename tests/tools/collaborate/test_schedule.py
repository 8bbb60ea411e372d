"""When a project repeats: as the system has it, in words, and as it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.collaborate.schedule import WEEKDAYS, Schedule
from upstream.collaborate.recurrence import Recurrence

UTC_ZONE = ZoneInfo("UTC")
NINE = datetime(2026, 12, 1, 8, tzinfo=UTC)
"""Nine o'clock in Brussels."""


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (
            Schedule("weekly", 2, ("MONDAY", "THURSDAY"), start=NINE, end=datetime(2027, 3, 31, 21, 59, tzinfo=UTC)),
            "every 2 weeks on Monday and Thursday from 2026-12-01 09:00 until 2027-03-31, Europe/Brussels",
        ),
        (Schedule("daily", start=NINE, times=1), "every day from 2026-12-01 09:00, once, Europe/Brussels"),
        (
            Schedule("monthly", 1, (), 31, NINE),
            "every month on day 31 or the last from 2026-12-01 09:00, without end, Europe/Brussels",
        ),
        (
            Schedule("yearly", 1, start=datetime(2026, 11, 30, 23, tzinfo=UTC), times=3),
            "every year from 2026-12-01 00:00, 3 times, Europe/Brussels",
        ),
    ],
)
def test_a_schedule_in_words(schedule: Schedule, words: str) -> None:
    assert replace(schedule, zone="Europe/Brussels").words(UTC_ZONE) == words


def test_without_a_zone_times_are_in_that_of_the_person_and_the_server_decides() -> None:
    schedule, brussels = Schedule("daily", start=NINE), ZoneInfo("Europe/Brussels")
    assert schedule.words(brussels) == (
        "every day from 2026-12-01 09:00, without end, shown in Europe/Brussels: "
        "the time zone of the server decides the days"
    )
    midnight = datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert schedule.moment(midnight, brussels) == "2026-12-02 00:00 Europe/Brussels"
    assert replace(schedule, zone="UTC").moment(midnight, brussels) == "2026-12-01 23:00 UTC"


def test_what_does_not_repeat_is_none_and_what_can_not_be_understood_stays_text() -> None:
    assert Schedule.of(Recurrence(is_recurring=False)) is None
    odd = Schedule.of(Recurrence(is_recurring=True, recurrence_type="HOURLY", start_date="soon", time_zone="Mars/One"))
    assert odd is not None and odd.words(UTC_ZONE) == "every hourly from soon (not understood), without end, Mars/One"


schedules = st.builds(
    Schedule,
    repeat=st.sampled_from(["daily", "weekly", "monthly", "yearly"]),
    every=st.integers(1, 999),
    start=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    times=st.integers(0, 1000),
    zone=st.sampled_from(["", "Europe/Brussels", "America/New_York", "UTC"]),
    days=st.sets(st.sampled_from(WEEKDAYS)).map(lambda days: tuple(day for day in WEEKDAYS if day in days)),
    day_of_month=st.integers(0, 31),
)


@given(schedules)
@settings(max_examples=60, deadline=None)
def test_plain_data_and_the_wire_lose_nothing(schedule: Schedule) -> None:
    assert Schedule.from_fields(schedule.fields()) == schedule
    sent = schedule.as_input().model_dump(by_alias=True, mode="json", exclude_unset=True)
    assert None not in sent.values(), "a field that is not set does not travel"
    assert Schedule.of(Recurrence.model_validate(sent)) == schedule


def test_moments_keep_their_offset_in_plain_data() -> None:
    schedule = Schedule(
        "daily", start=datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/Brussels")), zone="Europe/Brussels"
    )
    assert schedule.fields()["start"] == "2026-07-01 09:00+02:00"
