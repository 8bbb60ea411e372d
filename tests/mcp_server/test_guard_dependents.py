"""What a person was shown to depend on the objects belongs to the approval."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from mcp.types import CallToolResult

pytestmark = pytest.mark.anyio

Text = Callable[[CallToolResult], str]
LEGACY = "2025-11-25"
ERAS = ("2026-07-28", LEGACY)
DELETE = {"campaigns": ["2012"]}


def add_cell(world: Any, campaign: int, name: str) -> None:
    """Somebody adds a target cell to a campaign, in the system itself."""
    body = urllib.parse.urlencode({"campaignid": campaign, "targetcell": json.dumps({"name": name})}).encode()
    request = urllib.request.Request(
        f"{world.sandbox.url}/Campaign/api/campaign/rest/v1/targetcells",
        body,
        {"content-type": "application/x-www-form-urlencoded"},
        method="POST",
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        assert answer.status in (200, 201)


@pytest.mark.parametrize("era", ERAS)
async def test_a_cell_that_is_added_while_a_person_thinks_is_not_deleted(world: Any, person: Any, era: str) -> None:
    async def meanwhile() -> str:
        if len(someone.questions) == 1:
            add_cell(world, 2012, "Added meanwhile")
            return "accept"
        return "decline"

    someone = person(meanwhile)
    async with world.connected(someone, era=era) as client:
        answer = (await client.call_tool("campaigns_delete", DELETE)).structured_content
    if era == LEGACY:
        assert answer["status"] == "void" and len(someone.questions) == 1
    else:
        assert answer["status"] == "declined" and len(someone.questions) == 2, "it is asked anew, with the new cell"
        assert someone.questions[0] != someone.questions[1]
    assert "deleteCampaign" not in world.writes()


async def test_a_code_does_not_count_when_a_cell_was_added(world: Any) -> None:
    async with world.connected() as client:
        shown = (await client.call_tool("campaigns_delete", DELETE)).structured_content
        add_cell(world, 2012, "Added meanwhile")
        answer = (await client.call_tool("campaigns_delete", {**DELETE, "confirm": shown["code"]})).structured_content
        assert answer["status"] == "void" and answer["preview"] != shown["preview"]
        done = await client.call_tool("campaigns_delete", {**DELETE, "confirm": answer["code"]})
        assert done.structured_content["status"] == "done"
    assert world.writes().count("deleteCampaign") == 1


@pytest.mark.parametrize("era", ERAS)
async def test_a_change_elsewhere_does_not_void_an_approval(world: Any, person: Any, era: str) -> None:
    async def meanwhile() -> str:
        add_cell(world, 2025, "Of another campaign")
        return "accept"

    someone = person(meanwhile)
    async with world.connected(someone, era=era) as client:
        answer = (await client.call_tool("campaigns_delete", DELETE)).structured_content
    assert answer["status"] == "done" and len(someone.questions) == 1


async def test_a_place_that_cannot_be_looked_at_again_stops_the_write(world: Any, text_of: Text) -> None:
    async with world.connected() as client:
        code = (await client.call_tool("campaigns_delete", DELETE)).structured_content["code"]
        world.switch(faults=[{"kind": "status", "method": "GET", "path": "/v1/targetcells*", "status": 500}])
        answer = await client.call_tool("campaigns_delete", {**DELETE, "confirm": code})
        assert answer.is_error
        world.switch(faults=[])
        assert (await client.call_tool("campaigns_delete", {**DELETE, "confirm": code})).structured_content[
            "status"
        ] == "done", "the code was not used up"


async def test_places_that_were_not_reached_do_not_count(
    world: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question said how far it came; what is found later where it did not come does not void the answer."""
    monkeypatch.setattr("mcp_server.job.LOOKING_SECONDS", 0.0)

    async def meanwhile() -> str:
        add_cell(world, 2012, "Added meanwhile")
        return "accept"

    someone = person(meanwhile)
    async with world.connected(someone) as client:
        answer = (await client.call_tool("campaigns_delete", DELETE)).structured_content
    assert "looked at 0 of 1 campaigns" in someone.questions[0]
    assert answer["status"] == "done" and len(someone.questions) == 1
