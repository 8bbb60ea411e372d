"""Operations on attribute definitions and on the attribute values of objects."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.campaign import attribute_values, campaigns, definition_rules, standard_attributes
from sandbox.campaign.definitions import CAMPAIGN, OWNERS, TCS_CELL, Definition, suits
from sandbox.campaign.work import Work, operation
from sandbox.json_text import quote
from sandbox.reading import Arguments
from sandbox.refusals import invalid, not_found

_OBJECTS = {"campaigns": "Campaign", "offers": "Offer", "cells": "Target cell", "offer_templates": "Offer template"}


@operation("getAttributeMetadataByNameGlobal")
def list_definitions(work: Work, arguments: Arguments) -> str:
    """GET /v1/attributes: definitions by name, all or the named ones; 404 names those that are unknown."""
    return _map(work.definitions.all() if "name" not in arguments else _named(work, arguments["name"]))


@operation("getAttributeMetadataByTypeAndName")
def list_definitions_of_type(work: Work, arguments: Arguments) -> str:
    """GET /v1/attributes/metadata/{type}: definitions that objects of the type may carry."""
    owner = _owner(arguments["type"])
    if "name" not in arguments:
        return _map(definition for definition in work.definitions.all() if suits(definition.component, owner))
    named = _named(work, arguments["name"])
    strange = [definition.name for definition in named if not suits(definition.component, owner)]
    if strange:
        raise not_found(f"Attribute of {owner}", *strange)
    return _map(named)


@operation("createAttributeMetadata")
def create_definition(work: Work, arguments: Arguments) -> str:
    """POST /v1/attributes/create/{type}."""
    owner = _owner(arguments["type"])
    metadata = arguments["metadata"]
    if metadata.get("componentTypeEnum", owner) != owner:
        raise invalid(f"componentTypeEnum differs from the type in the address, {owner}")
    if work.definitions.find(metadata["name"]) is not None:
        raise invalid(f"An attribute with the name {metadata['name']} exists", "DUPLICATE_ATTRIBUTE")
    definition = work.definitions.add(definition_rules.new(metadata), owner)
    return quote(f"Attribute metadata created: {definition.name}")


@operation("updateAttributeMetadata")
def update_definition(work: Work, arguments: Arguments) -> str:
    """PUT /v1/attributes/update/metadata: an unknown name is created with `allowCreate`, else 404."""
    metadata = arguments["metadata"]
    definition = work.definitions.find(metadata["name"])
    if definition is not None:
        work.definitions.replace(definition, definition_rules.changed(definition, metadata))
        return quote(f"Attribute metadata updated: {definition.name}")
    if not arguments.get("allowCreate"):
        raise not_found("Attribute", metadata["name"])
    if "componentTypeEnum" not in metadata:
        raise invalid("A new attribute needs componentTypeEnum")
    created = work.definitions.add(definition_rules.new(metadata), _owner(metadata["componentTypeEnum"]))
    return quote(f"Attribute metadata created: {created.name}")


@operation("deleteAttributeMetadata")
def delete_definition(work: Work, arguments: Arguments) -> str:
    """DELETE /v1/attributes/delete: the definition and its values in every object, or nothing."""
    definition = _named(work, [arguments["name"]])[0]
    if definition.standard:
        raise invalid(f"{definition.name} is a standard attribute and can't be deleted")
    work.definitions.remove(definition)
    return quote(f"Attribute metadata deleted: {definition.name}")


@operation("getAttributesByName")
def get_values(work: Work, arguments: Arguments) -> str:
    """GET /v1/attributes/{type}/{id}: the attributes of one object, standard ones included, or the named ones."""
    owner, row = _object(work, arguments)
    values = _values(work, owner, row)
    if "name" not in arguments:
        return attribute_values.array(work, values)
    named = _named(work, arguments["name"])
    return attribute_values.array(work, {d.name: values.get(d.name) for d in named if suits(d.component, owner)})


@operation("updateAttributes")
def update_values(work: Work, arguments: Arguments) -> str:
    """PUT /v1/attributes/update/{type}/{id}: all attributes of the object after the change.

    With `allowCreate` an unknown attribute is defined first, by its metadata or, without them, by its value.
    """
    owner, row = _object(work, arguments)
    if owner == TCS_CELL and row["read_only"]:
        raise invalid(f"Target cell {row['id']} is read-only", "READ_ONLY")
    if arguments.get("allowCreate"):
        for attribute in arguments["attributes"]:
            if work.definitions.find(attribute["name"]) is None:
                work.definitions.add(definition_rules.new(_described(attribute)), owner)
    stored = json_text.parse(row["attributes"])
    for name, value in attribute_values.read(work, arguments["attributes"], owner).items():
        column = standard_attributes.column(owner, name)
        if column is None:
            stored[name] = value
        else:
            _set_standard(work, owner, row, column, value)
            row = work.known(OWNERS[owner], owner, [row["id"]])[0]
    work.connection.execute(
        f"UPDATE {OWNERS[owner]} SET attributes = ? WHERE id = ?",
        (json_text.dump(stored), row["id"]),
    )
    return attribute_values.array(work, _values(work, owner, work.known(OWNERS[owner], owner, [row["id"]])[0]))


def _set_standard(work: Work, owner: str, row: sqlite3.Row, column: str, value: Any) -> None:
    if column == "is_control":
        raise invalid("uacIsControl is set with the target cell itself")
    if owner == CAMPAIGN and column in ("start_ms", "end_ms"):
        campaigns.check_dates_of(row, column, value)
    if column == "name" and not value.strip():
        raise invalid("uacName needs a value")
    work.connection.execute(f"UPDATE {OWNERS[owner]} SET {column} = ? WHERE id = ?", (value, row["id"]))


def _values(work: Work, owner: str, row: sqlite3.Row) -> dict[str, Any]:
    values = {
        definition.name: standard_attributes.value(row, column)
        for definition in work.definitions.all()
        if suits(definition.component, owner)
        and (column := standard_attributes.column(owner, definition.name)) is not None
    }
    return {**values, **json_text.parse(row["attributes"])}


def _described(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata of an attribute to define: its own, or the type its value shows."""
    if attribute.get("metadata"):
        return {**attribute["metadata"], "name": attribute["name"]}
    values = attribute_values.given_values(attribute)
    kinds = {bool: "BOOLEAN", int: "INTEGER", float: "DECIMAL"}
    type_ = kinds.get(type(values[0]), "TEXT") if values else "TEXT"
    return {"name": attribute["name"], "typeEnum": type_, "array": len(values) > 1}


def _owner(text: str) -> str:
    owner = text.upper()
    if owner not in OWNERS:
        raise invalid(f"{text[:40]!r} has no attributes; there are: {', '.join(OWNERS)}")
    return owner


def _object(work: Work, arguments: Arguments) -> tuple[str, sqlite3.Row]:
    owner = _owner(arguments["type"])
    table = OWNERS[owner]
    return owner, work.known(table, _OBJECTS[table], [arguments["id"]])[0]


def _named(work: Work, names: Iterable[str]) -> list[Definition]:
    found = {name: work.definitions.find(name) for name in names}
    missing = [name for name, definition in found.items() if definition is None]
    if missing:
        raise not_found("Attribute", *missing)
    return [definition for definition in found.values() if definition is not None]


def _map(definitions: Iterable[Definition]) -> str:
    return json_text.dump({definition.name: definition.metadata for definition in definitions})
