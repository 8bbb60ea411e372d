"""E-mail campaigns: their list and their settings. Only drafts are changed and deleted; other states are not
documented to allow it.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from sandbox import json_text
from sandbox.actito import moments
from sandbox.actito.structure import ProfileTable, find_profile_table
from sandbox.actito.work import DONE, Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments
from sandbox.refusals import Refused

_NAME = re.compile(r"[A-Za-z0-9_]{1,100}")
_LANGUAGE = re.compile(r"[A-Z]{2}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_TYPES = {"MASS_SENDING": "MASS", "CONTINUOUS": "CONTINUOUS"}
_NEEDED = ("contentType", "encoding", "entityOfTarget", "targetTable", "from", "supportedLanguages")
_LISTED = ("displayName", "entityOfTarget", "targetTable", "sendingMode")


@operation("listEmailCampaigns")
def list_campaigns(work: Work, arguments: Arguments) -> Answer:
    """GET .../mail: lighter than a single reading. The grammar of dateFilter is unknown: here a day of change."""
    found = []
    since = _day(arguments["dateFilter"]) if "dateFilter" in arguments else ""
    for row in work.rows("SELECT * FROM actito_campaigns WHERE entity = ? ORDER BY id", work.entity):
        whole = view(row)
        if arguments.get("name", row["name"]) != row["name"] or row["changed"] < since:
            continue
        if "type" in arguments and whole["sendingMode"] != _TYPES[arguments["type"]]:
            continue
        found.append({key: whole[key] for key in ("campaignId", "name", *_LISTED, "state")})
    return one({"mailDocuments": found})


@operation("createEmailCampaign")
def create_campaign(work: Work, arguments: Arguments) -> Answer:
    """POST .../mail: a draft; 409 when the entity has a campaign of this name in any state."""
    body = dict(arguments[BODY])
    name = body.pop("name")
    if not _NAME.fullmatch(name):
        raise invalid("The name of a campaign has letters, digits and underscores only")
    _check(work, body)
    settings = {"displayName": name, "sendingMode": "MASS", "goalTracking": False, **body}
    query = "SELECT 1 FROM actito_campaigns WHERE entity = ? AND lower(name) = lower(?)"
    if work.row(query, work.entity, name) is not None:
        raise Refused(409, f"A campaign {name!r} already exists in the entity")
    id_ = work.insert(
        "actito_campaigns",
        entity=work.entity,
        name=name,
        state="DRAFT",
        settings=json_text.dump(settings),
        changed=work.now(),
    )
    return one({"campaignId": id_})


@operation("getEmailCampaign")
def get_campaign(work: Work, arguments: Arguments) -> Answer:
    """GET .../mail/{campaign}."""
    return one(view(campaign(work, arguments)))


@operation("updateEmailCampaign")
def update_campaign(work: Work, arguments: Arguments) -> Answer:
    """PUT .../mail/{campaign}: replaces the settings; what creation needs is needed again, the kind stays."""
    row = draft(work, arguments)
    body = arguments[BODY]
    missing = [key for key in _NEEDED if key not in body]
    if missing:
        raise invalid(f"The settings are replaced as a whole: {', '.join(missing)} missing")
    _check(work, body)
    mode = json_text.parse(row["settings"])["sendingMode"]
    if body.get("sendingMode", mode) != mode:
        raise invalid("The sendingMode of a campaign can't change")
    settings = {"displayName": row["name"], "sendingMode": mode, "goalTracking": False, **body}
    work.update("actito_campaigns", row["id"], settings=json_text.dump(settings), changed=work.now())
    return one({"campaignId": row["id"]})


@operation("deleteEmailCampaign")
def delete_campaign(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../mail/{campaign}."""
    work.connection.execute("DELETE FROM actito_campaigns WHERE id = ?", (draft(work, arguments)["id"],))
    return DONE


def campaign(work: Work, arguments: Arguments) -> sqlite3.Row:
    """The campaign of the address, by number or technical name; 404 for others."""
    reference = arguments["campaign"]
    query = "SELECT * FROM actito_campaigns WHERE entity = ? AND (CAST(id AS TEXT) = ? OR name = ?)"
    row = work.row(query, work.entity, reference, reference)
    if row is None:
        raise not_found("E-mail campaign", reference)
    return row


def draft(work: Work, arguments: Arguments) -> sqlite3.Row:
    """The campaign of the address; 400 when it is no draft any more."""
    row = campaign(work, arguments)
    if row["state"] != "DRAFT":
        raise invalid(f"The campaign {row['name']} is {row['state']}; only drafts can be changed")
    return row


def target(work: Work, row: sqlite3.Row) -> ProfileTable:
    """The table that a campaign sends to, which may be one of another entity."""
    settings = json_text.parse(row["settings"])
    table = find_profile_table(work, settings["entityOfTarget"], settings["targetTable"])
    assert table is not None
    return table


def view(row: sqlite3.Row) -> dict[str, Any]:
    """EmailCampaign of the contract."""
    settings = json_text.parse(row["settings"])
    return {"campaignId": row["id"], "name": row["name"], **settings, "state": row["state"]}


def _check(work: Work, settings: dict[str, Any]) -> None:
    entity, table = settings["entityOfTarget"], settings["targetTable"]
    if work.row("SELECT 1 FROM actito_entities WHERE name = ?", entity) is None or not work.key.sees(entity):
        raise invalid(f"entityOfTarget: there is no entity {entity[:60]!r}")
    if find_profile_table(work, entity, table) is None:
        raise invalid(f"targetTable: the entity {entity} has no profile table {table[:60]!r}")
    languages = settings["supportedLanguages"]
    if not languages or not all(_LANGUAGE.fullmatch(language) for language in languages):
        raise invalid("supportedLanguages takes one or more languages such as FR")
    if not settings["from"].strip():
        raise invalid("from is empty")
    if "replyTo" in settings and not _ADDRESS.fullmatch(settings["replyTo"]):
        raise invalid("replyTo takes an e-mail address")
    if settings.get("sendingMode", "MASS") not in ("MASS", "CONTINUOUS"):
        raise invalid("sendingMode is MASS or CONTINUOUS")
    try:
        "".encode(settings["encoding"])
    except (LookupError, ValueError):
        raise invalid(f"encoding: {settings['encoding'][:40]!r} is unknown") from None


def _day(text: str) -> str:
    try:
        return moments.day(text)
    except ValueError as error:
        raise invalid(f"dateFilter: {error}") from None
