"""Starting an import: the request with its bytes, and what became of it when the answer is a refusal or is lost."""

from __future__ import annotations

from dataclasses import dataclass

from tools.actito.import_book import PER_DAY
from tools.actito.import_watch import Started
from tools.actito.ready import GONE
from tools.actito.table_structure import Kind, Table
from tools.actito.zips import zipped
from tools.call import Call
from tools.change import Change, Outcome
from tools.uploads import Picked
from upstream.actito.imports import CreateOneShotEtlExecution, ImportProfilesV4, ImportRecordsV4, ListEtlExecutions
from upstream.errors import NotFound, OutcomeUnknown, Refused, RouteMissing, Throttled, UpstreamError
from upstream.parts import Upload

PER_TABLE = 12
"""Bulk calls of v4 a day for a table. Source: Actito, limits."""

Import = CreateOneShotEtlExecution | ImportProfilesV4 | ImportRecordsV4

_LOOK = "Look with actito_imports_find for the latest execution; don't run it again before."


@dataclass(frozen=True)
class Sending:
    """What a change sends, how many rows that are (None where they are elsewhere), and the executions before it.

    `known` are the ids of those there, `today` how many of the day count for the limit; None where they could not be
    listed.
    """

    request: Import
    rows: int | None
    known: frozenset[str] | None = None
    today: int | None = None


def is_old(request: Import) -> bool:
    """Whether it is an import of v4."""
    return not isinstance(request, CreateOneShotEtlExecution)


def request_of(entity: str, parameters: bytes, picked: Picked | None, old: Table | None) -> Import:
    """The request, of the same bytes whenever it is built: a one-shot execution, or v4 into the table `old`."""
    definition = Upload("definition.json", parameters, "application/json")
    if old is None or picked is None:
        data = Upload(picked.name, picked.content, "text/csv") if picked else None
        return CreateOneShotEtlExecution(entity=entity, parameters=definition, input_file=data)
    packed = Upload("import.zip", zipped([(picked.name, picked.content)]), "application/zip")
    if old.kind is Kind.PROFILES:
        return ImportProfilesV4(entity=entity, table=old.name, parameters=definition, input_file=packed)
    return ImportRecordsV4(entity=entity, custom_table=old.name, parameters=definition, input_file=packed)


def started_by(request: Import, number: str) -> Started | None:
    """The import that was started under this id; None where it is no id that can be read."""
    old = is_old(request)
    usable = number.isdigit() if old else bool(number.strip(". "))
    return Started(request.entity, number, old) if usable else None


async def start(call: Call, change: Change, sending: Sending | None) -> Outcome:
    """Start an import, once whatever the network does; a refusal is told with the limit that may be behind it."""
    if sending is None:
        return Outcome(change, "refused", f"Not started: {GONE}")
    request = sending.request
    try:
        said = await call.send(request)
    except OutcomeUnknown as loss:
        return await _find_again(call, change, sending, loss)
    except Throttled as error:
        counted = "" if sending.today is None else f" ({sending.today} seen today in this entity)"
        limit = f"Actito takes {PER_DAY} one-shot and triggered executions a day for a licence{counted}"
        if is_old(request):
            limit = f"Actito takes {PER_TABLE} imports a day for a table by v4"
        return Outcome(change, "refused", f"Not started: {error.message} {limit}, and few requests at a time.")
    except (RouteMissing, NotFound) as error:
        ended = " v4 imports were to end in June 2025: without table, an ETL definition does the job."
        return Outcome(change, "refused", f"Not started: {error}{ended if is_old(request) else ''}")
    except Refused as error:
        busy = " An import that is under way may hold it up: wait for its end." if error.status == 409 else ""
        return Outcome(change, "refused", f"Not started: {error}{busy}")
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not started: {error}")
    run = started_by(request, said.id)
    if run is None:
        return Outcome(change, "done", "started, but Actito did not say its id, so it can't be watched. " + _LOOK)
    return Outcome(change, "done", f"started as import {run.id}. {run.how_to_look}", run.id)


async def _find_again(call: Call, change: Change, sending: Sending, loss: OutcomeUnknown) -> Outcome:
    """After a lost answer: the only one-shot execution that was not there before is most likely this one."""
    known = sending.known
    if is_old(sending.request):
        reason = (
            f"the answer was lost; v4 has no list of imports, so look at the table for what it loads. {loss.message}"
        )
        return Outcome(change, "unknown", reason)
    try:
        listed = await call.send(ListEtlExecutions(entity=sending.request.entity))
    except UpstreamError:
        return Outcome(change, "unknown", f"the answer was lost. {_LOOK} {loss.message}")
    new = [each for each in listed if known is not None and each.id not in known and not each.etl_id]
    if len(new) != 1:
        seen = "several new executions are there" if new else "no new execution is there now"
        return Outcome(change, "unknown", f"the answer was lost; {seen}. {_LOOK} {loss.message}")
    reason = f"the answer was lost, but execution {new[0].id} has begun since, most likely this one (inferred)."
    return Outcome(change, "done", reason, new[0].id, after={"answer": "lost"})
