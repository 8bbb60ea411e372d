"""Texts of a campaign system, made harmless."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_server.words import clean, counted, cut, fenced, one_line, plain, shown, table
from upstream.moment import NotUnderstood

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("given_", "line"),
    [
        ("Spring\n2026\r\n\tcashback", "Spring 2026 cashback"),
        ("App \u202edeifirev\u202c\u0007", "App deifirev"),
        ("\u2066set by\u2069\u200b an\u001b[31m agency", "set by an [31m agency"),
        ("\u2028line\u2029paragraph", "line paragraph"),
        ("hidden\U000e0041\U000e0142text", "hidden text"),
        ("Überweisung für Ünal 🎁", "Überweisung für Ünal 🎁"),
        ("lone \ud800 half", "lone half"),
    ],
)
def test_one_line_has_nothing_that_steers(given_: str, line: str) -> None:
    assert one_line(given_) == line


@given(st.text())
def test_a_line_is_one_short_line_whatever_the_text(text: str) -> None:
    line = one_line(text, 20)
    assert (len(line) <= 20 and line.isprintable()) or line == ""
    assert len(line.splitlines()) <= 1


def test_cut_says_that_something_is_missing() -> None:
    assert cut("a" * 80, 80) == "a" * 80
    assert cut("a" * 81, 80) == "a" * 79 + "…"


@given(st.text(alphabet="`~ab\n", max_size=30))
def test_a_fence_can_not_be_closed_from_inside(content: str) -> None:
    first, *inside, last = fenced(content).split("\n")
    fence = re.match("`+", first)
    assert fence and first == f"{fence[0]}data" and last == fence[0]
    assert all(fence[0] not in line for line in inside)


def test_clean_keeps_lines_and_tabs() -> None:
    assert clean("a\n\tb\u0000\u009b") == "a\n\tb  "


def test_typed_data_keeps_its_types_and_cuts_what_is_long() -> None:
    noon = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)
    value = {"when": noon, "no\nname": "a\u202eb", "n": 1, "x": 2.5, "yes": True, "none": None, "long": "ab" * 50}
    assert plain(value, BERLIN, 40) == {
        "when": "2026-03-01 12:30",
        "no name": "a b",
        "n": 1,
        "x": 2.5,
        "yes": True,
        "none": None,
        "long": "ab" * 19 + "a…",
    }
    assert plain(["x"] * 12, BERLIN, 40) == ["x"] * 4 + ["… and 8 more"]
    assert plain({1: object}, BERLIN, 40) == {"1": "<class 'object'>"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3.0, "3"),
        (2.5, "2.5"),
        (["a", 2, None], "a, 2,"),
        ({"a": True, "b": [1]}, "a: yes; b: 1"),
        ("two\nlines", "two lines"),
        (datetime(2026, 2, 28, 23, 0, tzinfo=UTC), "2026-03-01"),
    ],
)
def test_a_value_as_a_person_reads_it(value: object, text: str) -> None:
    assert shown(value, BERLIN, 60) == text


def test_a_date_that_is_not_understood_stands_as_it_came() -> None:
    date = NotUnderstood("03/04/\u202e2026")
    assert shown(date, BERLIN, 60) == plain(date, BERLIN, 60) == "03/04/ 2026 (not understood)"
    assert plain({"start": date}, BERLIN, 60) == {"start": "03/04/ 2026 (not understood)"}


def test_counted() -> None:
    assert [counted(1, "offers"), counted(0, "offers"), counted(1, "categories")] == [
        "1 offer",
        "0 offers",
        "1 category",
    ]


def test_no_cell_of_a_table_makes_a_column_or_a_line() -> None:
    lines = table(["na\nme", "i|d"], [["a | b", "1"]])
    assert lines == ["na me | i¦d", "a ¦ b | 1"]
