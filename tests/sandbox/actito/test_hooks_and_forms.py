"""Webhooks, custom actions, forms and participations."""

from __future__ import annotations

import pytest

HOOKS = "/webhooks/v4/entity/MeridianBank/webhookSubscription"
ACTIONS = "/scenarios/v5/entities/MeridianBank/custom-actions"
FORM = "/forms/v4/entity/MeridianBank/form"
HOOK = {
    "on": "PROFILE_TABLE",
    "onElementId": "16",
    "eventType": "UPDATED_SUBSCRIPTION",
    "targetUrl": "https://hooks.example.org/x",
    "isActive": True,
}


@pytest.fixture(scope="module")
def shared(open_desk):
    return open_desk()


def test_a_webhook_from_creation_to_deletion(desk, refused):
    answer = desk.post(HOOKS, HOOK)
    id_ = answer.json()["id"]
    assert (answer.status_code, type(id_)) == (200, int)
    assert desk.read(f"{HOOKS}/{id_}") == {"id": id_, **HOOK, "webhookPushType": "ONE_BY_ONE"}
    changed = {**HOOK, "isActive": False, "webhookPushType": "BULK", "maxBlockSize": 50}
    assert desk.put(f"{HOOKS}/{id_}", changed).status_code == 200
    assert desk.read(f"{HOOKS}/{id_}") == {"id": id_, **changed}
    assert id_ in [hook["id"] for hook in desk.read(HOOKS)["webhookSubscriptions"]]
    assert desk.delete(f"{HOOKS}/{id_}").status_code == 200
    refused(desk.get(f"{HOOKS}/{id_}"), 404)
    refused(desk.delete(f"{HOOKS}/123789605"), 404)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"targetUrl": "http://hooks.example.org"}, "HTTPS"),
        ({"targetUrl": "https://"}, "HTTPS"),
        ({"targetUrl": "https://[x"}, "no address"),
        ({"on": "CAMPAIGN"}, "on is one of"),
        ({"eventType": "TRIGGER"}, "eventType on PROFILE_TABLE"),
        ({"eventType": "UPDATED_SUBSCRIPTIONS"}, "eventType on PROFILE_TABLE"),
        ({"onElementId": "21"}, "has no PROFILE_TABLE"),
        ({"maxBlockSize": 5}, "maxBlockSize"),
        ({"webhookPushType": "BULK", "maxBlockSize": 0}, "maxBlockSize"),
    ],
)
def test_webhooks_that_fail(shared, change, word):
    for answer in (shared.post(HOOKS, {**HOOK, **change}), shared.put(f"{HOOKS}/123789601", {**HOOK, **change})):
        assert answer.status_code == 400
        assert word in answer.text


def test_failed_pushes_are_read_by_day(shared):
    errors = shared.read(f"{HOOKS}/123789601/2026-11-18")["errors"]
    assert [error["status"] for error in errors] == [503, 504]
    assert shared.read(f"{HOOKS}/123789601/2026-11-17") == {"errors": []}
    assert shared.get(f"{HOOKS}/123789601/yesterday").status_code == 400


def test_a_custom_action_from_creation_to_deletion(desk, refused):
    parameters = [{"name": "x", "valueType": "STRING"}]
    id_ = desk.post(ACTIONS, {"name": "Print", "parameters": parameters}).json()["id"]
    assert isinstance(id_, str)
    assert desk.patch(f"{ACTIONS}/{id_}", {"name": "PrintLetter"}).status_code == 200
    assert desk.read(f"{ACTIONS}/{id_}") == {"id": id_, "name": "PrintLetter", "parameters": parameters}
    refused(desk.post(ACTIONS, {"name": "UpdateWalletPass"}), 400, "already has")
    refused(desk.patch(f"{ACTIONS}/{id_}", {"name": "UpdateWalletPass"}), 400, "already has")
    refused(desk.post(ACTIONS, {"parameters": []}), 400, "needs a name")
    answer = desk.delete(f"{ACTIONS}/{id_}")
    assert (answer.status_code, answer.content) == (204, b"")
    refused(desk.get(f"{ACTIONS}/{id_}"), 404)
    assert len(desk.read(ACTIONS)["customActions"]) == 2


def test_a_form_is_read_by_number_or_technical_name(shared):
    form = shared.read(f"{FORM}/contest_autumn")
    assert form == shared.read(f"{FORM}/12")
    assert (form["name"], form["displayName"], form["profileTable"]) == (
        "contest_autumn",
        "Autumn contest",
        "Customers",
    )
    assert form["fields"][0]["valueRestriction"] == {"acceptedValues": ["green", "blue", "red"]}
    assert shared.get(f"{FORM}/survey_2025").status_code == 404


def test_a_participation_is_recorded_and_enriches_the_profile(desk):
    answers = [{"name": "favouriteColour", "value": "red"}, {"name": "branch", "value": "Oakfield"}]
    answer = desk.post(f"{FORM}/12/participation", {"profileId": 100001, "answers": answers})
    id_ = answer.json()["id"]
    assert (answer.status_code, type(id_)) == (201, int)
    assert desk.read(f"{FORM}/12/participation/{id_}") == {"id": id_, "profileId": 100001, "answers": answers}
    profile = desk.read("/profiles/v5/entities/MeridianBank/profile-tables/16/profiles/100001")
    assert profile["attributes"]["homeBranch"] == "Oakfield"


def test_a_participation_changes_only_what_is_sent(desk, refused):
    path = f"{FORM}/12/participation/4711"
    before = {item["name"]: item["value"] for item in desk.read(path)["answers"]}
    assert desk.put(path, {"answers": [{"name": "visits", "value": 99}]}).status_code == 200
    after = {item["name"]: item["value"] for item in desk.read(path)["answers"]}
    assert after == {**before, "visits": "99"}
    refused(desk.put(path, {"profileId": 100002}), 400, "can't change")
    refused(desk.put(path, {"id": 1}), 400, "can't change")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"answers": []}, "mandatory"),
        ({"answers": [{"name": "favouriteColour", "value": "pink"}]}, "none of green"),
        ({"answers": [{"name": "shoe", "value": 1}]}, "no field"),
        ({"id": 1, "answers": [{"name": "favouriteColour", "value": "red"}]}, "given by Actito"),
        ({"profileId": 103801, "answers": [{"name": "favouriteColour", "value": "red"}]}, "no profile"),
    ],
)
def test_participations_that_fail(shared, body, word):
    answer = shared.post(f"{FORM}/12/participation", body)
    assert answer.status_code == 400
    assert word in answer.text


def test_a_closed_form_takes_none(shared):
    path = "/forms/v4/entity/LarkDirect/form/survey_2025/participation"
    answer = shared.post(path, {"answers": [{"name": "score", "value": 9}]})
    assert (answer.status_code, "is CLOSED" in answer.text) == (400, True)
    assert shared.get(f"{path}/4711").status_code == 404
