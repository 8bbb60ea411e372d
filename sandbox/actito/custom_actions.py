"""Custom actions: scenario blocks that call another system."""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox import json_text
from sandbox.actito.work import NO_CONTENT, Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments


@operation("listCustomActions")
def list_actions(work: Work, arguments: Arguments) -> Answer:
    """GET .../custom-actions."""
    rows = work.rows("SELECT * FROM actito_custom_actions WHERE entity = ? ORDER BY id", work.entity)
    return one({"customActions": [view(row) for row in rows]})


@operation("createCustomAction")
def create_action(work: Work, arguments: Arguments) -> Answer:
    """POST .../custom-actions: a name is needed."""
    name, definition = _checked(work, arguments[BODY], None)
    id_ = work.insert("actito_custom_actions", entity=work.entity, name=name, definition=json_text.dump(definition))
    return work.created(f"/scenarios/v5/entities/{work.entity}/custom-actions/{id_}", str(id_))


@operation("getCustomAction")
def get_action(work: Work, arguments: Arguments) -> Answer:
    """GET .../custom-actions/{customActionId}."""
    return one(view(_found(work, arguments)))


@operation("patchCustomAction")
def patch_action(work: Work, arguments: Arguments) -> Answer:
    """PATCH .../custom-actions/{customActionId}: what is not sent stays as it is."""
    row = _found(work, arguments)
    name, definition = _checked(work, {**view(row), **arguments[BODY]}, row["id"])
    work.update("actito_custom_actions", row["id"], name=name, definition=json_text.dump(definition))
    return one({**definition, "id": str(row["id"]), "name": name})


@operation("deleteCustomAction")
def delete_action(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../custom-actions/{customActionId}."""
    work.connection.execute("DELETE FROM actito_custom_actions WHERE id = ?", (_found(work, arguments)["id"],))
    return NO_CONTENT


def view(row: sqlite3.Row) -> dict[str, Any]:
    """CustomAction of the contract."""
    return {"id": str(row["id"]), "name": row["name"], **json_text.parse(row["definition"])}


def _checked(work: Work, body: dict[str, Any], id_: int | None) -> tuple[str, dict[str, Any]]:
    definition = dict(body)
    definition.pop("id", None)
    name = definition.pop("name", None)
    if not isinstance(name, str) or not name.strip():
        raise invalid("A custom action needs a name")
    query = "SELECT 1 FROM actito_custom_actions WHERE entity = ? AND name = ? AND id IS NOT ?"
    if work.row(query, work.entity, name, id_) is not None:
        raise invalid(f"The entity already has a custom action {name[:60]!r}")
    return name, definition


def _found(work: Work, arguments: Arguments) -> sqlite3.Row:
    id_ = arguments["customActionId"]
    query = "SELECT * FROM actito_custom_actions WHERE entity = ? AND CAST(id AS TEXT) = ?"
    row = work.row(query, work.entity, id_)
    if row is None:
        raise not_found("Custom action", id_)
    return row
