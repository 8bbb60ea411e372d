"""Attribute definitions as they are stored, read once and kept until somebody changes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import json_text

CAMPAIGN, OFFER, TCS_CELL, OFFER_TEMPLATE = "CAMPAIGN", "OFFER", "TCS_CELL", "OFFER_TEMPLATE"
OWNERS = {CAMPAIGN: "campaigns", OFFER: "offers", TCS_CELL: "cells", OFFER_TEMPLATE: "offer_templates"}
"""Kinds of object in attribute routes (contract: AttributeOwnerType), and the table of each."""

_ONLY_IN_DEFINITIONS = frozenset({"options", "defaultValue", "maximumLength"})
"""Absent from the published typed attributes (contract: AttributeMetadata), hence not repeated with every value."""

HOLDERS = (*OWNERS.values(), "offer_lists")
"""All tables with attribute values."""


def suits(component: str, owner: str) -> bool:
    """Whether objects of a kind may carry attributes defined for a component; templates carry those of offers."""
    return component == owner or (owner == OFFER_TEMPLATE and component == OFFER)


@dataclass(frozen=True)
class Definition:
    """One definition; `metadata` is its AttributeMetadata, `head` the beginning of a typed attribute's JSON text."""

    id: int
    name: str
    component: str
    metadata: Mapping[str, Any]
    head: str

    @property
    def type(self) -> str:
        """TEXT, INTEGER, DECIMAL, CURRENCY, BOOLEAN, CALENDAR or REFERENCE."""
        return str(self.metadata.get("typeEnum", "TEXT"))

    @property
    def several(self) -> bool:
        """Whether an object may have several values of it."""
        return bool(self.metadata.get("array")) or self.metadata.get("selectTypeEnum") == "MULTIPLE_SELECT"

    @property
    def options(self) -> list[Any]:
        """The values to choose from; empty when any value will do."""
        if self.metadata.get("selectTypeEnum", "NONE") == "NONE":
            return []
        return [option.get("value") for option in self.metadata.get("options") or ()]

    @property
    def needed(self) -> bool:
        """Whether the value can't be emptied."""
        return bool(
            self.metadata.get("required") or self.metadata.get("mandatory") or self.metadata.get("nullAllowed") is False
        )

    @property
    def standard(self) -> bool:
        """Whether it comes with the product."""
        return bool(self.metadata.get("systemDefined")) or self.name.lower().startswith("uac")


class Definitions:
    """The definitions by name; names are compared without regard to case (notes, section 6)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._by_name: dict[str, Definition] | None = None

    def forget(self) -> None:
        """Read the table again at the next use, after a change was undone."""
        self._by_name = None

    def all(self) -> list[Definition]:
        """Every definition, by id."""
        return list(self._all().values())

    def find(self, name: str) -> Definition | None:
        """The definition of a name, or None."""
        all_ = self._by_name if self._by_name is not None else self._all()
        return all_.get(name) or all_.get(name.lower())

    def add(self, metadata: Mapping[str, Any], component: str) -> Definition:
        """Store a new definition, with the next id."""
        highest = self._connection.execute("SELECT max(id) FROM attribute_definitions").fetchone()[0]
        complete = {**metadata, "id": (highest or 0) + 1, "componentTypeEnum": component}
        self._connection.execute(
            "INSERT INTO attribute_definitions (id, name, component_type, definition) VALUES (?, ?, ?, ?)",
            (complete["id"], complete["name"], component, json_text.dump(complete)),
        )
        self.forget()
        definition = self.find(complete["name"])
        assert definition is not None
        return definition

    def replace(self, definition: Definition, metadata: Mapping[str, Any]) -> None:
        """Store the changed metadata of a definition."""
        self._connection.execute(
            "UPDATE attribute_definitions SET definition = ? WHERE id = ?", (json_text.dump(metadata), definition.id)
        )
        self.forget()

    def remove(self, definition: Definition) -> None:
        """Delete a definition and its values in every object."""
        path = f'$."{definition.name}"'
        for table in HOLDERS:
            self._connection.execute(
                f"UPDATE {table} SET attributes = json_remove(attributes, ?) WHERE json_type(attributes, ?) NOT NULL",
                (path, path),
            )
        self._connection.execute("DELETE FROM attribute_definitions WHERE id = ?", (definition.id,))
        self.forget()

    def _all(self) -> dict[str, Definition]:
        if self._by_name is None:
            self._by_name = {}
            for row in self._connection.execute("SELECT * FROM attribute_definitions ORDER BY id"):
                metadata = json_text.parse(row["definition"])
                shown = {key: value for key, value in metadata.items() if key not in _ONLY_IN_DEFINITIONS}
                head = f'{{"metadata":{json_text.dump(shown)},"name":{json_text.quote(row["name"])},'
                definition = Definition(row["id"], row["name"], row["component_type"], metadata, head)
                self._by_name[row["name"].lower()] = definition
        return self._by_name
