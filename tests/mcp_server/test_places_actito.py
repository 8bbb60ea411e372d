"""Places of Actito as resources, by completion and by browse, from a real server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from mcp import MCPError
from mcp.types import ResourceTemplateReference

pytestmark = pytest.mark.anyio

ERAS = ("2026-07-28", "2025-11-25")
TABLES = "actito://{entity}/profile-tables/{table}"


def links(markdown: str) -> dict[str, str]:
    return {name: address for name, address in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", markdown)}


async def read(client: Any, address: str) -> str:
    (content,) = (await client.read_resource(address)).contents
    return str(content.text)


@pytest.mark.parametrize("era", ERAS)
async def test_a_person_clicks_from_the_licence_to_an_attribute(world: Any, era: str) -> None:
    async with world.connected(era=era) as client:
        listed = {each.uri: each.title for each in (await client.list_resources()).resources}
        assert listed["actito://"] == "Entities (Actito)"
        assert listed["actito://MeridianBank/profile-tables"] == "Profile tables of MeridianBank"
        entities = links(await read(client, "actito://"))
        assert entities["LarkDirect"] == "actito://LarkDirect"
        shelves = links(await read(client, entities["MeridianBank"]))
        tables = links(await read(client, shelves["Profile tables"]))
        assert tables["Customers"] == "actito://MeridianBank/profile-tables/16"
        found = await read(client, tables["Customers"])
        assert found.startswith("# Customers\n") and "EN, FR, NL" in found and "Newsletter" in found
        assert links(found)["Profile tables"] == "actito://MeridianBank/profile-tables", "the path leads back"
        assert await read(client, "actito://meridianbank/profile-tables/customers") == found, "names serve as well"
        custom = links(await read(client, shelves["Custom tables"]))
        assert "paymentId" in await read(client, custom["CardPayments"])


async def test_what_is_not_there_names_the_nearest(world: Any) -> None:
    async with world.connected() as client:
        for address, near in (
            ("actito://MeridianBank/profile-tables/Custmers", "Customers"),
            ("actito://MeridianBnk/profile-tables", "MeridianBank"),
            ("actito://MeridianBank/profile-table", "actito://MeridianBank/profile-tables"),
            ("actito://MeridianBank/profile-tables/16/17", "actito://{entity}/profile-tables/{table}"),
            ("actito:///profile-tables", "actito://{entity}/profile-tables"),
        ):
            with pytest.raises(MCPError) as raised:
                await client.read_resource(address)
            assert raised.value.error.code == -32602 and near in raised.value.error.message, address


async def test_entities_and_tables_are_completed(world: Any) -> None:
    async with world.connected() as client:

        async def values(uri: str, name: str, typed: str, **chosen: str) -> list[str]:
            reference = ResourceTemplateReference(type="ref/resource", uri=uri)
            found = await client.complete(reference, {"name": name, "value": typed}, context_arguments=chosen or None)
            return list(found.completion.values)

        assert await values(TABLES, "entity", "mer") == ["MeridianBank"]
        assert await values("actito://{entity}/custom-tables", "entity", "") == ["MeridianBank", "LarkDirect"]
        assert await values(TABLES, "table", "c", entity="MeridianBank") == ["Customers"]
        assert await values(TABLES, "table", "", entity="LarkDirect") == ["Members"]
        assert await values(TABLES, "table", "") == [], "two entities, and none was chosen"


async def test_browse_opens_places_of_both_systems(world: Any) -> None:
    async with world.connected(ACTITO__TIME_ZONE="Europe/Brussels") as client:
        beginning = (await client.call_tool("browse", {})).structured_content
        assert {"name": "Actito", "id": "actito://", "kind": "entities", "detail": "Actito"} in beginning["items"]
        answer = (
            await client.call_tool("browse", {"address": "actito://MeridianBank/profile-tables/16"})
        ).structured_content
        assert answer["about"]["segmentations"][0].startswith("LoyaltyLevel")
        (address,) = [each for each in answer["items"] if each["name"] == "emailAddress"]
        assert address["detail"]["rules"] == "unique, mandatory"
        templates = (await client.call_tool("browse", {"address": "template-folders"})).structured_content
        assert templates["about"]["name"] == "Template folders"


async def test_what_the_operator_left_out_is_closed(world: Any) -> None:
    async with world.connected(EXCLUDE="actito_tables") as client:
        assert not [each for each in (await client.list_resources()).resources if each.uri.startswith("actito")]
        for address in ("actito://", "actito://MeridianBank", "actito://MeridianBank/custom-tables"):
            with pytest.raises(MCPError, match="CAMPAIGN_MCP_EXCLUDE"):
                await client.read_resource(address)
        assert (await client.call_tool("browse", {"address": "actito://"})).is_error
