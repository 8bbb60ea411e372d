"""Our server over HTTP in the loop of the test, and clients that speak to it as they like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import anyio
import httpx
import pytest

from mcp_server.application import Application
from mcp_server.catalogue import Entry
from mcp_server.http.server import HttpServer
from mcp_server.http.sockets import listen
from tools.call import Call
from tools.declare import finds
from tools.listing import Listing
from upstream.campaign.offers import GetOffers
from upstream.request import Risk

HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


@dataclass
class Waiting:
    """A call that has begun and ends when the test says so."""

    begun: anyio.Event = field(default_factory=anyio.Event)
    go_on: anyio.Event = field(default_factory=anyio.Event)
    cancelled: bool = False


_WAITING: dict[str, Waiting] = {}


@finds(GetOffers, title="Wait")
async def wait_find(call: Call, name: Annotated[str, "Name"]) -> Listing:
    """Wait until the test says so."""
    waiting = _WAITING[name]
    waiting.begun.set()
    try:
        await waiting.go_on.wait()
    except anyio.get_cancelled_exc_class():
        waiting.cancelled = True
        raise
    return Listing("offers", [], [])


@pytest.fixture
def waiting() -> Callable[[str], Waiting]:
    """The call of `wait_find` with this name, which the test lets go on."""
    _WAITING.clear()
    return lambda name: _WAITING.setdefault(name, Waiting())


@dataclass
class Http:
    """A server, and a client with one session at most."""

    server: HttpServer
    application: Application
    client: httpx.AsyncClient
    session: dict[str, str] = field(default_factory=dict)

    def other(self) -> Http:
        """Another client of the same server, without a session yet."""
        return Http(self.server, self.application, self.client)

    async def post(self, content: bytes, **headers: str) -> httpx.Response:
        return await self.client.post(self.server.url, content=content, headers={**HEADERS, **self.session, **headers})

    async def ask(self, method: str, params: dict[str, Any] | None = None, request_id: int = 1) -> httpx.Response:
        message = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params or {}}
        return await self.client.post(self.server.url, json=message, headers={**HEADERS, **self.session})

    async def open(self) -> httpx.Response:
        """Open a session."""
        answer = await self.ask("initialize", HELLO)
        if answer.status_code == 200:
            self.session = {"mcp-session-id": answer.headers["mcp-session-id"]}
        return answer

    async def wait(self, name: str) -> httpx.Response:
        """Call the tool that waits."""
        return await self.ask("tools/call", {"name": "wait_find", "arguments": {"name": name}})

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[httpx.Response]:
        """The stream of events of the session."""
        headers = {"accept": "text/event-stream", **self.session}
        async with self.client.stream("GET", self.server.url, headers=headers) as stream:
            assert stream.status_code == 200
            yield stream


@pytest.fixture
def served(world: Any) -> Callable[..., AbstractAsyncContextManager[Http]]:
    """Serves over HTTP with these settings, and fails a test that hangs."""

    @asynccontextmanager
    async def serve(**settings: str) -> AsyncIterator[Http]:
        application: Application = world.application(**settings)
        entry = Entry({"name": "wait_find"}, __name__, "unica-campaign", "waiting", False, Risk.READ, Risk.READ, [])
        # An entry imports its module by name, and a module of tests has none that can be imported.
        entry.__dict__["tool"] = lambda: wait_find
        application.entries["wait_find"] = entry
        server = HttpServer(application.mcp, listen(0), stop=application.stop)
        with anyio.fail_after(120):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(server.run)
                async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
                    yield Http(server, application, client)
                server.stop()

    return serve
