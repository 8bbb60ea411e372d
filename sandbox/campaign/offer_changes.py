"""Operations that create, copy, retire and delete offers, v1 and v2."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.campaign import attribute_values, bracket_ids, folders
from sandbox.campaign.definitions import OFFER
from sandbox.campaign.work import Work, operation
from sandbox.reading import BODY, Arguments
from sandbox.refusals import Refused, invalid

_DEFAULT_POLICY = "Global"
_ORDERED = "The offer could not be saved"


@operation("createOffers")
def create_offers(work: Work, arguments: Arguments) -> str:
    """POST /v1/offers: one entry for each offer; a failed one carries `error`, the others are created."""
    return _create(work, arguments, arguments["BulkOfferInfo"])


@operation("createBulkOffers")
def create_offers_v2(work: Work, arguments: Arguments) -> str:
    """POST /v2/offers, as in v1."""
    return _create(work, arguments, arguments[BODY])


@operation("duplicateOffersV2")
def duplicate_offers(work: Work, arguments: Arguments) -> str:
    """POST /v2/offers/duplicate: usable copies, also of retired offers; 404 when an id is unknown.

    A copy is named "Copy of ..." and lies in the folder of the original unless another one is given.
    """
    folder_given = folders.check(work, arguments.get("folderid"), "offer")
    entries = []
    for original in work.known("offers", "Offer", arguments[BODY]):
        if _fails(work, original["name"], original["id"]):
            entries.append(_failure(original["name"], _ORDERED))
            continue
        folder_id = original["folder_id"] if folder_given is None else folder_given
        name = first = f"Copy of {original['name']}"
        number = 1
        while _name_taken(work, name, folder_id):
            number += 1
            name = f"{first} ({number})"
        template = work.row("offer_templates", original["template_id"])
        assert template is not None
        policy = original["security_policy"]
        values = json_text.parse(original["attributes"])
        entries.append(_insert(work, template, folder_id, policy, name, original["description"], values))
    return json_text.dump(entries)


@operation("retireOffers")
def retire_offers(work: Work, arguments: Arguments) -> str:
    """POST /v1/offers/retire: the ids that are retired now, also those that were before; 404 when one is unknown."""
    return _retire(work, arguments["offerids"])


@operation("retireOffersV2")
def retire_offers_v2(work: Work, arguments: Arguments) -> str:
    """POST /v2/offers/retire, as in v1."""
    return _retire(work, arguments[BODY])


@operation("deleteOffers")
def delete_offers(work: Work, arguments: Arguments) -> str:
    """POST /v1/offers/delete: the ids really deleted; offers assigned to a cell stay, unknown ids are 404."""
    return _delete(work, arguments["offerids"])


@operation("deleteOffersV2")
def delete_offers_v2(work: Work, arguments: Arguments) -> str:
    """DELETE /v2/offers, as in v1."""
    return _delete(work, bracket_ids.read("offerIds", arguments["offerIds"]))


@operation("deleteOffersPostV2")
def delete_offers_post_v2(work: Work, arguments: Arguments) -> str:
    """POST /v2/offers/delete, as in v1."""
    return _delete(work, arguments[BODY])


def _create(work: Work, arguments: Arguments, items: Iterable[Mapping[str, Any]]) -> str:
    template = _template(work, arguments["templateName"])
    folder_id = folders.check(work, arguments.get("folderid"), "offer")
    policy = arguments.get("securityPolicy") or _DEFAULT_POLICY
    defaults = json_text.parse(template["attributes"])
    entries = []
    for item in items:
        name = item["offerName"]
        try:
            if not name.strip():
                raise invalid("An offer needs a name")
            if _fails(work, name):
                raise invalid(_ORDERED)
            if _name_taken(work, name, folder_id):
                raise invalid("An offer with this name already exists in the folder")
            values = {**defaults, **attribute_values.read(work, item.get("attributes", ()), OFFER)}
            entries.append(_insert(work, template, folder_id, policy, name, "", values))
        except Refused as refused:
            entries.append(_failure(name, refused.message))
    return json_text.dump(entries)


def _template(work: Work, name: str) -> sqlite3.Row:
    rows = work.connection.execute("SELECT * FROM offer_templates WHERE name = ?", (name,)).fetchall()
    if len(rows) != 1:
        raise invalid(f"{len(rows) or 'No'} offer template has the name {name[:80]!r}", "UNKNOWN_TEMPLATE")
    template: sqlite3.Row = rows[0]
    if template["retired"]:
        raise invalid(f"The offer template {name!r} is retired", "RETIRED_TEMPLATE")
    return template


def _insert(
    work: Work,
    template: sqlite3.Row,
    folder_id: int | None,
    policy: str,
    name: str,
    description: str | None,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    code = work.codes.offer(template["code_format"])
    id_ = work.connection.execute(
        "INSERT INTO offers (code, name, description, template_id, folder_id, security_policy, attributes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (code, name, description, template["id"], folder_id, policy, json_text.dump(values)),
    ).lastrowid
    reference = {"componentTypeEnum": "OFFER", "id": id_}
    return {"reference": reference, "offerCode": code, "name": name, "description": description, "error": None}


def _failure(name: str, error: str) -> dict[str, Any]:
    return {"reference": None, "offerCode": None, "name": name, "description": None, "error": error}


def _name_taken(work: Work, name: str, folder_id: int | None) -> bool:
    return work.exists("SELECT 1 FROM offers WHERE name = ? AND folder_id IS ?", name, folder_id)


def _fails(work: Work, name: str, id_: int | None = None) -> bool:
    """Whether the switch `item_failures` names this offer."""
    return name in work.item_failures or (id_ is not None and str(id_) in work.item_failures)


def _retire(work: Work, ids: Iterable[int]) -> str:
    rows = [row for row in work.known("offers", "Offer", ids) if not _fails(work, row["name"], row["id"])]
    work.connection.executemany("UPDATE offers SET retired = 1 WHERE id = ?", [(row["id"],) for row in rows])
    return json_text.dump([row["id"] for row in rows])


def _delete(work: Work, ids: Iterable[int]) -> str:
    deleted = []
    for row in work.known("offers", "Offer", ids):
        used = work.exists("SELECT 1 FROM cell_offers WHERE kind = 'OFFER' AND object_id = ?", row["id"])
        if not used and not _fails(work, row["name"], row["id"]):
            work.connection.execute("DELETE FROM offers WHERE id = ?", (row["id"],))
            deleted.append(row["id"])
    return json_text.dump(deleted)
