"""The keys that settings have, drawn from the models, and the nearest of them to one that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from mcp_server.settings.model import Settings
from mcp_server.settings.problems import Problem, nearest
from mcp_server.settings.values import hidden

PREFIX = "CAMPAIGN_MCP_"
DELIMITER = "__"
FILE_VARIABLE = "CAMPAIGN_MCP_SETTINGS_FILE"

Path = tuple[str, ...]


def variable(path: Path) -> str:
    """The environment variable of a key, such as CAMPAIGN_MCP_UNICA__URL."""
    return PREFIX + DELIMITER.join(part.upper() for part in path)


def known_keys(model: type[BaseModel] = Settings, before: Path = ()) -> Iterator[Path]:
    """Every key with a name of its own; keys inside mappings are the operator's names and left out."""
    for name, field in model.model_fields.items():
        inner = model_within(field.annotation)
        if inner is None:
            yield (*before, name)
        else:
            yield from known_keys(inner, (*before, name))


def model_within(shape: Any) -> type[BaseModel] | None:
    """The model that a field holds, optional or not; None for any other field."""
    for each in () if get_origin(shape) is dict else (shape, *get_args(shape)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def is_table(shape: Any) -> bool:
    """Whether a field holds further keys, of a model or of a mapping."""
    return model_within(shape) is not None or get_origin(shape) is dict


def step(shape: Any, key: str) -> tuple[str, Any] | None:
    """The name of a key as the models have it, and the shape of its value; None when there is no such key.

    Keys of models are known in any letter case; keys of mappings are kept as they are written.
    """
    model = model_within(shape)
    if model is not None:
        field = model.model_fields.get(key.casefold())
        return (key.casefold(), field.annotation) if field is not None else None
    if get_origin(shape) is dict:
        return key, get_args(shape)[1]
    return None


def sift(given: Mapping[str, Any], shape: Any = Settings, before: str = "") -> tuple[dict[str, Any], list[Problem]]:
    """The keys of a table that exist, by their names in the models, and a problem for each that does not.

    `before` is what the person wrote to get to this table, such as `unica.`.
    """
    kept: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in given.items():
        found = step(shape, key)
        if found is None:
            known = [".".join(path) for path in known_keys()]
            problems.append(unknown(before + key, [*known, *(before + name for name in _names(shape))]))
            continue
        name, inner = found
        if isinstance(value, Mapping) and is_table(inner):
            value, more = sift(value, inner, f"{before}{key}.")
            problems += more
        kept[name] = hidden(value)
    return kept, problems


def unknown(written: str, known: Sequence[str]) -> Problem:
    """The problem of a key that does not exist, with the nearest that does."""
    short = {each.removeprefix(PREFIX): each for each in known}
    close = nearest(written.upper().removeprefix(PREFIX) if written.upper().startswith(PREFIX) else written, short)
    return Problem(
        written, "unknown key", f"Did you mean {short[close]}?" if close else "campaign-mcp settings lists all keys"
    )


def _names(shape: Any) -> Sequence[str]:
    model = model_within(shape)
    return list(model.model_fields) if model else []
