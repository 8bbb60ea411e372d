"""From the signature of a tool to the schema that a model reads, and from a model's arguments to values.

The schema keeps to what every client understands: flat parameters, no `$ref`, no unions, no null, no type arrays.
Reading is generous where the meaning is plain (a number for an id, one value for a list, JSON text for an object,
null for "left out") and strict where it is not: an argument that a tool does not have is refused with the nearest.
"""

from __future__ import annotations

import difflib
import inspect
import json
import math
import re
import typing
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from tools.declare import Tool
from tools.errors import BadArgument

DRY_RUN = "dry_run"
CONFIRM = "confirm"
DEEPEST = 8
"""Levels of lists and objects within a value; the deepest that a tool wants has four."""
_GUARD_PARAMETERS: Mapping[str, tuple[Any, Any]] = {
    DRY_RUN: (bool, Field(default=False, description="Preview")),
    CONFIRM: (str, Field(default="", description="Approval code")),
}


def model(tool: Tool) -> type[BaseModel]:
    """The pydantic model of a tool's arguments; writing tools gain `dry_run` and `confirm`."""
    fields: dict[str, Any] = {}
    hints = typing.get_type_hints(tool.function, include_extras=True)
    for name, parameter in inspect.signature(tool.function).parameters.items():
        if name == "call":
            continue
        kind, description = hints[name], ""
        if typing.get_origin(kind) is Annotated:
            base, *extra = typing.get_args(kind)
            description = next((each for each in extra if isinstance(each, str)), "")
            rest = tuple(each for each in extra if not isinstance(each, str))
            kind = Annotated[(base, *rest)] if rest else base
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (kind, Field(default=default, description=description or None))
    if tool.writes:
        fields |= _GUARD_PARAMETERS
    config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    made: type[BaseModel] = create_model(f"{tool.name}_arguments", __config__=config, **fields)
    return made


def schema(arguments: type[BaseModel]) -> dict[str, Any]:
    """The input schema as published: as small as it can be without losing a word the model needs."""
    lean: dict[str, Any] = _lean(arguments.model_json_schema(), {})
    return lean


def read(arguments: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one call.

    Raises:
        BadArgument: naming every argument that is unknown or can't be used, and what would be right.
    """
    fields = arguments.model_fields
    problems = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in fields:
            near = difflib.get_close_matches(name, fields, 1)
            hint = f"did you mean `{near[0]}`?" if near else "it takes " + ", ".join(f"`{each}`" for each in fields)
            problems.append(f"there is no argument `{_short(name)}`: {hint}")
        elif value is not None:
            values[name] = _generous(fields[name].annotation, value)
            if reason := _unusable(values[name]):
                problems.append(f"`{name}` {reason}")
    try:
        checked = arguments.model_validate(values)
    except ValidationError as error:
        problems += [_explain(each) for each in error.errors(include_url=False)]
        checked = None
    if problems or checked is None:
        said = "; ".join(problem.rstrip("?") for problem in problems)
        raise BadArgument(f"Nothing was done: {said}.", advice="Correct the call and repeat it.")
    return {name: getattr(checked, name) for name in fields}


def _generous(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin is list:
        if isinstance(value, str):
            value = _json(value, list) if value.lstrip().startswith("[") else _one_or_ids(value)
        elif not isinstance(value, list):
            value = [value]
        (item,) = typing.get_args(kind)
        return [_generous(item, each) for each in value] if isinstance(value, list) else value
    if (origin is dict or kind is dict) and isinstance(value, str):
        return _json(value, dict)
    if kind is str and isinstance(value, bool):
        return "true" if value else "false"
    if kind is str and isinstance(value, float) and value.is_integer():
        return str(int(value))
    if origin is typing.Literal and isinstance(value, bool):
        value = "yes" if value else "no"
    if origin is typing.Literal and isinstance(value, str):
        return next((each for each in typing.get_args(kind) if str(each).casefold() == value.strip().casefold()), value)
    return value


def _json(value: str, kind: type) -> Any:
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return [value] if kind is list else value
    return read if isinstance(read, kind) else value


_BROKEN = re.compile("[\0\ud800-\udfff]")


def _unusable(value: Any, depth: int = 0) -> str:
    """What no system takes wherever it stands in a value, told before anything is sent; empty when there is nothing."""
    match value:
        case str() if _BROKEN.search(value):
            return "holds a NUL or half of a character: write the text anew"
        case float() if not math.isfinite(value):
            return "holds NaN or an infinite number"
        case int() if abs(value) >= 2**63:
            return "holds a number that is too large"
        case list() | dict() if depth == DEEPEST:
            return f"is nested more than {DEEPEST} levels deep"
        case list():
            return next((reason for each in value if (reason := _unusable(each, depth + 1))), "")
        case dict():
            return _unusable([*value, *value.values()], depth)
    return ""


def _one_or_ids(value: str) -> list[str]:
    parts = [part.strip() for part in value.split(",")]
    return parts if len(parts) > 1 and all(part.isdigit() for part in parts) else [value] if value.strip() else []


_WANTED = {
    "missing": "is required",
    "int_parsing": "must be a whole number, such as 20",
    "int_type": "must be a whole number, such as 20",
    "int_from_float": "must be a whole number, such as 20",
    "float_parsing": "must be a number, such as 2.5",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": 'must be a text, such as "Spring 2026"',
    "list_type": 'must be a list, such as ["5107", "Gold card cashback"]',
    "dict_type": 'must be an object, such as {"name": "value"}',
}


def _explain(error: Any) -> str:
    where = ".".join(_short(str(part)) for part in error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            wanted = f"must be at least {context['ge']}"
        case "less_than_equal":
            wanted = f"must be at most {context['le']}"
        case "literal_error":
            wanted = "must be one of " + context["expected"].removeprefix("'', ")
        case kind:
            wanted = _WANTED.get(kind, "can't be used: " + error["msg"].lower())
    return f"`{where}` {wanted}"


def _short(name: str) -> str:
    return "".join(each if each.isprintable() else " " for each in name)[:40]


def _lean(node: Any, definitions: Mapping[str, Any]) -> Any:
    definitions = node.get("$defs", definitions)
    if "$ref" in node:
        node = {**definitions[node["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in node.items() if k != "$ref"}}
    lean: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("$defs", "title") and not (key == "title" and isinstance(value, dict)):
            continue
        if key == "default" and (value in ("", None, False, [], {}) or "enum" in node):
            continue
        if key in ("additionalProperties", "minimum", "maximum"):
            # What is beyond them is refused with what would be right; said in advance they cost tokens in each.
            continue
        if key == "enum":
            value = [each for each in value if each != ""]
        if key == "properties":
            value = {name: _lean(each, definitions) for name, each in value.items()}
        elif key == "items":
            value = _lean(value, definitions)
        lean[key] = value
    return lean
