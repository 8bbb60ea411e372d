"""What a call has made itself it may take back, and nothing else: the one deletion that no person is asked about.

A tool that makes something in several steps must not leave half of it behind when a step fails. So the guard lends the
writing half a maker: it sends the request that makes something, reads the id out of the system's own answer, and later
deletes exactly that id. Nobody can hand it another id, and when the writing half is over it deletes nothing any more.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from mcp_server.state import Intents
from mcp_server.state.intents import Item, State, Whose
from tools.call import Call, Made
from tools.declare import Tool
from upstream.approval import Approval
from upstream.errors import OutcomeUnknown
from upstream.request import Request, Risk
from upstream.tokens import StoreUnavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

Approve = Callable[[str, Request[Any]], Approval]
"""Makes the approval of one very request, under a reference."""


class Making:
    """The maker of one call. `forbids` says why nothing of a risk may happen at all, or nothing."""

    def __init__(
        self, tool: Tool, call: Call, intents: Intents, whose: Whose, approve: Approve, forbids: Callable[[Risk], str]
    ) -> None:
        self._tool = tool
        self._call = call
        self._intents = intents
        self._whose = whose
        self._approve = approve
        self._forbids = forbids
        self._mine: list[Request[Any]] = []

    async def make(self, request: Request[T]) -> Made[T]:
        """Send what makes something; raises as `Session.send` does, and then there is nothing to take back."""
        answer = await self._call.send(request)
        deletion = request.taken_back(answer)
        if deletion is not None:
            self._mine.append(deletion)
        return Made(answer, partial(self._take_back, deletion))

    def close(self) -> None:
        """The call is over: what it made stays."""
        self._mine.clear()

    async def _take_back(self, deletion: Request[Any] | None) -> str:
        if deletion is None:
            return "the system did not say which number it has"
        if not any(each is deletion for each in self._mine):
            return "it can be taken back once only, and only within the call that made it"
        if not isinstance(deletion, self._tool.takes_back):
            return "this tool deletes nothing"
        if forbidden := self._forbids(deletion.risk):
            return forbidden
        self._mine = [each for each in self._mine if each is not deletion]
        reference = f"OWN-{secrets.token_hex(4).upper()}"
        try:
            items = [Item(target) for target in sorted(deletion.target_ids())]
            intent = await self._intents.begin(reference, self._tool.name, self._whose, items)
            await self._intents.move(intent, range(len(items)), "sending")
        except StoreUnavailable:
            return "deletions can't be recorded now"
        ended: State = "refused"
        try:
            await self._call.session.send(deletion, approval=self._approve(reference, deletion))
            ended = "done"
        except OutcomeUnknown:
            ended = "unknown"
            raise
        finally:
            try:
                states = dict.fromkeys(range(len(items)), ended)
                await self._intents.end(intent, states, {ended: 1}, whole=True)
            except StoreUnavailable as broken:
                log.warning("the outcome of %s could not be recorded: %s", reference, broken)
        return ""
