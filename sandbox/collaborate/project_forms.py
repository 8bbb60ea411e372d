"""Operations on the forms of a project: values of attributes, and chosen offers (collaborate-notes, section 4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.answers import Answer
from sandbox.collaborate import forms
from sandbox.collaborate.kinds import Kind
from sandbox.collaborate.projects import known_project, open_project, project
from sandbox.collaborate.refusals import not_found, unacceptable
from sandbox.collaborate.work import NO_CONTENT, Work, for_kinds, one
from sandbox.reading import BODY, Arguments

_FORMS = """SELECT p.*, f.name FROM project_forms p JOIN forms f ON f.id = p.form_id
    WHERE p.project_id = ? ORDER BY p.position"""
_ONE_VALUE_ONLY = ("radiogroup", "select")


@for_kinds("list{}ProjectForms")
def list_forms(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/projectforms: forms and the tabs they are on."""
    return work.collection(map(_head, work.rows(_FORMS, known_project(work, kind, arguments["projectId"]))))


@for_kinds("get{}ProjectForm")
def get_form(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/projectforms/{formId}: the form with its current values."""
    row = _form(work, project(work, kind, arguments["projectId"])["id"], arguments["formId"])
    values = json_text.parse(row["variables"])
    variables = [
        {"Attribute_ID": a["id"], "Attribute_Name": a["internal_name"], "Attribute_Values": values[a["internal_name"]]}
        for a in forms.attributes(work, row["form_id"])
    ]
    return one({**_head(row), "User_Variables": variables, "Offers": _offers(work, row)})


@for_kinds("update{}ProjectForm")
def update_form(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """PUT /{kind}/{projectId}/projectforms/{formId}: variables are merged by name, offers replaced when present."""
    open_row = open_project(work, kind, arguments["projectId"])
    row = _form(work, open_row["id"], arguments["formId"])
    given = arguments[BODY]
    variables = json_text.parse(row["variables"])
    known = {attribute["internal_name"]: attribute for attribute in forms.attributes(work, row["form_id"])}
    for variable in given.get("User_Variables", ()):
        attribute = known.get(variable["Attribute_Name"])
        if attribute is None:
            raise unacceptable(f"Form {row['form_id']} has no attribute {variable['Attribute_Name'][:80]!r}.")
        variables[attribute["internal_name"]] = _checked(attribute, variable["Attribute_Values"])
    offers = row["offers"]
    if "Offers" in given:
        offers = json_text.dump(list(_chosen(work, row["form_id"], given["Offers"])))
    work.connection.execute(
        "UPDATE project_forms SET variables = ?, offers = ? WHERE project_id = ? AND form_id = ?",
        (json_text.dump(variables), offers, row["project_id"], row["form_id"]),
    )
    work.update("projects", open_row["id"], modified=work.today())
    return NO_CONTENT


def values_on_tab(work: Work, project_id: int, tab: str) -> dict[str, list[str]]:
    """The values of the forms on one tab: what the flowchart of that tab is handed."""
    rows = work.rows(f"SELECT * FROM ({_FORMS}) WHERE tab_name = ?", project_id, tab)
    return {name: values for row in rows for name, values in json_text.parse(row["variables"]).items()}


def _form(work: Work, project_id: int, form_id: int) -> sqlite3.Row:
    row = work.row(f"SELECT * FROM ({_FORMS}) WHERE form_id = ?", project_id, form_id)
    if row is None:
        raise not_found(f"Form of project {project_id}:", form_id)
    return row


def _head(row: sqlite3.Row) -> dict[str, Any]:
    """ProjectFormSummary of the contract."""
    return {"Form_ID": row["form_id"], "Form_Name": row["name"], "Tab_Name": row["tab_name"]}


def _offers(work: Work, row: sqlite3.Row) -> list[dict[str, Any]]:
    """The chosen offers with all their parameters; one that Campaign has deleted since is gone here too."""
    available = forms.offers(work, row["form_id"])
    return [
        {
            "Offer_ID": id_,
            "Offer_Name": available[id_]["name"],
            "Offer_Attributes": forms.attribute_values({**json_text.parse(available[id_]["parameters"]), **own}),
        }
        for id_, own in json_text.parse(row["offers"])
        if id_ in available
    ]


def _checked(attribute: sqlite3.Row, values: list[str]) -> list[str]:
    allowed = forms.options(attribute)
    name = attribute["internal_name"]
    for value in values:
        if allowed is not None and value not in allowed:
            raise unacceptable(f"{name}: {value[:80]!r} is not allowed; there are: {', '.join(allowed)}.")
    if len(values) > 1 and attribute["type"] in _ONE_VALUE_ONLY:
        raise unacceptable(f"{name} takes one value, not {len(values)}.")
    return values


def _chosen(
    work: Work, form_id: int, offers: Iterable[Mapping[str, Any]]
) -> Iterable[tuple[int, dict[str, list[str]]]]:
    """The selection as it is stored; 422 for an offer or a parameter that the form does not have."""
    available = forms.offers(work, form_id)
    seen: set[int] = set()
    for offer in offers:
        id_ = offer["Offer_ID"]
        if id_ not in available:
            raise unacceptable(f"Form {form_id} has no offer {id_}.")
        if id_ in seen:
            raise unacceptable(f"Offer {id_} is chosen twice.")
        seen.add(id_)
        parameters = json_text.parse(available[id_]["parameters"])
        own = {value["Attribute_Name"]: value["Attribute_Values"] for value in offer.get("Offer_Attributes", ())}
        unknown = [name for name in own if name not in parameters]
        if unknown:
            raise unacceptable(f"Offer {id_} has no parameter {unknown[0][:80]!r}.")
        yield id_, own
