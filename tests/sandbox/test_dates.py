"""Moments in time in all their forms."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from sandbox.dates import Dialect, java_text

BRUSSELS, AUCKLAND = ZoneInfo("Europe/Brussels"), ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        (None, None),
        (0, 0),
        ("1436187815000", 1436187815000),
        ("Mon Jul 06 18:23:35 IST 2015", None),
        ("Mon Jul 06 18:23:35 CEST 2015", 1436199815000),
        ("Mon Jul 06 18:23:35 GMT+05:30 2015", 1436187215000),
        ("2015-07-06", 1436140800000),
        ("2015-07-06T12:53:35Z", 1436187215000),
        ("2015-07-06T18:23:35.5+05:30", 1436187215500),
        ({"timeInMillis": 5, "time": 6}, 5),
        ({"time": 6}, 6),
    ],
)
def test_reading(value, milliseconds):
    if value is not None and milliseconds is None:
        # IST is India, Israel or Ireland: a zone that can't be told is refused.
        with pytest.raises(ValueError, match="unknown time zone 'IST'"):
            Dialect().read(value)
    else:
        assert Dialect().read(value) == milliseconds


@pytest.mark.parametrize(
    "value", [True, 1.5, [], {}, {"time": "x"}, "", "soon", "Mon Feb 31 00:00:00 UTC 2025", 10**18, -(10**18)]
)
def test_what_is_no_moment(value):
    with pytest.raises(ValueError, match=r".+"):
        Dialect().read(value)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    strategies.integers(-62_135_596_800_000, 253_402_300_799_999), strategies.sampled_from([UTC, BRUSSELS, AUCKLAND])
)
def test_every_moment_survives_being_written_and_read(moment, zone):
    for form, step in (("milliseconds", 1), ("bean", 1), ("text", 1000), ("offset", 1000)):
        dialect = Dialect(form, zone)
        assert dialect.read(dialect.write(moment)) == moment // step * step
    assert Dialect("seconds", zone).write(moment) == moment // 1000


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    strategies.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)), strategies.sampled_from([UTC, BRUSSELS, AUCKLAND])
)
def test_a_text_without_zone_is_that_of_the_zone(moment, zone):
    moment = moment.replace(microsecond=0, tzinfo=UTC).astimezone(zone).replace(fold=0)
    milliseconds = round(moment.astimezone(UTC).timestamp() * 1000)
    text = moment.replace(tzinfo=None).isoformat()
    assert Dialect("local", zone).read(text) == milliseconds
    assert Dialect("day", zone).write(milliseconds) == text[:10]


EVENING = 1_740_003_600_000
"""19 February 2025, 22:20 UTC, where it is the next day in Auckland."""


@pytest.mark.parametrize(
    ("form", "zone", "written"),
    [
        ("day", UTC, "2025-02-19"),
        ("day", AUCKLAND, "2025-02-20"),
        ("local", UTC, "2025-02-19T22:20:00"),
        ("local", BRUSSELS, "2025-02-19T23:20:00"),
        ("slashes", UTC, "19/02/2025 22:20"),
        ("slashes", AUCKLAND, "20/02/2025 11:20"),
        ("seconds", AUCKLAND, 1_740_003_600),
        ("offset", AUCKLAND, "2025-02-20T00:20:00+02:00"),
    ],
)
def test_the_forms_that_are_not_documented(form, zone, written):
    dialect = Dialect(form, zone)
    assert dialect.write(EVENING) == written
    assert dialect.write(None) is None
    if form not in ("day", "seconds"):
        assert dialect.read(written) == EVENING


def test_slashes_are_taken_where_they_are_written_only():
    assert Dialect("slashes").read("19/02/2025") == EVENING - (22 * 60 + 20) * 60_000
    for text in ("19/02/2025", "19/02/2025 22:20"):
        with pytest.raises(ValueError, match="neither an ISO date"):
            Dialect("local").read(text)
    with pytest.raises(ValueError, match="neither an ISO date"):
        Dialect("slashes").read("31/02/2025")


@pytest.mark.parametrize("zone", [UTC, BRUSSELS, AUCKLAND])
@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_a_day_at_either_end_of_the_calendar_stays_that_day(day, zone):
    dialect = Dialect("day", zone)
    assert dialect.rewrite(day) == day
    assert Dialect("local", zone).rewrite(day)[:10] == day


def test_the_text_form_is_the_one_of_java():
    assert java_text(1436187815000) == "Mon Jul 06 13:03:35 UTC 2015"
