"""Operations on campaigns."""

from __future__ import annotations

import pytest


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [campaign["id"] for campaign in answer.json()]


def create(site, **campaign):
    return site.form("POST", "/v1/campaigns", campaign={"name": "New one", **campaign})


def test_listing_by_code_and_folder(site):
    assert len(ids(site.get("/v1/campaigns"))) == 48
    assert ids(site.get("/v1/campaigns", code="C000002002")) == [2002]
    assert ids(site.get("/v1/campaigns", code="c000002002")) == []
    in_folder = ids(site.get("/v1/campaigns", folderId=13))
    assert 2001 in in_folder
    assert len(in_folder) < 48
    assert site.get("/v1/campaigns", folderId=999).status_code == 400
    assert site.get("/v1/campaigns", folderId=83).status_code == 400


def test_sorting(site):
    names = [campaign["name"] for campaign in site.get("/v1/campaigns", sort="+name").json()]
    assert names == sorted(names)
    assert [campaign["name"] for campaign in site.get("/v1/campaigns", sort="-name").json()] == names[::-1]
    starts = [campaign["startDate"] for campaign in site.get("/v1/campaigns", sort="-startDate").json()]
    assert starts == sorted(starts, reverse=True)
    assert site.get("/v1/campaigns", sort="-attributes").status_code == 400


def test_reading_one(site):
    campaign = site.get("/v1/campaigns/2001").json()
    assert campaign["reference"] == {"componentTypeEnum": "CAMPAIGN", "id": 2001}
    assert campaign["attributes"][0]["name"] == "sales_region"
    assert campaign["attributes"][0]["metadata"]["displayName"] == "Sales region"
    assert "options" not in campaign["attributes"][0]["metadata"]
    assert site.get("/v1/campaigns/999999").status_code == 404


def test_searching_by_attributes_which_must_all_match(site):
    def found(*attributes, **more):
        return ids(site.form("POST", "/v1/campaigns/search", attributes=list(attributes), **more))

    region = {"name": "sales_region", "valuesAsObjects": ["North"]}
    north = found(region)
    deposits = found({"name": "uacInitiative", "valueAsObject": "Deposits"})
    assert 2001 in north
    assert 2002 in deposits
    assert set(found(region, {"name": "UACINITIATIVE", "valueAsObject": "Deposits"})) == set(north) & set(deposits)
    assert found({"name": "uacName", "valueAsObject": "Spring 2025 Savings Sprint"}) == [2002]
    assert set(found(region, folderId=13)) < set(north)
    assert found(region, sort="-id") == north[::-1]
    assert len(ids(site.send("POST", "/v1/campaigns/search"))) == 48
    assert found({"name": "uacStartDate", "valueAsObject": "2025-03-01"}) != []


@pytest.mark.parametrize(
    "attribute",
    [{"name": "colour"}, {"name": "channel", "valueAsObject": "Email"}, {"name": "budget", "valueAsObject": "x"}],
)
def test_a_criterion_needs_a_campaign_attribute_and_a_fitting_value(site, attribute):
    assert site.form("POST", "/v1/campaigns/search", attributes=[attribute]).status_code == 400


def test_metrics(site):
    metrics = site.get("/v1/campaigns/metrics", campaignid=2001).json()
    assert metrics["totalContacts"] == 36659
    assert metrics["responses"][0] == {"responseType": "CLK", "displayName": "Click-through", "count": 2095}
    assert site.get("/v1/campaigns/metrics", campaignid=999).status_code == 404
    new = create(site).json()["id"]
    assert site.get("/v1/campaigns/metrics", campaignid=new).json() == {"totalContacts": 0, "responses": []}


def test_creating_with_the_least_takes_documented_defaults(site):
    campaign = create(site).json()
    assert campaign["securityPolicy"] == "Global"
    assert campaign["campaignCode"] == "C000002049"
    assert (campaign["createdByUser"], campaign["createByUserId"]) == ("service", 11)
    assert campaign["lastRunDate"] is None
    assert campaign["createDate"] > 1_700_000_000_000
    assert campaign["attributes"] == []
    assert site.get(f"/v1/campaigns/{campaign['id']}").json() == campaign


def test_creating_with_everything_as_form_or_json(site):
    given = {
        "name": "Full",
        "description": "d",
        "campaignCode": "OWN-1",
        "initiative": "i",
        "objectives": "o",
        "securityPolicy": "Retail",
        "folderId": 13,
        "startDate": 1_743_465_600_000,
        "endDate": "2025-05-01",
        "attributes": [{"name": "BUDGET", "valueAsObject": 12.5}],
    }
    one = site.form("POST", "/v1/campaigns", campaign=given).json()
    two = site.send("POST", "/v1/campaigns", json={**given, "campaignCode": "OWN-2"}).json()
    for key in ("name", "description", "initiative", "objectives", "securityPolicy", "startDate"):
        assert one[key] == two[key] == given[key]
    assert one["endDate"] == 1_746_057_600_000
    assert one["attributes"][0]["name"] == "budget"
    assert one["attributes"][0]["valuesAsObjects"] == [12.5]
    assert {one["id"], two["id"]} <= set(ids(site.get("/v1/campaigns", folderId=13)))


@pytest.mark.parametrize(
    ("campaign", "word"),
    [
        ({"name": ""}, "name"),
        ({"campaignCode": "C000002001"}, "taken"),
        ({"campaignCode": " "}, "characters"),
        ({"campaignCode": "x" * 33}, "32"),
        ({"folderId": 999}, "folder 999"),
        ({"folderId": 83}, "folder 83"),
        ({"startDate": 2_000, "endDate": 1_000}, "endDate must be after startDate"),
        ({"startDate": 2_000, "endDate": 2_000}, "endDate must be after startDate"),
        ({"startDate": "soon"}, "soon"),
        ({"startDate": {"lenient": True}}, "timeInMillis"),
        ({"startDate": 10**17}, "9999"),
        ({"attributes": [{"name": "colour", "valueAsObject": "red"}]}, "colour"),
        ({"attributes": [{"name": "channel", "valueAsObject": "Email"}]}, "OFFER"),
    ],
)
def test_a_campaign_that_can_not_be_is_400_and_not_created(site, campaign, word):
    answer = create(site, **campaign)
    assert answer.status_code == 400
    assert word in answer.json()["message"]
    assert len(ids(site.get("/v1/campaigns"))) == 48


def test_names_need_not_be_unique(site):
    assert create(site).status_code == create(site).status_code == 200


def test_a_campaign_without_name_is_400(site):
    assert site.form("POST", "/v1/campaigns", campaign={"description": "x"}).status_code == 400


def test_changing_keeps_what_is_left_out(site):
    before = site.get("/v1/campaigns/2001").json()
    answer = site.form("PUT", "/v1/campaigns/2001", campaign={"description": "Other"})
    assert answer.json() == {**before, "description": "Other"}
    budget = [{"name": "budget", "valueAsObject": 1}]
    after = site.send("PUT", "/v1/campaigns/2001", json={"attributes": budget}).json()
    values = {attribute["name"]: attribute["valueAsObject"] for attribute in after["attributes"]}
    assert (values["budget"], values["sales_region"]) == (1, "North")


def test_changes_are_checked_against_what_is_there(site):
    campaign = site.get("/v1/campaigns/2001").json()
    for change in (
        {"endDate": campaign["startDate"]},
        {"startDate": campaign["endDate"]},
        {"campaignCode": "C000002002"},
    ):
        assert site.form("PUT", "/v1/campaigns/2001", campaign=change).status_code == 400
    assert site.form("PUT", "/v1/campaigns/2001", campaign={"campaignCode": "C000002001"}).status_code == 200
    assert site.form("PUT", "/v1/campaigns/999", campaign={}).status_code == 404


def test_deleting_takes_the_cells_along(site):
    cell = site.cells(2001)[0]["reference"]["id"]
    answer = site.delete("/v1/campaigns/2001")
    assert isinstance(answer.json(), str)
    assert site.get("/v1/campaigns/2001").status_code == 404
    assert site.get("/v1/targetcells", campaignid=2001).status_code == 404
    assert site.get("/v1/targetcells/runresults", cellid=cell).status_code == 404
    assert site.delete("/v1/campaigns/2001").status_code == 404


def test_deleting_several_is_all_or_nothing(site):
    assert site.form("POST", "/v1/campaigns/delete", campaignid=[2001, 999]).status_code == 404
    assert site.get("/v1/campaigns/2001").status_code == 200
    assert site.form("POST", "/v1/campaigns/delete", campaignid=[2001, 2002]).status_code == 200
    assert len(ids(site.get("/v1/campaigns"))) == 46
