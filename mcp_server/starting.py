"""What a server says on stderr when it starts: what is not set, what is sent in the clear, what can't be used."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import anyio

from upstream.tokens import StoreUnavailable

if TYPE_CHECKING:
    from mcp_server.application import Application

LIST_SECONDS = 1.0
"""For how long a client that starts us has us to itself, to get its list of tools."""


def say_settings(application: Application) -> None:
    """Say what the settings alone show."""
    settings = application.settings
    if not settings.systems:
        _say(
            "No campaign system is configured, so the only tool is setup_help. Set CAMPAIGN_MCP_UNICA__URL and its "
            "account, or CAMPAIGN_MCP_ACTITO__URL and its key (campaign-mcp doctor says what is missing), or try "
            "--sandbox."
        )
    for variable in settings.in_the_clear:
        _say(
            f"{variable} is plain http to another machine: passwords, tokens and data can be read on the way. "
            "Write https:// where the installation offers it."
        )


async def say_state(application: Application, serve: Callable[[], Awaitable[object]]) -> None:
    """Serve, and say meanwhile when the state database can't be used, and what it knows of interrupted calls."""
    async with anyio.create_task_group() as tasks:
        ended = anyio.Event()
        tasks.start_soon(_look, application, ended)
        try:
            await serve()
        finally:
            ended.set()


async def _look(application: Application, ended: anyio.Event) -> None:
    with anyio.move_on_after(LIST_SECONDS):
        await ended.wait()
    try:
        await application.state.check()
        await application.tell_interrupted()
    except StoreUnavailable as error:
        refused = "what needs an approval is" if application.settings.write_without_state else "changes are"
        _say(f"{error} Until it can be used, {refused} refused, and logins are not shared with other processes.")
    if ended.is_set():
        await application.state.close()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
