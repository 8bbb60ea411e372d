"""What the structures of profile tables and custom tables have alike, and values by their type."""

from __future__ import annotations

import math
from typing import Any

from upstream.record import Many, Record


class ValueRestriction(Record):
    """What values an attribute takes. Source: Actito, profile tables and custom tables."""

    min_length: int | None = None
    max_length: int | None = None
    accepted_values: Many[str] = []


def typed(value: Any, value_type: str) -> Any:
    """A value that came as text, in the type that the structure of its table says; what does not fit stays as it is.

    `value_type` is INTEGER, LONG, NUMBER, BOOLEAN or another, whose values are text; lists are read item by item. A
    moment stays text: its form is not documented.

    Source: contract (types that Actito prints; values that come back as strings). Inferred: BOOLEAN.
    """
    if isinstance(value, list):
        return [typed(each, value_type) for each in value]
    if not isinstance(value, str):
        return value
    said = value.strip()
    match value_type.upper():
        case "INTEGER" | "LONG":
            plain = said.removeprefix("-")
            return int(said) if plain.isascii() and plain.isdigit() and (plain == "0" or plain[0] != "0") else value
        case "NUMBER" | "DOUBLE" | "DECIMAL":
            try:
                number = float(said)
            except ValueError:
                return value
            return number if math.isfinite(number) else value
        case "BOOLEAN":
            return {"true": True, "false": False}.get(said.lower(), value)
    return value
