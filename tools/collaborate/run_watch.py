"""Watching a run: progress while it goes on, and what to say of it in the end."""

from __future__ import annotations

from dataclasses import replace

from tools import watching
from tools.call import Call
from tools.change import Outcome
from tools.collaborate import runs
from tools.collaborate.runs import Run
from tools.collaborate.workflow_book import outputs
from tools.watching import Patience, Words
from upstream.errors import UpstreamError

SLOWEST_SECONDS = 10.0
"""Between two readings at most; the pause is a tenth of the time that the run has taken so far."""
WATCH_SECONDS = 600.0
"""A run that takes longer is left to itself. Source: collaborate-notes, section 5 (when Campaign calls time out)."""
ABSENT = 10
"""Readings in which a run that was just started may not be there yet."""


async def watch(call: Call, run: Run) -> UpstreamError | None:
    """Read a run until it is over, or until `WATCH_SECONDS` have passed.

    Answers the error because of which it can't be watched any more, if there is one.
    """
    words = Words(f"Job {job_of(run)}", lambda: _state(run), how_to_look(run))
    patience = Patience(lambda took: max(runs.POLL_SECONDS, min(SLOWEST_SECONDS, took / 10)), WATCH_SECONDS, ABSENT)
    return await watching.watch(call, run, words, patience)


def told(outcome: Outcome, run: Run, trouble: UpstreamError | None) -> Outcome:
    """The outcome of a start with what is known of the run: one that failed must not look like a success."""
    result = run.result
    if trouble is not None or result is None:
        why = f"could not be read ({trouble.message})" if trouble else "was not read"
        reason = (
            f"job {job_of(run)} was started; its state {why}, so whether it goes on is not known. {how_to_look(run)}"
        )
        return replace(outcome, status="unknown", reason=reason)
    after = {
        **outcome.after,
        "run": run.state,
        "customers": result.count,
        "outputs": outputs(result),
        "run_started": result.start_time,
        "run_ended": result.end_time,
        "error": result.error_message,
    }
    after = {name: value for name, value in after.items() if value not in (None, "", [])}
    if not run.over:
        reason = f"job {job_of(run)} was started and is not over yet ({_state(run)}). It goes on. {how_to_look(run)}"
        return replace(outcome, reason=reason, after=after)
    if run.succeeded:
        count = "" if result.count is None else f": {result.count:,} customers"
        more = f"; {'; '.join(outputs(result))}" if result.output_variables else ""
        reason = f"job {job_of(run)} succeeded{count}{more}"[:500]
        return replace(outcome, reason=reason, after=after, ended="succeeded")
    said = f": {result.error_message[:300]!r}" if result.error_message else ""
    if run.failed:
        reason = f"job {job_of(run)} was started, and the run failed{said}. Correct what it names before another run."
        return replace(outcome, status="refused", reason=reason, after=after, ended="failed")
    reason = f"job {job_of(run)} was started and ended in a state that is not known here, {run.state[:80]!r}{said}."
    return replace(outcome, status="unknown", reason=reason, after=after, ended="unknown")


def how_to_look(run: Run) -> str:
    """The call that shows this run, or its row where the job id is not known."""
    which = f'job="{job_of(run)}"' if run.readable else f'row="{run.part.number}"'
    return f'Look with workflow_find(project="{run.part.project_id}", {which}).'


def _state(run: Run) -> str:
    """The state as a person may read it: an end that can't be believed yet is none."""
    return "ended, checking once more" if run.ends and not run.over else run.state


def job_of(run: Run) -> str:
    """The job id in a sentence: it can be any text."""
    return "".join(each if each.isprintable() and each not in '"`' else "?" for each in run.job[:80])
