"""Starting, stopping and living together."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import threading

import httpx
import pytest

import sandbox
from sandbox import Sandbox, database


def test_start_returns_before_the_data_is_there_and_requests_wait(aside):
    ready = threading.Event()

    def load(connection):
        assert ready.wait(120)
        database.bank(1)(connection)

    with Sandbox(host="127.0.0.1", port=0, database=":memory:", scale=1, switches=None, load=load) as site:
        answer = aside(httpx.get, f"{site.url}/sandbox/settings", timeout=120)
        assert not answer.done()
        ready.set()
        assert answer.result(120).status_code == 200


def test_settings_point_a_client_at_it():
    with sandbox.start() as site:
        assert site.settings() == {
            "CAMPAIGN_MCP_UNICA__URL": site.url,
            "CAMPAIGN_MCP_UNICA__USERNAME": "service",
            "CAMPAIGN_MCP_UNICA__PASSWORD": "service-pass",
            "CAMPAIGN_MCP_UNICA__TIME_ZONE": "UTC",
            "CAMPAIGN_MCP_ACTITO__URL": f"{site.url}/actito",
            "CAMPAIGN_MCP_ACTITO__API_KEY": "sandbox-key",
            "CAMPAIGN_MCP_ACTITO__TIME_ZONE": "UTC",
            "CAMPAIGN_MCP_ENVIRONMENT": "sandbox",
        }
        assert httpx.get(f"{site.url}/sandbox/settings", timeout=120).json() == site.settings()


def test_two_sandboxes_share_nothing(start):
    one, other = start(), start()
    one.switch(latency=0.001)
    one.form("POST", "/v1/offers/retire", offerids=[5001])
    assert other.offer(5001)["retired"] is False
    assert other.http.get("/sandbox/switches").json()["latency"] == 0
    assert one.offer(5001)["retired"] is True


def test_after_stop_nobody_answers_and_stop_can_be_repeated():
    site = sandbox.start()
    httpx.get(f"{site.url}/sandbox/settings", timeout=120)
    site.stop()
    site.stop()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{site.url}/sandbox/settings", timeout=120)


def test_stopping_at_once_is_fine():
    sandbox.start().stop()


def test_stop_does_not_wait_for_requests_under_way(start, aside):
    site = start(switches={"latency": 3600, "authentication": False})
    answer = aside(site.send, "GET", "/v1/campaigns/2001", headers={})
    while not site.log():
        assert not answer.done()
    site.sandbox.stop()
    assert site.sandbox.wait(0)
    with pytest.raises(httpx.TransportError):
        answer.result(120)


def test_a_bad_switch_is_refused_at_once():
    with pytest.raises(ValueError, match="unknown switch 'colour'"):
        sandbox.start(switches={"colour": "red"})


def test_a_taken_port_is_an_error(start):
    port = start().sandbox.url.rsplit(":", 1)[1]
    with pytest.raises(OSError, match=r".+"):
        sandbox.start(port=int(port))


def test_what_keeps_it_from_coming_up_is_raised_to_who_waits(tmp_path):
    site = sandbox.start(database=str(tmp_path))
    with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
        site.wait(120)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{site.url}/sandbox/settings", timeout=120)


def test_importing_it_loads_neither_server_nor_contracts():
    code = "import sandbox, sys; print([m for m in ('starlette', 'uvicorn', 'yaml', 'asyncio') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert run.stdout.strip() == "[]"


def test_stop_closes_connections_that_are_kept_alive():
    site = sandbox.start()
    port = int(site.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(b"GET /sandbox/settings HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        site.stop()
        connection.settimeout(120)
        while connection.recv(65536):
            pass
