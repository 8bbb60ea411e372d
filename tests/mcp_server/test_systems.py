"""Several systems in one server, or either alone: each tool works in its own session, under the rules of its system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import anyio
import pytest
from mcp.types import CallToolResult

from mcp_server.application import Application
from mcp_server.catalogue import Entry
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import Tool, changes, finds
from tools.listing import Listing
from upstream.actito.entities import ListEntities
from upstream.actito.profiles import DeleteProfile
from upstream.request import Risk

pytestmark = pytest.mark.anyio

Text = Callable[[CallToolResult], str]

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ELSEWHERE = "100004"
PROD = {"ACTITO__URL": "prod-3", "ACTITO__API_KEY": "no-key"}


@finds(ListEntities, title="Entities")
async def brands_find(call: Call) -> Listing:
    """List the entities."""
    rows = [{"name": each.name, "id": each.name, "seen": NOON} for each in await call.send(ListEntities())]
    return Listing("entities", rows, ["name", "id", "seen"], total=len(rows))


@changes(DeleteProfile, title="Delete a profile")
async def people_delete(call: Call, profile: Annotated[str, "Its id"]) -> Plan:
    """Delete a profile, or tell people if the id says so: nothing is looked at."""
    risk = Risk.REACHES_CUSTOMERS if profile == "everybody" else Risk.DESTRUCTIVE
    known = {"seen": NOON}
    return Plan([Change("actito", "profile", "delete", profile, f"MeridianBank/16/{profile}", risk=risk, before=known)])


@people_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    for each in changes:
        await call.send(DeleteProfile(entity="MeridianBank", profile_table_id="16", profile=each.name))
    return [Outcome(each, "done") for each in changes]


def serving(world: Any, **settings: str) -> Application:
    """A server that has two tools of Actito more."""
    application: Application = world.application(**settings)
    for tool in (brands_find, people_delete):
        application.entries[tool.name] = _entry(tool)
    return application


def _entry(tool: Tool) -> Entry:
    entry = Entry({"name": tool.name}, tool.module, "actito", "people", tool.writes, tool.risk, tool.risk, [])
    # An entry imports its module by name, and a module of tests has none that can be imported.
    entry.__dict__["tool"] = lambda: tool
    return entry


def without(world: Any, system: str) -> None:
    for name in [each for each in world.environ if f"_{system}__" in each]:
        del world.environ[name]


async def test_both_systems_at_once(world: Any, text_of: Text) -> None:
    application = serving(world, UNICA__TIME_ZONE="Asia/Tokyo", ACTITO__TIME_ZONE="Europe/Brussels")
    async with world.connected(application=application) as client:
        answers: dict[str, CallToolResult] = {}

        async def call(tool: str, arguments: dict[str, Any]) -> None:
            answers[tool] = await client.call_tool(tool, arguments)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call, "offers_find", {"offers": ["5006"], "fields": ["all"]})
            tasks.start_soon(call, "brands_find", {})
    assert "MeridianBank" in text_of(answers["brands_find"]) and "5006" in text_of(answers["offers_find"])
    assert [each.structured_content["environment"] for each in answers.values()] == ["sandbox", "sandbox"]
    assert "Times are in Asia/Tokyo." in text_of(answers["offers_find"])
    assert "Times are in Europe/Brussels." in text_of(answers["brands_find"])
    assert "2026-11-21 13:00" in text_of(answers["brands_find"])
    assert {each["operation"] for each in world.log()} >= {"getAccessToken", "listEntities"}


async def test_actito_alone(world: Any, person: Any, text_of: Text) -> None:
    without(world, "UNICA")
    somebody = person()
    async with world.connected(somebody, application=serving(world, ACTITO__TIME_ZONE="Europe/Brussels")) as client:
        assert "MeridianBank" in text_of(await client.call_tool("brands_find", {}))
        hidden = await client.call_tool("offers_find", {})
        browsing = await client.call_tool("browse", {})
        unknown = await client.call_tool("brand_find", {})
        resources = await client.list_resources()
        deleted = await client.call_tool("people_delete", {"profile": ELSEWHERE})
    assert hidden.is_error and "unica-campaign is not configured" in text_of(hidden)
    assert [each["id"] for each in browsing.structured_content["items"]] == ["actito://"]
    assert unknown.is_error and "brands_find" in text_of(unknown)
    assert {each.uri.partition("://")[0] for each in resources.resources} == {"actito"}
    assert deleted.structured_content["status"] == "done"
    (question,) = somebody.questions
    assert question.startswith("Delete 1 profile in Actito (environment: sandbox)?")
    assert "seen: 2026-11-21 13:00" in question
    assert world.writes() == ["deleteProfile"]


async def test_unica_alone(world: Any, person: Any, text_of: Text) -> None:
    without(world, "ACTITO")
    async with world.connected(person(), application=serving(world)) as client:
        answer = await client.call_tool("brands_find", {})
        assert answer.is_error and "actito is not configured (CAMPAIGN_MCP_ACTITO__URL)" in text_of(answer)
        retired = await client.call_tool("offers_retire", {"offers": ["5006"]})
    assert retired.structured_content["status"] == "done"
    assert not [each for each in world.log() if each["path"].startswith("/actito")]


@pytest.mark.parametrize(
    ("policies", "unica", "actito"),
    [
        ({"UNICA__POLICY": "block"}, "refused", "needs_approval"),
        ({"ACTITO__POLICY": "block"}, "needs_approval", "refused"),
        ({"ACTITO__POLICY": "allow"}, "needs_approval", "done"),
        ({"UNICA__POLICY": "allow"}, "done", "needs_approval"),
    ],
)
async def test_each_system_has_its_own_policy(
    world: Any, text_of: Text, policies: dict[str, str], unica: str, actito: str
) -> None:
    async with world.connected(application=serving(world, **policies)) as client:
        retired = await client.call_tool("offers_retire", {"offers": ["5006"]})
        deleted = await client.call_tool("people_delete", {"profile": ELSEWHERE})
    assert retired.structured_content["status"] == unica and deleted.structured_content["status"] == actito
    for answer, system in ((retired, "UNICA"), (deleted, "ACTITO")):
        blocked = answer.structured_content["status"] == "refused"
        assert (f"CAMPAIGN_MCP_{system}__POLICY=block" in text_of(answer)) is blocked


async def test_a_host_of_production_is_named_and_asked_about_whatever_the_environment_is_called(
    world: Any, person: Any, text_of: Text
) -> None:
    somebody = person("decline")
    application = serving(world, **PROD)
    assert application._rules("actito").production and not application._rules("unica").production
    async with world.connected(somebody, application=application) as client:
        declined = await client.call_tool("people_delete", {"profile": ELSEWHERE})
        retired = await client.call_tool("offers_retire", {"offers": ["5006"]})
    actito, unica = somebody.questions
    assert "(environment: prod-3)?" in actito and "(environment: sandbox)?" in unica
    assert declined.structured_content["environment"] == "prod-3"
    assert retired.structured_content["environment"] == "sandbox"
    async with world.connected(application=serving(world, **PROD)) as client:
        coded = await client.call_tool("people_delete", {"profile": ELSEWHERE})
        reaching = await client.call_tool("people_delete", {"profile": "everybody"})
    assert coded.structured_content["status"] == "needs_approval" and "prod-3" in text_of(coded)
    assert reaching.structured_content["status"] == "refused", "elicitation only, for what reaches customers"
    async with world.connected(application=serving(world)) as client:
        reaching = await client.call_tool("people_delete", {"profile": "everybody"})
    assert reaching.structured_content["status"] == "needs_approval"


async def test_warnings_are_those_of_the_system_that_was_called(world: Any) -> None:
    application = serving(world)
    async with world.connected(application=application) as client:
        await client.call_tool("brands_find", {})
        application.sessions.session("actito")._account.warnings.append("Slow down.")
        unica = await client.call_tool("offers_find", {"offers": ["5006"]})
        actito = await client.call_tool("brands_find", {})
    assert "Slow down." not in str(unica.structured_content) and "Slow down." in str(actito.structured_content)


async def test_a_wrong_key_is_an_answer_that_names_the_setting(world: Any, text_of: Text) -> None:
    world.switch(authentication=True)
    async with world.connected(application=serving(world, ACTITO__API_KEY="wrong-key")) as client:
        answer = await client.call_tool("brands_find", {})
    assert answer.is_error and answer.structured_content["error"]["code"] == "login_refused"
    assert "CAMPAIGN_MCP_ACTITO__API_KEY" in text_of(answer) and "wrong-key" not in text_of(answer)
