"""Operations on templates, which this API only reads."""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox import json_text
from sandbox.answers import Answer
from sandbox.collaborate.folders import known_parent
from sandbox.collaborate.kinds import TEMPLATES
from sandbox.collaborate.refusals import not_found
from sandbox.collaborate.work import Work, one, operation
from sandbox.reading import Arguments


@operation("listTemplates")
def list_templates(work: Work, arguments: Arguments) -> Answer:
    """GET /templates: all, or those of one type; a type that nobody knows matches nothing."""
    rows = work.rows("SELECT * FROM project_templates ORDER BY id")
    wanted = arguments.get("templateType")
    return work.collection(view(row) for row in rows if wanted in (None, row["type"]))


@operation("getTemplate")
def get_template(work: Work, arguments: Arguments) -> Answer:
    """GET /templates/{templateId}."""
    row = work.row("SELECT * FROM project_templates WHERE id = ?", arguments["templateId"])
    if row is None:
        raise not_found("Template", arguments["templateId"])
    return one(view(row))


@operation("listTemplatesInFolder")
def list_in_folder(work: Work, arguments: Arguments) -> Answer:
    """GET /templatefolders/{folderId}/templates: those directly inside."""
    folder_id = known_parent(work, TEMPLATES, arguments["folderId"])
    return work.collection(map(view, work.rows("SELECT * FROM project_templates WHERE folder_id = ?", folder_id)))


@operation("getTemplateInFolder")
def get_in_folder(work: Work, arguments: Arguments) -> Answer:
    """GET /templatefolders/{folderId}/templates/{templateId}: 404 when it sits elsewhere."""
    query = "SELECT * FROM project_templates WHERE id = ? AND folder_id = ?"
    row = work.row(query, arguments["templateId"], arguments["folderId"])
    if row is None:
        raise not_found("Template", arguments["templateId"])
    return one(view(row))


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Template of the contract."""
    return {
        "Template_DB_ID": row["id"],
        "Template_ID": row["internal_id"],
        "Template_Name": row["name"],
        "Description": row["description"],
        "Template_Type": row["type"],
        "State": row["state"],
        "Security_Policies": json_text.parse(row["security_policies"]),
        "Folder_ID": row["folder_id"],
        "Default_Name": row["default_name"],
        "ID_Prefix": row["id_prefix"],
    }
