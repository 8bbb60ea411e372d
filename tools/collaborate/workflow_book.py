"""The workflow of a project: its stages and tasks, found by what people call them, shown as rows."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.project_book import Found
from tools.collaborate.runs import Run
from tools.errors import Ambiguous, UnknownName
from tools.names import is_id
from upstream.collaborate.workflow import GetWorkflowRows, RunResult, WorkflowRow

ROW = ("name", "id", "stage", "flowchart", "state", "percent", "depends_on")
DATES = ("planned_start", "planned_end", "started", "ended")
RUN = ("job", "run", "customers", "error", "run_started", "run_ended", "outputs")
COLUMNS = (*ROW, *DATES, *RUN, "type")

DONE = frozenset({"FINISHED", "SKIPPED", "COMPLETED", "APPROVED"})
"""States of a task that what depends on it need not wait for. Inferred from the names."""


async def rows_of(call: Call, project: Found) -> list[WorkflowRow]:
    """The rows of a project that was seen to exist, in the order of display."""
    return await listed(call, GetWorkflowRows(kind=project.kind, project_id=project.id))


def rows_called(reference: str, rows: Sequence[WorkflowRow]) -> list[WorkflowRow]:
    """The rows of this name or flowchart tab, or the one of this id: a stage may be named like a tab.

    Raises:
        UnknownName: there is none; with the nearest, or all.
    """
    wanted = reference.strip().casefold()
    found = [each for each in rows if wanted in (each.row_name.strip().casefold(), _tab(each))]
    if not found and is_id(reference):
        found = [each for each in rows if each.row_id == int(reference)]
    if found:
        return found
    near = difflib.get_close_matches(wanted, [each.row_name.casefold() for each in rows], 3, 0.5)
    raise UnknownName(
        f"The workflow has no row {reference[:80]!r}.",
        advice="Use the id, name or flowchart tab of one of those shown." if rows else "It has no rows.",
        lines=[line(each) for each in rows if not near or each.row_name.casefold() in near],
    )


def row_to_run(reference: str, rows: Sequence[WorkflowRow]) -> WorkflowRow:
    """The row that is to be run: the one that is called so, or the only one with a flowchart.

    Raises:
        UnknownName: no row is called so, it runs no flowchart, or none does.
        Ambiguous: several may be meant.
    """
    runnable = [each for each in rows if each.flowchart_tab_name]
    meant = rows_called(reference, rows) if reference else runnable
    found = [each for each in meant if each.flowchart_tab_name]
    if not found:
        raise UnknownName(
            f"The row {reference[:80]!r} runs no flowchart." if reference else "No row runs a flowchart.",
            advice="Those that do are shown." if runnable else "",
            lines=[line(each) for each in runnable],
        )
    if len(found) > 1:
        raise Ambiguous(
            f"{len(found)} rows run a flowchart.", advice="Say which in row.", lines=[line(each) for each in found]
        )
    return found[0]


def _tab(row: WorkflowRow) -> str | None:
    return row.flowchart_tab_name.strip().casefold() or None


def line(row: WorkflowRow) -> str:
    """A row in one line."""
    tab = f", flowchart {row.flowchart_tab_name}" if row.flowchart_tab_name else ""
    state = f", {words(row.task_status)}" if row.task_status else ""
    return f"{row.row_name} (id {row.row_id}{tab}{state})"


def words(constant: str) -> str:
    """`FLOWCHART_RUN_TASK` as people write it."""
    return constant.replace("_", " ").lower()


def as_row(row: WorkflowRow, known: Mapping[int, WorkflowRow]) -> dict[str, Any]:
    """A row of the workflow as a row; `known` are those that it may refer to. What is empty is None."""
    stage = known.get(row.parent_row_id) if row.parent_row_id is not None else None
    depends = [f"{known[each].row_name} ({each})" if each in known else str(each) for each in row.depends_on]
    return {
        "name": row.row_name,
        "id": row.row_id,
        "type": words(row.row_type) or None,
        "stage": stage.row_name if stage else None,
        "flowchart": row.flowchart_tab_name or None,
        "state": words(row.task_status) or None,
        "percent": row.percent_complete,
        "depends_on": depends or None,
        "planned_start": row.forecast_start_date,
        "planned_end": row.forecast_end_date,
        "started": row.actual_start_date,
        "ended": row.actual_end_date,
    }


def as_run(run: Run, row: WorkflowRow) -> dict[str, Any]:
    """What is known of a run, for the row that it belongs to: without a job id only how that is."""
    result = run.result or RunResult()
    unread = "perhaps started: the answer was lost" if run.lost else "started, the job id is not known"
    if row.task_status:
        unread += f"; the row is {words(row.task_status)}"
    return {
        "job": run.job or None,
        "run": run.state if run.readable else unread,
        "customers": result.count,
        "outputs": outputs(result) or None,
        "run_started": result.start_time,
        "run_ended": result.end_time,
        "error": result.error_message or None,
    }


def outputs(result: RunResult) -> list[str]:
    """The output variables of a run, each as `label: value, value`."""
    return [f"{each.attribute_label}: {', '.join(each.attribute_values)}" for each in result.output_variables]
