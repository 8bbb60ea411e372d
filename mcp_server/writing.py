"""Carrying out the half of a tool that writes, so that its outcome is known and recorded whatever happens to the call.

Each request is recorded before it leaves. A client that cancels, or a server that is told to stop, does not interrupt
an object that was begun: it is brought to its end, no other one is begun, and the outcome is in the state database even
if nobody waits for the answer any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio

from mcp_server.outcomes import tally
from mcp_server.state import Intents
from mcp_server.state.intents import Item, State, Whose
from mcp_server.words import one_line
from tools.batches import CHECK
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import Tool
from upstream.approval import Approval
from upstream.errors import NotSent, OutcomeUnknown, UpstreamError
from upstream.request import Request
from upstream.tokens import StoreUnavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

NAMED_KINDS = frozenset(
    {
        "attribute",
        "campaign",
        "offer",
        "offer_list",
        "target_cell",
        "project",
        "simple_list",
        "advanced_list",
        "on_demand_campaign",
        "template_folder",
        "form_folder",
        "email_campaign",
        "webhook",
        "custom_action",
        "etl",
    }
)
"""Kinds of objects whose names name no person, so that the state database may have them."""


def target_of(change: Change) -> str:
    """The object as an intent names it: what is to be made has no id yet, and is known by its name."""
    return change.target if change.id else f"{change.kind}:new:{change.name.strip().casefold()}"


@dataclass
class Writing:
    """One call that writes: its changes, what of them was begun, and the intent under which that is recorded.

    `intent` is empty where the state database is away and the operator lets ordinary writes go on without it.
    `stopping` tells that no further object may be begun.
    """

    call: Call
    approval: Approval | None
    changes: Sequence[Change]
    intents: Intents
    whose: Whose
    stopping: Callable[[], bool]
    intent: str = ""
    interrupted: bool = False
    begun: set[int] = field(default_factory=set)

    async def begin(self, tool: str, reference: str) -> None:
        """Record what is about to be done. Raises StoreUnavailable, and then nothing may be done."""
        items = [Item(target_of(change), _label(change)) for change in self.changes]
        self.intent = await self.intents.begin(reference, tool, self.whose, items)

    async def send(self, request: Request[T], changes: Sequence[Change]) -> T:
        """Send a request that writes, after recording that it is under way.

        Raises:
            NotSent: this server is stopping, the call was cancelled, or it can't be recorded; nothing left.
            UpstreamError: as `Session.send` does.
        """
        places = self._places(request, changes)
        if self.stopping() and not self.begun.issuperset(places):
            self.interrupted = True
            raise NotSent("This server is being stopped, or the call was cancelled, so it was not begun.")
        await self._move(places, "sending", needed=True)
        self.begun.update(places)
        try:
            answer = await self.call.session.send(request, approval=self.approval)
        except OutcomeUnknown:
            await self._move(places, "unknown")
            raise
        except UpstreamError:
            await self._move(places, "refused")
            raise
        await self._move(places, "answered")
        return answer

    async def end(self, outcomes: Sequence[Outcome]) -> None:
        """Record what became of the changes. A state database that is away is logged: the writes have happened."""
        if not self.intent:
            return
        states = self._states(outcomes)
        whole = not (self.interrupted and self.begun)
        try:
            await self.intents.end(self.intent, states, tally(outcomes), whole=whole)
            known = [target_of(self.changes[place]) for place, state in states.items() if state in _KNOWN]
            known += [target_of(outcome.change) for outcome in outcomes if outcome.status == "already"]
            await self.intents.settle(self.whose, known, but=self.intent)
        except StoreUnavailable as broken:
            log.warning("the outcome of intent %s could not be recorded: %s", self.intent[:8], broken)

    def _states(self, outcomes: Sequence[Outcome]) -> dict[int, State]:
        """The state of each change, by its place, as its outcome has it."""
        places: dict[str, list[int]] = {}
        for place, change in enumerate(self.changes):
            places.setdefault(target_of(change), []).append(place)
        states: dict[int, State] = {}
        for outcome in outcomes:
            if waiting := places.get(target_of(outcome.change)):
                place = waiting.pop(0)
                left_out = self.begun and outcome.status == "refused" and place not in self.begun
                states[place] = "not_begun" if left_out else outcome.status
        return states

    def _places(self, request: Request[Any], changes: Sequence[Change]) -> list[int]:
        """The places of the changes that a request makes: those given, else those it names, else all that are left."""
        if changes:
            meant = {id(change) for change in changes}
            return [place for place, change in enumerate(self.changes) if id(change) in meant]
        targets = request.target_ids()
        named = [place for place, change in enumerate(self.changes) if change.target in targets]
        return named or [*range(len(self.changes))]

    async def _move(self, places: Collection[int], state: State, *, needed: bool = False) -> None:
        if not self.intent:
            return
        try:
            await self.intents.move(self.intent, places, state)
        except StoreUnavailable as broken:
            if needed:
                raise NotSent(f"It was not sent, since that can't be recorded now. {broken}") from None
            log.warning("intent %s could not be brought up to date: %s", self.intent[:8], broken)


_KNOWN: frozenset[State] = frozenset({"done", "already", "refused"})


def _label(change: Change) -> str:
    if change.kind not in NAMED_KINDS:
        return ""
    return one_line(f"{change.name} ({change.known_id})" if change.known_id else change.name)


async def write(tool: Tool, call: Call, plan: Plan, writing: Writing) -> list[Outcome]:
    """The outcome of every change, and of those that were settled before; recorded however this ends.

    A cancellation lets what was begun come to its end, begins nothing else, and is raised then.

    Raises:
        UpstreamError: the one change there was did not happen, for this reason.
    """
    ended: list[list[Outcome] | UpstreamError] = []
    cancelled = False
    over = anyio.Event()
    stopping = writing.stopping
    writing.stopping = lambda: cancelled or stopping()

    async def carry_out() -> None:
        with anyio.CancelScope(shield=True):
            try:
                outcomes = await _apply(tool, call, plan.changes)
                ended.append(outcomes)
                await writing.end([*outcomes, *plan.settled])
            except UpstreamError as error:
                ended.append(error)
                await writing.end([Outcome(change, "refused", str(error)) for change in plan.changes])
            finally:
                over.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(carry_out)
        try:
            await over.wait()
        except anyio.get_cancelled_exc_class():
            cancelled = True
            log.warning("%s was cancelled while it wrote: what was begun comes to its end, no more is begun", tool.name)
            raise
    (result,) = ended
    if isinstance(result, UpstreamError):
        raise result
    return [*result, *plan.settled]


async def _apply(tool: Tool, call: Call, changes: Sequence[Change]) -> list[Outcome]:
    assert tool.apply is not None, f"{tool.name} has no half that writes"
    try:
        return [*await tool.apply(call, changes)]
    except Exception as error:
        if isinstance(error, UpstreamError) and error.code != "outcome_unknown" and len(changes) == 1:
            raise
        # Some of it may have happened. Which part is not known, so nothing else may be said of any of it.
        if isinstance(error, UpstreamError):
            reason = f"{error.message} {CHECK}"
        else:
            log.exception("the writing half of %s failed", tool.name)
            reason = f"The server failed while it wrote. {CHECK}"
        return [Outcome(each, "unknown", reason) for each in changes]
