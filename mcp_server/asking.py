"""Asking a person by the best channel there is: a form of the client, else a code that they give back.

A client that declares forms and never draws them hands over to the next channel. A person's no is the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from mcp.types import CallToolResult, InputRequiredResult

from mcp_server.job import Bound, Job, Refusal, nothing_to_do, say, stopped, void
from mcp_server.outcomes import Status
from mcp_server.preview import headline, preview
from mcp_server.sdk import MODERN, SEALING_KEY, Question, answers_a_question, ask, can_ask, client_of
from mcp_server.state import State
from tools.change import Plan
from upstream.request import Risk

MANY = 50
"""More objects than this: the person types the number."""
UNSEEN_SECONDS = 45.0
"""How long a question waits in a client that was never seen to answer a form: some draw none and give up after 60 s."""

Channel = Literal["elicitation", "code"]


class Planner(Protocol):
    """Looks at the objects of a call again, and says what an approval of that plan is bound to."""

    async def plan(self, job: Job, *, answered: bool = False, fresh: bool = False) -> Plan: ...

    async def bind(self, job: Job, plan: Plan) -> Bound: ...


class Asking:
    """Puts a plan before a person and brings back what they agreed to."""

    def __init__(self, state: State, planner: Planner) -> None:
        self._state = state
        self._planner = planner

    async def ask(self, job: Job, plan: Plan, bound: Bound) -> Plan | Refusal:
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
            plan = await self._planner.plan(job, answered=True)
            if not plan.changes or (await self._planner.bind(job, plan)).reference != bound.reference:
                return void(job)
        if job.running.stopping():
            return stopped(job)
        consumed = await self._state.approvals.consume(
            bound.key, bound.number, channel=channel, tool=job.tool.name, reference=bound.reference
        )
        return plan if consumed else void(job)

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
            return stopped(job)
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
        return say(job, "declined", f"Nothing was done: {why}.", reference=bound.reference, notes=notes)

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
        plan = await self._planner.plan(job, fresh=True)
        if not plan.changes:
            return nothing_to_do(job, plan)
        return await self._offer_code(job, plan, await self._planner.bind(job, plan), *wrong)

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
        return say(job, status, line, plan=plan, code=new, reference=bound.reference, notes=notes)


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


def _no_channel(job: Job, plan: Plan, why: str) -> CallToolResult:
    line = f"Not done: {headline(plan, job.call.environment)} needs a person's yes, and nobody can be asked."
    notes = [
        f"{why}, and the operator allows no other way "
        "(CAMPAIGN_MCP_CHANNELS, CAMPAIGN_MCP_CHANNELS_REACHING_CUSTOMERS). "
        "Use a client that shows forms (the README lists them), or do it in the system's own interface."
    ]
    return say(job, "refused", line, plan=plan, notes=notes)
