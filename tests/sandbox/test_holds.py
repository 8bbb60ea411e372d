"""Requests that are held before or after their work, until they are let go or their connection is gone."""

from __future__ import annotations

import asyncio
import socket

import anyio
import httpx
import pytest

from sandbox.holds import Holds
from sandbox.request_log import RequestLog

RETIRE = "/v1/offers/retire"


def hold(site, when, **values):
    """Log in, so that the session is there, then order the fault."""
    site.headers = site.session()
    site.switch(faults=[{"kind": f"hold_{when}", "operation": "retireOffers", **values}])


def retire(site, offer_id):
    return site.form("POST", RETIRE, offerids=[offer_id])


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True)])
def test_a_held_request_waits_on_its_side_of_the_work(site, aside, when, done):
    hold(site, when, times=1)
    answer = aside(retire, site, 5001)
    (held,) = site.sandbox.wait_held()
    assert site.offer(5001)["retired"] is done
    assert not answer.done()
    assert held == {
        "seq": held["seq"],
        "when": when,
        "method": "POST",
        "path": f"/Campaign/api/campaign/rest{RETIRE}",
        "operation": "retireOffers",
    }
    assert next(entry["status"] for entry in site.log() if entry["seq"] == held["seq"]) is None
    assert site.sandbox.release() == [held["seq"]]
    assert answer.result(120).json() == [5001]
    assert site.offer(5001)["retired"] is True
    assert site.http.get("/sandbox/held").json() == {"held": []}


def test_the_nth_request_is_held_and_no_other(site, aside):
    hold(site, "before", skip=1, times=1)
    assert retire(site, 5001).status_code == 200
    assert site.offer(5001)["retired"] is True
    answer = aside(retire, site, 5002)
    site.sandbox.wait_held()
    assert retire(site, 5003).status_code == 200
    assert site.offer(5002)["retired"] is False
    site.sandbox.release()
    assert answer.result(120).status_code == 200


def test_several_are_let_go_one_by_one(site, aside):
    hold(site, "after")
    answers = {}
    for count, offer_id in enumerate((5001, 5002, 5003), start=1):
        answers[offer_id] = aside(retire, site, offer_id)
        held = site.sandbox.wait_held(count)
    second = held[1]["seq"]
    assert site.sandbox.release(second) == [second]
    assert answers[5002].result(120).json() == [5002]
    assert not answers[5001].done() and not answers[5003].done()
    with pytest.raises(ValueError, match=f"request {second} is not held"):
        site.sandbox.release(second)
    assert site.sandbox.release() == [held[0]["seq"], held[2]["seq"]]
    assert answers[5001].result(120).json() == [5001]


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True)])
def test_a_held_request_ends_with_its_connection(site, when, done):
    hold(site, when, times=1)
    host, port = site.sandbox.url.removeprefix("http://").split(":")
    fields = "".join(f"{name}: {text}\r\n" for name, text in site.headers.items())
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            f"POST /Campaign/api/campaign/rest{RETIRE} HTTP/1.1\r\nHost: x\r\n{fields}"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 13\r\n\r\nofferids=5001".encode()
        )
        (held,) = site.sandbox.wait_held()
    site.sandbox.wait_gone(held["seq"])
    assert site.offer(5001)["retired"] is done
    assert next(entry["status"] for entry in site.log() if entry["seq"] == held["seq"]) is None


def test_waiting_ends_when_nothing_is_held(site):
    with pytest.raises(TimeoutError, match="0 of 2 requests are held after 0 s"):
        site.sandbox.wait_held(2, seconds=0)
    site.sandbox.wait_gone(7)


def test_waiting_for_the_end_of_what_is_held_ends_too(site, aside):
    hold(site, "before", times=1)
    answer = aside(retire, site, 5001)
    seq = site.sandbox.wait_held()[0]["seq"]
    with pytest.raises(TimeoutError, match=f"request {seq} is still held after 0 s"):
        site.sandbox.wait_gone(seq, seconds=0)
    site.sandbox.release()
    site.sandbox.wait_gone(seq)
    assert answer.result(120).status_code == 200


@pytest.mark.anyio
async def test_who_waits_for_the_end_is_told_of_it():
    holds = Holds()
    entry = RequestLog().begin("unica-campaign", at=0, method="GET", path="/", query="", account=None, body_digest="")
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(holds.hold, entry, "before", never)
            assert await holds.wait(lambda held: 1 in held, 600)
            tasks.start_soon(holds.wait, lambda held: 1 not in held, 600)
            await anyio.lowlevel.checkpoint()
            assert holds.release(1) == [1]


def test_it_can_be_driven_over_http_by_another_process(site, aside):
    hold(site, "before", times=1)
    waiting = aside(httpx.get, f"{site.sandbox.url}/sandbox/held", params={"count": 1, "seconds": 60}, timeout=120)
    answer = aside(retire, site, 5001)
    (held,) = waiting.result(120).json()["held"]
    assert site.http.post("/sandbox/release", params={"seq": held["seq"]}).json() == {"released": [held["seq"]]}
    assert answer.result(120).status_code == 200
    assert site.http.post("/sandbox/release").json() == {"released": []}
    assert site.http.get("/sandbox/held", params={"count": 1}).status_code == 408
    for path, query in (("held", {"count": "x"}), ("held", {"colour": 1}), ("release", {"seq": -1})):
        method = "POST" if path == "release" else "GET"
        assert site.http.request(method, f"/sandbox/{path}", params=query).status_code == 400
    assert site.http.put("/sandbox/held").status_code == 405
