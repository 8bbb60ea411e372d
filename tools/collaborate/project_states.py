"""Starting, pausing, resuming, canceling and finishing projects of Unica Collaborate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.collaborate.collections import listed
from tools.collaborate.kinds import OfKind, kind_of
from tools.collaborate.project_book import STATES, SYSTEM, Found, Projects, changed, changing, read_again
from tools.collaborate.schedule import Schedule
from tools.dates import in_words
from tools.declare import changes
from tools.search import Searches
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import ChangeProjectState, GetProject, GetProjects, ProjectAction, StateChange
from upstream.collaborate.recurrence import GetRecurrence
from upstream.collaborate.workflow import GetWorkflowRows, WorkflowRow
from upstream.errors import UpstreamError
from upstream.request import Risk

MOST_AT_ONCE = 50

Action = Literal["start", "pause", "resume", "cancel", "finish"]

_SETS_GOING = ("start", "resume")
_FINAL = ("cancel", "finish")

_LEADS_TO: Mapping[str, Mapping[str, str]] = {
    "NOT_STARTED": {"start": "IN_PROGRESS", "cancel": "CANCELED"},
    "IN_PROGRESS": {"pause": "PAUSED", "cancel": "CANCELED", "finish": "FINISHED"},
    "PAUSED": {"start": "IN_PROGRESS", "resume": "IN_PROGRESS", "cancel": "CANCELED"},
    "CANCELED": {},
    "FINISHED": {},
}
"""State -> action -> next state. Inferred from the states that the product shows."""

_ENDS_IN: Mapping[str, str] = {
    "start": "IN_PROGRESS",
    "pause": "PAUSED",
    "resume": "IN_PROGRESS",
    "cancel": "CANCELED",
    "finish": "FINISHED",
}

_ENDS_IT = "a canceled or finished project can't be changed, run or started again. A flowchart that is running goes on."


@changes(
    ChangeProjectState,
    GetProject,
    GetProjects,
    GetWorkflowRows,
    GetRecurrence,
    title="Change the state of projects",
    worst=Risk.DESTRUCTIVE,
    least=Risk.WRITE,
)
async def projects_change_state(
    call: Call,
    projects: Annotated[list[str], "Ids or names"],
    action: Annotated[Action, "cancel, finish are final"],
    kind: OfKind = "",
) -> Plan:
    """Change the state of lists and on-demand campaigns."""
    book = call.kept(Projects).of(kind_of(kind))
    found, missing = await book.chosen(call, projects, MOST_AT_ONCE)
    planned = [_step(each, action) for each in found]
    steps = [each for each in planned if isinstance(each, Change)]
    settled = [each for each in planned if isinstance(each, Outcome)]
    settled += [_gone(each, action) for each in missing]
    moving = {each.id for each in steps}
    runs = await _what_runs(call, [each for each in found if str(each.id) in moving], action) if steps else None
    if runs is not None and action in _SETS_GOING:
        # What is set going is what the person agrees to: bound, not only shown.
        steps = [replace(each, before={**each.before, "runs": list(runs.lines)}) for each in steps]
    return Plan(
        steps,
        settled,
        runs,
        final=_ENDS_IT if action in _FINAL else "",
        safer="pause it: that can be taken back." if action == "cancel" else "",
    )


def _risk(action: str) -> Risk:
    return Risk.REACHES_CUSTOMERS if action in _SETS_GOING else Risk.DESTRUCTIVE if action in _FINAL else Risk.WRITE


def _step(found: Found, action: str) -> Change | Outcome:
    """The change, or what is settled about it because the state does not allow it."""
    state = found.project.project_status
    allowed = _LEADS_TO.get(state)
    target = _ENDS_IN[action]
    after = {"state": STATES[target]}
    change = changing(found, action, _risk(action), before={"state": found.state or None}, after=after)
    if allowed is None or action in allowed:
        # A state that is unknown here is left to the system to judge.
        return change
    if state == target:
        return Outcome(change, "already", f"it is {found.state}")
    possible = f"it can only {_or(list(allowed))}" if allowed else "that is final"
    return Outcome(change, "refused", f"it is {found.state}: {possible}")


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _gone(reference: str, action: str) -> Outcome:
    change = Change(SYSTEM, "project", action, reference, reference, risk=_risk(action))
    return Outcome(change, "refused", "no project has this id")


async def _what_runs(call: Call, found: Sequence[Found], action: str) -> Dependents | None:
    """The flowcharts that would run, or would not run any more; nothing for a pause."""
    if action == "pause":
        return None
    by_id = {each.id: each for each in found}

    async def look(number: int) -> list[str]:
        return await _runs_of(call, by_id[number], going=action in _SETS_GOING)

    searches: Searches = call.kept(Searches)
    key = ("project", action, *sorted(by_id))
    searched = await searches.each(call, key, by_id, look, passes_over=(UpstreamError,))
    lines = [f"{by_id[number].name} ({number}): {line}" for number, lines in searched.found.items() for line in lines]
    label = "Would run" if action in _SETS_GOING else "Not run any more"
    return Dependents(lines, searched.looked_at, searched.of, "projects", label=label, none="no flowchart found")


async def _runs_of(call: Call, found: Found, *, going: bool) -> list[str]:
    """Short lines: each open task with a flowchart, and the recurrence."""
    rows = await listed(call, GetWorkflowRows(kind=found.kind, project_id=found.id))
    read = await call.send(GetRecurrence(kind=found.kind, project_id=found.id))
    lines = [
        _task(call, each)
        for each in rows
        if each.flowchart_tab_name and each.task_status not in ("FINISHED", "SKIPPED", "COMPLETED", "CANCELED")
    ]
    schedule = Schedule.of(read)
    return [*lines, *([f"repeats {schedule.words(call.time_zone)}"] if schedule else [])]


def _task(call: Call, task: WorkflowRow) -> str:
    """`Generate list (flowchart of tab Criteria, active, due 2026-11-23 18:00)`."""
    due = task.forecast_start_date or task.forecast_end_date
    due = in_words(due, call.time_zone) if due else ""
    due += f" {call.time_zone.key}" if ":" in due else ""
    state = task.task_status.replace("_", " ").lower()
    when = f"due {due}" if due else "without a date: when the tasks before it are finished" if task.depends_on else ""
    details = [f"flowchart of tab {task.flowchart_tab_name}", state, when]
    return f"{task.row_name} ({', '.join(each for each in details if each)})"


@projects_change_state.applies
async def _change(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> str:
        action = StateChange(action=ProjectAction(change.verb.upper()))
        kind: ProjectKind = changed(change)
        return await call.send(ChangeProjectState(kind=kind, project_id=int(change.id), change=action))

    async def look(change: Change, said: str | None) -> Outcome:
        found = await read_again(call, change)
        after = {"state": found.state}
        if found.project.project_status == _ENDS_IN[change.verb]:
            return Outcome(change, "done", after=after)
        return Outcome(change, "refused", f"the system said so, but it is {found.state or 'in no state'}", after=after)

    return await one_by_one(changes, send, look)
