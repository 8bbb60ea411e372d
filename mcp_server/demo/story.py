"""The story: marketers of a bank, an assistant, and what the tools say. Its facts are read from the answers."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mcp import Client, StdioServerParameters

import sandbox
from mcp_server.clients import entries
from mcp_server.demo import actito, campaign, collaborate
from mcp_server.demo.page import Page
from mcp_server.demo.person import Person, Script
from mcp_server.demo.teller import Teller

DAY = "2026-11-20"
"""When the story is told, whatever day it is: that of the demo data."""


async def story(script: Script) -> int:
    """Tell it. Answers the exit code: 0 when every call did what the story says."""
    page = Page()
    person = Person(page, script)
    page.tell(
        "A marketer of Meridian Bank asks an assistant for help in Unica Campaign, somebody in a branch in Unica "
        "Collaborate, and customer service in Actito. What follows are real calls of a real MCP client to the real "
        "server over stdio; only the campaign systems are stand-ins with demo data."
    )
    with sandbox.start(date=DAY) as running, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "mcp_server", "serve"], env=_environ(running.settings(), Path(folder))
        )
        async with Client(server, elicitation_callback=person) as client:
            teller = Teller(client, page, person)
            await campaign.tell(teller)
            await collaborate.tell(teller)
            await actito.tell(teller)
    page.chapter("Your turn")
    page.tell("The same server with the same stand-ins in your own client; copy what fits:")
    for title, text in entries(["serve", "--sandbox"], {}):
        page.copy(title, text)
    page.copy(
        "And then",
        "For your own installation leave out --sandbox and give it an address and an account: see README.md.",
    )
    if teller.surprises:
        page.chapter("This demo did not go as it should")
        for surprise in teller.surprises:
            page.tell(f"- {surprise}")
    return 1 if teller.surprises else 0


def _environ(own: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of the server: nothing of the person's own settings, state kept in a folder that goes away."""
    nothing = folder / "settings.toml"
    nothing.touch()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CAMPAIGN_MCP_")}
    return {
        **environ,
        **own,
        "CAMPAIGN_MCP_SETTINGS_FILE": str(nothing),
        "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{(folder / 'state.db').as_posix()}",
    }
