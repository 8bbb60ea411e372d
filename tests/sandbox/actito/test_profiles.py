"""Profiles in both versions: shapes, references, rules of the structure."""

from __future__ import annotations

import pytest

V5 = "/profiles/v5/entities/MeridianBank/profile-tables/16/profiles"
V4 = "/profiles/v4/entity/MeridianBank/table/Customers/profile"
ADA = "emailAddress=ada.larkin%40example.org"
BO = "emailAddress=bo.stone%2Bbank%40example.com"


def named(**values):
    return {"attributes": [{"name": name, "value": value} for name, value in values.items()]}


def test_v5_is_flat_typed_and_has_nulls(desk):
    ada = desk.read(f"{V5}/{ADA}")
    assert ada["profileId"] == 100001
    assert ada["attributes"]["profileId"] == 100001
    assert ada["attributes"]["loyaltyPoints"] == 4200
    assert ada["attributes"]["interests"] == ["Cards", "Travel"]
    assert ada["attributes"]["mobileAppUser"] is True
    assert ada["subscriptions"] == {"BranchEvents": True, "Newsletter": True, "Promotions": False}
    assert ada["segmentations"] == {"LoyaltyLevel": "Gold", "LifeStage": None, "Vip": True}
    assert desk.read(f"{V5}/100004")["attributes"]["loyaltyPoints"] is None


def test_v4_has_names_and_texts_and_leaves_nulls_out(desk):
    ada = desk.read(f"{V4}/{ADA}")
    values = {item["name"]: item["value"] for item in ada["attributes"]}
    assert values["profileId"] == "100001"
    assert values["loyaltyPoints"] == "4200"
    assert values["mobileAppUser"] == "true"
    assert values["interests"] == ["Cards", "Travel"]
    assert {"name": "Promotions", "subscribe": False} in ada["subscriptions"]
    assert {"name": "LoyaltyLevel", "category": "Gold"} in ada["segmentations"]
    assert {"belongs": True, "segmentation": {"name": "Vip", "category": "Vip"}} in ada["segmentations"]
    assert "loyaltyPoints" not in {item["name"] for item in desk.read(f"{V4}/100004")["attributes"]}


@pytest.mark.parametrize("reference", ["100002", BO, "customerNumber=MB00000002", "customerNumber%3DMB00000002"])
def test_a_profile_is_found_by_id_or_any_unique_attribute(desk, reference):
    assert desk.read(f"{V5}/{reference}")["profileId"] == 100002


@pytest.mark.parametrize(
    ("reference", "status", "word"),
    [
        ("999999999", 404, "not found"),
        ("emailAddress=nobody%40example.org", 404, "not found"),
        ("lastName=Larkin", 400, "no unique attribute"),
        ("emailAddress=", 400, "needs a value"),
        ("Ada", 400, "neither a profile id"),
        ("103801", 404, "not found"),
        ("99999999999999999999", 400, "whole number"),
    ],
)
def test_other_references(desk, refused, reference, status, word):
    refused(desk.get(f"{V5}/{reference}"), status, word)
    refused(desk.get(f"{V4}/{reference}"), status, word)


def test_upsert_changes_only_what_is_sent(desk):
    body = {
        "key": {"emailAddress": "ADA.larkin@example.org"},
        "attributes": {"homeBranch": "Oakfield", "interests": ["Savings"], "birthDate": None},
        "subscriptions": {"Promotions": True},
        "segmentations": {"Vip": False, "LifeStage": "Family"},
    }
    before = desk.read(f"{V5}/100001")
    assert desk.put(V5, body).json() == {"profileId": 100001}
    after = desk.read(f"{V5}/100001")
    changed = {name for name, value in after["attributes"].items() if before["attributes"][name] != value}
    assert changed == {"homeBranch", "interests", "birthDate", "updateMoment"}
    assert after["subscriptions"] == {"BranchEvents": True, "Newsletter": True, "Promotions": True}
    assert after["segmentations"] == {"LoyaltyLevel": "Gold", "LifeStage": "Family", "Vip": False}


def test_upsert_creates_with_the_value_of_its_key(desk):
    id_ = desk.put(V5, {"key": {"emailAddress": "new@example.org"}, "attributes": {"firstName": "New"}}).json()
    found = desk.read(f"{V5}/emailAddress=new%40example.org")
    assert found["profileId"] == id_["profileId"]
    assert found["attributes"]["creationMoment"].startswith("2026-11-20T09:")


def test_create_is_409_when_there_is_one(desk, refused):
    answer = desk.post(V5, {"key": {"emailAddress": "new@example.org"}})
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/profiles/{answer.json()['profileId']}")
    refused(desk.post(V5, {"key": {"emailAddress": "NEW@example.org"}}), 409)
    again = {"key": {"emailAddress": "other@example.org"}, "attributes": {"customerNumber": "MB00000001"}}
    refused(desk.post(V5, again), 409)


def test_a_number_selects_an_existing_profile_only(desk, refused):
    change = {"key": {"profileId": 100001}, "attributes": {"homeBranch": "Oakfield"}}
    assert desk.put(V5, change).json() == {"profileId": 100001}
    refused(desk.put(V5, {"key": {"profileId": 7}}), 404)
    refused(desk.post(V5, {"key": {"profileId": 7}}), 400, "can't be selected")


def test_v4_create_updates_unless_told_not_to(desk, refused):
    body = named(emailAddress="ada.larkin@example.org", homeBranch="Oakfield")
    refused(desk.post(f"{V4}?allowUpdate=false", body), 409)
    assert desk.post(V4, body).json() == {"profileId": 100001}
    assert desk.read(f"{V5}/100001")["attributes"]["homeBranch"] == "Oakfield"
    two = named(emailAddress="ada.larkin@example.org", customerNumber="MB00000002")
    refused(desk.post(V4, two), 409, "different profiles")


def test_v4_takes_texts_for_every_type_and_a_collection(desk):
    body = named(loyaltyPoints="17", mobileAppUser="false", interests=["Travel"], customerSince="03/11/2025 09:30:00")
    body["dataCollectionInformation"] = {"date": "03/11/2025 09:30:00", "source": "Branch", "way": "paper"}
    assert desk.put(f"{V4}/100001", body).status_code == 200
    stored = desk.read(f"{V5}/100001")["attributes"]
    assert (stored["loyaltyPoints"], stored["mobileAppUser"], stored["customerSince"]) == (
        17,
        False,
        "2025-11-03T09:30:00Z",
    )
    assert desk.read(f"{V4}/100001")["dataCollectionInformation"]["date"] == "2025-11-03T09:30:00Z"


@pytest.mark.parametrize(
    ("attributes", "word"),
    [
        ({"profileId": 7}, "technical"),
        ({"creationMoment": "2026-01-01T00:00:00Z"}, "technical"),
        ({"updateMoment": None}, "technical"),
        ({"shoeSize": 44}, "does not exist"),
        ({"motherLanguage": "ES"}, "none of EN, FR, NL"),
        ({"interests": ["Cards", "Golf"]}, "none of Cards"),
        ({"homeBranch": "x" * 81}, "more than 80"),
        ({"customerNumber": "MB1"}, "fewer than 8"),
        ({"loyaltyPoints": "many"}, "whole number"),
        ({"loyaltyPoints": 1.5}, "whole number"),
        ({"mobileAppUser": "yes"}, "true or false"),
        ({"birthDate": "31/02/2000"}, "not a day"),
        ({"customerSince": "yesterday"}, "not a moment"),
        ({"firstName": ["Ada", "Bo"]}, "not multi-valued"),
        ({"firstName": True}, "takes a text"),
        ({"emailAddress": None}, "mandatory"),
        ({"emailAddress": ""}, "mandatory"),
        ({"emailAddress": "ada"}, "e-mail address"),
        ({"emailAddress": "bo.stone+BANK@example.com"}, "already has this value"),
    ],
)
def test_the_structure_is_kept_in_both_versions(shared_desk, attributes, word):
    before = shared_desk.read(f"{V5}/100001")
    pairs = {"attributes": [{"name": name, "value": value} for name, value in attributes.items()]}
    for answer in (
        shared_desk.patch(f"{V5}/100001", {"attributes": attributes}),
        shared_desk.put(V5, {"key": {"emailAddress": "ada.larkin@example.org"}, "attributes": attributes}),
        shared_desk.put(f"{V4}/100001", pairs),
    ):
        assert answer.status_code == 400, answer.text
        assert word in answer.text
        assert shared_desk.last()["refusal"] is None
    assert shared_desk.read(f"{V5}/100001") == before


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"key": {"lastName": "Larkin"}}, "no unique attribute"),
        ({"key": {"emailAddress": "a@example.org", "customerNumber": "MB00000001"}}, "one unique attribute"),
        ({"key": {"customerNumber": "MB99999999"}}, "'emailAddress' is mandatory"),
        ({"key": {"emailAddress": "a@example.org"}, "subscriptions": {"Spam": True}}, "Subscription 'Spam'"),
        ({"key": {"emailAddress": "a@example.org"}, "segmentations": {"Vip": "Gold"}}, "is simple"),
        ({"key": {"emailAddress": "a@example.org"}, "segmentations": {"LoyaltyLevel": "Tin"}}, "is exclusive"),
        ({"key": {"emailAddress": "a@example.org"}, "segmentations": {"LoyaltyLevel": [1]}}, "takes a category"),
        ({"key": {"emailAddress": "a@example.org"}, "segmentations": {"Mood": "Good"}}, "does not exist"),
    ],
)
def test_bodies_of_an_upsert_that_fail(shared_desk, body, word):
    answer = shared_desk.put(V5, body)
    assert answer.status_code == 400
    assert word in answer.text


def test_v4_segmentations_in_both_variants(desk, refused):
    body = {
        "segmentations": [
            {"name": "LoyaltyLevel", "category": "Silver"},
            {"belongs": False, "segmentation": {"name": "Vip", "category": "Vip"}},
        ]
    }
    assert desk.put(f"{V4}/100001", body).status_code == 200
    assert desk.read(f"{V5}/100001")["segmentations"] == {"LoyaltyLevel": "Silver", "LifeStage": None, "Vip": False}
    refused(desk.put(f"{V4}/100001", {"segmentations": [{"name": "LoyaltyLevel"}]}), 400, "needs a category")
    refused(desk.put(f"{V4}/100001", {"segmentations": [{"name": "Vip", "category": "Gold"}]}), 400, "is simple")
    refused(desk.put(f"{V4}/100001", {"segmentations": [{"belongs": True}]}), 400, "needs a name")


def test_search_v5_by_any_attribute(shared_desk):
    def ids(**query):
        return [found["profileId"] for found in shared_desk.read(V5, **query)["profiles"]]

    assert ids(emailAddress="ada.larkin@example.org") == [100001]
    assert ids(profileId="100002") == [100002]
    assert 100001 in ids(lastName="Larkin", interests="Travel", mobileAppUser="true")
    assert 100001 not in ids(lastName="Larkin", mobileAppUser="false")
    assert ids(loyaltyPoints="4200", homeBranch="Elmbourne") == [100001]
    assert 100004 in ids(loyaltyPoints="", motherLanguage="NL")
    assert ids(emailAddress="nobody@example.org") == []
    assert shared_desk.get(V5, shoeSize="44").status_code == 400
    assert shared_desk.get(V5, loyaltyPoints="many").status_code == 400


def test_a_search_is_cut_without_a_word(desk):
    found = desk.read(V5)
    assert len(found["profiles"]) == 1000
    assert set(found) == {"profiles"}
    desk.site.switch(actito_most_rows=7)
    assert len(desk.read(V5)["profiles"]) == 7
    assert len(desk.read(V4, number=3)["profiles"]) == 3
    assert len(desk.read(V4, number=300)["profiles"]) == 7


def test_list_v4_by_criterion_and_day(shared_desk):
    assert len(shared_desk.read(V4, search="customerNumber=MB00000002")["profiles"]) == 1
    recent = shared_desk.read(V4, dateFilter="2026-10-10", number=5)["profiles"]
    for profile in recent:
        values = {item["name"]: item["value"] for item in profile["attributes"]}
        assert values["updateMoment"] >= "2026-10-10"
    assert recent
    assert shared_desk.get(V4, search="Larkin").status_code == 400
    assert shared_desk.get(V4, number=0).status_code == 400
    assert shared_desk.get(V4, dateFilter="last week").status_code == 400


@pytest.mark.parametrize(("path", "status"), [(V5, 204), (V4, 200)])
def test_erasing_takes_what_hangs_on_it(desk, refused, path, status):
    records = "/custom-data/v4/entity/MeridianBank/customTable/CardPayments/record"
    own = {"searchField": "customerId", "searchValue": "100001"}
    assert len(desk.read(records, **own)["records"]) >= 3
    answer = desk.delete(f"{path}/{ADA}")
    assert (answer.status_code, answer.content) == (status, b"")
    refused(desk.get(f"{path}/100001"), 404)
    assert desk.read(records, **own)["records"] == []
    assert "profileId" not in desk.read("/forms/v4/entity/MeridianBank/form/12/participation/4711")
    assert desk.post(V5, {"key": {"emailAddress": "ada.larkin@example.org"}}).status_code == 201


def test_the_same_address_in_another_table_is_another_profile(desk):
    other = "/profiles/v5/entities/LarkDirect/profile-tables/21/profiles"
    assert desk.read(f"{other}/{ADA}")["profileId"] == 103801
    desk.delete(f"{other}/{ADA}")
    assert desk.get(f"{V5}/{ADA}").status_code == 200


@pytest.fixture(scope="module")
def shared_desk(open_desk):
    return open_desk()
