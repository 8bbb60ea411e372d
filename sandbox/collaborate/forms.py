"""Operations on forms, their attributes and their offers, which this API only reads.

Every route exists twice: directly, and through the folder that holds the form.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox import json_text
from sandbox.answers import Answer
from sandbox.collaborate.folders import known_parent
from sandbox.collaborate.kinds import FORMS
from sandbox.collaborate.refusals import no_results, not_found
from sandbox.collaborate.work import Handler, Work, one, operation
from sandbox.reading import Arguments
from sandbox.refusals import Refused

_OFFERS = """SELECT f.*, o.id, o.name, o.code, o.description FROM form_offers f JOIN offers o ON o.id = f.offer_id
    WHERE f.form_id = ? ORDER BY f.position"""


@operation("listForms")
def list_forms(work: Work, arguments: Arguments) -> Answer:
    """GET /forms: those that meet all filters; days are compared for equality, words without letter case."""
    rows = work.rows("SELECT * FROM forms ORDER BY id")
    filters = {"state": "state", "publishStatus": "publish_status", "createdDate": "created"}
    for parameter, column in {**filters, "lastModifiedDate": "modified"}.items():
        if parameter in arguments:
            rows = [row for row in rows if row[column].lower() == arguments[parameter].lower()]
    return work.collection(map(view, rows))


@operation("listFormsInFolder")
def list_in_folder(work: Work, arguments: Arguments) -> Answer:
    """GET /formfolders/{folderId}/forms: those directly inside."""
    folder_id = known_parent(work, FORMS, arguments["folderId"])
    return work.collection(map(view, work.rows("SELECT * FROM forms WHERE folder_id = ? ORDER BY id", folder_id)))


def in_both_places(pattern: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of a route below /forms and of the same route below /formfolders/{folderId}."""

    def register(handler: Handler) -> Handler:
        for place in ("", "InFolder"):
            operation(pattern.format(place))(handler)
        return handler

    return register


@in_both_places("getForm{}")
def get_form(work: Work, arguments: Arguments) -> Answer:
    """GET .../{formId}."""
    return one(view(_form(work, arguments)))


@in_both_places("listFormAttributes{}")
def list_attributes(work: Work, arguments: Arguments) -> Answer:
    """GET .../{formId}/attributes."""
    return work.collection(map(_attribute_view, attributes(work, _parent(work, arguments)["id"])))


@in_both_places("getFormAttribute{}")
def get_attribute(work: Work, arguments: Arguments) -> Answer:
    """GET .../{formId}/attributes/{attrID}."""
    for row in attributes(work, _form(work, arguments)["id"]):
        if row["id"] == arguments["attrID"]:
            return one(_attribute_view(row))
    raise not_found("Attribute", arguments["attrID"])


@in_both_places("listFormOffers{}")
def list_offers(work: Work, arguments: Arguments) -> Answer:
    """GET .../{formId}/offers."""
    return work.collection(map(_offer_view, offers(work, _parent(work, arguments)["id"]).values()))


@in_both_places("getFormOffer{}")
def get_offer(work: Work, arguments: Arguments) -> Answer:
    """GET .../{formId}/offers/{offerID}."""
    row = offers(work, _form(work, arguments)["id"]).get(arguments["offerID"])
    if row is None:
        raise not_found("Offer", arguments["offerID"])
    return one(_offer_view(row))


def attributes(work: Work, form_id: int) -> list[sqlite3.Row]:
    """The attributes of a form in display order."""
    return work.rows("SELECT * FROM form_attributes WHERE form_id = ? ORDER BY id", form_id)


def offers(work: Work, form_id: int) -> dict[int, sqlite3.Row]:
    """The offers of a form in display order, with what Campaign knows of them."""
    return {row["id"]: row for row in work.rows(_OFFERS, form_id)}


def options(attribute: sqlite3.Row) -> list[str] | None:
    """The values an attribute may have, None for free input."""
    found: list[str] | None = json_text.parse(attribute["options"] or "null")
    return found


def attribute_values(values: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """A list of AttributeValue of the contract."""
    return [{"Attribute_Name": name, "Attribute_Values": list(texts)} for name, texts in values.items()]


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Form of the contract."""
    return {
        "Form_ID": row["id"],
        "Form_Name": row["name"],
        "Description": row["description"],
        "Database_Table": row["database_table"],
        "State": row["state"],
        "Publish_Status": row["publish_status"],
        "Created_Date": row["created"],
        "Last_Modified_Date": row["modified"],
        "Folder_ID": row["folder_id"],
    }


def _form(work: Work, arguments: Arguments) -> sqlite3.Row:
    """The form that the address names; 404 as well when it sits in another folder than the address says."""
    row = work.row("SELECT * FROM forms WHERE id = ?", arguments["formId"])
    if row is None or arguments.get("folderId", row["folder_id"]) != row["folder_id"]:
        raise not_found("Form", arguments["formId"])
    return row


def _parent(work: Work, arguments: Arguments) -> sqlite3.Row:
    """The form that a collection belongs to."""
    try:
        return _form(work, arguments)
    except Refused:
        raise no_results() from None


def _attribute_view(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "Attribute_ID": row["id"],
        "Internal_Name": row["internal_name"],
        "Display_Name": row["display_name"],
        "Attribute_Type": row["type"],
        "Description": row["description"],
        "Required": bool(row["required"]),
        "Default_Value_For_Options": row["default_value"],
        "Lookup_Options": options(row),
    }


def _offer_view(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "Offer_ID": row["id"],
        "Offer_Name": row["name"],
        "Offer_Code": row["code"],
        "Description": row["description"],
        "Effective_Date": row["effective"],
        "Expiration_Date": row["expires"],
        "Offer_Attributes": attribute_values(json_text.parse(row["parameters"])),
    }
