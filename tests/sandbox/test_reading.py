"""Strict and lenient reading of requests."""

from __future__ import annotations

import json

import pytest

FORM = "application/x-www-form-urlencoded"


def refused(site, answer, word, status=400):
    assert answer.status_code == status, answer.text
    assert word in answer.text
    assert word in (site.log()[-1]["refusal"] or "")


@pytest.mark.parametrize(
    ("method", "path", "options", "word"),
    [
        ("GET", "/v1/campaigns?colour=red", {}, "unknown query field 'colour'"),
        ("GET", "/v1/campaigns?folderid=12", {}, "unknown query field 'folderid'"),
        ("GET", "/v1/campaigns?folderId=", {}, "'folderId' must be a whole number"),
        ("GET", "/v1/campaigns?folderId=12&folderId=13", {}, "given 2 times"),
        ("GET", "/v1/campaigns?folderId=99999999999999999999", {}, "64 bits"),
        ("GET", "/v1/campaigns?code=%FF", {}, "not UTF-8"),
        ("GET", "/v1/campaigns?sort=+name", {}, "has to be encoded as %2B"),
        ("GET", "/v1/campaigns?sort=name", {}, "'sort' needs"),
        ("GET", "/v1/campaigns/metrics", {}, "'campaignid' is missing"),
        ("GET", "/v1/campaigns/2001x", {}, "'campaignid' must be a whole number"),
        ("GET", "/v2/offers/search?maxSize=0", {}, "less than 1"),
        ("GET", "/v2/offers/search?includeSubFolder=TRUE", {}, "true or false"),
        (
            "GET",
            "/v1/campaigns/2001",
            {"content": b"{}", "headers": {"content-type": "application/json"}},
            "a body where",
        ),
        ("POST", "/v1/offers/delete", {"data": {"offerIds": "5001"}}, "unknown form field 'offerIds'"),
        ("POST", "/v1/offers/delete", {"data": {"offerids": "5001,5002"}}, "must be a whole number"),
        ("POST", "/v1/offers/delete", {}, "'offerids' is missing"),
        ("POST", "/v1/offers/delete?offerids=5001", {"data": {"offerids": "5001"}}, "belongs into the form"),
        ("POST", "/v1/offers/delete", {"json": [5001]}, "content type must be " + FORM),
        ("POST", "/v1/offers/delete", {"files": {"offerids": (None, "5001")}}, "content type must be " + FORM),
        ("POST", "/v2/offers/delete", {"data": {"offerIds": "[1]"}}, "content type must be application/json"),
        ("POST", "/v2/offers/delete", {"json": {"offerIds": [1]}}, "body: must be array, not object"),
        ("POST", "/v2/offers/delete", {"json": ["5001"]}, "body[0]: must be integer, not string"),
        ("POST", "/v2/offers/delete", {}, "the body is missing"),
        ("POST", "/v2/offers?templateName=x&offerName=y", {"json": []}, "unknown query field 'offerName'"),
        ("POST", "/v1/campaigns", {"json": {"name": "x", "folderID": 12}}, "unknown key 'folderID'"),
        ("POST", "/v1/campaigns", {"data": {"campaign": "{"}}, "campaign is not valid JSON"),
        ("POST", "/v1/campaigns", {"data": {"campaign": '{"name": 5}'}}, "campaign.name: must be string"),
        ("POST", "/v1/campaigns", {"data": {"campaign": '{"folderId": 1e999}'}}, "too large"),
        ("POST", "/v1/campaigns", {"data": {"campaign": '{"folderId": 99999999999999999999}'}}, "64 bits"),
        ("POST", "/v1/campaigns", {"data": {"campaign": '{"name": "\\ud800"}'}}, "surrogate"),
        ("POST", "/v1/campaigns", {"data": {"campaign": "[" * 200 + "]" * 200}}, "nested deeper"),
        ("POST", "/v1/campaigns", {"data": {"campaign": '{"startDate": NaN}'}}, "NaN is not JSON"),
        (
            "POST",
            "/v1/campaigns",
            {"data": {"campaign": '{"attributes": [{"nme": "x"}]}'}},
            "campaign.attributes[0]",
        ),
        (
            "POST",
            "/v1/targetcells",
            {"data": {"campaignid": 2001, "targetcell": '{"name": "x", "controlCellReference": {"id": 1}}'}},
            "'componentTypeEnum' is missing",
        ),
        (
            "POST",
            "/v1/campaigns",
            {"content": b"campaign=%7B%7D", "headers": {"content-type": FORM + "; charset=latin-1"}},
            "charset 'latin-1'",
        ),
    ],
)
def test_strict_mode_refuses_and_logs(site, method, path, options, word):
    options = {**options, "headers": {**site.session(), **options.get("headers", {})}}
    refused(site, site.send(method, path, **options), word)


def test_a_refused_write_changes_nothing(site):
    site.form("POST", "/v1/offers/retire", offerids=[5001, "x"])
    assert site.offer(5001)["retired"] is False


def test_the_refusal_is_logged_even_when_the_filter_answers(site):
    assert site.send("GET", "/v1/campaigns?colour=red", headers={}).status_code == 401
    assert "colour" in site.log()[-1]["refusal"]


def test_what_the_data_refuses_is_no_breach_of_the_contract(site):
    assert site.get("/v1/campaigns/999999").status_code == 404
    assert site.form("POST", "/v1/campaigns", campaign={"name": " "}).status_code == 400
    assert [entry["refusal"] for entry in site.log()] == [None] * 3


def test_repeated_names_and_encoded_pluses_are_taken(site):
    assert set(site.send("GET", "/v1/attributes?name=channel&name=budget").json()) == {"channel", "budget"}
    assert site.send("GET", "/v1/campaigns?sort=%2Bname").status_code == 200


def test_all_three_date_forms_are_taken(site):
    bean = {"firstDayOfWeek": 1, "timeInMillis": 1_743_465_600_000, "someOtherField": 5}
    for date in (1_743_465_600_000, "2025-04-01", "Tue Apr 01 00:00:00 UTC 2025", bean):
        answer = site.form("POST", "/v1/campaigns", campaign={"name": "Dated", "startDate": date})
        assert answer.status_code == 200, answer.text
        assert answer.json()["startDate"] == 1_743_465_600_000


def test_lenient_mode_ignores_unknown_names_and_logs_no_refusal(site):
    site.switch(strict=False)
    assert site.get("/v1/campaigns", colour="red").status_code == 200
    answer = site.form("POST", "/v1/campaigns", campaign={"name": "x", "colour": "red"})
    assert answer.status_code == 200
    assert site.get("/v1/campaigns", folderId="x").status_code == 400
    assert {entry["refusal"] for entry in site.log()} == {None}


def test_lenient_mode_takes_lowercase_addresses_and_names(site):
    site.switch(strict=False)
    headers = site.session()
    assert site.http.get("/campaign/api/campaign/rest/v1/campaigns/2001", headers=headers).status_code == 200
    smart = json.dumps({"query": "retired = FALSE"})
    answer = site.form("POST", "/v1/offerlist/createsmartoffer", name="Lower", smartofferlistinfojson=smart)
    assert answer.status_code == 200
    assert len(site.get("/v1/campaigns", folderid=13).json()) == len(site.get("/v1/campaigns", folderId=13).json()) > 0
    answer = site.form("POST", "/v1/campaigns", campaign={"NAME": "Shouted", "campaigncode": "LOW1"})
    assert answer.json()["campaignCode"] == "LOW1"


def test_lenient_mode_takes_comma_separated_ids_and_a_bare_plus(site):
    site.switch(strict=False)
    answer = site.form("POST", "/v1/offers/getoffers", offerids="5001,5002")
    assert [offer["reference"]["id"] for offer in answer.json()] == [5001, 5002]
    names = [campaign["name"] for campaign in site.send("GET", "/v1/campaigns?sort=+name").json()]
    assert names == sorted(names)


def test_unknown_names_in_strict_json_reach_into_references_and_definitions(site):
    metadata = {"name": "colour", "maxLength": 5}
    refused(site, site.form("POST", "/v1/attributes/create/offer", metadata=metadata), "unknown key 'maxLength'")
