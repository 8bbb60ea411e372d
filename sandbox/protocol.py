"""The wire below ASGI: sending answers, and breaking connections where a fault asks for it.

ASGI has no way to close a connection without an answer, so uvicorn's protocol hands its transport on in the scope.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.answers import Answer

_TRANSPORT = "sandbox.transport"


class SandboxProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol whose requests know their transport."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        application = self.app
        self.access_log = False

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope[_TRANSPORT] = self.transport
            await application(scope, receive, send)

        self.app = with_transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Send small answers at once; asyncio leaves Nagle's algorithm on for sockets made by create_server."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


async def read_body(receive: Any) -> bytes | None:
    """The whole body of a request, None when the client went away."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


class Wire:
    """The way back to the client of one request."""

    def __init__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self._transport = scope[_TRANSPORT]
        self._receive = receive
        self._send = send

    async def answer(self, answer: Answer) -> None:
        """Send a whole answer."""
        await self._start(answer, len(answer.body))
        await self._send({"type": "http.response.body", "body": answer.body})

    async def truncate(self, answer: Answer) -> None:
        """Promise the whole answer, send the first half of it and close."""
        await self._start(answer, len(answer.body) + 1)
        half = answer.body[: len(answer.body) // 2]
        await self._send({"type": "http.response.body", "body": half, "more_body": True})
        self._transport.close()
        await self.closed()

    async def drop(self) -> None:
        """Close the connection without a word."""
        self._transport.abort()
        await self.closed()

    async def closed(self) -> None:
        """Wait until the connection is gone; uvicorn would answer 500 for a return without an answer before that."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _start(self, answer: Answer, length: int) -> None:
        headers = {"content-length": str(length), **{k.lower(): v for k, v in answer.headers.items()}}
        if answer.media_type is not None:
            headers.setdefault("content-type", answer.media_type)
        if answer.status in (204, 304):
            headers.pop("content-length")
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": answer.status, "headers": pairs})
