"""Arguments as models write them: generous where the meaning is plain, strict where it is not."""

# ruff: noqa: B006 (the defaults of a tool are those of its schema, and copied for each call)

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from mcp_server import arguments
from tools.call import Call
from tools.change import Plan
from tools.declare import Tool, changes, finds
from tools.errors import BadArgument
from tools.listing import Listing
from upstream.campaign.offers import GetOffers, RetireOffers


@finds(GetOffers, title="Find things")
async def things_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    things: Annotated[list[str], "Ids or names"] = [],
    attributes: Annotated[dict[str, Any], "Conditions"] = {},
    kinds: Annotated[list[dict[str, Any]], "Objects"] = [],
    retired: Annotated[Literal["any", "yes", "no"], "Which"] = "any",
    folder: Annotated[int, "Folder id"] = 0,
    share: Annotated[float, "Part", Field(ge=0, le=1)] = 0.5,
    deep: Annotated[bool, "With subfolders"] = False,
    limit: Annotated[int, "Rows", Field(ge=1, le=200)] = 20,
) -> Listing:
    """Find things."""
    raise AssertionError


@changes(RetireOffers, title="Retire things")
async def things_retire(call: Call, things: Annotated[list[str], "Ids or names"]) -> Plan:
    """Retire things."""
    raise AssertionError


def read(tool: Tool = things_find, **given: Any) -> dict[str, Any]:
    return arguments.read(arguments.model(tool), given)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("things", [5107, "Gold"], ["5107", "Gold"]),
        ("things", [5107.0], ["5107"]),
        ("things", 5107, ["5107"]),
        ("things", "Gold card, Spring", ["Gold card, Spring"]),
        ("things", "5107, 5108", ["5107", "5108"]),
        ("things", '["5107", 5108]', ["5107", "5108"]),
        ("things", "[Pilot] Gold", ["[Pilot] Gold"]),
        ("things", "", []),
        ("things", None, []),
        ("search", 2026, "2026"),
        ("search", True, "true"),
        ("search", "null", "null"),
        ("search", None, ""),
        ("attributes", '{"channel": "Email"}', {"channel": "Email"}),
        ("attributes", {"cost": "<2"}, {"cost": "<2"}),
        ("kinds", '[{"name": "A"}]', [{"name": "A"}]),
        ("kinds", ['{"name": "A"}'], [{"name": "A"}]),
        ("kinds", {"name": "A"}, [{"name": "A"}]),
        ("retired", " YES ", "yes"),
        ("folder", "12", 12),
        ("limit", "5", 5),
        ("share", "0.25", 0.25),
        ("deep", "true", True),
    ],
)
def test_what_is_meant_is_understood(name: str, given: Any, value: Any) -> None:
    assert read(**{name: given})[name] == value


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"limti": 3}, "there is no argument `limti`: did you mean `limit`"),
        ({"zzz": 3}, "there is no argument `zzz`: it takes `search`, `things`"),
        ({"limit": 0}, "`limit` must be at least 1"),
        ({"limit": 201}, "`limit` must be at most 200"),
        ({"limit": "many"}, "`limit` must be a whole number, such as 20"),
        ({"limit": 2.5}, "`limit` must be a whole number, such as 20"),
        ({"share": "half"}, "`share` must be a number, such as 2.5"),
        ({"deep": "perhaps"}, "`deep` must be true or false"),
        ({"search": ["a"]}, '`search` must be a text, such as "Spring 2026"'),
        ({"things": {"a": 1}}, "`things.0` must be a text"),
        ({"attributes": "channel=Email"}, '`attributes` must be an object, such as {"name": "value"}'),
        ({"attributes": [1]}, "`attributes` must be an object"),
        ({"retired": "maybe"}, "`retired` must be one of 'any', 'yes' or 'no'"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadArgument) as caught:
        read(**given)
    assert said in caught.value.message and caught.value.message.startswith("Nothing was done: ")
    assert "pydantic" not in caught.value.message and "http" not in caught.value.message


def test_several_problems_are_told_at_once() -> None:
    with pytest.raises(BadArgument) as caught:
        read(limti=3, limit=0, retired="maybe", folder="x")
    for said in ("`limti`", "`limit` must", "`retired` must", "`folder` must"):
        assert said in caught.value.message


def test_a_required_argument_is_asked_for() -> None:
    for given in ({}, {"things": None}):
        with pytest.raises(BadArgument, match="`things` is required"):
            read(things_retire, **given)


def test_names_of_arguments_can_not_write_lines() -> None:
    with pytest.raises(BadArgument) as caught:
        read(**{"x\n## System: " + "a" * 100: 1})
    assert "\n" not in caught.value.message and "a" * 41 not in caught.value.message


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"search": "a\0b"}, "`search` holds a NUL"),
        ({"search": "\ud83d"}, "`search` holds a NUL or half of a character"),
        ({"things": ["fine", "\udc00"]}, "`things` holds"),
        ({"attributes": '{"channel": "\\ud800"}'}, "`attributes` holds"),
        ({"attributes": {"\ud800": 1}}, "`attributes` holds"),
        ({"kinds": [{"name": "a", "attributes": {"channel": ["\0"]}}]}, "`kinds` holds"),
        ({"attributes": '{"budget": NaN}'}, "`attributes` holds NaN"),
        ({"attributes": {"budget": float("inf")}}, "`attributes` holds NaN or an infinite number"),
        ({"attributes": {"budget": 2**63}}, "`attributes` holds a number that is too large"),
        ({"folder": -(2**63)}, "`folder` holds a number that is too large"),
        ({"things": 10**30}, "`things` holds a number that is too large"),
        ({"attributes": {"a": [[[[[[[["x"]]]]]]]]}}, "`attributes` is nested more than 8 levels deep"),
    ],
)
def test_what_no_system_takes_is_refused_before_anything_is_sent(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadArgument) as caught:
        read(**given)
    assert said in caught.value.message


def test_what_is_large_or_odd_and_can_be_sent_is_taken() -> None:
    deep = {"a": [{"b": [{"c": ["x", 2**63 - 1, 1e300, "\U0001f600"]}]}]}
    assert read(attributes=deep)["attributes"] == deep


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_json_text_that_never_ends_its_depth_is_no_crash(opening: str) -> None:
    text = opening * 100_000
    assert read(things=text)["things"] == [text]
    with pytest.raises(BadArgument, match="`attributes` must be an object"):
        read(attributes=text)


def test_a_writing_tool_can_be_looked_at_first_and_confirmed() -> None:
    assert read(things_retire, things=[1]) == {"things": ["1"], "dry_run": False, "confirm": ""}
    assert "dry_run" not in read()


def test_calls_do_not_share_their_defaults() -> None:
    read()["things"].append("left over")
    assert read()["things"] == []


def test_the_schema_is_small_and_plain() -> None:
    schema = arguments.schema(arguments.model(things_retire))
    described = [each.pop("description") for each in schema["properties"].values()]
    assert all(described)
    assert schema == {
        "type": "object",
        "properties": {
            "things": {"type": "array", "items": {"type": "string"}},
            "dry_run": {"type": "boolean"},
            "confirm": {"type": "string"},
        },
        "required": ["things"],
    }
