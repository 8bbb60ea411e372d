"""Operations that run the flowchart of a workflow row and read what became of it.

A run moves on when it is read, not with time: QUEUED at the first reading, RUNNING at the second, then its end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox import json_text
from sandbox.answers import Answer
from sandbox.collaborate.kinds import Kind
from sandbox.collaborate.outcome import outcome
from sandbox.collaborate.project_forms import values_on_tab
from sandbox.collaborate.projects import project
from sandbox.collaborate.refusals import illegal_state, not_found, unacceptable
from sandbox.collaborate.work import Work, for_kinds, one
from sandbox.collaborate.workflow import row_of
from sandbox.reading import Arguments

LAST_READING = 3
"""The reading at which the end of a run is told for the first time."""


@for_kinds("run{}WorkflowRow")
def run(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """POST /{kind}/{projectId}/workflowrows/{rowId}/run: starts at once, whatever the row waits for."""
    owner = project(work, kind, arguments["projectId"])
    row = row_of(work, owner, arguments["rowId"])
    if row["tab_name"] is None:
        raise unacceptable(f"Row {row['id']} runs no flowchart.")
    if owner["status"] != "IN_PROGRESS":
        raise illegal_state(f"Project {owner['id']} is {owner['status']}: only one IN_PROGRESS can run flowcharts.")
    under_way = "SELECT id FROM flowchart_runs WHERE row_id = ? AND readings < ?"
    if other := work.row(under_way, row["id"], LAST_READING):
        raise illegal_state(f"Row {row['id']} is already being run, as job {other['id']}.")
    end = outcome(owner["id"], row["id"], row["tab_name"], values_on_tab(work, owner["id"], row["tab_name"]))
    outputs = json_text.dump(end.outputs)
    started = work.now()
    job_id = work.insert(
        "flowchart_runs", row_id=row["id"], started=started, count=end.count, outputs=outputs, error=end.error
    )
    work.update("workflow_rows", row["id"], status="ACTIVE", percent=0, actual_start=started, actual_end=None)
    return work.created(f"/{kind.path}/{owner['id']}/workflowrows/{row['id']}/run/{job_id}")


@for_kinds("get{}WorkflowRunResult")
def get_result(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/workflowrows/{rowId}/run/{jobId}: one reading of the run."""
    row = row_of(work, project(work, kind, arguments["projectId"]), arguments["rowId"])
    job_id = arguments["jobId"]
    jobs = {str(job["id"]): job for job in work.rows("SELECT * FROM flowchart_runs WHERE row_id = ?", row["id"])}
    if job_id not in jobs:
        raise not_found(f"Run of row {row['id']}:", job_id[:40])
    job = dict(jobs[job_id])
    reading = min(job["readings"] + 1, LAST_READING)
    if job["readings"] < LAST_READING:
        job["ended"] = work.now() if reading == LAST_READING else None
        work.update("flowchart_runs", job["id"], readings=reading, ended=job["ended"])
        _move_row(work, row["id"], reading, None if job["error"] else job["ended"])
    earlier = [other for other in jobs.values() if other["id"] < job["id"]]
    if work.switches.stale_runs and reading == 1 and earlier:
        return one({**_view(earlier[-1], row, LAST_READING), "Job_ID": job_id})
    return one(_view(job, row, reading))


def _move_row(work: Work, row_id: int, reading: int, ended: str | None) -> None:
    """Take the row along with its run; `ended` is when the run came to a good end."""
    if ended is not None:
        work.update("workflow_rows", row_id, status="FINISHED", percent=100, actual_end=ended)
    elif reading > 1:
        work.update("workflow_rows", row_id, percent=50)


def _view(job: Mapping[str, Any] | sqlite3.Row, row: sqlite3.Row, reading: int) -> dict[str, Any]:
    """RunResult of the contract."""
    final = reading == LAST_READING
    ended = "SUCCEEDED" if job["error"] is None else "FAILED"
    return {
        "Job_ID": str(job["id"]),
        "Row_ID": row["id"],
        "Flowchart_Tab_Name": row["tab_name"],
        "Flowchart_Status": ended if final else ("QUEUED", "RUNNING")[reading - 1],
        "Count": job["count"] if final else None,
        "Output_Variables": json_text.parse(job["outputs"]) if final else [],
        "Start_Time": job["started"] if reading > 1 else None,
        "End_Time": job["ended"] if final else None,
        "Error_Message": job["error"] if final else None,
    }
