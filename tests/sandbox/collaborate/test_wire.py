"""What all operations share: addresses, permissions, refusals, the log, switches and faults."""

from __future__ import annotations

import httpx
import pytest


@pytest.mark.parametrize("path", ["/lists/", "/locals/1000136/", "/locals/1000138/attachments/", "/templates/412/"])
def test_a_trailing_slash_is_optional(desk, path):
    assert desk.read(path) == desk.read(path.rstrip("/"))


@pytest.mark.parametrize(
    "path", ["/Lists", "/locals/1000136/changeState", "/lists/search", "/lists/1000101/members", "/corporates"]
)
def test_addresses_that_are_not_served(desk, code, path):
    answer = desk.get(path)
    assert answer.status_code in (404, 405)
    assert code(answer)[1] in ("NOT_FOUND", "METHOD_NOT_ALLOWED")
    assert desk.site.log()[-1]["refusal"]


@pytest.mark.parametrize("id_", ["x", "0", "-1", "1.5", "99999999999999999999", "%20"])
def test_an_id_that_is_no_number_is_404(desk, code, id_):
    assert code(desk.get(f"/locals/{id_}")) == (404, "NOT_FOUND")


def test_the_mount_is_that_of_the_contract(desk):
    for mount in ("/Collaborate/api/collaborate/v1", "/collaborate/api/collaborate/v2", "/collaborate/api"):
        assert desk.site.http.get(f"{mount}/lists", headers=desk.site.session()).status_code == 404
        assert desk.site.log()[-1]["system"] == "unica-collaborate"


def test_tokens_are_those_of_platform(desk, code):
    assert code(desk.send("GET", "/lists", headers={})) == (401, "UNAUTHORIZED")
    headers = desk.site.session()
    assert desk.send("GET", "/lists", headers=headers).status_code == 200
    desk.site.session()
    assert code(desk.send("GET", "/lists", headers=headers)) == (401, "UNAUTHORIZED")


def test_who_may_not_write_gets_401(desk, code):
    headers = desk.site.session("viewer")
    assert desk.send("GET", "/lists", headers=headers).status_code == 200
    answer = desk.send("PUT", "/lists/1000101", headers=headers, json={"Description": "x"})
    assert code(answer) == (401, "UNAUTHORIZED")
    assert "viewer" in answer.json()["Error_Message"]


def test_the_filter_may_block_it_alone(desk, code):
    desk.site.switch(blocked=["unica-collaborate"])
    assert code(desk.get("/lists")) == (403, "FORBIDDEN")
    assert desk.site.get("/v1/campaigns/2001").status_code == 200
    desk.site.switch(blocked=["unica-campaign"])
    assert desk.get("/lists").status_code == 200
    desk.site.switch(https_only=True)
    assert code(desk.get("/lists")) == (403, "FORBIDDEN")


def test_another_verb_is_405(desk, code):
    answer = desk.send("PATCH", "/templatefolders/101")
    assert code(answer) == (405, "METHOD_NOT_ALLOWED")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "PUT", "DELETE"}


def test_bodies_that_are_none_are_400(desk, code):
    for content in (b"{", b"[]", b"null", b"\xff", b""):
        answer = desk.send("POST", "/templatefolders", extra={"content-type": "application/json"}, content=content)
        assert code(answer) == (400, "BAD_REQUEST")
    assert code(desk.send("POST", "/templatefolders", data={"Folder_Name": "x"})) == (400, "BAD_REQUEST")
    assert code(desk.send("GET", "/templates", json={})) == (400, "BAD_REQUEST")
    assert code(desk.get("/templates", type="local")) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(("form", "text"), [("text", "Project 7 was not found."), ("html", None), ("empty", "")])
def test_error_bodies_have_other_forms(desk, form, text):
    desk.site.switch(error_body=form)
    answer = desk.get("/lists/7")
    assert answer.status_code == 404
    assert answer.text == text or (form == "html" and "Project 7 was not found." in answer.text)


def test_faults_and_renames_reach_it(desk):
    fault = {"kind": "drop_after", "method": "POST", "path": "/templatefolders"}
    desk.site.switch(
        faults=[fault, {"kind": "status", "status": 503, "path": "/lists", "times": 1}],
        rename={"getSimpleList": {"response_fields": {"Project_Name": "Name"}}},
    )
    with pytest.raises(httpx.RemoteProtocolError):
        desk.post("/templatefolders", Folder_Name="Written all the same")
    assert "Written all the same" in [folder["Folder_Name"] for folder in desk.read("/templatefolders")]
    assert desk.get("/lists").status_code == 503
    assert desk.get("/lists").status_code == 200
    assert desk.read("/lists/1000101")["Name"]
    assert desk.get("/lists/1000101/attachments/9004").status_code == 200


def test_a_reset_brings_back_the_seed(desk):
    desk.new("/locals", Project_Name="x", Template_DB_ID=412)
    desk.site.http.post("/sandbox/reset")
    desk.site.headers = None
    assert len(desk.read("/locals", range="0-100")) == 25


@pytest.mark.parametrize(
    "change",
    [
        {"empty_collections": 404},
        {"drop_range": 1},
        {"location": "no"},
        {"upload_max_bytes": -1},
        {"upload_types": "pdf"},
    ],
)
def test_bad_switches_are_told(desk, change):
    assert desk.site.http.patch("/sandbox/switches", json=change).status_code == 400


def test_lenient_mode_forgives_spelling(desk):
    desk.site.switch(strict=False)
    assert desk.get("/LISTS/1000101").status_code == 200
    assert desk.post("/templatefolders", folder_name="Lenient", Colour="red").status_code == 201
    assert desk.site.log()[-1]["refusal"] is None
