"""Addresses and verbs: which exist, which win, and what switches make of them."""

from __future__ import annotations

import pytest

INDEX_ONLY = [
    ("POST", "/v2/offers/delete"),
    ("POST", "/v2/offers/getoffers"),
    ("POST", "/v2/offers/templates"),
    ("POST", "/v2/offers/validate"),
]
REFERENCE_ONLY = [
    ("DELETE", "/v2/offers?offerIds=[1]", 405),
    ("GET", "/v2/offers/templates", 405),
    ("GET", "/v2/offers/validate", 405),
    ("POST", "/v2/offers/duplicate", 404),
    ("GET", "/v2/offers/5001", 404),
]
IN_BOTH = [("GET", "/v2/offers?offerIds=[5001]"), ("GET", "/v2/offers/gencode"), ("GET", "/v2/offers/search?maxSize=1")]


@pytest.mark.parametrize(
    "path", ["/v1/offers/GETOFFERS", "/v1/Campaigns", "/v1/campaigns/", "/v3/offers", "/v1/offers//getoffers"]
)
def test_an_address_the_contract_does_not_have_is_404_and_logged(site, path):
    assert site.send("GET", path).status_code == 404
    assert "No such address" in site.log()[-1]["refusal"]


def test_the_mount_is_case_sensitive(site):
    answer = site.http.get("/campaign/api/campaign/rest/v1/campaigns", headers=site.session())
    assert answer.status_code == 404
    assert site.log()[-1]["refusal"]


def test_another_verb_is_405_with_allow_and_logged(site):
    answer = site.send("PATCH", "/v1/campaigns/2001")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "PUT", "DELETE"}
    assert "not PATCH" in site.log()[-1]["refusal"]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/v1/campaigns/code", "generateCampaignCode"),
        ("GET", "/v1/campaigns/metrics", "getCampaignMetrics"),
        ("GET", "/v1/attributes/metadata/offer", "getAttributeMetadataByTypeAndName"),
        ("GET", "/v1/targetcells/runresults", "getRunResults"),
        ("PUT", "/v1/attributes/update/metadata", "updateAttributeMetadata"),
        ("GET", "/v2/offers/search", "searchOffersV2"),
    ],
)
def test_literal_segments_win_over_parameters(site, method, path, operation):
    site.send(method, path)
    assert site.log()[-1]["operation"] == operation


def test_both_verb_sets_of_v2_are_there_by_default(site):
    for method, path in INDEX_ONLY:
        assert site.send(method, path, json=[]).status_code == 200
    for method, path, _ in REFERENCE_ONLY:
        assert site.send(method, path).status_code in (200, 400, 404)
        assert site.log()[-1]["operation"] is not None


def test_the_index_has_no_reference_forms(site):
    site.switch(v2_verbs="index")
    for method, path in IN_BOTH:
        assert site.send(method, path).status_code == 200
    for method, path in INDEX_ONLY:
        assert site.send(method, path, json=[]).status_code == 200
    for method, path, status in REFERENCE_ONLY:
        assert site.send(method, path).status_code == status
        assert site.log()[-1]["refusal"] is None


def test_the_reference_page_has_no_index_forms(site):
    site.switch(v2_verbs="reference")
    for method, path in IN_BOTH:
        assert site.send(method, path).status_code == 200
    for method, path in INDEX_ONLY:
        assert site.send(method, path, json=[]).status_code == 405
        assert site.log()[-1]["refusal"] is None
    assert site.get("/v2/offers/5001").status_code == 200
    assert site.send("POST", "/v2/offers/duplicate", json=[5001]).status_code == 200
    assert site.delete("/v2/offers", offerIds="[]").json() == []


def test_families_of_offers_can_be_absent(site):
    site.switch(offers_v1=False)
    assert site.form("POST", "/v1/offers/getoffers", offerids=[5001]).status_code == 404
    assert site.log()[-1]["refusal"] is None
    assert site.get("/v1/offerlist", listRefID=601).status_code == 200
    assert site.get("/v2/offers/5001").status_code == 200
    site.switch(offers_v1=True, offers_v2=False)
    assert site.get("/v2/offers/5001").status_code == 404
    assert site.offer(5001)["reference"]["id"] == 5001


def test_a_renamed_route_answers_in_its_changed_form_only(site):
    site.switch(rename={"getCampaigns": {"method": "POST", "path": "/v1/campaign/list"}})
    assert len(site.send("POST", "/v1/campaign/list").json()) == 48
    assert site.log()[-1]["operation"] == "getCampaigns"
    assert site.get("/v1/campaigns").status_code == 405
    site.switch(rename={"getCampaign": {"path": "/v1/campaign/{campaignid}/details"}})
    assert site.get("/v1/campaign/2001/details").json()["id"] == 2001
    assert site.get("/v1/campaigns/2001").status_code == 405


def test_renamed_fields_travel_where_they_were_put(site):
    site.switch(
        rename={
            "getOffers": {"fields": {"offerids": {"name": "ids", "place": "query"}}},
            "getCampaigns": {"fields": {"code": {"name": "X-Code", "place": "header"}, "folderId": {"name": "folder"}}},
            "generateOfferCodes": {"fields": {"templateid": {"name": "template", "place": "form"}}},
            "retireOffers": {"fields": {"offerids": {"name": "offerId"}}},
        }
    )
    assert [o["reference"]["id"] for o in site.send("POST", "/v1/offers/getoffers?ids=5001&ids=5002").json()] == [
        5001,
        5002,
    ]
    assert site.form("POST", "/v1/offers/getoffers", offerids=[5001]).status_code == 400
    headers = {**site.headers, "x-code": "C000002002"}
    assert [c["id"] for c in site.send("GET", "/v1/campaigns", headers=headers).json()] == [2002]
    assert site.get("/v1/campaigns", folderId=13).status_code == 400
    assert site.get("/v1/campaigns", folder=13).status_code == 200
    answer = site.send("GET", "/v1/offers/gencode", data={"template": 36})
    assert answer.status_code == 200
    assert site.form("POST", "/v1/offers/retire", offerId=[5001]).json() == [5001]


def test_fields_of_an_answer_can_be_renamed_at_every_depth(site):
    site.switch(rename={"getCampaign": {"response_fields": {"campaignCode": "code", "componentTypeEnum": "kind"}}})
    answer = site.get("/v1/campaigns/2001").json()
    assert answer["code"] == "C000002001"
    assert "campaignCode" not in answer
    assert answer["reference"]["kind"] == "CAMPAIGN"
    assert answer["attributes"][0]["metadata"]["kind"] == "CAMPAIGN"
