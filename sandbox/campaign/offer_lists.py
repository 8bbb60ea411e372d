"""Operations on offer lists. A list is never resolved to its offers by the API; only its definition is seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.campaign import attribute_values, folders, query_language
from sandbox.campaign.work import Work, operation
from sandbox.json_text import quote
from sandbox.reading import Arguments
from sandbox.refusals import Refused, invalid

_APPLICATIONS = ("campaign", "plan", "collaborate", "deliver")
"""Values of createdBy; the place of each is the number in creatorFlag (inferred)."""


@operation("getOfferListDetails")
def get_lists(work: Work, arguments: Arguments) -> str:
    """GET /v1/offerlist: one object for one id, else an array; all lists without an id."""
    ids = arguments.get("listRefID")
    if ids is None:
        rows = work.connection.execute("SELECT * FROM offer_lists ORDER BY id").fetchall()
    else:
        rows = work.known("offer_lists", "Offer list", ids)
    texts = [_view(work, row) for row in rows]
    return texts[0] if ids is not None and len(ids) == 1 else f"[{','.join(texts)}]"


@operation("createOfferList")
def create_static_list(work: Work, arguments: Arguments) -> str:
    """POST /v1/offerlist: a static list; 400 for a name that is taken, an unknown folder, unknown or retired offers."""
    members = _members(work, arguments.get("listMembers", ()), status=400)
    id_ = _insert(work, arguments, smart_info=None)
    _append(work, id_, members)
    return quote(f"Offer list created: {arguments['name']}")


@operation("createSmartOffer")
def create_smart_list(work: Work, arguments: Arguments) -> str:
    """POST /v1/offerlist/createSmartOffer: a list that a query fills; 400 for a query that can't be understood."""
    smart_info = _smart_info(work, arguments["smartOfferListInfoJSON"])
    _insert(work, arguments, smart_info)
    return quote(f"Smart offer list created: {arguments['name']}")


@operation("updateOfferList")
def update_list(work: Work, arguments: Arguments) -> str:
    """PUT /v1/offerlist: members are added to those present unless `clearExisting`; retired lists can't change."""
    if "listRefID" not in arguments:
        raise invalid("listRefID is needed: it says which list to change")
    row = work.known("offer_lists", "Offer list", [arguments["listRefID"]])[0]
    if row["retired"]:
        raise invalid(f"Offer list {row['id']} is retired", "RETIRED_LIST")
    smart = arguments.get("isSmartList", bool(row["smart"]))
    smart_info = arguments.get("smartOfferListInfoJSON")
    if smart and "listMembers" in arguments:
        raise invalid("A smart list has no members of its own; its query finds them")
    if smart and smart_info is None and not row["smart"]:
        raise invalid("A smart list needs smartOfferListInfoJSON")
    if not smart and smart_info is not None:
        raise invalid("A static list has no smartOfferListInfoJSON")
    members = _members(work, arguments.get("listMembers", ()), status=404)
    columns: dict[str, Any] = {"smart": int(smart)}
    if "name" in arguments:
        columns["name"] = _name(work, arguments["name"], row["id"])
    if "description" in arguments:
        columns["description"] = arguments["description"]
    if "creatorObjectId" in arguments:
        columns["creator_object_id"] = arguments["creatorObjectId"]
    if smart_info is not None:
        columns["smart_info"] = json_text.dump(_smart_info(work, smart_info))
    elif not smart:
        columns["smart_info"] = None
    for column, value in columns.items():
        work.connection.execute(f"UPDATE offer_lists SET {column} = ? WHERE id = ?", (value, row["id"]))
    if arguments.get("clearExisting") or smart:
        work.connection.execute("DELETE FROM offer_list_members WHERE list_id = ?", (row["id"],))
    _append(work, row["id"], members)
    return quote(f"Offer list updated: {row['id']}")


@operation("deleteOfferLists")
def delete_lists(work: Work, arguments: Arguments) -> str:
    """POST /v1/offerlist/delete: all of them, or none when one is unknown (404) or was used (400)."""
    rows = work.known("offer_lists", "Offer list", arguments["listRefID"])
    for row in rows:
        assigned = work.exists("SELECT 1 FROM cell_offers WHERE kind = 'OFFER_LIST' AND object_id = ?", row["id"])
        if row["used"] or assigned:
            reason = "is assigned to a target cell" if assigned else "has been used"
            raise invalid(f"Offer list {row['id']} {reason} and can only be retired", "LIST_IN_USE")
    work.connection.executemany("DELETE FROM offer_lists WHERE id = ?", [(row["id"],) for row in rows])
    return quote(f"Offer lists deleted: {len(rows)}")


@operation("retireOfferLists")
def retire_lists(work: Work, arguments: Arguments) -> str:
    """POST /v1/offerlist/retire: for good; a list that is retired already stays so."""
    rows = work.known("offer_lists", "Offer list", arguments["listRefID"])
    work.connection.executemany("UPDATE offer_lists SET retired = 1 WHERE id = ?", [(row["id"],) for row in rows])
    return quote(f"Offer lists retired: {len(rows)}")


def _view(work: Work, row: sqlite3.Row) -> str:
    """JSON text of a ComponentOrFolderInfo."""
    members = None
    if not row["smart"]:
        query = "SELECT offer_id FROM offer_list_members WHERE list_id = ? ORDER BY position"
        members = [member["offer_id"] for member in work.connection.execute(query, (row["id"],))]
    head = {
        "reference": {"componentTypeEnum": "OFFER_LIST", "id": row["id"]},
        "name": row["name"],
        "description": row["description"],
        "securityPolicy": row["security_policy"],
        "parentFolderId": row["folder_id"],
        "componentCode": row["code"],
        "compositeRefIds": None,
        "creatorFlag": row["creator_flag"],
        "creatorObjectId": row["creator_object_id"],
        "smartList": bool(row["smart"]),
        "retiredList": bool(row["retired"]),
        "staticListMembers": members,
        "smartListInfo": json_text.parse(row["smart_info"]) if row["smart"] and row["smart_info"] else None,
    }
    return f'{json_text.dump(head)[:-1]},"attributes":{attribute_values.text(work, row["attributes"])}}}'


def _insert(work: Work, arguments: Arguments, smart_info: Mapping[str, Any] | None) -> int:
    application = arguments.get("createdBy", "Campaign").lower()
    if application not in _APPLICATIONS:
        raise invalid(f"createdBy must be one of {', '.join(name.capitalize() for name in _APPLICATIONS)}")
    id_ = work.connection.execute(
        "INSERT INTO offer_lists (name, description, security_policy, folder_id, creator_flag, creator_object_id,"
        " smart, smart_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            _name(work, arguments["name"], None),
            arguments.get("description"),
            arguments.get("securityPolicy") or "Global",
            folders.check(work, arguments.get("parentFolderId"), "offer"),
            _APPLICATIONS.index(application),
            arguments.get("creatorObjectId", 0),
            int(smart_info is not None),
            None if smart_info is None else json_text.dump(smart_info),
        ),
    ).lastrowid
    assert id_ is not None
    return id_


def _name(work: Work, name: str, id_: int | None) -> str:
    if not name.strip():
        raise invalid("An offer list needs a name")
    if work.exists("SELECT 1 FROM offer_lists WHERE name = ? AND id IS NOT ?", name, id_):
        raise invalid(f"An offer list with the name {name[:80]} exists", "DUPLICATE_NAME")
    return name


def _members(work: Work, ids: Iterable[int], status: int) -> list[int]:
    try:
        rows = work.known("offers", "Offer", ids)
    except Refused as refused:
        raise Refused(status, refused.message, code=refused.code) from None
    for row in rows:
        if row["retired"]:
            raise invalid(f"Offer {row['id']} is retired and can't be added to a list", "RETIRED_OFFER")
    return [row["id"] for row in rows]


def _append(work: Work, list_id: int, offer_ids: Iterable[int]) -> None:
    query = "SELECT coalesce(max(position), 0) FROM offer_list_members WHERE list_id = ?"
    last = work.connection.execute(query, (list_id,)).fetchone()[0]
    work.connection.executemany(
        "INSERT OR IGNORE INTO offer_list_members (list_id, position, offer_id) VALUES (?, ?, ?)",
        [(list_id, last + number, offer_id) for number, offer_id in enumerate(offer_ids, start=1)],
    )


def _smart_info(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    """A SmartListInfo whose query can be understood and whose folders exist; 400 else."""
    query_language.compile_query(given["query"], work.definitions, work.dates)
    if given.get("maxSize", 1) < 1:
        raise invalid("maxSize must be at least 1")
    for folder in given.get("scopeFolders", ()):
        if isinstance(folder, dict):
            if folder["componentTypeEnum"] != "FOLDER":
                raise invalid("scopeFolders takes references to folders")
            folder = folder["id"]
        elif isinstance(folder, str):
            if not folder.isascii() or not folder.isdigit() or len(folder) > 18:
                raise invalid(f"scopeFolders: {folder[:40]!r} is no folder id")
            folder = int(folder)
        folders.check(work, folder, "offer")
    return dict(given)
