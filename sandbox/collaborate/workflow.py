"""Operations that read the workflow of a project: stages and tasks (collaborate-notes, section 5)."""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox import json_text
from sandbox.answers import Answer
from sandbox.collaborate.kinds import Kind
from sandbox.collaborate.projects import known_project, project
from sandbox.collaborate.refusals import not_found
from sandbox.collaborate.work import Work, for_kinds, one
from sandbox.reading import Arguments


@for_kinds("list{}WorkflowRows")
def list_rows(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/workflowrows: a flat list, stages before their tasks."""
    project_id = known_project(work, kind, arguments["projectId"])
    return work.collection(map(view, work.rows("SELECT * FROM workflow_rows WHERE project_id = ?", project_id)))


@for_kinds("get{}WorkflowRow")
def get_row(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/workflowrows/{rowId}."""
    return one(view(row_of(work, project(work, kind, arguments["projectId"]), arguments["rowId"])))


def row_of(work: Work, owner: sqlite3.Row, row_id: int) -> sqlite3.Row:
    """A row of a project; 404 for one that it does not have."""
    row = work.row("SELECT * FROM workflow_rows WHERE id = ? AND project_id = ?", row_id, owner["id"])
    if row is None:
        raise not_found(f"Workflow row of project {owner['id']}:", row_id)
    return row


def view(row: sqlite3.Row) -> dict[str, Any]:
    """WorkflowRow of the contract."""
    return {
        "Row_ID": row["id"],
        "Row_Type": row["type"],
        "Row_Name": row["name"],
        "Parent_Row_ID": row["parent_id"],
        "Flowchart_Tab_Name": row["tab_name"],
        "Task_Status": row["status"],
        "Percent_Complete": row["percent"],
        "Depends_On": json_text.parse(row["depends_on"]),
        "Forecast_Start_Date": row["forecast_start"],
        "Forecast_End_Date": row["forecast_end"],
        "Actual_Start_Date": row["actual_start"],
        "Actual_End_Date": row["actual_end"],
    }
