"""The two folder trees and what they refuse."""

from __future__ import annotations

import pytest

TREES = pytest.mark.parametrize(("tree", "parent"), [("templatefolders", 101), ("formfolders", 201)])


@TREES
def test_a_folder_lives_and_dies(desk, code, tree, parent):
    answer = desk.post(f"/{tree}/{parent}/subfolders", Folder_Name="Regions", Description=None)
    assert answer.headers["location"].startswith(f"{desk.site.sandbox.url}/collaborate/api/collaborate/v1/{tree}/")
    id_ = int(answer.headers["location"].rsplit("/", 1)[1])
    made = desk.read(f"/{tree}/{id_}")
    assert (made["Folder_Name"], made["Parent_Folder_ID"], made["Created_By"]) == ("Regions", parent, "service")
    assert made["Created_Date"] == made["Last_Modified_Date"] == "2026-11-20"
    assert desk.put(f"/{tree}/{id_}", Folder_Name="Areas").status_code == 204
    assert desk.read(f"/{tree}/{id_}")["Folder_Name"] == "Areas"
    assert id_ in [folder["Folder_ID"] for folder in desk.read(f"/{tree}/{parent}/subfolders")]
    assert desk.delete(f"/{tree}/{id_}").status_code == 204
    assert code(desk.get(f"/{tree}/{id_}")) == (404, "NOT_FOUND")


@TREES
def test_folders_with_content_stay(desk, code, tree, parent):
    answer = desk.delete(f"/{tree}/{parent}")
    assert code(answer) == (422, "FOLDER_NOT_EMPTY")
    assert "subfolders" in answer.json()["Error_Message"]
    leaf = {"templatefolders": 103, "formfolders": 203}[tree]
    assert code(desk.delete(f"/{tree}/{leaf}")) == (422, "FOLDER_NOT_EMPTY")
    assert desk.read(f"/{tree}/{leaf}")


@TREES
def test_names_are_unique_among_siblings_only(desk, code, tree, parent):
    taken = desk.read(f"/{tree}/{parent}/subfolders")[0]["Folder_Name"]
    assert code(desk.post(f"/{tree}/{parent}/subfolders", Folder_Name=taken)) == (422, "INVALID_DATA")
    id_ = desk.new(f"/{tree}", Folder_Name=taken)
    other = desk.new(f"/{tree}", Folder_Name="Other")
    assert code(desk.put(f"/{tree}/{other}", Folder_Name=taken)) == (422, "INVALID_DATA")
    assert desk.put(f"/{tree}/{id_}", Folder_Name=taken).status_code == 204


def test_policies_are_inherited_unless_named_and_must_be_known(desk, code):
    assert desk.read("/templatefolders/101")["Security_Policy"] == "Branch network"
    inherits = desk.new("/templatefolders/101/subfolders", Folder_Name="a")
    assert desk.read(f"/templatefolders/{inherits}")["Security_Policy"] == "Branch network"
    names = desk.new("/templatefolders/101/subfolders", Folder_Name="b", Security_Policy="Global")
    assert desk.read(f"/templatefolders/{names}")["Security_Policy"] == "Global"
    top = desk.new("/templatefolders", Folder_Name="c")
    assert desk.read(f"/templatefolders/{top}")["Security_Policy"] == "Global"
    for method, path in (("POST", "/templatefolders"), ("PUT", f"/templatefolders/{top}")):
        answer = desk.send(method, path, json={"Folder_Name": "d", "Security_Policy": "Nobody"})
        assert code(answer) == (422, "INVALID_DATA")


def test_bodies_are_partial_and_open_yet_need_a_name_at_first(desk, code):
    assert code(desk.post("/formfolders", Description="x")) == (400, "BAD_REQUEST")
    assert code(desk.post("/formfolders", Folder_Name="")) == (422, "INVALID_DATA")
    assert code(desk.post("/formfolders", Folder_Name="  ")) == (422, "INVALID_DATA")
    assert code(desk.post("/formfolders", Folder_Name="x" * 256)) == (422, "INVALID_DATA")
    assert code(desk.post("/formfolders", Folder_Name=5)) == (400, "BAD_REQUEST")
    assert code(desk.send("POST", "/formfolders", json=[])) == (400, "BAD_REQUEST")
    id_ = desk.new("/formfolders", Folder_Name="x", Description="kept", Parent_Folder_ID=201, Colour="red")
    assert desk.put(f"/formfolders/{id_}", Parent_Folder_ID=201).status_code == 204
    folder = desk.read(f"/formfolders/{id_}")
    assert (folder["Parent_Folder_ID"], folder["Description"]) == (None, "kept")


def test_the_trees_are_apart(desk, code):
    assert code(desk.get("/formfolders/101")) == (404, "NOT_FOUND")
    assert code(desk.post("/formfolders/101/subfolders", Folder_Name="x")) == (404, "NOT_FOUND")
    assert code(desk.delete("/templatefolders/201")) == (404, "NOT_FOUND")
    assert code(desk.get("/formfolders/101/subfolders")) == (404, "NO_RESULTS")


def test_the_whole_tree_is_one_flat_list(desk):
    folders = {folder["Folder_ID"]: folder for folder in desk.read("/templatefolders")}
    path = [folders[103]["Folder_Name"]]
    above = folders[103]
    while above["Parent_Folder_ID"] is not None:
        above = folders[above["Parent_Folder_ID"]]
        path.insert(0, above["Folder_Name"])
    assert path == ["Branches", "Mailings", "Seasonal"]
