"""The command line: serve, demo, sandbox, doctor, routes, call. Each command imports what it needs when it runs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mcp_server import serving
from mcp_server.serving import Systems, application_of, settings_of

if TYPE_CHECKING:
    from mcp_server.application import Application

app = typer.Typer(
    name="campaign-mcp",
    help="An MCP server for campaign work in HCL Unica Campaign, HCL Unica Collaborate and Actito.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ReadOnly = Annotated[bool, typer.Option("--read-only", help="List and run only tools that read.")]
NoDelete = Annotated[bool, typer.Option("--no-delete", help="Leave out what deletes, retires, clears or ends.")]
NoSend = Annotated[bool, typer.Option("--no-send", help="Leave out what reaches customers or changes consent.")]
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
    flags = {"read_only": read_only, "no_delete": no_delete, "no_send": no_send}
    serving.serve(flags, sandbox=sandbox, port=port if http else None)


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

    with Systems(sandbox) as environ:
        settings = settings_of(environ, {})

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
    with Systems(sandbox) as environ:
        application = application_of(environ, {})
        raise typer.Exit(anyio.run(_call, application, tool, given))


async def _call(application: Application, tool: str, given: dict[str, Any]) -> int:
    from mcp import Client

    async with Client(application.mcp) as client:
        result = await client.call_tool(tool, given)
    for block in result.content:
        print(getattr(block, "text", ""))
    return 1 if result.is_error else 0
