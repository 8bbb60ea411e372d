"""What `campaign-mcp serve` does, without the library of the command line: most starts need none of it."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mcp_server.settings.keys import FILE_VARIABLE

log = logging.getLogger(__name__)


if TYPE_CHECKING:
    from collections.abc import Mapping

    import anyio

    from mcp_server.application import Application
    from mcp_server.settings import Settings
    from sandbox import Sandbox


def serve(flags: Mapping[str, bool], *, sandbox: bool = False, port: int | None = None) -> None:
    """Serve an assistant over stdio, or over streamable HTTP on this port of loopback.

    `flags` are settings that are switched on here. Raises SystemExit(2) where settings or port can't be used.
    """
    import anyio

    from mcp_server.starting import say_settings

    # The SDK would wrap each line to the width of a terminal that a log file does not have.
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with Systems(sandbox) as environ:
        application = application_of(environ, flags)
        say_settings(application)
        if port is not None:
            _serve_http(application, port)
        else:
            anyio.run(_serve_stdio, application)


async def _serve_stdio(application: Application) -> None:
    """Until the client closes our input, or a signal tells us to stop."""
    import anyio

    from mcp_server.starting import say_state

    stopped_by: list[int] = []
    ended = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_when_told, application, ended, stopped_by)
        await say_state(application, partial(application.mcp.run_stdio_async, ended))
        tasks.cancel_scope.cancel()
    for number in stopped_by:
        end_by(number)


async def _stop_when_told(application: Application, ended: anyio.Event, stopped_by: list[int]) -> None:
    """Let what is under way come to its end, then end as a closed input does; a second signal ends us at once."""
    import signal

    import anyio

    async def stop() -> None:
        await application.stop()
        ended.set()

    # The event loops of Windows receive no signals; there an interrupt ends the process by itself.
    with suppress(NotImplementedError), anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with anyio.create_task_group() as tasks:
            async for number in signals:
                if stopped_by:
                    end_by(number)
                stopped_by.append(number)
                tasks.start_soon(stop)


def end_by(number: int) -> None:
    """End this process by a signal, so that whoever started it sees why it ended."""
    import signal

    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _serve_http(application: Application, port: int) -> None:
    """Loopback only and without authentication: for the person at this machine."""
    import anyio

    from mcp_server.http.server import HttpServer
    from mcp_server.http.sockets import listen
    from mcp_server.starting import say_state

    try:
        listeners = listen(port)
    except (OSError, OverflowError) as error:
        print(f"Port {port} can't be used ({error}). Give another with --port.", file=sys.stderr)
        raise SystemExit(2) from error
    server = HttpServer(application.mcp, listeners, stop=application.stop)
    print(server.url, file=sys.stderr, flush=True)
    anyio.run(say_state, application, server.run)
    if server.stopped_by:
        end_by(server.stopped_by)


class Systems:
    """The environment to read settings from; with the sandbox, one that points at stand-ins of this process.

    The state is then kept apart too: what is tried on the sandbox leaves nothing behind.
    """

    def __init__(self, sandbox: bool) -> None:
        self._wanted = sandbox
        self._held = ExitStack()

    def __enter__(self) -> dict[str, str]:
        environ = dict(os.environ)
        if self._wanted:
            import tempfile

            own = {name.upper(): value.strip() for name, value in environ.items() if value.strip()}
            date, zone = own.get("CAMPAIGN_MCP_DATE", ""), own.get("CAMPAIGN_MCP_UNICA__TIME_ZONE", "")
            running = self._held.enter_context(_started(date, {"time_zone": zone} if zone else {}))
            folder = self._held.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            environ = {name: value for name, value in environ.items() if not _points_at_a_system(name)}
            state = {"CAMPAIGN_MCP_STATE_URL": f"sqlite:///{Path(folder, 'state.db').as_posix()}"}
            environ |= {FILE_VARIABLE: os.devnull} | state | running.settings()
            environ |= {name: own[name] for name in _KEPT if name in own}
        return environ

    def __exit__(self, *_: object) -> None:
        self._held.close()


_KEPT = ("CAMPAIGN_MCP_DATE", "CAMPAIGN_MCP_UNICA__TIME_ZONE", "CAMPAIGN_MCP_ACTITO__TIME_ZONE")
"""What an operator says of days and zones holds with the sandbox too."""


def _started(date: str, switches: Mapping[str, str]) -> Sandbox:
    """A sandbox of that date and zone; what it does not take is left to the settings to refuse, in their words."""
    import sandbox

    try:
        return sandbox.start(date=date, switches=switches)
    except ValueError:
        return sandbox.start()


def _points_at_a_system(name: str) -> bool:
    """Whether a variable could lead to a real system: with the sandbox none of them counts, nor does the file."""
    return name.upper().startswith(("CAMPAIGN_MCP_UNICA__", "CAMPAIGN_MCP_ACTITO__"))


def settings_of(environ: dict[str, str], flags: Mapping[str, bool]) -> Settings:
    """The settings of an environment and these flags. Raises SystemExit(2) with what is wrong with them."""
    from mcp_server.settings import SettingsError, load

    try:
        settings = load(environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error
    return settings.model_copy(update={name: True for name, given in flags.items() if given})


def application_of(environ: dict[str, str], flags: Mapping[str, bool]) -> Application:
    """The server that these settings make. Raises SystemExit(2) as `settings_of` does."""
    from mcp_server.application import Application

    settings = settings_of(environ, flags)
    try:
        return Application(settings)
    except ValueError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error
