"""An installation that differs from the published pages is adapted to by a settings file alone, without code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.types import CallToolResult

pytestmark = pytest.mark.anyio

DIFFERENT = {
    "createCampaign": {"method": "PUT", "path": "/v1/campaigns/new", "fields": {"campaign": {"name": "campaignJSON"}}},
    "getTCSList": {"fields": {"campaignid": {"name": "campaign", "place": "header"}}},
    "retireOffers": {"fields": {"offerids": {"name": "offers", "place": "query"}}},
}

ADAPTED = """
[unica.routes.CreateCampaign]
method = "PUT"
path = "/v1/campaigns/new"
fields.campaign = "campaignJSON"

[unica.routes.getTCSList.fields.campaign_id]
name = "campaign"
place = "header"

[unica.routes.RetireOffers.fields]
offer_ids = { name = "offers", place = "query" }
"""


@pytest.fixture
def different(world: Any) -> Iterator[Any]:
    """The sandbox with a renamed field, another verb and path, and moved parameters."""
    world.switch(rename=DIFFERENT)
    yield world
    world.control("PATCH", "switches", {"rename": {}})


async def test_a_settings_file_adapts_a_server_over_stdio(
    different: Any, person: Any, tmp_path: Path, text_of: Callable[[CallToolResult], str]
) -> None:
    file = tmp_path / "adapted.toml"
    file.write_text(ADAPTED, encoding="utf-8")
    async with different.connected(person(), transport="stdio", SETTINGS_FILE=str(file)) as client:
        made = await client.call_tool("campaigns_save", {"name": "Adapted"})
        cells = await client.call_tool("target_cells_find", {"campaign": "2012"})
        retired = await client.call_tool("offers_retire", {"offers": ["5006"]})
    assert "Adapted | " in text_of(made)
    assert made.structured_content["counts"] == retired.structured_content["counts"] == {"done": 1}
    assert cells.structured_content["total"] == 9
    assert different.writes() == ["createCampaign", "retireOffers"]
    (sent,) = [each for each in different.log() if each["operation"] == "createCampaign"]
    assert (sent["method"], sent["path"].rpartition("/v1/")[2]) == ("PUT", "campaigns/new")


async def test_without_the_settings_it_says_which_route_differs(
    different: Any, text_of: Callable[[CallToolResult], str]
) -> None:
    async with different.connected() as client:
        answer = await client.call_tool("campaigns_save", {"name": "Not adapted"})
    assert "createCampaign" in text_of(answer)
    assert "settings can override the route" in str(answer.structured_content)
    assert different.control("GET", "log")["entries"][-1]["status"] in (404, 405)
