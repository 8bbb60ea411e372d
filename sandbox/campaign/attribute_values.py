"""Attribute values of objects: checked against their definitions on the way in, typed attributes on the way out.

Stored is one JSON object for each object, name to value or list of values; dates are stored in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.campaign.definitions import Definition, suits
from sandbox.campaign.work import Work
from sandbox.dates import Dialect
from sandbox.json_text import scalar
from sandbox.refusals import Refused, invalid

Typed = Mapping[str, Any]
"""A TypedAttribute of the contract, as read from a request."""


def given_values(attribute: Typed) -> list[Any]:
    """The values of a typed attribute on input, where either of the two fields is enough; 400 when they differ."""
    single, several = attribute.get("valueAsObject"), attribute.get("valuesAsObjects")
    if several is None:
        return [] if single is None else [single]
    values = [value for value in several if value is not None]
    if single is not None and (not values or values[0] != single):
        raise _bad(f"{attribute['name']}: valueAsObject and valuesAsObjects differ")
    return values


def typed(metadata: Mapping[str, Any], value: Any, dates: Dialect) -> Any:
    """A value in its stored form, if it is one of the type of the definition; else 400."""
    name, type_ = metadata["name"], metadata.get("typeEnum", "TEXT")
    match type_:
        case "TEXT":
            fits = isinstance(value, str)
            longest = metadata.get("maximumLength")
            if isinstance(value, str) and longest is not None and len(value) > longest:
                raise _bad(f"{name}: longer than {longest} characters")
        case "BOOLEAN":
            fits = isinstance(value, bool)
        case "INTEGER":
            fits = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
            value = int(value) if fits else value
        case "DECIMAL" | "CURRENCY":
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        case "CALENDAR":
            try:
                return dates.read(value)
            except ValueError as error:
                raise _bad(f"{name}: {error}") from None
        case _:
            fits = isinstance(value, dict)
    if not fits:
        raise _bad(f"{name}: {json_text.dump(value)[:60]} is no {type_} value")
    return value


def read(work: Work, attributes: Iterable[Typed], owner: str) -> dict[str, Any]:
    """The values to store for an object of a kind; 400 for an attribute that is not defined or a value that can't be.

    A value outside the options becomes an option where the definition says `allowAddOptions`.
    """
    values: dict[str, Any] = {}
    for attribute in attributes:
        definition = required_definition(work, attribute["name"], owner)
        if definition.name in values:
            raise _bad(f"{definition.name} is given twice")
        values[definition.name] = read_one(work, definition, given_values(attribute))
    return values


def required_definition(work: Work, name: str, owner: str) -> Definition:
    """The definition of an attribute that an object of a kind may have; else 400."""
    definition = work.definitions.find(name)
    if definition is None:
        raise _bad(f"No attribute is defined with the name {name[:60]!r}")
    if not suits(definition.component, owner):
        raise _bad(f"{definition.name} is an attribute of {definition.component}, not of {owner}")
    return definition


def read_one(work: Work, definition: Definition, given: list[Any]) -> Any:
    """The stored form of the values for one attribute."""
    metadata = definition.metadata
    if metadata.get("generated") or metadata.get("accessTypeEnum") == "READ_ONLY":
        raise _bad(f"{definition.name} can't be set: it is {'generated' if metadata.get('generated') else 'read-only'}")
    values = [typed(metadata, value, work.dates) for value in given]
    if not values and definition.needed:
        raise _bad(f"{definition.name} needs a value")
    if len(values) > 1 and not definition.several:
        raise _bad(f"{definition.name} takes one value, not {len(values)}")
    strange = [value for value in values if definition.options and value not in definition.options]
    if strange and not metadata.get("allowAddOptions"):
        options = ", ".join(map(str, definition.options))
        raise _bad(f"{definition.name}: {strange[0]!r} is not one of the options {options}")
    if strange:
        added = [{"value": v, "displayName": str(v), "description": "", "isDefault": False} for v in strange]
        work.definitions.replace(definition, {**metadata, "options": [*metadata["options"], *added]})
    if definition.several:
        return values
    return values[0] if values else None


def text(work: Work, stored: str) -> str:
    """JSON text of the `attributes` of an object, an array of typed attributes that embed their definitions."""
    if stored == "{}":
        return "[]"
    return array(work, json_text.parse(stored))


def array(work: Work, values: Mapping[str, Any]) -> str:
    """JSON text of typed attributes from stored values; those whose definition is gone are left out."""
    parts = []
    for name, value in values.items():
        definition = work.definitions.find(name)
        if definition is not None:
            items = value if isinstance(value, list) else [] if value is None else [value]
            if definition.type == "CALENDAR":
                items = [work.moment(item) for item in items]
            written = [scalar(item) for item in items]
            first = written[0] if written else "null"
            parts.append(f'{definition.head}"valueAsObject":{first},"valuesAsObjects":[{",".join(written)}]}}')
    return f"[{','.join(parts)}]"


def _bad(message: str) -> Refused:
    return invalid(message, "INVALID_ATTRIBUTE")
