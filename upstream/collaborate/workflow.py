"""The workflow of a project: stages, tasks, and the runs of the flowcharts behind some of the tasks.

A run can't be stopped. Simple lists have no workflow in the product; the one row they answer runs the list.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from upstream.collaborate.kinds import ProjectRequest
from upstream.collaborate.objects import CollaborateEntry, CollaborateRecord
from upstream.moment import Moment
from upstream.record import Many
from upstream.replies import Created
from upstream.request import Body, Path

JobId = Annotated[str, Field(pattern=r"[^.]")]
"""The opaque key of a run, `Created.key` of `RunWorkflowRow`: any text but dots alone, which would leave the route."""

UNDER_WAY = frozenset({"SCHEDULED", "QUEUED", "RUNNING", "RESULTS_PENDING"})
"""States of a run that are not final. Source: the code of a public client (two); inferred from the product's pages."""


class WorkflowRow(CollaborateRecord):
    """A stage or a task. `flowchart_tab_name` is empty on rows that run no flowchart.

    Known types: STAGE, TASK, APPROVAL_TASK, FLOWCHART_RUN_TASK. Known states: PENDING, ACTIVE, SKIPPED, FINISHED; of
    approval tasks NOT_STARTED, IN_PROGRESS, ON_HOLD, COMPLETED, CANCELED, APPROVED; none of a stage.

    Source: the code of a public client for /locals (`row_id`, `flowchart_tab_name`). Inferred: the rest, from the
    columns that the product shows.
    """

    row_id: int
    row_type: str = ""
    row_name: str = ""
    parent_row_id: int | None = None
    flowchart_tab_name: str = ""
    task_status: str = ""
    percent_complete: int | None = None
    depends_on: Many[int] = []
    forecast_start_date: Moment = None
    forecast_end_date: Moment = None
    actual_start_date: Moment = None
    actual_end_date: Moment = None


class OutputVariable(CollaborateRecord):
    """A value that a flowchart returned. Source: the code of a public client for /locals."""

    attribute_label: str = ""
    attribute_values: Many[str] = []


class RunResult(CollaborateRecord):
    """State and outcome of a run; `count` is how many customers were selected, absent until it succeeded.

    Known states: those `UNDER_WAY`, SUCCEEDED, FAILED; any other counts as final.

    Source: the code of a public client for /locals (`flowchart_status`, `count`, `output_variables`). Inferred: the
    rest, and the names of the final states.
    """

    job_id: str = ""
    row_id: int | None = None
    flowchart_tab_name: str = ""
    flowchart_status: str = ""
    count: int | None = None
    output_variables: Many[OutputVariable] = []
    start_time: Moment = None
    end_time: Moment = None
    error_message: str = ""

    @property
    def under_way(self) -> bool:
        """Whether the run has not ended. Right after the start the answer may still be that of an earlier run."""
        return self.flowchart_status in UNDER_WAY


class RunRequest(CollaborateEntry):
    """The empty body of a run: form values are stored before. Source: the code of a public client for /locals."""


class GetWorkflowRows(ProjectRequest[Many[WorkflowRow]]):
    """List the workflow of a project in the order of display, each stage before its tasks.

    Source: Collaborate REST API 12.1.0; the code of a public client for /locals (the row's id and tab). Inferred: most
    of the answer.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/workflowrows", "list{kind}WorkflowRows"
    collection = True


class GetWorkflowRow(ProjectRequest[WorkflowRow]):
    """Read one stage or task.

    Source: Collaborate REST API 12.1.0. Inferred: the answer, from the list.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/workflowrows/{rowId}", "get{kind}WorkflowRow"

    row_id: Annotated[int, Path("rowId")]


class RunWorkflowRow(ProjectRequest[Created]):
    """Run the flowchart of a task in Campaign, at once. It can replace a stored list and contact customers.

    Answers where the run is read; `Created.key` is its job id. 422 for a row without flowchart, a project that is not
    in progress, and a row that is already running.

    Source: Collaborate REST API 12.1.0; the code of a public client for /locals (body, 201 with Location). Inferred:
    the refusals, and that the other kinds are alike.
    """

    method, path, operation = "POST", "/{kind}/{projectId}/workflowrows/{rowId}/run", "run{kind}WorkflowRow"
    targets = ("{kind}_row", "project_id", "row_id")

    row_id: Annotated[int, Path("rowId")]
    run: Annotated[RunRequest, Body()] = RunRequest()


class GetRunResult(ProjectRequest[RunResult]):
    """Read state and outcome of a run. Not more often than every 2 s, and believe no final state at first sight.

    Source: Collaborate REST API 12.1.0; the code of a public client for /locals (answer). Inferred: the other kinds.
    """

    method, path, operation = (
        "GET",
        "/{kind}/{projectId}/workflowrows/{rowId}/run/{jobId}",
        "get{kind}WorkflowRunResult",
    )

    row_id: Annotated[int, Path("rowId")]
    job_id: Annotated[JobId, Path("jobId")]
