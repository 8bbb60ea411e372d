"""The three kinds of project: windows, creation, changes and states."""

from __future__ import annotations

import pytest

KINDS = ("lists", "advlists", "locals")
STATES = {"NOT_STARTED": 1000140, "IN_PROGRESS": 1000136, "PAUSED": 1000139, "CANCELED": 1000141, "FINISHED": 1000137}
MOVES = {
    ("NOT_STARTED", "START"): "IN_PROGRESS",
    ("NOT_STARTED", "CANCEL"): "CANCELED",
    ("IN_PROGRESS", "PAUSE"): "PAUSED",
    ("IN_PROGRESS", "FINISH"): "FINISHED",
    ("IN_PROGRESS", "CANCEL"): "CANCELED",
    ("PAUSED", "START"): "IN_PROGRESS",
    ("PAUSED", "RESUME"): "IN_PROGRESS",
    ("PAUSED", "CANCEL"): "CANCELED",
}


def _ids(answer):
    return [project["Project_ID"] for project in answer.json()]


def test_windows_are_offset_and_size(desk):
    every = _ids(desk.send("GET", "/locals", extra={"Range": "0-500"}))
    assert len(every) == 25
    assert _ids(desk.get("/locals")) == every[:10]
    assert _ids(desk.send("GET", "/locals", extra={"Range": "10-4"})) == every[10:14]
    assert _ids(desk.get("/locals", range="10-4")) == every[10:14]
    assert _ids(desk.send("GET", "/locals", extra={"Range": "20-10"})) == every[20:]


@pytest.mark.parametrize("window", ["25-10", "0-0", "9" * 5000 + "-1", "0-" + "9" * 30])
def test_a_window_beyond_the_end_is_empty(desk, code, window):
    answer = desk.send("GET", "/locals", extra={"Range": window})
    if window.startswith("0-9"):
        assert len(answer.json()) == 25
    else:
        assert code(answer) == (404, "NO_RESULTS")


@pytest.mark.parametrize("window", ["bytes=0-10", "0", "-1-5", "a-b", "0-10,20-30", ""])
def test_a_window_that_is_none_is_400(desk, code, window):
    assert code(desk.send("GET", "/lists", extra={"Range": window})) == (400, "BAD_REQUEST")


def test_a_proxy_may_drop_the_header_but_not_the_query(desk):
    desk.site.switch(drop_range=True)
    assert len(desk.send("GET", "/locals", extra={"Range": "0-500"}).json()) == 10
    assert len(desk.get("/locals", range="0-500").json()) == 25


def test_collections_may_answer_200_without_items(desk, code):
    desk.site.switch(empty_collections="200")
    assert desk.read("/locals", range="100-10") == []
    assert desk.read("/templates", templateType="x") == []
    assert desk.read("/templatefolders/120/templates") == []
    assert code(desk.get("/locals/1/attachments")) == (404, "NO_RESULTS")


@pytest.mark.parametrize(
    ("kind", "template", "status", "rows"),
    [("lists", 401, "IN_PROGRESS", 1), ("advlists", "406", "NOT_STARTED", 5), ("locals", 412, "NOT_STARTED", 8)],
)
def test_a_project_is_a_copy_of_its_template(desk, kind, template, status, rows):
    id_ = desk.new(f"/{kind}", Project_Name="New", Template_DB_ID=template)
    made = desk.read(f"/{kind}/{id_}")
    source = desk.read(f"/templates/{template}")
    assert made["Project_Status"] == status
    assert made["Template_DB_ID"] == int(template)
    assert made["Project_Code"] == f"{source['ID_Prefix']}{id_}"
    assert made["Security_Policy"] == source["Security_Policies"][0]
    assert (made["Description"], made["Start_Date"], made["Created_Date"]) == ("", None, "2026-11-20")
    assert len(desk.read(f"/{kind}/{id_}/workflowrows")) == rows
    forms = desk.read(f"/{kind}/{id_}/projectforms")
    values = desk.read(f"/{kind}/{id_}/projectforms/{forms[0]['Form_ID']}")
    assert {v["Attribute_Name"]: v["Attribute_Values"] for v in values["User_Variables"]}["region"] == ["North"]
    assert values["Offers"] == []
    assert [folder["Attachment_Count"] for folder in desk.read(f"/{kind}/{id_}/attachmentfolders")] == [0, 0]
    assert desk.read(f"/{kind}/{id_}/recurrence")["Is_Recurring"] is False


def test_recurrence_comes_from_the_template(desk):
    id_ = desk.new("/locals", Project_Name="New", Template_DB_ID=420)
    found = desk.read(f"/locals/{id_}/recurrence")
    assert (found["Recurrence_Type"], found["Runs_Completed"]) == ("WEEKLY", 0)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Template_DB_ID": 9999}, 422),
        ({"Template_DB_ID": 422}, 422),
        ({"Template_DB_ID": 401}, 422),
        ({"Template_DB_ID": "abc"}, 422),
        ({"Template_DB_ID": "9" * 40}, 422),
        ({"Template_DB_ID": None}, 400),
        ({"Template_DB_ID": 1.5}, 400),
        ({"Project_Name": ""}, 422),
        ({"Project_Name": " "}, 422),
        ({"Security_Policy": "Nobody"}, 422),
        ({"Start_Date": "2026-13-01"}, 422),
        ({"Start_Date": "2026-12-02", "End_Date": "2026-12-01"}, 422),
        ({"Start_Date": None}, 400),
        ({"Colour": "red"}, 400),
    ],
)
def test_what_no_project_can_be_made_of(desk, change, status):
    answer = desk.post("/locals", **{"Project_Name": "New", "Template_DB_ID": 412, **change})
    assert answer.status_code == status, answer.text
    assert len(desk.read("/locals", range="0-100")) == 25


@pytest.mark.parametrize("key", ["Project_Name", "Template_DB_ID"])
def test_a_missing_key_is_400(desk, code, key):
    body = {"Project_Name": "New", "Template_DB_ID": 412}
    del body[key]
    assert code(desk.post("/locals", **body)) == (400, "BAD_REQUEST")


def test_an_id_of_another_kind_is_404(desk, code):
    for path in ("", "/recurrence"):
        assert code(desk.get(f"/lists/1000136{path}")) == (404, "NOT_FOUND")
    for path in ("/projectforms", "/workflowrows", "/attachments", "/attachmentfolders"):
        assert code(desk.get(f"/lists/1000136{path}")) == (404, "NO_RESULTS")
    assert code(desk.put("/advlists/1000136", Description="x")) == (404, "NOT_FOUND")


def test_updates_are_partial(desk, code):
    before = desk.read("/locals/1000136")
    change = {"Description": "Four branches", "End_Date": None, "Project_Status": "FINISHED", "Project_ID": 7}
    assert desk.put("/locals/1000136", **change).status_code == 204
    after = desk.read("/locals/1000136")
    assert after == {
        **before,
        "Description": "Four branches",
        "End_Date": None,
        "Last_Modified_Date": "2026-11-20",
    }
    assert code(desk.put("/locals/1000136")) == (422, "INVALID_DATA")
    assert code(desk.put("/locals/1000136", End_Date="2001-01-01")) == (422, "INVALID_DATA")
    assert code(desk.put("/locals/1000136", Project_Code="X")) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("action", ["START", "PAUSE", "RESUME", "CANCEL", "FINISH"])
def test_states_and_transitions(desk, code, status, action):
    path = f"/locals/{STATES[status]}"
    assert desk.read(path)["Project_Status"] == status
    answer = desk.put(f"{path}/changestate", Project_Status=action)
    if (status, action) in MOVES:
        assert answer.status_code == 204
    else:
        assert code(answer) == (422, "ILLEGAL_STATE")
    assert desk.read(path)["Project_Status"] == MOVES.get((status, action), status)


def test_an_unknown_action_is_422(desk, code):
    assert code(desk.put("/locals/1000136/changestate", Project_Status="FINISHED")) == (422, "INVALID_DATA")
    assert "must be one of START" in desk.site.log()[-1]["refusal"]
    assert code(desk.put("/locals/1000136/changestate")) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("id_", [STATES["CANCELED"], STATES["FINISHED"]])
def test_terminal_states_can_be_read_and_nothing_else(desk, code, id_):
    path = f"/locals/{id_}"
    form = desk.read(f"{path}/projectforms")[0]["Form_ID"]
    assert code(desk.put(path, Description="x")) == (422, "ILLEGAL_STATE")
    assert code(desk.put(f"{path}/projectforms/{form}", Offers=[])) == (422, "ILLEGAL_STATE")
    assert code(desk.put(f"{path}/recurrence", Is_Recurring=False)) == (422, "ILLEGAL_STATE")
    assert code(desk.upload(f"{path}/attachments", "a.txt", b"x")) == (422, "ILLEGAL_STATE")
    row = next(row for row in desk.read(f"{path}/workflowrows") if row["Flowchart_Tab_Name"])
    assert code(desk.post(f"{path}/workflowrows/{row['Row_ID']}/run")) == (422, "ILLEGAL_STATE")


def test_there_is_no_delete(desk, code):
    assert code(desk.delete("/locals/1000136")) == (405, "METHOD_NOT_ALLOWED")
