"""The HTTP server: uvicorn, with connections that must say what they want, and an end that nobody notices."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import anyio
import uvicorn
from sse_starlette.sse import AppStatus
from uvicorn.protocols.http.h11_impl import H11Protocol

from mcp_server.http.limits import Limits
from mcp_server.sdk import CatalogueServer

KEEP_ALIVE_SECONDS = 30
"""Longer than clients keep a connection, so that none is closed under a request that is on its way."""
CALLS_SECONDS = 30.0
"""How long the end waits for calls that are being carried out."""
LAST_SECONDS = 5
"""How long the end waits for answers to leave that have been ended."""


class HttpServer:
    """Serves the protocol at sockets that listen, until `stop` is called or a signal came."""

    def __init__(
        self, mcp: CatalogueServer, sockets: Sequence[socket.socket], *, stop: Callable[[], Awaitable[None]]
    ) -> None:
        """Nothing is served yet. `stop` lets nothing begin any more and waits for what is under way."""
        limits = mcp.limits
        config = uvicorn.Config(
            mcp.streamable_http_app(),
            http=_connections(limits),
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            limit_concurrency=limits.connections + 1,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=LAST_SECONDS,
        )
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/mcp"
        """Where clients find it."""
        self._sockets = list(sockets)
        self._server = _Server(config, mcp, stop)

    @property
    def stopped_by(self) -> int:
        """The number of the signal that brought the end, 0 when `stop` did."""
        return self._server.signal

    async def run(self) -> None:
        """Serve until the end. Signals are looked after only in the main thread."""
        # What sends the streams of events would end them at once, those of calls that are under way too.
        AppStatus.enable_automatic_graceful_drain = False
        await self._server.serve(self._sockets)

    def stop(self) -> None:
        """Take nothing new, wait for the calls that are being carried out, end the streams, and let `run` return.

        May be called from any thread.
        """
        self._server.should_exit = True


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, mcp: CatalogueServer, stop: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self.signal = 0
        self._mcp = mcp
        self._stop = stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at the first signal; a second one ends the process at once, whatever is under way."""
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            # The library would raise them again, which kills the process before it has cleaned up.
            self.signal = next(iter(self._captured_signals), 0)
            self._captured_signals.clear()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await self._stop()
        with anyio.move_on_after(CALLS_SECONDS):
            await self._mcp.calls.ended()
            await self._mcp.requests.answered()
        self._mcp.requests.end()
        await super().shutdown(sockets)


def _connections(limits: Limits) -> type[H11Protocol]:
    """The class of connections that have so long to say what they want, and of which there are so many.

    Beyond that the one that has been idle for longest ends; the library's own limit would turn everybody away.
    """

    class Connection(H11Protocol):
        idle_since = 0.0
        _timer: asyncio.TimerHandle | None = None

        @property
        def busy(self) -> bool:
            """Whether a request of it is being answered."""
            return self.cycle is not None and not self.cycle.response_complete

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base
            super().connection_made(transport)
            self.idle_since = self.loop.time()
            self._watch()
            if len(self.connections) > limits.connections:
                others = [each for each in self.connections if isinstance(each, Connection) and not each.busy]
                oldest = min(others, key=lambda each: each.idle_since)
                self.connections.discard(oldest)
                oldest.timeout_keep_alive_handler()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def on_response_complete(self) -> None:
            self.idle_since = self.loop.time()
            super().on_response_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            self._unwatch()
            super().connection_lost(exc)

        def _watch(self) -> None:
            """End the connection if the head of a request that began is not complete in time."""
            if self.busy:
                self._unwatch()
            elif self._timer is None:
                self._timer = self.loop.call_later(limits.request_seconds, self.timeout_keep_alive_handler)

        def _unwatch(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Connection
