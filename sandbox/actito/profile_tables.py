"""Operations on the structure of profile tables."""

from __future__ import annotations

from typing import Any

from sandbox import json_text
from sandbox.actito.definitions import added, check_attributes, check_name
from sandbox.actito.structure import (
    ProfileTable,
    find_profile_table,
    profile_table_by_id,
    profile_table_by_name,
    profile_tables,
)
from sandbox.actito.values import TECHNICAL
from sandbox.actito.work import Work, invalid, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments

TECHNICAL_ATTRIBUTES = (
    {
        "type": "CUSTOM",
        "name": "profileId",
        "unique": True,
        "mandatory": True,
        "valueType": "INTEGER",
        "multiValued": False,
    },
    *(
        {
            "type": "CUSTOM",
            "name": name,
            "unique": False,
            "mandatory": True,
            "valueType": "TIMESTAMP",
            "multiValued": False,
        }
        for name in TECHNICAL[1:]
    ),
)
"""The attributes that every profile table has before its own (contract: example of ProfileTable)."""


@operation("listProfileTables")
def list_profile_tables(work: Work, arguments: Arguments) -> Answer:
    """GET .../profile-tables: all with their structure."""
    return one({"profileTables": [view(table) for table in profile_tables(work)]})


@operation("getProfileTable")
def get_profile_table(work: Work, arguments: Arguments) -> Answer:
    """GET .../profile-tables/{profileTableId}."""
    return one(view(profile_table_by_id(work, arguments["profileTableId"])))


@operation("createProfileTable")
def create_profile_table(work: Work, arguments: Arguments) -> Answer:
    """POST .../profile-tables: technical attributes come by themselves; one unique attribute is needed."""
    body = arguments[BODY]
    name = check_name(body["name"], "Profile table")
    if find_profile_table(work, work.entity, name) is not None:
        raise invalid(f"The entity already has a profile table {name!r}")
    if {item["name"] for item in body["attributes"]} & set(TECHNICAL):
        raise invalid(f"{', '.join(TECHNICAL)} are technical: every profile table has them")
    check_attributes(body["attributes"], of_profiles=True)
    if not any(item.get("unique") and not item.get("multiValued") for item in body["attributes"]):
        raise invalid("A profile table needs a unique attribute")
    definition = {key: value for key, value in body.items() if key not in ("id", "name")}
    definition["attributes"] = [*TECHNICAL_ATTRIBUTES, *body["attributes"]]
    _check_names(definition)
    id_ = work.insert("actito_profile_tables", entity=work.entity, name=name, definition=json_text.dump(definition))
    return work.created(f"/profile-table-structure/v5/entities/{work.entity}/profile-tables/{id_}", str(id_))


@operation("requestProfileTableChange")
def request_change(work: Work, arguments: Arguments) -> Answer:
    """POST .../profile-tables/{profileTableId}/change-requests: done at once."""
    table = profile_table_by_id(work, arguments["profileTableId"])
    filled = work.row("SELECT 1 FROM actito_profiles WHERE table_id = ?", table.id) is not None
    definition = added(work, table.definition, arguments[BODY], str(table.id), filled=filled, of_profiles=True)
    work.update("actito_profile_tables", table.id, definition=json_text.dump(definition))
    return one({"profileTableId": str(table.id), "type": arguments[BODY]["type"]})


@operation("listProfileTableNamesV4")
def list_names_v4(work: Work, arguments: Arguments) -> Answer:
    """GET .../v4/entity/{entity}/table: names alone."""
    return one({"profileTableNames": [{"name": table.name} for table in profile_tables(work)]})


@operation("getProfileTableV4")
def get_profile_table_v4(work: Work, arguments: Arguments) -> Answer:
    """GET .../v4/entity/{entity}/table/{table}: the structure under the name; its shape is inferred."""
    table = profile_table_by_name(work, arguments["table"])
    return one({"name": table.name, **table.definition})


def view(table: ProfileTable) -> dict[str, Any]:
    """ProfileTable of the contract."""
    return {"id": str(table.id), "name": table.name, **table.definition}


def _check_names(definition: dict[str, Any]) -> None:
    for block in ("subscriptions", "segmentations"):
        for item in definition.get(block, ()):
            if not isinstance(item.get("name"), str):
                raise invalid(f"Each of {block} needs a name")
            check_name(item["name"], block)
    for item in definition.get("segmentations", ()):
        categories = item.get("categories", [])
        if not isinstance(categories, list) or not all(isinstance(text, str) for text in categories):
            raise invalid("The categories of a segmentation are a list of texts")
