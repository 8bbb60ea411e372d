"""Which columns an answer shows, and which rows it keeps: `fields` and conditions, honoured to the letter."""

from __future__ import annotations

import difflib
import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.dates import names_a_day, read_day, read_moment
from tools.errors import BadArgument
from upstream.moment import NotUnderstood
from upstream.zones import local


def choose(fields: Sequence[str], columns: Sequence[str], default: Sequence[str]) -> list[str]:
    """The columns to show: those asked for, also several in one text with commas, all for `all`, or the default.

    Raises:
        BadArgument: a column that these objects don't have, with the nearest.
    """
    if not fields:
        return list(default)
    if "all" in fields:
        return list(columns)
    by_name = {each.casefold(): each for each in columns}
    asked = [part for each in fields for part in ([each] if each.strip().casefold() in by_name else each.split(","))]
    return [_known(each, by_name, "field") for each in asked]


def _known(name: str, by_name: Mapping[str, str], what: str) -> str:
    if found := by_name.get(name.strip().casefold()):
        return found
    near = difflib.get_close_matches(name.casefold(), by_name, 1)
    hint = f"did you mean {by_name[near[0]]!r}?" if near else "known are " + ", ".join(by_name.values())
    raise BadArgument(f"There is no {what} {name!r}: {hint}")


def words_in(search: str, *texts: str | None) -> bool:
    """Whether every word of `search` occurs in one of the texts, without regard to case."""
    together = "\n".join(text for text in texts if text).casefold()
    return all(word in together for word in search.casefold().split())


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_CONDITION = re.compile(r"\s*(>=|<=|!=|>|<|=)?\s*(.*)", re.DOTALL)
_NEXT = re.compile(r"[\s,]+(?=>=|<=|!=|>|<)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LIKE_A_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")

Condition = Callable[[Mapping[str, Any]], bool]


class Conditions:
    """Whether an object's values meet all conditions; made by `conditions`.

    A date that was not understood meets none, nor the contrary of one: `left_out` tells of the objects for which only
    that decided.
    """

    def __init__(self, tests: Sequence[tuple[str, Callable[[Any], bool | None]]], also: Sequence[Condition]) -> None:
        self._tests = tests
        self._also = also
        self._undecided: Counter[str] = Counter()

    def __call__(self, values: Mapping[str, Any]) -> bool:
        if not all(condition(values) for condition in self._also):
            return False
        met = {name: test(values.get(name)) for name, test in self._tests}
        if None in met.values() and False not in met.values():
            self._undecided.update(name for name, each in met.items() if each is None)
        return all(met.values())

    def left_out(self) -> list[str]:
        """A note for each column whose dates could not be held against the conditions."""
        return [
            f"{count} left out, since {name} could not be understood as a date there."
            for name, count in self._undecided.items()
        ]


def conditions(
    wanted: Mapping[str, Any], known: Iterable[str], zone: ZoneInfo, also: Sequence[Condition] = ()
) -> Conditions:
    """Whether an object's values meet all conditions, such as {"channel": "Email", "cost": "<2", "end": "<2026-01-01"}.

    A text compares without regard to case, a list means any of its values, `*` stands for any characters, and
    `>=`, `<=`, `>`, `<`, `!=` compare numbers and dates; several of them, as in ">=2026-01-01 <2026-02-01", must all
    hold. A date without a time is a whole day in `zone`. What is in `also` must hold besides.

    Raises:
        BadArgument: an attribute that none of the objects has, with the nearest; or, from the condition itself, a text
            where the objects have numbers or dates.
    """
    by_name = {each.casefold(): each for each in known}
    tests = [(_known(name, by_name, "attribute"), _test(value, zone)) for name, value in wanted.items()]
    return Conditions(tests, also)


def _test(wanted: Any, zone: ZoneInfo) -> Callable[[Any], bool | None]:
    """True or false for a value; None where it is a date that was not understood."""
    if isinstance(wanted, list):
        tests = [_test(each, zone) for each in wanted]
        return lambda value: _any(test(value) for test in tests)
    if not isinstance(wanted, str):
        return lambda value: _any(_compare(operator.eq, each, wanted, zone) for each in _several(value))
    parts = _NEXT.split(wanted.strip())
    if len(parts) > 1 and parts[0][:1] in "<>!=":
        tests = [_test(each, zone) for each in parts]
        return lambda value: _not(_any(_not(test(value)) for test in tests))
    matched = _CONDITION.fullmatch(wanted)
    assert matched is not None, "the pattern takes any text"
    sign, right = matched.groups()
    if sign == "!=":
        return lambda value: _not(_any(_compare(operator.eq, each, right, zone) for each in _several(value)))
    compare = _OPERATORS[sign or "="]
    return lambda value: _any(_compare(compare, each, right, zone) for each in _several(value))


def _any(answers: Iterable[bool | None]) -> bool | None:
    """Whether one of them is so, None where none is and one is not known."""
    given = list(answers)
    return True if True in given else None if None in given else False


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _compare(compare: Callable[[Any, Any], bool], value: Any, wanted: Any, zone: ZoneInfo) -> bool | None:
    if value is None or wanted in ("", None):
        return compare is operator.eq and value in (None, "") and wanted in ("", None)
    if isinstance(value, datetime):
        text = str(wanted)
        if names_a_day(text):
            return compare(local(value, zone).date(), read_day(text, zone))
        return compare(value, read_moment(text, zone))
    if isinstance(value, bool):
        return compare(value, str(wanted).casefold() in ("true", "yes", "1"))
    if isinstance(value, int | float) and not (isinstance(wanted, str) and "*" in wanted):
        return compare(value, _number(wanted))
    if isinstance(value, str) and _DAY.fullmatch(value) and _means_a_day(compare, wanted):
        return _compare_day(compare, value, str(wanted), zone)
    left, right = str(value).casefold(), str(wanted).casefold()
    if compare is operator.eq and "*" in right:
        met = re.fullmatch(".*".join(map(re.escape, right.split("*"))), left, re.DOTALL) is not None
    else:
        met = compare(left, right)
    # The text that the system wrote is met as a text; what it means is not known.
    return met if not isinstance(value, NotUnderstood) or (met and compare is operator.eq) else None


def _means_a_day(compare: Callable[[Any, Any], bool], wanted: Any) -> bool:
    """Whether a day, which some objects have as a text, is compared with a day and not with a word."""
    return compare is not operator.eq or _LIKE_A_DATE.fullmatch(str(wanted).strip()) is not None


def _compare_day(compare: Callable[[Any, Any], bool], value: str, wanted: str, zone: ZoneInfo) -> bool | None:
    """None where the calendar has no such day, as 2026-02-30."""
    other = local(read_moment(wanted, zone), zone).date()
    try:
        return compare(date.fromisoformat(value), other)
    except ValueError:
        return None


def _number(wanted: Any) -> float:
    try:
        return number(wanted)
    except (TypeError, ValueError, OverflowError):
        raise BadArgument(f"{wanted!r} is not a number: write it like 1250 or 2.5.") from None


_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")


def number(written: Any) -> float:
    """A number as a person writes it, with a point before decimals and nothing between thousands.

    Raises:
        BadArgument: a text such as 50.000, which people read in two ways.
        TypeError, ValueError: it is no number.
    """
    if isinstance(written, str) and _THOUSANDS.fullmatch(written.strip()):
        text = written.strip()
        raise BadArgument(f"{text!r} can be read in two ways: write {text.replace('.', '')}, or {text}0.")
    found = float(written)
    if not math.isfinite(found):
        raise ValueError("JSON has no such number")
    return found
