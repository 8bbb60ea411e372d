"""Operations that create, copy, retire and delete offers."""

from __future__ import annotations

import pytest


def create(site, items, version="v1", template="Savings bonus rate", **more):
    if version == "v1":
        return site.form("POST", "/v1/offers", templateName=template, BulkOfferInfo=items, **more)
    return site.send("POST", "/v2/offers", params={"templateName": template, **more}, json=items)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_bulk_creation_answers_item_by_item(site, version):
    taken = site.offer(5001)["name"]
    items = [
        {"offerName": "Fresh", "attributes": [{"name": "interest_rate", "valuesAsObjects": [4.5]}]},
        {"offerName": taken},
        {"offerName": "Fresh"},
        {"offerName": " "},
        {"offerName": "Odd", "attributes": [{"name": "interest_rate", "valueAsObject": "high"}]},
        {"offerName": "Strange", "attributes": [{"name": "colour", "valueAsObject": "red"}]},
        {"offerName": "Alien", "attributes": [{"name": "budget", "valueAsObject": 1}]},
        {"offerName": "Bare", "attributes": [{"name": "product", "valuesAsObjects": []}]},
    ]
    answer = create(site, items, version, folderid=81)
    assert answer.status_code == 200
    entries = answer.json()
    assert entries[0]["error"] is None
    assert entries[0]["offerCode"].startswith("SAV")
    assert entries[1] == {
        "reference": None,
        "offerCode": None,
        "name": taken,
        "description": None,
        "error": "An offer with this name already exists in the folder",
    }
    assert [bool(entry["error"]) for entry in entries] == [False, True, True, True, True, True, True, True]
    offer = site.offer(entries[0]["reference"]["id"])
    values = {attribute["name"]: attribute["valueAsObject"] for attribute in offer["attributes"]}
    assert (values["interest_rate"], values["channel"]) == (4.5, "Email")
    assert offer["retired"] is False


def test_the_same_name_may_be_in_another_folder(site):
    assert create(site, [{"offerName": "Twin"}]).json()[0]["error"] is None
    assert create(site, [{"offerName": "Twin"}], folderid=81).json()[0]["error"] is None
    assert create(site, [{"offerName": "Twin"}]).json()[0]["error"] is not None


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_unknown_template_or_folder_is_400(site, version):
    assert create(site, [{"offerName": "A"}], version, template="Nothing").status_code == 400
    assert create(site, [{"offerName": "A"}], version, folderid=999).status_code == 400
    assert create(site, [{"offerName": "A"}], version, folderid=13).status_code == 400


def test_codes_are_unique(site):
    entries = create(site, [{"offerName": f"Offer {number}"} for number in range(20)]).json()
    codes = [entry["offerCode"] for entry in entries]
    assert len(set(codes)) == 20
    assert all(len(offers) == 1 for offers in (site.offers(f"offerCode = '{code}'") for code in codes))


def test_a_value_that_may_be_added_becomes_an_option(site):
    site.new_offer("By pigeon", channel="Pigeon")
    options = site.get("/v1/attributes", name="channel").json()["channel"]["options"]
    assert options[-1]["value"] == "Pigeon"


def test_a_value_outside_closed_options_is_an_error(site):
    metadata = {"name": "colour", "selectTypeEnum": "SINGLE_SELECT", "options": [{"value": "red"}, {"value": "blue"}]}
    assert site.form("POST", "/v1/attributes/create/offer", metadata=metadata).status_code == 200
    site.new_offer("Red", colour="red")
    entry = create(site, [{"offerName": "Green", "attributes": [{"name": "colour", "valueAsObject": "green"}]}]).json()[
        0
    ]
    assert "one of the options red, blue" in entry["error"]
    several = [{"name": "colour", "valuesAsObjects": ["red", "blue"]}]
    assert "one value" in create(site, [{"offerName": "Both", "attributes": several}]).json()[0]["error"]
    perks = [{"name": "card_perks", "valuesAsObjects": ["Concierge", "Airport lounge"]}]
    assert create(site, [{"offerName": "Perks", "attributes": perks}]).json()[0]["error"] is None


def test_item_failures_hit_names_and_ids(site):
    site.switch(item_failures=["Doomed", 5001])
    entries = create(site, [{"offerName": "Doomed"}, {"offerName": "Saved"}]).json()
    assert [bool(entry["error"]) for entry in entries] == [True, False]
    assert site.form("POST", "/v1/offers/retire", offerids=[5001, 5002]).json() == [5002]
    assert site.offer(5001)["retired"] is False
    new = entries[1]["reference"]["id"]
    site.switch(item_failures=[str(new)])
    assert site.form("POST", "/v1/offers/delete", offerids=[new]).json() == []
    assert site.offer(new)["name"] == "Saved"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_retiring_is_for_good_and_can_be_repeated(site, version):
    def retire(*ids):
        if version == "v1":
            return site.form("POST", "/v1/offers/retire", offerids=list(ids))
        return site.send("POST", "/v2/offers/retire", json=list(ids))

    assert retire(5001, 5002).json() == [5001, 5002]
    assert retire(5001).json() == [5001]
    assert site.offer(5001)["retired"] is True
    assert retire(5003, 9).status_code == 404
    assert site.offer(5003)["retired"] is False


@pytest.mark.parametrize("form", ["v1", "v2 index", "v2 reference"])
def test_deleting_leaves_used_offers_out_and_clears_static_lists(site, form):
    def delete(*ids):
        if form == "v1":
            return site.form("POST", "/v1/offers/delete", offerids=list(ids))
        if form == "v2 index":
            return site.send("POST", "/v2/offers/delete", json=list(ids))
        return site.delete("/v2/offers", offerIds=f"[{','.join(map(str, ids))}]")

    used = site.cells(2001)[0]["offerInfo"][0]["reference"]["id"]
    unused = site.new_offer("Unused")
    site.form("POST", "/v1/offerlist", name="Mine", listMembers=[unused, 5001])
    lists = site.get("/v1/offerlist").json()
    assert delete(used, 9).status_code == 404
    answer = delete(used, unused)
    assert answer.json() == [unused]
    assert site.offer(used)["reference"]["id"] == used
    assert site.get(f"/v2/offers/{unused}").status_code == 404
    mine = site.get("/v1/offerlist", listRefID=lists[-1]["reference"]["id"]).json()
    assert mine["staticListMembers"] == [5001]


def test_copies_are_usable_and_named_apart(site):
    site.form("POST", "/v1/offers/retire", offerids=[5001])
    original = site.offer(5001)
    first = site.send("POST", "/v2/offers/duplicate", json=[5001]).json()[0]
    second = site.send("POST", "/v2/offers/duplicate", json=[5001]).json()[0]
    elsewhere = site.send("POST", "/v2/offers/duplicate", params={"folderid": 83}, json=[5001]).json()[0]
    assert first["name"] == elsewhere["name"] == f"Copy of {original['name']}"
    assert second["name"] == f"Copy of {original['name']} (2)"
    copy = site.offer(first["reference"]["id"])
    assert copy["retired"] is False
    assert copy["attributes"] == original["attributes"]
    assert len({original["offerCode"], first["offerCode"], second["offerCode"]}) == 3
    assert site.send("POST", "/v2/offers/duplicate", json=[5001, 9]).status_code == 404
    assert site.send("POST", "/v2/offers/duplicate", params={"folderid": 999}, json=[5001]).status_code == 400
