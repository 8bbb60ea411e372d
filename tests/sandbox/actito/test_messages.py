"""What reaches customers, and the table that proves how often it did."""

from __future__ import annotations

import json

import pytest

MAIL = "/email-campaigns/v4/entity/MeridianBank/mail"
LARK = "/email-campaigns/v4/entity/LarkDirect/mail"
NOTICE = "/email-campaigns/v4/entity/MeridianBank/transactionalmail/Card_Blocked_Notice"
SCENARIO = "/scenarios/v4/entity/MeridianBank/table/Customers/scenario"
CONTACTS = "/profiles/v5/entities/MeridianBank/profile-tables/18/profiles"
COUPON = [{"key": "coupon", "values": ["LUNE20", 5, True]}]


def contact(**values):
    attributes = [{"name": name, "value": value} for name, value in values.items()]
    collection = {"date": "03/11/2025 09:30:00", "source": "Branch", "way": "counter"}
    return {"profile": {"attributes": attributes, "dataCollection": collection}, "parameters": COUPON}


def test_nothing_is_sent_at_first_and_reading_sends_nothing(desk):
    assert desk.sent() == []
    desk.read(f"{MAIL}/Welcome_Series")
    assert desk.sent() == []


def test_a_triggered_mail_is_sent_once(desk):
    answer = desk.post(f"{MAIL}/Welcome_Series/profile/emailAddress=ada.larkin%40example.org", COUPON)
    assert desk.sent() == [
        {
            "id": 1,
            "operation": "triggerEmailForProfile",
            "entity": "MeridianBank",
            "name": "Welcome_Series",
            "tableId": "16",
            "profileId": 100001,
            "interactionId": answer.json()["interactionId"],
            "parameters": COUPON,
            "attachments": [],
            "delivered": True,
            "key": "assistant",
        }
    ]


def test_the_profile_is_one_of_the_entity_of_the_target(desk, refused):
    assert desk.post(f"{LARK}/Lark_For_Customers/profile/customerNumber=MB00000001", []).status_code == 200
    assert desk.sent()[0]["tableId"] == "16"
    refused(desk.post(f"{LARK}/Lark_For_Customers/profile/103801", []), 404)
    refused(desk.post(f"{LARK}/Lark_Onboarding/profile/100001", []), 404)


def test_a_language_that_the_campaign_lacks_drops_the_mail_without_a_word(desk):
    assert desk.post(f"{MAIL}/Welcome_Series/profile/100004", []).status_code == 200
    assert [row["delivered"] for row in desk.sent()] == [False]


@pytest.mark.parametrize(
    ("campaign", "word"),
    [
        ("Autumn_Newsletter_2026", "is not CONTINUOUS"),
        ("Card_Blocked_Notice", "is not CONTINUOUS"),
        ("Mortgage_Reminder", "is DRAFT"),
    ],
)
def test_only_an_active_continuous_campaign_can_be_triggered(desk, refused, campaign, word):
    refused(desk.post(f"{MAIL}/{campaign}/profile/100001", []), 400, word)
    refused(desk.post(f"{MAIL}/{campaign}/contact", {"contacts": [{"profileId": 100001}]}), 400, word)
    assert desk.sent() == []


def test_several_contacts_are_told_of_one_by_one(desk):
    contacts = [{"profileId": 100001, "parameters": COUPON}, {"profileId": 7}, {"profileId": 100002}]
    answer = desk.post(f"{MAIL}/Welcome_Series/contact", {"contacts": contacts}).json()["contacts"]
    assert [set(item) for item in answer] == [
        {"profileId", "interactionId"},
        {"profileId", "error"},
        {"profileId", "interactionId"},
    ]
    assert [row["profileId"] for row in desk.sent()] == [100001, 100002]
    assert len({row["interactionId"] for row in desk.sent()}) == 2


@pytest.mark.parametrize(
    "body", [{}, {"contacts": []}, {"contacts": [{"id": 1}]}, {"contacts": [{"profileId": 100001, "parameters": {}}]}]
)
def test_bulk_bodies_that_fail_send_nothing(desk, refused, body):
    refused(desk.post(f"{MAIL}/Welcome_Series/contact", body), 400)
    refused(desk.post(f"{MAIL}/Welcome_Series/contact", {"contacts": [{"profileId": 100001}, 7]}), 400)
    assert desk.sent() == []


def test_a_transactional_mail_saves_the_profile_and_skips_the_language(desk):
    body = contact(emailAddress="new@example.org", motherLanguage="NL")
    interaction = desk.post(f"{NOTICE}/contact", body).json()["interactionId"]
    profile = desk.read(f"{CONTACTS}/emailAddress=new%40example.org")
    (row,) = desk.sent()
    assert (row["profileId"], row["interactionId"], row["delivered"]) == (profile["profileId"], interaction, True)
    desk.post(f"{NOTICE}/contact", body)
    assert [row["profileId"] for row in desk.sent()] == [profile["profileId"]] * 2


def test_a_transactional_mail_with_files(desk):
    files = [
        ("contact", (None, json.dumps(contact(emailAddress="new@example.org")).encode(), "application/json")),
        ("attachments", ("a.pdf", b"%PDF", "application/pdf")),
        ("attachments", ("b.pdf", b"%PDF", "application/pdf")),
    ]
    assert desk.send("POST", f"{NOTICE}/contactWithAttachment", files=files).status_code == 200
    assert desk.sent()[0]["attachments"] == ["a.pdf", "b.pdf"]


def test_parts_that_fail(desk, refused, breach):
    path = f"{NOTICE}/contactWithAttachment"
    refused(desk.send("POST", path, files=[("attachments", ("a.pdf", b"%PDF"))]), 400, "contact is missing")
    breach(desk.send("POST", path, files=[("contact", (None, b"{"))]), 400, "not valid JSON")
    breach(desk.send("POST", path, files=[("contact", (None, b'{"parameters": []}'))]), 400, "'profile' is missing")
    breach(desk.send("POST", path, files=[("file", ("a.pdf", b"%PDF"))]), 400, "unknown part field 'file'")
    assert desk.sent() == []


def test_transactional_needs_its_own_kind_right_and_a_valid_profile(desk, refused):
    other = NOTICE.replace("Card_Blocked_Notice", "Welcome_Series")
    refused(desk.post(f"{other}/contact", contact(emailAddress="new@example.org")), 400, "TRANSACTIONAL")
    draft = NOTICE.replace("Card_Blocked_Notice", "Statement_Ready")
    refused(desk.post(f"{draft}/contact", contact(emailAddress="new@example.org")), 400, "is DRAFT")
    refused(desk.post(f"{NOTICE}/contact", contact(firstName="New")), 400, "mandatory")
    headers = desk.bearer("sandbox-key-read")
    answer = desk.send("POST", f"{NOTICE}/contact", json=contact(emailAddress="new@example.org"), headers=headers)
    refused(answer, 403, "write_transactional_sendings")
    assert desk.sent() == []
    assert desk.get(f"{CONTACTS}/emailAddress=new%40example.org").status_code == 404


def test_scenarios_are_listed_by_table_with_both_names(desk):
    found = desk.read(SCENARIO)["scenarios"]
    assert found[0] == {"name": "scn_welcome_2026", "displayName": "Welcome journey", "state": "RUNNING"}
    assert len(found) == 5
    other = "/scenarios/v4/entity/LarkDirect/table/Members/scenario"
    assert [scenario["name"] for scenario in desk.read(other)["scenarios"]] == ["scn_lark_onboarding"]


def test_a_scenario_that_runs_and_begins_with_start_is_started_once(desk):
    assert desk.post(f"{SCENARIO}/scn_welcome_2026/profile/100001", COUPON).status_code == 200
    (row,) = desk.sent()
    assert (row["operation"], row["name"], row["profileId"]) == ("triggerScenario", "scn_welcome_2026", 100001)


@pytest.mark.parametrize(
    ("scenario", "status", "word"),
    [
        ("scn_birthday", 400, "generic Start"),
        ("scn_card_activation", 400, "is DRAFT"),
        ("scn_welcome_2024", 400, "is STOPPED"),
        ("Welcome journey", 404, "Scenario"),
        ("scn_lark_onboarding", 404, "Scenario"),
    ],
)
def test_others_are_not(desk, refused, scenario, status, word):
    refused(desk.post(f"{SCENARIO}/{scenario}/profile/100001", []), status, word)
    refused(desk.post(f"{SCENARIO}/scn_welcome_2026/profile/7", []), 404, "Profile")
    assert desk.sent() == []


def test_a_reset_forgets_what_was_sent(desk):
    desk.post(f"{SCENARIO}/scn_welcome_2026/profile/100001", [])
    desk.site.http.post("/sandbox/reset")
    assert desk.sent() == []
