"""Tables of an entity with their structure: profile tables and custom tables in one form, whichever version answers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from tools import reads
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
from upstream.actito.profile_tables import (
    GetProfileTable,
    GetProfileTableV4,
    ListProfileTableNamesV4,
    ListProfileTables,
    ProfileTable,
)
from upstream.actito.structure import typed
from upstream.errors import Forbidden, NotFound, UpstreamError

OfTable = Annotated[str, "Profile table"]
"""Which profile table, by name or id; it can be left out where the entity has one."""

OfCustomTable = Annotated[str, "Custom table"]
"""Which custom table, by name or id."""

TECHNICAL = ("profileId", "creationMoment", "updateMoment")
"""Attributes that Actito itself writes. Source: Actito, data model."""

PROFILE_ROUTES = (ListProfileTables, GetProfileTable, ListProfileTableNamesV4, GetProfileTableV4)
CUSTOM_ROUTES = (ListCustomTables, GetCustomTable, ListCustomTablesV4, GetCustomTableV4)
"""The routes that finding a table and its structure may take."""


class Kind(StrEnum):
    """What a table holds."""

    PROFILES = "profile table"
    CUSTOM = "custom table"

    @property
    def family(self) -> str:
        """The routes of its structure, of which there are two versions."""
        return f"{self}s"


@dataclass(frozen=True)
class Attribute:
    """An attribute. `kind` is what it means to Actito (EMAIL_ADDRESS, ..., CUSTOM), `type` what its values are."""

    name: str
    kind: str = "CUSTOM"
    type: str = "STRING"
    label: str = ""
    unique: bool = False
    mandatory: bool = False
    several: bool = False
    accepted: Sequence[str] = ()
    shortest: int | None = None
    longest: int | None = None

    @property
    def technical(self) -> bool:
        return self.name in TECHNICAL


@dataclass(frozen=True)
class Table:
    """A table. `id` is empty where only v4 answered, `known` tells whether the structure could be read.

    `segmentations` gives the categories of the exclusive ones, none for a simple one. `key` is the attribute by which
    a record is named. `more` holds what only the interface needs: type, events, foreign keys.
    """

    kind: Kind
    entity: str
    id: str
    name: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    subscriptions: Sequence[str] = ()
    segmentations: Mapping[str, Sequence[str]] = field(default_factory=dict)
    key: str = ""
    known: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """What stands in an address of v5: the id, or the name where no id is known (inferred to serve as well)."""
        return self.id or self.name

    @property
    def address(self) -> str:
        """The attribute that holds the e-mail address; empty where there is none."""
        return next((each.name for each in self.attributes.values() if each.kind == "EMAIL_ADDRESS"), "")

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values in the types of the structure: some routes answer all of them as text."""
        known = self.attributes
        return {name: typed(value, known[name].type) if name in known else value for name, value in values.items()}


class Tables:
    """The tables of each entity, remembered for some minutes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Kind], tuple[float, list[Table]]] = {}

    async def all(self, call: Call, entity: str, kind: Kind, *, fresh: bool = False) -> Sequence[Table]:
        """All tables of a kind; the structure of each may have to be read on its own."""
        made, known = self._known.get((entity, kind), (0.0, []))
        if fresh or not known or time.monotonic() - made > INDEX_SECONDS:
            known = await _LISTS[kind](call, entity)
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
            return Table(kind, entity, wanted if wanted.isdigit() else "", wanted, known=False)
        if wanted and not found:
            near = nearest(wanted, [each.name for each in known])
            raise UnknownName(
                f"{entity} has no {kind} {wanted[:60]!r}.",
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
            answer = await call.send(GetProfileTableV4(entity=entity, table=item.name))
            return of_profiles(entity, ProfileTable.model_validate({**(answer.model_extra or {}), "name": item.name}))
        except UpstreamError:
            return Table(Kind.PROFILES, entity, getattr(item, "id", ""), item.name, known=False)

    return list((await reads.each(range(len(listed)), lambda place: whole(listed[place]))).values())


async def _custom_tables(call: Call, entity: str) -> list[Table]:
    answer = await read_either(
        call, Kind.CUSTOM.family, ListCustomTables(entity=entity), ListCustomTablesV4(entity=entity)
    )
    listed = answer if isinstance(answer, list) else _described(answer.model_extra or {})

    async def whole(item: CustomTable) -> Table:
        if item.attributes:
            return of_records(entity, item)
        try:
            if isinstance(answer, list) and item.id:
                return of_records(entity, await call.send(GetCustomTable(entity=entity, custom_table_id=item.id)))
            found = await call.send(GetCustomTableV4(entity=entity, custom_table=item.name or item.id))
            known = {"id": item.id, "name": item.name, **(found.model_extra or {})}
            return of_records(entity, CustomTable.model_validate(known))
        except UpstreamError:
            return Table(Kind.CUSTOM, entity, item.id, item.name, known=False)

    return list((await reads.each(range(len(listed)), lambda place: whole(listed[place]))).values())


_LISTS = {Kind.PROFILES: _profile_tables, Kind.CUSTOM: _custom_tables}


def _described(answer: Mapping[str, Any]) -> list[CustomTable]:
    """The tables that an answer of unknown shape lists: objects with a name, or names alone."""
    items = next((each for each in answer.values() if isinstance(each, list)), [])
    described = [each if isinstance(each, dict) else {"name": str(each)} for each in items]
    return [CustomTable.model_validate(each) for each in described if each.get("name") or each.get("id")]


def of_profiles(entity: str, table: ProfileTable) -> Table:
    """A profile table as v5 or v4 describes it. Inferred: `categories` of a segmentation."""
    shown = table.display_options
    labels = {each.name: each.display_name for each in shown.for_attributes} if shown else {}
    attributes = {
        each.name: Attribute(
            each.name,
            each.type or "CUSTOM",
            each.value_type or ("DATE" if each.type == "BIRTHDATE" else "STRING"),
            labels.get(each.name, ""),
            each.unique,
            each.mandatory,
            each.multi_valued,
            *_restricted(each.value_restriction),
        )
        for each in table.attributes
    }
    subscriptions = [str((each.model_extra or {}).get("name") or "") for each in table.subscriptions]
    segments = [each.model_extra or {} for each in table.segmentations]
    return Table(
        Kind.PROFILES,
        entity,
        table.id,
        table.name,
        attributes,
        [name for name in subscriptions if name],
        {str(each["name"]): _categories(each) for each in segments if each.get("name")},
    )


def of_records(entity: str, table: CustomTable) -> Table:
    """A custom table as v5 or v4 describes it."""
    attributes = {
        each.name: Attribute(
            each.name,
            "CUSTOM",
            each.value_type or "STRING",
            "",
            each.unique,
            each.mandatory,
            False,
            *_restricted(each.value_restriction),
        )
        for each in table.attributes
    }
    more = {
        "type": table.type,
        "creation_time_attribute": table.creation_time_attribute,
        "events": [each.name for each in table.events_to_trigger],
        "foreign_keys": [
            f"{each.attribute} -> {each.reference.table_id}" for each in table.foreign_keys if each.reference
        ],
    }
    return Table(Kind.CUSTOM, entity, table.id, table.name, attributes, key=table.primary_key_attribute, more=more)


def _restricted(restriction: Any) -> tuple[Sequence[str], int | None, int | None]:
    if restriction is None:
        return (), None, None
    return tuple(restriction.accepted_values), restriction.min_length, restriction.max_length


def _categories(segmentation: Mapping[str, Any]) -> Sequence[str]:
    found = segmentation.get("categories")
    return tuple(str(each) for each in found) if isinstance(found, list) else ()


def _called(known: Sequence[Table], wanted: str) -> list[Table]:
    by_id = [each for each in known if wanted and each.id == wanted]
    exact = [each for each in known if each.name == wanted]
    loose = [each for each in known if each.name.casefold() == wanted.casefold()]
    return by_id or exact or (loose if len(loose) == 1 else [])
