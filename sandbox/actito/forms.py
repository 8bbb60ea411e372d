"""Forms: their structure, and reading and writing participations."""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox import json_text
from sandbox.actito import profiles
from sandbox.actito.profiles import Change
from sandbox.actito.structure import ProfileTable
from sandbox.actito.values import Attribute, in_v4
from sandbox.actito.work import Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments


@operation("getFormStructure")
def get_form(work: Work, arguments: Arguments) -> Answer:
    """GET .../form/{form}: by number or technical name; the shape is inferred from that of tables."""
    row = _form(work, arguments)
    return one(
        {
            "id": row["id"],
            "name": row["name"],
            "displayName": row["display_name"],
            "state": row["state"],
            "profileTable": _table(work, row).name,
            "fields": json_text.parse(row["fields"]),
        }
    )


@operation("createParticipation")
def create_participation(work: Work, arguments: Arguments) -> Answer:
    """POST .../participation: answers that enrich an attribute change the profile at once."""
    row = _form(work, arguments)
    if row["state"] != "RUNNING":
        raise invalid(f"The form {row['name']} is {row['state']}")
    body = arguments[BODY]
    if "id" in body:
        raise invalid("The id of a participation is given by Actito")
    answers = _answers(row, body)
    for field in json_text.parse(row["fields"]):
        if field.get("mandatory") and answers.get(field["name"]) is None:
            raise invalid(f"The answer '{field['name']}' is mandatory")
    profile_id = _profile(work, row, body)
    id_ = work.insert(
        "actito_participations",
        form_id=row["id"],
        profile_id=profile_id,
        answers=json_text.dump({name: value for name, value in answers.items() if value is not None}),
        moment=work.now(),
    )
    if profile_id is not None:
        _enrich(work, row, profile_id, answers)
    return work.created(f"/forms/v4/entity/{work.entity}/form/{row['id']}/participation/{id_}", id_)


@operation("getParticipation")
def get_participation(work: Work, arguments: Arguments) -> Answer:
    """GET .../participation/{participationId}."""
    return one(view(_participation(work, arguments)))


@operation("updateParticipation")
def update_participation(work: Work, arguments: Arguments) -> Answer:
    """PUT .../participation/{participationId}: answers that are not sent stay; the profile can't change."""
    row = _participation(work, arguments)
    body = arguments[BODY]
    if body.get("id", row["id"]) != row["id"] or body.get("profileId", row["profile_id"]) != row["profile_id"]:
        raise invalid("The id and the profile of a participation can't change")
    answers = {**json_text.parse(row["answers"]), **_answers(_form(work, arguments), body)}
    kept = {name: value for name, value in answers.items() if value is not None}
    work.update("actito_participations", row["id"], answers=json_text.dump(kept))
    return one({"id": row["id"]})


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Participation of the contract; answers are texts."""
    answers = json_text.parse(row["answers"])
    found: dict[str, Any] = {"id": row["id"]}
    if row["profile_id"] is not None:
        found["profileId"] = row["profile_id"]
    return {**found, "answers": [{"name": name, "value": in_v4(value)} for name, value in answers.items()]}


def _answers(row: sqlite3.Row, body: dict[str, Any]) -> dict[str, Any]:
    fields = {field["name"]: field for field in json_text.parse(row["fields"])}
    answers: dict[str, Any] = {}
    for item in body.get("answers", ()):
        name = item["name"]
        if name not in fields or name in answers:
            raise invalid(f"The form {row['name']} has no field {name[:60]!r}, or it is answered twice")
        try:
            answers[name] = Attribute.read(fields[name]).value(item.get("value"))
        except ValueError as error:
            raise invalid(str(error)) from None
    return answers


def _profile(work: Work, row: sqlite3.Row, body: dict[str, Any]) -> int | None:
    id_: int | None = body.get("profileId")
    if id_ is None:
        return None
    query = "SELECT 1 FROM actito_profiles WHERE table_id = ? AND id = ?"
    if work.row(query, row["table_id"], id_) is None:
        raise invalid(f"There is no profile {id_} in the table of the form")
    return id_


def _enrich(work: Work, row: sqlite3.Row, profile_id: int, answers: dict[str, Any]) -> None:
    table = _table(work, row)
    change = Change()
    for field in json_text.parse(row["fields"]):
        if field.get("enriches") and answers.get(field["name"]) is not None:
            change.set_attribute(table, field["enriches"], answers[field["name"]])
    if change.attributes:
        profiles.update(work, table, profiles.find(work, table, str(profile_id)), change)


def _table(work: Work, row: sqlite3.Row) -> ProfileTable:
    found = work.row("SELECT * FROM actito_profile_tables WHERE id = ?", row["table_id"])
    assert found is not None
    return ProfileTable.read(found)


def _form(work: Work, arguments: Arguments) -> sqlite3.Row:
    reference = arguments["form"]
    query = "SELECT * FROM actito_forms WHERE entity = ? AND (CAST(id AS TEXT) = ? OR name = ?)"
    row = work.row(query, work.entity, reference, reference)
    if row is None:
        raise not_found("Form", reference)
    return row


def _participation(work: Work, arguments: Arguments) -> sqlite3.Row:
    form = _form(work, arguments)
    id_ = arguments["participationId"]
    row = work.row("SELECT * FROM actito_participations WHERE form_id = ? AND id = ?", form["id"], id_)
    if row is None:
        raise not_found("Participation", id_)
    return row
