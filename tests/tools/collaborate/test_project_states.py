"""Changing the state of projects, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]

OF_STATE = {"not started": "1000140", "in progress": "1000136", "paused": "1000139", "canceled": "1000141"}
"""An on-demand campaign of each state."""


@pytest.mark.parametrize(
    ("state", "action", "result", "now"),
    [
        ("not started", "start", "done", "in progress"),
        ("not started", "pause", "refused", "start or cancel"),
        ("not started", "resume", "refused", "start or cancel"),
        ("not started", "cancel", "done", "canceled"),
        ("not started", "finish", "refused", "start or cancel"),
        ("in progress", "start", "already", "in progress"),
        ("in progress", "pause", "done", "paused"),
        ("in progress", "resume", "already", "in progress"),
        ("in progress", "cancel", "done", "canceled"),
        ("in progress", "finish", "done", "finished"),
        ("paused", "start", "done", "in progress"),
        ("paused", "pause", "already", "paused"),
        ("paused", "resume", "done", "in progress"),
        ("paused", "cancel", "done", "canceled"),
        ("paused", "finish", "refused", "start, resume or cancel"),
        ("canceled", "start", "refused", "that is final"),
        ("canceled", "cancel", "already", "canceled"),
    ],
)
async def test_what_a_state_allows_happens_and_the_rest_is_told(
    assistant: Any, request_log: Log, state: str, action: str, result: str, now: str
) -> None:
    async with assistant() as ask:
        answer = await ask("projects_change_state", projects=[OF_STATE[state]], action=action)
        assert answer.result["status"] == result and now in answer.text
        sent = request_log(ask.sandbox, "changeOnDemandCampaignState")
        assert [each["status"] for each in sent] == ([204] if result == "done" else [])
        assert len(ask.questions) == (result == "done" and action != "pause"), "only a pause needs no yes"
        (found,) = (await ask("projects_find", projects=[OF_STATE[state]])).items
        assert found["state"] == (now if result != "refused" else state)


@pytest.mark.parametrize("era", ERAS)
async def test_the_question_says_what_would_run(assistant: Any, era: str) -> None:
    async with assistant(era=era, UNICA__TIME_ZONE="Europe/Brussels") as ask:
        projects = ["Branch mailing Elmstead", "1000122", "1000136", "1000137", "77"]
        started = await ask("projects_change_state", projects=projects, action="start")
        (question,) = ask.questions
        assert "Start 1 on-demand campaign and start 1 advanced list in Unica Collaborate" in question
        assert "Branch mailing Elmstead (BRM1000147, id 1000147): state: not started → in progress" in question
        assert (
            "Would run: Branch mailing Elmstead (1000147): Generate target list "
            "(flowchart of tab Target, pending, due 2026-11-25 09:00 Europe/Brussels)" in question
        )
        assert "Agree on the brief" not in question, "a task without a flowchart runs nothing"
        assert "Left alone: Branch mailing Fernton (it is in progress)" in question
        assert "Left alone: Branch mailing - Christmas Foxmoor (it is finished: that is final)" in question
        assert "Left alone: 77 (no project has this id)" in question
        assert started.data["counts"] == {"done": 2, "already": 1, "refused": 2}


async def test_recurrence_is_part_of_what_would_run(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("projects_change_state", projects=["1000138"], action="pause")
        seen = await ask("projects_change_state", projects=["1000138"], action="resume", dry_run=True)
        assert "repeats every 2 days from 2026-11-15 05:00 until 2027-01-19 09:00, shown in UTC" in seen.text


async def test_an_end_is_said_to_be_final(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        declined = await ask("projects_change_state", projects=["Branch mailing Fernton"], action="cancel")
        assert declined.data["status"] == "declined"
        (question,) = ask.questions
        assert "Cannot be undone: a canceled or finished project" in question and "Safer: pause it" in question
        assert "Not run any more: Branch mailing Fernton (1000136): Send to fulfilment" in question
        assert not request_log(ask.sandbox, "changeOnDemandCampaignState")


async def test_a_name_in_two_kinds_is_narrowed_by_the_kind(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("projects_save", template="401", name="Branch mailing Fernton")
        both = await ask("projects_change_state", projects=["Branch mailing Fernton"], action="pause")
        assert both.code == "ambiguous" and "or say its kind" in both.text
        first, second = both.data["error"]["candidates"]
        assert first.startswith("Branch mailing Fernton (simple list, id 1000161") and "in progress, created" in first
        assert second.startswith("Branch mailing Fernton (on-demand campaign, id 1000136, BRM1000136, in progress")
        one = await ask("projects_change_state", projects=["Branch mailing Fernton"], action="pause", kind="list")
        assert one.result["id"] == "1000161" and one.result["status"] == "done"


async def test_at_most_fifty_at_once_and_at_least_one(assistant: Any) -> None:
    async with assistant() as ask:
        many = [str(1000101 + number) for number in range(51)]
        assert "At most 50" in (await ask("projects_change_state", projects=many, action="pause")).text
        assert "at least one" in (await ask("projects_change_state", projects=[], action="pause")).text
        assert (await ask("projects_change_state", projects=["77"], action="pause")).code == "not_found"


async def test_a_lost_answer_is_looked_at(assistant: Any) -> None:
    path = "/locals/1000136/changestate"
    async with assistant(faults=[fault("drop_after", "PUT", path, times=1)]) as ask:
        done = await ask("projects_change_state", projects=["1000136", "1000138"], action="finish")
        assert done.data["counts"] == {"done": 2} and "answer was lost, but it has happened" in done.text
    async with assistant(faults=[fault("drop_before", "PUT", path, times=1)]) as ask:
        lost = await ask("projects_change_state", projects=["1000136", "1000138"], action="finish")
        assert lost.data["status"] == "unknown" and lost.data["counts"] == {"unknown": 1, "done": 1}


async def test_a_preview_goes_on_without_what_can_not_be_read(assistant: Any) -> None:
    away = fault("status", "GET", "/locals/1000140/workflowrows", status=500)
    async with assistant(faults=[away]) as ask:
        seen = await ask("projects_change_state", projects=["1000140", "1000147"], action="start", dry_run=True)
        assert "looked at 1 of 2 projects" in seen.text
