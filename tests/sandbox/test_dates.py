"""Moments in time in all their forms."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from sandbox import dates


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
            dates.read(value)
    else:
        assert dates.read(value) == milliseconds


@pytest.mark.parametrize(
    "value", [True, 1.5, [], {}, {"time": "x"}, "", "soon", "Mon Feb 31 00:00:00 UTC 2025", 10**18, -(10**18)]
)
def test_what_is_no_moment(value):
    with pytest.raises(ValueError, match=r".+"):
        dates.read(value)


@given(strategies.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_every_moment_survives_being_written_and_read(moment):
    assert dates.read(dates.write(moment, "milliseconds")) == moment
    assert dates.read(dates.write(moment, "bean")) == moment
    assert dates.read(dates.write(moment, "text")) == moment // 1000 * 1000


def test_the_text_form_is_the_one_of_java():
    assert dates.java_text(1436187815000) == "Mon Jul 06 13:03:35 UTC 2015"
