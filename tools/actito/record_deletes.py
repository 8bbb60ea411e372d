"""Deleting records of a custom table of Actito."""

from __future__ import annotations

from collections.abc import Sequence

from tools import reads
from tools.actito import SYSTEM
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.record_book import (
    KIND,
    OR_NOT_ALLOWED,
    Found,
    OfRecords,
    record_of,
    records_of,
    table_of,
    target,
    without_personal,
)
from tools.actito.record_book import ROUTES as RECORD_ROUTES
from tools.actito.table_book import OfCustomTable, Tables
from tools.actito.table_structure import ForeignKey, Kind, Table
from tools.actito.values import for_people
from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from upstream.actito.objects import Outcome as Said
from upstream.actito.records import DeleteRecord, SearchRecords
from upstream.errors import NotFound, Refused
from upstream.request import Risk

MOST_AT_ONCE = 100

MOST_LOOKED_AT = 10
"""Searches for records that lead to those to be deleted: one for each of them and each foreign key."""

MOST_COUNTED = 100


@changes(*ROUTES, *RECORD_ROUTES, SearchRecords, DeleteRecord, title="Delete records")
async def actito_records_delete(call: Call, table: OfCustomTable, records: OfRecords, entity: OfEntity = "") -> Plan:
    """Delete records of a custom table for good."""
    if not 0 < len(records) <= MOST_AT_ONCE:
        raise BadArgument(f"Name 1 to {MOST_AT_ONCE} records by their keys; {len(records)} were named.")
    of = await table_of(call, await entity_of(call, entity), table)
    there, missing = await records_of(call, of, records)
    if not there:
        raise UnknownName(f"{of.name} has no record {', '.join(missing)[:200]!r}.", advice=OR_NOT_ALLOWED)
    named = [each.strip() for each in records]
    if otherwise := [each.key for each in there if each.key not in named]:
        raise BadArgument(
            f"Records of {of.name} were named by technical ids, which are no business keys.",
            advice="If those shown are meant, call them so.",
            lines=otherwise,
        )
    return Plan(
        [_deletion(each) for each in there],
        [_gone(of, key) for key in missing],
        dependents=await _leading_here(call, of, there),
        warnings=_warnings(of),
        final="nothing brings a deleted record back.",
    )


def _deletion(record: Found) -> Change:
    before = for_people(record.table, without_personal(record.table, record.values))
    before.pop(record.table.key, None)
    return Change(SYSTEM, KIND, "delete", record.key, record.target, risk=Risk.DESTRUCTIVE, before=before, number="")


def _gone(table: Table, key: str) -> Outcome:
    change = Change(SYSTEM, KIND, "delete", key, target(table, key), risk=Risk.DESTRUCTIVE, number="")
    return Outcome(change, "already", "no record has this key")


async def _leading_here(call: Call, table: Table, there: Sequence[Found]) -> Dependents | None:
    """The records of other tables that lead to these and may go with them, as far as foreign keys and a search tell."""
    if not table.known or not table.id:
        return None
    book: Tables = call.kept(Tables)
    leading = [
        (other, key)
        for other in book.recent(table.entity, Kind.CUSTOM)
        for key in other.foreign_keys
        if key.kind is Kind.CUSTOM and key.table_id == table.id
    ]
    places = [(*each, record.key) for each in leading for record in there]
    found = await reads.each(range(min(len(places), MOST_LOOKED_AT)), lambda place: _count(call, *places[place]))
    lines = []
    for other, key in leading:
        counts = [number for place, number in found.items() if places[place][:2] == (other, key)]
        count, least = sum(counts), "at least " if MOST_COUNTED in counts else ""
        then = f"on delete: {key.on_delete.lower()}" if key.on_delete else "what becomes of them is not said"
        if count:
            lines.append(f"{least}{count} of {other.name} by {key.attribute} ({then})")
    return Dependents(lines, len(found), len(places), "places", "Records that lead here", "none found")


async def _count(call: Call, table: Table, foreign: ForeignKey, key: str) -> int:
    """How many records lead to a key, `MOST_COUNTED` at most."""
    search = SearchRecords(
        entity=table.entity,
        custom_table=table.name,
        search_field=foreign.attribute,
        search_value=key,
        number=MOST_COUNTED,
    )
    found = await call.send(search)
    return len(found)


def _warnings(table: Table) -> list[str]:
    events = table.more.get("events") or ()
    return [f"Records of {table.name} trigger {', '.join(events)}: that can start scenarios."] if events else []


@actito_records_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> Said:
        entity, table, key = change.id.split("/", 2)
        try:
            return await call.send(DeleteRecord(entity=entity, custom_table=table, record_id=key))
        except NotFound as error:
            if await record_of(call, await table_of(call, entity, table), key) is None:
                raise
            # Actito may hide a missing right behind 404, which otherwise tells that the record is gone.
            advice = "The key may lack the right to write records."
            raise Refused("Actito found nothing to delete, but it is there.", advice=advice, status=404) from error

    async def look(change: Change, said: Said | None) -> Outcome:
        entity, table, key = change.id.split("/", 2)
        if await record_of(call, await table_of(call, entity, table), key) is not None:
            return Outcome(change, "refused", "the system reported success, but it is still there")
        return Outcome(change, "done")

    return await one_by_one(changes, send, look)
