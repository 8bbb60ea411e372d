"""Operations on the structure of custom tables."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox import json_text
from sandbox.actito.definitions import added, check_attributes, check_name
from sandbox.actito.structure import CustomTable, custom_table, custom_tables
from sandbox.actito.work import Work, invalid, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments


@operation("listCustomTables")
def list_custom_tables(work: Work, arguments: Arguments) -> Answer:
    """GET .../custom-tables: all with their structure."""
    return one({"customTables": [view(table) for table in custom_tables(work)]})


@operation("getCustomTable")
def get_custom_table(work: Work, arguments: Arguments) -> Answer:
    """GET .../custom-tables/{customTableId}."""
    return one(view(custom_table(work, arguments["customTableId"], by_name=False)))


@operation("createCustomTable")
def create_custom_table(work: Work, arguments: Arguments) -> Answer:
    """POST .../custom-tables: its primary key has to be one of its attributes."""
    body = arguments[BODY]
    name = check_name(body["name"], "Custom table")
    if work.row("SELECT 1 FROM actito_custom_tables WHERE entity = ? AND name = ?", work.entity, name) is not None:
        raise invalid(f"The entity already has a custom table {name!r}")
    check_attributes(body["attributes"], of_profiles=False)
    names = {item["name"] for item in body["attributes"]}
    if body.get("primaryKeyAttribute") not in names:
        raise invalid("primaryKeyAttribute has to name one of the attributes")
    if body.get("creationTimeAttribute", body["primaryKeyAttribute"]) not in names:
        raise invalid("creationTimeAttribute has to name one of the attributes")
    _check_foreign_keys(work, body.get("foreignKeys", ()), names)
    id_ = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{work.base}/{work.entity}/{name}"))
    definition = {key: value for key, value in body.items() if key not in ("id", "name")}
    work.insert("actito_custom_tables", id=id_, entity=work.entity, name=name, definition=json_text.dump(definition))
    return work.created(f"/custom-table-structure/v5/entities/{work.entity}/custom-tables/{id_}", id_)


@operation("requestCustomTableChange")
def request_change(work: Work, arguments: Arguments) -> Answer:
    """POST .../custom-tables/{customTableId}/change-requests: done at once."""
    table = custom_table(work, arguments["customTableId"], by_name=False)
    filled = work.row("SELECT 1 FROM actito_records WHERE table_id = ?", table.id) is not None
    definition = added(work, table.definition, arguments[BODY], table.id, filled=filled, of_profiles=False)
    work.connection.execute(
        "UPDATE actito_custom_tables SET definition = ? WHERE id = ?", (json_text.dump(definition), table.id)
    )
    return one({"customTableId": table.id, "type": arguments[BODY]["type"]})


@operation("listCustomTablesV4")
def list_custom_tables_v4(work: Work, arguments: Arguments) -> Answer:
    """GET .../v4/entity/{entity}/customTable: names and ids; the shape is inferred."""
    return one({"customTables": [{"id": table.id, "name": table.name} for table in custom_tables(work)]})


@operation("getCustomTableV4")
def get_custom_table_v4(work: Work, arguments: Arguments) -> Answer:
    """GET .../v4/entity/{entity}/customTable/{customTable}: the structure; its shape is inferred."""
    return one(view(custom_table(work, arguments["customTable"], by_name=True)))


def view(table: CustomTable) -> dict[str, Any]:
    """CustomTable of the contract."""
    return {"id": table.id, "name": table.name, **table.definition}


def _check_foreign_keys(work: Work, keys: Any, names: set[str]) -> None:
    for key in keys:
        if key.get("attribute") not in names:
            raise invalid("The attribute of a foreign key has to be one of the attributes")
        reference = key.get("reference", {})
        table = "actito_profile_tables" if reference.get("tableType") == "PROFILE_TABLE" else "actito_custom_tables"
        query = f"SELECT 1 FROM {table} WHERE entity = ? AND CAST(id AS TEXT) = ?"
        if work.row(query, work.entity, reference.get("tableId")) is None:
            raise invalid(f"A foreign key refers to a table that {work.entity} does not have")
