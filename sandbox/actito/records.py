"""Records of custom tables (custom data): v4 alone, values answered as texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox import json_text
from sandbox.actito.structure import CustomTable, custom_table
from sandbox.actito.values import as_text, in_v4
from sandbox.actito.work import DONE, Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments


@operation("searchRecords")
def search_records(work: Work, arguments: Arguments) -> Answer:
    """GET .../record: at most `number` records; without `sortedField` in the order in which they came."""
    table = _table(work, arguments)
    conditions = ["table_id = ?"]
    values: list[Any] = [table.id]
    if ("searchField" in arguments) != ("searchValue" in arguments):
        raise invalid("searchField and searchValue go together")
    if "searchField" in arguments:
        name = _known(table, arguments["searchField"])
        try:
            value = table.attributes[name].value(arguments["searchValue"])
        except ValueError as error:
            raise invalid(str(error)) from None
        conditions.append("json_extract(attributes, ?) IS ?")
        values += [f'$."{name}"', int(value) if isinstance(value, bool) else value]
    order = "id"
    if "sortedField" in arguments:
        direction = "ASC" if arguments.get("ascending", True) else "DESC"
        order = f"json_extract(attributes, ?) {direction}, id"
        values.append(f'$."{_known(table, arguments["sortedField"])}"')
    query = f"SELECT * FROM actito_records WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT ?"
    rows = work.rows(query, *values, work.capped(arguments.get("number")))
    return one({"records": [view(table, row) for row in rows]})


@operation("upsertRecord")
def upsert_record(work: Work, arguments: Arguments) -> Answer:
    """POST .../record: changes the record of the business key, or creates it."""
    table = _table(work, arguments)
    return one({"businessKey": save(work, table, given(table, arguments[BODY]))})


@operation("getRecord")
def get_record(work: Work, arguments: Arguments) -> Answer:
    """GET .../record/{recordId}."""
    table = _table(work, arguments)
    return one(view(table, _found(work, table, arguments["recordId"])))


@operation("updateRecord")
def update_record(work: Work, arguments: Arguments) -> Answer:
    """PUT .../record/{recordId}: what is not sent stays as it is; the business key can't change."""
    table = _table(work, arguments)
    row = _found(work, table, arguments["recordId"])
    values = given(table, arguments[BODY])
    if table.key in values and (values[table.key] is None or as_text(values[table.key]) != row["business_key"]):
        raise invalid(f"The business key {table.key} can't change")
    _update(work, table, row, values)
    return one({"businessKey": json_text.parse(row["attributes"])[table.key]})


@operation("deleteRecord")
def delete_record(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../record/{recordId}."""
    row = _found(work, _table(work, arguments), arguments["recordId"])
    work.connection.execute("DELETE FROM actito_records WHERE id = ?", (row["id"],))
    return DONE


def view(table: CustomTable, row: sqlite3.Row) -> dict[str, Any]:
    """Record of the contract."""
    stored = json_text.parse(row["attributes"])
    return {
        "properties": [
            {"name": name, "value": in_v4(stored[name])} for name in table.attributes if stored.get(name) is not None
        ]
    }


def given(table: CustomTable, body: Mapping[str, Any]) -> dict[str, Any]:
    """The typed values of Record; raises 400 for unknown attributes and for values that the structure refuses."""
    values: dict[str, Any] = {}
    for item in body["properties"]:
        name = _known(table, item["name"])
        if name in values:
            raise invalid(f"Attribute '{name}' is given twice")
        try:
            values[name] = table.attributes[name].value(item.get("value"))
        except ValueError as error:
            raise invalid(str(error)) from None
    return values


def save(work: Work, table: CustomTable, values: Mapping[str, Any]) -> Any:
    """Change the record of the business key, or create it; returns the key."""
    if values.get(table.key) is None:
        raise invalid(f"The business key {table.key} is mandatory")
    row = _by_key(work, table, as_text(values[table.key]))
    if row is not None:
        _update(work, table, row, values)
        return values[table.key]
    created = table.definition.get("creationTimeAttribute")
    if created and values.get(created) is None:
        values = {**values, created: work.now()}
    for attribute in table.attributes.values():
        if attribute.mandatory and values.get(attribute.name) is None:
            raise invalid(f"Attribute '{attribute.name}' is mandatory")
    _check_references(work, table, values, None)
    kept = {name: value for name, value in values.items() if value is not None}
    work.insert(
        "actito_records",
        table_id=table.id,
        business_key=as_text(values[table.key]),
        attributes=json_text.dump(kept),
    )
    return values[table.key]


def _update(work: Work, table: CustomTable, row: sqlite3.Row, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value is None and (table.attributes[name].mandatory or name == table.key):
            raise invalid(f"Attribute '{name}' is mandatory")
    _check_references(work, table, values, row["id"])
    kept = {**json_text.parse(row["attributes"]), **values}
    attributes = json_text.dump({name: value for name, value in kept.items() if value is not None})
    work.update("actito_records", row["id"], attributes=attributes)


def _check_references(work: Work, table: CustomTable, values: Mapping[str, Any], id_: int | None) -> None:
    """400 for a value of a unique attribute that another record has, and for a foreign key that leads nowhere."""
    for name, value in values.items():
        if value is not None and table.attributes[name].unique and name != table.key:
            query = (
                "SELECT 1 FROM actito_records WHERE table_id = ? AND id IS NOT ? AND json_extract(attributes, ?) = ?"
            )
            if work.row(query, table.id, id_, f'$."{name}"', value) is not None:
                raise invalid(f"Attribute '{name}': another record already has this value")
    for key in table.definition.get("foreignKeys", ()):
        value = values.get(key["attribute"])
        reference = key.get("reference", {})
        if value is None:
            continue
        if reference.get("tableType") == "PROFILE_TABLE" and reference.get("attribute") == "profileId":
            query = "SELECT 1 FROM actito_profiles WHERE CAST(table_id AS TEXT) = ? AND id = ?"
        elif reference.get("tableType") == "CUSTOM_TABLE":
            query, value = "SELECT 1 FROM actito_records WHERE table_id = ? AND business_key = ?", as_text(value)
        else:
            continue
        if work.row(query, reference.get("tableId"), value) is None:
            raise invalid(f"Attribute '{key['attribute']}': nothing has the key {value!r}")


def _table(work: Work, arguments: Arguments) -> CustomTable:
    return custom_table(work, arguments["customTable"], by_name=True)


def _known(table: CustomTable, name: str) -> str:
    if name not in table.attributes:
        raise invalid(f"Attribute {name[:60]!r} does not exist in table {table.name}")
    return name


def _by_key(work: Work, table: CustomTable, key: str) -> sqlite3.Row | None:
    return work.row("SELECT * FROM actito_records WHERE table_id = ? AND business_key = ?", table.id, key)


def _found(work: Work, table: CustomTable, reference: str) -> sqlite3.Row:
    """The record of a business key, or of a technical id where no record has it as its key."""
    row = _by_key(work, table, reference)
    if row is None and reference.isascii() and reference.isdigit() and len(reference) < 19:
        row = work.row("SELECT * FROM actito_records WHERE table_id = ? AND id = ?", table.id, int(reference))
    if row is None:
        raise not_found("Record", reference)
    return row
