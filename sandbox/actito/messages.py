"""What reaches customers: e-mails to one profile, to several and transactional ones.

Each message is a row of `actito_sent`, which the control interface shows, so that a test can prove what was sent
once. A triggered message whose profile has a language that the campaign lacks is dropped without a word (actito-notes,
section 10): its row says so. Transactional messages skip that filter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import json_text
from sandbox.actito import profiles
from sandbox.actito.emails import campaign, target
from sandbox.actito.profile_shapes import change_v4
from sandbox.actito.structure import ProfileTable
from sandbox.actito.work import Work, invalid, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments
from sandbox.refusals import Refused

FIRST_INTERACTION = 987_120
TRANSACTIONAL = "TRANSACTIONAL"
"""The sendingMode of a transactional campaign; the word is inferred."""


@operation("triggerEmailForProfile")
def trigger_for_profile(work: Work, arguments: Arguments) -> Answer:
    """POST .../mail/{campaign}/profile/{profile}: the profile is one of the campaign's target table."""
    row = _running(work, arguments, "CONTINUOUS")
    table = target(work, row)
    profile = profiles.find(work, table, arguments["profile"])
    delivered = _speaks(row, profile)
    interaction = record(work, row["name"], table, profile["id"], arguments[BODY], delivered=delivered)
    return one({"interactionId": interaction})


@operation("triggerEmailBulk")
def trigger_bulk(work: Work, arguments: Arguments) -> Answer:
    """POST .../mail/{campaign}/contact: `contacts` as in the example of the contract; each is told of by itself."""
    row = _running(work, arguments, "CONTINUOUS")
    table = target(work, row)
    contacts = arguments[BODY].get("contacts")
    if not isinstance(contacts, list) or not contacts:
        raise invalid("The body needs a list of contacts")
    results = []
    for contact in contacts:
        profile_id = contact.get("profileId") if isinstance(contact, dict) else None
        if type(profile_id) is not int:
            raise invalid("Each contact needs a profileId")
        parameters = _parameters(contact.get("parameters", []))
        try:
            profile = profiles.find(work, table, str(profile_id))
        except Refused as refused:
            results.append({"profileId": profile_id, "error": refused.message})
            continue
        delivered = _speaks(row, profile)
        interaction = record(work, row["name"], table, profile_id, parameters, delivered=delivered)
        results.append({"profileId": profile_id, "interactionId": interaction})
    return one({"contacts": results})


@operation("sendTransactionalEmail")
def send_transactional(work: Work, arguments: Arguments) -> Answer:
    """POST .../transactionalmail/{campaign}/contact: saves the profile, then sends."""
    return _send(work, arguments, arguments[BODY], [])


@operation("sendTransactionalEmailWithAttachment")
def send_with_attachment(work: Work, arguments: Arguments) -> Answer:
    """POST .../transactionalmail/{campaign}/contactWithAttachment."""
    if "contact" not in arguments:
        raise invalid("The part contact is missing")
    files = arguments.get("attachments", [])
    if sum(len(part.content) for part in files) > work.switches.actito_upload_max_bytes:
        raise invalid("The attachments are too large")
    return _send(work, arguments, arguments["contact"], [str(part.file_name) for part in files])


def record(
    work: Work,
    name: str,
    table: ProfileTable,
    profile_id: int,
    parameters: Sequence[Mapping[str, Any]],
    *,
    attachments: Sequence[str] = (),
    delivered: bool = True,
) -> int:
    """Note that something was sent or started, and return the id of the interaction."""
    last = work.row("SELECT max(interaction_id) AS last FROM actito_sent")
    interaction = FIRST_INTERACTION if last is None or last["last"] is None else last["last"] + 1
    work.insert(
        "actito_sent",
        operation=work.operation,
        entity=work.entity,
        name=name,
        table_id=table.id,
        profile_id=profile_id,
        interaction_id=interaction,
        parameters=json_text.dump(list(parameters)),
        attachments=json_text.dump(list(attachments)),
        delivered=int(delivered),
        key=work.key.label,
    )
    return int(interaction)


def _send(work: Work, arguments: Arguments, contact: dict[str, Any], attachments: list[str]) -> Answer:
    row = _running(work, arguments, TRANSACTIONAL)
    table = target(work, row)
    profile_id = profiles.save(work, table, change_v4(table, contact["profile"]))
    interaction = record(work, row["name"], table, profile_id, contact.get("parameters", []), attachments=attachments)
    return one({"interactionId": interaction})


def _running(work: Work, arguments: Arguments, mode: str) -> sqlite3.Row:
    """The campaign of the address; 400 when it is of another kind or not active."""
    row = campaign(work, arguments)
    if json_text.parse(row["settings"])["sendingMode"] != mode:
        raise invalid(f"The campaign {row['name']} is not {mode}")
    if row["state"] != "RUNNING":
        raise invalid(f"The campaign {row['name']} is {row['state']}, not in progress")
    return row


def _speaks(row: sqlite3.Row, profile: sqlite3.Row) -> bool:
    language = json_text.parse(profile["attributes"]).get("motherLanguage")
    return language in json_text.parse(row["settings"])["supportedLanguages"]


def _parameters(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(
        isinstance(item, dict) and isinstance(item.get("key"), str) and isinstance(item.get("values"), list)
        for item in given
    ):
        raise invalid("The parameters of a contact are a list of key and values")
    return given
