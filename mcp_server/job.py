"""One call of a writing tool on its way through the guard: what it wants, what binds its approval, what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import anyio
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, InputRequiredResult

from mcp_server import outcomes
from mcp_server.answer import Setting
from mcp_server.outcomes import Status, Told
from mcp_server.preview import headline
from mcp_server.sdk import answers_a_question
from mcp_server.state.intents import Whose
from mcp_server.work import Running, Work
from tools.call import Call
from tools.change import Outcome, Plan
from tools.declare import Tool
from upstream.request import GUARDED, Risk

LOOKING_SECONDS = 8.0
"""How long a plan may look for what depends on its objects."""

Refusal = CallToolResult | InputRequiredResult
"""What is answered instead of writing: a refusal, a preview with a code, or the question itself."""


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


def needs_a_yes(job: Job, plan: Plan) -> bool:
    """Whether a person must agree. The policy `allow` speaks of what is guarded by its risk, and of nothing else."""
    allowed = job.rules.policy == "allow" and not job.rules.production
    return bool(plan.asks) or job.tool.name in job.rules.confirm_also or (plan.guarded and not allowed)


def forbidden(job: Job, plan: Plan) -> str:
    """Why the operator does not let this happen, whoever agrees to it; empty when it may."""
    reasons = [why for risk in {change.risk for change in plan.changes} if (why := why_not(job, risk))]
    return f"Not allowed: {reasons[0]}." if reasons else ""


def why_not(job: Job, risk: Risk) -> str:
    """Why the operator lets nothing of this risk happen; empty when it may."""
    if job.rules.policy == "block" and risk in GUARDED:
        setting = f"CAMPAIGN_MCP_{job.call.session.system.upper()}__POLICY=block"
        return job.rules.forbids(risk) or f"the operator blocks such changes ({setting})"
    return job.rules.forbids(risk)


def say(job: Job, status: Status, message: str, **told: Any) -> CallToolResult:
    call = job.call
    setting = Setting(call.environment, call.time_zone, call.session.take_warnings())
    return outcomes.answer(Told(status, message, **told), setting)


def previewed(job: Job, plan: Plan) -> CallToolResult:
    line = f"Preview, nothing was done: {headline(plan, job.call.environment)}."
    reason = forbidden(job, plan)
    notes = [reason] if reason else ["A person is asked before it is done."] if needs_a_yes(job, plan) else []
    return say(job, "preview", line, plan=plan, notes=notes)


def nothing_to_do(job: Job, plan: Plan) -> CallToolResult:
    refused = any(each.status == "refused" for each in plan.settled)
    line = "Nothing could be done." if refused else "Nothing is left to do."
    warnings = [*plan.earlier, *plan.warnings]
    return say(job, "refused" if refused else "done", line, outcomes=plan.settled, warnings=warnings)


def stopped(job: Job) -> CallToolResult:
    notes = ["Make the call again when the server is back: the person is asked anew."]
    return say(job, "refused", "Nothing was done: this server is being stopped.", notes=notes)


def void(job: Job) -> CallToolResult:
    line = "Nothing was done: an object changed after it was shown, or the approval was used already."
    return say(job, "void", line, notes=["Make the call again: the person is shown how things are now."])
