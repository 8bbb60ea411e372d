"""One running server: settings, state, sessions, guard and the tools, put together once."""

from __future__ import annotations

import difflib
import json
import logging
import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import anyio
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.request_state import RequestStateSecurity
from mcp.types import CallToolResult, InputRequiredResult
from mcp.types import Tool as Published
from pydantic import BaseModel

from mcp_server import NAME, answer, arguments, catalogue, earlier, version
from mcp_server.answer import Setting
from mcp_server.catalogue import Entry
from mcp_server.guard import Guard
from mcp_server.http.limits import Limits
from mcp_server.instructions import instructions
from mcp_server.job import LOOKING_SECONDS, Job, Rules
from mcp_server.resources import events
from mcp_server.resources.library import Library
from mcp_server.sdk import SEALING_KEY, CatalogueServer, SharedKeyCodec
from mcp_server.state import State
from mcp_server.visible import SETUP, Choice, check, visible, why_closed, why_forbidden, why_hidden
from mcp_server.work import Running, Work
from tools.call import Call
from tools.change import Outcome
from tools.declare import Tool
from tools.errors import ToolProblem
from tools.places.address import SHELVES, closed, session_of
from upstream.errors import OutcomeUnknown, UpstreamError
from upstream.tokens import StoreUnavailable

if TYPE_CHECKING:
    from mcp_server.settings import Settings
    from tools.clock import Clock
    from upstream.session import Session, SessionManager

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Here:
    """Where calls to a system land; `options` are settings that its tools may need."""

    environment: str
    time_zone: ZoneInfo
    options: Mapping[str, str]


class Application:
    """A server for one environment. Building it opens no file and no connection.

    `clock` tells the time in every sense that a person sees, without one as the settings say.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self._clock = clock or settings.clock()
        entries = catalogue.load()
        self.choice = Choice(
            systems=_systems(settings),
            include=settings.toolsets,
            exclude=settings.exclude,
            read_only=settings.read_only,
            no_delete=settings.no_delete,
            no_send=settings.no_send,
        )
        check(entries, self.choice)
        self.entries = {entry.name: entry for entry in entries}
        writing = [entry.name for entry in entries if entry.writes]
        _check_names("CAMPAIGN_MCP_CONFIRM_ALSO", settings.confirm_also, writing)
        self.state = State(settings.state_url)
        self._key = secrets.token_bytes(32)
        self._guard = Guard(self.state, self._key)
        self.work = Work()
        self._sessions: SessionManager | None = None
        self._used: dict[str, Session] = {}
        self._models: dict[str, type[BaseModel]] = {}
        self._places: dict[str, _Here] = {}
        self._closed = {word: why for word, shelf in SHELVES.items() if (why := why_closed(shelf, self.choice))}
        listed = [entry for entry in entries if visible(entry, self.choice)]
        self.mcp = CatalogueServer(
            NAME,
            tools=[Published.model_validate(entry.published) for entry in listed],
            dispatch=self.dispatch,
            limits=_limits(settings),
            library=Library(self._closed, [entry.name for entry in listed], self._call, _explained),
            title="Campaign work",
            instructions=instructions(_promised(listed, self.choice)),
            version=version(),
            lifespan=self._lifespan,
            log_level="WARNING",
            request_state_security=RequestStateSecurity(codec=SharedKeyCodec(self._sealing_key), audience=NAME),
        )

    @asynccontextmanager
    async def _lifespan(self, _: MCPServer[Any]) -> AsyncIterator[None]:
        try:
            yield
        finally:
            with anyio.CancelScope(shield=True), anyio.move_on_after(5):
                await self.close()

    async def close(self) -> None:
        """Give back what is held: log out where nobody else needs the token, close connections."""
        if self._sessions is not None:
            await self._sessions.close()
            self._sessions = None
            self._used.clear()
        await self.state.close()

    async def stop(self) -> None:
        """Let nothing begin any more, and wait until what is under way has come to its end."""
        if self.work:
            log.warning("told to stop: what was begun comes to its end, no more is begun")
        await self.work.stop()

    async def tell_interrupted(self) -> None:
        """Say in the log which calls that wrote were interrupted. Raises StoreUnavailable."""
        for intent in await self.state.intents.unsettled():
            log.warning("%s", earlier.described(intent, self._here(intent.whose.system).time_zone))

    def _sealing_key(self) -> bytes:
        return self.state.key_now(SEALING_KEY)

    @property
    def sessions(self) -> SessionManager:
        """The session manager, made when it is first needed."""
        if self._sessions is None:
            from upstream.session import SessionManager

            self._sessions = SessionManager(self.settings.access(), self.state.tokens, approval_key=self._key)
        return self._sessions

    async def dispatch(
        self, name: str, given: dict[str, Any], context: Context[Any, Any]
    ) -> CallToolResult | InputRequiredResult:
        """Carry out one call; whatever goes wrong becomes an answer that the assistant can act on."""
        system = self._system(name, given)
        told: CallToolResult | InputRequiredResult | None = None
        with self.work.call() as running:
            try:
                if running.stopping():
                    raise _Stopping("This server is being stopped.")
                entry = self._entry(name)
                tool = entry.tool()
                values = arguments.read(self._model(tool), given)
                if entry.category == SETUP:
                    told = await tool.function(self.settings, **values)
                else:
                    told = await self._carry_out(tool, values, given, self._call(system, context), context, running)
            except Exception as error:  # noqa: BLE001 - the last door: a trace goes to our log, never to the client
                told = answer.problem(_explained(name, error), self._setting(system))
        return told or answer.problem(_Stopping("This server was stopped before the end."), self._setting(system))

    def _system(self, name: str, given: Mapping[str, Any]) -> str:
        """In whose session a call works: that of the tool, of the place that it opens, or the first that there is."""
        configured = self.settings.systems
        known = self.entries.get(name)
        system = known.session if known else ""
        if known and not system:
            address = given.get("address")
            system = session_of(address if isinstance(address, str) else "")
        return system or (configured[0] if configured else "")

    async def _carry_out(
        self,
        tool: Tool,
        values: dict[str, Any],
        given: Mapping[str, Any],
        call: Call,
        context: Context[Any, Any],
        running: Running,
    ) -> CallToolResult | InputRequiredResult:
        system = call.session.system
        if not tool.writes:
            found = await tool.function(call, **values)
            generous = any(given.get(name) for name in ("fields", "limit"))
            return answer.listing(found, self._setting(system), generous=generous)
        dry_run, code = values.pop(arguments.DRY_RUN), values.pop(arguments.CONFIRM)

        async def tell(told: Call, done: Sequence[Outcome]) -> None:
            await events.tell(self.mcp, context, told, done)

        job = Job(tool, values, call, context, self._rules(system), dry_run, code, tell, running)
        return await self._guard.carry_out(job)

    def _entry(self, name: str) -> Entry:
        entry = self.entries.get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self.entries, 3)
            raise _NoSuchTool(f"There is no tool {name[:64]!r}.", advice="Nearest: " + ", ".join(near) if near else "")
        if reason := why_hidden(entry, self.choice):
            raise _NoSuchTool(
                f"{name} is not available: {reason}.", advice="Tell the person; do not look for a way round."
            )
        return entry

    def _model(self, tool: Tool) -> type[BaseModel]:
        if tool.name not in self._models:
            self._models[tool.name] = arguments.model(tool)
        return self._models[tool.name]

    def _call(self, system: str, context: Context[Any, Any] | None = None) -> Call:
        """A call to a system; without a context nobody is told how far it is. Raises NotConfigured."""

        async def progress(done: float, total: float | None, text: str) -> None:
            if context is not None:
                await context.report_progress(done, total, text)

        self._used[system] = session = self.sessions.session(system)
        here = self._here(system)
        return Call(
            session=session,
            environment=here.environment,
            time_zone=here.time_zone,
            deadline=anyio.current_time() + LOOKING_SECONDS,
            progress=progress,
            options=here.options,
            clock=self._clock,
        )

    def _here(self, system: str) -> _Here:
        """What every call to a system is told, worked out once."""
        if system not in self._places:
            around = self.settings.surroundings(system)
            self._places[system] = _Here(around.environment, ZoneInfo(around.time_zone), self._options(system))
        return self._places[system]

    def _options(self, system: str) -> Mapping[str, str]:
        """Settings that tools of a system may need."""
        options = {
            "upload_folders": json.dumps(self.settings.upload_folders),
            "upload_max_bytes": str(int(self.settings.upload_max_mb * 1024 * 1024)),
            **{closed(word): why for word, why in self._closed.items()},
        }
        if system == "unica" and (unica := self.settings.unica) is not None:
            options |= {"offers_api": unica.offers_api, "offers_v2_verbs": unica.offers_v2_verbs}
        if system == "actito" and (actito := self.settings.actito) is not None:
            options |= {"actito_api": actito.api, "actito_entity": actito.entity}
        return options

    def _rules(self, system: str) -> Rules:
        settings, here = self.settings, self.settings.surroundings(system)
        return Rules(
            policy=here.policy,
            production=here.production,
            channels=settings.channels,
            channels_reaching_customers=here.channels_reaching_customers,
            confirm_also=frozenset(settings.confirm_also),
            question_seconds=settings.question_minutes * 60,
            write_without_state=settings.write_without_state,
            forbids=lambda risk: why_forbidden(risk, self.choice),
        )

    def _setting(self, system: str) -> Setting:
        """Where an answer of a system comes from, with the warnings about it that nobody was told yet."""
        here, session = self._here(system), self._used.get(system)
        return Setting(here.environment, here.time_zone, session.take_warnings() if session else ())


def _explained(name: str, error: Exception) -> ToolProblem | UpstreamError:
    """An error in words for the assistant. Of several that happened at once, the one that weighs most."""
    while isinstance(error, ExceptionGroup):
        error = min(error.exceptions, key=lambda each: not isinstance(each, OutcomeUnknown))
    if isinstance(error, ToolProblem | UpstreamError):
        return error
    if isinstance(error, StoreUnavailable):
        return _Broken(str(error))
    log.error("%s failed", name, exc_info=error)
    return _Crashed(f"{name} failed inside the server.", advice="The trace is in the server's log.")


class _NoSuchTool(ToolProblem):
    code = "unknown_tool"


class _Stopping(ToolProblem):
    code = "server_stopping"
    retry = True


class _Broken(ToolProblem):
    code = "state_unavailable"
    retry = True


class _Crashed(ToolProblem):
    code = "internal_error"


def _systems(settings: Settings) -> frozenset[str]:
    """The systems whose tools can work: those with an address."""
    unica, actito = settings.unica, settings.actito
    addresses = {
        "unica-campaign": unica.campaign_url if unica else "",
        "unica-collaborate": unica.collaborate_url if unica else "",
        "actito": actito.url if actito else "",
    }
    return frozenset(system for system, address in addresses.items() if address)


def _promised(listed: Sequence[Entry], choice: Choice) -> Collection[str]:
    """The systems that a client is told of: those with tools of their own, or all whose places can be seen."""
    return {entry.system for entry in listed if entry.system} or choice.systems


def _limits(settings: Settings) -> Limits:
    """What one client, or all of them over HTTP, may take."""
    return Limits(
        sessions=settings.http.max_sessions,
        idle_seconds=settings.http.session_idle_minutes * 60,
        connections=settings.http.max_connections,
        request_seconds=settings.http.request_seconds,
        message_bytes=int(settings.message_max_mb * 1024 * 1024),
    )


def _check_names(variable: str, names: Sequence[str], writing: Sequence[str]) -> None:
    for name in names:
        if name not in writing:
            near = difflib.get_close_matches(name, writing, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{variable} names {name!r}, which is no tool that writes{meant}")
