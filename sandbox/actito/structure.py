"""The structure of profile tables and custom tables as everything else reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import json_text
from sandbox.actito.values import Attribute
from sandbox.actito.work import Work, not_found

Json = dict[str, Any]


@dataclass(frozen=True)
class ProfileTable:
    """A profile table. `segmentations` gives the categories of the exclusive ones, none for the simple ones."""

    id: int
    entity: str
    name: str
    definition: Json
    attributes: Mapping[str, Attribute]
    subscriptions: frozenset[str]
    segmentations: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, row: sqlite3.Row) -> ProfileTable:
        """From its row."""
        definition: Json = json_text.parse(row["definition"])
        return cls(
            row["id"],
            row["entity"],
            row["name"],
            definition,
            {item["name"]: Attribute.read(item) for item in definition["attributes"]},
            frozenset(item["name"] for item in definition.get("subscriptions", ())),
            {item["name"]: tuple(item.get("categories", ())) for item in definition.get("segmentations", ())},
        )


@dataclass(frozen=True)
class CustomTable:
    """A custom table; `key` is the name of its primary key attribute."""

    id: str
    entity: str
    name: str
    definition: Json
    attributes: Mapping[str, Attribute]
    key: str

    @classmethod
    def read(cls, row: sqlite3.Row) -> CustomTable:
        """From its row."""
        definition: Json = json_text.parse(row["definition"])
        attributes = {item["name"]: Attribute.read(item) for item in definition["attributes"]}
        return cls(row["id"], row["entity"], row["name"], definition, attributes, definition["primaryKeyAttribute"])


def profile_tables(work: Work) -> list[ProfileTable]:
    """All profile tables of the entity in the address."""
    query = "SELECT * FROM actito_profile_tables WHERE entity = ? ORDER BY id"
    return [ProfileTable.read(row) for row in work.rows(query, work.entity)]


def profile_table_by_id(work: Work, id_: str) -> ProfileTable:
    """The table that v5 names by its id; a name is taken only where the sandbox is lenient. 404 for others."""
    return _profile_table(work, id_, ("id",) if work.switches.strict else ("id", "name"))


def profile_table_by_name(work: Work, name: str) -> ProfileTable:
    """The table that v4 names; an id is taken only where the sandbox is lenient. 404 for others."""
    return _profile_table(work, name, ("name",) if work.switches.strict else ("name", "id"))


def find_profile_table(work: Work, entity: str, name: str) -> ProfileTable | None:
    """The table of a name in any entity, or None."""
    row = work.row("SELECT * FROM actito_profile_tables WHERE entity = ? AND name = ?", entity, name)
    return None if row is None else ProfileTable.read(row)


def _profile_table(work: Work, text: str, columns: tuple[str, ...]) -> ProfileTable:
    for column in columns:
        query = f"SELECT * FROM actito_profile_tables WHERE entity = ? AND CAST({column} AS TEXT) = ?"
        row = work.row(query, work.entity, text)
        if row is not None:
            return ProfileTable.read(row)
    raise not_found("Profile table", text)


def custom_tables(work: Work) -> list[CustomTable]:
    """All custom tables of the entity in the address."""
    query = "SELECT * FROM actito_custom_tables WHERE entity = ? ORDER BY name"
    return [CustomTable.read(row) for row in work.rows(query, work.entity)]


def custom_table(work: Work, text: str, *, by_name: bool) -> CustomTable:
    """The table of an id, in v4 also of a name (contract: customTable); 404 for others."""
    query = "SELECT * FROM actito_custom_tables WHERE entity = ? AND (id = ? OR (? AND name = ?))"
    row = work.row(query, work.entity, text, by_name or not work.switches.strict, text)
    if row is None:
        raise not_found("Custom table", text)
    return CustomTable.read(row)
