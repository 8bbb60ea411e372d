"""Which columns an answer shows, and which rows it keeps: `fields` and conditions, honoured to the letter."""

from __future__ import annotations

import difflib
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tools.errors import BadArgument


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


Condition = Callable[[Mapping[str, Any]], bool]

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
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LIKE_A_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


def conditions(wanted: Mapping[str, Any], known: Iterable[str], zone: ZoneInfo) -> Condition:
    """Whether an object's values meet all conditions, such as {"channel": "Email", "cost": "<2", "end": "<2026-01-01"}.

    A text compares without regard to case, a list means any of its values, `*` stands for any characters, and
    `>=`, `<=`, `>`, `<`, `!=` compare numbers and dates; several of them, as in ">=2026-01-01 <2026-02-01", must all
    hold.

    Raises:
        BadArgument: an attribute that none of the objects has, with the nearest; or, from the condition itself, a text
            where the objects have numbers or dates.
    """
    by_name = {each.casefold(): each for each in known}
    tests = [(_known(name, by_name, "attribute"), _test(value, zone)) for name, value in wanted.items()]
    return lambda values: all(test(values.get(name)) for name, test in tests)


def _test(wanted: Any, zone: ZoneInfo) -> Callable[[Any], bool]:
    if isinstance(wanted, list):
        tests = [_test(each, zone) for each in wanted]
        return lambda value: any(test(value) for test in tests)
    if not isinstance(wanted, str):
        return lambda value: any(_compare(operator.eq, each, wanted, zone) for each in _several(value))
    parts = _NEXT.split(wanted.strip())
    if len(parts) > 1 and parts[0][:1] in "<>!=":
        tests = [_test(each, zone) for each in parts]
        return lambda value: all(test(value) for test in tests)
    matched = _CONDITION.fullmatch(wanted)
    assert matched is not None, "the pattern takes any text"
    sign, right = matched.groups()
    if sign == "!=":
        return lambda value: not any(_compare(operator.eq, each, right, zone) for each in _several(value))
    compare = _OPERATORS[sign or "="]
    return lambda value: any(_compare(compare, each, right, zone) for each in _several(value))


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _compare(compare: Callable[[Any, Any], bool], value: Any, wanted: Any, zone: ZoneInfo) -> bool:
    if value is None:
        return compare is operator.eq and wanted in ("", None)
    if isinstance(value, datetime):
        other = day(str(wanted), zone)
        local = value.astimezone(zone)
        return compare(local.date(), other.date()) if other.time() == time() else compare(local, other)
    if isinstance(value, bool):
        return compare(value, str(wanted).casefold() in ("true", "yes", "1"))
    if isinstance(value, int | float) and not (isinstance(wanted, str) and "*" in wanted):
        return wanted != "" and compare(float(value), _number(wanted))
    if isinstance(value, str) and _DAY.fullmatch(value) and _means_a_day(compare, wanted):
        return compare(date.fromisoformat(value), day(str(wanted), zone).astimezone(zone).date())
    left, right = str(value).casefold(), str(wanted).casefold()
    if compare is operator.eq and "*" in right:
        return re.fullmatch(".*".join(map(re.escape, right.split("*"))), left, re.DOTALL) is not None
    return compare(left, right)


def _means_a_day(compare: Callable[[Any, Any], bool], wanted: Any) -> bool:
    """Whether a day, which some objects have as a text, is compared with a day and not with a word."""
    return compare is not operator.eq or _LIKE_A_DATE.fullmatch(str(wanted).strip()) is not None


def _number(wanted: Any) -> float:
    try:
        return number(wanted)
    except (TypeError, ValueError):
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


_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def day(text: str, zone: ZoneInfo) -> datetime:
    """`yyyy-mm-dd`, or with a time as `yyyy-mm-dd hh:mm`, as a moment in `zone`.

    Raises:
        BadArgument: the text is no such date.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        german = _GERMAN.fullmatch(text.strip())
        such = "{2}-{1:0>2}-{0:0>2}".format(*german.groups()) if german else date.today().isoformat()
        raise BadArgument(f"{text!r} is not a date: write yyyy-mm-dd, such as {such}.") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)
