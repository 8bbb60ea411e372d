"""JSON in and out: a parser that only lets through what the stand-in can store, and fast building of JSON text."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
_DEEPEST = 64

quote: Callable[[str], str] = json.encoder.encode_basestring
"""A text as a JSON string; not ASCII-only, as Jackson writes it."""


def parse(text: str) -> Any:
    """The value of a JSON text. Raises ValueError, with a readable reason, for everything else.

    Refused beyond bad syntax: NaN and infinities, integers beyond 64 bits, lone surrogates, nesting deeper than 64.
    """
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=_constant)
        if text.count("[") + text.count("{") > _DEEPEST:
            _measure(value, _DEEPEST)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a surrogate pair") from None
    except RecursionError:
        raise ValueError(f"nested deeper than {_DEEPEST} levels") from None
    return value


def dump(value: Any) -> str:
    """Compact JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def scalar(value: object) -> str:
    """JSON text of one attribute value, by far the most frequent thing written: no general encoder for plain ones."""
    if isinstance(value, str):
        return quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return dump(value)


def _integer(text: str) -> int:
    if len(text) > 20 or not INT64_MIN <= int(text) <= INT64_MAX:
        raise ValueError(f"the number {text[:24]} does not fit into 64 bits")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:24]} is too large")
    return value


def _constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def _measure(value: Any, left: int) -> None:
    if left == 0:
        raise RecursionError
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _measure(item, left - 1)
