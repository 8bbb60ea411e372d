"""Values and offers in the forms of a project."""

from __future__ import annotations

import pytest

FORM = "/locals/1000136/projectforms/301"
LETTER = "/locals/1000136/projectforms/302"
CARDS = "/locals/1000142/projectforms/306"


def _values(desk, path=FORM):
    return {v["Attribute_Name"]: v["Attribute_Values"] for v in desk.read(path)["User_Variables"]}


def _variable(name, *values):
    return {"User_Variables": [{"Attribute_Name": name, "Attribute_Values": list(values)}]}


def test_forms_stand_on_their_tabs(desk):
    assert [(form["Form_ID"], form["Tab_Name"]) for form in desk.read("/locals/1000136/projectforms")] == [
        (301, "Target"),
        (302, "Fulfilment"),
    ]
    attributes = {item["Attribute_ID"]: item["Internal_Name"] for item in desk.read("/forms/301/attributes")}
    form = desk.read(FORM)
    assert {v["Attribute_ID"]: v["Attribute_Name"] for v in form["User_Variables"]} == attributes


def test_variables_are_merged_by_name(desk):
    before = _values(desk)
    assert desk.put(FORM, **_variable("age_band", "50-64")).status_code == 204
    assert _values(desk) == {**before, "age_band": ["50-64"]}
    assert desk.put(FORM, **_variable("branch_ids", "(17,21,34)")).status_code == 204
    assert desk.put(FORM).status_code == 204
    assert _values(desk) == {**before, "age_band": ["50-64"], "branch_ids": ["(17,21,34)"]}
    assert desk.put(FORM, **_variable("branch_ids")).status_code == 204
    assert _values(desk)["branch_ids"] == []


def test_one_wrong_variable_spoils_the_whole_update(desk, code):
    before = _values(desk)
    body = {
        "User_Variables": _variable("age_band", "65+")["User_Variables"] + _variable("region", "Moon")["User_Variables"]
    }
    answer = desk.put(FORM, **body)
    assert code(answer) == (422, "INVALID_DATA")
    assert "North" in answer.json()["Error_Message"]
    assert _values(desk) == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (_variable("colour", "red"), 422),
        (_variable("AGE_BAND", "65+"), 422),
        (_variable("age_band", "18-24", "65+"), 422),
        ({"Offers": [{"Offer_ID": 5230}]}, 422),
        ({"User_Variables": [{"Attribute_Name": "age_band"}]}, 400),
        ({"User_Variables": [{"Attribute_Name": "age_band", "Attribute_Values": "65+"}]}, 400),
        ({"User_Variables": None}, 400),
        ({"Variables": []}, 400),
    ],
)
def test_what_a_form_does_not_take(desk, body, status):
    assert desk.put(FORM, **body).status_code == status


def test_several_values_where_the_control_allows_them(desk):
    path = "/lists/1000107/projectforms/313"
    assert desk.put(path, **_variable("segments", "Youth", "Senior")).status_code == 204
    assert _values(desk, path)["segments"] == ["Youth", "Senior"]


def test_offers_are_replaced_only_when_present(desk, code):
    available = [offer["Offer_ID"] for offer in desk.read("/forms/306/offers")]
    chosen = [{"Offer_ID": available[1]}, {"Offer_ID": available[0], "Offer_Name": "ignored"}]
    assert desk.put(CARDS, Offers=chosen).status_code == 204
    assert [offer["Offer_ID"] for offer in desk.read(CARDS)["Offers"]] == [available[1], available[0]]
    assert desk.put(CARDS, **_variable("language", "German")).status_code == 204
    form = desk.read(CARDS)
    assert len(form["Offers"]) == 2
    assert desk.put(CARDS, Offers=form["Offers"]).status_code == 204
    assert desk.read(CARDS) == form
    assert desk.put(CARDS, Offers=[]).status_code == 204
    assert desk.read(CARDS)["Offers"] == []
    assert code(desk.put(CARDS, Offers=[{"Offer_ID": available[0]}] * 2)) == (422, "INVALID_DATA")


def test_offers_keep_their_defaults_beside_own_parameters(desk, code):
    offer = desk.read("/forms/306/offers")[0]
    own = {"Attribute_Name": "channel", "Attribute_Values": ["Branch"]}
    assert desk.put(CARDS, Offers=[{"Offer_ID": offer["Offer_ID"], "Offer_Attributes": [own]}]).status_code == 204
    stored = desk.read(CARDS)["Offers"][0]["Offer_Attributes"]
    assert own in stored
    assert len(stored) == len(offer["Offer_Attributes"])
    wrong = {"Attribute_Name": "colour", "Attribute_Values": ["red"]}
    answer = desk.put(CARDS, Offers=[{"Offer_ID": offer["Offer_ID"], "Offer_Attributes": [wrong]}])
    assert code(answer) == (422, "INVALID_DATA")


def test_a_form_of_another_project_is_404(desk, code):
    assert code(desk.get("/locals/1000136/projectforms/306")) == (404, "NOT_FOUND")
    assert code(desk.put("/locals/1000136/projectforms/306", Offers=[])) == (404, "NOT_FOUND")
