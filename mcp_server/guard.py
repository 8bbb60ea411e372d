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
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import anyio
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, InputRequiredResult

from mcp_server import earlier, outcomes
from mcp_server.answer import Setting
from mcp_server.making import Making
from mcp_server.outcomes import Status, Told
from mcp_server.preview import headline, preview
from mcp_server.sdk import MODERN, SEALING_KEY, Question, answers_a_question, ask, can_ask, client_of
from mcp_server.state import State
from mcp_server.state.intents import Whose
from mcp_server.work import Running, Work
from mcp_server.writing import Writing, target_of, write
from tools.call import Call
from tools.change import Outcome, Plan
from tools.declare import Tool
from upstream.approval import Approval, mint
from upstream.request import GUARDED, Request, Risk
from upstream.tokens import StoreUnavailable

log = logging.getLogger(__name__)

MANY = 50
"""More objects than this: the person types the number."""
UNSEEN_SECONDS = 45.0
"""How long a question waits in a client that was never seen to answer a form: some draw none and give up after 60 s."""
LOOKING_SECONDS = 8.0
"""How long a plan may look for what depends on its objects."""

Channel = Literal["elicitation", "code"]


def _nothing_forbidden(risk: Risk) -> str:
    return ""


async def _nobody_told(call: Call, outcomes: Sequence[Outcome]) -> None:
    return None


@dataclass(frozen=True)
class Rules:
    """What the operator decided for one system: policy, channels, and tools that ask although they need not.

    `forbids` says why nothing of that risk may happen at all, or nothing. `write_without_state` lets ordinary writes
    go on where they can't be recorded.
    """

    policy: Literal["block", "confirm", "allow"]
    production: bool
    channels: Sequence[str] = ("elicitation", "code")
    channels_reaching_customers: Sequence[str] = ("elicitation",)
    confirm_also: frozenset[str] = frozenset()
    question_seconds: float = 300
    write_without_state: bool = False
    forbids: Callable[[Risk], str] = _nothing_forbidden


@dataclass(frozen=True)
class Job:
    """One call of a writing tool: what is to be done, by whom, under which rules, and how its client can be asked.

    `tell` is handed the outcomes once there are some, and raises nothing. `running` tells when the server is to stop.
    """

    tool: Tool
    arguments: Mapping[str, Any]
    call: Call
    context: Context[Any, Any]
    rules: Rules
    dry_run: bool = False
    code: str = ""
    tell: Callable[[Call, Sequence[Outcome]], Awaitable[None]] = _nobody_told
    running: Running = field(default_factory=lambda: Running(Work()))

    @property
    def whose(self) -> Whose:
        """Where what this call does belongs."""
        return Whose(self.call.environment, self.call.session.system, self.call.session.account)

    async def plan(self, *, answered: bool = False, fresh: bool = False) -> Plan:
        """Look at the objects as they are now. `answered`: what depends on them is what the person was shown."""
        answering = not fresh and (answered or bool(self.code) or answers_a_question(self.context))
        call = replace(self.call, deadline=anyio.current_time() + LOOKING_SECONDS, answering=answering)
        plan: Plan = await self.tool.function(call, **self.arguments)
        return plan


@dataclass(frozen=True)
class Bound:
    """What an approval is bound to: the call (`key`), which approval of it this is, and what a person is shown."""

    key: str
    number: int
    reference: str


@dataclass(frozen=True)
class Cleared:
    """A plan that may be carried out, and what its approval is bound to."""

    plan: Plan
    bound: Bound | None = None
    approval: Approval | None = None

    @property
    def reference(self) -> str:
        return self.bound.reference if self.bound else ""


Refusal = CallToolResult | InputRequiredResult


class Guard:
    """Carries out writing tools. `key` seals approvals; the session manager has the same."""

    def __init__(self, state: State, key: bytes) -> None:
        self._state = state
        self._key = key

    async def carry_out(self, job: Job) -> CallToolResult | InputRequiredResult:
        """Plan, ask where it must be asked, and write."""
        plan = await self._plan(job)
        if not plan.changes:
            await self._settle(job, plan)
            return _nothing_to_do(job, plan)
        if job.dry_run:
            return _previewed(job, plan)
        if forbidden := _forbidden(job, plan):
            return _say(job, "refused", f"Not done: {headline(plan, job.call.environment)}.", notes=[forbidden])
        try:
            cleared = await self._clear(job, plan)
        except StoreUnavailable as broken:
            notes = ["Reading goes on. What needs an approval is refused until the state database is back."]
            return _say(job, "refused", f"Not done: approvals can't be recorded now. {broken}", notes=notes)
        if not isinstance(cleared, Cleared):
            return cleared
        try:
            writing = await self._begin(job, cleared)
        except StoreUnavailable as broken:
            notes = ["Reading goes on. The operator can let ordinary writes go on (CAMPAIGN_MCP_WRITE_WITHOUT_STATE)."]
            return _say(job, "refused", f"Not done: it can't be recorded now. {broken}", notes=notes)
        return await self._write(job, cleared, writing)

    async def _plan(self, job: Job, *, answered: bool = False, fresh: bool = False) -> Plan:
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
        asks = _asks(job, plan)
        if not (asks or plan.guarded):
            return Cleared(plan)
        bound = await self._bind(job, plan)
        if asks:
            agreed = await self._ask(job, plan, bound)
            if not isinstance(agreed, Plan):
                return agreed
            plan = agreed
        return Cleared(plan, bound, self._approve(job.tool, plan, bound) if plan.guarded else None)

    async def _ask(self, job: Job, plan: Plan, bound: Bound) -> Plan | Refusal:
        """Return the plan that a person agreed to, looked at again where time has passed; or what to answer instead."""
        allowed = _allowed(job, plan)
        draws = "elicitation" in allowed and can_ask(job.context)
        channel: Channel = "elicitation" if draws else "code"
        refusal: Refusal | None
        if not draws and "code" not in allowed:
            refusal = _no_channel(job, plan, "This client can't show a form")
        elif not draws:
            refusal = await self._by_code(job, plan, bound)
        elif job.code and "code" in allowed and await self._redeems(job, plan, bound):
            channel, refusal = "code", None
        else:
            refusal = await self._by_elicitation(job, plan, bound, allowed)
        if refusal is not None:
            return refusal
        if channel == "elicitation" and job.context.protocol_version != MODERN:
            # The person thought while this call waited; in the modern era the answer came with a call of its own.
            plan = await self._plan(job, answered=True)
            if not plan.changes or (await self._bind(job, plan)).reference != bound.reference:
                return _void(job)
        if job.running.stopping():
            return _stopped(job)
        consumed = await self._state.approvals.consume(
            bound.key, bound.number, channel=channel, tool=job.tool.name, reference=bound.reference
        )
        return plan if consumed else _void(job)

    async def _bind(self, job: Job, plan: Plan) -> Bound:
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

    async def _by_elicitation(self, job: Job, plan: Plan, bound: Bound, allowed: Sequence[str]) -> Refusal | None:
        """Ask by a form of the client. Where it draws none, the next channel is offered; a person's no is the end."""
        known = await self._state.clients.answers_forms(*client_of(job.context))
        if not known and await self._came_back_without_an_answer(job, bound):
            return await self._not_drawn(job, plan, bound, allowed, "it came back without an answer")
        # Sealing the question can't wait for the database, so its key is fetched before.
        await self._state.key(SEALING_KEY)
        body = preview(plan, job.call.time_zone)
        text = "\n".join([headline(plan, job.call.environment) + "?", body, f"Reference: {bound.reference}"])
        seconds = job.rules.question_seconds if known else min(UNSEEN_SECONDS, job.rules.question_seconds)
        with job.running.until_stopped():
            reply = await ask(job.context, Question(text, _many(plan)), seconds)
        if job.running.stopping():
            return _stopped(job)
        if isinstance(reply, InputRequiredResult):
            await self._state.clients.handed(bound.reference)
            return reply
        if reply in ("accepted", "declined"):
            await self._state.clients.answered_a_form(*client_of(job.context))
        else:
            await self._state.clients.came_back(bound.reference)
        if reply == "accepted":
            return None
        why = {
            "declined": "the person said no",
            "cancelled": "the question was closed without an answer",
            "late": f"no answer came within {_lasting(seconds)}",
            "failed": "the client could not ask",
            "unusable": "the client gave no answer that can be used",
        }[reply]
        if not known and reply in ("cancelled", "late", "failed"):
            return await self._not_drawn(job, plan, bound, allowed, why)
        notes = ["Don't repeat the call unless the person asks for it."]
        return _say(job, "declined", f"Nothing was done: {why}.", reference=bound.reference, notes=notes)

    async def _came_back_without_an_answer(self, job: Job, bound: Bound) -> bool:
        """Tell whether a client of the modern era calls anew without an answer to the question it was handed."""
        if job.context.protocol_version != MODERN or answers_a_question(job.context):
            return False
        return await self._state.clients.was_handed(bound.reference)

    async def _not_drawn(self, job: Job, plan: Plan, bound: Bound, allowed: Sequence[str], why: str) -> CallToolResult:
        """Answer for a client that says it can show forms and was never seen to: the next channel, or what there is."""
        if "code" not in allowed:
            return _no_channel(job, plan, f"This client says that it shows forms, but {why}, and it never did so far")
        await self._state.clients.handed(bound.reference)
        note = f"The client seems to show no forms ({why}), so a code is used instead."
        return await self._offer_code(job, plan, bound, "needs_approval", "", note)

    async def _redeems(self, job: Job, plan: Plan, bound: Bound) -> bool:
        """Tell whether a client that says it shows forms comes with the right code, given because it showed none."""
        clients = self._state.clients
        if answers_a_question(job.context) or await clients.answers_forms(*client_of(job.context)):
            return False
        if not await clients.was_handed(bound.reference):
            return False
        return await self._wrong(job, plan, bound) is None

    async def _by_code(self, job: Job, plan: Plan, bound: Bound) -> CallToolResult | None:
        """Try the code that came with the call; without one, or with a wrong one, offer a new one."""
        if not job.code:
            return await self._offer_code(job, plan, bound, "needs_approval", "")
        wrong = await self._wrong(job, plan, bound)
        if wrong is None:
            return None
        # What depends on the objects was looked for as another question had it: a new code is for how things are now.
        plan = await self._plan(job, fresh=True)
        if not plan.changes:
            return _nothing_to_do(job, plan)
        return await self._offer_code(job, plan, await self._bind(job, plan), *wrong)

    async def _wrong(self, job: Job, plan: Plan, bound: Bound) -> tuple[Status, str] | None:
        """Redeem the code that came with the call. None: it is right; else the status to answer, and why."""
        many = _many(plan)
        code, typed = _split(job.code) if many else (job.code, "")
        if many and typed != str(many):
            return "needs_approval", "The number of objects after the code is missing or wrong."
        verdict = await self._state.approvals.redeem_code(code, bound.reference)
        if verdict == "right":
            return None
        return "needs_approval" if verdict == "wrong" else "void", {
            "wrong": "The code is not the one that was issued.",
            "expired": "The code is too old.",
            "used": "The code was used already.",
            "other": "The code was used already or belongs to another request, or an object changed since.",
        }[verdict]

    async def _offer_code(
        self, job: Job, plan: Plan, bound: Bound, status: Status, wrong: str, *more: str
    ) -> CallToolResult:
        """Answer the preview with a new code for exactly this."""
        many = _many(plan)
        new = await self._state.approvals.issue_code(bound.reference, tool=job.tool.name)
        back = f'"{new} N", where N is the number of objects, which the person types' if many else f'"{new}"'
        notes = [
            f"Stop here: show the person this preview and the code {new}, and wait for their answer. "
            "What they asked for before they saw it is no answer.",
            f"Only when they have agreed to this preview, repeat the call with confirm={back}.",
            "The code works once, for ten minutes, and only for exactly this.",
            *more,
        ]
        line = f"{wrong} Not done yet: {headline(plan, job.call.environment)}.".strip()
        return _say(job, status, line, plan=plan, code=new, reference=bound.reference, notes=notes)

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
        making = Making(job.tool, call, self._state.intents, job.whose, self._approve_own, partial(_why_not, job))
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
        return _say(job, outcomes.overall(done), line, outcomes=done, reference=reference, warnings=warnings)


def _asks(job: Job, plan: Plan) -> bool:
    """Whether a person must agree. The policy `allow` speaks of what is guarded by its risk, and of nothing else."""
    allowed = job.rules.policy == "allow" and not job.rules.production
    return bool(plan.asks) or job.tool.name in job.rules.confirm_also or (plan.guarded and not allowed)


def _forbidden(job: Job, plan: Plan) -> str:
    """Why the operator does not let this happen, whoever agrees to it; empty when it may."""
    reasons = [why for risk in {change.risk for change in plan.changes} if (why := _why_not(job, risk))]
    return f"Not allowed: {reasons[0]}." if reasons else ""


def _why_not(job: Job, risk: Risk) -> str:
    """Why the operator lets nothing of this risk happen; empty when it may."""
    if job.rules.policy == "block" and risk in GUARDED:
        setting = f"CAMPAIGN_MCP_{job.call.session.system.upper()}__POLICY=block"
        return job.rules.forbids(risk) or f"the operator blocks such changes ({setting})"
    return job.rules.forbids(risk)


def _many(plan: Plan) -> int:
    """How many objects the person has to type; 0 for so few that a yes is enough."""
    return len(plan.changes) if len(plan.changes) > MANY else 0


def _allowed(job: Job, plan: Plan) -> Sequence[str]:
    """The channels that the operator allows for what a plan does."""
    # An opt-in lets messages through from then on, and scenarios start by it.
    reaches = any(change.risk in (Risk.REACHES_CUSTOMERS, Risk.CONSENT) for change in plan.changes)
    return job.rules.channels_reaching_customers if reaches else job.rules.channels


def _split(confirm: str) -> tuple[str, str]:
    """A code and the number after it."""
    code, _, number = confirm.strip().rpartition(" ")
    return code, number


def _lasting(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 60 else f"{seconds:g} seconds"


def _say(job: Job, status: Status, message: str, **told: Any) -> CallToolResult:
    call = job.call
    setting = Setting(call.environment, call.time_zone, call.session.take_warnings())
    return outcomes.answer(Told(status, message, **told), setting)


def _previewed(job: Job, plan: Plan) -> CallToolResult:
    line = f"Preview, nothing was done: {headline(plan, job.call.environment)}."
    forbidden = _forbidden(job, plan)
    notes = [forbidden] if forbidden else ["A person is asked before it is done."] if _asks(job, plan) else []
    return _say(job, "preview", line, plan=plan, notes=notes)


def _nothing_to_do(job: Job, plan: Plan) -> CallToolResult:
    refused = any(each.status == "refused" for each in plan.settled)
    line = "Nothing could be done." if refused else "Nothing is left to do."
    warnings = [*plan.earlier, *plan.warnings]
    return _say(job, "refused" if refused else "done", line, outcomes=plan.settled, warnings=warnings)


def _no_channel(job: Job, plan: Plan, why: str) -> CallToolResult:
    line = f"Not done: {headline(plan, job.call.environment)} needs a person's yes, and nobody can be asked."
    notes = [
        f"{why}, and the operator allows no other way "
        "(CAMPAIGN_MCP_CHANNELS, CAMPAIGN_MCP_CHANNELS_REACHING_CUSTOMERS). "
        "Use a client that shows forms (the README lists them), or do it in the system's own interface."
    ]
    return _say(job, "refused", line, plan=plan, notes=notes)


def _stopped(job: Job) -> CallToolResult:
    notes = ["Make the call again when the server is back: the person is asked anew."]
    return _say(job, "refused", "Nothing was done: this server is being stopped.", notes=notes)


def _void(job: Job) -> CallToolResult:
    line = "Nothing was done: an object changed after it was shown, or the approval was used already."
    return _say(job, "void", line, notes=["Make the call again: the person is shown how things are now."])
