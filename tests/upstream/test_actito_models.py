"""What Actito answers, read: both shapes of a profile, lists in any wrapping, writes that say little, typed values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.actito.emails import GetEmailBody, GetEmailSubject, SetEmailSubject, Subject
from upstream.actito.entities import Entity, ListEntities
from upstream.actito.environments import ENVIRONMENTS, address_of, environment_of
from upstream.actito.forms import CreateParticipation, GetParticipation, ParticipationInput
from upstream.actito.imports import GetImportResultFileV4, ListEtlExecutions
from upstream.actito.objects import Outcome, Stored
from upstream.actito.profile import Profile, as_v4
from upstream.actito.profiles import DeleteProfileV4, GetProfile, GetProfileV4, SearchProfiles, UpsertProfile
from upstream.actito.records import GetRecord, RecordInput, UpsertRecord
from upstream.actito.segmentations import ListProfileSegmentationsV4
from upstream.actito.structure import typed
from upstream.actito.subscriptions import ListProfileSubscriptionsV4
from upstream.actito.webhooks import GetWebhookDailyErrors, Webhook
from upstream.answers import Sent, read
from upstream.errors import OutcomeUnknown, Unreadable
from upstream.http import Reply
from upstream.request import Request
from upstream.written import json_text

TABLE: dict[str, Any] = {"entity": "E", "table": "T"}
ONE: dict[str, Any] = {**TABLE, "profile": "7"}


def answered(request: Request[Any], body: Any, *, media_type: str = "application/json", **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(200, {"content-type": media_type, **headers}, content)
    return read(request, Sent.of(request, "actito", "https://api.example.com"), reply)


V4 = {
    "attributes": [
        {"name": "profileId", "value": "20841"},
        {"name": "firstName", "value": "Ada"},
        {"name": "children", "value": None},
        {"name": "interests", "value": ["sea", "art"]},
    ],
    "subscriptions": [{"name": "Newsletter", "subscribe": True}, {"name": "Promotions", "subscribe": "false"}],
    "segmentations": [
        {"name": "Level", "category": "Gold"},
        {"belongs": True, "segmentation": {"name": "Vip", "category": "Vip"}},
        {"belongs": "false", "segmentation": {"name": "Press"}},
    ],
    "dataCollectionInformation": {"source": "Webshop"},
    "somethingNew": 5,
}
V5 = {
    "profileId": 20841,
    "attributes": {"profileId": 20841, "firstName": "Ada", "children": None, "interests": ["sea", "art"]},
    "subscriptions": {"Newsletter": True, "Promotions": "false", "Unknown": None},
    "segmentations": {"Level": "Gold", "Vip": True, "Press": "false"},
    "somethingNew": 5,
}


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (GetProfileV4(**ONE), V4),
        (GetProfile(entity="E", profile_table_id="16", profile="7"), V5),
        (GetProfile(entity="E", profile_table_id="16", profile="7"), V4),
    ],
)
def test_a_profile_is_the_same_whichever_version_answers(request_: Request[Profile], body: Any) -> None:
    profile = answered(request_, body)
    assert profile.id == "20841"
    assert {name: value for name, value in profile.attributes.items() if name != "profileId"} == {
        "firstName": "Ada",
        "children": None,
        "interests": ["sea", "art"],
    }
    assert profile.subscriptions == {"Newsletter": True, "Promotions": False}
    assert profile.segmentations == {"Level": "Gold", "Vip": True, "Press": False}
    assert profile.model_extra == {"somethingNew": 5}


def test_a_profile_of_little_or_nothing() -> None:
    assert answered(GetProfileV4(**ONE), {}) == Profile()
    assert answered(GetProfileV4(**ONE), {"attributes": None, "subscriptions": []}).id == ""


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(
    st.dictionaries(names, st.none() | st.text(max_size=5) | st.integers() | st.booleans(), max_size=4),
    st.dictionaries(names, st.booleans(), max_size=3),
    st.dictionaries(names, st.booleans() | st.text(min_size=1, max_size=5), max_size=3),
)
def test_what_v4_is_sent_reads_as_what_was_meant(
    attributes: dict[str, Any], subscriptions: dict[str, bool], segmentations: dict[str, str | bool]
) -> None:
    sent = json.loads(json_text(as_v4(attributes, subscriptions, segmentations)))
    read_back = Profile.model_validate(sent)
    assert read_back.attributes == attributes
    assert read_back.subscriptions == subscriptions
    assert read_back.segmentations == segmentations


@pytest.mark.parametrize(
    "body",
    [
        {"entities": [{"id": 1, "name": "A"}]},
        [{"id": 1, "name": "A"}],
        {"items": [{"id": "1", "name": "A"}], "total": 1},
        {"entities": {"id": 1, "name": "A"}},
    ],
)
def test_a_list_comes_wrapped_bare_or_under_another_key(body: Any) -> None:
    assert answered(ListEntities(), body) == [Entity(id=1, name="A")]


@pytest.mark.parametrize("body", [{"entities": []}, {"entities": None}, [], {}])
def test_a_list_of_nothing(body: Any) -> None:
    assert answered(ListEntities(), body) == []


@pytest.mark.parametrize("body", [{"message": "busy"}, {"a": [], "b": []}, b"", "text", 5])
def test_what_is_no_list_is_not_taken_for_one(body: Any) -> None:
    with pytest.raises(Unreadable):
        answered(ListEntities(), body)


def test_opt_ins_and_segments_are_read_by_name() -> None:
    opt_ins = {"subscriptions": [{"name": "Newsletter", "subscribe": True}, {"name": "Promotions", "subscribe": False}]}
    assert answered(ListProfileSubscriptionsV4(**ONE), opt_ins) == {"Newsletter": True, "Promotions": False}
    segments = {"segmentation": V4["segmentations"]}
    expected = {"Level": "Gold", "Vip": True, "Press": False}
    assert answered(ListProfileSegmentationsV4(**ONE), segments) == expected
    assert answered(ListProfileSegmentationsV4(**ONE), V4["segmentations"]) == expected


def test_a_search_keeps_what_it_does_not_know() -> None:
    found = answered(SearchProfiles(entity="E", profile_table_id="16"), {"profiles": [V5], "total": 70})
    assert [each.id for each in found] == ["20841"]
    (run,) = answered(ListEtlExecutions(entity="E"), {"etlExecutions": [{"id": 5, "status": "SUCCESS", "rows": 3}]})
    assert (run.id, run.status, run.model_extra) == ("5", "SUCCESS", {"rows": 3})


# writes


@pytest.mark.parametrize(
    ("body", "headers", "id_"),
    [
        ({"id": "123"}, {}, "123"),
        ({"id": 123, "more": True}, {}, "123"),
        ({"businessKey": "ORD 1"}, {}, "ORD 1"),
        ({"campaignId": 7}, {}, "7"),
        ("a4aa57cd", {}, "a4aa57cd"),
        (123, {}, "123"),
        (b"123", {}, "123"),
        (b"", {}, ""),
        (b"OK", {}, ""),
        ({"message": "created"}, {"location": "/webhooks/v4/entity/E/webhookSubscription/9"}, "9"),
        (b"", {"location": "https://api.example.com/x/a%20b"}, "a b"),
        (True, {}, ""),
        ([1], {}, ""),
    ],
)
def test_a_write_answers_an_id_in_any_form(body: Any, headers: dict[str, str], id_: str) -> None:
    write = UpsertRecord(entity="E", custom_table="T", record=RecordInput.of({"orderId": "1"}))
    stored = answered(write, body, **headers)
    assert isinstance(stored, Stored) and stored.id == id_
    assert "Stored" in repr(stored) and "said" not in repr(stored)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", {}),
        (b"null", {}),
        (b"Erased", {"message": "Erased"}),
        ({"profileId": 5}, {"profileId": 5}),
        ([1, 2], {"items": [1, 2]}),
        ("done", {"message": "done"}),
    ],
)
def test_a_write_may_say_anything(body: Any, expected: dict[str, Any]) -> None:
    outcome = answered(DeleteProfileV4(**ONE), body)
    assert isinstance(outcome, Outcome) and outcome.model_extra == expected


@pytest.mark.parametrize(
    "request_",
    [
        DeleteProfileV4(**ONE),
        SetEmailSubject(entity="E", campaign="C", subject="S"),
        CreateParticipation(entity="E", form="F", participation=ParticipationInput.of({"a": 1})),
        UpsertProfile(entity="E", profile_table_id="1", body={"key": {"a": 1}}),
    ],
)
def test_a_write_that_is_answered_by_a_page_has_probably_happened(request_: Request[Any]) -> None:
    with pytest.raises(OutcomeUnknown, match="probably"):
        answered(request_, b"<html><title>Sign in</title></html>", media_type="text/html")


# the rest


def test_a_subject_comes_in_an_object_or_bare() -> None:
    subject = GetEmailSubject(entity="E", campaign="C")
    assert answered(subject, {"subject": "Sale"}) == Subject(subject="Sale")
    assert answered(subject, "Sale") == "Sale"
    assert answered(subject, b"Sale: 20 %", media_type="text/plain") == "Sale: 20 %"


def test_a_body_is_text_though_it_is_a_page_or_a_zip() -> None:
    request = GetEmailBody(entity="E", campaign="C")
    page = answered(request, b"<html>caf\xe9</html>", media_type="text/html")
    assert (page.zipped, page.media_type) == (False, "text/html")
    latin = read(
        request,
        Sent.of(request, "actito", "https://api.example.com"),
        Reply(200, {"content-type": "text/html"}, b"<html>caf\xe9</html>", "iso8859-1"),
    )
    assert latin.text == "<html>café</html>"
    assert answered(request, b"PK\x03\x04...", media_type="application/zip").zipped


def test_the_report_of_an_import_is_a_file() -> None:
    file = answered(GetImportResultFileV4(entity="E", import_id=7), b"PK\x03\x04", media_type="application/zip")
    assert (file.content, file.media_type) == (b"PK\x03\x04", "application/zip")


def test_records_and_participations_are_flat() -> None:
    record = {"properties": [{"name": "orderId", "value": "O-1"}, {"name": "amount", "value": "59.9"}]}
    assert answered(GetRecord(entity="E", custom_table="T", record_id="1"), record).properties == {
        "orderId": "O-1",
        "amount": "59.9",
    }
    part = {"id": "4711", "profileId": 20841, "answers": [{"name": "colour", "value": "green"}]}
    read_part = answered(GetParticipation(entity="E", form="F", participation_id=4711), part)
    assert (read_part.id, read_part.profile_id, read_part.answers) == (4711, "20841", {"colour": "green"})


def test_open_answers_keep_everything() -> None:
    errors = answered(GetWebhookDailyErrors(entity="E", webhook_id=1, day="2026-11-03"), [{"status": 500}])
    assert errors.model_extra == {"items": [{"status": 500}]}


def test_a_webhook_does_not_show_its_secret() -> None:
    assert "hush" not in repr(Webhook.model_validate({"id": 1, "headers": {"X-Secret": "hush"}}))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("42", "INTEGER", 42),
        ("-7", "LONG", -7),
        ("0", "INTEGER", 0),
        ("007", "INTEGER", "007"),
        ("4.5", "INTEGER", "4.5"),
        ("²", "INTEGER", "²"),
        ("59.90", "NUMBER", 59.9),
        ("nan", "NUMBER", "nan"),
        ("many", "NUMBER", "many"),
        ("true", "BOOLEAN", True),
        ("False", "boolean", False),
        ("perhaps", "BOOLEAN", "perhaps"),
        ("42", "STRING", "42"),
        ("03/11/2025 09:30:00", "TIMESTAMP", "03/11/2025 09:30:00"),
        (["1", "x"], "INTEGER", [1, "x"]),
        (42, "STRING", 42),
        (None, "INTEGER", None),
    ],
)
def test_values_that_came_as_text_get_their_type(value: Any, kind: str, expected: Any) -> None:
    read = typed(value, kind)
    assert read == expected and type(read) is type(expected)


def test_environments_go_by_name_or_address() -> None:
    assert address_of(" PROD-1 ") == "https://api1.actito.com"
    assert address_of("https://proxy.example.com/actito/") == "https://proxy.example.com/actito"
    assert environment_of("https://API3.actito.com/") == "prod-3"
    assert environment_of("https://proxy.example.com") == ""
    assert "prod-2" not in ENVIRONMENTS
