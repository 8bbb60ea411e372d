"""What others change between a look and a write, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from upstream.approval import mint
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import ChangeProjectState, CreateProject, ProjectAction, ProjectCreate, StateChange
from upstream.collaborate.recurrence import RecurrenceInput, UpdateRecurrence
from upstream.request import GUARDED, Request

pytestmark = pytest.mark.anyio

ODC = ProjectKind.ON_DEMAND_CAMPAIGN
PAUSED, RUNNING, REPEATING = "1000139", "1000136", "1000138"
DAILY = RecurrenceInput.model_validate(
    {"is_recurring": True, "recurrence_type": "DAILY", "recurrence_interval": 1, "start_date": "2027-01-01T08:00:00Z"}
    | {"end_type": "NEVER"}
)
Log = Callable[..., list[dict[str, Any]]]


async def colleague(call: Any, request: Request[Any]) -> None:
    """Somebody else does it."""
    approval = mint(b"k" * 32, "R", frozenset({request.operation_id}), request.target_ids(), GUARDED)
    await call.approved(approval).send(request)


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_recurrence_that_came_meanwhile_is_not_set_going_unseen(
    assistant: Any, call_to: Any, request_log: Log, era: str
) -> None:
    async def meanwhile() -> None:
        await colleague(call_to(ask.sandbox), UpdateRecurrence(kind=ODC, project_id=int(PAUSED), recurrence=DAILY))

    async with assistant(era=era, before_yes=meanwhile) as ask:
        answer = await ask("projects_change_state", projects=[PAUSED], action="resume")
        assert "every day" not in ask.questions[0]
        if era == "legacy":
            assert answer.data["status"] == "void"
            assert request_log(ask.sandbox, "changeOnDemandCampaignState") == []
        else:
            assert len(ask.questions) == 2 and "every day" in ask.questions[1]


async def test_a_recurrence_is_not_set_for_a_project_that_was_started_meanwhile(assistant: Any, call_to: Any) -> None:
    async def meanwhile() -> None:
        resume = StateChange(action=ProjectAction.RESUME)
        await colleague(call_to(ask.sandbox), ChangeProjectState(kind=ODC, project_id=int(PAUSED), change=resume))

    async with assistant(era="legacy", before_yes=meanwhile) as ask:
        answer = await ask("recurrence_set", project=PAUSED, repeat="daily", start="2027-01-01 08:00")
        assert answer.data["status"] == "void"


async def test_a_project_of_somebody_else_is_not_taken_for_ours(assistant: Any, call_to: Any) -> None:
    lost = {"kind": "drop_before", "method": "POST", "path": "/locals", "skip": 1, "times": 1}
    async with assistant(faults=[lost]) as ask:
        await ask("projects_find", projects=["Branch mailing Fernton"])
        twin = ProjectCreate(project_name="Twin P", template_db_id=416)
        await call_to(ask.sandbox).send(CreateProject(kind=ODC, project=twin))
        answer = await ask("projects_save", template="416", name="Twin P")
        assert "The name is taken" in ask.questions[0]
        assert answer.data["status"] == "unknown" and "not seen now" in answer.text


@pytest.mark.parametrize(
    ("project", "field", "asks"),
    [(REPEATING, "max_contacts", True), (RUNNING, "max_contacts", False), (PAUSED, "branch_ids", False)],
)
async def test_values_that_the_next_run_takes_unasked_are_asked_for(
    assistant: Any, project: str, field: str, asks: bool
) -> None:
    fill = {"project": project, "values": {field: "1234"}}
    async with assistant() as ask:
        done = await ask("project_forms_save", **fill)
        assert done.data["status"] == "done" and bool(ask.questions) is asks
        assert ("its next run takes them" in done.text) is asks
        assert ("when they are due" in done.text) is (project == RUNNING)
    async with assistant(NO_SEND="true") as ask:
        done = await ask("project_forms_save", **fill)
        assert done.data["status"] == ("refused" if asks else "done")
