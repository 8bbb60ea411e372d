"""Tables of an entity with their structure: profile tables and custom tables in one form, whichever version answers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from tools import reads
from tools.actito.table_structure import ForeignKey, Kind, Table, of_profiles, of_records
from tools.actito.versions import read_either
from tools.call import Call
from tools.errors import Ambiguous, UnknownName
from tools.names import INDEX_SECONDS
from tools.nearest import nearest
from upstream.actito.custom_tables import (
    CustomTable,
    GetCustomTable,
    GetCustomTableV4,
    ListCustomTables,
    ListCustomTablesV4,
)
from upstream.actito.objects import OpenObject
from upstream.actito.profile_tables import (
    GetProfileTable,
    GetProfileTableV4,
    ListProfileTableNamesV4,
    ListProfileTables,
    ProfileTable,
)
from upstream.actito.routes import ACTITO_API
from upstream.errors import Forbidden, NotFound, UpstreamError

OfTable = Annotated[str, "Profile table"]
"""Which profile table, by name or id; it can be left out where the entity has one."""

OfCustomTable = Annotated[str, "Custom table"]
"""Which custom table, by name or id."""

PROFILE_ROUTES = (ListProfileTables, GetProfileTable, ListProfileTableNamesV4, GetProfileTableV4)
CUSTOM_ROUTES = (ListCustomTables, GetCustomTable, ListCustomTablesV4, GetCustomTableV4)
"""The routes that finding a table and its structure may take."""


class Tables:
    """The tables of each entity, remembered for some minutes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Kind], tuple[float, list[Table]]] = {}

    async def all(self, call: Call, entity: str, kind: Kind, *, fresh: bool = False) -> Sequence[Table]:
        """All tables of a kind; the structure of each may have to be read on its own."""
        made, known = self._known.get((entity, kind), (0.0, []))
        if fresh or not known or time.monotonic() - made > INDEX_SECONDS:
            known = [_dated(call, each) for each in await _LISTS[kind](call, entity)]
            self._known[entity, kind] = (time.monotonic(), known)
        return known

    async def one(self, call: Call, entity: str, reference: str, kind: Kind) -> Table:
        """The table that is meant, by id or name; the only one where nothing is said.

        A key that may not read structures still works with a table that is named: its structure is not `known` then.

        Raises:
            UnknownName: there is no such table, with the nearest.
            Ambiguous: none was named, and there are several.
            UpstreamError: the tables could not be read.
        """
        wanted = reference.strip()
        try:
            known = await self.all(call, entity, kind)
            found = _called(known, wanted)
            if wanted and not found:
                known = await self.all(call, entity, kind, fresh=True)
                found = _called(known, wanted)
        except (Forbidden, NotFound):
            if not wanted:
                raise
            return _dated(call, Table(kind, entity, wanted if wanted.isdigit() else "", wanted, known=False))
        if wanted and not found:
            other = next((each for each in Kind if each is not kind and _called(self.recent(entity, each), wanted)), "")
            near = [] if other else nearest(wanted, [each.name for each in known])
            raise UnknownName(
                f"{entity} has no {kind} {wanted[:60]!r}{f', but a {other} of this name' if other else ''}.",
                advice="The nearest are shown." if near else "Look for it with actito_tables_find.",
                lines=near,
            )
        if not wanted and len(known) != 1:
            raise Ambiguous(
                f"{entity} has {len(known)} {kind}s, and none was named." if known else f"{entity} has no {kind}.",
                advice="Give the one that is meant as table." if known else "Another entity may be meant.",
                lines=[f"{each.name} (id {each.id})" if each.id else each.name for each in known],
            )
        return found[0] if found else known[0]

    def forget(self) -> None:
        """Our own write made what is known old."""
        self._known.clear()

    def recent(self, entity: str, kind: Kind) -> Sequence[Table]:
        """Those that were read last, without asking."""
        return self._known.get((entity, kind), (0.0, []))[1]

    async def either(self, call: Call, entity: str, reference: str, kinds: Sequence[Kind] = tuple(Kind)) -> Table:
        """The table of this name or id, of the first of the kinds that has it, as it is now.

        A kind that the key may not read serves only where no other has it, or a name that is near.

        Raises:
            UnknownName: none has it, with the nearest or the kind that does.
            UpstreamError: the tables could not be read.
        """
        unread: Table | None = None
        near: list[str] = []
        for kind in kinds:
            try:
                found = await self.one(call, entity, reference, kind)
            except UnknownName as error:
                near += error.lines
                continue
            if found in self.recent(entity, kind):
                return _dated(call, await _as_it_is(call, found))
            unread = unread or found
        wanted = reference.strip()[:60]
        if unread is not None and near:
            raise UnknownName(
                f"{entity} has no table {wanted!r} among those that can be read; its {unread.kind}s can't.",
                advice=f"The nearest are shown. If a {unread.kind} is meant, give its id.",
                lines=nearest(reference, near) or near,
            )
        if unread is not None:
            return unread
        other = await self._elsewhere(call, entity, reference, kinds)
        if other:
            raise UnknownName(
                f"{entity} has no {kinds[0]} {wanted!r}, but a {other} of this name.", advice="Ask for that kind."
            )
        raise UnknownName(
            f"{entity} has no {kinds[0] if len(kinds) == 1 else 'table'} {wanted!r}.",
            advice="The nearest are shown." if near else "Look for it with actito_tables_find.",
            lines=nearest(reference, near) or near,
        )

    async def _elsewhere(self, call: Call, entity: str, reference: str, kinds: Sequence[Kind]) -> str:
        """The kind that was not asked for and has a table of this name or id; empty where none is known to."""
        for kind in [each for each in Kind if each not in kinds]:
            try:
                if _called(await self.all(call, entity, kind), reference.strip()):
                    return kind
            except UpstreamError:
                continue
        return ""

    def led_to(self, entity: str, key: ForeignKey) -> str:
        """What people call the table that a foreign key leads to; its kind and id where it hasn't been read."""
        known = self.recent(entity, key.kind)
        return next((each.name for each in known if each.id == key.table_id), f"{key.kind} {key.table_id}")


def _dated(call: Call, table: Table) -> Table:
    return replace(table, dates=call.session.dates(ACTITO_API.name))


async def _as_it_is(call: Call, table: Table) -> Table:
    """A table read by itself; as the list had it where that can't be done."""
    entity, old = table.entity, call.session.form(table.kind.family) == "v4"
    try:
        if table.kind is Kind.PROFILES:
            if table.id and not old:
                return of_profiles(entity, await call.send(GetProfileTable(entity=entity, profile_table_id=table.id)))
            return _of_profiles_v4(entity, await call.send(GetProfileTableV4(entity=entity, table=table.name)), table)
        if table.id and not old:
            return of_records(entity, await call.send(GetCustomTable(entity=entity, custom_table_id=table.id)))
        return _of_records_v4(entity, await call.send(GetCustomTableV4(entity=entity, custom_table=table.name)), table)
    except UpstreamError:
        return table


def _of_profiles_v4(entity: str, answer: OpenObject, listed: Any) -> Table:
    known = {"id": getattr(listed, "id", ""), **(answer.model_extra or {}), "name": listed.name}
    return of_profiles(entity, ProfileTable.model_validate(known))


def _of_records_v4(entity: str, answer: OpenObject, listed: Any) -> Table:
    known = {"id": listed.id, "name": listed.name, **(answer.model_extra or {})}
    return of_records(entity, CustomTable.model_validate(known))


async def _profile_tables(call: Call, entity: str) -> list[Table]:
    listed = await read_either(
        call, Kind.PROFILES.family, ListProfileTables(entity=entity), ListProfileTableNamesV4(entity=entity)
    )

    async def whole(item: Any) -> Table:
        if isinstance(item, ProfileTable) and item.attributes:
            return of_profiles(entity, item)
        try:
            if isinstance(item, ProfileTable) and item.id:
                return of_profiles(entity, await call.send(GetProfileTable(entity=entity, profile_table_id=item.id)))
            return _of_profiles_v4(entity, await call.send(GetProfileTableV4(entity=entity, table=item.name)), item)
        except UpstreamError:
            return Table(Kind.PROFILES, entity, getattr(item, "id", ""), item.name, known=False)

    return list((await reads.each(range(len(listed)), lambda place: whole(listed[place]))).values())


async def _custom_tables(call: Call, entity: str) -> list[Table]:
    answer = await read_either(
        call, Kind.CUSTOM.family, ListCustomTables(entity=entity), ListCustomTablesV4(entity=entity)
    )
    listed = answer if isinstance(answer, list) else described(answer.model_extra or {})

    async def whole(item: CustomTable) -> Table:
        if item.attributes:
            return of_records(entity, item)
        try:
            if isinstance(answer, list) and item.id:
                return of_records(entity, await call.send(GetCustomTable(entity=entity, custom_table_id=item.id)))
            found = await call.send(GetCustomTableV4(entity=entity, custom_table=item.name or item.id))
            return _of_records_v4(entity, found, item)
        except UpstreamError:
            return Table(Kind.CUSTOM, entity, item.id, item.name, known=False)

    return list((await reads.each(range(len(listed)), lambda place: whole(listed[place]))).values())


_LISTS = {Kind.PROFILES: _profile_tables, Kind.CUSTOM: _custom_tables}


def described(answer: Mapping[str, Any]) -> list[CustomTable]:
    """The tables that an answer of unknown shape lists: objects with a name, or names alone."""
    items = next((each for each in answer.values() if isinstance(each, list)), [])
    described = [each if isinstance(each, dict) else {"name": str(each)} for each in items]
    return [CustomTable.model_validate(each) for each in described if each.get("name") or each.get("id")]


def _called(known: Sequence[Table], wanted: str) -> list[Table]:
    by_id = [each for each in known if wanted and each.id == wanted]
    exact = [each for each in known if each.name == wanted]
    loose = [each for each in known if each.name.casefold() == wanted.casefold()]
    return by_id or exact or (loose if len(loose) == 1 else [])
