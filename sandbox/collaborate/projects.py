"""Operations on simple lists, advanced lists and on-demand campaigns themselves, and on their states."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox import json_text
from sandbox.answers import Answer
from sandbox.collaborate import copies, moments
from sandbox.collaborate.kinds import Kind
from sandbox.collaborate.refusals import illegal_state, no_results, not_found, unacceptable
from sandbox.collaborate.work import NO_CONTENT, Work, for_kinds, one
from sandbox.reading import BODY, Arguments

TERMINAL = ("CANCELED", "FINISHED")

_TRANSITIONS = {
    ("NOT_STARTED", "START"): "IN_PROGRESS",
    ("NOT_STARTED", "CANCEL"): "CANCELED",
    ("IN_PROGRESS", "PAUSE"): "PAUSED",
    ("IN_PROGRESS", "FINISH"): "FINISHED",
    ("IN_PROGRESS", "CANCEL"): "CANCELED",
    ("PAUSED", "START"): "IN_PROGRESS",
    ("PAUSED", "RESUME"): "IN_PROGRESS",
    ("PAUSED", "CANCEL"): "CANCELED",
}
"""Contract: StateChange, x-state-machine."""

_TEXTS = {"Project_Name": "name", "Description": "description", "Project_Code": "code"}
_DAYS = {"Start_Date": "start_day", "End_Date": "end_day"}
_DEFAULT_WINDOW = "0-10"
_LONGEST_NUMBER = 15


@for_kinds("list{}s")
def list_projects(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}: the window `offset-pageSize` of the header Range, or of the query parameter `range`."""
    window = arguments.get("Range", arguments.get("range", _DEFAULT_WINDOW))
    offset, size = map(_window_number, window.split("-"))
    query = "SELECT * FROM projects WHERE kind = ? ORDER BY id LIMIT ? OFFSET ?"
    return work.collection(map(view, work.rows(query, kind.name, size, offset)))


@for_kinds("get{}")
def get_project(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}."""
    return one(view(project(work, kind, arguments["projectId"])))


@for_kinds("create{}")
def create_project(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """POST /{kind}: a project with the forms, workflow, attachment folders and recurrence of its template."""
    given = arguments[BODY]
    template = _template(work, kind, given["Template_DB_ID"])
    policies = json_text.parse(template["security_policies"])
    columns = {"description": "", "start_day": None, "end_day": None, "security_policy": policies[0]}
    columns |= _columns(work, given)
    _check_days(columns["start_day"], columns["end_day"])
    columns |= {"kind": kind.name, "status": kind.first_status, "template_id": template["id"]}
    columns |= {"created_by": work.account.name, "created": work.today(), "modified": work.today()}
    id_ = work.insert("projects", **{"code": "", "recurrence": template["recurrence"], **columns})
    if "code" not in columns:
        work.update("projects", id_, code=f"{template['id_prefix'] or ''}{id_}")
    copies.fill(work, kind, id_, template)
    return work.created(f"/{kind.path}/{id_}")


@for_kinds("update{}")
def update_project(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """PUT /{kind}/{projectId}: standard attributes; keys left out keep their value."""
    row = open_project(work, kind, arguments["projectId"])
    columns = _columns(work, arguments[BODY])
    _check_days(columns.get("start_day", row["start_day"]), columns.get("end_day", row["end_day"]))
    work.update("projects", row["id"], **columns, modified=work.today())
    return NO_CONTENT


@for_kinds("change{}State")
def change_state(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """PUT /{kind}/{projectId}/changestate: the key is named like a state and carries an action."""
    row = project(work, kind, arguments["projectId"])
    action = arguments[BODY]["Project_Status"]
    status = _TRANSITIONS.get((row["status"], action))
    if status is None:
        raise illegal_state(f"Project {row['id']} is {row['status']}: {action} is not possible.")
    work.update("projects", row["id"], status=status, modified=work.today())
    return NO_CONTENT


def project(work: Work, kind: Kind, id_: int) -> sqlite3.Row:
    """A project of one kind; 404 for an unknown id and for one of another kind."""
    row = work.row("SELECT * FROM projects WHERE id = ? AND kind = ?", id_, kind.name)
    if row is None:
        raise not_found("Project", id_)
    return row


def open_project(work: Work, kind: Kind, id_: int) -> sqlite3.Row:
    """A project that may still be changed; 422 for one in a terminal state (collaborate-notes, section 2)."""
    row = project(work, kind, id_)
    if row["status"] in TERMINAL:
        raise illegal_state(f"Project {id_} is {row['status']} and can't be changed.")
    return row


def known_project(work: Work, kind: Kind, id_: int) -> int:
    """The id of a project that a collection belongs to; 404 as for an empty collection."""
    if work.row("SELECT 1 FROM projects WHERE id = ? AND kind = ?", id_, kind.name) is None:
        raise no_results()
    return id_


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Project of the contract."""
    return {
        "Project_ID": row["id"],
        "Project_Name": row["name"],
        "Project_Code": row["code"],
        "Project_Type": row["kind"],
        "Description": row["description"],
        "Project_Status": row["status"],
        "Template_DB_ID": row["template_id"],
        "Security_Policy": row["security_policy"],
        "Start_Date": row["start_day"],
        "End_Date": row["end_day"],
        "Created_By": row["created_by"],
        "Created_Date": row["created"],
        "Last_Modified_Date": row["modified"],
    }


def _template(work: Work, kind: Kind, given: int | str) -> sqlite3.Row:
    """The enabled template of a kind, by a number or its decimal text."""
    text = str(given)
    row = None
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        query = "SELECT * FROM project_templates WHERE id = ? AND state = 'ENABLED'"
        row = work.row(query, int(text))
    if row is None:
        raise unacceptable(f"Template {text[:40]} does not exist or is not enabled.")
    if row["type"] != kind.name:
        raise unacceptable(f"Template {text} is of type {row['type']}: it makes no {kind.label}.")
    return row


def _columns(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the given keys set; 422 for a value that can't be."""
    columns: dict[str, Any] = {column: given[key] for key, column in _TEXTS.items() if key in given}
    if not columns.get("name", "x").strip():
        raise unacceptable("A project needs a name.")
    if "Security_Policy" in given:
        columns["security_policy"] = work.policy(given["Security_Policy"])
    for key, column in _DAYS.items():
        if key in given:
            try:
                columns[column] = None if given[key] is None else moments.day(given[key])
            except ValueError as error:
                raise unacceptable(f"{key}: {error}.") from None
    return columns


def _window_number(text: str) -> int:
    """A number of a window; cut beyond the size of any collection, as SQLite takes 64 bits."""
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER


def _check_days(start: str | None, end: str | None) -> None:
    if start is not None and end is not None and end < start:
        raise unacceptable(f"End_Date {end} is before Start_Date {start}.")
