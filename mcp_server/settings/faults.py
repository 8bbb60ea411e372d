"""From the findings of the models to words: the key as the person wrote it, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from mcp_server.settings.problems import Clash, Problem, Wrong

Path = tuple[str, ...]
Writer = Callable[[Path], str]


def faults(error: ValidationError, written: Writer) -> list[Problem]:
    """A problem for each finding; `written` gives the key of a path as the person wrote it, or would write it."""
    problems: list[Problem] = []
    for finding in error.errors(include_url=False, include_input=False):
        if finding["type"] == "default_factory_not_called":
            continue
        path = tuple(str(part) for part in finding["loc"])
        cause = finding.get("ctx", {}).get("error")
        if isinstance(cause, Clash):
            problems += [Problem(written((*path, *below)), what, instead) for below, what, instead in cause.findings]
        elif isinstance(cause, Wrong):
            problems.append(Problem(written(path), cause.what, cause.instead))
        else:
            problems.append(Problem(written(path), *_words(finding["type"], finding.get("ctx", {}))))
    return problems


def _words(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    match kind:
        case "literal_error":
            words = str(context["expected"]).replace("'", "")
            also = "; true, false, 1 and 0 do as well" if "yes" in words else ""
            return "not one of the words it can be", f"Write {words}{also}"
        case "bool_parsing" | "bool_type":
            return "neither true nor false", "Write true or false; yes, no, on, off, 1 and 0 do as well"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            name = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}[kind]
            bound = f"{context[name]:g}"
            return "outside its limits", f"Write a number {_BOUNDS[name]} {bound}"
        case "too_short":
            return "empty", "Name at least one"
        case "string_type" | "string_sub_type":
            return "not a text", "Write it in quotation marks"
        case "list_type":
            return "not a list", 'Write ["a", "b"], or in a variable a,b'
        case "dict_type" | "model_type" | "model_attributes_type":
            return "not a table", 'Write a table, or in a variable JSON such as {"key": "value"}'
        case _ if kind.startswith(("float", "int", "finite")):
            return "not a number it can be", "Write a whole number" if kind.startswith("int") else "Write a number"
    return f"not usable ({kind})", "campaign-mcp settings says what it can be"


_BOUNDS = {"gt": "above", "ge": "of at least", "lt": "below", "le": "of at most"}
