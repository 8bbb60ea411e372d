"""What one server holds open over HTTP, what gives way when it is too much, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx
import pytest
from sse_starlette.sse import AppStatus

from mcp_server.http.sockets import listen

pytestmark = pytest.mark.anyio

Serve = Callable[..., AbstractAsyncContextManager[Any]]
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
LISTEN = (
    b'{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resourcesListChanged":true},'
    b'"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
)
MODERN = {"mcp-protocol-version": "2026-07-28", "mcp-method": "subscriptions/listen"}


def port_of(http: Any) -> int:
    return urlsplit(http.server.url).port or 0


def connections(http: Any) -> list[Any]:
    return list(http.server._server.server_state.connections)


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
async def test_answers_leave_without_waiting_for_more(served: Serve, family: socket.AddressFamily) -> None:
    async with served() as http:
        if family == socket.AF_INET6 and len(http.server._sockets) == 1:
            pytest.skip("this machine has no IPv6")
        address = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        async with await anyio.connect_tcp(address, port_of(http)) as stream:
            await stream.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await stream.receive()
            (accepted,) = [each.transport.get_extra_info("socket") for each in connections(http)]
            assert accepted.family == family
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_another_listens_at_is_not_taken() -> None:
    first = listen(0)
    try:
        port = first[0].getsockname()[1]
        assert {each.getsockname()[1] for each in first} == {port}
        with pytest.raises(OSError, match="in use"):
            listen(port)
    finally:
        for each in first:
            each.close()
    for each in listen(port):
        each.close()


async def alive(client: Any) -> bool:
    status = (await client.ask("ping")).status_code
    assert status in (200, 404)
    return bool(status == 200)


async def test_a_new_session_takes_the_place_of_the_one_idle_for_longest(served: Serve) -> None:
    async with served(HTTP__MAX_SESSIONS="2") as http:
        first, second, third = (http.other() for _ in range(3))
        for client in (first, second):
            assert (await client.open()).status_code == 200
        assert await alive(first)
        assert (await third.open()).status_code == 200
        assert [await alive(client) for client in (first, second, third)] == [True, False, True]


async def test_many_sessions_at_once_stay_within_the_bound(served: Serve) -> None:
    """Those that are being opened are not ended for others: whoever comes too soon is told to come again."""
    answers: list[httpx.Response] = []

    async def open_one(client: Any) -> None:
        answers.append(await client.open())

    async with served(HTTP__MAX_SESSIONS="3") as http:
        clients = [http.other() for _ in range(12)]
        async with anyio.create_task_group() as tasks:
            for client in clients:
                tasks.start_soon(open_one, client)
        assert {answer.status_code for answer in answers} <= {200, 503}
        assert all("serverInfo" in answer.text for answer in answers if answer.status_code == 200)
        assert len(http.application.mcp.session_manager._server_instances) <= 3
        assert (await http.open()).status_code == 200 and await alive(http)


async def test_a_session_that_listens_outlasts_those_that_do_not(served: Serve) -> None:
    async with served(HTTP__MAX_SESSIONS="2") as http:
        first, second, third, fourth = (http.other() for _ in range(4))
        await first.open()
        async with first.listening() as stream:
            await second.open()
            assert (await third.open()).status_code == 200
            assert not await alive(second)
            async with third.listening():
                assert (await fourth.open()).status_code == 200, "one that only listens is idle"
                assert await stream.aread() == b"", "its stream ends in order"
                assert not await alive(first) and await alive(third)


@pytest.mark.parametrize("how", ["waits", "has left"])
async def test_a_session_with_a_call_under_way_stays(served: Serve, waiting: Any, how: str) -> None:
    """Whoever called may have gone: the call goes on all the same."""
    call, caller = waiting("one"), anyio.CancelScope()

    async def ask(client: Any) -> None:
        with caller:
            assert '"total":0' in (await client.wait("one")).text

    async with served(HTTP__MAX_SESSIONS="1") as http:
        busy, other = http.other(), http.other()
        await busy.open()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, busy)
            await call.begun.wait()
            if how == "has left":
                caller.cancel()
                while http.application.mcp.requests.sessions(listening=False):
                    await anyio.lowlevel.checkpoint()
            refused = await other.open()
            assert refused.status_code == 503 and refused.headers["retry-after"]
            assert "All 1 sessions" in refused.json()["error"]["message"]
            call.go_on.set()
        await http.application.mcp.calls.ended()
        assert not call.cancelled
        assert (await other.open()).status_code == 200


async def test_connections_that_say_nothing_give_way(served: Serve) -> None:
    async with served(HTTP__MAX_CONNECTIONS="3", HTTP__REQUEST_SECONDS="600") as http:
        await http.open()
        silent = [await anyio.connect_tcp("127.0.0.1", port_of(http)) for _ in range(9)]
        for stream in silent[:6]:
            await ended(stream)
        assert await alive(http), "the one that asks is served"
        assert len(connections(http)) <= 3
        for stream in silent:
            await stream.aclose()


async def test_a_connection_has_so_long_to_say_what_it_wants(served: Serve) -> None:
    async with served(HTTP__REQUEST_SECONDS="0.2") as http:
        for said in (b"", b"POST /mcp HTTP/1.1\r\nHost: local"):
            stream = await anyio.connect_tcp("127.0.0.1", port_of(http))
            if said:
                await stream.send(said)
            await ended(stream)
        stream = await anyio.connect_tcp("127.0.0.1", port_of(http))
        await stream.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 404 " in await stream.receive()
        await stream.send(b"G")
        await ended(stream)


async def ended(stream: anyio.abc.ByteStream) -> None:
    with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
        await stream.receive()
    await stream.aclose()


async def test_a_call_may_take_as_long_as_it_likes(served: Serve, waiting: Any) -> None:
    call, answers = waiting("one"), []

    async def ask(client: Any) -> None:
        answers.append(await client.wait("one"))

    async with served() as http:
        await http.open()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, http)
            await call.begun.wait()
            assert [each._timer for each in connections(http) if each.busy] == [None], "no clock runs"
            call.go_on.set()
    assert '"total":0' in answers[0].text


@pytest.mark.parametrize("how", ["stop", "signal"])
async def test_the_end_waits_for_calls_and_ends_streams_in_order(
    served: Serve, waiting: Any, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    call, answers = waiting("one"), []

    async def ask(client: Any) -> None:
        answers.append(await client.wait("one"))

    async with served() as http, anyio.create_task_group() as tasks:
        await http.open()
        tasks.start_soon(ask, http)
        await call.begun.wait()
        modern = http.client.stream("POST", http.server.url, content=LISTEN, headers={**HEADERS, **MODERN})
        async with http.listening() as old, modern as new:
            first = new.aiter_bytes()
            assert b"acknowledged" in await anext(first)
            http.server.stop() if how == "stop" else signal.raise_signal(signal.SIGTERM)
            with pytest.raises(OSError):
                while True:
                    await (await anyio.connect_tcp("127.0.0.1", port_of(http))).aclose()
            assert not answers, "what is under way is waited for"
            assert not AppStatus.should_exit, "by this the library of event streams would end those of calls as well"
            call.go_on.set()
            assert await old.aread() == b""
            assert b"".join([part async for part in first]) == b""
    assert not call.cancelled and '"total":0' in answers[0].text
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")], caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals for a process of its own group")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly_though_a_client_listens(world: Any, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "mcp_server", "serve", "--http", "--port", "0"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, env={**os.environ, **world.environ}, encoding="utf-8"
    ) as process:
        try:
            assert process.stderr is not None
            url = process.stderr.readline().strip()
            with httpx.Client(trust_env=False, timeout=60, headers=HEADERS) as client:
                opened = client.post(url, json={"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO})
                session = {"mcp-session-id": opened.headers["mcp-session-id"]}
                with client.stream("GET", url, headers=session) as stream:
                    assert stream.status_code == 200
                    process.send_signal(number)
                    assert stream.read() == b""
            assert process.wait(60) == -number
            assert process.stderr.read() == ""
        finally:
            process.kill()
