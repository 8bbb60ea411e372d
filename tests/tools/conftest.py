"""A call as tools are handed it, and a real MCP client before a real server, both before a sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import ContentBlock, ElicitRequestParams, ElicitResult, TextContent

from mcp_server.application import Application
from mcp_server.settings import load
from sandbox import Sandbox
from tools.call import Call
from upstream.auth import ManagerLogin
from upstream.session import Access, SessionManager
from upstream.tokens import MemoryTokenStore


@pytest.fixture
async def call_to() -> AsyncIterator[Callable[..., Call]]:
    """Makes calls to a sandbox; options such as `offers_api` as keywords. Sessions are closed at the end."""
    managers: list[SessionManager] = []

    def make(sandbox: Sandbox, *, deadline: float = float("inf"), **options: str) -> Call:
        access = Access(
            "unica",
            {f"unica-{api}": sandbox.url for api in ("platform", "campaign", "collaborate")},
            ManagerLogin(username="service", password="service-pass"),
        )
        managers.append(SessionManager({"unica": access}, MemoryTokenStore(), approval_key=b"k" * 32))
        return Call(
            managers[-1].session("unica"), "sandbox", ZoneInfo("UTC"), deadline, options=options, clock=sandbox.now
        )

    yield make
    for manager in managers:
        await manager.close()


@dataclass(frozen=True)
class Answer:
    """What the assistant reads."""

    text: str
    data: dict[str, Any]
    failed: bool
    files: Sequence[ContentBlock] = ()

    @property
    def items(self) -> list[dict[str, Any]]:
        return list(self.data["items"])

    @property
    def result(self) -> dict[str, Any]:
        """The only result of a write."""
        (only,) = self.data["results"]
        return dict(only)

    @property
    def code(self) -> str:
        return str(self.data["error"]["code"])

    def ids(self) -> list[int]:
        return [each["id"] for each in self.items]


class Assistant:
    """Calls tools; `questions` are those that the person was asked."""

    def __init__(self, client: Client, sandbox: Sandbox, questions: list[str]) -> None:
        self.client = client
        self.sandbox = sandbox
        self.questions = questions

    async def __call__(self, tool: str, **arguments: Any) -> Answer:
        answer = await self.client.call_tool(tool, arguments)
        content, *files = answer.content
        assert isinstance(content, TextContent)
        return Answer(content.text, answer.structured_content or {}, bool(answer.is_error), files)


Assistants = Callable[..., AbstractAsyncContextManager[Assistant]]


@pytest.fixture
def assistant(
    stand_in: Callable[..., Sandbox],
    tmp_path: Path,
    request_log: Callable[..., list[dict[str, Any]]],
) -> Assistants:
    """Opens an assistant: `era` auto or legacy, `reply` of its person, settings in capitals, switches in small letters.

    `before_yes` is what happens while the person thinks about the first question. At the end the strict sandbox must
    not have refused any request.
    """

    @asynccontextmanager
    async def connected(
        *,
        era: str = "auto",
        reply: str = "accept",
        before_yes: Callable[[], Awaitable[Any]] | None = None,
        **given: Any,
    ) -> AsyncIterator[Assistant]:
        sandbox = stand_in(**{name: value for name, value in given.items() if name.islower()})
        (tmp_path / "none.toml").touch()
        environ = {**sandbox.settings(), "CAMPAIGN_MCP_STATE_URL": "sqlite://"}
        # Handed in: where a test plays production the clock can't be set.
        environ.pop("CAMPAIGN_MCP_DATE", None)
        environ |= {f"CAMPAIGN_MCP_{name}": value for name, value in given.items() if name.isupper()}
        questions: list[str] = []

        async def person(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
            questions.append(params.message)
            if reply != "accept":
                return ElicitResult(action="decline")
            if before_yes is not None and len(questions) == 1:
                await before_yes()
            return ElicitResult(action="accept", content={"confirm": True})

        application = Application(load(environ, tmp_path / "none.toml"), clock=sandbox.now)
        async with Client(application.mcp, mode=era, elicitation_callback=person) as client:
            yield Assistant(client, sandbox, questions)
        assert [each for each in request_log(sandbox) if each["refusal"]] == []

    return connected
