"""An attribute of a table as a person describes it in words, and as Actito is told it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tools.actito.table_structure import TECHNICAL, Kind
from tools.errors import BadArgument
from tools.nearest import nearest

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")

VALUE_TYPES: Mapping[str, str] = {
    "string": "STRING",
    "text": "STRING",
    "integer": "INTEGER",
    "long": "LONG",
    "number": "NUMBER",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
}
"""Words for types of values. Printed by Actito: STRING, INTEGER, TIMESTAMP, LONG, NUMBER; the others are inferred."""

PREDEFINED: Mapping[str, str] = {
    "email": "EMAIL_ADDRESS",
    "last name": "LASTNAME",
    "first name": "FIRSTNAME",
    "birth date": "BIRTHDATE",
    "sex": "SEX",
    "language": "MOTHER_LANGUAGE",
}
"""Words for what an attribute of a profile can mean to Actito. Source: Actito, profile tables."""

FLAGS: Mapping[str, str] = {
    "unique": "unique",
    "mandatory": "mandatory",
    "several": "multiValued",
    "indexed": "indexed",
}
LIMITS: Mapping[str, str] = {"accepted": "acceptedValues", "shortest": "minLength", "longest": "maxLength"}


def technical_name(name: str, what: str) -> str:
    """The name itself.

    Raises:
        BadArgument: it is no technical name (letters, digits and underscores; inferred for tables and attributes).
    """
    said = name.strip()
    if not NAME.fullmatch(said):
        raise BadArgument(f"{said[:60]!r} can't name a {what}: use letters, digits and underscores, a letter first.")
    return said


def attribute_input(name: str, said: Any, kind: Kind) -> dict[str, Any]:
    """An attribute as Actito is told it, from words such as `email, unique, mandatory`, or from an object.

    An object has `type` (such words), `unique`, `mandatory`, `several`, `indexed`, `accepted` (texts), `shortest`,
    `longest`; one with `valueType` is taken as Actito writes it.

    Raises:
        BadArgument: it is none of these, with what would do.
    """
    called = technical_name(name, "attribute")
    if kind is Kind.PROFILES and called in TECHNICAL:
        raise BadArgument(f"{called} is an attribute of every profile table, written by Actito itself.")
    if isinstance(said, Mapping) and "valueType" in said:
        return {**said, "name": called}
    given = dict(said) if isinstance(said, Mapping) else {"type": said}
    words = given.pop("type", "string")
    if not isinstance(words, str):
        raise BadArgument(f"{called}: describe it in words, such as 'string, mandatory'.")
    made: dict[str, Any] = {"name": called}
    for word in (each.strip().lower().replace("_", " ") for each in words.split(",") if each.strip()):
        _put(made, called, word, kind)
    for flag, value in given.items():
        _set(made, called, flag, value)
    if kind is Kind.PROFILES:
        made = {"type": "CUSTOM", **made}
    elif "multiValued" in made:
        raise BadArgument(f"{called}: an attribute of a custom table has one value.")
    if made.get("type", "CUSTOM") == "CUSTOM":
        made.setdefault("valueType", "STRING")
    return made


def attribute_words(made: Mapping[str, Any]) -> str:
    """An attribute as Actito is told it in words for a person."""
    kind = made.get("type", "CUSTOM")
    said = str(made.get("valueType", "") if kind == "CUSTOM" else kind).lower().replace("_", " ")
    flags = [word for word, name in FLAGS.items() if made.get(name) is True]
    restriction = made.get("valueRestriction")
    limits = [
        f"{word} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for word, name in LIMITS.items()
        if (value := restriction.get(name) if isinstance(restriction, Mapping) else None) is not None
    ]
    return f"{made['name']}: {', '.join([said, *flags])}" + "".join(f"; {each}" for each in limits)


def _put(made: dict[str, Any], called: str, word: str, kind: Kind) -> None:
    predefined = PREDEFINED if kind is Kind.PROFILES else {}
    if word in FLAGS:
        made[FLAGS[word]] = True
    elif word in predefined and "valueType" not in made:
        made["type"] = predefined[word]
    elif word in VALUE_TYPES and "type" not in made:
        made["valueType"] = VALUE_TYPES[word]
    else:
        known = [*VALUE_TYPES, *predefined, *FLAGS]
        near = nearest(word, known)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}."
        if word.split(" ")[0] in LIMITS:
            hint = 'write {"type": "string", "longest": 10}.'
        raise BadArgument(f"{called}: {word[:40]!r} says nothing of an attribute here: {hint}")


def _set(made: dict[str, Any], called: str, name: str, value: Any) -> None:
    if name in FLAGS and isinstance(value, bool):
        made[FLAGS[name]] = value
    elif name in LIMITS and (_texts(value) if name == "accepted" else type(value) is int and value >= 0):
        made.setdefault("valueRestriction", {})[LIMITS[name]] = value
    else:
        known = "type, unique, mandatory, several, indexed (true or false), accepted (texts), shortest, longest"
        raise BadArgument(f"{called}: {name!r} can't be used so. Known are {known}.")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
