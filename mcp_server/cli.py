"""The command line: serve, demo, sandbox, doctor, call, routes, settings. A command imports what it needs itself."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mcp_server import NAME, serving, version
from mcp_server.serving import Systems, application_of, settings_of

if TYPE_CHECKING:
    from mcp_server.application import Application
    from mcp_server.settings import Settings

app = typer.Typer(
    name=NAME,
    help="An MCP server for campaign work in HCL Unica Campaign, HCL Unica Collaborate and Actito.",
    epilog="Exit codes: 0 done; 1 the doctor found a fault, the answer of a tool is an error, or nobody reads on; "
    "2 wrong arguments, settings or port; 130 stopped by Ctrl+C.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ReadOnly = Annotated[bool, typer.Option("--read-only", help="List and run only tools that read.")]
NoDelete = Annotated[bool, typer.Option("--no-delete", help="Leave out what deletes, retires, clears or ends.")]
NoSend = Annotated[bool, typer.Option("--no-send", help="Leave out what reaches customers or changes consent.")]
WithSandbox = Annotated[bool, typer.Option("--sandbox", help="Bring stand-ins of the systems, with demo data.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]

HTTP_PORT = 8765


def _say_version(wanted: bool) -> None:
    if wanted:
        print(NAME, version())
        raise typer.Exit


@app.callback()
def _everything(
    asked: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    pass


@app.command()
def serve(
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP on loopback instead of stdio.")] = False,
    port: Annotated[
        int | None,
        typer.Option(help=f"Port of --http: {HTTP_PORT} unless given, 0 takes a free one.", min=0, max=65535),
    ] = None,
    sandbox: WithSandbox = False,
    read_only: ReadOnly = False,
    no_delete: NoDelete = False,
    no_send: NoSend = False,
) -> None:
    """Serve an assistant, over stdio or HTTP."""
    if port is not None and not http:
        raise typer.BadParameter(
            f"it is the port of --http. Write: serve --http --port {port}; or leave it out to serve over stdio.",
            param_hint="'--port'",
        )
    flags = {"read_only": read_only, "no_delete": no_delete, "no_send": no_send}
    serving.serve(flags, sandbox=sandbox, port=(HTTP_PORT if port is None else port) if http else None)


@app.command()
def demo(
    yes: Annotated[bool, typer.Option("--yes", help="The scripted person says yes.")] = False,
    no: Annotated[bool, typer.Option("--no", help="The scripted person says no.")] = False,
) -> None:
    """Tell a marketer's story with real calls.

    At a terminal you answer the questions, elsewhere a scripted person does.
    """
    if yes and no:
        raise typer.BadParameter("the scripted person says either yes or no, not both.", param_hint="'--yes', '--no'")
    import anyio

    from mcp_server.demo import story

    raise typer.Exit(anyio.run(story, "yes" if yes else "no" if no else ""))


@app.command("sandbox")
def run_sandbox(
    port: Annotated[int, typer.Option(help="Port on loopback; 0 takes a free one.", min=0, max=65535)] = 8700,
    scale: Annotated[int, typer.Option(help="How many times the demo data.", min=1, max=1000)] = 1,
) -> None:
    """Run the stand-ins alone.

    Prints the settings that point at them.
    """
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
def doctor(sandbox: WithSandbox = False, as_json: AsJson = False) -> None:
    """Check the way to the systems; change nothing.

    Looks at settings, addresses, TLS, proxy, login, rights, routes and state, and says what to do.
    """
    from functools import partial

    import anyio

    from mcp_server.doctor import examine
    from mcp_server.state import State

    with Systems(sandbox) as environ:
        settings = settings_of(environ, {})

        async def look() -> int:
            state = State(settings.state_url)
            try:
                report = await examine(settings, state, tell=_silent if as_json else partial(print, flush=True))
            finally:
                await state.close()
            print(_json(report.as_json()) if as_json else f"\n{report.verdict}")
            return report.exit_code

        code = anyio.run(look)
    raise typer.Exit(code)


def _silent(text: str) -> None:
    """Tell nobody: the whole report comes at the end."""


@app.command()
def interrupted(
    dismiss: Annotated[
        str, typer.Option(metavar="REFERENCE", help="Forget this one: you have looked how its objects are.")
    ] = "",
) -> None:
    """List interrupted calls, or dismiss one.

    Those are calls that ended early while they wrote, or that left a doubt. The next call that touches the same objects
    tells of them as well.
    """
    import anyio

    settings = settings_of(dict(os.environ), {})
    raise typer.Exit(anyio.run(_interrupted, settings, dismiss))


async def _interrupted(settings: Settings, dismiss: str) -> int:
    from zoneinfo import ZoneInfo

    from mcp_server import earlier
    from mcp_server.state import State
    from upstream.tokens import StoreUnavailable

    state = State(settings.state_url)
    try:
        if dismiss and not await state.intents.dismiss(dismiss.strip()):
            print(f"Nothing that was interrupted has the reference {dismiss!r}.", file=sys.stderr)
            return 2
        for intent in await state.intents.unsettled():
            print(earlier.described(intent, ZoneInfo(settings.surroundings(intent.whose.system).time_zone)))
        return 0
    except StoreUnavailable as broken:
        print(broken, file=sys.stderr)
        return 2
    finally:
        await state.close()


@app.command()
def routes(as_json: AsJson = False) -> None:
    """List the routes, with tool and risk."""
    from mcp_server.routes import rows

    _table(rows(), as_json)


@app.command("settings")
def list_settings(as_json: AsJson = False) -> None:
    """List the settings, with default and meaning."""
    from mcp_server.settings.table import rows

    _table([dict(zip(("variable", "default", "meaning"), row, strict=True)) for row in rows()], as_json)


def _tools(incomplete: str) -> Iterable[str]:
    """The names of tools that begin so, for the shell."""
    from importlib import resources

    described = json.loads(resources.files("mcp_server").joinpath("catalogue.json").read_text(encoding="utf-8"))
    return (name for each in described if (name := each["published"]["name"]).startswith(incomplete))


@app.command()
def call(
    tool: Annotated[str, typer.Argument(help="Name of a tool.", autocompletion=_tools)],
    arguments: Annotated[
        str, typer.Argument(help="Its arguments as a JSON object; @FILE reads them from a file, - from the input.")
    ] = "{}",
    sandbox: WithSandbox = False,
    as_json: AsJson = False,
) -> None:
    """Call one tool and print its answer.

    Questions are asked as of a client without forms: by a code. Ends with 1 when the answer is an error.
    """
    import anyio

    given = _arguments(arguments)
    with Systems(sandbox) as environ:
        application = application_of(environ, {})
        raise typer.Exit(anyio.run(_call, application, tool, given, as_json))


async def _call(application: Application, tool: str, given: dict[str, Any], as_json: bool) -> int:
    from mcp import Client

    async with Client(application.mcp) as client:
        result = await client.call_tool(tool, given)
    if as_json:
        print(_json(result.structured_content))
    else:
        print(*(getattr(block, "text", "") for block in result.content), sep="\n")
    return 1 if result.is_error else 0


def _arguments(said: str) -> dict[str, Any]:
    """The arguments of a tool, from the command line, a file or the input. Raises BadParameter with what to write."""
    try:
        if said == "-":
            text: str | bytes = sys.stdin.buffer.read()
        else:
            text = Path(said[1:]).expanduser().read_bytes() if said.startswith("@") else said
        # A file's encoding is found by its first bytes: some shells write UTF-16.
        given = json.loads(text.decode(json.detect_encoding(text)) if isinstance(text, bytes) else text)
        if not isinstance(given, dict):
            raise ValueError("it is something else")
    except OSError as error:
        raise typer.BadParameter(f"{said[1:]} can't be read ({error.strerror}).", param_hint="'ARGUMENTS'") from error
    except (ValueError, RuntimeError) as error:
        raise typer.BadParameter(
            f'a JSON object is needed, such as {{"search": "card"}}, or @FILE, or - for the input: {error}.',
            param_hint="'ARGUMENTS'",
        ) from error
    return given


def _table(rows: Sequence[dict[str, str]], as_json: bool) -> None:
    """Print rows with the same keys, as columns or as a JSON array of objects."""
    if as_json:
        print(_json(rows))
        return
    widths = {key: max(len(row[key]) for row in rows) for key in rows[0]}
    for row in rows:
        print("  ".join(row[key].ljust(width) for key, width in widths.items()).rstrip())


def _json(value: Any) -> str:
    """JSON in ASCII, which no encoding of a pipe can spoil."""
    return json.dumps(value, indent=1)
