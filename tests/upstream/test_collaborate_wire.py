"""What leaves for Collaborate: one class for three kinds and two trees, windows, bodies, parts."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from upstream.collaborate.attachments import AddAttachment, GetAttachmentFolder
from upstream.collaborate.folders import CreateFolder, CreateSubfolder, FolderInput, GetFolders, UpdateFolder
from upstream.collaborate.forms import GetForms
from upstream.collaborate.kinds import FolderTree, ProjectKind
from upstream.collaborate.objects import Window, wire_name
from upstream.collaborate.project_forms import (
    GetProjectForm,
    ProjectFormUpdate,
    UpdateProjectForm,
    UserVariableInput,
)
from upstream.collaborate.projects import (
    ChangeProjectState,
    CreateProject,
    GetProjects,
    ProjectAction,
    ProjectCreate,
    ProjectUpdate,
    StateChange,
    UpdateProject,
)
from upstream.collaborate.recurrence import RecurrenceInput, UpdateRecurrence
from upstream.collaborate.templates import GetTemplates
from upstream.collaborate.workflow import GetRunResult, RunWorkflowRow
from upstream.parts import Upload
from upstream.request import Request
from upstream.routes import Route, routes

KIND = ProjectKind.ON_DEMAND_CAMPAIGN
ROUTES = [route for route in routes() if route.system == "unica-collaborate"]


def body(request: Request[Any]) -> Any:
    wire = request.wire()
    assert wire.content is not None and wire.content_type == "application/json" and wire.form is wire.parts is None
    return json.loads(wire.content)


def sample(route: Route) -> Request[Any]:
    """A request of the route with a number of its own in each place."""
    bodies: dict[str, Any] = {
        "project": {"project_name": "a", "template_db_id": 1} if route.method == "POST" else {"project_name": "a"},
        "folder": {"folder_name": "a"},
        "change": {"action": "START"},
        "values": {},
        "recurrence": {"is_recurring": False},
        "file": Upload("a.txt", b"a"),
        "job_id": "J-1",
    }
    values: dict[str, Any] = dict(route.choice)
    for number, (name, field) in enumerate(route.request.model_fields.items(), start=11):
        if field.is_required() and name not in values:
            values[name] = bodies.get(name, number)
    return route.request(**values)


@pytest.mark.parametrize("route", ROUTES, ids=[route.operation for route in ROUTES])
def test_every_operation_leaves_for_its_own_path(route: Route) -> None:
    request = sample(route)
    wire = request.wire()
    assert (wire.method, request.operation_id) == (route.method, route.operation)
    pattern = re.sub(r"{\w+}", "([^/]+)", route.path)
    found = re.fullmatch(pattern, wire.path)
    assert found is not None and len(set(found.groups())) == len(found.groups())
    assert (wire.content is not None or wire.parts is not None) == (route.method in ("POST", "PUT"))
    assert wire.query == [] and wire.headers == {} and wire.form is None


def test_words_of_a_name() -> None:
    names = ["template_db_id", "size_in_bytes", "id_prefix", "depends_on", "user_variables"]
    wanted = ["Template_DB_ID", "Size_In_Bytes", "ID_Prefix", "Depends_On", "User_Variables"]
    assert [wire_name(name) for name in names] == wanted


@pytest.mark.parametrize("kind", ["local", "LISTS", "templatefolders", "", "../lists"])
def test_no_other_kind_is_sent(kind: str) -> None:
    with pytest.raises(ValidationError):
        GetProjects(kind=kind)  # type: ignore[arg-type]  # a text from outside is what is tested


def test_a_window_is_offset_and_size() -> None:
    assert GetProjects(kind=KIND).wire().headers == {}
    assert GetProjects(kind=KIND, window=Window()).wire().headers == {"Range": "0-10"}
    assert GetProjects(kind=KIND, window=Window(10, 4)).wire().headers == {"Range": "10-4"}
    for offset, size in ((-1, 10), (0, 0)):
        with pytest.raises(ValueError, match="a window begins"):
            Window(offset, size)


def test_filters_travel_in_the_query() -> None:
    forms = GetForms(state="ENABLED", publish_status="PUBLISHED", created_date=date(2025, 10, 2))
    assert forms.wire().query == [
        ("state", "ENABLED"),
        ("publishStatus", "PUBLISHED"),
        ("createdDate", "2025-10-02"),
    ]
    assert GetTemplates(template_type="local").wire().query == [("templateType", "local")]


def test_a_new_project() -> None:
    project = ProjectCreate(project_name="Été à Lyon", template_db_id=118, start_date=date(2026, 3, 2))
    wire = CreateProject(kind=KIND, project=project).wire()
    assert wire.content == '{"Project_Name":"Été à Lyon","Template_DB_ID":118,"Start_Date":"2026-03-02"}'.encode()
    with pytest.raises(ValidationError):
        ProjectCreate(project_name="", template_db_id=118)


def test_a_change_sends_what_was_set_and_null_for_what_is_emptied() -> None:
    changed = ProjectUpdate(description="", end_date=None)
    assert body(UpdateProject(kind=KIND, project_id=1, project=changed)) == {"Description": "", "End_Date": None}
    renamed = UpdateFolder(tree=FolderTree.FORMS, folder_id=3, folder=FolderInput(folder_name="New"))
    assert (renamed.wire().path, body(renamed)) == ("/formfolders/3", {"Folder_Name": "New"})


@pytest.mark.parametrize("action", ProjectAction)
def test_an_action_travels_as_a_status(action: ProjectAction) -> None:
    change = ChangeProjectState(kind=KIND, project_id=1, change=StateChange(action=action))
    assert body(change) == {"Project_Status": action.value}


def test_a_run_has_an_empty_object_as_its_body() -> None:
    assert RunWorkflowRow(kind=KIND, project_id=1, row_id=2).wire().content == b"{}"


def test_values_of_a_form_go_with_the_offers_as_they_were_read() -> None:
    read = GetProjectForm.reader().validate_python(
        {
            "User_Variables": [{"Attribute_ID": 1, "Attribute_Name": "city", "Attribute_Values": "Lyon"}],
            "Offers": [
                {
                    "Offer_ID": 9,
                    "Offer_Name": "Loan",
                    "Offer_Attributes": [{"Attribute_Name": "rate", "Attribute_Values": ["3"]}],
                    "Weight": 2,
                }
            ],
        }
    )
    assert read.user_variables[0].attribute_values == ["Lyon"]
    new = UserVariableInput(attribute_name="city", attribute_values=["Brest"])
    update = ProjectFormUpdate(user_variables=[new], offers=read.offers)
    assert body(UpdateProjectForm(kind=KIND, project_id=1, form_id=2, values=update)) == {
        "User_Variables": [{"Attribute_Name": "city", "Attribute_Values": ["Brest"]}],
        "Offers": [
            {
                "Offer_ID": 9,
                "Offer_Name": "Loan",
                "Offer_Attributes": [{"Attribute_Name": "rate", "Attribute_Values": ["3"]}],
                "Weight": 2,
            }
        ],
    }


def test_a_recurrence_has_iso_dates_with_their_offset() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1)))
    weekly = RecurrenceInput(
        is_recurring=True, recurrence_type="WEEKLY", days_of_week=["MONDAY"], start_date=start, end_type="NEVER"
    )
    assert body(UpdateRecurrence(kind=KIND, project_id=1, recurrence=weekly)) == {
        "Is_Recurring": True,
        "Recurrence_Type": "WEEKLY",
        "Days_Of_Week": ["MONDAY"],
        "Start_Date": "2026-03-02T09:00:00+01:00",
        "End_Type": "NEVER",
    }
    with pytest.raises(ValidationError):
        RecurrenceInput(is_recurring=True, start_date=start.replace(tzinfo=None))


def test_an_attachment_travels_in_parts() -> None:
    upload = Upload("plan.pdf", b"%PDF", "application/pdf")
    wire = AddAttachment(kind=KIND, project_id=1, file=upload, attachment_name="Plan", folder_id=61).wire()
    assert wire.parts == [("file", upload), ("Attachment_Name", "Plan"), ("Folder_ID", "61")]
    assert wire.form is wire.content is None


@pytest.mark.parametrize("job", ["", ".", ".."])
def test_a_job_that_would_leave_the_route_is_not_sent(job: str) -> None:
    with pytest.raises(ValidationError):
        GetRunResult(kind=KIND, project_id=1, row_id=2, job_id=job)
    odd = GetRunResult(kind=KIND, project_id=1, row_id=2, job_id="../8?x#y")
    assert odd.wire().path == "/locals/1/workflowrows/2/run/..%2F8%3Fx%23y"


def test_trees_and_their_folders() -> None:
    assert [GetFolders(tree=tree).operation_id for tree in FolderTree] == ["listTemplateFolders", "listFormFolders"]
    made = CreateFolder(tree=FolderTree.TEMPLATES, folder=FolderInput(folder_name="A", security_policy="Global"))
    assert (made.wire().path, body(made)) == ("/templatefolders", {"Folder_Name": "A", "Security_Policy": "Global"})
    below = CreateSubfolder(tree=FolderTree.FORMS, parent_folder_id=7, folder=FolderInput(folder_name="B"))
    assert (below.operation_id, below.wire().path) == ("createFormSubfolder", "/formfolders/7/subfolders")
    assert GetAttachmentFolder(kind=KIND, project_id=1, folder_id=2).wire().path == "/locals/1/attachmentfolders/2"


def test_moments_of_answers_are_read_leniently() -> None:
    read = GetRunResult.reader().validate_python(
        {"Flowchart_Status": "RUNNING", "Count": None, "Output_Variables": [{"Attribute_Values": "x"}]}
        | {"Row_ID": "7", "Start_Time": "2026-03-02T09:00:00Z", "End_Time": "soon", "Surprise": [1]}
    )
    assert (read.row_id, read.count, read.output_variables[0].attribute_values) == (7, None, ["x"])
    assert (read.start_time, read.end_time) == (datetime(2026, 3, 2, 9, tzinfo=UTC), "soon")
    assert read.model_extra == {"Surprise": [1]} and read.under_way
    assert not read.model_copy(update={"flowchart_status": "SUCCEEDED"}).under_way
