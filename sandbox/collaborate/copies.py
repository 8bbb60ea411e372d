"""What a new project gets from its template: forms, workflow and attachment folders."""

from __future__ import annotations

import sqlite3

from sandbox import json_text
from sandbox.collaborate import forms
from sandbox.collaborate.kinds import SIMPLE_LIST, Kind
from sandbox.collaborate.work import Work

GENERATED_ROW = "Generate list"
"""The one row of a simple list, which has no workflow in the product (contract: x-kind-differences)."""


def fill(work: Work, kind: Kind, project_id: int, template: sqlite3.Row) -> None:
    """Store everything that belongs to a project besides its own row."""
    tabs = json_text.parse(template["tabs"])
    for position, (tab, form_id) in enumerate(tabs):
        variables = {
            attribute["internal_name"]: [] if attribute["default_value"] is None else [attribute["default_value"]]
            for attribute in forms.attributes(work, form_id)
        }
        work.insert(
            "project_forms",
            project_id=project_id,
            position=position,
            form_id=form_id,
            tab_name=tab,
            variables=json_text.dump(variables),
        )
    workflow = json_text.parse(template["workflow"])
    if kind == SIMPLE_LIST:
        workflow = [["FLOWCHART_RUN_TASK", GENERATED_ROW, tabs[0][0], None, []]]
    _store_workflow(work, project_id, workflow)
    for name in json_text.parse(template["attachment_folders"]):
        work.insert("attachment_folders", project_id=project_id, name=name)


def _store_workflow(work: Work, project_id: int, workflow: list[list[object]]) -> None:
    ids: list[int] = []
    for type_, name, tab, stage, waits_for in workflow:
        status = {"STAGE": None, "APPROVAL_TASK": "NOT_STARTED"}.get(str(type_), "PENDING")
        assert isinstance(waits_for, list)
        ids.append(
            work.insert(
                "workflow_rows",
                project_id=project_id,
                parent_id=ids[stage] if isinstance(stage, int) else None,
                type=type_,
                name=name,
                tab_name=tab,
                status=status,
                percent=None if status is None else 0,
                depends_on=json_text.dump([ids[place] for place in waits_for]),
            )
        )
