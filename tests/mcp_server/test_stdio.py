"""A client at stdin and stdout that writes what no client should: every line is answered, and the server goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCRequest, JSONRPCResponse

from mcp_server import stdio

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
CALL = b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"offers_find","arguments":{"search":%s}}}'
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
ENVELOPE = {
    "_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
}


class Wire:
    """The two ends of a server process, line by line."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.process = process
        self._stdin = process.stdin
        self._stdout = BufferedByteReceiveStream(process.stdout)

    async def send(self, line: bytes, end: bytes = b"\n") -> None:
        await self._stdin.send(line + end)

    async def receive(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await self._stdout.receive_until(b"\n", 16 * MIB))
        return found

    async def ask(self, method: str, request_id: int, params: dict[str, Any]) -> dict[str, Any]:
        message = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}
        await self.send(json.dumps(message).encode())
        return await self.receive()

    async def close(self) -> int:
        await self._stdin.aclose()
        return await self.process.wait()


@asynccontextmanager
async def serving(world: Any, **settings: str) -> AsyncIterator[Wire]:
    environ = {**os.environ, **world.environ, **{f"CAMPAIGN_MCP_{name}": text for name, text in settings.items()}}
    command = [sys.executable, "-m", "mcp_server", "serve"]
    with anyio.fail_after(120):
        async with await anyio.open_process(command, env=environ, stderr=subprocess.DEVNULL) as process:
            try:
                yield Wire(process)
            finally:
                if process.returncode is None:
                    process.kill()


async def test_every_line_is_answered_before_and_after_a_client_has_said_who_it_is(world: Any) -> None:
    async with serving(world) as wire:
        await wire.send(b"{nonsense")
        assert (await wire.receive())["error"]["code"] == -32700
        assert "result" in await wire.ask("initialize", 0, HELLO)
        await wire.send(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        for value in (b'"\\ud800"', b"[" * 300 + b"]" * 300, b"9" * 5000, b'"\xff"', b"undefined"):
            await wire.send(CALL % value)
            answer = await wire.receive()
            assert answer["id"] == 7 and answer["error"]["code"] == -32700, value
        for value in (b"NaN", b"-Infinity", b"1e999", b"9" * 400):
            await wire.send(CALL % value)
            answer = await wire.receive()
            assert answer["id"] == 7 and answer["result"]["isError"], value
        for line in (b"", b"[]", b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}'):
            await wire.send(line)
            answer = await wire.receive()
            assert answer["id"] is None and answer["error"]["code"] in (-32700, -32600), line
        await wire.send(b'[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]')
        assert [(await wire.receive())["id"] for _ in range(2)] == [1, 2]
        assert (await wire.ask("ping", 8, {}))["result"] == {}
        assert await wire.close() == 0


async def test_the_modern_era_is_answered_too(world: Any) -> None:
    async with serving(world) as wire:
        await wire.send(CALL % b'"\\ud800"')
        assert (await wire.receive())["error"]["code"] == -32700
        found = await wire.ask("tools/call", 1, {"name": "offers_find", "arguments": {"offers": ["5158"]}, **ENVELOPE})
        assert found["result"]["structuredContent"]["total"] == 1
        await wire.send(CALL % (b"[" * 300 + b"]" * 300))
        assert (await wire.receive())["id"] == 7
        assert await wire.close() == 0


async def test_a_line_that_is_too_long_is_refused_and_not_kept(world: Any) -> None:
    async with serving(world, MESSAGE_MAX_MB="1") as wire:
        await wire.ask("initialize", 0, HELLO)
        before = _peak(wire.process.pid)
        await wire.send(CALL % (b'"' + b"a" * 64 * MIB + b'"'))
        answer = await wire.receive()
        assert answer["id"] == 7 and "longer than 1 MiB" in answer["error"]["message"]
        assert _peak(wire.process.pid) - before < 32, "MiB"
        fits = CALL % (b'"' + b"a" * (MIB - 500) + b'"')
        await wire.send(fits)
        assert "result" in await wire.receive(), "what is not too long is read"


def _peak(pid: int) -> float:
    """The most memory in MiB that a process ever had; 0 where that can't be seen."""
    if sys.platform != "linux":
        return 0
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


async def test_a_last_line_without_its_end_counts(world: Any) -> None:
    async with serving(world) as wire:
        await wire.ask("initialize", 0, HELLO)
        await wire.send(b'{"jsonrpc":"2.0","id":9,"method":"ping"}', end=b"")
        assert await wire.close() == 0
        assert (await wire.receive())["id"] == 9


@asynccontextmanager
async def piped() -> AsyncIterator[tuple[Any, Any, Any, Any]]:
    """What the server has of a client (messages, and where answers go), and what the client has of the server."""
    from_client, client = os.pipe()
    server, to_client = os.pipe()
    with (
        os.fdopen(from_client, "rb", buffering=0) as source,
        os.fdopen(client, "wb", buffering=0) as sends,
        os.fdopen(to_client, "wb") as target,
        os.fdopen(server, "rb") as receives,
        anyio.fail_after(60),
    ):
        async with stdio.serving(source, target, MIB) as (incoming, outgoing):
            yield incoming, outgoing, sends, receives


async def test_an_answer_that_is_no_json_becomes_an_error() -> None:
    async with piped() as (incoming, outgoing, sends, receives):
        for request_id in (1, 2):
            sends.write(b'{"jsonrpc":"2.0","id":%d,"method":"ping"}\n' % request_id)
            message = (await incoming.receive()).message
            assert isinstance(message, JSONRPCRequest)
            result = {"text": "\ud800"} if request_id == 1 else {}
            await outgoing.send(SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=message.id, result=result)))
        answers = [json.loads(await anyio.to_thread.run_sync(receives.readline)) for _ in range(2)]
        assert answers[0]["id"] == 1 and answers[0]["error"]["code"] == -32603
        assert answers[1] == {"jsonrpc": "2.0", "id": 2, "result": {}}
        await outgoing.aclose()


ENDS = """
import os, anyio
from mcp_server import stdio

async def main():
    with anyio.CancelScope() as scope, os.fdopen(0, "rb", 0, closefd=False) as source, os.fdopen(1, "wb") as target:
        async with stdio.serving(source, target, 1000):
            scope.cancel()
            await anyio.sleep_forever()

anyio.run(main)
"""


async def test_the_end_waits_for_no_client() -> None:
    """A client that neither sends nor closes anything does not keep the process from ending."""
    with anyio.fail_after(60):
        async with await anyio.open_process([sys.executable, "-c", ENDS], stderr=None) as process:
            assert await process.wait() == 0
