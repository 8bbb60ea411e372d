"""What the log says about requests."""

from __future__ import annotations

import hashlib


def test_an_entry_tells_what_came_and_what_became_of_it(site):
    site.login()
    site.form("POST", "/v1/offers/getoffers", offerids=[5001])
    entry = site.log()[-1]
    digest = hashlib.sha256(b"offerids=5001").hexdigest()
    assert entry.pop("at") > 1_700_000_000_000
    assert entry == {
        "seq": 3,
        "method": "POST",
        "path": "/Campaign/api/campaign/rest/v1/offers/getoffers",
        "query": "",
        "status": 200,
        "account": "service",
        "operation": "getOffers",
        "body_digest": digest,
        "refusal": None,
        "system": "unica-campaign",
        "path_template": "/v1/offers/getoffers",
        "in_flight": 1,
    }


def test_login_is_logged_for_platform(site):
    site.login("analyst", "wrong")
    (entry,) = site.log()
    assert (entry["system"], entry["operation"], entry["account"], entry["status"]) == (
        "unica-platform",
        "login",
        "analyst",
        401,
    )
    assert entry["path_template"] == "/unica/api/manager/authentication/login/"


def test_path_and_query_stay_undecoded_and_templates_have_names(site):
    site.send("GET", "/v1/attributes/OFF%45R/5001?name=chan%6Eel")
    entry = site.log()[-1]
    assert entry["path"].endswith("/v1/attributes/OFF%45R/5001")
    assert entry["query"] == "name=chan%6Eel"
    assert entry["path_template"] == "/v1/attributes/{type}/{id}"
    assert entry["status"] == 200


def test_since_and_deletion_keep_the_numbers_going(site):
    site.login()
    site.login()
    assert [entry["seq"] for entry in site.log(since=1)] == [2]
    assert site.http.delete("/sandbox/log").json() == {"entries": [], "last": 2}
    assert site.log() == []
    site.login()
    assert [entry["seq"] for entry in site.log()] == [3]


def test_in_flight_counts_the_requests_of_a_system_under_way(site, at_once):
    headers = site.session()
    at_once(site, 4, "generateCampaignCode", lambda: site.send("GET", "/v1/campaigns/code", headers=headers))
    assert sorted(entry["in_flight"] for entry in site.log() if entry["system"] == "unica-campaign") == [1, 2, 3, 4]
    site.send("GET", "/v1/campaigns/code", headers=headers)
    assert site.log()[-1]["in_flight"] == 1
