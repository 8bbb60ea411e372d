"""The command line: serve, demo, sandbox, doctor, routes, call. Each command imports what it needs when it runs."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mcp_server.settings.keys import FILE_VARIABLE

if TYPE_CHECKING:
    from mcp_server.application import Application
    from mcp_server.settings import Settings

app = typer.Typer(
    name="campaign-mcp",
    help="An MCP server for campaign work in HCL Unica Campaign and HCL Unica Collaborate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ReadOnly = Annotated[bool, typer.Option("--read-only", help="List and run only tools that read.")]
NoDelete = Annotated[bool, typer.Option("--no-delete", help="Leave out what deletes, retires, clears or ends.")]
NoSend = Annotated[bool, typer.Option("--no-send", help="Leave out what reaches customers.")]
WithSandbox = Annotated[bool, typer.Option("--sandbox", help="Bring stand-ins of the systems, with demo data.")]


@app.command()
def serve(
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP on loopback instead of stdio.")] = False,
    port: Annotated[int, typer.Option(help="Port of --http.")] = 8765,
    sandbox: WithSandbox = False,
    read_only: ReadOnly = False,
    no_delete: NoDelete = False,
    no_send: NoSend = False,
) -> None:
    """Serve an assistant, over stdio unless told otherwise."""
    import anyio

    flags = {"read_only": read_only, "no_delete": no_delete, "no_send": no_send}
    with _Systems(sandbox) as environ:
        application = _application(environ, flags)
        if not application.settings.systems:
            print(
                "No campaign system is configured, so no tool is listed. Set CAMPAIGN_MCP_UNICA__URL and its account, "
                "or CAMPAIGN_MCP_ACTITO__URL and its key (campaign-mcp doctor says what is missing), or try --sandbox.",
                file=sys.stderr,
            )
        if http:
            _serve_http(application, port)
        else:
            anyio.run(_serve_stdio, application)


async def _serve_stdio(application: Application) -> None:
    """Until the client closes our input, or somebody presses Ctrl-C."""
    import anyio

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_leave_when_interrupted, application)
        await application.mcp.run_stdio_async()
        tasks.cancel_scope.cancel()


async def _leave_when_interrupted(application: Application) -> None:
    """Log out and end the process: the thread that waits for input can't be called back."""
    import signal

    import anyio

    # The event loops of Windows receive no signals; there an interrupt ends the process by itself.
    with suppress(NotImplementedError), anyio.open_signal_receiver(signal.SIGINT) as signals:
        async for _ in signals:
            with anyio.move_on_after(5):
                await application.close()
            os._exit(130)


def _serve_http(application: Application, port: int) -> None:
    """Loopback only and without authentication: for the person at this machine."""
    import uvicorn

    asgi = application.mcp.streamable_http_app(host="127.0.0.1")
    server = uvicorn.Server(uvicorn.Config(asgi, host="127.0.0.1", port=port, log_level="warning"))
    with _listening(port) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", file=sys.stderr)
        server.run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    """A socket that listens on loopback; a port that is taken ends the command with a hint."""
    listener = socket.socket()
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listener.close()
        print(f"Port {port} can't be used ({error}). Give another with --port.", file=sys.stderr)
        raise typer.Exit(2) from error
    return listener


@app.command()
def demo(
    yes: Annotated[bool, typer.Option("--yes", help="The scripted person says yes.")] = False,
    no: Annotated[bool, typer.Option("--no", help="The scripted person says no.")] = False,
) -> None:
    """Tell a marketer's story with real calls against the sandbox."""
    import anyio

    from mcp_server.demo import story

    raise typer.Exit(anyio.run(story, "yes" if yes else "no" if no else ""))


@app.command("sandbox")
def run_sandbox(
    port: Annotated[int, typer.Option(help="Port on loopback; 0 takes a free one.")] = 8700,
    scale: Annotated[int, typer.Option(help="How many times the demo data.", min=1, max=1000)] = 1,
) -> None:
    """Run the stand-ins of the systems and print the settings that point at them."""
    from threading import Event

    import sandbox

    try:
        running = sandbox.start(port=port, scale=scale)
    except (OSError, OverflowError) as error:
        print(f"Port {port} can't be used ({error}). Give another with --port.", file=sys.stderr)
        raise typer.Exit(2) from error
    with running:
        for name, value in running.settings().items():
            print(f'$env:{name}="{value}"' if sys.platform == "win32" else f"export {name}={value}")
        print("Stop with Ctrl+C.", file=sys.stderr)
        try:
            Event().wait()
        except KeyboardInterrupt:
            return


@app.command()
def doctor(sandbox: WithSandbox = False) -> None:
    """Look at every part of the way to the systems, change nothing, and say what to do."""
    import anyio

    from mcp_server.doctor import examine
    from mcp_server.state import State

    with _Systems(sandbox) as environ:
        settings = _settings(environ, {})

        async def look() -> int:
            state = State(settings.state_url)
            try:
                report = await examine(settings, state)
            finally:
                await state.close()
            print(report.text())
            return report.exit_code

        code = anyio.run(look)
    raise typer.Exit(code)


@app.command()
def routes(
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON array of objects.")] = False,
) -> None:
    """List every route that the server can call, with its tool and its risk."""
    from mcp_server.routes import rows

    found = rows()
    if as_json:
        print(json.dumps(found, indent=1))
        return
    widths = {key: max(len(str(row[key])) for row in found) for key in found[0]}
    for row in found:
        print("  ".join(str(row[key]).ljust(width) for key, width in widths.items()).rstrip())


@app.command()
def call(
    tool: Annotated[str, typer.Argument(help="Name of a tool.")],
    arguments: Annotated[str, typer.Argument(help="Its arguments as a JSON object.")] = "{}",
    sandbox: WithSandbox = False,
) -> None:
    """Call one tool as a client without forms would, and print its text. Exit code 1 when it is an error."""
    import anyio

    try:
        given = json.loads(arguments)
        if not isinstance(given, dict):
            raise ValueError("not an object")
    except ValueError as error:
        print(f"The arguments must be a JSON object: {error}.", file=sys.stderr)
        raise typer.Exit(2) from error
    with _Systems(sandbox) as environ:
        application = _application(environ, {})
        raise typer.Exit(anyio.run(_call, application, tool, given))


async def _call(application: Application, tool: str, given: dict[str, Any]) -> int:
    from mcp import Client

    async with Client(application.mcp) as client:
        result = await client.call_tool(tool, given)
    for block in result.content:
        print(getattr(block, "text", ""))
    return 1 if result.is_error else 0


class _Systems:
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

            import sandbox

            running = self._held.enter_context(sandbox.start())
            folder = self._held.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            environ = {name: value for name, value in environ.items() if not _points_at_a_system(name)}
            state = {"CAMPAIGN_MCP_STATE_URL": f"sqlite:///{Path(folder, 'state.db').as_posix()}"}
            environ |= {FILE_VARIABLE: os.devnull} | state | running.settings()
        return environ

    def __exit__(self, *_: object) -> None:
        self._held.close()


def _points_at_a_system(name: str) -> bool:
    """Whether a variable could lead to a real system: with the sandbox none of them counts, nor does the file."""
    return name.startswith(("CAMPAIGN_MCP_UNICA__", "CAMPAIGN_MCP_ACTITO__"))


def _settings(environ: dict[str, str], flags: dict[str, bool]) -> Settings:
    from mcp_server.settings import SettingsError, load

    try:
        settings = load(environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    return settings.model_copy(update={name: True for name, given in flags.items() if given})


def _application(environ: dict[str, str], flags: dict[str, bool]) -> Application:
    from mcp_server.application import Application

    settings = _settings(environ, flags)
    try:
        return Application(settings)
    except ValueError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error


def main() -> None:
    """Entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
