"""Operations on profiles in v5."""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox.actito import profiles
from sandbox.actito.profile_search import search
from sandbox.actito.profile_shapes import change_v5, view_v5
from sandbox.actito.structure import ProfileTable, profile_table_by_id
from sandbox.actito.work import NO_CONTENT, Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments
from sandbox.refusals import Refused


@operation("searchProfiles")
def search_profiles(work: Work, arguments: Arguments) -> Answer:
    """GET .../profiles: one query parameter for each attribute."""
    table = _table(work, arguments)
    return one({"profiles": [view_v5(table, row) for row in search(work, table, arguments.get("filter", {}))]})


@operation("upsertProfile")
def upsert_profile(work: Work, arguments: Arguments) -> Answer:
    """PUT .../profiles: changes the profile of the key, or creates it."""
    table = _table(work, arguments)
    name, value, row = _keyed(work, table, arguments[BODY])
    change = change_v5(table, arguments[BODY])
    if row is not None:
        return one({"profileId": profiles.update(work, table, row, change)})
    if name == "profileId":
        raise not_found("Profile", value)
    if name not in change.attributes:
        change.set_attribute(table, name, value)
    return one({"profileId": profiles.create(work, table, change)})


@operation("createProfile")
def create_profile(work: Work, arguments: Arguments) -> Answer:
    """POST .../profiles: 409 when there is one already."""
    table = _table(work, arguments)
    name, value, row = _keyed(work, table, arguments[BODY])
    change = change_v5(table, arguments[BODY])
    if name == "profileId":
        raise invalid("A new profile can't be selected by profileId")
    if name not in change.attributes:
        change.set_attribute(table, name, value)
    if row is not None or profiles.matching(work, table, change) is not None:
        raise Refused(409, f"A profile with this {name} already exists in table {table.name}")
    id_ = profiles.create(work, table, change)
    path = f"/profiles/v5/entities/{work.entity}/profile-tables/{table.id}/profiles/{id_}"
    answer = work.created(path, id_)
    return Answer(201, one({"profileId": id_}).body, answer.media_type, answer.headers)


@operation("getProfile")
def get_profile(work: Work, arguments: Arguments) -> Answer:
    """GET .../profiles/{profile}."""
    table = _table(work, arguments)
    return one(view_v5(table, profiles.find(work, table, arguments["profile"])))


@operation("patchProfile")
def patch_profile(work: Work, arguments: Arguments) -> Answer:
    """PATCH .../profiles/{profile}: what is not sent stays as it is."""
    table = _table(work, arguments)
    row = profiles.find(work, table, arguments["profile"])
    return one({"profileId": profiles.update(work, table, row, change_v5(table, arguments[BODY]))})


@operation("deleteProfile")
def delete_profile(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../profiles/{profile}."""
    table = _table(work, arguments)
    profiles.delete(work, table, profiles.find(work, table, arguments["profile"]))
    return NO_CONTENT


def _table(work: Work, arguments: Arguments) -> ProfileTable:
    return profile_table_by_id(work, arguments["profileTableId"])


def _keyed(work: Work, table: ProfileTable, body: dict[str, Any]) -> tuple[str, Any, sqlite3.Row | None]:
    """The one unique attribute of the key, its value, and the profile that has it."""
    if len(body["key"]) != 1:
        raise invalid("The key has one unique attribute")
    ((name, value),) = body["key"].items()
    return name, value, profiles.find_by(work, table, name, value)
