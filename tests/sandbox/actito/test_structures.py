"""Entities and the structure of profile and custom tables."""

from __future__ import annotations

import pytest

TABLES = "/profile-table-structure/v5/entities/{}/profile-tables"
CUSTOM = "/custom-table-structure/v5/entities/MeridianBank/custom-tables"
PAYMENTS = "5b0c2f6e-1c57-4a33-8f0e-2e3f1d0a9b11"
EMAIL = {"type": "EMAIL_ADDRESS", "name": "mail", "unique": True, "mandatory": True}
KEY = {"name": "visitId", "valueType": "STRING", "unique": True, "mandatory": True}


def test_entities_are_the_two_brands_in_both_versions(desk):
    found = desk.read("/entities/v5/entities")
    assert [entity["name"] for entity in found["entities"]] == ["MeridianBank", "LarkDirect"]
    assert desk.read("/entities/v4/entity") == found


def test_a_profile_table_has_its_technical_attributes_first(desk):
    tables = desk.read(TABLES.format("MeridianBank"))["profileTables"]
    assert [(table["id"], table["name"]) for table in tables] == [
        ("16", "Customers"),
        ("17", "Prospects"),
        ("18", "ServiceContacts"),
    ]
    names = [attribute["name"] for attribute in tables[0]["attributes"]]
    assert names[:4] == ["profileId", "creationMoment", "updateMoment", "emailAddress"]
    levels = next(item for item in tables[0]["segmentations"] if item["name"] == "LoyaltyLevel")
    assert levels == {
        "name": "LoyaltyLevel",
        "exclusive": True,
        "categories": ["Bronze", "Silver", "Gold", "Platinum"],
    }
    assert desk.read(TABLES.format("MeridianBank") + "/16") == tables[0]


def test_v4_gives_names_and_a_structure_without_an_id(desk):
    base = "/profile-table-structure/v4/entity/LarkDirect/table"
    assert desk.read(base) == {"profileTableNames": [{"name": "Members"}]}
    assert "id" not in desk.read(f"{base}/Members")


def test_a_new_profile_table_can_be_filled(desk):
    body = {"name": "Visitors", "attributes": [EMAIL], "subscriptions": [{"name": "News"}]}
    answer = desk.post(TABLES.format("LarkDirect"), body)
    id_ = answer.json()["id"]
    assert answer.headers["location"] == f"{desk.site.sandbox.url}/actito{TABLES.format('LarkDirect')}/{id_}"
    assert [item["name"] for item in desk.read(f"{TABLES.format('LarkDirect')}/{id_}")["attributes"]][-1] == "mail"
    path = f"/profiles/v5/entities/LarkDirect/profile-tables/{id_}/profiles"
    assert desk.put(path, {"key": {"mail": "x@example.org"}, "subscriptions": {"News": True}}).status_code == 200
    assert desk.read(f"{path}/mail=X%40example.org")["subscriptions"] == {"News": True}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": "Members"}, "already has"),
        ({"name": "my table"}, "letters, digits"),
        ({"attributes": [EMAIL, {**EMAIL, "name": "Mail"}]}, "twice"),
        ({"attributes": [{**EMAIL, "name": "profileId"}]}, "technical"),
        ({"attributes": [{**EMAIL, "unique": False}]}, "needs a unique attribute"),
        ({"attributes": [EMAIL, {"type": "CUSTOM", "name": "x", "valueType": "COLOUR"}]}, "valueType is one of"),
        ({"attributes": [EMAIL, {"type": "COLOUR", "name": "x"}]}, "unknown type"),
        ({"subscriptions": [{"label": "News"}]}, "needs a name"),
        ({"segmentations": [{"name": "Level", "categories": "Gold"}]}, "list of texts"),
        ({"attributes": [{**EMAIL, "valueType": "STRING"}]}, "only for CUSTOM"),
    ],
)
def test_what_no_profile_table_can_be_is_400(desk, refused, change, word):
    refused(desk.post(TABLES.format("LarkDirect"), {"name": "Fresh", "attributes": [EMAIL], **change}), 400, word)


def test_a_change_request_adds_an_attribute_and_nothing_else_is_known(desk, refused):
    path = f"{TABLES.format('MeridianBank')}/16"
    new = {"type": "CUSTOM", "name": "coupon", "valueType": "STRING", "valueRestriction": {"maxLength": 3}}
    assert desk.post(f"{path}/change-requests", {"type": "ADD_ATTRIBUTE", "attribute": new}).status_code == 200
    assert desk.read(path)["attributes"][-1] == new
    profile = "/profiles/v5/entities/MeridianBank/profile-tables/16/profiles/100001"
    refused(desk.patch(profile, {"attributes": {"coupon": "LONG"}}), 400, "more than 3")
    assert desk.patch(profile, {"attributes": {"coupon": "ABC"}}).status_code == 200
    refused(desk.post(f"{path}/change-requests", {"type": "ADD_ATTRIBUTE", "attribute": new}), 400, "twice")
    refused(desk.post(f"{path}/change-requests", {"type": "RENAME", "attribute": new}), 400, "ADD_ATTRIBUTE")
    for wrong in ({"name": 1}, {**new, "name": "updateMoment"}, {**new, "name": "x", "valueRestriction": 3}):
        refused(desk.post(f"{path}/change-requests", {"type": "ADD_ATTRIBUTE", "attribute": wrong}), 400)
    mandatory = {**new, "name": "needed", "mandatory": True}
    refused(desk.post(f"{path}/change-requests", {"type": "ADD_ATTRIBUTE", "attribute": mandatory}), 400, "mandatory")


def test_custom_tables_are_found_by_id_and_in_v4_also_by_name(desk, refused):
    tables = desk.read(CUSTOM)["customTables"]
    assert [table["name"] for table in tables] == ["Branches", "CardPayments"]
    assert desk.read(f"{CUSTOM}/{PAYMENTS}") == tables[1]
    old = "/custom-table-structure/v4/entity/MeridianBank/customTable"
    assert desk.read(f"{old}/CardPayments") == desk.read(f"{old}/{PAYMENTS}") == tables[1]
    assert desk.read(old)["customTables"][1] == {"id": PAYMENTS, "name": "CardPayments"}
    refused(desk.get(f"{CUSTOM}/CardPayments"), 404)
    assert desk.read("/custom-table-structure/v5/entities/LarkDirect/custom-tables") == {"customTables": []}


def test_a_new_custom_table_takes_records(desk):
    body = {"name": "Visits", "type": "INTERACTIONS", "primaryKeyAttribute": "visitId", "attributes": [KEY]}
    id_ = desk.post(CUSTOM, body).json()["id"]
    column = {"name": "note", "valueType": "STRING"}
    change = {"type": "ADD_ATTRIBUTE", "attribute": column}
    assert desk.post(f"{CUSTOM}/{id_}/change-requests", change).status_code == 200
    path = "/custom-data/v4/entity/MeridianBank/customTable/Visits/record"
    properties = [{"name": "visitId", "value": "V1"}, {"name": "note", "value": "x"}]
    assert desk.post(path, {"properties": properties}).json() == {"businessKey": "V1"}
    assert desk.read(f"{path}/V1") == {"properties": properties}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": "Branches"}, "already has"),
        ({"primaryKeyAttribute": "other"}, "primaryKeyAttribute"),
        ({"creationTimeAttribute": "other"}, "creationTimeAttribute"),
        ({"foreignKeys": [{"name": "x", "attribute": "visitId", "reference": {"tableId": "99"}}]}, "foreign key"),
        ({"foreignKeys": [{"name": "x", "attribute": "other"}]}, "foreign key"),
    ],
)
def test_what_no_custom_table_can_be_is_400(desk, refused, change, word):
    body = {"name": "Visits", "type": "INTERACTIONS", "primaryKeyAttribute": "visitId", "attributes": [KEY], **change}
    refused(desk.post(CUSTOM, body), 400, word)
