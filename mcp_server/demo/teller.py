"""Who tells a chapter: makes real calls, prints each with its answer, and keeps what went otherwise than told."""

from __future__ import annotations

from typing import Any

from mcp import Client
from mcp.types import CallToolResult

from mcp_server.demo.page import Page
from mcp_server.demo.person import Person


class Teller:
    """The assistant of the story. `surprises` are the sentences that did not hold."""

    def __init__(self, client: Client, page: Page, person: Person) -> None:
        self.page = page
        self.surprises: list[str] = []
        self._client = client
        self._person = person

    async def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """The data of an answer, with what a story asks for filled in."""
        return await self._told(tool, arguments, watched=False)

    async def ask(self, tool: str, /, *, scripted: bool, **arguments: Any) -> bool:
        """A call that a person is asked about, and the answer; `scripted` is what a scripted person says.

        Where it runs for a while, its progress is printed.
        """
        self._person.next_answer = scripted
        before = len(self._person.answers)
        answer = await self._told(tool, arguments, watched=True)
        if len(self._person.answers) == before:
            self.surprises.append(f"nobody was asked about {tool}")
            return False
        agreed = self._person.answers[-1]
        self.expect(answer["status"] == ("done" if agreed else "declined"), f"the answer to {tool} was not honoured")
        return agreed

    async def err(self, tool: str, /, **arguments: Any) -> str:
        """A call that is wrong; answers what the assistant reads."""
        self.page.call(tool, arguments)
        result = await self._client.call_tool(tool, arguments)
        self.page.answer(_text(result), error=True)
        self.expect(result.is_error, f"{tool} took what is wrong")
        return _text(result)

    def expect(self, held: bool, otherwise: str) -> None:
        """Hold the story against what happened; `otherwise` is said when it is not so."""
        if not held:
            self.surprises.append(otherwise)

    async def _told(self, tool: str, arguments: dict[str, Any], *, watched: bool) -> dict[str, Any]:
        self.page.call(tool, arguments)
        result = await self._client.call_tool(tool, arguments, progress_callback=self._progress if watched else None)
        self.page.answer(_text(result), error=result.is_error)
        self.expect(not result.is_error, f"{tool} failed")
        return {"total": 0, "items": [], "status": "", **(result.structured_content or {})}

    async def _progress(self, progress: float, total: float | None, message: str | None) -> None:
        self.page.progress(message or f"{progress:g}")


def _text(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")
