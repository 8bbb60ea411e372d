"""Running an import: a definition with its data, once, and watching it to its end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from anyio import to_thread

from tools.actito import SYSTEM, entity_book, import_book, import_watch
from tools.actito.entity_book import OfEntity, entity_of
from tools.actito.import_book import PER_DAY, counted_today, latest_first, state_of
from tools.actito.import_consent import Consent, consent_of
from tools.actito.import_file import Sheet, sheet_of
from tools.actito.import_start import PER_TABLE, Import, Sending, is_old, request_of, start, started_by
from tools.actito.import_target import Target, fitted, oddly_named, target_of
from tools.actito.ready import Ready
from tools.actito.table_book import CUSTOM_ROUTES, PROFILE_ROUTES, Tables
from tools.actito.table_structure import Table
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from tools.uploads import Limits, Picked, from_file
from upstream.actito.imports import (
    CreateOneShotEtlExecution,
    EtlExecution,
    GetImportResultV4,
    ImportProfilesV4,
    ImportRecordsV4,
    ListEtlExecutions,
    ListEtls,
)
from upstream.errors import UpstreamError
from upstream.request import Risk


@changes(
    CreateOneShotEtlExecution,
    ImportProfilesV4,
    ImportRecordsV4,
    GetImportResultV4,
    *import_book.ROUTES,
    *entity_book.ROUTES,
    *PROFILE_ROUTES,
    *CUSTOM_ROUTES,
    title="Run an import",
    repeatable=False,
)
async def actito_imports_run(
    call: Call,
    definition: Annotated[dict[str, Any], "As Actito's pages show"] = {},
    csv: Annotated[str, "Rows below a header"] = "",
    files: Annotated[list[str], "Paths instead: .json; .csv or .xlsx"] = [],
    table: Annotated[str, "For v4 only"] = "",
    wait: Annotated[bool, "Watch to the end"] = True,
    entity: OfEntity = "",
) -> Plan:
    """Import a CSV once into tables, by an ETL definition sent along; stored definitions can't be started."""
    where = await entity_of(call, entity)
    said, parameters, picked = await _given(call, definition, csv, files)
    old = await _old_target(call, where, table, said)
    target = Target([old]) if old else await target_of(call, where, said)
    sheet, warnings = await to_thread.run_sync(_checked, picked, bool(csv), target, said)
    if old and not sheet:
        raise BadArgument("A v4 import needs its rows: give csv or a file.")
    consent = await to_thread.run_sync(consent_of, target.tables, sheet, said)
    request = request_of(where, parameters, Picked(sheet.name, sheet.content, "") if sheet else None, old)
    others = await _others(call, where)
    change = _change(request, said, target.one, sheet, picked, consent)
    ready: Ready = call.kept(Ready)
    sent = sheet.rows if sheet else None
    ready.keep(change, Sending(request, sent, others.known if others else None, others.today if others else None))
    return Plan(
        [change],
        dependents=_sent_and_counted(target.one, sheet, others),
        # Of a long list a question shows the beginning.
        warnings=[*consent.warnings(), _SCENARIOS, *_about_others(others, old is not None), *warnings, *_doubts(old)],
        final="no import can be stopped, and the values that it overwrites are not kept anywhere.",
        safer="import a few rows first, and look at the result." if sheet is None or sheet.rows > 10 else "",
        watch=wait,
    )


_SCENARIOS = "What an import changes can start scenarios, so it may send messages to customers."


async def _given(
    call: Call, definition: dict[str, Any], csv: str, files: Sequence[str]
) -> tuple[dict[str, Any], bytes, Picked | None]:
    """The definition as data and as the bytes that are sent, and the file with the rows if there is one."""
    described = [each for each in files if each.strip().casefold().endswith(".json")]
    filled = [each for each in files if each not in described]
    if bool(definition) + len(described) != 1:
        raise BadArgument(
            "Give the definition of the import once, in definition or as a .json file.",
            advice="Actito's own pages show its layout (file, target table, mapping of columns). A stored definition "
            "runs by its schedule, by a file, or by hand in Actito's interface.",
        )
    if bool(csv) + len(filled) > 1:
        raise BadArgument("Give the rows once, in csv or as one file.")
    limits = Limits.of(call.options)
    said, parameters = definition, json.dumps(definition, ensure_ascii=False).encode()
    if described:
        said, parameters = _read(await to_thread.run_sync(from_file, described[0], "", limits, "give it in definition"))
    if filled:
        return said, parameters, await to_thread.run_sync(from_file, filled[0], "", limits, "give the rows in csv")
    return said, parameters, _written(csv, limits) if csv else None


def _read(picked: Picked) -> tuple[dict[str, Any], bytes]:
    try:
        found = json.loads(picked.content.decode("utf-8-sig"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or not found:
        raise BadArgument("The .json file has to hold one JSON object, in UTF-8.")
    return found, picked.content


def _written(csv: str, limits: Limits) -> Picked:
    """The rows as a file in UTF-8; they leave in the encoding of the definition."""
    try:
        data = csv.encode("utf-8")
    except UnicodeError:
        raise BadArgument("csv has half a character (a lone surrogate): write the text anew.") from None
    if len(data) > limits.most:
        raise BadArgument(f"csv has {len(data):,} bytes; at most {limits.most:,} can be sent.", advice="Use files.")
    return Picked("import.csv", data, "csv of the call")


def _checked(
    picked: Picked | None, in_call: bool, target: Target, definition: dict[str, Any]
) -> tuple[Sheet | None, list[str]]:
    """The file as it is sent, and what a person should mind of it."""
    if picked is None:
        return None, []
    sheet = sheet_of(picked, definition, "utf-8" if in_call else "")
    if target.one is None:
        return sheet, [*sheet.notes, target.unchecked, *oddly_named(sheet)]
    sheet, warnings = fitted(target.one, sheet, definition)
    return sheet, [*sheet.notes, *warnings, *([] if target.one.known else oddly_named(sheet))]


async def _old_target(call: Call, entity: str, table: str, definition: dict[str, Any]) -> Table | None:
    """The table of a v4 import, which has it in its address; None for a one-shot execution."""
    demanded = call.options.get("actito_api", "auto")
    if demanded == "v5" and table.strip():
        raise BadArgument(
            "The settings demand v5 (CAMPAIGN_MCP_ACTITO__API), where the definition names the table: leave table out."
        )
    if demanded != "v4" and not table.strip():
        return None
    found = await call.kept(Tables).either(call, entity, table) if table.strip() else None
    if found is None:
        found = (await target_of(call, entity, definition)).one
    if found is None:
        raise BadArgument("A v4 import goes into one table: name it in table.")
    if not found.known and not found.attributes and found not in call.kept(Tables).recent(entity, found.kind):
        raise BadArgument(
            f"The tables of {entity} could not be read, so whether {table.strip()[:60]!r} holds profiles is not known.",
            advice="The key needs the right to read structures for a v4 import; a one-shot definition does without.",
        )
    return found


def _change(
    request: Import,
    definition: dict[str, Any],
    target: Table | None,
    sheet: Sheet | None,
    picked: Picked | None,
    consent: Consent,
) -> Change:
    """What is asked for: counts and the digest of what is sent, and no value of it."""
    ((kind, _, number),) = (each.partition(":") for each in request.target_ids())
    shown = {
        "entity": request.entity,
        "table": target.name if target else "as the definition says",
        "rows": sheet.rows if sheet else "where the definition says",
        "consent": consent.counts or None,
        "size": f"{len(sheet.content):,} bytes" if sheet else None,
        "from": picked.source if picked else None,
        "by": "v4 import" if is_old(request) else "one-shot ETL",
    }
    called = definition.get("name")
    name = called if isinstance(called, str) and called.strip() else f"into {target.name if target else 'tables'}"
    after = {key: value for key, value in shown.items() if value is not None}
    return Change(SYSTEM, kind, "run", name, number, risk=Risk.REACHES_CUSTOMERS, after=after, number="")


@dataclass(frozen=True)
class _Others:
    """The other executions of an entity: their ids, how many of today count for the limit, those under way.

    Of `unclear` more it is not known whether they are of today.
    """

    known: frozenset[str]
    today: int
    unclear: int
    under_way: Sequence[EtlExecution]


async def _others(call: Call, entity: str) -> _Others | None:
    """None where they can't be listed: nothing may hang on it, since that route is inferred."""
    try:
        listed = await call.send(ListEtlExecutions(entity=entity))
        definitions = {each.id: each for each in await call.send(ListEtls(entity=entity))}
    except UpstreamError:
        return None
    ended = import_book.ENDS.values()
    today, unclear = counted_today(listed, definitions, call.now())
    under_way = [each for each in latest_first(listed) if state_of(each) not in ended]
    return _Others(frozenset(each.id for each in listed), len(today), unclear, under_way)


def _sent_and_counted(target: Table | None, sheet: Sheet | None, others: _Others | None) -> Dependents:
    """Columns are named where they are known to be names: the first line of a file could hold a person."""
    lines = []
    if sheet:
        names = ", ".join(sheet.columns) if target and target.known else "not checked, so not named here"
        lines.append(f"columns: {len(sheet.columns)} ({names})")
        lines.append(f"file: {sheet.written}")
    counted = "could not be counted" if others is None else f"{others.today} seen today in this entity"
    if others and others.unclear:
        counted += f", and {others.unclear} whose date is not understood"
    lines.append(f"executions: {counted}; a licence has {PER_DAY} a day")
    return Dependents(lines, label="With")


def _about_others(others: _Others | None, old: bool) -> list[str]:
    if others is None:
        return []
    found = [
        f"Import {each.id} is {state_of(each)}: two at once may overwrite each other." for each in others.under_way
    ]
    if others.today >= PER_DAY and not old:
        found.insert(0, f"{others.today} executions were seen today: Actito will most likely refuse this one (429).")
    return found[:3]


def _doubts(old: Table | None) -> list[str]:
    return [f"v4 imports were to end in June 2025; {PER_TABLE} a day for a table."] if old else []


@actito_imports_run.applies
async def _run(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    ready: Ready = call.kept(Ready)
    return [await start(call, each, ready.of(each)) for each in changes]


@actito_imports_run.follows
async def _follow(call: Call, outcomes: Sequence[Outcome]) -> list[Outcome]:
    ready: Ready = call.kept(Ready)
    followed = []
    for outcome in outcomes:
        sending = ready.of(outcome.change)
        run = started_by(sending.request, outcome.id) if sending and outcome.status == "done" else None
        if sending is None or run is None:
            followed.append(outcome)
        else:
            followed.append(import_watch.told(outcome, run, await import_watch.watch(call, run), sending.rows))
    return followed
