"""Reading workflow and runs, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault
from tools.collaborate import runs
from tools.collaborate.parts import Part
from upstream.collaborate.kinds import ProjectKind

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "POLL_SECONDS", 0.0)


async def test_rows_come_in_the_order_of_display_with_stage_state_and_dates(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("workflow_find", project="Branch mailing Fernton", kind="on-demand campaign")
        assert found.ids() == [20104, 20105, 20106, 20107, 20108, 20109, 20110, 20111]
        target = found.items[2]
        assert target["name"] == "Generate target list" and target["stage"] == "Target"
        assert target["flowchart"] == "Target" and target["state"] == "finished" and target["percent"] == 100
        assert target["depends_on"] == ["Agree on the brief (20105)"] and target["ended"].startswith("2026-11-18")
        assert "planned_end" in found.items[6] and "job" not in target
        assert "no list of runs" in found.text and "Agree on the brief" in found.text


@pytest.mark.parametrize("reference", ["20106", "generate target list", "TARGET", "1000136/20106"])
async def test_one_row_by_id_name_or_tab(assistant: Any, request_log: Log, reference: str) -> None:
    async with assistant() as ask:
        found = await ask("workflow_find", project="1000136", row=reference)
        assert 20106 in found.ids()
        (target,) = [each for each in found.items if each["id"] == 20106]
        assert target["type"] == "flowchart run task" and target["stage"] == "Target"
        assert target["depends_on"] == ["Agree on the brief (20105)"]
        by_id = request_log(ask.sandbox, "getOnDemandCampaignWorkflowRow")
        assert bool(by_id) == (reference in ("20106", "1000136/20106"))


async def test_the_id_that_an_answer_shows_names_project_and_row(assistant: Any) -> None:
    async with assistant() as ask:
        assert (await ask("workflow_find", project="1000136/20106")).ids() == [20106]
        assert (await ask("workflow_find", project="1000136/20106", row="20107")).ids() == [20107]
        for project, row in (("1000136", "1000137/20106"), ("1000999/20106", "")):
            other = await ask("workflow_find", project=project, row=row)
            assert other.code == "not_found" and (row or project) in other.text


async def test_a_row_that_is_not_there_is_told_with_the_nearest(assistant: Any) -> None:
    async with assistant() as ask:
        wrong = await ask("workflow_find", project="1000136", row="Generate list")
        assert wrong.code == "not_found" and "Generate target list (id 20106, flowchart Target" in wrong.text
        number = await ask("workflow_find", project="1000136", row="99999")
        assert number.code == "not_found"


async def test_a_simple_list_has_one_row(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("workflow_find", project="1000101")
        assert found.ids() == [20001] and "no workflow in the product" in found.text


async def test_columns_are_those_asked_for_and_pages_follow(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("workflow_find", project="1000136", fields=["type", "percent"])
        assert set(found.items[1]) == {"name", "id", "type", "percent"}
        wrong = await ask("workflow_find", project="1000136", fields=["precent"])
        assert wrong.code == "bad_argument" and "'percent'" in wrong.text


async def test_the_latest_run_of_this_session_is_shown_and_any_run_by_its_job_id(assistant: Any) -> None:
    async with assistant() as ask:
        started = await ask("workflow_run", project="1000136", row="Target", wait=False)
        job = started.result["after"]["job"]
        first = await ask("workflow_find", project="1000136")
        (run,) = [each for each in first.items if "job" in each]
        assert run["id"] == 20106 and run["job"] == job and run["run"] == "queued"
        assert "no list of runs" not in first.text
        await ask("workflow_find", project="1000136", job=job)
        done = await ask("workflow_find", project="1000136", job=job)
        (row,) = done.items
        assert row["id"] == 20106 and row["run"] == "succeeded" and row["customers"] >= 500
        assert any(each.startswith("Customers reachable by e-mail: ") for each in row["outputs"])
        assert "run_started" in row and "run_ended" in row


async def test_a_run_that_is_over_is_not_read_again(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        await ask("workflow_run", project="1000101")
        job = (await ask("workflow_find", project="1000101")).items[0]["job"]
        readings = len(request_log(ask.sandbox, "getSimpleListWorkflowRunResult"))
        again = await ask("workflow_find", project="1000101", job=job)
        assert again.items[0]["run"] == "succeeded"
        assert len(request_log(ask.sandbox, "getSimpleListWorkflowRunResult")) == readings


async def test_the_end_of_a_run_from_elsewhere_is_read_twice_before_it_is_told(
    assistant: Any, request_log: Log
) -> None:
    async with assistant() as ask:
        found = await ask("workflow_find", project="1000138", row="20122", job="40033")
        assert found.items[0]["run"] == "failed" and "selects no customers" in found.items[0]["error"]
        assert len(request_log(ask.sandbox, "getOnDemandCampaignWorkflowRunResult")) == 2
        await ask("workflow_find", project="1000138", row="20122", job="40033")
        assert len(request_log(ask.sandbox, "getOnDemandCampaignWorkflowRunResult")) == 2
        anywhere = await ask("workflow_find", project="1000136", job="40030")
        assert anywhere.ids() == [20106] and anywhere.items[0]["customers"] == 1058
        rows = await ask("workflow_find", project="1000138")
        assert not any("job" in each for each in rows.items), "that it is the latest is not known"


def test_a_session_bears_a_bounded_number_of_runs_in_mind() -> None:
    kept = runs.Runs()
    part = Part(ProjectKind.SIMPLE_LIST, 5, 7)
    for number in range(runs.MOST + 5):
        kept.started(part, str(number))
    kept.keep(runs.Run(part, "old"))
    latest = kept.latest(part)
    assert latest is not None and latest.job == str(runs.MOST + 4)
    assert kept.asked(part, "0").ours is False and kept.asked(part, "9").ours


async def test_a_job_that_is_not_there(assistant: Any) -> None:
    async with assistant() as ask:
        for job in ("4711", "..", "a/b?c"):
            wrong = await ask("workflow_find", project="1000136", job=job)
            assert wrong.code == "not_found" and "job id" in wrong.text


async def test_a_run_that_can_t_be_read_does_not_take_the_rows_with_it(assistant: Any) -> None:
    forbidden = fault("status", "GET", "/lists/*/run/*", status=403)
    async with assistant(faults=[forbidden]) as ask:
        await ask("workflow_run", project="1000101", wait=False)
        found = await ask("workflow_find", project="1000101")
        assert found.items[0]["state"] == "active" and "could not be read now" in found.text
