"""The nearest names, in bounded time."""

from __future__ import annotations

from tools.nearest import LONGEST, MOST, nearest, spelt


def test_the_nearest_come_first() -> None:
    assert nearest(" Gold crad", ["silver card", "gold card", "gold cards"])[0] == "gold card"
    assert nearest("zzz", ["gold card"]) == []
    assert nearest("gold", ["GOLD", "Silver"]) == ["GOLD"], "spelt as it is, found whatever the cases"


def test_a_name_in_other_cases_is_meant_where_only_one_has_it() -> None:
    assert spelt(" gold ", ["Gold", "Silver"]) == "Gold"
    assert spelt("gold", ["Gold", "gold"]) == "gold"
    assert spelt("GOLD", ["Gold", "gold"]) == spelt("Bronze", ["Gold"]) == ""


def test_among_many_only_those_of_the_same_letter_are_compared() -> None:
    many = [f"offer {number}" for number in range(MOST)] + ["gold card"]
    assert nearest("gold crad", many) == ["gold card"]
    assert nearest("fold card", many) == []


def test_what_is_too_long_is_not_compared() -> None:
    assert nearest("x" * 10_000, ["x" * (LONGEST + 1), "y"]) == []
    assert nearest("x" * 10_000, ["x" * LONGEST]) == ["x" * LONGEST]
