"""What each kind of switch takes: functions that return the checked value or raise ValueError with what it takes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox import clock, contract
from sandbox.faults import Fault

HEADER_NAMES = (
    "m_user_name",
    "m_user_password",
    "m_tokenId",
    "api_auth_mode",
    "f_userId",
    "f_clientId",
    "f_spId",
    "f_tokenId",
)
"""Headers of the documented authentication (notes, section 2); each can be renamed."""

_PLACES = ("query", "form", "header")


def boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("takes true or false")
    return value


def seconds(value: Any) -> float:
    """A number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("takes a number of seconds, 0 or more")
    return float(value)


def optional_seconds(value: Any) -> float | None:
    """A number of seconds, or None."""
    return None if value is None else seconds(value)


def share(value: Any) -> float:
    """A part of one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("takes a number from 0 to 1")
    return float(value)


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ValueError("takes a list of texts")
    return tuple(value)


def endings(value: Any) -> tuple[str, ...]:
    """Endings of file names, without their dot."""
    return tuple(text.lower().removeprefix(".") for text in texts(value))


def number_of_bytes(value: Any) -> int:
    """A number of bytes."""
    if type(value) is not int or value < 0:
        raise ValueError("takes a number of bytes, 0 or more")
    return value


def day(value: Any) -> str:
    """A day that a clock can be set to, or an empty text."""
    if not isinstance(value, str):
        raise ValueError("takes a day such as 2026-03-02, or an empty text")
    return clock.check_day(value)


def time_zone(value: Any) -> str:
    """The IANA name of a time zone."""
    if not isinstance(value, str):
        raise ValueError("takes the name of a time zone such as Europe/Brussels")
    clock.zone(value)
    return value


def count(value: Any) -> int:
    """How many of something."""
    if type(value) is not int or value < 0:
        raise ValueError("takes a whole number, 0 or more")
    return value


def names_or_ids(value: Any) -> tuple[str, ...]:
    """Names and ids, as texts."""
    if not isinstance(value, list | tuple) or not all(type(item) in (str, int) for item in value):
        raise ValueError("takes a list of names and ids")
    return tuple(str(item) for item in value)


def systems(value: Any) -> tuple[str, ...]:
    """Names of Unica systems."""
    systems = texts(value)
    known = (contract.PLATFORM, contract.CAMPAIGN, contract.COLLABORATE)
    if not set(systems) <= set(known):
        raise ValueError(f"takes a list out of {', '.join(known)}")
    return systems


def one_of(*choices: str) -> Callable[[Any], str]:
    """A check for one of some words."""

    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"takes one of {', '.join(choices)}")
        return str(value)

    return check


def headers(value: Any) -> Mapping[str, str]:
    """Documented headers and what they are called instead."""
    if not isinstance(value, Mapping):
        raise ValueError("takes an object of documented header and other name")
    for name, other in value.items():
        if name not in HEADER_NAMES:
            raise ValueError(f"unknown header {name!r}; there are: {', '.join(HEADER_NAMES)}")
        if not isinstance(other, str) or not other:
            raise ValueError(f"the other name of {name!r} must be a text")
    return dict(value)


def renames(value: Any) -> Mapping[str, Mapping[str, Any]]:
    """Changes of routes by operationId."""
    if not isinstance(value, Mapping):
        raise ValueError("takes an object of operationId and changes")
    operations = contract.load().operations
    if any(operation_id not in operations for operation_id in value):
        operations = {**contract.load_actito().operations, **operations}
    for operation_id, change in value.items():
        if operation_id not in operations:
            raise ValueError(f"unknown operation {operation_id!r}")
        if not isinstance(change, Mapping):
            raise ValueError(f"{operation_id} takes an object")
        _rename(operations[operation_id], change)
    return {operation_id: dict(change) for operation_id, change in value.items()}


def _rename(operation: contract.Operation, change: Mapping[str, Any]) -> None:
    unknown = set(change) - {"method", "path", "fields", "response_fields"}
    if unknown:
        raise ValueError(f"{operation.operation_id}: unknown key {sorted(unknown)[0]!r}")
    for key in ("method", "path"):
        if not isinstance(change.get(key, ""), str):
            raise ValueError(f"{operation.operation_id}: {key} must be a text")
    if not str(change.get("path", "/")).startswith("/"):
        raise ValueError(f"{operation.operation_id}: path must begin with /")
    path = str(change.get("path", operation.path))
    if sorted(re.findall(r"\{.*?\}", path)) != sorted(re.findall(r"\{.*?\}", operation.path)):
        raise ValueError(f"{operation.operation_id}: path must have the same parameters as {operation.path}")
    for key in ("fields", "response_fields"):
        if not isinstance(change.get(key, {}), Mapping):
            raise ValueError(f"{operation.operation_id}: {key} takes an object")
    known = {field.name: field for field in operation.fields}
    for name, target in change.get("fields", {}).items():
        if name not in known:
            raise ValueError(f"{operation.operation_id} has no field {name!r}; it has: {', '.join(known) or 'none'}")
        if not isinstance(target, Mapping) or not set(target) <= {"name", "place"}:
            raise ValueError(f"{operation.operation_id}.{name} takes an object with 'name' and 'place'")
        if not isinstance(target.get("name", ""), str) or target.get("place", "query") not in _PLACES:
            raise ValueError(f"{operation.operation_id}.{name}: 'place' is one of {', '.join(_PLACES)}")
        if known[name].place == "path":
            raise ValueError(f"{operation.operation_id}.{name} is part of the path; change 'path' instead")
    for name, other in change.get("response_fields", {}).items():
        if not isinstance(other, str):
            raise ValueError(f"{operation.operation_id}: the other name of answer field {name!r} must be a text")


def faults(value: Any) -> tuple[Mapping[str, Any], ...]:
    """Faults as `Fault.read` takes them."""
    if not isinstance(value, list | tuple):
        raise ValueError("takes a list of faults")
    for item in value:
        Fault.read(item)
    return tuple(dict(item) for item in value)
