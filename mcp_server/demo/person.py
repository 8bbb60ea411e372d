"""Who answers the questions of the demo: the person at the terminal, or a scripted one that is printed as such."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any, Literal

import anyio.to_thread
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult

from mcp_server.demo.page import Page

Script = Literal["", "yes", "no"]


@dataclass
class Person:
    """`script` fixes every answer; without one a terminal is asked, and elsewhere `next_answer` is given."""

    page: Page
    script: Script
    next_answer: bool = True
    answers: list[bool] = field(default_factory=list)

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.page.question(params.message)
        agreed = await self._decide()
        self.answers.append(agreed)
        fields: dict[str, Any] = getattr(params, "requested_schema", {}).get("properties", {})
        if not agreed:
            return ElicitResult(action="decline")
        content: dict[str, Any] = {"confirm": True} if "confirm" in fields else {}
        return ElicitResult(action="accept", content=content)

    async def _decide(self) -> bool:
        if not self.script and sys.stdin.isatty() and sys.stdout.isatty():
            said = await anyio.to_thread.run_sync(input, "  your answer, yes or no: ")
            return said.strip().casefold() in ("y", "yes")
        agreed = self.script == "yes" or (not self.script and self.next_answer)
        self.page.scripted("yes" if agreed else "no")
        return agreed
