"""Fields, words and conditions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tools.columns import choose, conditions, number, words_in
from tools.errors import BadArgument

BERLIN = ZoneInfo("Europe/Berlin")
VALUES: dict[str, Any] = {
    "channel": "Mobile app",
    "cost": 0.5,
    "points": 700,
    "perks": ["Lounge", "Insurance"],
    "consent": True,
    "expiry": datetime(2026, 6, 30, 22, 0, tzinfo=UTC),
    "start": "2026-11-09",
    "owner": None,
}


def test_fields_are_those_asked_for_all_or_the_default() -> None:
    columns = ["name", "id", "cost"]
    assert choose([], columns, ["name"]) == ["name"]
    assert choose(["all"], columns, ["name"]) == columns
    assert choose([" Cost"], columns, ["name"]) == ["cost"]
    assert choose(["name, cost"], columns, []) == ["name", "cost"]
    assert choose(["a,b", "name"], ["name", "a,b"], []) == ["a,b", "name"]
    with pytest.raises(BadArgument, match="did you mean 'cost'"):
        choose(["cots"], columns, [])
    with pytest.raises(BadArgument, match="known are name, id, cost"):
        choose(["zzz"], columns, [])


def test_every_word_must_occur_somewhere() -> None:
    assert words_in("gold SPRING", "Gold card", None, "spring 2026")
    assert not words_in("gold winter", "Gold card", "spring 2026")
    assert words_in("", None)


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        ({"channel": "mobile APP"}, True),
        ({"CHANNEL": "mobile*"}, True),
        ({"channel": "*app"}, True),
        ({"channel": "mobile"}, False),
        ({"channel": "!=Email"}, True),
        ({"channel": ["Email", "Mobile app"]}, True),
        ({"channel": []}, False),
        ({"cost": 0.5}, True),
        ({"cost": "0.50"}, True),
        ({"cost": "<1"}, True),
        ({"cost": ">= 0.6"}, False),
        ({"cost": "0.5*"}, True),
        ({"cost": ""}, False),
        ({"points": ">=700"}, True),
        ({"points": "!=700"}, False),
        ({"perks": "lounge"}, True),
        ({"perks": "!=lounge"}, False),
        ({"perks": ["Ring", "Insurance"]}, True),
        ({"consent": True}, True),
        ({"consent": "yes"}, True),
        ({"consent": False}, False),
        ({"expiry": "2026-07-01"}, True),
        ({"expiry": "<2026-07-01"}, False),
        ({"expiry": "<=2026-07-01"}, True),
        ({"expiry": "2026-07-01 00:00"}, True),
        ({"expiry": ">2026-06-30 23:30"}, True),
        ({"expiry": ">=2026-07-01 <2026-07-02"}, True),
        ({"expiry": ">2026-07-01, <2026-07-02"}, False),
        ({"start": "2026-11-09"}, True),
        ({"start": ">=2026-11-01 <=2026-11-10"}, True),
        ({"start": ">=2026-11-10 <=2026-11-30"}, False),
        ({"start": "2026-11-*"}, True),
        ({"start": "soon"}, False),
        ({"owner": ""}, True),
        ({"owner": None}, True),
        ({"owner": "Marta"}, False),
        ({"owner": "!=Marta"}, True),
        ({"owner": "<5"}, False),
        ({"channel": "Mobile app", "cost": ">1"}, False),
    ],
)
def test_conditions(wanted: dict[str, Any], met: bool) -> None:
    assert conditions(wanted, VALUES, BERLIN)(VALUES) is met


def test_an_attribute_that_nobody_has_is_refused() -> None:
    with pytest.raises(BadArgument, match="did you mean 'channel'"):
        conditions({"chanel": "x"}, VALUES, BERLIN)


@pytest.mark.parametrize(
    "wanted", [{"expiry": "soon"}, {"start": ">=01.12.2026"}, {"start": "<next week"}, {"start": "2026/11/01"}]
)
def test_a_date_that_is_none_is_refused(wanted: dict[str, str]) -> None:
    meets = conditions(wanted, VALUES, BERLIN)
    with pytest.raises(BadArgument, match="yyyy-mm-dd"):
        meets(VALUES)


@pytest.mark.parametrize("wanted", ["much", "< 1,50", ">90,000 EUR", "!=plenty", "nan", ["1", "many"]])
def test_a_number_that_is_none_is_refused_and_not_taken_for_no_match(wanted: Any) -> None:
    meets = conditions({"cost": wanted}, VALUES, BERLIN)
    with pytest.raises(BadArgument, match="is not a number: write it like 1250"):
        meets(VALUES)


def test_a_number_that_reads_in_two_ways_is_asked_about() -> None:
    with pytest.raises(BadArgument, match=r"write 50000, or 50\.0000"):
        number("50.000")
    with pytest.raises(BadArgument, match="two ways"):
        conditions({"cost": ">1.250"}, VALUES, BERLIN)(VALUES)
    assert [number(each) for each in ("0.125", "12.5", "50.0000", "1250", 50.125)] == [0.125, 12.5, 50, 1250, 50.125]
