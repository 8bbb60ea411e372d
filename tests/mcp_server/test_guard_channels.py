"""The guard in every protocol era and over every transport, with clients that can ask and clients that can't."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from mcp import MCPError
from mcp.types import CallToolResult, ElicitResult, ErrorData

from tools.collaborate.workflow_run import workflow_run

pytestmark = pytest.mark.anyio

ERAS = ("2026-07-28", "2025-11-25", "2025-06-18")
PATIENCE = 20


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("transport", ["memory", "stdio", "http"])
async def test_accept_decline_cancel_and_silence(
    world: Any, person: Any, text_of: Callable[[CallToolResult], str], transport: str, era: str
) -> None:
    somebody = person()
    settings = {"QUESTION_MINUTES": "0.01", "UNICA__AUTH": "manager"}
    with anyio.fail_after(PATIENCE):
        async with world.connected(somebody, transport=transport, era=era, **settings) as client:
            for reply, said in (("decline", "said no"), ("cancel", "closed")):
                somebody.reply = reply
                answer = await client.call_tool("offers_delete", {"offers": ["5006"]})
                assert answer.structured_content["status"] == "declined"
                assert said in text_of(answer) and not answer.is_error
            assert world.writes() == []

            somebody.reply = "silent"
            if era == ERAS[0]:
                # The server holds nothing open while the person thinks: an answer that never comes ends nothing.
                with anyio.move_on_after(0.2) as waiting:
                    await client.call_tool("offers_delete", {"offers": ["5006"]})
                assert waiting.cancelled_caught
            else:
                answer = await client.call_tool("offers_delete", {"offers": ["5006"]})
                assert answer.structured_content["status"] == "declined"
                assert "no answer came within 0.6 seconds" in text_of(answer)
            assert world.writes() == []

            somebody.reply = "accept"
            answer = await client.call_tool("offers_delete", {"offers": ["5006"]})
            assert answer.structured_content["status"] == "done"
            assert answer.structured_content["counts"] == {"done": 1}
            assert world.writes() == ["deleteOffers"]
    first = somebody.questions[0]
    assert first.startswith("Delete 1 offer in Unica Campaign (environment: sandbox)?\n- ")
    assert "id 5006" in first and "Cannot be undone: " in first and "Safer: " in first and "Reference: " in first
    assert len(set(somebody.questions)) == 1, "the question stays the same until something changes"


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("transport", ["memory", "http"])
async def test_without_elicitation_a_code_comes_with_the_preview(
    world: Any, text_of: Callable[[CallToolResult], str], transport: str, era: str
) -> None:
    async with world.connected(transport=transport, era=era) as client:
        asked = await client.call_tool("offers_retire", {"offers": ["5006"]})
        data = asked.structured_content
        assert data["status"] == "needs_approval" and not asked.is_error
        assert data["code"] in text_of(asked) and "id 5006" in text_of(asked) and "id 5006" in data["preview"]
        assert any(data["code"] in each and "wait for their answer" in each for each in data["warnings"])
        assert world.writes() == []
        done = await client.call_tool("offers_retire", {"offers": ["5006"], "confirm": data["code"]})
        assert done.structured_content["status"] == "done"
        assert world.writes() == ["retireOffers"]


@pytest.mark.parametrize("era", ERAS[1:])
async def test_stateless_http_of_the_older_revisions_falls_back_to_the_code(world: Any, person: Any, era: str) -> None:
    somebody = person()
    async with world.connected(somebody, transport="http", era=era, stateless=True) as client:
        answer = await client.call_tool("offers_retire", {"offers": ["5006"]})
        assert answer.structured_content["status"] == "needs_approval"
        assert somebody.questions == [] and world.writes() == []


async def test_stateless_http_of_the_newest_revision_asks(world: Any, person: Any) -> None:
    somebody = person()
    async with world.connected(somebody, transport="http", stateless=True) as client:
        answer = await client.call_tool("offers_retire", {"offers": ["5006"]})
        assert answer.structured_content["status"] == "done" and len(somebody.questions) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_where_the_operator_demands_a_form_a_client_without_one_is_refused(
    world: Any, text_of: Callable[[CallToolResult], str], era: str
) -> None:
    async with world.connected(era=era, CHANNELS="elicitation") as client:
        answer = await client.call_tool("offers_retire", {"offers": ["5006"], "confirm": "K7TM-4QXR"})
    assert answer.structured_content["status"] == "refused" and "code" not in answer.structured_content
    assert "CAMPAIGN_MCP_CHANNELS" in text_of(answer)
    assert world.writes() == []


@pytest.mark.parametrize("era", ERAS)
async def test_where_the_operator_demands_a_code_no_form_is_shown(world: Any, person: Any, era: str) -> None:
    somebody = person()
    async with world.connected(somebody, era=era, CHANNELS="code", CHANNELS_REACHING_CUSTOMERS="code") as client:
        answer = await client.call_tool("offers_retire", {"offers": ["5006"]})
    assert answer.structured_content["status"] == "needs_approval" and somebody.questions == []


ODD = (
    ElicitResult(action="accept"),
    ElicitResult(action="accept", content={}),
    ElicitResult(action="accept", content={"confirm": False}),
    ElicitResult(action="accept", content={"confirm": "perhaps"}),
    ElicitResult(action="accept", content={"confirm": "true"}),
    ElicitResult(action="accept", content={"confirm": 1}),
    ElicitResult(action="accept", content={"Confirm": True}),
    ElicitResult(action="accept", content={"count": 1}),
)


@pytest.mark.parametrize("era", ERAS)
async def test_an_answer_that_is_no_yes_fails_closed(world: Any, person: Any, era: str) -> None:
    somebody = person()
    async with world.connected(somebody, era=era) as client:
        for number, odd in enumerate(ODD, 1):
            somebody.reply = odd
            answer = await client.call_tool("offers_retire", {"offers": ["5006"]})
            assert answer.structured_content["status"] == "declined", odd
            assert len(somebody.questions) == number and world.writes() == [], odd


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_that_fails_to_ask_fails_closed(world: Any, person: Any, era: str) -> None:
    somebody = person(ErrorData(code=-32603, message="the window is gone"))
    async with world.connected(somebody, era=era) as client:
        if era == ERAS[0]:
            # The client never comes back with an answer.
            with pytest.raises(MCPError, match="the window is gone"):
                await client.call_tool("offers_retire", {"offers": ["5006"]})
        else:
            answer = await client.call_tool("offers_retire", {"offers": ["5006"]})
            assert answer.structured_content["status"] == "needs_approval", "there is another channel"
    assert somebody.questions and world.writes() == []


async def test_a_client_that_goes_away_while_its_person_thinks_changes_nothing(world: Any, person: Any) -> None:
    somebody = person("silent")
    with anyio.fail_after(PATIENCE):
        async with world.connected(somebody, era=ERAS[1]) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, "offers_retire", {"offers": ["5006"]})
            await somebody.asked.wait()
            tasks.cancel_scope.cancel()
    assert world.writes() == []


async def test_a_code_given_by_a_client_that_can_ask_is_no_way_round_the_question(world: Any, person: Any) -> None:
    async with world.connected() as nobody:
        code = (await nobody.call_tool("offers_retire", {"offers": ["5006"]})).structured_content["code"]
    somebody = person("decline")
    async with world.connected(somebody) as client:
        answer = await client.call_tool("offers_retire", {"offers": ["5006"], "confirm": code})
    assert answer.structured_content["status"] == "declined" and len(somebody.questions) == 1
    assert world.writes() == []


async def test_a_wrong_code_is_answered_with_how_things_are_now(world: Any) -> None:
    retire = {"offers": ["5006"]}
    async with world.connected() as client, world.connected() as colleague:
        asked = await client.call_tool("offers_retire", retire)
        assert "Colleague's choice" not in asked.structured_content["preview"]
        await colleague.call_tool("offer_lists_save", {"name": "Colleague's choice", "offers": ["5006"]})
        anew = await client.call_tool("offers_retire", {**retire, "confirm": "AAAA-BBBB"})
        assert anew.structured_content["status"] == "needs_approval"
        assert "Colleague's choice" in anew.structured_content["preview"]
        done = await client.call_tool("offers_retire", {**retire, "confirm": anew.structured_content["code"]})
        assert done.structured_content["status"] == "done"


async def test_a_watch_that_fails_hides_nothing_of_what_was_done(
    world: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> list[Any]:
        raise RuntimeError("no more")

    monkeypatch.setattr(workflow_run, "follow", fails)
    run = {"project": "1000136", "row": "Generate target list"}
    async with world.connected(person()) as client:
        answer = await client.call_tool("workflow_run", run)
    assert answer.structured_content["status"] == "done"
    assert "job" in str(answer.structured_content["results"])
    assert world.writes() == ["runOnDemandCampaignWorkflowRow"]
