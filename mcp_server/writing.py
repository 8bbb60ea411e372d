"""Carrying out the half of a tool that writes, so that its outcome is known and recorded whatever happens to the call.

A client that cancels does not interrupt it: what has begun is brought to its end, and the outcome is in the state
database even if nobody waits for the answer any more.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import anyio

from mcp_server.outcomes import tally
from mcp_server.state import Approvals
from tools.batches import CHECK
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import Tool
from upstream.errors import UpstreamError
from upstream.tokens import StoreUnavailable

log = logging.getLogger(__name__)


async def write(tool: Tool, call: Call, plan: Plan, approvals: Approvals, reference: str) -> list[Outcome]:
    """The outcome of every change, and of those that were settled before. A reference is recorded with its outcome.

    Raises:
        UpstreamError: the one change there was did not happen, for this reason.
    """
    with anyio.CancelScope(shield=True):
        try:
            done = await _apply(tool, call, plan.changes)
        except UpstreamError:
            await _record(approvals, reference, {"refused": len(plan.changes)})
            raise
        done += plan.settled
        await _record(approvals, reference, tally(done))
    return done


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


async def _record(approvals: Approvals, reference: str, counts: dict[str, int]) -> None:
    if not reference:
        return
    try:
        await approvals.outcome(reference, counts)
    except StoreUnavailable as broken:
        log.warning("the outcome of %s could not be recorded: %s", reference, broken)
