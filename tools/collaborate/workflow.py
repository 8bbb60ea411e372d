"""Reading the workflow of projects, and what became of the runs of its flowcharts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from tools import reads
from tools.call import Call
from tools.collaborate.kinds import OfKind
from tools.collaborate.parts import Part, of_project
from tools.collaborate.project_book import Found
from tools.collaborate.runs import Run, Runs
from tools.collaborate.workflow_book import COLUMNS, as_row, as_run, rows_called, rows_of
from tools.columns import choose
from tools.declare import finds
from tools.errors import UnknownName
from tools.listing import Listing, paged
from tools.names import is_id
from tools.parameters import PAGE, Cursor, Fields
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.collaborate.workflow import GetRunResult, GetWorkflowRow, GetWorkflowRows, WorkflowRow
from upstream.errors import NotFound, UpstreamError


@finds(GetWorkflowRows, GetWorkflowRow, GetRunResult, GetProjects, GetProject, title="Workflow and runs")
async def workflow_find(
    call: Call,
    project: Annotated[str, "Id or name"],
    kind: OfKind = "",
    row: Annotated[str, "Id, name or tab"] = "",
    job: Annotated[str, "Job id"] = "",
    fields: Fields = [],
    cursor: Cursor = "",
) -> Listing:
    """Stages, tasks and flowcharts of a project, with runs started here, or one by job id."""

    async def look() -> Listing:
        found, meant = await of_project(call, kind, project, row)
        shown, known = await _rows(call, found, meant)
        notes: list[str] = []
        runs = await (_of_job(call, found, shown, job) if job else _latest(call, found, shown, notes))
        if job:
            shown = [each for each in shown if each.row_id in runs]
        elif not runs and any(each.flowchart_tab_name for each in shown):
            notes.append("Collaborate has no list of runs: to see one that was not started here, give its id in job.")
        rows = [
            {**as_row(each, known), **(as_run(runs[each.row_id], each) if each.row_id in runs else {})}
            for each in shown
        ]
        filled = [name for name in COLUMNS if any(each.get(name) is not None for each in rows)]
        usual = filled if meant or job else [name for name in filled if name != "type"]
        if not found.kind.facts.own_workflow:
            notes.append("A simple list has no workflow in the product: its one row makes the list.")
        return Listing("workflow rows", rows, choose(fields, COLUMNS, usual), COLUMNS, len(rows), notes=notes)

    question = {"tool": "workflow_find", "what": [project, kind, row, job, fields]}
    return await paged(call, question, cursor, PAGE, look)


async def _rows(call: Call, project: Found, reference: str) -> tuple[Sequence[WorkflowRow], dict[int, WorkflowRow]]:
    """The rows asked for, and by their ids those that they refer to."""
    if is_id(reference):
        try:
            row = await _one(call, project, int(reference))
        except NotFound:
            pass
        else:
            return [row], await _around(call, project, row)
    rows = await rows_of(call, project)
    return rows_called(reference, rows) if reference else rows, {each.row_id: each for each in rows}


async def _one(call: Call, project: Found, number: int) -> WorkflowRow:
    return await call.send(GetWorkflowRow(kind=project.kind, project_id=project.id, row_id=number))


async def _around(call: Call, project: Found, row: WorkflowRow) -> dict[int, WorkflowRow]:
    """The stage of a row and what it depends on, as far as they can be read."""

    async def read(number: int) -> WorkflowRow | None:
        try:
            return await _one(call, project, number)
        except NotFound:
            return None

    wanted = [*row.depends_on, *([] if row.parent_row_id is None else [row.parent_row_id])]
    return {number: each for number, each in (await reads.each(wanted, read)).items() if each is not None}


async def _of_job(call: Call, project: Found, rows: Sequence[WorkflowRow], job: str) -> dict[int, Run]:
    """Row id -> the run of this job. No route says which row it belongs to, so each row with a flowchart is asked."""
    kept: Runs = call.kept(Runs)
    runs = [kept.asked(Part(project.kind, project.id, each.row_id), job) for each in rows if each.flowchart_tab_name]
    for run in sorted(runs, key=lambda each: not each.ours):
        if not run.readable:
            break
        try:
            await run.seen(call)
        except NotFound:
            continue
        kept.keep(run)
        return {run.part.number: run}
    raise UnknownName(
        f"No run of these rows has the job id {job[:80]!r}.",
        advice="Right after its start a run may not be there yet. workflow_run answers the job id of a run.",
    )


async def _latest(call: Call, project: Found, rows: Sequence[WorkflowRow], notes: list[str]) -> dict[int, Run]:
    """Row id -> the latest run that was started in this session."""
    kept: Runs = call.kept(Runs)
    parts = [Part(project.kind, project.id, each.row_id) for each in rows]
    runs = {part.number: run for part in parts if (run := kept.latest(part)) is not None}

    async def read(number: int) -> str:
        run = runs[number]
        try:
            if run.readable:
                await run.seen(call)
        except NotFound:
            return ""
        except UpstreamError as error:
            return error.message
        return ""

    troubles = await reads.each(runs, read)
    notes += [f"The run of row {number} could not be read now: {said}" for number, said in troubles.items() if said]
    return runs
