"""Operations that read offers and templates."""

from __future__ import annotations

import json

import pytest


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [item["reference"]["id"] for item in answer.json()]


def test_without_ids_all_offers_come_back(site):
    assert len(ids(site.form("POST", "/v1/offers/getoffers"))) == 300
    assert len(ids(site.send("POST", "/v2/offers/getoffers"))) == 300


def test_v1_answers_in_the_order_asked_and_404_for_any_unknown_id(site):
    assert ids(site.form("POST", "/v1/offers/getoffers", offerids=[5002, 5001, 5002])) == [5002, 5001]
    answer = site.form("POST", "/v1/offers/getoffers", offerids=[5001, 9, 8])
    assert (answer.status_code, answer.json()["message"]) == (404, "Offer 9, 8 not found")


def test_v2_answers_those_found_and_404_for_none(site):
    assert ids(site.get("/v2/offers", offerIds="[5002, 9,5001]")) == [5002, 5001]
    assert ids(site.send("POST", "/v2/offers/getoffers", json=[5002, 9])) == [5002]
    assert site.get("/v2/offers", offerIds="[9]").status_code == 404
    assert site.send("POST", "/v2/offers/getoffers", json=[9]).status_code == 404
    assert ids(site.get("/v2/offers", offerIds="[]")) == []
    assert site.get("/v2/offers/5001").json() == site.offer(5001)
    assert site.get("/v2/offers/9").status_code == 404


@pytest.mark.parametrize(
    "text", ["5001", "[5001", "[a]", "[1,]", "5001,5002", "[99999999999999999999]", "[9999999999999999999]"]
)
def test_bracket_ids_have_one_form(site, text):
    assert site.get("/v2/offers", offerIds=text).status_code == 400


def test_an_offer_has_its_six_fields(site):
    offer = site.offer(5001)
    assert set(offer) == {"reference", "offerCode", "name", "description", "attributes", "retired"}
    perks = next(a for a in offer["attributes"] if a["name"] == "card_perks")
    assert perks["valueAsObject"] == perks["valuesAsObjects"][0]
    assert len(perks["valuesAsObjects"]) > 1


def test_search_honours_query_size_and_folders(site):
    every = ids(site.get("/v2/offers/search"))
    assert len(every) == 300
    assert ids(site.get("/v2/offers/search", maxSize=2)) == every[:2]
    gold = ids(site.get("/v2/offers/search", query="name LIKE 'gold%'"))
    assert 5001 in gold
    folder = ids(site.get("/v2/offers/search", scopeFolders="[81]"))
    assert 5001 in folder
    assert ids(site.get("/v2/offers/search", scopeFolders="[81]", query="name LIKE 'gold%'")) == [
        id_ for id_ in gold if id_ in folder
    ]
    assert site.get("/v2/offers/search", scopeFolders="[81,999]").status_code == 400
    assert site.get("/v2/offers/search", scopeFolders="81").status_code == 400


def test_search_reaches_below_folders_only_when_told_to(site):
    top = site.form(
        "POST", "/v1/offers", templateName="Personal loan", folderid=81, BulkOfferInfo=[{"offerName": "Here"}]
    )
    assert top.json()[0]["error"] is None
    parents = [id_ for id_ in range(61, 110) if _below(site, id_)]
    assert parents


def _below(site, folder):
    alone = site.get("/v2/offers/search", scopeFolders=f"[{folder}]")
    if alone.status_code == 400:
        return False
    deep = site.get("/v2/offers/search", scopeFolders=f"[{folder}]", includeSubFolder="true")
    flat = site.get("/v2/offers/search", scopeFolders=f"[{folder}]", includeSubFolder="false")
    assert ids(flat) == ids(alone)
    assert set(ids(alone)) <= set(ids(deep))
    return len(ids(deep)) > len(ids(alone))


def test_search_finds_retired_offers_unless_the_query_says_otherwise(site):
    site.form("POST", "/v1/offers/retire", offerids=[5001])
    assert 5001 in ids(site.get("/v2/offers/search"))
    assert 5001 not in ids(site.get("/v2/offers/search", query="retired = FALSE"))
    assert 5001 in ids(site.get("/v2/offers/search", query="retired = TRUE"))


def test_templates_in_all_three_forms(site):
    all_ = ids(site.send("POST", "/v1/offers/templates"))
    assert all_ == [31, 32, 33, 34, 35, 36]
    assert ids(site.send("POST", "/v2/offers/templates")) == ids(site.get("/v2/offers/templates")) == all_
    assert ids(site.form("POST", "/v1/offers/templates", templateids=[32, 31])) == [32, 31]
    assert ids(site.send("POST", "/v2/offers/templates", json=[32])) == [32]
    assert ids(site.get("/v2/offers/templates", templateIds="[33]")) == [33]
    template = site.get("/v2/offers/templates", templateIds="[32]").json()[0]
    assert template["offerCodeFormat"] == "SAVnnnnnn"
    assert {a["name"]: a["valueAsObject"] for a in template["attributes"]}["interest_rate"] == 2.0
    assert site.form("POST", "/v1/offers/templates", templateids=[9]).status_code == 404
    assert site.send("POST", "/v2/offers/templates", json=[9]).status_code == 404
    assert site.get("/v2/offers/templates", templateIds="[9]").status_code == 404


def test_validation_keeps_the_order_and_has_an_error_for_none_and_several(site):
    one, two = site.offer(site.new_offer("Single")), site.offer(5002)
    site.form("POST", "/v1/offers", templateName="Personal loan", folderid=81, BulkOfferInfo=[{"offerName": "Twin"}])
    site.form("POST", "/v1/offers", templateName="Personal loan", folderid=83, BulkOfferInfo=[{"offerName": "Twin"}])
    codes = [two["offerCode"], "999", one["offerCode"], one["offerCode"].lower()]
    names = ["Twin", one["name"], "Spring 2026 showcase"]
    v1 = site.form("POST", "/v1/offers/validate", offercodes=codes, offernames=names)
    v2 = site.get("/v2/offers/validate", offerCodes=codes, offerNames=names)
    assert v1.json() == v2.json()
    assert [(e["offerInfo"] or {}).get("name") for e in v1.json()] == [
        two["name"],
        None,
        one["name"],
        None,
        None,
        one["name"],
        "Spring 2026 showcase",
    ]
    assert [e["errorCode"] for e in v1.json()] == [None, "NO_MATCH", None, "NO_MATCH", "SEVERAL_MATCHES", None, None]
    assert v1.json()[6]["offerInfo"]["reference"]["componentTypeEnum"] == "OFFER_LIST"
    items = [
        {"codeOrName": one["offerCode"]},
        {"codeOrName": one["name"], "isListName": True},
        {"codeOrName": "Spring 2026 showcase", "isListName": True},
        {"codeOrName": "Twin", "isListName": False},
    ]
    entries = site.send("POST", "/v2/offers/validate", json=items).json()
    assert [e["errorCode"] for e in entries] == [None, "NO_MATCH", None, "SEVERAL_MATCHES"]


def test_answers_are_not_ascii_only(site):
    site.new_offer("Šeškinės €5")
    answer = site.get("/v2/offers/search", query="name LIKE 'Šeš%'")
    assert "Šeškinės €5" in answer.content.decode("utf-8")
    assert json.loads(answer.content)[0]["name"] == "Šeškinės €5"
