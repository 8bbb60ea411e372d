"""Operations on offer lists."""

from __future__ import annotations

import pytest

SMART = {"query": "interest_rate >= 2", "includeSubFolder": True, "maxSize": 25}


def newest(site):
    return site.get("/v1/offerlist").json()[-1]


def static(site, **fields):
    answer = site.form("POST", "/v1/offerlist", name="Mine", **fields)
    assert answer.status_code == 200, answer.text
    return newest(site)["reference"]["id"]


def members(site, list_id):
    return site.get("/v1/offerlist", listRefID=list_id).json()["staticListMembers"]


def test_one_id_answers_an_object_and_otherwise_an_array(site):
    assert len(site.get("/v1/offerlist").json()) == 12
    one = site.get("/v1/offerlist", listRefID=601).json()
    assert one["reference"] == {"componentTypeEnum": "OFFER_LIST", "id": 601}
    assert site.get("/v1/offerlist", listRefID=[602, 601]).json() == [
        site.get("/v1/offerlist", listRefID=602).json(),
        one,
    ]
    assert site.get("/v1/offerlist", listRefID=[601, 9]).status_code == 404


def test_smart_and_static_lists_look_different(site):
    lists = site.get("/v1/offerlist").json()
    assert {(e["staticListMembers"] is None, e["smartListInfo"] is not None) for e in lists if e["smartList"]} == {
        (True, True)
    }
    assert {(e["staticListMembers"] is None, e["smartListInfo"] is not None) for e in lists if not e["smartList"]} == {
        (False, False)
    }


def test_creating_a_static_list(site):
    answer = site.form(
        "POST",
        "/v1/offerlist",
        name="Mine",
        description="d",
        securityPolicy="Retail",
        parentFolderId=83,
        listMembers=[5003, 5001],
        createdBy="Plan",
        creatorObjectId=7,
    )
    assert isinstance(answer.json(), str)
    made = newest(site)
    assert made["staticListMembers"] == [5003, 5001]
    assert (made["name"], made["description"], made["securityPolicy"], made["parentFolderId"]) == (
        "Mine",
        "d",
        "Retail",
        83,
    )
    assert (made["creatorFlag"], made["creatorObjectId"], made["retiredList"]) == (1, 7, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Spring 2026 showcase"},
        {"name": " "},
        {"parentFolderId": 999},
        {"parentFolderId": 13},
        {"listMembers": [9]},
        {"listMembers": [5001, 5004]},
        {"createdBy": "Somebody"},
    ],
)
def test_a_static_list_that_can_not_be_is_400(site, fields):
    site.form("POST", "/v1/offers/retire", offerids=[5004])
    assert site.form("POST", "/v1/offerlist", **{"name": "Mine", **fields}).status_code == 400
    assert len(site.get("/v1/offerlist").json()) == 12


def test_creating_a_smart_list(site):
    info = {**SMART, "scopeFolders": [{"componentTypeEnum": "FOLDER", "id": 81}, 83, "81"]}
    answer = site.form("POST", "/v1/offerlist/createSmartOffer", name="Clever", smartOfferListInfoJSON=info)
    assert answer.status_code == 200, answer.text
    made = newest(site)
    assert (made["smartList"], made["staticListMembers"], made["smartListInfo"]) == (True, None, info)


@pytest.mark.parametrize(
    "change",
    [
        {"query": "interest_rate >="},
        {"query": "colour = 'red'"},
        {"maxSize": 0},
        {"scopeFolders": [999]},
        {"scopeFolders": ["x"]},
        {"scopeFolders": [{"componentTypeEnum": "OFFER", "id": 81}]},
    ],
)
def test_a_smart_list_that_can_not_be_is_400(site, change):
    answer = site.form(
        "POST", "/v1/offerlist/createSmartOffer", name="Clever", smartOfferListInfoJSON={**SMART, **change}
    )
    assert answer.status_code == 400
    assert len(site.get("/v1/offerlist").json()) == 12


def test_members_are_appended_unless_existing_ones_are_cleared(site):
    list_id = static(site, listMembers=[5001, 5002])
    assert site.form("PUT", "/v1/offerlist", listRefID=list_id, listMembers=[5003, 5001]).status_code == 200
    assert members(site, list_id) == [5001, 5002, 5003]
    site.form("PUT", "/v1/offerlist", listRefID=list_id, listMembers=[5003], clearExisting="true")
    assert members(site, list_id) == [5003]
    site.form("PUT", "/v1/offerlist", listRefID=list_id, clearExisting="true")
    assert members(site, list_id) == []


def test_changing_name_and_description(site):
    list_id = static(site, listMembers=[5001])
    site.form("PUT", "/v1/offerlist", listRefID=list_id, name="Ours", description="e", creatorObjectId=5)
    made = newest(site)
    assert (made["name"], made["description"], made["creatorObjectId"]) == ("Ours", "e", 5)
    assert made["staticListMembers"] == [5001]
    assert site.form("PUT", "/v1/offerlist", listRefID=list_id, name="Ours").status_code == 200
    assert site.form("PUT", "/v1/offerlist", listRefID=list_id, name="Spring 2026 showcase").status_code == 400


def test_a_change_that_can_not_be(site):
    list_id = static(site, listMembers=[5001])
    smart_id = next(e["reference"]["id"] for e in site.get("/v1/offerlist").json() if e["smartList"])
    site.form("POST", "/v1/offers/retire", offerids=[5004])

    def change(**fields):
        return site.form("PUT", "/v1/offerlist", **fields).status_code

    assert change(name="x") == 400
    assert change(listRefID=999, name="x") == 404
    assert change(listRefID=list_id, listMembers=[9]) == 404
    assert change(listRefID=list_id, listMembers=[5004]) == 400
    assert change(listRefID=list_id, smartOfferListInfoJSON=SMART) == 400
    assert change(listRefID=list_id, isSmartList="true") == 400
    assert change(listRefID=smart_id, listMembers=[5001]) == 400
    assert members(site, list_id) == [5001]


def test_a_list_can_turn_smart_and_static_again(site):
    list_id = static(site, listMembers=[5001])
    site.form("PUT", "/v1/offerlist", listRefID=list_id, isSmartList="true", smartOfferListInfoJSON=SMART)
    assert (newest(site)["smartList"], newest(site)["smartListInfo"]) == (True, SMART)
    site.form("PUT", "/v1/offerlist", listRefID=list_id, isSmartList="false", listMembers=[5002])
    assert (newest(site)["staticListMembers"], newest(site)["smartListInfo"]) == ([5002], None)


def test_retired_lists_stay_and_can_not_change(site):
    list_id = static(site)
    assert isinstance(site.form("POST", "/v1/offerlist/retire", listRefID=[list_id]).json(), str)
    assert newest(site)["retiredList"] is True
    assert site.form("POST", "/v1/offerlist/retire", listRefID=[list_id]).status_code == 200
    assert site.form("PUT", "/v1/offerlist", listRefID=list_id, name="x").status_code == 400
    assert site.form("POST", "/v1/offerlist/retire", listRefID=[602, 9]).status_code == 404
    assert site.get("/v1/offerlist", listRefID=602).json()["retiredList"] is False


def test_a_used_list_can_only_be_retired(site):
    list_id = static(site)
    answer = site.form("POST", "/v1/offerlist/delete", listRefID=[list_id, 602])
    assert answer.status_code == 400
    assert "only be retired" in answer.json()["message"]
    assert len(site.get("/v1/offerlist").json()) == 13
    assert site.form("POST", "/v1/offerlist/retire", listRefID=[602]).status_code == 200
    assert site.form("POST", "/v1/offerlist/delete", listRefID=[list_id, 9]).status_code == 404
    assert site.form("POST", "/v1/offerlist/delete", listRefID=[list_id]).status_code == 200
    assert len(site.get("/v1/offerlist").json()) == 12


def test_a_list_assigned_to_a_cell_is_used(site):
    list_id = static(site)
    offer_info = [{"reference": {"componentTypeEnum": "OFFER_LIST", "id": list_id}, "name": "Mine"}]
    cell = site.new_cell(2001, name="With list", offerInfo=offer_info)
    assert cell["offerInfo"][0]["reference"]["componentTypeEnum"] == "OFFER_LIST"
    assert site.form("POST", "/v1/offerlist/delete", listRefID=[list_id]).status_code == 400
    assert site.delete(f"/v1/targetcells/{cell['reference']['id']}").status_code == 200
    assert site.form("POST", "/v1/offerlist/delete", listRefID=[list_id]).status_code == 200


def test_a_list_stays_used_when_its_cells_are_gone(site):
    campaigns = [campaign["id"] for campaign in site.get("/v1/campaigns").json()]
    assert site.form("POST", "/v1/campaigns/delete", campaignid=campaigns).status_code == 200
    assert site.form("POST", "/v1/offerlist/delete", listRefID=[602]).status_code == 400
