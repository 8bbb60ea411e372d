"""The guard: nothing that destroys or reaches customers happens without a person's yes to exactly that.

A plan is previewed; the person is asked by the best channel the client has; the answer is bound to what was shown by
a reference, and the reference is consumed in the state database before the first write. So a replayed answer is asked
again, an object that changed voids the approval, and where nobody can be asked nothing happens.

The reference is an HMAC over tool, arguments, identity, a digest of the objects as shown and the number of approvals
consumed before: the question's text is the same each time it is rendered, until it must not be.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mcp.types import CallToolResult, InputRequiredResult

from mcp_server import earlier, outcomes
from mcp_server.asking import Asking
from mcp_server.job import Bound, Job, Refusal, forbidden, needs_a_yes, nothing_to_do, previewed, say, why_not
from mcp_server.making import Making
from mcp_server.preview import headline
from mcp_server.state import State
from mcp_server.writing import Writing, target_of, write
from tools.change import Plan
from tools.declare import Tool
from upstream.approval import Approval, mint
from upstream.request import Request
from upstream.tokens import StoreUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cleared:
    """A plan that may be carried out, and what its approval is bound to."""

    plan: Plan
    bound: Bound | None = None
    approval: Approval | None = None

    @property
    def reference(self) -> str:
        return self.bound.reference if self.bound else ""


class Guard:
    """Carries out writing tools. `key` seals approvals; the session manager has the same."""

    def __init__(self, state: State, key: bytes) -> None:
        self._state = state
        self._key = key
        self._asking = Asking(state, self)

    async def carry_out(self, job: Job) -> CallToolResult | InputRequiredResult:
        """Plan, ask where it must be asked, and write."""
        plan = await self.plan(job)
        if not plan.changes:
            await self._settle(job, plan)
            return nothing_to_do(job, plan)
        if job.dry_run:
            return previewed(job, plan)
        if reason := forbidden(job, plan):
            return say(job, "refused", f"Not done: {headline(plan, job.call.environment)}.", notes=[reason])
        try:
            cleared = await self._clear(job, plan)
        except StoreUnavailable as broken:
            notes = ["Reading goes on. What needs an approval is refused until the state database is back."]
            return say(job, "refused", f"Not done: approvals can't be recorded now. {broken}", notes=notes)
        if not isinstance(cleared, Cleared):
            return cleared
        try:
            writing = await self._begin(job, cleared)
        except StoreUnavailable as broken:
            notes = ["Reading goes on. The operator can let ordinary writes go on (CAMPAIGN_MCP_WRITE_WITHOUT_STATE)."]
            return say(job, "refused", f"Not done: it can't be recorded now. {broken}", notes=notes)
        return await self._write(job, cleared, writing)

    async def plan(self, job: Job, *, answered: bool = False, fresh: bool = False) -> Plan:
        """Plan, and add what interrupted calls have left of the same objects."""
        plan = await job.plan(answered=answered, fresh=fresh)
        try:
            found = await self._state.intents.touching(job.whose, earlier.targets_of(plan))
        except StoreUnavailable:
            # Without the database nothing guarded is written, and a preview does no harm.
            return plan
        if not found:
            return plan
        asks = plan.asks
        if doubtful := earlier.doubtful(found, plan):
            again = f"{len(doubtful)} of {len(plan.changes)} may have happened already, in a call that was interrupted."
            asks = f"{asks} {again}".strip()
        return replace(plan, earlier=earlier.told(found, plan, job.call.time_zone), asks=asks)

    async def _settle(self, job: Job, plan: Plan) -> None:
        """Where nothing is left to do, what an interrupted call left open is answered by how the objects are."""
        there = [outcome.change for outcome in plan.settled if outcome.status == "already"]
        if plan.earlier and there and not job.dry_run:
            with suppress(StoreUnavailable):
                await self._state.intents.settle(job.whose, [target_of(change) for change in there])

    async def _begin(self, job: Job, cleared: Cleared) -> Writing:
        """Record what is about to be done; raises StoreUnavailable where it must not be done without that."""
        plan = cleared.plan
        writing = Writing(
            job.call, cleared.approval, plan.changes, self._state.intents, job.whose, job.running.stopping
        )
        try:
            await writing.begin(job.tool.name, cleared.reference)
        except StoreUnavailable:
            if plan.guarded or cleared.bound or not job.rules.write_without_state:
                raise
        return writing

    async def _clear(self, job: Job, plan: Plan) -> Cleared | Refusal:
        """Everything between a plan and its first write; nothing is recorded for what nobody guards."""
        asks = needs_a_yes(job, plan)
        if not (asks or plan.guarded):
            return Cleared(plan)
        bound = await self.bind(job, plan)
        if asks:
            agreed = await self._asking.ask(job, plan, bound)
            if not isinstance(agreed, Plan):
                return agreed
            plan = agreed
        return Cleared(plan, bound, self._approve(job.tool, plan, bound) if plan.guarded else None)

    async def bind(self, job: Job, plan: Plan) -> Bound:
        session = job.call.session
        secret = await self._state.key("approvals")
        # Servers for several environments may share one database: what was approved in one is not so in another.
        whose = [job.call.environment, session.system, session.account, session.identity]
        canonical = json.dumps([job.tool.name, job.arguments, whose], sort_keys=True, default=str)
        key = hmac.new(secret, canonical.encode(), hashlib.sha256).hexdigest()
        number = await self._state.approvals.consumed(key)
        shown = json.dumps([key, plan.digest(), number])
        digits = hmac.new(secret, shown.encode(), hashlib.sha256).hexdigest()[:8].upper()
        return Bound(key, number, f"{digits[:4]}-{digits[4:]}")

    def _approve(self, tool: Tool, plan: Plan, bound: Bound) -> Approval:
        operations = frozenset(each.name for route in tool.routes for each in route.operations())
        targets = frozenset(each.target for each in plan.changes)
        return mint(self._key, bound.reference, operations, targets, frozenset(each.risk for each in plan.changes))

    def _approve_own(self, reference: str, deletion: Request[Any]) -> Approval:
        """For what the very call has made: this one request and no other (`mcp_server.making`)."""
        risks = frozenset({deletion.risk})
        return mint(self._key, reference, frozenset({deletion.operation_id}), deletion.target_ids(), risks)

    async def _write(self, job: Job, cleared: Cleared, writing: Writing) -> CallToolResult:
        plan, reference = cleared.plan, cleared.reference
        call = replace(job.call.approved(cleared.approval), writer=writing)
        making = Making(job.tool, call, self._state.intents, job.whose, self._approve_own, partial(why_not, job))
        job.running.writes = True
        try:
            done = await write(job.tool, replace(call, maker=making), plan, writing)
        finally:
            making.close()
        await job.tell(job.call, done)
        if plan.watch and job.tool.follow is not None:
            try:
                with job.running.until_stopped():
                    done = await job.tool.follow(job.call, done)
            except Exception:  # what was written must be told, whatever stops the watching
                log.exception("%s could not be watched", job.tool.name)
        line = f"{headline(plan, job.call.environment)}: {outcomes.summary(done)}."
        # What was warned of is over with a run that was watched to its end, and with what did not happen at all.
        over = all(each.ended or each.status in ("refused", "already") for each in done)
        warnings = [*plan.earlier, *([] if over else plan.warnings)]
        return say(job, outcomes.overall(done), line, outcomes=done, reference=reference, warnings=warnings)
