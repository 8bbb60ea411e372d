"""Clients that say they show forms and never do: another channel where there is one, and no way round a no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from mcp.types import CallToolResult

pytestmark = pytest.mark.anyio

Text = Callable[[CallToolResult], str]
MODERN, LEGACY = "2026-07-28", "2025-11-25"
ONE = {"offers": ["5006"]}
PATIENCE = 120


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.asking.UNSEEN_SECONDS", 0.2)


async def result(client: Any, **arguments: Any) -> Any:
    answer = await client.call_tool("offers_retire", {**ONE, **arguments})
    assert not answer.is_error
    return answer.structured_content


@pytest.mark.parametrize("transport", ["memory", "stdio", "http"])
async def test_a_form_that_nobody_answers_hands_over_to_a_code(
    world: Any, person: Any, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"QUESTION_MINUTES": "0.005"} if transport == "stdio" else {}
    with anyio.fail_after(PATIENCE):
        async with world.connected(person("silent"), era=LEGACY, transport=transport, **settings) as client:
            shown = await result(client)
            assert shown["status"] == "needs_approval" and world.writes() == []
            assert any(
                "no answer came within" in each and "a code is used instead" in each for each in shown["warnings"]
            )
            assert (await result(client, confirm=shown["code"]))["status"] == "done"
    assert world.writes() == ["retireOffers"]


@pytest.mark.parametrize("era", [MODERN, LEGACY])
async def test_a_cancel_of_a_client_that_was_never_seen_to_answer_hands_over(world: Any, person: Any, era: str) -> None:
    async with world.connected(person("cancel"), era=era) as client:
        shown = await result(client)
        assert shown["status"] == "needs_approval"
        assert (await result(client, confirm=shown["code"]))["status"] == "done"


async def test_the_same_call_anew_without_an_answer_hands_over(world: Any, person: Any) -> None:
    """A modern client that does not know what to do with a question: its assistant calls again."""
    someone = person("silent")
    async with world.connected(someone) as client:
        with anyio.move_on_after(PATIENCE):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.call_tool, "offers_retire", ONE)
                await someone.asked.wait()
                tasks.cancel_scope.cancel()
        shown = await result(client)
        assert shown["status"] == "needs_approval" and len(someone.questions) == 1
        assert (await result(client, confirm=shown["code"]))["status"] == "done"


@pytest.mark.parametrize("era", [MODERN, LEGACY])
async def test_a_client_that_was_seen_to_answer_keeps_its_forms(world: Any, person: Any, era: str) -> None:
    someone = person("decline")
    async with world.connected(someone, era=era) as client:
        assert (await result(client))["status"] == "declined", "a no is the end"
        someone.reply = "cancel"
        closed = await result(client)
        assert closed["status"] == "declined" and "code" not in closed
        assert (await result(client, confirm="AAAA-BBBB"))["status"] == "declined", "no code was given"
    async with world.connected(someone, era=era) as client:
        assert (await result(client))["status"] == "declined", "another process knows it too"
    assert len(someone.questions) == 4 and world.writes() == []


async def test_a_known_client_has_the_whole_time(world: Any, person: Any) -> None:
    someone = person("decline")
    async with world.connected(someone, era=LEGACY, QUESTION_MINUTES="0.02") as client:
        await result(client)
        someone.reply = "silent"
        late = await result(client)
    assert late["status"] == "declined" and "within 1.2 seconds" in late["message"]


async def test_where_nothing_but_a_form_is_allowed_it_says_what_there_is(world: Any, person: Any) -> None:
    settings = {"ENVIRONMENT": "", "CHANNELS": "elicitation"}
    async with world.connected(person("cancel"), era=LEGACY, **settings) as client:
        refused = await result(client)
    assert refused["status"] == "refused" and "code" not in refused
    assert "says that it shows forms" in refused["warnings"][0] and "CAMPAIGN_MCP_CHANNELS" in refused["warnings"][0]
    assert world.writes() == []


async def test_a_code_of_another_client_does_not_get_round_a_form(world: Any, person: Any) -> None:
    async with world.connected() as without:
        code = (await result(without))["code"]
    someone = person("decline")
    async with world.connected(someone) as client:
        assert (await result(client, confirm=code))["status"] == "declined" and len(someone.questions) == 1
    assert world.writes() == []
