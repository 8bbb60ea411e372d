"""Which projects are meant: conditions on kind, state and template in a person's words, and on the rest as it is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tools.call import Call
from tools.collaborate.kinds import NAMES, kind_of
from tools.collaborate.project_book import COLUMNS, STATES
from tools.collaborate.template_book import TemplateBook
from tools.columns import Condition, Conditions, conditions
from tools.errors import BadArgument

_SIGNED = re.compile(r"(!=|=)?\s*([^<>=!*][^*]*)", re.DOTALL)
"""What is a word or a name: patterns and comparisons of size are left as they are."""


async def project_conditions(call: Call, where: Mapping[str, Any]) -> Conditions:
    """Whether the row of a project meets all of `where`; templates by name, id or code.

    Raises:
        BadArgument: a column, kind or state that projects don't have.
        UnknownName, Ambiguous: of a template.
    """
    told: list[Condition] = []
    rest: dict[str, Any] = {}
    for name, value in where.items():
        column = name.strip().casefold()
        parts = [
            _SIGNED.fullmatch("" if each is None else str(each).strip())
            for each in (value if isinstance(value, list) else [value])
        ]
        if column not in ("kind", "state", "template") or not parts or not all(parts):
            rest[name] = value
            continue
        tests = [(part[1] == "!=", await _meant(call, column, part[2])) for part in parts if part]
        told.append(_any_of(column, tests))
    return conditions(rest, COLUMNS, call.time_zone, told)


def _any_of(column: str, tests: Sequence[tuple[bool, frozenset[Any]]]) -> Condition:
    """Whether the column has, or where a test begins with != has not, one of the values."""
    return lambda row: any((row[column] in values) != but for but, values in tests)


async def _meant(call: Call, column: str, words: str) -> frozenset[Any]:
    """The values of a column that these words mean."""
    if column == "kind":
        kind = kind_of(words)
        return frozenset([NAMES[kind]] if kind else NAMES.values())
    if column == "state":
        return states_of(words) or frozenset([*STATES.values(), None])
    return frozenset([(await call.kept(TemplateBook).one(call, words)).template_db_id])


_ALSO: Mapping[str, tuple[str, ...]] = {
    "cancelled": ("canceled",),
    "cancel": ("canceled",),
    "running": ("in progress",),
    "active": ("in progress",),
    "started": ("in progress",),
    "on hold": ("paused",),
    "new": ("not started",),
    "waiting": ("not started",),
    "done": ("finished",),
    "completed": ("finished",),
    "ended": ("finished", "canceled"),
    "over": ("finished", "canceled"),
    "closed": ("finished", "canceled"),
    "open": ("not started", "in progress", "paused"),
}


def states_of(said: str) -> frozenset[str] | None:
    """The states that these words mean, several with commas between; None for any.

    Raises:
        BadArgument: there is no such state.
    """
    found: set[str] = set()
    for part in said.split(","):
        words = " ".join(part.replace("_", " ").replace("-", " ").casefold().split())
        if words in STATES.values():
            found.add(words)
        elif words in _ALSO:
            found |= set(_ALSO[words])
        elif words not in ("", "any", "all"):
            near = difflib.get_close_matches(words, [*STATES.values(), *_ALSO], 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(STATES.values())}."
            raise BadArgument(f"{part[:40]!r} is no state of a project: {hint}")
    return frozenset(found) or None
