"""The bodies of errors and the forms of dates."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("form", "content_type", "text"),
    [
        ("json", "application/json", '{"errorCode":"NOT_FOUND","message":"Campaign 999 not found"}'),
        ("text", "text/plain", "Campaign 999 not found"),
        ("html", "text/html", None),
        ("empty", None, ""),
    ],
)
def test_error_bodies(site, form, content_type, text):
    site.switch(error_body=form)
    answer = site.get("/v1/campaigns/999")
    assert answer.status_code == 404
    assert answer.headers.get("content-type", "").split(";")[0] == (content_type or "")
    assert answer.text == text or (form == "html" and "Campaign 999 not found" in answer.text)


def test_html_bodies_escape_what_they_repeat(site):
    site.switch(error_body="html")
    assert "<script>" not in site.get("/v1/attributes", name="<script>").text


def test_dates_as_milliseconds_text_and_bean(site):
    as_number = site.get("/v1/campaigns/2001").json()["startDate"]
    assert as_number == 1_740_787_200_000
    site.switch(date_form="text")
    assert site.get("/v1/campaigns/2001").json()["startDate"] == "Sat Mar 01 00:00:00 UTC 2025"
    site.switch(date_form="bean")
    bean = site.get("/v1/campaigns/2001").json()["startDate"]
    assert bean["timeInMillis"] == bean["time"] == as_number
    assert bean["firstDayOfWeek"] == 1


def test_the_date_form_reaches_attributes_runs_and_leaves_nulls(site):
    site.switch(date_form="text")
    attributes = {attribute["name"]: attribute for attribute in site.offer(5001)["attributes"]}
    assert attributes["expiry_date"]["valueAsObject"].endswith("UTC 2026")
    assert attributes["expiry_date"]["valuesAsObjects"] == [attributes["expiry_date"]["valueAsObject"]]
    assert site.get("/v1/targetcells/runresults", cellid=8001).json()[0]["startDate"].endswith("UTC 2025")
    never_ran = [campaign for campaign in site.get("/v1/campaigns").json() if campaign["lastRunDate"] is None]
    assert never_ran


@pytest.mark.parametrize(
    ("form", "begin", "expiry"),
    [
        ("day", "2025-02-20", "2026-06-12"),
        ("local", "2025-02-20T11:20:00", "2026-06-12T12:00:00"),
        ("slashes", "20/02/2025 11:20", "12/06/2026 12:00"),
        ("seconds", 1_740_003_600, 1_781_222_400),
        ("offset", "2025-02-20T00:20:00+02:00", "2026-06-12T02:00:00+02:00"),
    ],
)
def test_dates_in_forms_that_are_not_documented(site, form, begin, expiry):
    site.switch(date_form=form, time_zone="Pacific/Auckland")
    made = site.form("POST", "/v1/campaigns", campaign={"name": "Dated", "startDate": 1_740_003_600_000}).json()
    assert made["startDate"] == begin
    assert made["endDate"] is None
    offer = site.new_offer("Dated", expiry_date=1_781_222_400_000)
    values = {a["name"]: a["valueAsObject"] for a in site.offer(offer)["attributes"]}
    assert values["expiry_date"] == expiry
    site.switch(date_form="milliseconds")
    assert site.get(f"/v1/campaigns/{made['id']}").json()["startDate"] == 1_740_003_600_000


def test_writes_without_a_zone_are_those_of_the_zone(site):
    site.switch(time_zone="Pacific/Auckland", date_form="slashes")
    for start in ("2025-02-20T11:20:00", "20/02/2025 11:20", "2025-02-19T22:20:00Z", 1_740_003_600_000):
        made = site.form("POST", "/v1/campaigns", campaign={"name": "Dated", "startDate": start})
        assert made.json()["startDate"] == "20/02/2025 11:20"
    offer = site.new_offer("Dated", expiry_date="2031-06-12")
    found = [item["reference"]["id"] for item in site.offers("expiry_date = '2031-06-12'")]
    assert found == [offer]
    assert site.offers("expiry_date = '2031-06-12T00:00:00Z'") == []
    attributes = [{"name": "uacStartDate", "valueAsObject": "2025-02-20T11:20:00"}]
    assert len(site.form("POST", "/v1/campaigns/search", attributes=attributes).json()) == 4
    site.switch(date_form="milliseconds")
    refused = site.form("POST", "/v1/campaigns", campaign={"name": "Dated", "startDate": "20/02/2025 11:20"})
    assert refused.status_code == 400


EDGES = [253_402_214_400_000, 253_402_300_799_999, -62_135_596_800_000, -1, -86_400_000]
"""31 December 9999 at its begin and its end, 1 January of the year 1, and moments before 1970."""


@pytest.mark.parametrize("moment", EDGES)
def test_the_ends_of_the_calendar_come_back_as_they_were_given(site, moment):
    key = "endDate" if moment > 0 else "startDate"
    made = site.form("POST", "/v1/campaigns", campaign={"name": "Always on", key: moment}).json()
    assert made[key] == moment
    changed = site.form("PUT", f"/v1/campaigns/{made['id']}", campaign={key: moment, "description": "x"})
    assert changed.json()[key] == moment
    assert site.get(f"/v1/campaigns/{made['id']}").json()[key] == moment
    assert moment in [campaign[key] for campaign in site.get("/v1/campaigns").json()]
    offer = site.new_offer("Always on", expiry_date=moment)
    values = {a["name"]: a["valueAsObject"] for a in site.offer(offer)["attributes"]}
    assert values["expiry_date"] == moment
    assert [found["reference"]["id"] for found in site.offers(f"expiry_date = {moment}")] == [offer]
    for form in ("text", "bean", "day", "local", "slashes", "seconds", "offset"):
        for zone in ("UTC", "Pacific/Auckland", "America/Los_Angeles"):
            site.switch(date_form=form, time_zone=zone)
            read = site.get(f"/v1/campaigns/{made['id']}")
            assert (read.status_code, read.json()[key] is None) == (200, False)
