"""The one file that leans on the inside of the MCP SDK.

Four seams: a server whose tools, resources and prompts are data instead of decorated functions (its lists cost nothing
at start, and a call reaches our own dispatcher with the raw arguments), change events that reach the clients of either
protocol era, a question to the person that travels the right way in either of them (`Resolve`/`Elicit`), asked at a
moment of our choosing, and the seal under which it travels.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Annotated, Any, Literal, Protocol, cast
from weakref import WeakKeyDictionary

import anyio
from anyio.abc import TaskGroup
from mcp.server import stdio as wire
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.connection import Connection
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.lowlevel.server import NotificationOptions
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
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolResult,
    CompleteRequestParams,
    CompleteResult,
    Completion,
    CompletionArgument,
    CompletionContext,
    EmptyResult,
    GetPromptResult,
    InputRequiredResult,
    ListResourcesResult,
    PaginatedRequestParams,
    Prompt,
    PromptReference,
    ResourceTemplate,
    ResourceTemplateReference,
    SubscribeRequestParams,
    Tool,
    UnsubscribeRequestParams,
)
from pydantic import AnyUrl, BaseModel, ConfigDict, Field
from starlette.applications import Starlette

from mcp_server import stdio
from mcp_server.calls import Calls
from mcp_server.http.gate import Gate, OpenRequests, Refused, error
from mcp_server.http.limits import Limits
from upstream.tokens import StoreUnavailable

MODERN = "2026-07-28"

SEALING_KEY = "request-state"
"""The key of the state database under which a client carries the state between a question and its answer."""

Dispatch = Callable[[str, dict[str, Any], Context[Any, Any]], Awaitable[CallToolResult | InputRequiredResult]]


class Library(Protocol):
    """What a server offers besides tools, as data."""

    @property
    def templates(self) -> Sequence[ResourceTemplate]: ...

    @property
    def prompts(self) -> Sequence[Prompt]: ...

    def holds(self, uri: str) -> bool:
        """Whether such an address is ours, be something there or not."""

    async def page(self, cursor: str | None) -> ListResourcesResult: ...

    async def read(self, uri: str) -> list[ReadResourceContents]: ...

    def prompt(self, name: str, arguments: Mapping[str, str]) -> GetPromptResult | None:
        """A prompt with its arguments filled in, None when there is none of this name."""

    async def complete(
        self,
        reference: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None: ...


CACHE_HINTS: Mapping[CacheableMethod, CacheHint] = {
    "tools/list": CacheHint(ttl_ms=3_600_000, scope="public"),
    "prompts/list": CacheHint(ttl_ms=3_600_000, scope="public"),
    "resources/templates/list": CacheHint(ttl_ms=3_600_000, scope="public"),
    "resources/list": CacheHint(ttl_ms=60_000, scope="private"),
    "resources/read": CacheHint(ttl_ms=30_000, scope="private"),
}
"""How long clients may keep an answer. What the account may see is private, the rest is the same for everybody."""


LONGEST_ADDRESS = 2000
MOST_WATCHED = 1000
"""Addresses that one connection can be told about."""


class CatalogueServer(MCPServer[Any]):
    """An `MCPServer` that lists given tools, resources and prompts, and hands every call to one function.

    Resources and prompts that decorators register are there as well.
    """

    def __init__(
        self,
        name: str,
        *,
        tools: list[Tool],
        dispatch: Dispatch,
        library: Library,
        limits: Limits | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, cache_hints=CACHE_HINTS, **options)
        self._listed = tools
        self.limits = limits or Limits()
        self.calls: Calls[Connection] = Calls()
        self.requests = OpenRequests()
        self._dispatch = dispatch
        self._library = library
        self._watched: WeakKeyDictionary[Connection, set[str]] = WeakKeyDictionary()
        served = self._lowlevel_server
        served.add_request_handler("completion/complete", CompleteRequestParams, self._complete)
        served.add_request_handler("resources/subscribe", SubscribeRequestParams, self._watch)
        served.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, self._unwatch)
        self.middleware.append(self._count)
        initial = served.create_initialization_options
        # The transports ask for these options without saying what can change.
        setattr(  # noqa: B010 - a method of an object of the SDK
            served, "create_initialization_options", lambda: initial(NotificationOptions(resources_changed=True))
        )

    async def list_tools(self) -> list[Tool]:
        return self._listed

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        assert context is not None, "the SDK makes a context for every call that comes from a client"
        return await self._dispatch(name, arguments, context)

    async def list_resource_templates(self) -> list[ResourceTemplate]:
        return [*self._library.templates, *await super().list_resource_templates()]

    async def _handle_list_resources(
        self, ctx: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        page = await self._library.page(params.cursor if params else None)
        if page.next_cursor is None:
            page.resources += await self.list_resources()
        return page

    async def read_resource(
        self, uri: AnyUrl | str, context: Context[Any, Any] | None = None
    ) -> Iterable[ReadResourceContents] | InputRequiredResult:
        if self._library.holds(str(uri)):
            return await self._library.read(str(uri))
        return await super().read_resource(uri, context)

    async def list_prompts(self) -> list[Prompt]:
        return [*self._library.prompts, *await super().list_prompts()]

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        found = self._library.prompt(name, arguments or {})
        if found is not None:
            return found
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError as error:
            # The SDK makes an internal error of it in one era, and an error without a code in the other.
            raise MCPError(code=INVALID_PARAMS, message=str(error)) from error

    async def run_stdio_async(self, ended: anyio.Event | None = None) -> None:
        """Serve the client at stdin and stdout until it closes our input, or until `ended`, which does the same."""
        served = self._lowlevel_server
        with _standard_streams() as (source, target):
            async with stdio.serving(source, target, self.limits.message_bytes, ended) as (incoming, outgoing):
                await served.run(incoming, outgoing, served.create_initialization_options())

    def streamable_http_app(self, **options: Any) -> Starlette:
        """The SDK's application with our gate before it, which knows loopback alone.

        When all sessions are taken, a new one takes the place of the one that has been idle for longest.
        """
        limits = self.limits
        app = super().streamable_http_app(
            **options,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
            max_request_body_size=limits.message_bytes,
            max_sessions=limits.sessions,
            session_idle_timeout=limits.idle_seconds,
        )
        manager = self.session_manager
        gate = Gate(manager.asgi_app, limits, self.requests, sessions=not manager.stateless)
        admit = manager._admit_session

        def replace(requestor: Any) -> Any:
            if len(manager._server_instances) >= limits.sessions:
                self._end_a_session(manager)
            return admit(requestor)

        for name, instead in (("asgi_app", gate), ("_admit_session", replace)):
            setattr(manager, name, instead)
        return app

    def _end_a_session(self, manager: StreamableHTTPSessionManager) -> None:
        """End the session that was idle for longest; one with a call under way stays, one that listens goes last."""
        uses = {connection.session_id: use for connection, use in self.calls.uses().items()}
        asking, listening = self.requests.sessions(listening=False), self.requests.sessions(listening=True)
        # A session without any use is being opened this moment.
        idle = [
            (session in listening, uses[session].last, session)
            for session in manager._server_instances
            if session in uses and not uses[session].now and session not in asking
        ]
        if not idle:
            said = f"All {self.limits.sessions} sessions of this server have a call under way. Try again later."
            raise Refused(503, error(said, code=INTERNAL_ERROR))
        *_, session = min(idle)
        transport = manager._server_instances.pop(session)
        cast("TaskGroup", manager._task_group).start_soon(transport.terminate)

    async def _count(self, ctx: ServerRequestContext[Any], call_next: CallNext) -> HandlerResult:
        """Count what is being carried out; a request to listen lasts as long as the client likes."""
        if ctx.method == "subscriptions/listen":
            return await call_next(ctx)
        with self.calls.one(ctx.session._connection):
            return await call_next(ctx)

    async def announce(self, context: Context[Any, Any], addresses: Sequence[str], *, listed: bool) -> None:
        """Tell clients that these resources changed, and with `listed` that the list did.

        Modern clients that listen get it, and of the older ones those that subscribed. The session that caused it gets
        it anyway.
        """
        caller = context.session
        for address in addresses:
            await context.notify_resource_updated(address)
            await caller.send_resource_updated(address)
            for connection, watched in list(self._watched.items()):
                if address in watched and connection is not caller._connection:
                    await connection.send_resource_updated(address)
        if listed:
            await context.notify_resources_changed()
            await caller.send_resource_list_changed()

    async def _complete(self, ctx: ServerRequestContext[Any], params: CompleteRequestParams) -> CompleteResult:
        found = await self._library.complete(params.ref, params.argument, params.context)
        return CompleteResult(completion=found or Completion(values=[]))

    async def _watch(self, ctx: ServerRequestContext[Any], params: SubscribeRequestParams) -> EmptyResult:
        watched, address = self._watched.setdefault(ctx.session._connection, set()), str(params.uri)
        if len(address) > LONGEST_ADDRESS or len(watched) >= MOST_WATCHED:
            raise MCPError(code=INVALID_PARAMS, message="This address is too long, or too many are watched.")
        watched.add(address)
        return EmptyResult()

    async def _unwatch(self, ctx: ServerRequestContext[Any], params: UnsubscribeRequestParams) -> EmptyResult:
        self._watched.get(ctx.session._connection, set()).discard(str(params.uri))
        return EmptyResult()


@contextmanager
def _standard_streams() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """stdin and stdout for the protocol alone; meanwhile whoever reads or prints meets an empty file or stderr."""
    source, give_back = wire._claim_fd(0, sys.stdin, "rb", wire._open_stdin_diversion)
    try:
        target, give_back_too = wire._claim_fd(1, sys.stdout, "wb", wire._open_stdout_diversion)
        try:
            yield getattr(source, "raw", source), target
        finally:
            if give_back_too is not None:
                give_back_too()
    finally:
        if give_back is not None:
            give_back()


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


Reply = Literal["accepted", "declined", "cancelled", "late", "failed", "unusable"]
"""`late`: no answer in time. `failed`: the client could not ask after all. `unusable`: it answered something else."""


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


def client_of(context: Context[Any, Any]) -> tuple[str, str]:
    """Return name and version of the client, as it says them; empty where it says nothing."""
    params = context.session.client_params
    return (params.client_info.name, params.client_info.version) if params else ("", "")


async def ask(context: Context[Any, Any], question: Question, seconds: float) -> InputRequiredResult | Reply:
    """Ask the person; `InputRequiredResult` must be returned to the client, which comes back with the answer.

    Where the question waits inside the call (revisions before 2026-07-28), `seconds` bounds the wait.
    """
    try:
        with anyio.fail_after(None if context.protocol_version == MODERN else seconds):
            found = await resolve_arguments(_RESOLVED, _PLANS, {"question": question}, context)
    except TimeoutError:
        return "late"
    except MCPError:
        return "failed"
    except ToolError:
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
