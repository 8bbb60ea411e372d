"""Workflow rows, and the life of a flowchart run, which moves on with each reading."""

from __future__ import annotations

ROWS = "/locals/1000136/workflowrows"
FAILING = "/locals/1000138/workflowrows/20122"


def _flowchart(desk, rows=ROWS, place=0):
    return [row for row in desk.read(rows) if row["Flowchart_Tab_Name"]][place]


def _start(desk, row):
    answer = desk.post(f"{row}/run")
    assert (answer.status_code, answer.content) == (201, b"")
    path = answer.headers["location"].partition("/v1")[2]
    assert path.startswith(f"{row}/run/")
    return path


def _readings(desk, run, number=4):
    return [desk.read(run) for _ in range(number)]


def test_rows_are_stages_followed_by_their_tasks(desk):
    rows = desk.read(ROWS)
    stages = {row["Row_ID"] for row in rows if row["Row_Type"] == "STAGE"}
    for row in rows:
        assert (row["Parent_Row_ID"] is None) == (row["Task_Status"] is None) == (row["Row_ID"] in stages)
        assert desk.read(f"{ROWS}/{row['Row_ID']}") == row
    assert [row["Flowchart_Tab_Name"] for row in rows if row["Row_Type"] == "FLOWCHART_RUN_TASK"] == [
        "Target",
        "Fulfilment",
    ]


def test_a_simple_list_has_the_one_row_that_generates_it(desk):
    (row,) = desk.read("/lists/1000101/workflowrows")
    assert (row["Row_Type"], row["Row_Name"]) == ("FLOWCHART_RUN_TASK", "Generate list")


def test_a_run_is_queued_then_running_then_done(desk):
    row = f"{ROWS}/{_flowchart(desk, place=1)['Row_ID']}"
    assert desk.read(row)["Task_Status"] == "PENDING"
    run = _start(desk, row)
    assert (desk.read(row)["Task_Status"], desk.read(row)["Percent_Complete"]) == ("ACTIVE", 0)
    first, second, third, fourth = _readings(desk, run)
    assert [r["Flowchart_Status"] for r in (first, second, third)] == ["QUEUED", "RUNNING", "SUCCEEDED"]
    assert (first["Count"], first["Output_Variables"], first["Start_Time"]) == (None, [], None)
    assert second["End_Time"] is None
    assert third == fourth
    assert third["Count"] > 0 and third["Output_Variables"]
    assert "2026-11-20T09:00" <= third["Start_Time"] <= third["End_Time"] < "2026-11-20T10:00"
    assert second["Start_Time"] == third["Start_Time"]
    assert (third["Job_ID"], third["Row_ID"]) == (run.rsplit("/", 1)[1], int(row.rsplit("/", 1)[1]))
    after = desk.read(row)
    assert (after["Task_Status"], after["Percent_Complete"]) == ("FINISHED", 100)
    assert (after["Actual_Start_Date"], after["Actual_End_Date"]) == (third["Start_Time"], third["End_Time"])


def test_the_end_depends_on_project_row_and_values_alone(desk):
    row = f"{ROWS}/{_flowchart(desk)['Row_ID']}"
    ends = [_readings(desk, _start(desk, row))[-1] for _ in range(2)]
    assert ends[0]["Count"] == ends[1]["Count"]
    change = {"Attribute_Name": "age_band", "Attribute_Values": ["65+"]}
    desk.put("/locals/1000136/projectforms/301", User_Variables=[change])
    assert _readings(desk, _start(desk, row))[-1]["Count"] != ends[0]["Count"]


def test_a_reserved_value_lets_runs_fail_until_it_is_gone(desk):
    run = _start(desk, FAILING)
    end = _readings(desk, run)[-1]
    assert (end["Flowchart_Status"], end["Count"], end["Output_Variables"]) == ("FAILED", None, [])
    assert "campaign_note" in end["Error_Message"]
    assert desk.read(FAILING)["Task_Status"] == "ACTIVE"
    mended = {"Attribute_Name": "campaign_note", "Attribute_Values": []}
    desk.put("/locals/1000138/projectforms/314", User_Variables=[mended])
    assert _readings(desk, _start(desk, FAILING))[-1]["Flowchart_Status"] == "SUCCEEDED"


def test_only_rows_with_a_flowchart_run(desk, code):
    task = next(row for row in desk.read(ROWS) if row["Row_Type"] == "TASK")
    assert code(desk.post(f"{ROWS}/{task['Row_ID']}/run")) == (422, "INVALID_DATA")
    assert code(desk.post(f"{ROWS}/99999/run")) == (404, "NOT_FOUND")
    assert code(desk.post("/locals/1000136/workflowrows/20122/run")) == (404, "NOT_FOUND")


def test_only_projects_in_progress_run(desk, code):
    for project_id in (1000140, 1000139, 1000141):
        row = _flowchart(desk, f"/locals/{project_id}/workflowrows")
        answer = desk.post(f"/locals/{project_id}/workflowrows/{row['Row_ID']}/run")
        assert code(answer) == (422, "ILLEGAL_STATE")


def test_a_row_runs_once_at_a_time(desk, code):
    run = _start(desk, FAILING)
    assert code(desk.post(f"{FAILING}/run")) == (422, "ILLEGAL_STATE")
    _readings(desk, run, 2)
    assert code(desk.post(f"{FAILING}/run")) == (422, "ILLEGAL_STATE")
    _readings(desk, run, 1)
    assert desk.post(f"{FAILING}/run").status_code == 201
    assert code(desk.post("/lists/1000105/workflowrows/20005/run")) == (422, "ILLEGAL_STATE")


def test_the_body_may_hold_anything_but_must_be_an_object(desk, code):
    assert desk.post(f"{FAILING}/run", anything=[1]).status_code == 201
    assert code(desk.send("POST", "/lists/1000101/workflowrows/20001/run", json=[])) == (400, "BAD_REQUEST")
    assert code(desk.send("POST", "/lists/1000101/workflowrows/20001/run")) == (400, "BAD_REQUEST")


def test_a_job_belongs_to_its_row(desk, code):
    for job in ("40001", "040033", "x", "40033%20"):
        assert code(desk.get(f"{FAILING}/run/{job}")) == (404, "NOT_FOUND")
    assert desk.read(f"{FAILING}/run/40033")["Flowchart_Status"] == "FAILED"


def test_the_first_reading_may_be_that_of_an_earlier_run(desk):
    desk.site.switch(stale_runs=True)
    run = _start(desk, FAILING)
    readings = _readings(desk, run)
    assert [r["Flowchart_Status"] for r in readings] == ["FAILED", "RUNNING", "FAILED", "FAILED"]
    assert readings[0]["Job_ID"] == run.rsplit("/", 1)[1]


def test_the_address_of_the_run_may_be_missing(desk):
    desk.site.switch(location=False)
    answer = desk.post(f"{FAILING}/run")
    assert (answer.status_code, "location" in answer.headers) == (201, False)
