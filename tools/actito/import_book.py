"""Imports as people call and read them: definitions (ETL), executions, states in words, counts, errors by kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tools.actito.definition_words import speaks_of
from tools.actito.privacy import without_people
from tools.call import Call
from tools.errors import Ambiguous, UnknownName
from tools.nearest import nearest
from upstream.actito.imports import Etl, EtlExecution, GetEtl, GetEtlExecution, ListEtlExecutions, ListEtls
from upstream.errors import NotFound, Refused
from upstream.zones import local

ROUTES = (ListEtls, GetEtl, ListEtlExecutions, GetEtlExecution)
"""The routes that finding definitions and executions may take."""

TYPES: Mapping[str, str] = {
    "SCHEDULED": "by a schedule",
    "TRIGGERED": "by a file",
    "TRIGGERED_BY_API": "by the API",
}
"""What starts the executions of a definition. Source: Actito, ETL for profile and custom tables."""

UNDER_WAY: Mapping[str, str] = {"PENDING": "waiting", "RUNNING": "running"}
"""States before the end. Inferred."""

ENDS: Mapping[str, str] = {"SUCCESS": "succeeded", "WITH_ERROR": "with errors", "FAILED": "failed"}
"""States in the end. Source: Actito, webhook triggers. Inferred: FAILED."""

PER_DAY = 24
"""Executions that are triggered or one-shot, for a licence. Source: Actito, change log of 2026-02."""

ONE_SHOT = "one-shot import"

_WRONG = ("error", "reject")
_MESSAGE = ("message", "error", "reason", "description", "detail")
"""Words by which the fields of a loading are known. Inferred."""


@dataclass(frozen=True)
class Loading:
    """What an execution loaded into one table. Inferred throughout: nobody has documented a loading.

    `rows` and `in_error` are counts, None where none was found; `errors` are pairs of line (None where it has none)
    and message; `more` is whatever else was answered.
    """

    table: str
    rows: int | None
    in_error: int | None
    errors: Sequence[tuple[Any, str]]
    more: Mapping[str, Any]

    @classmethod
    def of(cls, answered: Mapping[str, Any]) -> Loading:
        rest = dict(answered)
        tables = [name for name, value in rest.items() if isinstance(value, str) and speaks_of(name, "table")]
        table = rest.pop(tables[0]) if tables else ""
        wrong = next((name for name, value in rest.items() if _counts(value) and speaks_of(name, *_WRONG)), "")
        in_error = rest.pop(wrong, None)
        right = next((name for name, value in rest.items() if _counts(value) and speaks_of(name, "row", "line")), "")
        rows = rest.pop(right, None)
        lists = [name for name, value in rest.items() if isinstance(value, list) and speaks_of(name, *_WRONG)]
        errors = [_error(each) for name in lists for each in rest.pop(name)]
        return cls(table, rows, in_error, errors, rest)

    def __str__(self) -> str:
        counts = [] if self.rows is None else [f"{self.rows:,} rows"]
        counts += [] if self.in_error is None else [f"{self.in_error:,} in error"]
        return ": ".join(each for each in (self.table, ", ".join(counts)) if each)


def loadings_of(execution: EtlExecution) -> list[Loading]:
    """What an execution loaded, table by table."""
    return [Loading.of(each.model_extra or {}) for each in execution.loadings]


def total(counts: Iterable[int | None]) -> int | None:
    """The sum of the counts that are known; None where none is."""
    known = [each for each in counts if each is not None]
    return sum(known) if known else None


def errors_in_groups(loadings: Sequence[Loading], *, whole: bool) -> list[dict[str, Any]]:
    """The errors as rows, alike ones together, the most frequent first. Values of people are masked unless `whole`."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for loading in loadings:
        for line, message in loading.errors:
            said = message if whole else without_people(message)
            groups.setdefault((loading.table, said), []).append(line)
    rows = [
        {
            "name": message,
            "table": table or None,
            "rows": len(lines),
            "lines": [each for each in lines if each is not None][:20],
        }
        for (table, message), lines in groups.items()
    ]
    return sorted(rows, key=lambda row: -row["rows"])


def state_of(execution: EtlExecution) -> str:
    """The state in words; one that is not known here as it came."""
    said = execution.status.upper()
    return UNDER_WAY.get(said) or ENDS.get(said) or execution.status.replace("_", " ").lower() or "not said"


def type_of(definition: Etl) -> str:
    """What starts the executions of a definition, in words."""
    return TYPES.get(definition.type.upper(), definition.type.replace("_", " ").lower())


def latest_first(executions: Iterable[EtlExecution]) -> list[EtlExecution]:
    """Executions by when they began, those first that have not begun; the order of Actito's list is not documented."""

    def when(execution: EtlExecution) -> tuple[bool, float, int]:
        began = execution.start_moment
        number = int(execution.id) if execution.id.isascii() and execution.id.isdigit() else 0
        return began is None, began.timestamp() if isinstance(began, datetime) else 0.0, number

    return sorted(executions, key=when, reverse=True)


def counted_today(
    executions: Iterable[EtlExecution], definitions: Mapping[str, Etl], today: datetime
) -> tuple[list[EtlExecution], int]:
    """The executions of that day (in the zone of `today`) that count for the limit: all but those by a schedule.

    Behind them, of how many more the day could not be understood.
    """
    found: list[EtlExecution] = []
    unclear = 0
    for each in executions:
        began = each.start_moment
        known = definitions.get(each.etl_id)
        if known is not None and known.type.upper() == "SCHEDULED":
            continue
        unclear += isinstance(began, str)
        if isinstance(began, datetime) and local(began, today.tzinfo or UTC).date() == today.date():
            found.append(each)
    return found, unclear


async def definition_of(call: Call, entity: str, reference: str) -> Etl:
    """The definition that is meant, by name or id, with all that Actito answers of it.

    Raises:
        UnknownName: the entity has none of this name or id, with the nearest.
        Ambiguous: several have this name.
        UpstreamError: it could not be read.
    """
    wanted = reference.strip()
    if wanted.isascii() and wanted.isdigit():
        try:
            return await call.send(GetEtl(entity=entity, etl_id=wanted))
        except (NotFound, Refused):
            # The list tells a wrong number from a name that is all digits, and raises where nothing may be read.
            pass
    listed = await call.send(ListEtls(entity=entity))
    exact = [each for each in listed if each.name == wanted]
    found = exact or [each for each in listed if wanted and each.name.casefold() == wanted.casefold()]
    if len(found) > 1:
        raise Ambiguous(
            f"{len(found)} definitions of imports are called {wanted[:60]!r}.",
            advice="Give the id of the one that is meant.",
            lines=[_line(each) for each in found],
        )
    if not found:
        by_name = {each.name: each for each in listed}
        near = [_line(by_name[name]) for name in nearest(wanted, by_name)]
        raise UnknownName(
            f"{entity} has no definition of an import {wanted[:60]!r}.",
            advice="The nearest are shown." if near else 'actito_imports_find with what="definitions" lists them.',
            lines=near,
        )
    return await call.send(GetEtl(entity=entity, etl_id=found[0].id)) if found[0].id else found[0]


def _line(definition: Etl) -> str:
    return f"{definition.name} (id {definition.id}, started {type_of(definition) or 'in a way that is not said'})"


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _error(item: Any) -> tuple[Any, str]:
    if not isinstance(item, dict):
        return None, str(item)
    lines = [value for name, value in item.items() if _counts(value) and speaks_of(name, "line", "row", "number")]
    texts = [value for name, value in item.items() if isinstance(value, str) and speaks_of(name, *_MESSAGE)]
    said = texts[0] if texts else json.dumps(item, ensure_ascii=False, default=str)
    return lines[0] if lines else None, said
