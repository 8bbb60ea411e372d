"""The story: a marketer of a bank, an assistant, and what the tools say. Its facts are read from the answers."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

import sandbox
from mcp_server.demo.clients import settings
from mcp_server.demo.page import Page
from mcp_server.demo.person import Person, Script

SEASON = "Spring 2026"
LAST_SEASON = "Summer 2025"
CAMPAIGN = "Spring 2026 Gold Card Cashback"


async def story(script: Script) -> int:
    """Tell it. Answers the exit code: 0 when every call did what the story says."""
    page = Page()
    person = Person(page, script)
    page.tell(
        "A marketer of Meridian Bank asks an assistant for help in Unica Campaign. What follows are real calls of a "
        "real MCP client to the real server over stdio; only the campaign system is a stand-in with demo data."
    )
    with sandbox.start() as running, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "mcp_server", "serve"], env=_environ(running.settings(), Path(folder))
        )
        async with Client(server, elicitation_callback=person) as client:
            teller = _Teller(client, page, person)
            await teller.tell()
    page.chapter(7, "Your turn")
    page.tell("The same server with the same stand-ins in your own client; copy what fits:")
    for title, text in settings():
        page.copy(title, text)
    page.copy(
        "And then",
        "For your own installation leave out --sandbox and give it an address and an account: see README.md.",
    )
    if teller.surprises:
        page.chapter(8, "This demo did not go as it should")
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


class _Teller:
    def __init__(self, client: Client, page: Page, person: Person) -> None:
        self._client = client
        self._page = page
        self._person = person
        self.surprises: list[str] = []

    async def tell(self) -> None:
        await self._find_offers()
        await self._read_campaign()
        await self._create_campaign()
        retired = await self._retire_offers()
        await self._decline_a_delete(retired)
        await self._wrong_argument()

    async def _find_offers(self) -> None:
        self._page.chapter(1, f"Which e-mail offers did we have in {SEASON}?")
        found = await self._call(
            "offers_find",
            attributes={"season": SEASON, "channel": "Email"},
            fields=["code", "retired", "segment", "cost", "expiry_date"],
        )
        self._expect(found["total"] > 0, f"no offers of {SEASON} were found")

    async def _read_campaign(self) -> None:
        self._page.chapter(2, f"How did {CAMPAIGN} do?")
        found = await self._call("campaigns_find", campaigns=[CAMPAIGN])
        self._expect(found["total"] == 1, "the campaign was not found")
        await self._call("target_cells_find", campaign=CAMPAIGN)
        await self._call("campaigns_metrics", campaigns=[CAMPAIGN])

    async def _create_campaign(self) -> None:
        self._page.chapter(3, "Plan the follow-up for next spring, with a cell for the gold card holders")
        made = await self._call(
            "campaigns_save",
            name="Spring 2027 Gold Card Cashback",
            description="Follow-up of Spring 2026 for gold card holders",
            initiative="Digital first",
            start="2027-03-01",
            end="2027-05-31",
        )
        self._expect(made["status"] == "done", "the campaign was not created")
        cell = await self._call(
            "target_cells_save",
            campaign="Spring 2027 Gold Card Cashback",
            name="Gold card holders, no cashback offer yet",
        )
        self._expect(cell["status"] == "done", "the cell was not created")

    async def _retire_offers(self) -> list[str]:
        self._page.chapter(4, f"Retire the offers of {LAST_SEASON} that are still open")
        found = await self._call("offers_find", search=LAST_SEASON, retired="no", limit=5)
        ids = [str(each["id"]) for each in found["items"]]
        self._person.next_answer = True
        answer = await self._call("offers_retire", offers=ids)
        agreed = self._person.answers[-1]
        self._expect(answer["status"] == ("done" if agreed else "declined"), "the approval was not honoured")
        return ids

    async def _decline_a_delete(self, ids: list[str]) -> None:
        self._page.chapter(5, "Delete a campaign? The person thinks again")
        self._person.next_answer = False
        answer = await self._call("campaigns_delete", campaigns=["Spring 2027 Gold Card Cashback"])
        agreed = self._person.answers[-1]
        self._expect(answer["status"] == ("done" if agreed else "declined"), "the answer was not honoured")
        there = await self._call("campaigns_find", search="Spring 2027 Gold")
        self._expect(there["total"] == (0 if agreed else 1), "the campaign is not as the person decided")
        self._page.tell("It is gone, as the person said." if agreed else "It is still there: a no changes nothing.")

    async def _wrong_argument(self) -> None:
        self._page.chapter(6, "The assistant makes a mistake, and reads what to do")
        wrong = {"atributes": {"season": SEASON}, "limit": 5000}
        self._page.call("offers_find", wrong)
        result = await self._client.call_tool("offers_find", wrong)
        self._page.answer(_text(result), error=True)
        self._expect(result.is_error, "a wrong argument was taken")

    async def _call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        self._page.call(tool, arguments)
        result = await self._client.call_tool(tool, arguments)
        self._page.answer(_text(result), error=result.is_error)
        self._expect(not result.is_error, f"{tool} failed")
        return {"total": 0, "items": [], "status": "", **(result.structured_content or {})}

    def _expect(self, held: bool, otherwise: str) -> None:
        if not held:
            self.surprises.append(otherwise)


def _text(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")
