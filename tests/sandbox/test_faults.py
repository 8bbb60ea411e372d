"""Ordered faults, rates and other trouble."""

from __future__ import annotations

import time

import httpx
import pytest


def fault(site, kind, **values):
    site.switch(faults=[{"method": "*", "path": "/v1/*", "kind": kind, **values}])


def test_status_replaces_the_work(site):
    fault(site, "status", status=502, headers={"Retry-After": "7"}, body="bad gateway")
    answer = site.form("POST", "/v1/offers/retire", offerids=[5001])
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (502, "bad gateway", "7")
    site.switch(faults=[])
    assert site.offer(5001)["retired"] is False


def test_skip_and_times_choose_the_requests(site):
    fault(site, "status", status=500, skip=1, times=2)
    assert [site.get("/v1/campaigns/code").status_code for _ in range(5)] == [200, 500, 500, 200, 200]


def test_method_and_path_are_patterns_after_the_mount(site):
    site.switch(faults=[{"method": "P*", "path": "/v1/offers/*", "kind": "status", "status": 503}])
    assert site.form("POST", "/v1/offers/getoffers").status_code == 503
    assert site.get("/v1/offers/gencode").status_code == 200
    assert site.form("POST", "/v1/campaigns/search").status_code == 200
    site.switch(faults=[{"path": "/unica/api/manager/authentication/login*", "kind": "status", "status": 500}])
    assert site.login().status_code == 500


def test_the_first_fault_that_hits_wins_and_later_ones_do_not_count(site):
    site.switch(
        faults=[
            {"kind": "status", "status": 501, "path": "/v1/*", "times": 1},
            {"kind": "status", "status": 502, "path": "/v1/*", "times": 1},
        ]
    )
    assert [site.get("/v1/campaigns/code").status_code for _ in range(3)] == [501, 502, 200]


def test_drop_before_closes_without_work(site):
    site.session()
    site.headers = site.session()
    fault(site, "drop_before", times=1)
    with pytest.raises(httpx.TransportError):
        site.form("POST", "/v1/offers/retire", offerids=[5001])
    assert site.log()[-1]["status"] is None
    assert site.offer(5001)["retired"] is False


def test_drop_after_closes_with_the_work_done(site):
    site.headers = site.session()
    fault(site, "drop_after", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        site.form("POST", "/v1/offers/retire", offerids=[5001])
    assert site.log()[-1]["status"] is None
    assert site.offer(5001)["retired"] is True


def test_a_drop_leaves_other_connections_alone(site):
    site.headers = site.session()
    fault(site, "drop_after", times=1)
    with httpx.Client(base_url=site.sandbox.url) as other:
        assert other.get("/sandbox/settings").status_code == 200
        with pytest.raises(httpx.TransportError):
            site.get("/v1/campaigns/code")
        assert other.get("/sandbox/settings").status_code == 200


def test_delay_does_the_work_and_answers_later(site):
    site.headers = site.session()
    fault(site, "delay", seconds=0.3, times=1)
    began = time.monotonic()
    assert site.form("POST", "/v1/offers/retire", offerids=[5001]).json() == [5001]
    assert time.monotonic() - began >= 0.3


def test_a_delayed_write_is_done_before_its_answer(site, aside):
    site.headers = site.session()
    fault(site, "delay", seconds=3600, operation="retireOffers")
    answer = aside(site.form, "POST", "/v1/offers/retire", offerids=[5001])
    while not site.offer(5001)["retired"]:
        assert not answer.done()
    site.sandbox.stop()
    with pytest.raises(httpx.TransportError):
        answer.result(120)


def test_html_and_empty_answers(site):
    fault(site, "html", status=503)
    answer = site.get("/v1/campaigns/code")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>HTTP Status 503" in answer.text
    fault(site, "empty", status=500)
    answer = site.get("/v1/campaigns/code")
    assert (answer.status_code, answer.content) == (500, b"")


def test_truncate_promises_more_than_it_sends(site):
    fault(site, "truncate")
    site.headers = site.session()
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        site.get("/v1/campaigns/2001")


def test_garbage_does_the_work_and_answers_no_json(site):
    fault(site, "garbage", times=1)
    answer = site.form("POST", "/v1/offers/retire", offerids=[5001])
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()
    assert site.offer(5001)["retired"] is True


def test_rates_are_drawn_the_same_way_every_time(site):
    def draw():
        site.headers = site.session()
        site.switch(rate_429=0.3, rate_503=0.3)
        statuses = [site.get("/v1/campaigns/code").status_code for _ in range(40)]
        site.switch(rate_429=0, rate_503=0)
        return statuses

    first, second = draw(), draw()
    assert first == second
    assert set(first) == {200, 429, 503}


def test_a_rate_of_one_hits_always_and_retry_after_is_said(site):
    site.headers = site.session()
    site.switch(rate_429=1, retry_after=2)
    answer = site.get("/v1/campaigns/code")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    site.switch(rate_429=0, rate_503=1, retry_after=None)
    answer = site.get("/v1/campaigns/code")
    assert answer.status_code == 503
    assert "retry-after" not in answer.headers


def test_latency_holds_every_answer(site):
    site.headers = site.session()
    site.switch(latency=0.2)
    began = time.monotonic()
    site.get("/v1/campaigns/code")
    assert time.monotonic() - began >= 0.2
