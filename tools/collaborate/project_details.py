"""What a project holds besides its own fields, as further columns of its row: recurrence, forms, attachments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools import reads
from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.schedule import Schedule
from upstream.collaborate.attachments import Attachment, GetAttachmentFolders, GetAttachments
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.project_forms import GetProjectForm, GetProjectForms, ProjectForm
from upstream.collaborate.recurrence import GetRecurrence

DETAILS = ("recurrence", "forms", "attachments")

MOST_FORMS = 20
"""Forms whose values are read: each costs a request."""


async def recurrence(call: Call, kind: ProjectKind, number: int) -> dict[str, Any]:
    """When it repeats, in words, and when next."""
    read = await call.send(GetRecurrence(kind=kind, project_id=number))
    schedule = Schedule.of(read)
    if schedule is None:
        return {"recurrence": "none: it does not repeat"}
    return {
        "recurrence": schedule.rhythm(),
        "series": schedule.series(call.time_zone),
        "next_run": schedule.moment(read.next_run_date, call.time_zone) if read.next_run_date else None,
        "runs_completed": read.runs_completed,
    }


async def forms(call: Call, kind: ProjectKind, number: int) -> dict[str, Any]:
    """A column for each form: its name, tab, values and chosen offers."""
    forms = await listed(call, GetProjectForms(kind=kind, project_id=number))

    async def read(form: int) -> ProjectForm:
        return await call.send(GetProjectForm(kind=kind, project_id=number, form_id=form))

    values = await reads.each([each.form_id for each in forms[:MOST_FORMS]], read)
    columns: dict[str, Any] = {} if forms else {"forms": "none"}
    for form in forms:
        column: dict[str, Any] = {"name": form.form_name, "tab": form.tab_name or None}
        if (whole := values.get(form.form_id)) is not None:
            column["values"] = {each.attribute_name: _value(each.attribute_values) for each in whole.user_variables}
            column["offers"] = [f"{each.offer_name} ({each.offer_id})" for each in whole.offers]
        columns[f"form {form.form_id}"] = {name: value for name, value in column.items() if value}
    return columns


def _value(values: Sequence[str]) -> str | Sequence[str]:
    return values if len(values) > 1 else "".join(values) or "(empty)"


async def attachments(call: Call, kind: ProjectKind, number: int) -> dict[str, Any]:
    """The folders with how much is in them, and the attachments by name."""
    folders = await listed(call, GetAttachmentFolders(kind=kind, project_id=number))
    if not folders:
        return {"attachments": "none: the template has no folders for them"}
    attached = await listed(call, GetAttachments(kind=kind, project_id=number))
    names = {each.folder_id: each.folder_name for each in folders}
    counts = {each.folder_id: sum(file.folder_id == each.folder_id for file in attached) for each in folders}
    return {
        "attachment_folders": [f"{each.folder_name} ({each.folder_id}): {counts[each.folder_id]}" for each in folders],
        "attachments": [_file(each, names.get(each.folder_id or 0, "")) for each in attached] or "none",
    }


def _file(attachment: Attachment, folder: str) -> str:
    known = [f"id {attachment.attachment_id}", attachment.file_name, folder and f"in {folder}"]
    return f"{attachment.attachment_name or attachment.file_name} ({', '.join(each for each in known if each)})"
