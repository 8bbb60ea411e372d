"""Values of form attributes as a person writes them, made into the texts that travel, and checked before."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.columns import number
from tools.dates import read_day
from tools.errors import Ambiguous, BadArgument
from upstream.collaborate.forms import FormAttribute
from upstream.moment import Dates
from upstream.zones import day_begins, local

_ONE = ("select", "radiogroup")
"""Types that take one value. Source: collaborate-notes, section 4 (types seen). Other types take what is given."""

_WHOLE, _NUMBER = ("integer",), ("decimal", "money")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SAYS = {True: ("yes", "true", "1", "on"), False: ("no", "false", "0", "off")}


def called(name: str, attributes: Sequence[FormAttribute]) -> FormAttribute | None:
    """The attribute of this internal or display name, whatever the capitals; None when there is none.

    Raises:
        Ambiguous: several attributes have this display name.
    """
    wanted = name.strip().casefold()
    if inner := [each for each in attributes if each.internal_name.casefold() == wanted]:
        return inner[0]
    shown = [each for each in attributes if each.display_name.strip().casefold() == wanted]
    if len(shown) > 1:
        raise Ambiguous(
            f"{len(shown)} attributes are labelled {name[:80]!r}.",
            advice="Use the internal name.",
            lines=[_line(each) for each in shown],
        )
    return shown[0] if shown else None


def unknown(name: str, attributes: Iterable[FormAttribute]) -> BadArgument:
    """What to say of a name that none of these attributes has: the nearest, and which there are."""
    known = list(attributes)
    names = {each.internal_name.casefold(): each for each in known} | {
        each.display_name.casefold(): each for each in known if each.display_name
    }
    near = difflib.get_close_matches(name.strip().casefold(), names, 1)
    hint = f": did you mean {names[near[0]].internal_name!r}?" if near else "."
    return BadArgument(
        f"The form has no attribute {name[:80]!r}{hint}",
        advice="Use one of those shown." if known else "It has none at all.",
        lines=[_line(each) for each in known],
    )


def fitted(value: Any, attribute: FormAttribute, zone: ZoneInfo) -> list[str]:
    """The texts to store; none for null, an empty text or an empty list.

    Raises:
        BadArgument: not one of the options, not of the type, several where one is taken, none where one is required.
    """
    given = [part for each in (value if isinstance(value, list) else [value]) for part in _parts(each, attribute)]
    texts = list(dict.fromkeys(_text(each, attribute, zone) for each in given if each not in (None, "")))
    name = attribute.internal_name
    if not texts and attribute.required:
        raise BadArgument(f"{name!r} is required and can't be emptied.", lines=attribute.lookup_options)
    if len(texts) > 1 and _kind(attribute) in _ONE:
        raise BadArgument(f"{name!r} takes one value, not {len(texts)}.", lines=attribute.lookup_options)
    return texts


def same(wanted: Sequence[str], now: Sequence[str], attribute: FormAttribute, dates: Dates) -> bool:
    """Whether two values are the same; the order of chosen options means nothing, nor how a day is written."""
    now = as_wanted(wanted, now, dates)
    return sorted(wanted) == sorted(now) if attribute.lookup_options else list(wanted) == list(now)


def as_wanted(wanted: Sequence[str], now: Sequence[str], dates: Dates) -> list[str]:
    """The texts of a form, days as yyyy-mm-dd where days are wanted: an installation may write them otherwise."""
    if not wanted or not all(_DAY.fullmatch(each) for each in wanted):
        return list(now)
    return [_as_day(each, dates) for each in now]


def _as_day(text: str, dates: Dates) -> str:
    """A day as yyyy-mm-dd; what has a time of day, or is no date, as it is."""
    moment = dates.read(text)
    day = local(moment, dates.zone).date() if isinstance(moment, datetime) else None
    return day.isoformat() if day and moment == day_begins(day, dates.zone) else text


def _parts(value: Any, attribute: FormAttribute) -> list[Any]:
    """The options in a text that has several of them between commas; anything else as it is."""
    options = {each.strip().casefold() for each in attribute.lookup_options}
    if not isinstance(value, str) or value.strip().casefold() in options:
        return [value]
    parts = [each.strip() for each in value.split(",") if each.strip()]
    return parts if any(each.casefold() in options for each in parts) else [value]


def _text(value: Any, attribute: FormAttribute, zone: ZoneInfo) -> str:
    name = attribute.internal_name
    if isinstance(value, list | dict):
        raise BadArgument(f"{name!r} takes texts and numbers, or a list of them.")
    if attribute.lookup_options:
        return _option(value, attribute)
    kind = _kind(attribute)
    try:
        if kind in _WHOLE or kind in _NUMBER:
            return _digits(value, whole=kind in _WHOLE)
        if kind == "date":
            return read_day(str(value), zone).isoformat()
    except BadArgument as error:
        if kind in _WHOLE:
            raise BadArgument(_in_two_ways(name, str(value).strip())) from None
        raise BadArgument(f"{name!r}: {error.message}", advice=error.advice) from None
    except (TypeError, ValueError):
        wanted = "a whole number, like 5000" if kind in _WHOLE else "a number, like 1250 or 2.5"
        raise BadArgument(f"{name!r} can't be {str(value)[:80]!r}: it takes {wanted}.") from None
    return _written(value)


def _in_two_ways(name: str, text: str) -> str:
    """What to say of a whole number with points between thousands, or before a fraction of nothing."""
    thousands, (whole, *more) = text.replace(".", ""), text.split(".")
    other = f", or {whole}" if len(more) == 1 else ""
    return f"{name!r} can't be {text[:80]!r}, which can be read two ways: write {thousands[:80]}{other}."


def _option(value: Any, attribute: FormAttribute) -> str:
    options = attribute.lookup_options
    by_text = {each.strip().casefold(): each for each in options}
    spellings = _SAYS[value] if isinstance(value, bool) else (_written(value).strip().casefold(),)
    for spelling in spellings:
        if spelling in by_text:
            return by_text[spelling]
    said = _written(value)
    near = difflib.get_close_matches(said.strip().casefold(), by_text, 1, 0.5)
    hint = f": did you mean {by_text[near[0]]!r}?" if near else "."
    raise BadArgument(
        f"{attribute.internal_name!r} can't be {said[:80]!r}{hint}",
        advice="It takes one of the options shown.",
        lines=options,
    )


def _digits(value: Any, *, whole: bool) -> str:
    if isinstance(value, bool):
        raise ValueError("nothing is guessed")
    found = number(value)
    if whole and not found.is_integer():
        raise ValueError("nothing is cut off")
    written = _written(value).strip()
    if _PLAIN.fullmatch(written) and not (whole and "." in written):
        return written
    return str(int(found)) if found.is_integer() else repr(found)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _kind(attribute: FormAttribute) -> str:
    return attribute.attribute_type.strip().casefold()


def _line(attribute: FormAttribute) -> str:
    label = attribute.display_name
    return f"{attribute.internal_name} ({label})" if label else attribute.internal_name
