"""The control interface."""

from __future__ import annotations

import pytest


def test_it_needs_no_login_and_is_not_logged(site):
    assert site.http.get("/sandbox/switches").status_code == 200
    assert site.http.get("/sandbox/log").json() == {"entries": [], "last": 0}


def test_switches_come_back_as_they_were_set(site):
    site.switch(latency=0.001, item_failures=["A", 7], error_body="html")
    shown = site.http.get("/sandbox/switches").json()
    assert (shown["latency"], shown["item_failures"], shown["error_body"]) == (0.001, ["A", "7"], "html")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"colour": 1}, "unknown switch 'colour'"),
        ({"token_life": -1}, "seconds"),
        ({"strict": 1}, "true or false"),
        ({"rate_429": 1.5}, "from 0 to 1"),
        ({"blocked": ["actito"]}, "unica-campaign"),
        ({"date_form": "iso"}, "milliseconds"),
        ({"rename": {"noSuchRoute": {}}}, "noSuchRoute"),
        ({"rename": {"getCampaigns": {"fields": {"colour": {"name": "x"}}}}}, "colour"),
        ({"rename": {"getCampaign": {"path": "/v1/campaign/{id}"}}}, "same parameters"),
        ({"rename": {"getCampaigns": {"fields": {"code": {"place": "body"}}}}}, "place"),
        ({"header_names": {"cookie": "x"}}, "cookie"),
        ({"faults": [{"kind": "explode"}]}, "kind"),
        ({"faults": [{"kind": "status", "colour": 1}]}, "colour"),
        ({"faults": [{"kind": "status", "status": 99}]}, "status"),
        ([], "object"),
    ],
)
def test_a_bad_switch_is_400_and_changes_nothing(site, change, word):
    before = site.http.get("/sandbox/switches").json()
    answer = site.http.patch("/sandbox/switches", json=change)
    assert answer.status_code == 400
    assert word in answer.json()["message"]
    assert site.http.get("/sandbox/switches").json() == before


def test_one_bad_switch_spoils_the_whole_call(site):
    answer = site.http.patch("/sandbox/switches", json={"latency": 1, "colour": 1})
    assert answer.status_code == 400
    assert site.http.get("/sandbox/switches").json()["latency"] == 0


def test_what_is_no_json_is_400(site):
    assert site.http.patch("/sandbox/switches", content=b"{").status_code == 400
    assert site.http.get("/sandbox/log", params={"since": "x"}).status_code == 400
    assert site.http.get("/sandbox/log", params={"colour": "x"}).status_code == 400


def test_unknown_addresses_and_verbs(site):
    assert site.http.get("/sandbox/colours").status_code == 404
    assert site.http.put("/sandbox/log").status_code == 405
    assert site.http.delete("/sandbox/sent").status_code == 405


def test_reset_puts_everything_back(start):
    site = start(switches={"token_life": 600, "date_form": "text"})
    before = site.get("/v1/campaigns").content
    code = site.get("/v1/campaigns/code").json()
    site.form("POST", "/v1/campaigns", campaign={"name": "New"})
    site.form("POST", "/v1/offers/retire", offerids=[5001])
    site.form("POST", "/v1/attributes/create/offer", metadata={"name": "colour"})
    site.delete("/v1/campaigns/2001")
    old = site.headers
    site.switch(date_form="bean", latency=0.001)
    assert site.http.post("/sandbox/reset").status_code == 200
    assert site.http.get("/sandbox/log").json()["entries"] == []
    assert site.http.get("/sandbox/switches").json()["date_form"] == "text"
    assert site.send("GET", "/v1/campaigns", headers=old).status_code == 401
    site.headers = None
    assert site.get("/v1/campaigns").content == before
    assert site.get("/v1/campaigns/code").json() == code
    assert site.get("/v1/attributes", name="colour").status_code == 404
    assert site.offer(5001)["retired"] is False
