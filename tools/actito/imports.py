"""Finding imports: definitions, executions with their errors, and the outcome of v4 imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

from anyio import to_thread

from tools.actito import entity_book, import_book, import_reports
from tools.actito.entity_book import OfEntity, entity_of
from tools.actito.import_book import (
    ENDS,
    ONE_SHOT,
    definition_of,
    errors_in_groups,
    latest_first,
    loadings_of,
    state_of,
    total,
    type_of,
)
from tools.actito.import_reports import Member
from tools.actito.privacy import without_people
from tools.call import Call
from tools.columns import choose
from tools.declare import finds
from tools.errors import BadArgument, UnknownName
from tools.listing import Listing, paged
from tools.names import is_id
from tools.parameters import PAGE, Cursor, Fields
from upstream.actito.imports import (
    Etl,
    EtlExecution,
    GetEtl,
    GetEtlExecution,
    GetImportResultFileV4,
    GetImportResultV4,
    ImportResult,
    ListEtlExecutions,
    ListEtls,
)
from upstream.date_text import taken_apart
from upstream.errors import NotFound, Refused, UpstreamError

DEFINITIONS = ("name", "id", "starts", "active", "settings")
EXECUTIONS = ("name", "id", "state", "started", "ended", "rows", "in_error", "loaded", "definition_id", "more")
EXECUTIONS_SHOWN = ("name", "id", "state", "started", "rows", "in_error")
ERRORS = ("name", "table", "rows", "lines", "message")
ERRORS_SHOWN = ("name", "table", "rows", "lines")

_MASKED = "Addresses, long numbers and quoted values are masked; fields={} shows them."


@finds(*import_book.ROUTES, GetImportResultV4, GetImportResultFileV4, *entity_book.ROUTES, title="Find imports")
async def actito_imports_find(
    call: Call,
    what: Annotated[Literal["executions", "definitions", "v4"], "Kind"] = "executions",
    item: Annotated[str, "Id or name of one"] = "",
    state: Annotated[Literal["", "running", "succeeded", "with errors", "failed"], "State"] = "",
    entity: OfEntity = "",
    fields: Fields = [],
    cursor: Cursor = "",
) -> Listing:
    """Find imports: executions with errors, definitions (ETL), or a v4 import by id."""
    wanted = item.strip()
    question = {"tool": "actito_imports_find", "what": [what, wanted, state, entity, fields]}

    async def look() -> Listing:
        where = await entity_of(call, entity)
        if state and wanted and what != "definitions":
            raise BadArgument("A state narrows a list: leave it out where item names one.")
        if what == "v4":
            return await _old_import(call, where, _number(wanted), fields)
        if what == "definitions" and wanted:
            return await _one_definition(call, where, wanted, state, fields)
        if what == "definitions":
            return await _definitions(call, where, state, fields)
        if wanted:
            return await _one_execution(call, where, wanted, fields)
        return await _executions(call, where, state, fields)

    return await paged(call, question, cursor, PAGE, look)


def _number(item: str) -> int:
    if not is_id(item):
        raise BadArgument("Actito lists no imports of v4: give the number of one, as its start answered it, in item.")
    return int(item)


async def _definitions(call: Call, entity: str, state: str, fields: list[str]) -> Listing:
    if state:
        raise BadArgument("A state is for executions; a definition is active or not.")
    listed = await call.send(ListEtls(entity=entity))
    shown = choose(fields, DEFINITIONS, DEFINITIONS[:-1])
    rows = [_definition_row(each, whole="settings" in shown) for each in listed]
    return Listing("import definitions", rows, shown, DEFINITIONS, len(rows))


async def _executions(call: Call, entity: str, state: str, fields: list[str]) -> Listing:
    listed = await call.send(ListEtlExecutions(entity=entity))
    notes: list[str] = []
    try:
        names = {each.id: each.name for each in await call.send(ListEtls(entity=entity))}
    except UpstreamError as error:
        names = {}
        notes.append(f"The names of the definitions could not be read ({error.code}), so their ids stand there.")
    rows = [_execution_row(each, names) for each in latest_first(listed) if _in_state(each, state)]
    return Listing("executions", rows, choose(fields, EXECUTIONS, EXECUTIONS_SHOWN), EXECUTIONS, len(rows), notes=notes)


async def _one_definition(call: Call, entity: str, reference: str, state: str, fields: list[str]) -> Listing:
    found = await definition_of(call, entity, reference)
    notes: list[str] = []
    try:
        listed = await call.send(ListEtlExecutions(entity=entity))
    except UpstreamError as error:
        listed = []
        notes.append(f"Its executions could not be listed: {error}")
    rows = [
        _execution_row(each, {found.id: found.name})
        for each in latest_first(listed)
        if each.etl_id == found.id and _in_state(each, state)
    ]
    columns = (*EXECUTIONS, "settings")
    asked = choose(fields, columns, EXECUTIONS_SHOWN)
    shown = [each for each in asked if each != "settings"]
    about = _definition_row(found, whole="settings" in asked)
    if about["settings"] and "settings" not in asked:
        notes.append(_MASKED.format('["settings"]'))
    counts = f"Import definition with {len(rows)} execution{'' if len(rows) == 1 else 's'}"
    return Listing("executions", rows, shown, columns, len(rows), notes=notes, about=about, counts=counts)


async def _one_execution(call: Call, entity: str, reference: str, fields: list[str]) -> Listing:
    try:
        found = await call.send(GetEtlExecution(entity=entity, etl_execution_id=reference))
    except (NotFound, Refused):
        raise UnknownName(
            f"{entity} has no execution {reference[:60]!r}.",
            advice='Leave item out to list them; a definition goes with what="definitions", an old import with "v4". '
            "Actito also answers so when the key lacks the right.",
        ) from None
    names = {found.etl_id: await _name_of(call, entity, found.etl_id)} if found.etl_id else {}
    loadings = loadings_of(found)
    asked = choose(fields, ERRORS, ERRORS_SHOWN)
    whole = "message" in asked
    rows = errors_in_groups(loadings, whole=whole)
    for row in rows:
        row["message"], row["name"] = row["name"], without_people(row["name"])
    about = _execution_row(found, names)
    notes = [] if whole or not rows else [_MASKED.format('["message"]')]
    told = sum(row["rows"] for row in rows)
    if (wrong := total(each.in_error for each in loadings)) is not None and wrong > told:
        notes.append(f"Actito tells {told:,} of the {wrong:,} errors; the report that it sends has all of them.")
    counts = f"Import execution: {state_of(found)}"
    return Listing("kinds of errors", rows, asked, ERRORS, len(rows), notes=notes, about=about, counts=counts)


async def _name_of(call: Call, entity: str, etl_id: str) -> str:
    try:
        return (await call.send(GetEtl(entity=entity, etl_id=etl_id))).name
    except UpstreamError:
        return ""


async def _old_import(call: Call, entity: str, number: int, fields: list[str]) -> Listing:
    try:
        outcome = await call.send(GetImportResultV4(entity=entity, import_id=number))
    except NotFound:
        raise UnknownName(
            f"{entity} has no v4 import with the id {number}.",
            advice="One that has just begun may not be there yet; executions of a definition are no v4 imports. "
            "Actito also answers so when the key lacks the right.",
        ) from None
    notes: list[str] = []
    members: Sequence[Member] = ()
    try:
        report = await call.send(GetImportResultFileV4(entity=entity, import_id=number))
        members = await to_thread.run_sync(import_reports.members_of, report)
    except UpstreamError as error:
        notes.append(f"Its report could not be fetched: {error}")
    columns, shown = import_reports.columns_of(members)
    about = _old_row(number, outcome, members)
    if "file" in fields and len(fields) == 1 and members:
        files = [each.content() for each in members if each.data][:3]
        return Listing("v4 imports", [about], [*about], [*about], 1, notes=notes, files=files)
    asked = choose(fields, columns, shown)
    rows = import_reports.rows_with(members, asked)
    if any(each.cut for each in members):
        notes.append("The report is longer than what is shown here.")
    if rows and not fields:
        others = [each for each in columns if each not in shown and each != "file"]
        notes.append(f"Values of people are masked. By fields: {', '.join(others)}; or file, for the whole report.")
    return Listing("lines", rows, asked, columns, len(rows), notes=notes, about=about, counts="v4 import")


def _old_row(number: int, outcome: ImportResult, members: Sequence[Member]) -> dict[str, Any]:
    states = {None: "not said", False: "succeeded", True: "with errors"}
    row: dict[str, Any] = {
        "name": f"v4 import {number}",
        "id": number,
        "state": states[outcome.with_errors],
        "in_error": outcome.rows_in_error,
        **_plain(outcome.model_extra or {}),
        "report": [str(each) for each in members] or None,
    }
    return row


def _definition_row(definition: Etl, *, whole: bool) -> dict[str, Any]:
    settings = dict(definition.model_extra or {})
    return {
        "name": definition.name or f"definition {definition.id}",
        "id": definition.id,
        "starts": type_of(definition) or None,
        "active": definition.active,
        "settings": (settings if whole else _plain(settings)) or None,
    }


def _execution_row(execution: EtlExecution, names: Mapping[str, str]) -> dict[str, Any]:
    loadings = loadings_of(execution)
    by_definition = names.get(execution.etl_id) or f"definition {execution.etl_id}"
    others = [{**each.more, "table": each.table or None} for each in loadings if each.more]
    return {
        "name": by_definition if execution.etl_id else ONE_SHOT,
        "id": execution.id,
        "state": state_of(execution),
        "started": execution.start_moment,
        "ended": execution.end_moment,
        "rows": total(each.rows for each in loadings),
        "in_error": total(each.in_error for each in loadings),
        "loaded": [said for each in loadings if (said := str(each))],
        "definition_id": execution.etl_id or None,
        "more": _plain({**(execution.model_extra or {}), **({"loadings": others} if others else {})}) or None,
    }


def _in_state(execution: EtlExecution, state: str) -> bool:
    """Whether an execution is in that state; what has no end that is known here counts as running."""
    said = state_of(execution)
    return not state or said == state or (state == "running" and said not in ENDS.values())


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """What Actito answers besides, without values of people."""
    return {name: _without_people(value) for name, value in values.items()}


def _without_people(value: Any) -> Any:
    match value:
        case str():
            return value if _is_moment(value) else without_people(value)
        case Mapping():
            return _plain(value)
        case list():
            return [_without_people(each) for each in value]
        case _:
            return value


def _is_moment(text: str) -> bool:
    """Whether it is a date with its offset: digits alone may be a number of somebody."""
    found = taken_apart(text.strip())
    return found is not None and isinstance(found.zone, timedelta)
