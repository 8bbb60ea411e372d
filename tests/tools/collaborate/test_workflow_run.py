"""Running flowcharts and watching the runs, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, ElicitResult, TextContent

from mcp_server import job
from mcp_server.application import Application
from mcp_server.settings import load
from tests.tools.faults import fault
from tools.change import Change, Outcome
from tools.collaborate import run_watch, runs
from tools.collaborate.parts import Part
from tools.collaborate.project_form_book import Filled
from tools.collaborate.workflow_run import warnings_of
from upstream.collaborate.forms import FormAttribute
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.project_forms import (
    ProjectForm,
    ProjectFormUpdate,
    UpdateProjectForm,
    UserVariable,
    UserVariableInput,
)
from upstream.collaborate.workflow import RunResult, WorkflowRow
from upstream.errors import Unavailable

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
RUN, RESULT = "runOnDemandCampaignWorkflowRow", "getOnDemandCampaignWorkflowRunResult"
ODC = "1000136"
"""Branch mailing Fernton, in progress: 20106 runs the tab Target, 20110 the tab Fulfilment."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "POLL_SECONDS", 0.01)


# before


@pytest.mark.parametrize("era", ERAS)
async def test_a_person_is_shown_what_runs_with_which_values_and_reads_the_result(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        done = await ask("workflow_run", project="Branch mailing Fernton", row="Target")
        (question,) = ask.questions
        for said in (
            "Branch mailing Fernton (id 1000136/20106)",
            "row: Generate target list; flowchart: Target; kind: on-demand campaign; state: in progress",
            "template: Branch mailing (id 412)",
            "With: customers: not known before the run",
            "With: region: South",
            "With: branch_ids: (17,54)",
            "no run can be stopped",
            "uacc_ondemand_lists",
        ):
            assert said in question, question
        assert done.data["status"] == "done", done.text
        after = done.result["after"]
        assert after["run"] == "succeeded" and after["customers"] >= 500 and len(after["outputs"]) == 3
        job = after["job"]
        assert f"job {job} succeeded: {after['customers']:,} customers" in done.text
        assert "Customers reachable by e-mail" in done.text
        assert f"job {job}" in done.result["reason"]


async def test_the_people_of_the_last_run_are_shown_before_the_next(assistant: Any) -> None:
    async with assistant() as ask:
        first = await ask("workflow_run", project=ODC, row="20106")
        await ask("workflow_run", project=ODC, row="20106")
        assert f"customers: {first.result['after']['customers']:,} in the last run" in ask.questions[-1]


async def test_the_customers_that_the_runs_before_it_selected_are_shown(assistant: Any) -> None:
    async with assistant() as ask:
        first = await ask("workflow_run", project=ODC, row="Target")
        after = first.result["after"]
        preview = (await ask("workflow_run", project=ODC, row="Fulfilment", dry_run=True)).data["preview"]
        selected = f"customers: {after['customers']:,} selected by 'Generate target list' (job {after['job']})"
        assert selected in preview and "not known" not in preview, preview
        assert "With: offers: none chosen" in preview
        await ask("project_forms_save", project=ODC, form="302", offers=["5248"])
        chosen = (await ask("workflow_run", project=ODC, row="Fulfilment", dry_run=True)).data["preview"]
        assert "With: offer: " in chosen and "none chosen" not in chosen
        target = (await ask("workflow_run", project="1000136/20106", dry_run=True)).data["preview"]
        assert "in the last run" in target and "offers" not in target
        await ask("project_forms_save", project=ODC, values={"campaign_note": "simulate-failure"})
        await ask("workflow_run", project=ODC, row="Target")
        failed = (await ask("workflow_run", project=ODC, row="Fulfilment", dry_run=True)).data["preview"]
        assert "customers: not known, 'Generate target list' was run: failed" in failed


async def test_form_values_that_come_too_late_are_said_not_to_be_shown(
    assistant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "LOOKING_SECONDS", 0.0)
    async with assistant() as ask:
        preview = (await ask("workflow_run", project=ODC, row="Target", dry_run=True)).data["preview"]
        assert "form values: not shown, they could not be read in time" in preview and "searched" not in preview


async def test_what_was_warned_of_is_over_with_the_run(assistant: Any) -> None:
    active = "The row is active: it may be running already"
    async with assistant() as ask:
        failed = await ask("workflow_run", project="1000138", row="Target")
        assert f"Mind: {active}" in ask.questions[-1]
        assert failed.text.splitlines()[0].endswith(": 1 failed.") and active not in failed.text
    async with assistant() as ask:
        await ask("project_forms_save", project="1000138", clear=["campaign_note"])
        done = await ask("workflow_run", project="1000138", row="Target")
        assert f"Mind: {active}" in ask.questions[-1]
        assert done.text.splitlines()[0].endswith(": 1 succeeded.") and active not in done.text
    async with assistant() as ask:
        assert active in (await ask("workflow_run", project="1000138", row="Target", wait=False)).text


async def test_what_is_not_finished_is_warned_of(assistant: Any) -> None:
    async with assistant() as ask:
        active = await ask("workflow_run", project="1000138", row="Target", dry_run=True)
        assert "Mind: The row is active" in active.data["preview"]
        finished = await ask("workflow_run", project=ODC, row="Target", dry_run=True)
        assert "Mind:" not in finished.data["preview"]


def test_what_it_depends_on_and_what_is_empty_is_warned_of() -> None:
    before = WorkflowRow(row_id=1, row_name="Approve", task_status="NOT_STARTED")
    row = WorkflowRow(row_id=2, row_name="Send", task_status="PENDING", depends_on=[1])
    attributes = [FormAttribute(attribute_id=3, internal_name="region", required=True)]
    empty = Filled(301, ProjectForm(user_variables=[UserVariable(attribute_name="region")]), attributes)
    assert warnings_of(row, [before, row], [empty], None) == [
        "It depends on 'Approve', which is not started.",
        "Required and empty: region.",
    ]
    full = Filled(
        301, ProjectForm(user_variables=[UserVariable(attribute_name="region", attribute_values=["North"])]), attributes
    )
    done = WorkflowRow(row_id=1, row_name="Approve", task_status="APPROVED")
    assert warnings_of(row, [done, row], [full], None) == []


@pytest.mark.parametrize(
    ("project", "said"),
    [("1000137", "finished"), ("1000139", "resume it"), ("1000140", "start it"), ("1000141", "canceled")],
)
async def test_a_project_not_in_progress_is_refused_without_asking(
    assistant: Any, request_log: Log, project: str, said: str
) -> None:
    async with assistant() as ask:
        done = await ask("workflow_run", project=project, row="Target")
        assert done.data["status"] == "refused" and said in done.text
        assert ask.questions == [] and request_log(ask.sandbox, RUN) == []


async def test_which_row_is_asked_when_several_have_a_flowchart(assistant: Any) -> None:
    async with assistant() as ask:
        which = await ask("workflow_run", project=ODC)
        assert which.code == "ambiguous" and len(which.data["error"]["candidates"]) == 2
        none = await ask("workflow_run", project=ODC, row="Approve target")
        assert none.code == "not_found" and "runs no flowchart" in none.text
        only = await ask("workflow_run", project="1000103", kind="list")
        assert only.data["status"] == "done"
        assert "simple list" in ask.questions[-1] and "(uacc_lists)" in ask.questions[-1]


async def test_nothing_runs_without_a_yes(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "declined" and request_log(ask.sandbox, RUN) == []


async def test_a_value_that_changes_while_the_person_thinks_voids_the_yes(
    assistant: Any, call_to: Any, request_log: Log
) -> None:
    async with assistant(era="legacy") as ask:
        call = call_to(ask.sandbox)

        async def other() -> None:
            values = ProjectFormUpdate(
                user_variables=[UserVariableInput(attribute_name="region", attribute_values=["North"])], offers=[]
            )
            await call.send(
                UpdateProjectForm(kind=ProjectKind.ON_DEMAND_CAMPAIGN, project_id=1000136, form_id=301, values=values)
            )

        async with _client(ask.sandbox, before_yes=other, era="legacy") as client:
            answer = await client.call_tool("workflow_run", {"project": ODC, "row": "Target"})
            assert (answer.structured_content or {})["status"] == "void"
        assert request_log(ask.sandbox, RUN) == []


# watching


async def test_without_waiting_the_job_is_left_to_workflow_find(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        done = await ask("workflow_run", project=ODC, row="Target", wait=False)
        job = done.result["after"]["job"]
        assert done.data["status"] == "done" and f'workflow_find(project="1000136", job="{job}")' in done.text
        assert request_log(ask.sandbox, RESULT) == []
        again = await ask("workflow_run", project=ODC, row="Target")
        assert again.data["status"] == "refused" and "already" in again.text and len(ask.questions) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_progress_tells_state_and_time_at_each_reading(assistant: Any, era: str) -> None:
    heard: list[tuple[float, float | None, str | None]] = []

    async def progress(done: float, total: float | None, text: str | None) -> None:
        heard.append((done, total, text))

    async with assistant(era=era) as ask:
        await ask.client.call_tool("workflow_run", {"project": ODC, "row": "Target"}, progress_callback=progress)
    texts = [text or "" for _, _, text in heard]
    assert [text.split(": ")[1].split(",")[0] for text in texts] == ["queued", "running", "succeeded"]
    assert all(text.endswith(" s") and text.startswith("Job ") for text in texts)
    assert [done for done, _, _ in heard] == sorted({done for done, _, _ in heard})


async def test_the_end_of_an_earlier_run_is_not_believed(assistant: Any, request_log: Log) -> None:
    async with assistant(stale_runs=True) as ask:
        await ask("project_forms_save", project=ODC, values={"campaign_note": "simulate-failure"})
        failed = await ask("workflow_run", project=ODC, row="Target")
        assert failed.data["status"] == "refused"
        await ask("project_forms_save", project=ODC, clear=["campaign_note"])
        before = len(request_log(ask.sandbox, RESULT))
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "done" and done.result["after"]["run"] == "succeeded"
        assert "error" not in done.result["after"]
        assert len(request_log(ask.sandbox, RESULT)) - before == 3


async def test_a_run_that_fails_does_not_look_like_a_success(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("project_forms_save", project=ODC, values={"campaign_note": "simulate-failure"})
        done = await ask("workflow_run", project=ODC, row="Target")
        assert "campaign_note: simulate-failure" in ask.questions[-1]
        assert done.data["status"] == "refused" and done.data["counts"] == {"refused": 1}
        assert done.text.splitlines()[0].endswith(": 1 failed.") and "refused" not in done.text
        assert "the run failed" in done.text and "selects no customers" in done.text
        assert done.result["after"]["run"] == "failed" and done.result["after"]["job"] in done.result["reason"]
        # The row stays active after a failure, which must not stand in the way of another run.
        await ask("project_forms_save", project=ODC, clear=["campaign_note"])
        assert (await ask("workflow_run", project=ODC, row="Target")).data["status"] == "done"


async def test_a_run_that_is_not_there_yet_is_waited_for(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "GET", "/locals/*/run/*", status=404, times=3)]) as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "done" and "succeeded" in done.text


async def test_a_run_that_never_appears_is_told(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "GET", "/locals/*/run/*", status=404)]) as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "unknown" and "was started" in done.text and "workflow_find(" in done.text


async def test_single_readings_may_fail(assistant: Any) -> None:
    path = "/locals/*/run/*"
    broken = [fault("garbage", "GET", path, times=2), fault("status", "GET", path, status=503, skip=3, times=1)]
    async with assistant(faults=broken) as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "done" and "succeeded" in done.text


@pytest.mark.parametrize(("status", "readings"), [(403, 1), (200, 5)])
async def test_a_run_that_can_t_be_read_is_given_up_and_told(
    assistant: Any, request_log: Log, status: int, readings: int
) -> None:
    kind = "status" if status == 403 else "garbage"
    async with assistant(faults=[fault(kind, "GET", "/locals/*/run/*", status=status)]) as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "unknown" and "could not be read" in done.text
        assert "whether it goes on is not known" in done.text and "workflow_find(" in done.text
        assert len(request_log(ask.sandbox, RESULT)) == readings


async def test_watching_ends_before_the_run_does(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_watch, "WATCH_SECONDS", 0.0)
    async with assistant() as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert "was not read, so whether it goes on is not known" in done.text and "workflow_find(" in done.text
        assert done.data["status"] == "unknown"


async def test_watching_ends_while_the_run_is_known_to_go_on(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(run_watch, "WATCH_SECONDS", 0.35)
    async with assistant() as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "done" and "not over yet (queued)" in done.text
        assert done.result["after"]["run"] == "queued"


async def test_tokens_that_die_between_readings_are_renewed(
    assistant: Any, monkeypatch: pytest.MonkeyPatch, request_log: Log
) -> None:
    monkeypatch.setattr(runs, "POLL_SECONDS", 0.3)
    async with assistant(token_life=0.25) as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "done" and "succeeded" in done.text
        assert len(request_log(ask.sandbox, "login")) > 1


# when the answer to the start is not there


async def test_a_lost_answer_is_never_sent_again(assistant: Any, request_log: Log) -> None:
    async with assistant(faults=[fault("drop_after", "POST", "/locals/*/run")]) as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "unknown" and "The row is active now" in done.text
        assert 'workflow_find(project="1000136", row="20106")' in done.text
        assert len(request_log(ask.sandbox, RUN)) == 1
        row = await ask("workflow_find", project=ODC, row="20106")
        assert row.items[0]["run"] == "perhaps started: the answer was lost; the row is active"
        preview = await ask("workflow_run", project=ODC, row="Target", dry_run=True)
        assert "answer to an earlier start was lost" in preview.data["preview"]


async def test_a_start_without_a_job_id(assistant: Any, request_log: Log) -> None:
    async with assistant(location=False) as ask:
        done = await ask("workflow_run", project=ODC, row="Target")
        assert done.data["status"] == "done" and "did not say its job id" in done.text
        assert "can't be watched. The row is active now" in done.text and 'row="20106"' in done.text
        row = await ask("workflow_find", project=ODC, row="20106")
        assert row.items[0]["run"] == "started, the job id is not known; the row is active"
        assert request_log(ask.sandbox, RESULT) == []


async def test_a_refusal_of_the_system_is_told(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("workflow_run", project=ODC, row="Target", wait=False)
        async with _client(ask.sandbox) as other:
            answer = await other.call_tool("workflow_run", {"project": ODC, "row": "Target"})
            assert "already being run" in _text(answer)
            assert (answer.structured_content or {}).get("status") == "refused" or answer.is_error


# cancelling


@pytest.mark.parametrize("era", ERAS)
async def test_a_cancellation_ends_the_watching_and_not_the_run(
    assistant: Any, monkeypatch: pytest.MonkeyPatch, request_log: Log, era: str
) -> None:
    """The server's side of the progress is heard: a client that has cancelled hears no more."""
    first, last = anyio.Event(), anyio.Event()
    words: list[str] = []
    report = Context.report_progress

    async def heard(self: Any, done: float, total: float | None = None, message: str | None = None) -> None:
        await report(self, done, total, message)
        words.append(message or "")
        # The next reading is far away, so that only a cancellation ends the watching within the time of this test.
        monkeypatch.setattr(runs, "POLL_SECONDS", 300.0)
        (last if "no longer watched" in words[-1] else first).set()

    monkeypatch.setattr(Context, "report_progress", heard)
    async with assistant(era=era) as ask:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask.client.call_tool, "workflow_run", {"project": ODC, "row": "Target"})
                await first.wait()
                tasks.cancel_scope.cancel()
            await last.wait()
        assert len(words) == 2 and "queued" in words[0]
        assert "It goes on" in words[-1] and 'workflow_find(project="1000136", job="' in words[-1]
        monkeypatch.setattr(runs, "POLL_SECONDS", 0.01)
        found = await ask("workflow_find", project=ODC, row="20106")
        assert found.items[0]["run"] == "running" and found.items[0]["job"] in words[-1]
        assert len(request_log(ask.sandbox, RUN)) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_a_cancellation_does_not_interrupt_the_start(assistant: Any, request_log: Log, era: str) -> None:
    """Cancelled while the answer to the start is under way: it is awaited, and the session knows the job."""
    async with assistant(era=era, faults=[fault("delay", "POST", "/locals/*/run", seconds=1.0)]) as ask:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask.client.call_tool, "workflow_run", {"project": ODC, "row": "Target"})
                await _until(lambda: bool(request_log(ask.sandbox, RUN)))
                tasks.cancel_scope.cancel()
            row: dict[str, Any] = {}
            while "job" not in row:
                (row,) = (await ask("workflow_find", project=ODC, row="20106")).items
        assert row["run"] in ("queued", "running", "succeeded") and len(request_log(ask.sandbox, RUN)) == 1


def test_an_end_that_is_not_believed_yet_is_said_to_be_checked() -> None:
    change = Change("unica-collaborate", "simple_list_row", "run", "List", "5/7")
    run = runs.Run(Part(ProjectKind.SIMPLE_LIST, 5, 7), "9", ends=1, result=RunResult(flowchart_status="SUCCEEDED"))
    told = run_watch.told(Outcome(change, "done", after={"job": "9"}), run, None)
    assert "not over yet (ended, checking once more)" in told.reason and not told.ended


def test_states_that_are_not_known_look_like_no_success() -> None:
    change = Change("unica-collaborate", "simple_list_row", "run", "List", "5/7")
    started = Outcome(change, "done", after={"job": "9"})

    def told(**result: Any) -> Outcome:
        run = runs.Run(Part(ProjectKind.SIMPLE_LIST, 5, 7), "9", ends=2, result=RunResult(**result))
        return run_watch.told(started, run, None)

    assert (told(flowchart_status="STOPPED").status, told(flowchart_status="STOPPED").ended) == ("unknown", "unknown")
    assert told(flowchart_status="COMPLETED", count=7).status == "done"
    assert told(flowchart_status="ABORTED", error_message="no seats").status == "refused"
    broken = run_watch.told(started, runs.Run(Part(ProjectKind.SIMPLE_LIST, 5, 7), "9"), Unavailable("away"))
    assert broken.status == "unknown" and "away" in broken.reason


async def _until(seen: Callable[[], bool]) -> None:
    """What happens in the sandbox's thread is only seen by asking."""
    while not await anyio.to_thread.run_sync(seen):
        await anyio.lowlevel.checkpoint()


def _text(answer: CallToolResult) -> str:
    content = answer.content[0]
    assert isinstance(content, TextContent)
    return content.text


@asynccontextmanager
async def _client(sandbox: Any, *, before_yes: Any = None, era: str = "auto") -> AsyncIterator[Client]:
    """Another server and client before the same sandbox; `before_yes` happens while its person thinks."""

    async def person(context: Any, params: Any) -> ElicitResult:
        if before_yes is not None:
            await before_yes()
        return ElicitResult(action="accept", content={"confirm": True})

    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "none.toml"
        empty.touch()
        application = Application(load({**sandbox.settings(), "CAMPAIGN_MCP_STATE_URL": "sqlite://"}, empty))
        async with Client(application.mcp, mode=era, elicitation_callback=person) as client:
            yield client
