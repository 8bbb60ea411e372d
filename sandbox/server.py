"""Running a stand-in: a loopback socket, a daemon thread and an event loop of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sandbox.accounts import settings
from sandbox.clock import Clock

if TYPE_CHECKING:
    import asyncio

    from sandbox.database import Load

_BACKLOG = 512
_STOP_WITHIN = 60.0


class Sandbox:
    """A running stand-in of Unica Platform, Campaign and Collaborate and of Actito; a context manager that stops it."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        database: str,
        scale: int,
        switches: Mapping[str, Any] | None,
        date: str = "",
        load: Load | None = None,
    ) -> None:
        """Bind and listen at once, so that requests queue while the thread imports, seeds and comes up.

        `load` replaces the demo data, for tests of the stand-in itself. Raises ValueError for a bad switch or date.
        """
        if switches:
            from sandbox.switches import Switches

            Switches().changed(switches)
        if date and "date" in (switches or {}):
            raise ValueError("the date is given twice, as date and as switch")
        self._switches = {"date": date, **(switches or {})}
        try:
            self._clock = Clock(self._switches["date"], self._switches.get("time_zone", "UTC"))
        except ValueError as error:
            raise ValueError(f"date: {error}") from None
        self._socket = socket.create_server((host, port), backlog=_BACKLOG)
        address = self._socket.getsockname()
        self.url = f"http://{host}:{address[1]}"
        self._database = database
        self._scale = scale
        self._load = load
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._stopping = False
        self._lock = threading.Lock()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"sandbox-{address[1]}", daemon=True)
        self._thread.start()

    def settings(self) -> dict[str, str]:
        """Environment variables that point campaign-mcp at this sandbox, with its date where it has one of its own."""
        return settings(self.url, self._clock)

    def now(self) -> datetime:
        """This moment by the sandbox's clock, in UTC."""
        return self._clock.now()

    def wait_held(self, count: int = 1, seconds: int = 60) -> list[dict[str, Any]]:
        """Wait until so many requests are held by faults and tell which; raises TimeoutError when time is up.

        Each has `seq` (its number in the log), `when` (before or after its work), `method`, `path` and `operation`. It
        blocks its thread: from an event loop call it in another, `await anyio.to_thread.run_sync(running.wait_held)`.
        """
        return self._held(f"count={count}&seconds={seconds}")

    def wait_gone(self, seq: int, seconds: int = 60) -> None:
        """Wait until a request is not held any more, as it went on or its connection is gone; raises TimeoutError."""
        self._held(f"gone={seq}&seconds={seconds}")

    def release(self, seq: int | None = None) -> list[int]:
        """Let the request of a number go on, or all that are held; returns their numbers.

        Raises ValueError for a request that is not held, which includes one whose connection is gone.
        """
        status, answer = self._control("POST", "release" if seq is None else f"release?seq={seq}")
        if status == 400:
            raise ValueError(answer["message"])
        released: list[int] = answer["released"]
        return released

    def _held(self, query: str) -> list[dict[str, Any]]:
        status, answer = self._control("GET", f"held?{query}")
        if status == 408:
            raise TimeoutError(answer["message"])
        held: list[dict[str, Any]] = answer["held"]
        return held

    def _control(self, method: str, path: str) -> tuple[int, dict[str, Any]]:
        import http.client
        import json

        with contextlib.closing(http.client.HTTPConnection(self.url.removeprefix("http://"))) as connection:
            connection.request(method, f"/sandbox/{path}")
            answer = connection.getresponse()
            return answer.status, json.load(answer)

    def stop(self) -> None:
        """Close the socket and all connections and wait for the thread; a second call does nothing.

        Raises what stopped the sandbox from coming up, if something did.
        """
        with self._lock:
            self._stopping = True
            if self._loop is not None and self._stop is not None and not self._loop.is_closed():
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_WITHIN)
        self._raise_failure()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the sandbox has ended, by `stop` or by a failure, which is raised; False when it still runs."""
        self._thread.join(seconds)
        self._raise_failure()
        return not self._thread.is_alive()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _run(self) -> None:
        import asyncio

        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._serve(loop))
        except BaseException as error:  # noqa: BLE001 (carried over to the thread that asks)
            self._failure = error
        finally:
            self._socket.close()
            with self._lock:
                loop.close()

    async def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        import asyncio

        stop = asyncio.Event()
        with self._lock:
            self._loop, self._stop = loop, stop
            if self._stopping:
                return
        import uvicorn
        from uvicorn.server import ServerState

        from sandbox import database
        from sandbox.app import Application
        from sandbox.protocol import SandboxProtocol
        from sandbox.switches import Switches

        switches = Switches().changed(self._switches)
        data = database.Database(self._database, self._load or database.bank(self._scale))
        try:
            application = Application(data, switches, self.url, self._scale, self._clock)
            # log_config=None leaves the host program's logging alone.
            config = uvicorn.Config(application, log_config=None, lifespan="off", http=SandboxProtocol)
            config.load()
            state = ServerState()
            server = await loop.create_server(lambda: SandboxProtocol(config, state, {}), sock=self._socket)
            await stop.wait()
            server.close()
            for connection in list(state.connections):
                connection.transport.abort()
            for task in list(state.tasks):
                task.cancel()
            await asyncio.gather(*state.tasks, return_exceptions=True)
        finally:
            data.close()
