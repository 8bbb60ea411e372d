"""The ASGI application: the way of a request through faults, filter, routing, reading and work."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from typing import Any

from sandbox import accounts, answers, collaborate, contract, json_text, routes, security_filter
from sandbox.accounts import Account
from sandbox.actito.service import Actito
from sandbox.answers import Answer
from sandbox.campaign import Work, handlers
from sandbox.campaign.codes import CodeFactory
from sandbox.campaign.definitions import Definitions
from sandbox.clock import Clock
from sandbox.collaborate import handlers as collaborate_handlers
from sandbox.collaborate import moments
from sandbox.contract import (
    ACTITO,
    ACTITO_MOUNT,
    CAMPAIGN,
    CAMPAIGN_MOUNT,
    COLLABORATE,
    COLLABORATE_MOUNT,
    PLATFORM,
    Operation,
)
from sandbox.control import CONTROL_MOUNT, Control
from sandbox.database import Database
from sandbox.dates import Dialect
from sandbox.faults import Fault, FaultPlan
from sandbox.holds import Holds
from sandbox.protocol import Wire, read_body
from sandbox.reading import Arguments, Reader, Request
from sandbox.refusals import Refused
from sandbox.request_log import Entry, RequestLog
from sandbox.routes import Match
from sandbox.security_filter import Credentials
from sandbox.switches import Switches
from sandbox.tokens import TokenStore


class Application:
    """One stand-in: its data, its tokens, its switches and its log. Lives in the one thread of its event loop.

    Work is done without giving way to other requests, so each request sees and leaves whole states.
    """

    def __init__(self, database: Database, switches: Switches, url: str, scale: int, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self._url = url
        self.log = RequestLog()
        self.holds = Holds()
        self._first_switches = switches
        self._contract = contract.load()
        self._control = Control(self)
        self.actito = Actito(database, url + ACTITO_MOUNT, scale, switches, clock)
        self._start_anew()

    def _start_anew(self) -> None:
        self.tokens = TokenStore(self.clock)
        self._definitions = Definitions(self.database.connection)
        self._codes = CodeFactory(self.database.connection)
        self.actito.start_anew(self._first_switches)
        self.switch(self._first_switches)
        self.log.clear()

    @property
    def settings(self) -> dict[str, str]:
        """Environment variables that point campaign-mcp at this stand-in as its switches are now."""
        return accounts.settings(self._url, self.clock)

    def reset(self) -> None:
        """Data back to the seed, tokens gone, switches as at start, log emptied."""
        self.database.reset()
        self._start_anew()

    def switch(self, switches: Switches) -> None:
        """Put switches into force; ordered faults and draws start from their beginning."""
        self.switches = switches
        if switches.date != self.clock.day:
            self.clock.set(switches.date)
        self.clock.move(switches.time_zone)
        self._dialect = Dialect(switches.date_form, self.clock.zone)
        self._plan = FaultPlan(switches.faults)
        self.actito.switch(switches)
        self._served = routes.served(self._contract, switches)
        self._documented = routes.documented(self._contract, switches)
        self._reader = Reader(self._contract.schemas, switches.strict)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one HTTP request (ASGI)."""
        if scope["type"] != "http":
            return
        wire = Wire(scope, receive, send)
        body = await read_body(receive)
        if body is None:
            return
        request = Request(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=body,
        )
        if request.path.startswith(CONTROL_MOUNT):
            await wire.answer(await self._control.answer(request))
            return
        if self.switches.drop_range and _system(request.path) == COLLABORATE:
            request = request.without_header("range")
        entry = self._begin(request)
        try:
            if entry.system == ACTITO:
                with self.actito.call(request) as in_flight:
                    await self._serve(request, entry, wire, in_flight)
            else:
                await self._serve(request, entry, wire)
        finally:
            self.log.end(entry)

    def _begin(self, request: Request) -> Entry:
        system = _system(request.path)
        if system == ACTITO:
            account = self.actito.claimed_key(request)
        else:
            account = Credentials(request.headers, self.switches.header_names).claimed_account
        return self.log.begin(
            system,
            at=self.clock.milliseconds(),
            method=request.method,
            path=request.path,
            query=request.query,
            account=account,
            body_digest=hashlib.sha256(request.body).hexdigest(),
        )

    async def _serve(self, request: Request, entry: Entry, wire: Wire, in_flight: int = 0) -> None:
        served = self.actito.served if entry.system == ACTITO else self._served
        match = served.find(request.method, request.path)
        if match.operation is not None:
            entry.operation = match.operation.operation_id
            entry.path_template = match.operation.path
        reading = self._read(request, match, entry.system)
        entry.refusal = self._breach(request, match, reading, entry.system)
        fault = self._plan.next_fault(request.method, _unmounted(request.path), entry.operation or "")
        kind = None if fault is None else fault.kind
        if kind == "drop_before":
            await wire.drop()
            return
        if pause := self.switches.latency + self.actito.wait(in_flight):
            await asyncio.sleep(pause)
        if kind == "hold_before" and not await self.holds.hold(entry, "before", wire.closed()):
            return
        if fault is not None and kind in ("status", "html", "empty"):
            answer = self._ordered(fault, request, entry.system)
        else:
            answer = self._answer(request, match, reading, entry.system, in_flight)
        if kind == "hold_after" and not await self.holds.hold(entry, "after", wire.closed()):
            return
        if fault is not None and kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault is not None and kind == "garbage":
            answer = Answer(200, (fault.body or "<<< not json {").encode("utf-8"), "application/json")
        if kind == "drop_after":
            await wire.drop()
            return
        entry.status = answer.status
        if kind == "truncate":
            await wire.truncate(answer)
        else:
            await wire.answer(answer)

    def _read(self, request: Request, match: Match, system: str) -> Arguments | Refused:
        """What the request says, or why it can't be answered; the filter may refuse it first."""
        if match.refusal is not None or match.operation is None:
            return match.refusal or Refused(404, "Not found")
        try:
            if system == ACTITO:
                return self.actito.read(request, match)
            return self._reader.read(match.operation, request, match.values)
        except Refused as refused:
            return refused

    def _breach(self, request: Request, match: Match, reading: Arguments | Refused, system: str) -> str | None:
        """What in this request is not in the contract; told even when the filter or a fault answers it.

        An address that is in the contract and not served here is no breach.
        """
        if not self.switches.strict or not isinstance(reading, Refused):
            return None
        documented = self.actito.documented if system == ACTITO else self._documented
        if match.operation is None and documented.find(request.method, request.path).operation is not None:
            return None
        return reading.message

    def _answer(
        self, request: Request, match: Match, reading: Arguments | Refused, system: str, in_flight: int
    ) -> Answer:
        switches = self.switches
        try:
            if drawn := self._plan.draw(switches.rate_429, switches.rate_503):
                after = {} if switches.retry_after is None else {"retry-after": f"{switches.retry_after:g}"}
                raise Refused(drawn, "Too many requests" if drawn == 429 else "Service unavailable", headers=after)
            if system == ACTITO:
                answer = self.actito.answer(request, match, reading, in_flight)
                return answer if match.operation is None else self._renamed(match.operation, answer)
            credentials = Credentials(request.headers, switches.header_names)
            account = security_filter.admit(system, match, credentials, switches, self.tokens)
            if isinstance(reading, Refused):
                raise reading
            assert match.operation is not None
            if match.operation.operation_id == "login":
                token = security_filter.log_in(credentials, self.tokens)
                return self._renamed(match.operation, answers.json_answer(json_text.dump(token)))
            if match.operation.operation_id == "logout":
                if switches.authentication:
                    self.tokens.remove(account.name)
                return Answer(200)
            return self._renamed(match.operation, self._work(match.operation, account, reading))
        except Refused as refused:
            return self._error(refused, request, system)

    def _error(self, refused: Refused, request: Request, system: str) -> Answer:
        if system == ACTITO:
            return self.actito.error(refused, request.path)
        return answers.error(refused, self.switches.error_body, system)

    def _ordered(self, fault: Fault, request: Request, system: str) -> Answer:
        """The answer of a fault that replaces the work."""
        if fault.kind == "html":
            answer = answers.html_page(fault.status, fault.body or "")
        elif fault.kind == "empty":
            answer = Answer(fault.status)
        elif fault.body is not None:
            answer = Answer(fault.status, fault.body.encode("utf-8"), "text/plain;charset=UTF-8")
        else:
            answer = self._error(Refused(fault.status, f"Ordered status {fault.status}"), request, system)
        return Answer(answer.status, answer.body, answer.media_type, dict(fault.headers))

    def _work(self, operation: Operation, account: Account, arguments: Arguments) -> Answer:
        """Do the work of an operation in one transaction."""
        if operation.system == COLLABORATE:
            base = self._url + COLLABORATE_MOUNT
            task = collaborate.Work(self.database.connection, account, base, self.switches, self.clock)
            with self.database.connection:
                answer = collaborate_handlers.HANDLERS[operation.operation_id](task, arguments)
            return moments.rewritten(answer, self._dialect)
        work = Work(
            connection=self.database.connection,
            account=account,
            definitions=self._definitions,
            codes=self._codes,
            clock=self.clock,
            dates=self._dialect,
            item_failures=frozenset(self.switches.item_failures),
        )
        try:
            with self.database.connection:
                return answers.json_answer(handlers.HANDLERS[operation.operation_id](work, arguments))
        except BaseException:
            self._definitions.forget()
            raise

    def _renamed(self, operation: Operation, answer: Answer) -> Answer:
        names = self.switches.rename.get(operation.operation_id, {}).get("response_fields")
        if not names or not answer.is_json:
            return answer
        value = answers.renamed_keys(json_text.parse(answer.body.decode("utf-8")), names)
        return dataclasses.replace(answer, body=json_text.dump(value).encode("utf-8"))


def _system(path: str) -> str:
    path = path.lower()
    if path.startswith(ACTITO_MOUNT):
        return ACTITO
    return CAMPAIGN if path.startswith("/campaign") else COLLABORATE if path.startswith("/collaborate") else PLATFORM


def _unmounted(path: str) -> str:
    for mount in (CAMPAIGN_MOUNT, COLLABORATE_MOUNT, ACTITO_MOUNT):
        if path.lower().startswith(mount.lower()):
            return path[len(mount) :]
    return path
