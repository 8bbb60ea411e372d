"""After our own writes clients are told what to read again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.shared.subscriptions import ResourcesListChanged, ResourceUpdated

pytestmark = pytest.mark.anyio

ROOT = "unica://collaborate/template-folders"
LEGACY = "2025-11-25"


class Told:
    """What a client of an older era was told, in order."""

    def __init__(self) -> None:
        self.methods: list[tuple[str, str]] = []
        self._news = anyio.Event()

    async def __call__(self, message: Any) -> None:
        method = getattr(message, "method", "")
        if method.startswith("notifications/resources/"):
            self.methods.append(
                (method.rpartition("/")[2], getattr(message.params, "uri", "") if message.params else "")
            )
            self._news.set()

    async def until(self, wanted: set[tuple[str, str]]) -> None:
        with anyio.fail_after(10):
            while not wanted <= set(self.methods):
                await self._news.wait()
                self._news = anyio.Event()


@asynccontextmanager
async def legacy(server: Any) -> AsyncIterator[tuple[Client, Told]]:
    told = Told()
    async with Client(server, mode="legacy", message_handler=told) as client:
        yield client, told


async def events(listening: Any, count: int) -> set[Any]:
    with anyio.fail_after(10):
        return {await anext(listening) for _ in range(count)}


async def save(client: Any, **arguments: Any) -> Any:
    answer = await client.call_tool("folders_save", {"tree": "templates", **arguments})
    assert not answer.is_error and answer.structured_content["status"] == "done", answer.content[0].text
    return answer.structured_content["results"][0]


async def test_a_folder_at_the_top_comes_goes_and_is_listed(world: Any, person: Any) -> None:
    async with world.connected(person()) as client:
        watched = client.listen(resources_list_changed=True, resource_subscriptions=[ROOT])
        async with watched as listening:
            number = (await save(client, name="Fresh"))["id"]
            assert await events(listening, 2) == {ResourceUpdated(uri=ROOT), ResourcesListChanged()}
            assert f"{ROOT}/{number}" in [each.uri for each in (await client.list_resources()).resources]
            answer = await client.call_tool("folders_delete", {"tree": "templates", "folders": [number]})
            assert answer.structured_content["status"] == "done"
            assert await events(listening, 2) == {ResourceUpdated(uri=ROOT), ResourcesListChanged()}


async def test_a_folder_deep_in_the_tree_changes_itself_and_the_one_above(world: Any) -> None:
    async with world.connected() as client:
        watched = [f"{ROOT}/103", f"{ROOT}/102", ROOT]
        async with client.listen(resources_list_changed=True, resource_subscriptions=watched) as listening:
            before = (await client.read_resource(f"{ROOT}/103")).contents[0].text
            await save(client, folder="103", description="Only in December")
            assert await events(listening, 2) == {
                ResourceUpdated(uri=f"{ROOT}/103"),
                ResourceUpdated(uri=f"{ROOT}/102"),
            }
            after = (await client.read_resource(f"{ROOT}/103")).contents[0].text
            assert "Only in December" in after and "Only in December" not in before, "the event made the old text void"
            await save(client, name="Summer", parent="103")
            assert ResourceUpdated(uri=f"{ROOT}/103") in await events(listening, 1)


async def test_a_deleted_folder_deep_in_the_tree(world: Any, person: Any) -> None:
    async with world.connected(person()) as client:
        number = (await save(client, name="Summer", parent="103"))["id"]
        watched = [f"{ROOT}/103", f"{ROOT}/{number}"]
        async with client.listen(resources_list_changed=True, resource_subscriptions=watched) as listening:
            answer = await client.call_tool("folders_delete", {"tree": "templates", "folders": [number]})
            assert answer.structured_content["status"] == "done"
            assert await events(listening, 2) == {ResourceUpdated(uri=each) for each in watched}


async def test_what_was_not_written_is_not_told(world: Any) -> None:
    async with world.connected() as client:
        watched = client.listen(resource_subscriptions=[f"{ROOT}/103", f"{ROOT}/102"])
        async with watched as listening:
            given = {"tree": "templates", "folder": "103", "description": "Draft"}
            await client.call_tool("folders_save", {**given, "dry_run": True})
            await client.call_tool("folders_find", {"tree": "templates"})
            await save(client, folder="102", description="Real")
            assert await events(listening, 1) == {ResourceUpdated(uri=f"{ROOT}/102")}


async def test_an_attribute_changes_the_attributes_of_its_kind(world: Any) -> None:
    async with world.connected() as client:
        address = "unica://campaign/attributes/campaign"
        async with client.listen(resource_subscriptions=[address]) as listening:
            answer = await client.call_tool(
                "attributes_define", {"name": "budget_line", "kind": "campaign", "type": "text"}
            )
            assert answer.structured_content["status"] == "done", answer.content[0].text
            assert await events(listening, 1) == {ResourceUpdated(uri=address)}


async def test_an_attachment_that_is_deleted(world: Any, person: Any) -> None:
    async with world.connected(person()) as client:
        address = "unica://collaborate/attachments/locals/1000138/9002"
        async with client.listen(resource_subscriptions=[address]) as listening:
            given = {"project": "1000138", "attachments": ["9002"]}
            answer = await client.call_tool("attachments_delete", given)
            assert answer.structured_content["status"] == "done", answer.content[0].text
            assert await events(listening, 1) == {ResourceUpdated(uri=address)}


async def test_the_older_session_that_wrote_is_told(world: Any) -> None:
    async with legacy(world.application().mcp) as (client, told):
        await save(client, name="Fresh")
        await told.until({("updated", ROOT), ("list_changed", "")})


async def test_other_older_sessions_are_told_what_they_subscribed_to(world: Any) -> None:
    server = world.application().mcp
    async with legacy(server) as (watching, told), legacy(server) as (writing, _):
        assert watching.server_capabilities.resources.subscribe
        with pytest.warns(Warning, match="subscribe"):
            await watching.subscribe_resource(f"{ROOT}/103")
            await watching.subscribe_resource(f"{ROOT}/102")
            await watching.unsubscribe_resource(f"{ROOT}/102")
        await save(writing, folder="103", description="Only in December")
        await told.until({("updated", f"{ROOT}/103")})
        assert ("updated", f"{ROOT}/102") not in told.methods


async def test_subscriptions_are_bounded(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.sdk.MOST_WATCHED", 3)
    async with legacy(world.application().mcp) as (client, _):
        with pytest.warns(Warning, match="subscribe"):
            with pytest.raises(MCPError, match="too long"):
                await client.subscribe_resource(f"{ROOT}/{'9' * 2000}")
            for number in range(3):
                await client.subscribe_resource(f"{ROOT}/{number}")
            with pytest.raises(MCPError, match="too many"):
                await client.subscribe_resource(f"{ROOT}/4")


@pytest.mark.parametrize("transport", ["stdio", "http"])
async def test_over_every_transport(world: Any, transport: str) -> None:
    async with (
        world.connected(transport=transport) as client,
        client.listen(resource_subscriptions=[f"{ROOT}/103"]) as listening,
    ):
        await save(client, folder="103", description="Only in December")
        assert await events(listening, 1) == {ResourceUpdated(uri=f"{ROOT}/103")}
