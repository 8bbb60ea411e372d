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
