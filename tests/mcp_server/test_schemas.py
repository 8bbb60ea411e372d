"""What clients are told about every tool: names, schemas, hints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mcp_server import catalogue
from mcp_server.instructions import instructions
from mcp_server.schemas import CHANGE_SCHEMA, FIND_SCHEMA
from mcp_server.visible import SETUP
from upstream.request import GUARDED, Risk
from upstream.routes import find

pytestmark = pytest.mark.anyio

ENTRIES = catalogue.load()
READING = {"find", "metrics", "results", "read"}
WRITING = {
    *("save", "create", "define", "set", "add", "delete", "retire", "clear", "change_state", "run", "send"),
    "participate",
}
THINGS = ("offer_templates", "actito_subscriptions", "actito_segments", "actito_tables", "actito_actions")
"""What a tool is about that its category does not say."""
WITHOUT_A_VERB = ("browse", "actito_request", "setup_help")

each_tool = pytest.mark.parametrize("entry", ENTRIES, ids=lambda each: each.name)


def parts(schema: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    yield depth, schema
    for each in schema.get("properties", {}).values():
        yield from parts(each, depth + 1)
    if isinstance(schema.get("items"), dict):
        yield from parts(schema["items"], depth)


@each_tool
def test_names_start_with_the_category_and_end_with_a_known_verb(entry: catalogue.Entry) -> None:
    assert len(entry.name) <= 32 and re.fullmatch("[a-z]+(_[a-z]+)*", entry.name)
    verbs = {entry.name.removeprefix(f"{things}_") for things in (entry.category, *THINGS)}
    assert entry.name in WITHOUT_A_VERB or verbs & (WRITING if entry.writes else READING)
    assert entry.published["title"] and entry.published["description"].endswith(".")


@each_tool
def test_inputs_are_plain_and_every_parameter_is_described(entry: catalogue.Entry) -> None:
    schema = entry.published["inputSchema"]
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    for depth, part in parts(schema):
        assert isinstance(part["type"], str) and part["type"] != "null", part
        assert not set(part) & {"anyOf", "oneOf", "allOf", "$ref", "$defs", "title", "additionalProperties"}, part
        assert depth <= 1, part
    for name, part in schema["properties"].items():
        assert part.get("description"), name
        assert "default" not in part or part["default"] not in (None, "", [], {})
    text = json.dumps(schema)
    assert "null" not in text and "$" not in text


@each_tool
def test_all_four_hints_follow_from_what_the_routes_can_do(entry: catalogue.Entry) -> None:
    hints = entry.published["annotations"]
    assert set(hints) == {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}
    if entry.routes == ["anyRoute"]:
        assert hints["destructiveHint"] and hints["openWorldHint"] and not hints["readOnlyHint"]
        return
    routes = [find(operation) for operation in entry.routes]
    usual = max((route.risk for route in routes), key=list(Risk).index, default=Risk.READ)
    assert hints["readOnlyHint"] is not entry.writes
    assert hints["readOnlyHint"] is all(route.worst is Risk.READ for route in routes)
    if usual in GUARDED:
        assert hints["destructiveHint"], "what its routes can do needs an approval"
    if not any(route.worst in GUARDED for route in routes):
        assert not hints["destructiveHint"]
    if not entry.writes:
        assert hints["idempotentHint"] and not hints["destructiveHint"]
    reaches = [
        each for each in routes if Risk.REACHES_CUSTOMERS in (each.risk, each.worst) or "reaches" in each.worst_when
    ]
    assert hints["openWorldHint"] is bool(reaches and entry.writes)


@each_tool
def test_writing_tools_can_be_looked_at_first_and_all_have_a_schema_for_answers(entry: catalogue.Entry) -> None:
    names = set(entry.published["inputSchema"]["properties"])
    assert ({"dry_run", "confirm"} <= names) is entry.writes
    assert entry.published["outputSchema"] == (CHANGE_SCHEMA if entry.writes else FIND_SCHEMA)


def test_schemas_of_answers_demand_nothing_so_that_an_error_fits() -> None:
    for schema in (FIND_SCHEMA, CHANGE_SCHEMA):
        Draft202012Validator.check_schema(schema)
        assert "required" not in schema
        Draft202012Validator(schema).validate({"error": {"code": "x", "message": "y", "retry": True}})


def test_instructions_are_short() -> None:
    everything = instructions(["unica-campaign", "unica-collaborate", "actito"])
    assert len(everything) <= 1600, "some 350 tokens of 400"
    assert "Unica" not in instructions(["actito"]) and "Actito" not in instructions(["unica-campaign"])
    assert "Collaborate" not in instructions(["unica-campaign"])
    assert "Unica Campaign" not in instructions(["unica-collaborate"])
    assert "setup_help" not in everything


@pytest.mark.parametrize("era", ["2026-07-28", "2025-11-25", "2025-06-18"])
async def test_the_list_is_the_catalogue_in_every_era_and_never_changes(world: Any, era: str) -> None:
    async with world.connected(era=era) as client:
        lists = [await client.list_tools(cache_mode="bypass")]
        await client.call_tool("offers_find", {"limit": 1})
        lists.append(await client.list_tools(cache_mode="bypass"))
        assert client.instructions == instructions(["unica-campaign", "unica-collaborate", "actito"])
    for found in lists:
        tools = [each.model_dump(by_alias=True, exclude_none=True, mode="json") for each in found.tools]
        assert tools == [dict(entry.published) for entry in ENTRIES if entry.usual and entry.category != SETUP]
        assert found.next_cursor is None
