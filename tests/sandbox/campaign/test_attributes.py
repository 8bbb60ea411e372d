"""Operations on attribute definitions and values."""

from __future__ import annotations

import pytest


def create(site, type_="OFFER", **metadata):
    return site.form("POST", f"/v1/attributes/create/{type_}", metadata={"name": "colour", **metadata})


def change(site, name="colour", **metadata):
    return site.form("PUT", "/v1/attributes/update/metadata", metadata={"name": name, **metadata})


def definition(site, name="colour"):
    return site.get("/v1/attributes", name=name).json()[name]


def set_values(site, path, *attributes, **more):
    return site.form("PUT", f"/v1/attributes/update/{path}", attributes=list(attributes), **more)


def values(answer):
    assert answer.status_code == 200, answer.text
    return {attribute["name"]: attribute["valueAsObject"] for attribute in answer.json()}


def test_reading_definitions(site):
    assert len(site.get("/v1/attributes").json()) == 29
    assert list(site.get("/v1/attributes", name=["CHANNEL", "budget"]).json()) == ["channel", "budget"]
    assert definition(site, "channel")["options"][0]["value"] == "Email"
    assert site.get("/v1/attributes", name=["channel", "colour"]).status_code == 404


def test_reading_definitions_of_a_kind(site):
    campaign = site.get("/v1/attributes/metadata/campaign").json()
    assert "sales_region" in campaign
    assert "channel" not in campaign
    assert list(site.get("/v1/attributes/metadata/Offer", name="channel").json()) == ["channel"]
    assert "channel" in site.get("/v1/attributes/metadata/OFFER_TEMPLATE").json()
    assert site.get("/v1/attributes/metadata/campaign", name="channel").status_code == 404
    assert site.get("/v1/attributes/metadata/campaign", name="colour").status_code == 404
    assert site.get("/v1/attributes/metadata/flowchart").status_code == 400


def test_creating_fills_in_the_rest(site):
    assert create(site, "offer").json() == "Attribute metadata created: colour"
    made = definition(site)
    assert (made["typeEnum"], made["selectTypeEnum"], made["displayName"]) == ("TEXT", "NONE", "colour")
    assert (made["componentTypeEnum"], made["nullAllowed"], made["systemDefined"]) == ("OFFER", True, False)
    assert made["id"] > 351


@pytest.mark.parametrize(
    "metadata",
    [
        {"name": "Channel"},
        {"name": "9lives"},
        {"name": "two words"},
        {"name": ""},
        {"name": "uacColour"},
        {"name": "UACcolour"},
        {"typeEnum": "COLOUR"},
        {"selectTypeEnum": "SEVERAL"},
        {"componentTypeEnum": "CAMPAIGN"},
        {"maximumLength": 0},
        {"typeEnum": "INTEGER", "defaultValue": "x"},
        {"selectTypeEnum": "SINGLE_SELECT", "options": [{"value": "a"}, {"value": "a"}]},
        {"selectTypeEnum": "SINGLE_SELECT", "options": [{"displayName": "a"}]},
        {"systemDefined": True},
    ],
)
def test_a_definition_that_can_not_be_is_400(site, metadata):
    assert create(site, **metadata).status_code == 400
    assert len(site.get("/v1/attributes").json()) == 29


def test_free_changes(site):
    create(site)
    answer = change(site, "COLOUR", displayName="Tint", description="d", accessTypeEnum="HIDDEN", internal=True)
    assert answer.status_code == 200, answer.text
    made = definition(site)
    assert (made["name"], made["displayName"], made["accessTypeEnum"], made["internal"]) == (
        "colour",
        "Tint",
        "HIDDEN",
        True,
    )
    assert len(site.get("/v1/attributes").json()) == 30


@pytest.mark.parametrize(
    ("before", "allowed", "refused"),
    [
        ({"required": True}, {"required": False}, None),
        ({}, {"required": False}, {"required": True}),
        ({}, {"typeEnum": "TEXT"}, {"typeEnum": "INTEGER"}),
        ({}, {"generated": False}, {"generated": True}),
        ({}, {"selectTypeEnum": "SINGLE_SELECT"}, None),
        ({}, {"selectTypeEnum": "MULTIPLE_SELECT"}, None),
        ({"selectTypeEnum": "SINGLE_SELECT"}, {"selectTypeEnum": "MULTIPLE_SELECT"}, {"selectTypeEnum": "NONE"}),
        ({"selectTypeEnum": "MULTIPLE_SELECT"}, None, {"selectTypeEnum": "SINGLE_SELECT"}),
        (
            {"selectTypeEnum": "SINGLE_SELECT", "options": [{"value": "red"}]},
            {"options": [{"value": "blue"}, {"value": "red", "displayName": "Red"}]},
            {"options": [{"value": "blue"}]},
        ),
        ({"maximumLength": 10}, {"maximumLength": 11}, {"maximumLength": 9}),
        ({}, {"componentTypeEnum": "OFFER"}, {"componentTypeEnum": "CAMPAIGN"}),
    ],
)
def test_which_changes_are_allowed(site, before, allowed, refused):
    create(site, **before)
    if refused is not None:
        kept = definition(site)
        assert change(site, **refused).status_code == 400
        assert definition(site) == kept
    if allowed is not None:
        assert change(site, **allowed).status_code == 200
        assert {key: definition(site)[key] for key in allowed} == allowed


def test_standard_attributes_can_neither_change_nor_go(site):
    assert change(site, "uacName", displayName="x").status_code == 400
    assert site.delete("/v1/attributes/delete", name="uacName").status_code == 400


def test_an_unknown_definition_is_created_only_when_allowed(site):
    assert change(site, displayName="x").status_code == 404
    metadata = {"name": "colour", "componentTypeEnum": "CAMPAIGN"}
    assert site.form("PUT", "/v1/attributes/update/metadata", metadata=metadata, allowCreate="false").status_code == 404
    assert (
        site.form("PUT", "/v1/attributes/update/metadata", metadata={"name": "colour"}, allowCreate="true").status_code
        == 400
    )
    assert site.form("PUT", "/v1/attributes/update/metadata", metadata=metadata, allowCreate="true").status_code == 200
    assert definition(site)["componentTypeEnum"] == "CAMPAIGN"


def test_deleting_touches_every_object(site):
    assert "channel" in values(site.get("/v1/attributes/OFFER/5001"))
    assert "channel" in values(site.get("/v1/attributes/OFFER_TEMPLATE/31"))
    assert isinstance(site.delete("/v1/attributes/delete", name="CHANNEL").json(), str)
    assert "channel" not in values(site.get("/v1/attributes/OFFER/5001"))
    assert "channel" not in values(site.get("/v1/attributes/OFFER_TEMPLATE/31"))
    create(site, name="channel")
    assert "channel" not in values(site.get("/v1/attributes/OFFER/5001"))
    assert "channel" not in values(site.get("/v1/attributes/OFFER_TEMPLATE/31"))
    assert site.delete("/v1/attributes/delete", name="nothing").status_code == 404


def test_reading_values_of_each_kind(site):
    assert values(site.get("/v1/attributes/campaign/2001"))["uacName"] == "Spring 2025 Gold Card Cashback"
    assert values(site.get("/v1/attributes/campaign/2001"))["sales_region"] == "North"
    assert values(site.get("/v1/attributes/OFFER/5001", name=["channel", "uacOfferCode"])) == {
        "channel": "Branch",
        "uacOfferCode": "CC00101-CZ1",
    }
    assert values(site.get("/v1/attributes/Tcs_Cell/8001"))["uacIsControl"] is True
    assert values(site.get("/v1/attributes/OFFER_TEMPLATE/32"))["interest_rate"] == 2.0
    assert site.get("/v1/attributes/OFFER/9").status_code == 404
    assert site.get("/v1/attributes/OFFER/5001", name="colour").status_code == 404
    assert site.get("/v1/attributes/FOLDER/81").status_code == 400


def test_setting_values_answers_all_attributes_after_the_change(site):
    before = values(site.get("/v1/attributes/OFFER/5001"))
    after = values(set_values(site, "OFFER/5001", {"name": "discount_rate", "valuesAsObjects": [7.5]}))
    assert after == {**before, "discount_rate": 7.5}
    assert values(site.get("/v1/attributes/OFFER/5001")) == after
    assert values(set_values(site, "OFFER/5001", {"name": "discount_rate"}))["discount_rate"] is None
    perks = set_values(site, "OFFER/5001", {"name": "card_perks", "valuesAsObjects": ["Concierge", "Airport lounge"]})
    assert next(a for a in perks.json() if a["name"] == "card_perks")["valuesAsObjects"] == [
        "Concierge",
        "Airport lounge",
    ]
    assert values(set_values(site, "OFFER_TEMPLATE/31", {"name": "cost", "valueAsObject": 1}))["cost"] == 1
    assert values(set_values(site, "TCS_CELL/8001", {"name": "target_size", "valueAsObject": 5.0}))["target_size"] == 5


@pytest.mark.parametrize(
    "attribute",
    [
        {"name": "colour", "valueAsObject": "red"},
        {"name": "budget", "valueAsObject": 1},
        {"name": "discount_rate", "valueAsObject": "1"},
        {"name": "discount_rate", "valueAsObject": True},
        {"name": "term_months", "valueAsObject": 1.5},
        {"name": "needs_consent", "valueAsObject": 1},
        {"name": "product", "valueAsObject": 5},
        {"name": "product", "valueAsObject": "x" * 101},
        {"name": "product"},
        {"name": "expiry_date", "valueAsObject": "tomorrow"},
        {"name": "channel", "valuesAsObjects": ["Email", "Web"]},
        {"name": "channel", "valueAsObject": "Email", "valuesAsObjects": ["Web"]},
        {"name": "uacOfferCode", "valueAsObject": "X"},
    ],
)
def test_a_value_that_does_not_fit_is_400_and_nothing_changes(site, attribute):
    before = site.offer(5001)
    good = {"name": "segment", "valueAsObject": "Youth"}
    assert set_values(site, "OFFER/5001", good, attribute).status_code == 400
    assert site.offer(5001) == before


def test_standard_attributes_stand_for_the_own_fields(site):
    set_values(site, "campaign/2001", {"name": "uacDescription", "valueAsObject": "New words"})
    assert site.get("/v1/campaigns/2001").json()["description"] == "New words"
    end = site.get("/v1/campaigns/2001").json()["endDate"]
    assert set_values(site, "campaign/2001", {"name": "uacStartDate", "valueAsObject": end}).status_code == 400
    assert set_values(site, "campaign/2001", {"name": "uacName", "valueAsObject": " "}).status_code == 400
    assert set_values(site, "TCS_CELL/8001", {"name": "uacIsControl", "valueAsObject": False}).status_code == 400


@pytest.mark.parametrize(
    ("attribute", "type_"),
    [
        ({"name": "colour", "valueAsObject": "red"}, "TEXT"),
        ({"name": "colour", "valueAsObject": 5}, "INTEGER"),
        ({"name": "colour", "valueAsObject": 5.5}, "DECIMAL"),
        ({"name": "colour", "valueAsObject": True}, "BOOLEAN"),
        ({"name": "colour", "valueAsObject": 5, "metadata": {"name": "colour", "typeEnum": "CURRENCY"}}, "CURRENCY"),
    ],
)
def test_an_unknown_attribute_is_defined_when_allowed(site, attribute, type_):
    assert set_values(site, "OFFER/5001", attribute, allowCreate="false").status_code == 400
    answer = set_values(site, "OFFER/5001", attribute, allowCreate="true")
    assert values(answer)["colour"] == attribute["valueAsObject"]
    assert definition(site)["typeEnum"] == type_


def test_a_definition_of_a_refused_call_is_gone(site):
    bad = {"name": "discount_rate", "valueAsObject": "x"}
    answer = set_values(site, "OFFER/5001", {"name": "colour", "valueAsObject": "red"}, bad, allowCreate="true")
    assert answer.status_code == 400
    assert site.get("/v1/attributes", name="colour").status_code == 404
