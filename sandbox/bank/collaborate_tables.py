"""The rows of every table of Collaborate; they are not multiplied by the scale."""

from collections.abc import Sequence
from typing import Any, Final

from sandbox.bank import collaborate_forms as form_data
from sandbox.bank.collaborate_folders import POLICIES, folders
from sandbox.bank.collaborate_projects import project_forms, projects
from sandbox.bank.collaborate_templates import templates
from sandbox.bank.collaborate_work import attachment_folders, attachments, workflow
from sandbox.bank.offers import Offer

# In the order in which foreign keys allow the rows to be inserted.
COLUMNS: Final = {
    "security_policies": "name",
    "library_folders": "id, tree, parent_id, name, description, security_policy, created_by, created, modified",
    "forms": "id, name, description, database_table, state, publish_status, created, modified, folder_id",
    "form_attributes": "id, form_id, internal_name, display_name, type, description, required, default_value, options",
    "form_offers": "form_id, position, offer_id, effective, expires, parameters",
    "project_templates": "id, internal_id, name, description, type, state, security_policies, folder_id, default_name,"
    " id_prefix, tabs, workflow, attachment_folders, recurrence",
    "projects": "id, kind, name, code, description, status, template_id, security_policy, start_day, end_day,"
    " created_by, created, modified, recurrence, runs_completed",
    "project_forms": "project_id, position, form_id, tab_name, variables, offers",
    "workflow_rows": "id, project_id, parent_id, type, name, tab_name, status, percent, depends_on, forecast_start,"
    " forecast_end, actual_start, actual_end",
    "flowchart_runs": "id, row_id, readings, started, ended, count, outputs, error",
    "attachment_folders": "id, project_id, name",
    "attachments": "id, project_id, folder_id, name, file_name, description, media_type, size, content, created_by,"
    " created",
}


def collaborate(offers: Sequence[Offer]) -> dict[str, list[Sequence[Any]]]:
    """All rows by table; the forms make some of the given Campaign offers available."""
    made = projects()
    available = form_data.form_offers(offers)
    by_form: dict[int, list[int]] = {}
    for form_id, _, offer_id, *_ in available:
        by_form.setdefault(form_id, []).append(offer_id)
    rows, runs = workflow(made)
    holders = attachment_folders(made)
    return {
        "security_policies": [(name,) for name in POLICIES],
        "library_folders": list(folders()),
        "forms": list(form_data.forms()),
        "form_attributes": list(form_data.form_attributes()),
        "form_offers": list(available),
        "project_templates": list(templates()),
        "projects": [project.row for project in made],
        "project_forms": list(project_forms(made, by_form)),
        "workflow_rows": list(rows),
        "flowchart_runs": list(runs),
        "attachment_folders": list(holders),
        "attachments": list(attachments(made, holders)),
    }
