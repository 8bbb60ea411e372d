"""The one file that leans on the inside of the MCP SDK.

Three seams: a server whose tools come from a catalogue instead of from decorators (its list costs nothing at start, and
a call reaches our own dispatcher with the raw arguments), a question to the person that travels the right way in
either protocol era (`Resolve`/`Elicit`), asked at a moment of our choosing, and the seal under which it travels.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import anyio
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import (
    AcceptedElicitation,
    DeclinedElicitation,
    Elicit,
    ElicitationResult,
    Resolve,
    build_resolver_plans,
    find_resolved_parameters,
    resolve_arguments,
)
from mcp.server.request_state import AESGCMRequestStateCodec, InvalidRequestState
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, InputRequiredResult, Tool
from pydantic import BaseModel, ConfigDict, Field

from upstream.tokens import StoreUnavailable

MODERN = "2026-07-28"

SEALING_KEY = "request-state"
"""The key of the state database under which a client carries the state between a question and its answer."""

Dispatch = Callable[[str, dict[str, Any], Context[Any, Any]], Awaitable[CallToolResult | InputRequiredResult]]


class CatalogueServer(MCPServer[Any]):
    """An `MCPServer` that lists given tools and hands every call to one function."""

    def __init__(self, name: str, *, tools: list[Tool], dispatch: Dispatch, **options: Any) -> None:
        super().__init__(name, **options)
        self._listed = tools
        self._dispatch = dispatch

    async def list_tools(self) -> list[Tool]:
        return self._listed

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        assert context is not None, "the SDK makes a context for every call that comes from a client"
        return await self._dispatch(name, arguments, context)


class SharedKeyCodec:
    """Seals what a client carries between a question and its answer, under a key that all replicas have.

    So an answer finds its way after a restart and to another replica. `key` is called for each seal, so that it can
    wait for the first question. A seal that is too old is opened as if nothing had been asked: the person is asked
    anew, where the SDK would answer with a protocol error that no assistant can read.
    """

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key

    def seal(self, payload: bytes) -> str:
        return AESGCMRequestStateCodec([self._key()]).seal(payload)

    def unseal(self, token: str) -> bytes:
        try:
            payload = AESGCMRequestStateCodec([self._key()]).unseal(token)
        except StoreUnavailable as error:
            raise InvalidRequestState("the state database is away") from error
        claims = json.loads(payload)
        if claims["exp"] > time.time():
            return payload
        # The SDK reads an empty state as "nothing asked so far", and drops answers to what was not asked.
        return json.dumps({**claims, "exp": time.time() + 60, "s": ""}).encode()


class Agreement(BaseModel):
    """The form for up to 50 objects. What is not of the type that it asks for is no yes."""

    model_config = ConfigDict(strict=True)

    confirm: bool = Field(title="Go ahead", description="Yes: do it. No: nothing happens.")


class CountedAgreement(BaseModel):
    """The form for more than 50 objects: the number is typed, so that a habit of clicking does not confirm it."""

    model_config = ConfigDict(strict=True)

    count: int = Field(title="How many", description="Type the number of objects to go ahead; anything else: no.")


@dataclass(frozen=True)
class Question:
    """What a person is asked. `count` is 0 for yes or no, else the number that must be typed."""

    text: str
    count: int = 0

    @property
    def form(self) -> type[BaseModel]:
        return CountedAgreement if self.count else Agreement


Reply = Literal["accepted", "declined", "cancelled", "late", "unusable"]
"""`late`: no answer in time. `unusable`: the client could not ask after all, or answered with something else."""


def answers_a_question(context: Context[Any, Any]) -> bool:
    """Whether the client comes back with its person's answer (from 2026-07-28 on that is a call of its own)."""
    return bool(context.input_responses)


def can_ask(context: Context[Any, Any]) -> bool:
    """Whether this client can put a form before its person, in this era and over this transport."""
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return context.protocol_version == MODERN or context.session.can_send_request


async def ask(context: Context[Any, Any], question: Question, seconds: float) -> InputRequiredResult | Reply:
    """Ask the person; `InputRequiredResult` must be returned to the client, which comes back with the answer.

    Where the question waits inside the call (revisions before 2026-07-28), `seconds` bounds the wait.
    """
    try:
        with anyio.fail_after(None if context.protocol_version == MODERN else seconds):
            found = await resolve_arguments(_RESOLVED, _PLANS, {"question": question}, context)
    except TimeoutError:
        return "late"
    except (MCPError, ToolError):
        return "unusable"
    if isinstance(found, InputRequiredResult):
        return found
    outcome = found["answer"]
    if not isinstance(outcome, AcceptedElicitation):
        return "declined" if isinstance(outcome, DeclinedElicitation) else "cancelled"
    if question.count:
        return "accepted" if outcome.data.count == question.count else "declined"
    return "accepted" if outcome.data.confirm is True else "declined"


async def _person(question: Question) -> Elicit[BaseModel]:
    return Elicit(question.text, question.form)


async def _asked(question: Question, answer: Annotated[ElicitationResult[BaseModel], Resolve(_person)]) -> None:
    """Only its signature is used: it tells the SDK which answer comes from which question."""


_RESOLVED = find_resolved_parameters(_asked)
_PLANS = build_resolver_plans(_RESOLVED, {"question"})
