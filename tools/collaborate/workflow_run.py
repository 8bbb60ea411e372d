"""Running the flowchart of a workflow row, and watching the run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.collaborate import run_watch
from tools.collaborate.kinds import NAMES, OfKind
from tools.collaborate.parts import Part, of_project
from tools.collaborate.project_book import Found
from tools.collaborate.project_form_book import Filled
from tools.collaborate.run_inputs import Handed, customers, forms_on_tab, handed, latest_run
from tools.collaborate.runs import Run, Runs
from tools.collaborate.template_book import TemplateBook
from tools.collaborate.workflow_book import DONE, row_to_run, rows_of, words
from tools.declare import changes
from upstream.collaborate.forms import GetForm, GetFormAttributes, GetFormOffers
from upstream.collaborate.project_forms import GetProjectForm, GetProjectForms
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.collaborate.templates import GetTemplate
from upstream.collaborate.workflow import GetRunResult, GetWorkflowRow, GetWorkflowRows, RunWorkflowRow, WorkflowRow
from upstream.errors import OutcomeUnknown, UpstreamError
from upstream.request import Risk

_BY_STATE: Mapping[str, str] = {
    "NOT_STARTED": "start it first with projects_change_state",
    "PAUSED": "resume it first with projects_change_state",
    "CANCELED": "that is final",
    "FINISHED": "that is final",
}


@changes(
    RunWorkflowRow,
    GetRunResult,
    GetWorkflowRows,
    GetWorkflowRow,
    GetProjectForms,
    GetProjectForm,
    GetForm,
    GetFormAttributes,
    GetFormOffers,
    GetTemplate,
    GetProjects,
    GetProject,
    title="Run a flowchart",
    repeatable=False,
)
async def workflow_run(
    call: Call,
    project: Annotated[str, "Id or name"],
    kind: OfKind = "",
    row: Annotated[str, "Id, name or tab"] = "",
    wait: Annotated[bool, "Watch to the end"] = True,
) -> Plan:
    """Run a flowchart now with the saved form values. A run can't be stopped."""
    found, row = await of_project(call, kind, project, row)
    rows = await rows_of(call, found)
    target = row_to_run(row, rows)
    latest = await latest_run(call, Part(found.kind, found.id, target.row_id))
    forms = await forms_on_tab(call, found, target)
    change = await _change(call, found, target, forms)
    if refusal := _refusal(found, latest):
        return Plan([], [Outcome(change, "refused", refusal)])
    return Plan(
        [change],
        dependents=handed(forms, await customers(call, found, target, rows, latest)),
        warnings=warnings_of(target, rows, [each.filled for each in forms or ()], latest),
        final="no run can be stopped. It replaces the rows that an earlier run of this project has stored "
        f"({found.kind.facts.table}), and a flowchart may contact customers.",
        watch=wait,
    )


async def _change(call: Call, project: Found, row: WorkflowRow, forms: Sequence[Handed] | None) -> Change:
    """What is asked for. The form values stand in `before`, so that an approval is for them; they are shown apart."""
    part = Part(project.kind, project.id, row.row_id)
    after = {
        "row": row.row_name,
        "flowchart": row.flowchart_tab_name,
        "kind": NAMES[project.kind],
        "state": project.state,
        "template": await _template(call, project),
        "row_state": words(row.task_status),
    }
    before = {str(each.filled.id): {"values": each.filled.values, "offers": each.offers} for each in forms or ()}
    return Change(
        "unica-collaborate",
        part.named("row"),
        "run",
        project.name,
        part.id,
        risk=Risk.REACHES_CUSTOMERS,
        before=before,
        after={name: value for name, value in after.items() if value},
    )


async def _template(call: Call, project: Found) -> str:
    number = project.project.template_db_id
    if number is None:
        return ""
    try:
        found = await call.kept(TemplateBook).read(call, [number])
    except UpstreamError:
        found = []
    return f"{found[0].template_name} (id {number})" if found else f"id {number}"


def _refusal(project: Found, latest: Run | None) -> str:
    if (state := project.project.project_status) in _BY_STATE:
        return f"the project is {project.state}, and only one in progress can be run: {_BY_STATE[state]}"
    if latest is not None and latest.running:
        return f"it is being run already. {run_watch.how_to_look(latest)}"
    return ""


def warnings_of(
    row: WorkflowRow, rows: Sequence[WorkflowRow], forms: Sequence[Filled], latest: Run | None
) -> list[str]:
    """What a person should mind before the run: what is not finished, what may be under way, what is empty."""
    waiting = [each for each in rows if each.row_id in row.depends_on and each.task_status not in DONE]
    warnings = [f"It depends on {each.row_name!r}, which is {words(each.task_status)}." for each in waiting]
    if latest is not None and latest.lost:
        warnings.append("The answer to an earlier start was lost: it may be running already.")
    elif row.task_status == "ACTIVE" and (latest is None or not latest.over):
        warnings.append("The row is active: it may be running already, or its last run failed.")
    if empty := [name for each in forms for name in each.empty()]:
        warnings.append(f"Required and empty: {', '.join(empty)}.")
    return warnings


@workflow_run.applies
async def _run(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return [await _start(call, each) for each in changes]


async def _start(call: Call, change: Change) -> Outcome:
    part = Part.of(change)
    runs: Runs = call.kept(Runs)
    try:
        said = await call.send(RunWorkflowRow(kind=part.kind, project_id=part.project_id, row_id=part.number))
    except OutcomeUnknown as loss:
        run = runs.started(part, "", lost=True)
        now = await _row_now(call, part)
        look = f"{run_watch.how_to_look(run)} Do not run it again before."
        return Outcome(change, "unknown", f"the answer was lost: it may have been started.{now} {look} {loss.message}")
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not started: {error}")
    run = runs.started(part, said.key if re.search(r"[^.]", said.key) else "")
    if not run.readable:
        now = await _row_now(call, part)
        look = f"Without it the run can't be watched.{now} {run_watch.how_to_look(run)}"
        return Outcome(change, "done", f"started, but the system did not say its job id. {look}")
    reason = f"started as job {run_watch.job_of(run)}. {run_watch.how_to_look(run)}"
    return Outcome(change, "done", reason, after={"job": run.job, "run": "started"})


async def _row_now(call: Call, part: Part) -> str:
    try:
        row = await call.send(GetWorkflowRow(kind=part.kind, project_id=part.project_id, row_id=part.number))
    except UpstreamError:
        return ""
    return f" The row is {words(row.task_status)} now." if row.task_status else ""


@workflow_run.follows
async def _follow(call: Call, outcomes: Sequence[Outcome]) -> list[Outcome]:
    runs: Runs = call.kept(Runs)
    followed = []
    for outcome in outcomes:
        run = runs.latest(Part.of(outcome.change)) if "job" in outcome.after else None
        if run is None:
            followed.append(outcome)
        else:
            followed.append(run_watch.told(outcome, run, await run_watch.watch(call, run)))
    return followed
