"""Requests in flight, calls in a minute, quotas of a day, faults and the bodies of errors."""

from __future__ import annotations

import time

import httpx
import pytest

ENTITIES = "/entities/v5/entities"


@pytest.fixture
def together(desk, at_once):
    """The answers of so many calls that are in flight together."""
    headers = desk.bearer()
    return lambda count: at_once(desk.site, count, "listEntities", lambda: desk.send("GET", ENTITIES, headers=headers))


def test_five_in_flight_pass_and_more_get_429(desk, together):
    assert {answer.status_code for answer in together(5)} == {200}
    assert [answer.status_code for answer in together(8)].count(429) == 3
    assert max(entry["in_flight"] for entry in desk.site.log()) == 8


def test_the_number_in_flight_is_a_switch_and_retry_after_is_said(desk, together):
    desk.site.switch(actito_in_flight=1, retry_after=3)
    refused = [answer for answer in together(3) if answer.status_code == 429]
    assert [answer.headers["retry-after"] for answer in refused] == ["3", "3"]


def test_above_two_in_flight_some_get_429_when_switched(desk, together):
    desk.site.switch(actito_busy=1)
    assert {answer.status_code for answer in together(2)} == {200}
    assert [answer.status_code for answer in together(4)].count(429) == 2


def test_a_refused_write_is_not_done(desk):
    desk.site.switch(actito_busy=1, actito_busy_above=0)
    assert desk.delete("/profiles/v4/entity/MeridianBank/table/Customers/profile/100001").status_code == 429
    desk.site.switch(actito_busy=0)
    assert desk.get("/profiles/v4/entity/MeridianBank/table/Customers/profile/100001").status_code == 200


def test_tokens_count_neither_as_calls_nor_as_in_flight(desk):
    desk.site.switch(actito_in_flight=0, actito_calls_per_minute=0, actito_slow_down=30)
    assert desk.exchange().status_code == 200


def test_calls_above_the_quota_of_a_minute_are_slow_and_not_refused(desk):
    headers = desk.bearer()
    desk.site.switch(actito_calls_per_minute=2, actito_slow_down=3600)
    for _ in range(2):
        assert desk.send("GET", ENTITIES, headers=headers).status_code == 200
    desk.site.switch(actito_slow_down=0.3)
    began = time.monotonic()
    assert desk.send("GET", ENTITIES, headers=headers).status_code == 200
    assert time.monotonic() - began >= 0.3


def test_etl_executions_of_a_day_are_counted(desk, parameters, refused):
    desk.site.switch(actito_etl_per_day=2)
    path = "/mass-imports/v5/entities/MeridianBank/etl-executions"
    assert [desk.upload(path, parameters=parameters()).status_code for _ in range(2)] == [201, 201]
    refused(desk.upload(path, parameters=parameters()), 429, "of the day")


def test_bulk_calls_of_a_table_are_counted(desk, parameters, zipped, table, refused):
    desk.site.switch(actito_bulk_per_day=1)
    files = {"inputFile": ("x.zip", zipped({"x.csv": table(("branchCode", "name"))})), "parameters": parameters()}
    path = "/mass-imports/v4/entity/MeridianBank/customTable/{}/import"
    assert desk.upload(path.format("Branches"), **files).status_code == 200
    refused(desk.upload(path.format("Branches"), **files), 429, "bulk calls")
    assert desk.upload(path.format("CardPayments"), **files).status_code == 200


@pytest.mark.parametrize(
    ("form", "check"),
    [
        ("json", lambda answer: answer.json()["errors"][0]["message"] == "Entity 'X' not found"),
        ("empty", lambda answer: answer.content == b""),
        ("html", lambda answer: answer.headers["content-type"].startswith("text/html") and b"<h1>" in answer.content),
    ],
)
def test_errors_have_the_body_that_is_asked_for(desk, form, check):
    desk.site.switch(actito_error_body=form)
    answer = desk.get("/profile-table-structure/v5/entities/X/profile-tables")
    assert answer.status_code == 404
    assert check(answer)


def test_bodies_of_v4_and_v5_differ(desk):
    old = desk.get("/profile-table-structure/v4/entity/X/table").json()
    assert old == {"code": 404, "message": "Entity 'X' not found"}


def test_mixed_bodies_take_turns(desk):
    desk.site.switch(actito_error_body="mixed")
    bodies = [desk.get("/profile-table-structure/v4/entity/X/table").content[:1] for _ in range(6)]
    assert bodies == [b"{", b"", b"<", b"{", b"", b"<"]


def test_faults_reach_actito_by_the_path_below_its_mount(desk):
    path = "/scenarios/v4/entity/MeridianBank/table/Customers/scenario/scn_welcome_2026/profile/100001"
    desk.token()
    desk.site.switch(faults=[{"method": "POST", "path": "/scenarios/*", "kind": "drop_after", "times": 1}])
    with pytest.raises(httpx.RemoteProtocolError):
        desk.post(path, [])
    assert len(desk.sent()) == 1
    desk.site.switch(faults=[{"path": "/scenarios/*", "kind": "status", "status": 503}])
    answer = desk.post(path, [])
    assert (answer.status_code, answer.json()["code"]) == (503, 503)
    assert len(desk.sent()) == 1


def test_the_shared_rates_hit_actito_too(desk):
    headers = desk.bearer()
    desk.site.switch(rate_429=1, retry_after=2)
    answer = desk.send("GET", ENTITIES, headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")


def test_unica_and_actito_do_not_count_each_other(desk, aside):
    desk.site.switch(actito_in_flight=1, faults=[{"kind": "hold_before", "operation": "getCampaign"}])
    held = aside(desk.site.get, "/v1/campaigns/2001")
    desk.site.sandbox.wait_held()
    assert desk.get(ENTITIES).status_code == 200
    assert desk.last()["in_flight"] == 1
    desk.site.sandbox.release()
    assert held.result(120).status_code == 200
