"""Attachments, their folders, and what an upload may be."""

from __future__ import annotations

import re

import pytest

PATH = "/locals/1000138/attachments"
FOLDERS = "/locals/1000138/attachmentfolders"
PNG = b"\x89PNG\r\n\x1a\n\x00--boundary\r\n"


def test_a_file_comes_back_byte_by_byte(desk):
    answer = desk.upload(PATH, "Übersicht März.png", PNG, "image/png", Attachment_Name="Overview", Folder_ID="8557")
    assert answer.status_code == 201
    made = answer.json()
    created = made.pop("Created_Date")
    assert re.fullmatch(r"2026-11-20T09:\d\d:\d\dZ", created)
    assert answer.headers["location"].endswith(f"{PATH}/{made['Attachment_ID']}")
    assert made == {
        "Attachment_ID": made["Attachment_ID"],
        "Attachment_Name": "Overview",
        "File_Name": "Übersicht März.png",
        "Description": None,
        "Folder_ID": 8557,
        "Content_Type": "image/png",
        "Size_In_Bytes": len(PNG),
        "Created_By": "service",
    }
    file = desk.get(f"{PATH}/{made['Attachment_ID']}")
    assert file.content == PNG
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == (
        "attachment; filename=\"_bersicht M_rz.png\"; filename*=UTF-8''%C3%9Cbersicht%20M%C3%A4rz.png"
    )
    assert {**made, "Created_Date": created} in desk.read(PATH)


def test_the_first_folder_and_the_file_name_are_the_defaults(desk):
    made = desk.upload(PATH, "notes.TXT", b"").json()
    assert (made["Folder_ID"], made["Attachment_Name"], made["Size_In_Bytes"]) == (8556, "notes.TXT", 0)


def test_folders_count_and_one_shows_its_files(desk, code):
    assert [(f["Folder_Name"], f["Attachment_Count"]) for f in desk.read(FOLDERS)] == [
        ("Creative", 2),
        ("Approvals", 1),
    ]
    folder = desk.read(f"{FOLDERS}/8556")
    assert [file["File_Name"] for file in folder["Attachments"]] == ["leaflet_larkmere_v2.pdf", "meridian_logo.png"]
    assert all("Attachments" not in f for f in desk.read(FOLDERS))
    assert code(desk.get("/locals/1000136/attachmentfolders/8556")) == (404, "NOT_FOUND")


def test_deletion_is_final_and_possible_in_every_state(desk, code):
    desk.put("/locals/1000138/changestate", Project_Status="CANCEL")
    assert desk.delete(f"{PATH}/9001").status_code == 204
    assert code(desk.get(f"{PATH}/9001")) == (404, "NOT_FOUND")
    assert code(desk.delete(f"{PATH}/9001")) == (404, "NOT_FOUND")
    assert desk.get(f"{PATH}/9002").status_code == 200
    assert code(desk.delete("/locals/1000138/attachments/9004")) == (404, "NOT_FOUND")


def test_all_kinds_of_project_download(desk):
    assert desk.get("/lists/1000101/attachments/9004").content.startswith(b"customer_id")
    assert desk.get("/advlists/1000119/attachments/9005").status_code == 200


@pytest.mark.parametrize("name", ["virus.exe", "noending", "page.html", ".txt.exe"])
def test_only_allowed_types_get_in(desk, code, name):
    answer = desk.upload(PATH, name, b"x")
    assert code(answer) == (422, "INVALID_DATA")
    assert "pdf" in answer.json()["Error_Message"]


def test_size_and_types_are_switches(desk, code):
    desk.site.switch(upload_max_bytes=3, upload_types=[".HTML"])
    assert code(desk.upload(PATH, "a.html", b"1234")) == (422, "INVALID_DATA")
    assert code(desk.upload(PATH, "a.txt", b"123")) == (422, "INVALID_DATA")
    assert desk.upload(PATH, "a.html", b"123").status_code == 201


def test_ten_mebibytes_are_the_limit(desk, code):
    limit = 10 * 1024 * 1024
    assert desk.upload(PATH, "a.txt", b"x" * limit).status_code == 201
    assert code(desk.upload(PATH, "a.txt", b"x" * (limit + 1))) == (422, "INVALID_DATA")


def test_a_folder_of_another_project_and_a_project_without_any_are_422(desk, code):
    assert code(desk.upload(PATH, "a.txt", b"x", Folder_ID="8501")) == (422, "INVALID_DATA")
    assert code(desk.upload("/locals/1000142/attachments", "a.txt", b"x")) == (422, "INVALID_DATA")
    assert code(desk.get("/locals/1000142/attachmentfolders")) == (404, "NO_RESULTS")
    assert code(desk.get("/locals/1000142/attachments")) == (404, "NO_RESULTS")


@pytest.mark.parametrize(
    "options",
    [
        {"json": {"file": "x"}},
        {"data": {"file": "x"}},
        {"content": b"x", "extra": {"content-type": "multipart/form-data"}},
        {"content": b"x", "extra": {"content-type": "multipart/form-data; boundary=b"}},
        {"files": {"attachment": ("a.txt", b"x")}},
        {"files": {"file": (None, b"x")}},
        {"files": [("file", ("a.txt", b"x")), ("file", ("b.txt", b"x"))]},
        {"files": {"file": ("a.txt", b"x")}, "data": {"Colour": "red"}},
        {"files": {"file": ("a.txt", b"x")}, "data": {"Folder_ID": "first"}},
        {"files": {"file": ("a.txt", b"x")}, "data": {"Description": b"\xff"}},
    ],
)
def test_another_form_of_upload_is_400_and_logged(desk, code, options):
    answer = desk.send("POST", PATH, **options)
    assert code(answer) == (400, "BAD_REQUEST")
    assert desk.site.log()[-1]["refusal"]
    assert len(desk.read(PATH)) == 3


def test_hostile_file_names_stay_in_their_place(desk):
    name = b"../../x\\a%0D%0AX-Evil: 1%22.txt"
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\nhi\r\n--b--'.replace(b"%b", name)
    made = desk.send("POST", PATH, extra={"content-type": "multipart/form-data; boundary=b"}, content=body).json()
    assert made["File_Name"] == 'a\r\nX-Evil: 1".txt'
    answer = desk.get(f"{PATH}/{made['Attachment_ID']}")
    assert "x-evil" not in answer.headers
    assert answer.content == b"hi"
    assert desk.get("/locals/1000151/attachments/9007").headers["content-disposition"].count('"') == 2
