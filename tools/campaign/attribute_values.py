"""Attribute values as a person writes them, made into what the routes take; checked before anything is sent."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.columns import number
from tools.dates import as_text, read_moment
from tools.errors import BadArgument
from upstream.campaign.objects import AttributeMetadata, TypedAttributeInput


def as_inputs(
    values: Mapping[str, Any], known: Mapping[str, AttributeMetadata | None] | None, zone: ZoneInfo | None
) -> list[TypedAttributeInput]:
    """The values in the form in which they travel.

    With `known` definitions every name must be one of them (compared without regard to case), and every value must
    fit its type and options; without, values are taken as they are.

    Raises:
        BadArgument: an attribute that is not known, or a value that its definition does not take.
    """
    if known is None or zone is None:
        return [TypedAttributeInput.of(name, value) for name, value in values.items()]
    inputs = []
    for given, value in values.items():
        name = known_name(given, known)
        inputs.append(TypedAttributeInput.of(name, fit(name, value, known[name], zone)))
    return inputs


def known_name(given: str, known: Collection[str]) -> str:
    """The attribute that is meant, whatever the capitals.

    Raises:
        BadArgument: none of the known ones, with the nearest.
    """
    by_name = {name.casefold(): name for name in known}
    if found := by_name.get(given.strip().casefold()):
        return found
    near = difflib.get_close_matches(given.casefold(), by_name, 1)
    hint = f"did you mean {by_name[near[0]]!r}?" if near else "known are " + ", ".join(known)
    raise BadArgument(f"There is no attribute {given!r} here: {hint}")


def as_values(inputs: Sequence[TypedAttributeInput]) -> dict[str, Any]:
    """Name -> value of attributes that are ready to travel: one value as itself, several as a list, none as None."""
    return {
        each.name: None
        if not each.values_as_objects
        else each.values_as_objects[0]
        if len(each.values_as_objects) == 1
        else each.values_as_objects
        for each in inputs
    }


def fit(name: str, value: Any, definition: AttributeMetadata | None, zone: ZoneInfo) -> Any:
    """A value as its definition wants it; null or an empty text stands for no value.

    Raises:
        BadArgument: the value is not of the type, not one of the options, or too long.
    """
    if definition is None or value is None or value == "":
        return None if value == "" else value
    if isinstance(value, list):
        if definition.select_type_enum != "MULTIPLE_SELECT" and not definition.array and len(value) > 1:
            raise BadArgument(f"{name} takes one value, not {len(value)}.")
        return _once(fit(name, each, definition, zone) for each in value)
    options = [option.value for option in definition.options]
    if definition.select_type_enum in _SELECTED and options:
        if definition.type_enum == "CALENDAR":
            return _dated_option(name, value, options, definition.allow_add_options, zone)
        return _option(name, value, options, definition.allow_add_options)
    typed = _typed(name, value, definition.type_enum, zone)
    if isinstance(typed, str) and definition.maximum_length and len(typed) > definition.maximum_length:
        raise BadArgument(f"{name} takes at most {definition.maximum_length} characters; this has {len(typed)}.")
    return typed


def _once(values: Iterable[Any]) -> list[Any]:
    """Each value once: two spellings of an option are the same."""
    found: list[Any] = []
    for each in values:
        if each not in found:
            found.append(each)
    return found


def _option(name: str, value: Any, options: list[Any], open_ended: bool) -> Any:
    by_text = {str(each).casefold(): each for each in options}
    if (found := by_text.get(str(value).strip().casefold())) is not None:
        return found
    near = difflib.get_close_matches(str(value).casefold(), by_text, 1, _SLIP if open_ended else 0.6)
    if open_ended and not near:
        return value
    hint = f"did you mean {str(by_text[near[0]])!r}? " if near else ""
    advice = f"If it really is a new option, add it with attributes_define name={name}." if open_ended else ""
    takes = ", ".join(str(each) for each in options)
    raise BadArgument(f"{name} can't be {str(value)!r}: {hint}It takes {takes}.", advice=advice)


def _dated_option(name: str, value: Any, options: list[Any], open_ended: bool, zone: ZoneInfo) -> datetime:
    """A date that is one of the options, however it is written."""
    found = value if isinstance(value, datetime) else read_moment(str(value), zone)
    if found in options or open_ended:
        return found
    raise BadArgument(f"{name} can't be {str(value)!r}: it takes {listed(options, zone)}.")


def listed(options: Iterable[Any], zone: ZoneInfo) -> str:
    """The options with commas between, dates as people write them."""
    return ", ".join(as_text(each, zone) if isinstance(each, datetime) else str(each) for each in options)


def new_option_lines(
    known: Mapping[str, AttributeMetadata | None], values: Mapping[str, Any], zone: ZoneInfo
) -> list[str]:
    """Why to ask, for each attribute that gains an option by these values: every object has it then, and it stays."""
    lines = []
    for name, value in values.items():
        definition = known.get(name)
        if definition is not None and (new := _new_options(definition, value)):
            so_far, gained = listed((option.value for option in definition.options), zone), listed(new, zone)
            lines.append(f"{name} gets a new option for everybody, for good: {gained} (so far: {so_far}).")
    return lines


def _new_options(definition: AttributeMetadata, value: Any) -> list[Any]:
    options = [option.value for option in definition.options]
    if not options or definition.select_type_enum not in _SELECTED:
        return []
    values = value if isinstance(value, list) else [value]
    return [each for each in values if each is not None and each not in options]


def _typed(name: str, value: Any, kind: str, zone: ZoneInfo) -> Any:
    try:
        match kind:
            case "INTEGER":
                return _whole(value)
            case "DECIMAL" | "CURRENCY":
                return number(value)
            case "BOOLEAN":
                return value if isinstance(value, bool) else _TRUTH[str(value).strip().casefold()]
            case "CALENDAR":
                return value if isinstance(value, datetime) else read_moment(str(value), zone)
            case "TEXT":
                return str(value)
    except (TypeError, ValueError, KeyError):
        raise BadArgument(f"{name} can't be {str(value)!r}: it takes {_KINDS[kind]}.") from None
    return value


_SELECTED = ("SINGLE_SELECT", "MULTIPLE_SELECT")
_SLIP = 0.8
"""How alike a value and an option are when the value is rather a slip of the pen than a new option."""


def _whole(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError("nothing is cut off or guessed")
    return int(value)


_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_KINDS = {"INTEGER": "a whole number", "DECIMAL": "a number", "CURRENCY": "a number", "BOOLEAN": "true or false"}
