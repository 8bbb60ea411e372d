"""Resources as real clients see them: lists, pages, texts, errors, and how long they may be kept."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared.exceptions import MCPError

from mcp_server.resources import listing
from mcp_server.resources.rendering import MOST_BYTES, harmless, markdown
from tools.places.place import Link, Place, Section

pytestmark = pytest.mark.anyio

MODERN = "2026-07-28"
ERAS = (MODERN, "2025-11-25")
ROOTS = [
    "unica://collaborate/template-folders",
    "unica://collaborate/form-folders",
    "unica://campaign/offer-templates",
    "unica://campaign/attributes",
]
UTC = ZoneInfo("UTC")


async def text(client: Any, address: str) -> str:
    (content,) = (await client.read_resource(address)).contents
    assert content.mime_type == "text/markdown"
    return str(content.text)


def links(text: str) -> dict[str, str]:
    return dict(re.findall(r"^- \[(.*?)\]\((unica://[^)]*)\)", text, re.MULTILINE))


async def everything(client: Any) -> list[Any]:
    found, cursor = [], None
    while True:
        page = await client.list_resources(cursor=cursor)
        found += page.resources
        cursor = page.next_cursor
        if not cursor:
            return found


# lists


@pytest.mark.parametrize("era", ERAS)
async def test_roots_and_folders_of_the_first_level_are_listed(world: Any, era: str) -> None:
    async with world.connected(era=era) as client:
        found = {each.uri: each.name for each in await everything(client)}
        assert list(found)[:4] == ROOTS
        assert found["unica://collaborate/template-folders/101"] == "Branches"
        assert found["unica://collaborate/form-folders/201"] == "Target selection"
        assert "unica://collaborate/template-folders/103" not in found, "it is on the third level"


@pytest.mark.parametrize("era", ERAS)
async def test_the_list_comes_in_pages(world: Any, monkeypatch: pytest.MonkeyPatch, era: str) -> None:
    async with world.connected(era=era) as client:
        whole = [each.uri for each in await everything(client)]
    monkeypatch.setattr(listing, "PAGE", 5)
    async with world.connected(era=era) as client:
        assert len((await client.list_resources()).resources) == 5
        assert [each.uri for each in await everything(client)] == whole


@pytest.mark.parametrize("cursor", ["x", "-1", "5.0", "٥", "0"])
async def test_a_cursor_that_is_not_ours_is_refused(world: Any, cursor: str) -> None:
    async with world.connected() as client:
        with pytest.raises(MCPError) as raised:
            await client.list_resources(cursor=cursor)
        assert raised.value.error.code == -32602


async def test_a_system_that_is_away_leaves_the_roots(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SECONDS", 1.0)
    world.switch(faults=[{"kind": "status", "method": "GET", "path": "/templatefolders", "status": 503, "times": 99}])
    async with world.connected() as client:
        await client.read_resource("actito://")
        page = await client.list_resources()
        found = [each.uri for each in page.resources]
        assert found[:4] == ROOTS and page.ttl_ms == 0
        assert "actito://LarkDirect/custom-tables" in found, "the other system is there"
        assert "unica://collaborate/template-folders/101" not in found
        world.switch(faults=[])
        assert len((await client.list_resources()).resources) > len(found), "nobody keeps the short list"


async def test_nothing_is_asked_of_the_systems_before_somebody_wants_something(world: Any) -> None:
    async with world.connected() as client:
        await client.list_tools()
        await client.list_resource_templates()
        await client.list_prompts()
        assert world.log() == []


@pytest.mark.parametrize("era", ERAS)
async def test_templates_say_what_they_lead_to(world: Any, era: str) -> None:
    async with world.connected(era=era) as client:
        found = {each.uri_template: each for each in (await client.list_resource_templates()).resource_templates}
        assert set(found) == {
            "unica://collaborate/template-folders/{id}",
            "unica://collaborate/templates/{id}",
            "unica://collaborate/form-folders/{id}",
            "unica://collaborate/forms/{id}",
            "unica://collaborate/attachments/{kind}/{project}/{id}",
            "unica://campaign/offer-templates/{id}",
            "unica://campaign/attributes/{type}",
            "actito://{entity}/profile-tables",
            "actito://{entity}/profile-tables/{table}",
            "actito://{entity}/custom-tables",
            "actito://{entity}/custom-tables/{table}",
        }
        assert all(each.title and each.description for each in found.values())


# what the operator decided


async def test_what_the_operator_left_out_is_absent(world: Any) -> None:
    async with world.connected(EXCLUDE="templates,offers,actito_tables") as client:
        templates = {each.name for each in (await client.list_resource_templates()).resource_templates}
        assert templates == {"template-folders", "form-folders", "forms", "attachments", "attributes"}
        assert "unica://campaign/offer-templates" not in [each.uri for each in await everything(client)]
        assert "/templates/" not in await text(client, "unica://collaborate/template-folders/103")
        with pytest.raises(MCPError, match="CAMPAIGN_MCP_EXCLUDE") as raised:
            await client.read_resource("unica://collaborate/templates/412")
        assert raised.value.error.code == -32602


@pytest.mark.parametrize(
    ("chosen", "shelves"),
    [
        ("templates", {"templates"}),
        ("folders_find", {"template-folders", "form-folders"}),
        ("unica-campaign", {"offer-templates", "attributes"}),
        (
            "browse",
            {
                *("template-folders", "templates", "form-folders", "forms", "attachments"),
                *("offer-templates", "attributes"),
                *("profile-tables", "profile-tables-of-entity", "custom-tables", "custom-tables-of-entity"),
            },
        ),
        (
            "actito_tables_find",
            {"profile-tables", "profile-tables-of-entity", "custom-tables", "custom-tables-of-entity"},
        ),
        ("campaigns", set()),
    ],
)
async def test_only_what_the_operator_chose_is_there(world: Any, chosen: str, shelves: set[str]) -> None:
    async with world.connected(TOOLSETS=chosen) as client:
        assert {each.name for each in (await client.list_resource_templates()).resource_templates} == shelves


async def test_a_system_without_an_address_has_no_resources(world: Any) -> None:
    only = {"UNICA__URL": "", "UNICA__CAMPAIGN_URL": world.sandbox.url, "UNICA__PLATFORM_URL": world.sandbox.url}
    async with world.connected(**only, EXCLUDE="actito") as client:
        assert [each.uri for each in await everything(client)] == ROOTS[2:]
        with pytest.raises(MCPError, match="unica-collaborate is not configured"):
            await client.read_resource(ROOTS[0])


# reading


@pytest.mark.parametrize(("era", "transport"), [(MODERN, "memory"), (ERAS[1], "memory"), (MODERN, "stdio")])
async def test_a_person_clicks_down_the_tree(world: Any, era: str, transport: str) -> None:
    async with world.connected(era=era, transport=transport) as client:
        address = ROOTS[0]
        for name in ("Branches", "Mailings", "Seasonal", "Branch mailing - Christmas"):
            address = links(await text(client, address))[name]
        found = await text(client, address)
        assert found.startswith("# Branch mailing - Christmas\n") and "makes: on-demand campaign" in found
        assert "[Seasonal](unica://collaborate/template-folders/103)" in found, "the path leads back"


async def test_a_form_shows_attributes_and_offers(world: Any) -> None:
    async with world.connected() as client:
        found = await text(client, "unica://collaborate/forms/301")
        assert "## Attributes (6)" in found and "Call centre" in found and "## Offers (0)" in found
        assert "…" not in await text(client, "unica://collaborate/forms/304"), "texts and options are whole"


@pytest.mark.parametrize("era", ERAS)
async def test_files_are_text_or_bytes(world: Any, era: str) -> None:
    async with world.connected(era=era) as client:
        (picture,) = (await client.read_resource("unica://collaborate/attachments/locals/1000138/9002")).contents
        assert picture.mime_type == "image/png" and picture.blob.startswith("iVBOR")
        (brief,) = (await client.read_resource("unica://collaborate/attachments/locals/1000138/9003")).contents
        assert brief.mime_type == "text/plain" and brief.text


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("unica://collaborate/template-folders/1031", "unica://collaborate/template-folders/103"),
        ("unica://collaborate/templates/Branch%20mailin", "Branch mailing"),
        ("unica://collaborate/template/412", "unica://collaborate/templates/412"),
        ("unica://campaign/attributes/flowchart", "offer_template"),
        ("unica://collaborate/../../etc/passwd", "unica://"),
    ],
)
async def test_a_wrong_address_is_not_found_and_names_the_nearest(
    world: Any, era: str, address: str, near: str
) -> None:
    async with world.connected(era=era) as client:
        with pytest.raises(MCPError) as raised:
            await client.read_resource(address)
        assert raised.value.error.code == -32602 and near in raised.value.error.message
        assert raised.value.error.data == {"uri": address}


async def test_a_scheme_of_others_is_not_found(world: Any) -> None:
    async with world.connected() as client:
        with pytest.raises(MCPError) as raised:
            await client.read_resource("file:///etc/passwd")
        assert raised.value.error.code == -32602


async def test_a_system_that_refuses_is_no_missing_resource(world: Any) -> None:
    world.switch(faults=[{"kind": "status", "method": "GET", "path": "/templates/412", "status": 403, "times": 1}])
    async with world.connected() as client:
        with pytest.raises(MCPError) as raised:
            await client.read_resource("unica://collaborate/templates/412")
        assert raised.value.error.code == -32603 and "Traceback" not in raised.value.error.message


async def test_how_long_answers_may_be_kept(world: Any) -> None:
    async with world.connected() as client:
        hints = {
            "tools": await client.list_tools(),
            "prompts": await client.list_prompts(),
            "templates": await client.list_resource_templates(),
            "resources": await client.list_resources(),
            "text": await client.read_resource(ROOTS[0]),
        }
        assert {name: each.cache_scope for name, each in hints.items()} == {
            "tools": "public",
            "prompts": "public",
            "templates": "public",
            "resources": "private",
            "text": "private",
        }
        assert hints["resources"].ttl_ms == 60_000 and hints["text"].ttl_ms == 30_000


# texts of a campaign system


async def test_hostile_names_stay_data(world: Any) -> None:
    async with world.connected() as client:
        listed = await everything(client)
        assert not [each for each in listed if re.search("[\u202a-\u202e\x00-\x1f]", each.name + each.title)]
        for address in (
            "template-folders",
            "template-folders/121",
            "templates/423",
            "form-folders",
            "form-folders/212",
        ):
            found = await text(client, f"unica://collaborate/{address}")
            outside = re.sub(r"(?ms)^(`{3,})data\n.*?^\1$", "", found)
            assert "\u202e" not in found and "\x07" not in found
            assert not re.search(r"(?<!\\)<|(?<!\\)`|(?<!\\)\]\((?!unica://)", outside), outside
            assert "SYSTEM:" not in outside


PIECES = [*"[]()<>`*_#!|~&@\\:/.+-1 \n\r\t\u202e\u200bab", "www.", "http://", "](unica://x)"]
HOSTILE = st.lists(st.sampled_from(PIECES)).map("".join)


@given(HOSTILE, HOSTILE)
def test_no_name_leaves_its_link(name: str, detail: str) -> None:
    link = Link(name, "unica://collaborate/templates/1", "template", detail)
    place = Place("unica://x", name, "folder", [link], {"description": detail}, [Section("Templates", [link])])
    found = markdown(place, UTC)
    outside = re.sub(r"(?ms)^(`{3,})data\n.*?^\1$", "", found)
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\]\(", outside)) == 2
    assert not re.search(r"(?<!\\)(?:\\\\)*[`<]", outside)
    assert not re.search(r"https?://|www\.", outside.replace("unica://", "")), "nothing becomes a link by itself"
    assert len([line for line in outside.split("\n") if line.startswith("#")]) == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Spring 2026 (old), 50 %", "Spring 2026 (old), 50 %"),
        ("a [b](javascript:x)", r"a \[b\](javascript:x)"),
        ("# Title", r"\# Title"),
        ("1. First", r"1\. First"),
        ("- item", r"\- item"),
        ("see https://evil.example", r"see https\://evil.example"),
        ("one\ntwo", "one two"),
    ],
)
def test_what_markdown_would_make_something_of_is_escaped(name: str, shown: str) -> None:
    assert harmless(name) == shown


def test_a_folder_with_500_templates_says_what_is_missing() -> None:
    many = [Link(f"Template {n}", f"unica://collaborate/templates/{n}", "template") for n in range(500)]
    place = Place("unica://x", "Big", "folder", sections=[Section("Templates", many)])
    found = markdown(place, UTC)
    assert "## Templates (500)" in found and found.count("](unica://") == 200
    assert '300 others of 500 not shown here: use browse with address="unica://x".' in found


def test_a_text_has_a_largest_size() -> None:
    many = [Link("]" * 5000, f"unica://collaborate/templates/{n}", "template", "`" * 5000) for n in range(500)]
    sections = [Section("Templates", many), Section("Attributes", rows=[{"name": "x" * 5000}] * 500)]
    assert len(markdown(Place("unica://x", "Big", "folder", sections=sections), UTC).encode()) <= MOST_BYTES
