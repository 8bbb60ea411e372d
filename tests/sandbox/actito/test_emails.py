"""E-mail campaigns: settings, subject and body."""

from __future__ import annotations

import pytest

MAIL = "/email-campaigns/v4/entity/MeridianBank/mail"
LARK = "/email-campaigns/v4/entity/LarkDirect/mail"
SETTINGS = {
    "displayName": "Spring sale 2027",
    "contentType": "HTML",
    "encoding": "utf-8",
    "entityOfTarget": "MeridianBank",
    "targetTable": "Customers",
    "from": "Meridian Bank",
    "replyTo": "hello@example.org",
    "supportedLanguages": ["EN", "FR"],
}
TEXT = {"content-type": "text/plain; charset=utf-8"}


def test_the_list_is_lighter_and_filters(desk):
    found = desk.read(MAIL)["mailDocuments"]
    assert len(found) == 11
    assert set(found[0]) == {
        "campaignId",
        "name",
        "displayName",
        "entityOfTarget",
        "targetTable",
        "sendingMode",
        "state",
    }
    assert {campaign["state"] for campaign in found} == {"DRAFT", "SCHEDULED", "RUNNING", "DONE"}
    assert [campaign["campaignId"] for campaign in desk.read(MAIL, name="Welcome_Series")["mailDocuments"]] == [207]
    assert {c["sendingMode"] for c in desk.read(MAIL, type="MASS_SENDING")["mailDocuments"]} == {"MASS"}
    assert len(desk.read(MAIL, dateFilter="2026-10-01")["mailDocuments"]) == 2
    assert desk.get(MAIL, dateFilter="autumn").status_code == 400
    assert len(desk.read(LARK)["mailDocuments"]) == 4


def test_a_campaign_is_read_by_number_or_name_within_its_entity(desk, refused):
    assert desk.read(f"{MAIL}/Autumn_Newsletter_2026") == desk.read(f"{MAIL}/201")
    assert desk.read(f"{LARK}/Autumn_Newsletter_2026")["campaignId"] == 213
    refused(desk.get(f"{MAIL}/213"), 404)
    refused(desk.get(f"{MAIL}/autumn_newsletter_2026"), 404)
    refused(desk.get(f"{MAIL}/Autumn newsletter 2026"), 404)


def test_a_draft_from_settings_to_content(desk, zipped):
    id_ = desk.post(MAIL, {"name": "Spring_Sale_2027", **SETTINGS}).json()["campaignId"]
    assert desk.read(f"{MAIL}/{id_}")["state"] == "DRAFT"
    assert desk.get(f"{MAIL}/{id_}/content/subject").status_code == 404
    assert desk.get(f"{MAIL}/{id_}/content/body").status_code == 404
    subject = 'L\'été: "20 %" jusqu’à dimanche'
    answer = desk.send("PUT", f"{MAIL}/{id_}/content/subject", content=subject.encode(), extra=TEXT)
    assert answer.json() == {"campaignId": id_}
    assert desk.read(f"{MAIL}/{id_}/content/subject") == {"subject": subject}
    page = "<html><body>é <img src='images/a.png'></body></html>"
    content = zipped({"index.html": page.encode("latin-1"), "images/a.png": b"\x89PNG"})
    path = f"{MAIL}/{id_}/content/body"
    assert desk.upload(f"{path}?charset=ISO-8859-1", inputFile=("body.zip", content)).status_code == 200
    answer = desk.get(path)
    assert answer.headers["content-type"] == "text/html;charset=UTF-8"
    assert answer.text == page


def test_a_name_that_is_taken_is_409_in_any_state_and_case(desk, refused):
    for name in ("Spring_Newsletter_2026", "welcome_series"):
        refused(desk.post(MAIL, {"name": name, **SETTINGS}), 409, "already exists")
    assert desk.post(LARK, {"name": "Welcome_Series", **SETTINGS}).status_code == 200


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": "Spring sale"}, "letters, digits and underscores"),
        ({"name": "Spring-Sale"}, "letters, digits and underscores"),
        ({"name": ""}, "letters, digits and underscores"),
        ({"entityOfTarget": "Nobody"}, "no entity"),
        ({"targetTable": "Members"}, "no profile table"),
        ({"supportedLanguages": []}, "supportedLanguages"),
        ({"supportedLanguages": ["english"]}, "supportedLanguages"),
        ({"from": " "}, "from is empty"),
        ({"replyTo": "me"}, "replyTo"),
        ({"sendingMode": "TRANSACTIONAL"}, "MASS or CONTINUOUS"),
        ({"encoding": "klingon"}, "encoding"),
    ],
)
def test_settings_that_fail(shared, change, word):
    answer = shared.post(MAIL, {"name": "Fresh", **SETTINGS, **change})
    assert answer.status_code == 400
    assert word in answer.text


def test_the_target_may_belong_to_another_entity_that_the_key_sees(desk, refused):
    body = {"name": "Fresh", **SETTINGS, "entityOfTarget": "LarkDirect", "targetTable": "Members"}
    assert desk.post(MAIL, body).status_code == 200
    headers = desk.bearer("sandbox-key-lark")
    refused(desk.send("POST", LARK, json={"name": "Fresh", **SETTINGS}, headers=headers), 400, "entityOfTarget")


def test_an_update_replaces_the_settings_and_keeps_name_and_kind(desk, refused):
    assert desk.put(f"{MAIL}/201", {key: SETTINGS[key] for key in SETTINGS if key != "replyTo"}).status_code == 200
    found = desk.read(f"{MAIL}/201")
    assert (found["name"], found["displayName"]) == ("Autumn_Newsletter_2026", "Spring sale 2027")
    assert "replyTo" not in found
    refused(desk.put(f"{MAIL}/201", {"displayName": "x"}), 400, "replaced as a whole")
    refused(desk.put(f"{MAIL}/201", {**SETTINGS, "sendingMode": "CONTINUOUS"}), 400, "can't change")


@pytest.mark.parametrize("campaign", ["Spring_Newsletter_2026", "Gold_Card_Invitation", "Welcome_Series"])
def test_only_drafts_change(shared, zipped, campaign):
    content = zipped({"a.html": "<p>"})
    for answer in (
        shared.put(f"{MAIL}/{campaign}", SETTINGS),
        shared.delete(f"{MAIL}/{campaign}"),
        shared.send("PUT", f"{MAIL}/{campaign}/content/subject", content=b"x", extra=TEXT),
        shared.upload(f"{MAIL}/{campaign}/content/body", inputFile=("a.zip", content)),
    ):
        assert answer.status_code == 400
        assert "only drafts" in answer.text


def test_a_draft_is_deleted_and_its_name_is_free_again(desk, refused):
    answer = desk.delete(f"{MAIL}/Empty_Draft")
    assert (answer.status_code, answer.content) == (200, b"")
    refused(desk.get(f"{MAIL}/Empty_Draft"), 404)
    assert desk.post(MAIL, {"name": "Empty_Draft", **SETTINGS}).status_code == 200


@pytest.mark.parametrize("subject", [b" ", b"one\ntwo"])
def test_a_subject_is_one_line(shared, subject):
    answer = shared.send("PUT", f"{MAIL}/201/content/subject", content=subject, extra=TEXT)
    assert (answer.status_code, "one line" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("files", "query", "word"),
    [
        ({"a.html": "<p>", "b.htm": "<p>"}, "", "one HTML file; it has 2"),
        ({"a.png": "x"}, "", "one HTML file; it has 0"),
        ({"a.html": "<p>", "run.exe": "x"}, "", "neither HTML nor an image"),
        ({"../a.html": "<p>"}, "", "outside of its folder"),
        ({"a.html": b"\xff"}, "?charset=utf8", "not in the charset"),
        ({"a.html": b"x"}, "?charset=klingon", "not in the charset"),
    ],
)
def test_bodies_that_fail(shared, zipped, files, query, word):
    answer = shared.upload(f"{MAIL}/201/content/body{query}", inputFile=("a.zip", zipped(files)))
    assert answer.status_code == 400
    assert word in answer.text


def test_a_body_that_is_no_zip_or_too_large_is_400(desk, refused, zipped):
    refused(desk.upload(f"{MAIL}/201/content/body", inputFile=("a.zip", b"<html>")), 400, "no zip file")
    desk.site.switch(actito_upload_max_bytes=200)
    content = zipped({"a.html": "x" * 500})
    refused(desk.upload(f"{MAIL}/201/content/body", inputFile=("a.zip", content)), 400, "larger")


@pytest.fixture(scope="module")
def shared(open_desk):
    return open_desk()
