"""Completing what a person types into an address or a prompt."""

from __future__ import annotations

from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import PromptReference, ResourceTemplateReference

from mcp_server.resources import listing
from mcp_server.resources.completing import of_named
from tools.names import Named

pytestmark = pytest.mark.anyio

ERAS = ("2026-07-28", "2025-11-25")


async def completed(client: Any, template: str, typed: str, variable: str = "id", **chosen: str) -> list[str]:
    reference = ResourceTemplateReference(uri=f"unica://{template}")
    argument = {"name": variable, "value": typed}
    return list((await client.complete(reference, argument, context_arguments=chosen or None)).completion.values)


async def prompted(client: Any, prompt: str, argument: str, typed: str, **chosen: str) -> list[str]:
    given = {"name": argument, "value": typed}
    found = await client.complete(PromptReference(name=prompt), given, context_arguments=chosen or None)
    return list(found.completion.values)


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("template", "typed", "values"),
    [
        ("collaborate/template-folders/{id}", "Sea", ["Seasonal"]),
        ("collaborate/template-folders/{id}", "sea", ["Seasonal"]),
        ("collaborate/template-folders/{id}", "12", ["120", "121"]),
        ("collaborate/templates/{id}", "branch m", ["Branch mailing", "Branch mailing - Christmas"]),
        ("collaborate/templates/{id}", "412", ["412"]),
        ("collaborate/forms/{id}", "no such form", []),
        ("campaign/offer-templates/{id}", "Lo", ["Loyalty points"]),
        ("campaign/attributes/{type}", "off", ["offer", "offer_template"]),
    ],
)
async def test_ids_and_names_by_their_beginning(
    world: Any, era: str, template: str, typed: str, values: list[str]
) -> None:
    async with world.connected(era=era) as client:
        variable = "type" if "{type}" in template else "id"
        assert await completed(client, template, typed, variable) == values


async def test_every_value_leads_somewhere(world: Any) -> None:
    async with world.connected() as client:
        for template in ("collaborate/template-folders", "collaborate/form-folders", "campaign/offer-templates"):
            for value in await completed(client, template + "/{id}", ""):
                assert (await client.read_resource(f"unica://{template}/{value}")).contents


async def test_a_hostile_name_is_offered_as_its_id(world: Any) -> None:
    async with world.connected() as client:
        assert await completed(client, "collaborate/form-folders/{id}", "Drafts") == ["212"]


async def test_an_attachment_is_completed_step_by_step(world: Any) -> None:
    async with world.connected() as client:
        template = "collaborate/attachments/{kind}/{project}/{id}"
        assert await completed(client, template, "", "kind") == ["lists", "advlists", "locals"]
        assert await completed(client, template, "100013", "project", kind="locals") == [
            f"100013{digit}" for digit in "6789"
        ]
        assert await completed(client, template, "", "project") == [], "ids alone say nothing without the kind"
        chosen = {"kind": "locals", "project": "1000138"}
        assert await completed(client, template, "", "id", **chosen) == ["9001", "9002", "9003"]
        assert await completed(client, template, "", "id", kind="nonsense", project="1") == []


@pytest.mark.parametrize("era", ERAS)
async def test_arguments_of_prompts(world: Any, era: str) -> None:
    async with world.connected(era=era) as client:
        assert await prompted(client, "start_on_demand_campaign", "template", "Gold") == ["Gold card upgrade"]
        assert "Regional list" not in await prompted(client, "start_on_demand_campaign", "template", "")
        assert await prompted(client, "start_on_demand_campaign", "template", "Brand campaign") == []
        assert await prompted(client, "start_on_demand_campaign", "template", "Branch p") == [], "disabled"
        assert await prompted(client, "audit_folder", "tree", "f") == ["forms"]
        assert await prompted(client, "audit_folder", "folder", "Sea") == ["Seasonal"]
        assert await prompted(client, "audit_folder", "folder", "Ful", tree="forms") == ["Fulfilment"]
        assert await prompted(client, "find_a_template", "purpose", "x") == []


@pytest.mark.parametrize(
    ("reference", "variable"),
    [
        (ResourceTemplateReference(uri="unica://collaborate/nothing/{id}"), "id"),
        (ResourceTemplateReference(uri="unica://collaborate/templates/{id}"), "name"),
        (PromptReference(name="no_such_prompt"), "folder"),
        (PromptReference(name="audit_folder"), "purpose"),
    ],
)
async def test_what_does_not_exist_is_refused(world: Any, reference: Any, variable: str) -> None:
    async with world.connected() as client:
        with pytest.raises(MCPError) as raised:
            await client.complete(reference, {"name": variable, "value": ""})
        assert raised.value.error.code == -32602


async def test_nothing_is_offered_while_the_system_is_away(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SECONDS", 0.5)
    world.switch(faults=[{"kind": "status", "method": "GET", "path": "/templates", "status": 503, "times": 99}])
    async with world.connected() as client:
        assert await completed(client, "collaborate/templates/{id}", "B") == []


def test_at_most_100_values_and_how_many_there_are() -> None:
    found = of_named([Named(number, f"Folder {number}") for number in range(1, 251)], "")
    assert len(found.values) == 100 and found.total == 250 and found.has_more


@pytest.mark.parametrize("name", ["Twice", "412", "a\u202eb", "a\nb", "a/b", "  padded", "", "x" * 300])
def test_names_that_can_not_stand_for_themselves(name: str) -> None:
    known = [Named(1, name), Named(2, "Twice")] if name == "Twice" else [Named(1, name)]
    assert set(of_named(known, "").values) <= {"1", "2"}
