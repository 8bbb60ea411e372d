"""Creating and changing one record of a custom table of Actito."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito import SYSTEM
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.record_book import (
    KIND,
    OR_NOT_ALLOWED,
    Found,
    checked_key,
    record_of,
    table_of,
    target,
)
from tools.actito.record_book import ROUTES as RECORD_ROUTES
from tools.actito.table_book import OfCustomTable, Tables
from tools.actito.table_structure import Table
from tools.actito.values import changed, checked_values, dated, for_actito, for_people, missing
from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from upstream.actito.objects import Stored
from upstream.actito.records import RecordInput, UpdateRecord, UpsertRecord
from upstream.moment import NotUnderstood


@changes(*ROUTES, *RECORD_ROUTES, UpsertRecord, UpdateRecord, title="Create or change a record")
async def actito_records_save(
    call: Call,
    table: OfCustomTable,
    record: Annotated[str, "Key"],
    values: Annotated[dict[str, Any], 'Like {"status": "BOOKED"}'] = {},
    clear: Annotated[list[str], "What to empty"] = [],
    entity: OfEntity = "",
) -> Plan:
    """Create or change the record of this business key; the rest stays; scenarios may fire."""
    key = checked_key(record)
    of = await table_of(call, await entity_of(call, entity), table)
    given = checked_values(of, values, clear, zone=call.time_zone)
    if of.key:
        named = checked_values(of, {of.key: key}, zone=call.time_zone)
        if str(given.pop(of.key, named[of.key])) != str(named[of.key]):
            raise BadArgument(f"record and {of.key} name two records: the key of a record can't change.")
        key = str(named[of.key])
    there = await record_of(call, of, key)
    if there is None:
        return _new(call, of, key, given)
    if there.key != key:
        raise BadArgument(
            f"{key!r} is no business key of {of.name} but the technical id of a record.",
            advice=f"If that one is meant, call it {there.key}.",
        )
    return _change(call, there, given)


def _new(call: Call, table: Table, key: str, given: Mapping[str, Any]) -> Plan:
    if not table.known:
        raise UnknownName(
            f"{table.name} has no record {key!r}; a new one can't be checked, since the structure can't be read.",
            advice=OR_NOT_ALLOWED,
        )
    if not table.key:
        raise BadArgument(f"The structure of {table.name} names no key, so no record can be created by it.")
    after = {name: value for name, value in given.items() if value is not None}
    if absent := missing(table, {table.key: key, **after}):
        raise BadArgument(
            f"{table.name} has no record {key!r}, and a new one also needs {', '.join(absent)}.",
            advice="Give them in values, or correct the key if a record is to be changed.",
        )
    change = Change(SYSTEM, KIND, "create", key, target(table, key), after=for_people(table, after), number="")
    return Plan([change], warnings=_warnings(call, table, after, "creating"))


def _change(call: Call, there: Found, given: Mapping[str, Any]) -> Plan:
    table = there.table
    after = changed(table, there.values, given)
    before = for_people(table, {name: there.values.get(name) for name in after})
    shown = for_people(table, after)
    change = Change(SYSTEM, KIND, "update", there.key, there.target, before=before, after=shown, number="")
    if not after:
        return Plan([], [Outcome(change, "already", "it is so already" if given else "nothing to change was given")])
    return Plan([change], warnings=_warnings(call, table, after, "changing"))


def _warnings(call: Call, table: Table, sent: Mapping[str, Any], doing: str) -> list[str]:
    """What the write may set going or be refused for."""
    events = table.more.get("events") or ()
    said = []
    if events:
        said.append(f"Records of {table.name} trigger {', '.join(events)}: {doing} one can start scenarios that send.")
    elif not table.known:
        said.append(f"The structure of {table.name} can't be read, so values go unchecked, and scenarios may start.")
    book: Tables = call.kept(Tables)
    for foreign in table.foreign_keys:
        if sent.get(foreign.attribute) is not None:
            other = book.led_to(table.entity, foreign)
            said.append(f"{foreign.attribute} names a row of {other}, which has to be there.")
    return said


@actito_records_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> Stored:
        entity, name, key = change.id.split("/", 2)
        table = await table_of(call, entity, name)
        if not table.key:
            record = RecordInput.of(for_actito(change.after))
            return await call.send(UpdateRecord(entity=entity, custom_table=name, record_id=key, record=record))
        values = checked_values(table, {table.key: key}, zone=call.time_zone) | for_actito(change.after)
        return await call.send(UpsertRecord(entity=entity, custom_table=name, record=RecordInput.of(values)))

    async def look(change: Change, said: Stored | None) -> Outcome:
        entity, name, key = change.id.split("/", 2)
        table = await table_of(call, entity, name)
        there = await record_of(call, table, key)
        if there is None:
            return Outcome(change, "refused", "the system said so, but it is not there")
        different = _different(there, change.after)
        if different:
            return Outcome(change, "refused", f"the system said so, but has another {', '.join(different)}")
        return Outcome(change, "done", "created" if change.verb == "create" else "")

    return await one_by_one(changes, send, look)


def _different(there: Found, wanted: Mapping[str, Any]) -> list[str]:
    """The attributes that are not as wanted; of a date that is not understood nobody can say."""
    table = there.table

    def unclear(name: str) -> bool:
        now = dated(table.attributes.get(name), there.values.get(name), table.dates)
        return wanted[name] is not None and isinstance(now, NotUnderstood)

    return [name for name in changed(table, there.values, wanted) if not unclear(name)]
