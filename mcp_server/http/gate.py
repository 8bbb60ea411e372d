"""What stands before the SDK: it lets in what is meant for us, whole and readable, and lets every answer end.

An answer that can't be had is a JSON-RPC error, with the id of the request where that is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
from mcp.types import INTERNAL_ERROR, INVALID_REQUEST, ErrorData, JSONRPCError, JSONRPCRequest, RequestId
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_server.http.hosts import from_here, meant_for_us
from mcp_server.http.limits import Limits
from mcp_server.messages import HEAD, TAIL, Unreadable, read, too_long

SESSION, VERSION = "mcp-session-id", "mcp-protocol-version"
METHODS = ("GET", "POST", "DELETE")


class Refused(Exception):
    """A request that gets no further: the status of the answer, and what it says."""

    def __init__(self, status: int, *answers: JSONRPCError) -> None:
        super().__init__(status)
        self.status = status
        self.answers = answers


class Gone(Exception):
    """The client left before its request was there."""


@dataclass(eq=False, slots=True)
class Open:
    """A request that is being answered: of which session (known from the answer where it opens one), and whether it
    listens for events as long as the client likes."""

    session: str
    listens: bool
    scope: anyio.CancelScope


class OpenRequests:
    """The requests that are being answered."""

    def __init__(self) -> None:
        self._open: set[Open] = set()
        self._answered: anyio.Event | None = None

    @contextmanager
    def one(self, session: str, *, listens: bool) -> Iterator[Open]:
        """Count one as long as the block lasts, which `end` ends."""
        with anyio.CancelScope() as scope:
            request = Open(session, listens, scope)
            self._open.add(request)
            try:
                yield request
            finally:
                self._open.discard(request)
                if self._answered is not None:
                    self._answered.set()

    def sessions(self, *, listening: bool) -> set[str]:
        """The ids of the sessions that listen, or of those that wait for an answer."""
        return {request.session for request in self._open if request.listens is listening}

    async def answered(self) -> None:
        """Wait until nobody waits for an answer."""
        while self.sessions(listening=False):
            self._answered = anyio.Event()
            await self._answered.wait()

    def end(self) -> None:
        """End all of them, each with what it has said so far."""
        for request in self._open:
            request.scope.cancel()


class Gate:
    """An ASGI application in front of the SDK's. With `sessions`, clients of older revisions have to open one first."""

    def __init__(self, app: ASGIApp, limits: Limits, requests: OpenRequests, *, sessions: bool) -> None:
        self._app = app
        self._limits = limits
        self._requests = requests
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        with self._requests.one(headers.get(SESSION, ""), listens=scope["method"] == "GET") as request:
            answer = _Answer(request, scope, receive, send)
            try:
                _check_origin(headers)
                body = await self._body(receive)
                asked = _message(body) if scope["method"] == "POST" else None
                request.listens |= asked is not None and asked.method == "subscriptions/listen"
                self._check(scope["method"], headers, asked)
                await self._app(scope, _replay(body, receive), answer.send)
            except Refused as refused:
                await answer.refuse(refused)
            except Gone:
                return
        await answer.end()

    async def _body(self, receive: Receive) -> bytes:
        body, most = bytearray(), self._limits.message_bytes
        try:
            with anyio.fail_after(self._limits.request_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Gone
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise Refused(413, *too_long(bytes(body[:HEAD]), bytes(body[-TAIL:]), most).answers)
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            seconds = self._limits.request_seconds
            raise Refused(408, error(f"The request was not there as a whole within {seconds:g} s.")) from None

    def _check(self, method: str, headers: Headers, asked: JSONRPCRequest | None) -> None:
        if method not in METHODS:
            raise Refused(405, error(f"{', '.join(METHODS)} are what is taken here."))
        modern = headers.get(VERSION, HANDSHAKE_PROTOCOL_VERSIONS[0]) not in HANDSHAKE_PROTOCOL_VERSIONS
        if not self._sessions or modern or SESSION in headers:
            return
        if asked is None or asked.method != "initialize":
            said = "Open a session first: send initialize, and then the Mcp-Session-Id that its answer has."
            raise Refused(400, error(said, asked.id if asked else None))


class _Answer:
    """What goes back to the client: always ended as HTTP wants it, whoever stopped in the middle."""

    def __init__(self, request: Open, scope: Scope, receive: Receive, send: Send) -> None:
        self._request = request
        self._scope = scope
        self._receive = receive
        self._send = send
        self._started = self._complete = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            self._request.session = Headers(raw=message["headers"]).get(SESSION, self._request.session)
        elif message["type"] == "http.response.body":
            self._complete = not message.get("more_body", False)
        await self._send(message)

    async def refuse(self, refused: Refused) -> None:
        errors = [error.model_dump(by_alias=True, mode="json", exclude_unset=True) for error in refused.answers]
        headers = {405: {"allow": ", ".join(METHODS)}, 503: {"retry-after": "5"}}.get(refused.status)
        content = json.dumps(errors[0] if len(errors) == 1 else errors)
        response = Response(content, refused.status, headers, "application/json")
        await response(self._scope, self._receive, self.send)

    async def end(self) -> None:
        if self._complete:
            return
        if self._started:
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self.refuse(Refused(503, error("This server is ending.", code=INTERNAL_ERROR)))


def _message(body: bytes) -> JSONRPCRequest | None:
    """The request in a body, None where it is a notification or an answer."""
    try:
        message = read(body)
    except Unreadable as unreadable:
        raise Refused(400, *unreadable.answers) from None
    return message if isinstance(message, JSONRPCRequest) else None


def _check_origin(headers: Headers) -> None:
    if not meant_for_us(headers.getlist("host")):
        raise Refused(421, error("The Host must be localhost, 127.0.0.1 or [::1], with or without a port."))
    if not from_here(headers.getlist("origin")):
        raise Refused(403, error("The Origin must be a page of this machine, such as http://localhost:6274."))


def error(said: str, request: RequestId | None = None, code: int = INVALID_REQUEST) -> JSONRPCError:
    return JSONRPCError(jsonrpc="2.0", id=request, error=ErrorData(code=code, message=said))


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body that was read, and then whatever comes."""
    read = False

    async def again() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
