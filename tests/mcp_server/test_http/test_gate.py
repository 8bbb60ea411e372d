"""What comes in over HTTP: whole, readable, not too long; and a session first, where there are sessions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from mcp.shared.exceptions import MCPError

pytestmark = pytest.mark.anyio

Serve = Callable[..., AbstractAsyncContextManager[Any]]
CALL = b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"offers_find","arguments":{"search":%s}}}'
PING = b'{"jsonrpc":"2.0","id":8,"method":"ping"}'
MODERN = {"mcp-protocol-version": "2026-07-28"}


@pytest.mark.parametrize("era", ["2025-11-25", "2026-07-28"])
async def test_what_can_t_be_read_is_refused_with_its_id_and_the_server_goes_on(served: Serve, era: str) -> None:
    async with served() as http:
        await http.open()
        headers = MODERN if era == "2026-07-28" else {}
        for value in (b'"\\ud800"', b"[" * 300 + b"]" * 300, b"9" * 5000, b'"\xff"', b"undefined"):
            answer = await http.post(CALL % value, **headers)
            assert answer.status_code == 400, value
            assert answer.json()["id"] == 7 and answer.json()["error"]["code"] == -32700, value
        for content in (b"", b"[]", b"5", b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}'):
            answer = await http.post(content, **headers)
            assert answer.status_code == 400 and answer.json()["id"] is None, content
        batch = await http.post(b"[" + PING + b"," + CALL % b"1" + b"]", **headers)
        assert [error["id"] for error in batch.json()] == [8, 7]
        assert (await http.post(PING)).status_code == 200


@pytest.mark.parametrize("value", [b"NaN", b"-Infinity", b"1e999", b"9" * 400])
async def test_a_number_that_no_system_takes_is_an_answer_of_the_tool(served: Serve, value: bytes) -> None:
    async with served() as http:
        await http.open()
        answer = await http.post(CALL % value)
    assert answer.status_code == 200 and '"isError":true' in answer.text and "`search` holds" in answer.text


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_message_that_is_too_long_is_refused(served: Serve, chunked: bool) -> None:
    content = CALL % (b'"' + b"a" * 3 * 2**20 + b'"')

    async def parts() -> Any:
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]

    async with served(MESSAGE_MAX_MB="1") as http:
        await http.open()
        answer = await http.post(parts() if chunked else content)
        assert answer.status_code == 413
        assert answer.json()["id"] == 7 and "longer than 1 MiB" in answer.json()["error"]["message"]
        assert (await http.post(CALL % (b'"' + b"a" * 900_000 + b'"'))).status_code == 200


async def test_a_request_that_does_not_become_whole_ends(served: Serve) -> None:
    async with served(HTTP__REQUEST_SECONDS="0.2") as http:
        stream = await anyio.connect_tcp("127.0.0.1", urlsplit(http.server.url).port or 0)
        async with stream:
            await stream.send(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            assert (await stream.receive()).split()[1] == b"408"


async def test_a_session_is_opened_first(served: Serve) -> None:
    async with served() as http:
        for answer in (await http.post(PING), await http.ask("tools/list", request_id=8)):
            assert answer.status_code == 400
            assert answer.json()["id"] == 8 and "initialize" in answer.json()["error"]["message"]
        for method in ("GET", "DELETE"):
            assert (await http.client.request(method, http.server.url)).status_code == 400
        assert (await http.client.request("PUT", http.server.url)).status_code == 405
        assert (await http.client.get(http.server.url.replace("/mcp", "/.well-known/x"))).status_code == 404
        assert not http.application.mcp.session_manager._server_instances
        http.session = {"mcp-session-id": "unknown"}
        assert (await http.post(PING)).status_code == 404


async def test_without_sessions_none_is_asked_for(world: Any) -> None:
    async with world.connected(transport="http", era="2025-11-25", stateless=True) as client:
        assert (await client.list_tools()).tools


@pytest.mark.parametrize("era", ["2025-11-25", "2026-07-28"])
@pytest.mark.parametrize("transport", ["http", "stdio"])
async def test_a_client_hears_of_it_and_goes_on(world: Any, transport: str, era: str) -> None:
    deep: Any = "x"
    for _ in range(250):
        deep = [deep]
    async with world.connected(transport=transport, era=era) as client:
        with anyio.fail_after(60), pytest.raises(MCPError, match="nested too deep"):
            await client.call_tool("offers_find", {"search": deep})
        answer = await client.call_tool("offers_find", {"offers": ["5158"]})
        assert answer.structured_content["total"] == 1
