"""What the demo bank keeps in Collaborate."""

from __future__ import annotations

from collections import Counter

from sandbox.bank import collaborate_hostile as hostile

KINDS = ("lists", "advlists", "locals")
STATES = {"NOT_STARTED", "IN_PROGRESS", "PAUSED", "CANCELED", "FINISHED"}


def test_sixty_projects_of_three_kinds_in_all_states(desk):
    found = {kind: desk.read(f"/{kind}", range="0-100") for kind in KINDS}
    assert {kind: len(projects) for kind, projects in found.items()} == {"lists": 18, "advlists": 17, "locals": 25}
    for kind, projects in found.items():
        wanted = STATES - {"NOT_STARTED"} if kind == "lists" else STATES
        assert {project["Project_Status"] for project in projects} == wanted
        assert all(p["End_Date"] is None or p["End_Date"] > p["Start_Date"] for p in projects)
    codes = [project["Project_Code"] for projects in found.values() for project in projects]
    assert len(set(codes)) == 60


def test_folders_are_three_levels_deep_and_some_are_empty(desk):
    for tree in ("templatefolders", "formfolders"):
        folders = {folder["Folder_ID"]: folder["Parent_Folder_ID"] for folder in desk.read(f"/{tree}")}
        depth = {id_: 1 if above is None else 2 + (folders[above] is not None) for id_, above in folders.items()}
        assert set(depth.values()) == {1, 2, 3}


def test_templates_and_forms_hang_together(desk):
    templates, forms = desk.read("/templates"), desk.read("/forms")
    assert (len(templates), len(forms)) == (25, 20)
    folders = {folder["Folder_ID"] for folder in desk.read("/templatefolders")}
    assert {template["Folder_ID"] for template in templates} <= folders | {None}
    assert Counter(template["State"] for template in templates) == {"ENABLED": 22, "DISABLED": 3}
    controls = {
        attribute["Attribute_Type"]
        for form in forms
        if form["Form_ID"] != 320
        for attribute in desk.read(f"/forms/{form['Form_ID']}/attributes")
    }
    assert len(controls) == 10
    with_offers = [form for form in forms if desk.get(f"/forms/{form['Form_ID']}/offers").status_code == 200]
    assert len(with_offers) == 7


def test_stored_values_are_such_as_the_form_takes(desk):
    for kind in KINDS:
        for project in desk.read(f"/{kind}", range="0-100"):
            if project["Project_Status"] in ("CANCELED", "FINISHED"):
                continue
            path = f"/{kind}/{project['Project_ID']}/projectforms"
            for form in desk.read(path):
                content = desk.read(f"{path}/{form['Form_ID']}")
                body = {key: content[key] for key in ("User_Variables", "Offers")}
                assert desk.put(f"{path}/{form['Form_ID']}", **body).status_code == 204
                assert desk.read(f"{path}/{form['Form_ID']}") == content


def test_there_are_finished_failed_and_open_runs(desk):
    assert desk.read("/lists/1000101/workflowrows/20001/run/40001")["Flowchart_Status"] == "SUCCEEDED"
    assert desk.read("/locals/1000138/workflowrows/20122/run/40033")["Flowchart_Status"] == "FAILED"
    assert desk.read("/lists/1000107/workflowrows/20007/run/40006")["Flowchart_Status"] == "FAILED"
    assert desk.read("/lists/1000105/workflowrows/20005/run/40005")["Flowchart_Status"] == "RUNNING"


def test_a_stored_run_ends_as_a_new_one_would(desk):
    stored = desk.read("/lists/1000101/workflowrows/20001/run/40001")
    path = desk.post("/lists/1000101/workflowrows/20001/run").headers["location"].partition("/v1")[2]
    again = [desk.read(path) for _ in range(3)][-1]
    assert (again["Count"], again["Output_Variables"]) == (stored["Count"], stored["Output_Variables"])


def test_hostile_texts_are_there_and_come_back_whole(desk):
    assert desk.read("/templates/423")["Description"] == hostile.TEMPLATE_DESCRIPTION
    assert desk.read("/templatefolders/121")["Folder_Name"] == hostile.TEMPLATE_FOLDER_NAME
    assert desk.read("/formfolders/212")["Folder_Name"] == hostile.FORM_FOLDER_NAME
    assert desk.read("/forms/318")["Form_Name"] == hostile.FORM_NAME
    assert hostile.OPTION in desk.read("/forms/318/attributes")[0]["Lookup_Options"]
    assert desk.read("/locals/1000151")["Project_Name"] == hostile.PROJECT_NAME
    (attachment,) = desk.read("/locals/1000151/attachments")
    assert (attachment["Attachment_Name"], attachment["File_Name"]) == (hostile.ATTACHMENT_NAME, hostile.FILE_NAME)
    assert desk.get("/locals/1000151/attachments/9007").text == hostile.FILE_TEXT
