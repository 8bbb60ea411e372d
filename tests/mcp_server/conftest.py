"""A sandbox, servers that point at it, and real clients in every era and over every transport."""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult, ElicitRequestFormParams, ElicitResult, ErrorData

from mcp_server.application import Application
from mcp_server.settings import load
from sandbox import Sandbox, database
from sandbox.switches import Switches

MODERN = "2026-07-28"
DAY = "2026-11-20"
"""The day of the demo data, at which the clock of every sandbox begins, and that of every server before it."""

READS = ("get", "list", "search", "validate", "generate", "login", "logout")

Reply = str | ElicitResult | ErrorData | Callable[[], Awaitable[Any]]


@dataclass
class Person:
    """Somebody who answers the questions of a client as told beforehand, and keeps every question.

    `reply` is accept, decline, cancel, silent (never answers), an answer of the protocol, or something to do before
    answering, which may give the reply. `count` is what is typed where a number is asked for.
    """

    reply: Reply = "accept"
    count: int = 0
    questions: list[str] = field(default_factory=list)
    asked: anyio.Event = field(default_factory=anyio.Event)

    async def __call__(self, context: Any, params: Any) -> ElicitResult | ErrorData:
        assert isinstance(params, ElicitRequestFormParams)
        self.questions.append(params.message)
        self.asked.set()
        reply = self.reply
        if isinstance(reply, ElicitResult | ErrorData):
            return reply
        if reply == "silent":
            await anyio.sleep_forever()
        if callable(reply):
            reply = await reply() or "accept"
        content = {"count": self.count} if "count" in params.requested_schema["properties"] else {"confirm": True}
        return ElicitResult(action=reply, content=content if reply == "accept" else None)


class World:
    """One sandbox with its demo data, and servers for it that share one state database."""

    def __init__(self, stand_in: Sandbox, folder: Path) -> None:
        self.sandbox = stand_in
        self.folder = folder
        self.environ = {
            **stand_in.settings(),
            "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{folder / 'state.db'}",
            "CAMPAIGN_MCP_UNICA__AUTH": "none",
        }
        self.errors = folder / "stderr.txt"

    # the sandbox

    def control(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.sandbox.url}/sandbox/{path}", content, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.loads(answer.read())

    def log(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.control("GET", "log")["entries"]
        assert not [each for each in entries if each["refusal"]], "the strict sandbox refused a request"
        return entries

    def writes(self) -> list[str]:
        """The operations of the writes that reached the sandbox, in order."""
        return [each["operation"] for each in self.log() if not each["operation"].startswith(READS)]

    def switch(self, **switches: Any) -> None:
        self.control("PATCH", "switches", switches)

    # servers and clients

    def application(self, **settings: str) -> Application:
        environ = {**self.environ, **{f"CAMPAIGN_MCP_{name}": text for name, text in settings.items()}}
        # Handed in: where a test plays production the clock can't be set.
        environ.pop("CAMPAIGN_MCP_DATE", None)
        return Application(load(environ), clock=self.sandbox.now)

    @asynccontextmanager
    async def connected(
        self,
        person: Person | None = None,
        *,
        transport: str = "memory",
        era: str = MODERN,
        application: Application | None = None,
        stateless: bool = False,
        **settings: str,
    ) -> AsyncIterator[Client]:
        """A client of a new server (or of the one given), with a person in front of it or with nobody to ask."""
        mode = "auto" if era == MODERN else "legacy"
        with (
            self._serving(transport, application, stateless, settings) as server,
            pytest.MonkeyPatch.context() as patch,
        ):
            if era != MODERN:
                patch.setattr("mcp.client.session.LATEST_HANDSHAKE_VERSION", era)
            async with Client(server, mode=mode, elicitation_callback=person) as client:
                assert client.protocol_version == era
                yield client

    @contextmanager
    def _serving(
        self, transport: str, application: Application | None, stateless: bool, settings: dict[str, str]
    ) -> Iterator[Any]:
        if transport == "stdio":
            environ = {**self.environ, **{f"CAMPAIGN_MCP_{name}": text for name, text in settings.items()}}
            command = StdioServerParameters(command=sys.executable, args=["-m", "mcp_server", "serve"], env=environ)
            with self.errors.open("a", encoding="utf-8") as errors:
                yield stdio_client(command, errlog=errors)
            return
        application = application or self.application(**settings)
        if transport == "memory":
            yield application.mcp
            return
        with _http(application, stateless) as url:
            yield url


def _http(application: Application, stateless: bool) -> AbstractContextManager[str]:
    @contextmanager
    def serving() -> Iterator[str]:
        asgi = application.mcp.streamable_http_app(host="127.0.0.1", stateless_http=stateless)
        config = uvicorn.Config(asgi, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        listening = config.bind_socket()
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            thread.join(10)
            listening.close()

    return serving()


CAMPAIGNS = "SELECT campaign_id FROM cells WHERE id IN (8217, 8354) UNION SELECT 2012"


def _small_bank(connection: sqlite3.Connection) -> None:
    """The demo data with three of its campaigns: what uses an offer is looked for in all of them, again and again."""
    database.bank(1)(connection)
    connection.execute(f"DELETE FROM campaigns WHERE id NOT IN ({CAMPAIGNS})")


@pytest.fixture(scope="session")
def bank() -> Iterator[Sandbox]:
    """The one sandbox of these tests; each test finds it as new."""
    with Sandbox(
        host="127.0.0.1", port=0, database=":memory:", scale=1, switches=None, date=DAY, load=_small_bank
    ) as running:
        yield running


@pytest.fixture
def world(bank: Sandbox, tmp_path: Path) -> World:
    """The sandbox as new, open to everybody: logging in is slow by intention, and tested elsewhere."""
    found = World(bank, tmp_path)
    found.control("POST", "reset")
    found.switch(authentication=False)
    return found


@pytest.fixture(scope="session")
def untouched() -> Iterator[Sandbox]:
    """One sandbox for tests that only read."""
    with Sandbox(host="127.0.0.1", port=0, database=":memory:", scale=1, switches=None, date=DAY) as running:
        yield running


@pytest.fixture
def switched(untouched: Sandbox, switch: Callable[..., None]) -> Callable[..., Sandbox]:
    """The sandbox for tests that only read, with the switches given as keywords and all others as out of the box."""

    def change(**switches: Any) -> Sandbox:
        switch(untouched, **{**Switches(date=DAY).as_json(), **switches})
        return untouched

    return change


@pytest.fixture(scope="session")
def person() -> type[Person]:
    """Makes somebody who answers questions."""
    return Person


@pytest.fixture(scope="session")
def text_of() -> Callable[[CallToolResult], str]:
    """The text of an answer."""

    def text(result: CallToolResult) -> str:
        (block,) = result.content
        assert block.type == "text"
        return block.text

    return text
