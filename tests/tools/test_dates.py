"""Dates as people write them, and as they are shown to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.dates import as_text, in_words, names_a_day, read_day, read_moment, with_time
from tools.errors import BadArgument
from upstream.moment import NotUnderstood
from upstream.zones import EARLIEST, LATEST, local

BERLIN = ZoneInfo("Europe/Berlin")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
CAIRO = ZoneInfo("Africa/Cairo")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (" 2026-07-01 12:30 ", datetime(2026, 7, 1, 10, 30, tzinfo=UTC)),
        ("2026-07-01t12:30:15", datetime(2026, 7, 1, 10, 30, 15, tzinfo=UTC)),
        ("2026-07-01T12:30:00.000Z", datetime(2026, 7, 1, 12, 30, tzinfo=UTC)),
        ("2026-07-01 24:00", datetime(2026, 7, 1, 22, tzinfo=UTC)),
        ("2026-W27-3", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2027-10-31 02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-10-31 02:30+01:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("0001-01-01", EARLIEST),
        ("9999-12-31", datetime(9999, 12, 30, 23, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_the_zone(text: str, moment: datetime) -> None:
    found = read_moment(text, BERLIN)
    assert found == moment and found.tzinfo is UTC


def test_beyond_the_calendar_its_end_is_taken() -> None:
    assert read_moment("9999-12-31 23:59", LOS_ANGELES) == LATEST


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("tomorrow", "such as 2026-11-30"),
        ("", "such as"),
        ("2026-02-30", "such as"),
        ("2026-07-01 25:00", "such as"),
        ("26-07-01", "such as"),
        ("2026-07-01 10:00:00.5", "such as"),
        ("9999-12-31 24:00", "such as"),
        ("1.9.2026", "such as 2026-09-01"),
        ("19/02/2026", "such as 2026-02-19"),
        ("03/04/2026", "such as 2026-04-03 or 2026-03-04"),
        ("2026/11/01", "such as 2026-11-01"),
        ("Mon Jul 06 18:23:35 GMT 2015", "such as"),
        ("1740003600000", "such as"),
        ("2027-03-28 02:30", "2027-03-28 02:30 does not exist in Europe/Berlin"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text: str, instead: str) -> None:
    with pytest.raises(BadArgument, match=instead):
        read_moment(text, BERLIN)


def test_a_time_that_does_not_exist_is_refused_with_what_it_becomes() -> None:
    with pytest.raises(BadArgument) as refused:
        read_moment("2027-03-28 02:30", BERLIN)
    assert "2027-03-28 03:30" in refused.value.advice
    with pytest.raises(BadArgument, match="02:30 does not exist"):
        read_moment("2027-03-28", BERLIN, time(2, 30))
    assert read_moment("2027-03-28 02:30+01:00", BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert read_moment("2026-04-24", CAIRO) == datetime(2026, 4, 23, 22, tzinfo=UTC), "a day that begins at one"


def test_a_day_takes_the_time_that_it_is_given() -> None:
    assert read_moment("2026-07-01", BERLIN, time(23, 59)) == datetime(2026, 7, 1, 21, 59, tzinfo=UTC)
    assert read_moment("2026-07-01 10:00", BERLIN, time(23, 59)) == datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-07-01", "2026-07-01 00:00", "2026-06-30T22:00:00Z"])
def test_a_day(text: str) -> None:
    assert read_day(text, BERLIN) == date(2026, 7, 1)
    assert names_a_day(text) is (len(text) == 10)


@pytest.mark.parametrize("text", ["2026-07-01 10:00", "2026-07-01T00:00:00Z"])
def test_a_day_has_no_time(text: str) -> None:
    with pytest.raises(BadArgument, match="takes a day alone: write 2026-07-01"):
        read_day(text, BERLIN)


@pytest.mark.parametrize(
    ("moment", "zone", "text"),
    [
        (datetime(2026, 2, 28, 23, tzinfo=UTC), BERLIN, "2026-03-01"),
        (datetime(2026, 2, 28, 23, tzinfo=UTC), ZoneInfo("UTC"), "2026-02-28 23:00"),
        (datetime(2026, 4, 23, 22, tzinfo=UTC), CAIRO, "2026-04-24"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), BERLIN, "2027-10-31 02:30 (+02:00, the first of two)"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), BERLIN, "2027-10-31 02:30 (+01:00, the second of two)"),
        (LATEST, BERLIN, "9999-12-31 23:59"),
        (EARLIEST, LOS_ANGELES, "0001-01-01"),
        (EARLIEST, BERLIN, "0001-01-01"),
    ],
)
def test_a_moment_as_people_read_it(moment: datetime, zone: ZoneInfo, text: str) -> None:
    assert as_text(moment, zone) == in_words(moment, zone) == text
    assert with_time(moment, zone).startswith(text[:10])


def test_what_is_not_understood_is_said_to_be() -> None:
    assert in_words(NotUnderstood("03/04/2026"), BERLIN) == "03/04/2026 (not understood)"


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),
    st.sampled_from([BERLIN, LOS_ANGELES, CAIRO]),
)
def test_what_is_shown_can_be_written_again(moment: datetime, zone: ZoneInfo) -> None:
    # Clocks that were off by seconds are more than a hundred years ago.
    moment = moment.replace(second=0, microsecond=0)
    text = as_text(moment, zone)
    if "of two" not in text and local(moment, zone).year > 1950:
        assert read_moment(text, zone) == moment
