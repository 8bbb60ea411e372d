"""Places of both systems, read from the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox import Sandbox
from tools.call import Call
from tools.content import Content
from tools.errors import Ambiguous, UnknownName
from tools.places.address import closed
from tools.places.opening import open_place
from tools.places.place import Place

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
Calls = Callable[..., Call]


async def place(call: Call, address: str) -> Place:
    found = await open_place(call, address)
    assert isinstance(found, Place)
    return found


def names(found: Place, section: str) -> list[str]:
    return next([link.name for link in each.links] for each in found.sections if each.title == section)


async def test_a_person_clicks_from_the_root_to_a_template(sandbox: Sandbox, call_to: Calls) -> None:
    call, seen, address = call_to(sandbox), [], ""
    for wanted in ("Template folders", "Branches", "Mailings", "Seasonal", "Branch mailing - Christmas"):
        found = await place(call, address)
        links = {link.name: link for section in found.sections for link in section.links}
        seen.append(found.address)
        address = links[wanted].address
    template = await place(call, address)
    assert seen[1:] == [f"unica://collaborate/template-folders{rest}" for rest in ("", "/101", "/102", "/103")]
    assert template.address == "unica://collaborate/templates/413" and template.facts["makes"] == "on-demand campaign"
    assert [link.name for link in template.path] == ["Template folders", "Branches", "Mailings", "Seasonal"]
    assert [link.address for link in template.path] == seen[1:]


async def test_a_folder_is_read_by_the_routes_of_the_folder(sandbox: Sandbox, call_to: Calls, request_log: Log) -> None:
    found = await place(call_to(sandbox), "unica://collaborate/form-folders/203")
    assert found.name == "Branches" and names(found, "Forms")
    asked = {each["operation"] for each in request_log(sandbox)}
    assert {"getFormFolder", "listFormSubfolders", "listFormsInFolder"} <= asked
    assert not [each for each in request_log(sandbox) if each["refusal"]]


@pytest.mark.parametrize("empty", ["404", "200"])
async def test_an_empty_folder_is_a_place(stand_in: Callable[..., Sandbox], call_to: Calls, empty: str) -> None:
    found = await place(call_to(stand_in(empty_collections=empty)), "template-folders/120")
    assert [(each.title, each.total) for each in found.sections] == [("Subfolders", 0), ("Templates", 0)]


async def test_names_and_paths_lead_to_the_same_places(sandbox: Sandbox, call_to: Calls) -> None:
    call = call_to(sandbox)
    for said in ("template-folders/Seasonal", "template-folders/Branches/Mailings/Seasonal"):
        assert (await place(call, said)).address == "unica://collaborate/template-folders/103"
    assert (await place(call, "templates/branch%20MAILING")).address == "unica://collaborate/templates/412"
    assert (
        await place(call, "campaign/offer-templates/Loyalty points")
    ).address == "unica://campaign/offer-templates/36"


async def test_a_name_of_several_is_not_guessed(sandbox: Sandbox, call_to: Calls, add_folder: Any) -> None:
    add_folder(sandbox, "templatefolders", "Seasonal")
    with pytest.raises(Ambiguous) as raised:
        await open_place(call_to(sandbox), "template-folders/Seasonal")
    assert len(raised.value.lines) == 2


async def test_what_lies_in_no_folder_is_at_the_top(sandbox: Sandbox, call_to: Calls) -> None:
    assert names(await place(call_to(sandbox), "template-folders"), "Templates") == ["Savings newsletter"]


async def test_a_form_holds_its_attributes_and_offers(sandbox: Sandbox, call_to: Calls) -> None:
    call = call_to(sandbox)
    tables = {each.title: each.rows for each in (await place(call, "forms/301")).sections}
    assert tables["Attributes"][0]["name"] == "age_band" and "25-34" in tables["Attributes"][0]["options"]
    offers = []
    for number in range(301, 321):
        offers += [each.rows for each in (await place(call, f"forms/{number}")).sections if each.title == "Offers"]
    assert any(rows and rows[0]["code"] for rows in offers), "none of the forms had an offer"


async def test_an_offer_template_holds_its_attributes(sandbox: Sandbox, call_to: Calls) -> None:
    found = await place(call_to(sandbox), "offer-templates/31")
    assert found.name == "Credit card cashback" and found.path[0].address == "unica://campaign/offer-templates"
    assert {row["name"]: row["type"] for row in found.sections[0].rows}["channel"] == "text"


@pytest.mark.parametrize("said", ["offer", "offers", "Offers", "offer_template", "offer-template", "campaign", "cell"])
async def test_attributes_of_a_kind_of_object(sandbox: Sandbox, call_to: Calls, said: str) -> None:
    found = await place(call_to(sandbox), f"attributes/{said}")
    assert found.sections[0].rows and found.address.rpartition("/")[2] in (
        "offer",
        "offer_template",
        "campaign",
        "cell",
    )


async def test_a_file_of_a_project_is_read_as_it_is(sandbox: Sandbox, call_to: Calls) -> None:
    found = await open_place(call_to(sandbox), "attachments/locals/1000138/9002")
    assert isinstance(found, Content) and found.media_type == "image/png" and found.data.startswith(b"\x89PNG")


async def test_a_file_that_is_not_there_names_those_that_are(sandbox: Sandbox, call_to: Calls) -> None:
    with pytest.raises(UnknownName) as raised:
        await open_place(call_to(sandbox), "attachments/locals/1000138/9999")
    assert "Logo (id 9002)" in raised.value.lines


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("template-folders/1031", "unica://collaborate/template-folders/103"),
        ("templates/Branch mailin", "Branch mailing"),
        ("form-folders/Fulfillment", "Fulfilment"),
        ("forms/30l", "unica://collaborate/forms/30"),
        ("offer-templates/Loyality points", "Loyalty points"),
    ],
)
async def test_what_is_not_there_names_the_nearest(sandbox: Sandbox, call_to: Calls, said: str, near: str) -> None:
    with pytest.raises(UnknownName) as raised:
        await open_place(call_to(sandbox), said)
    assert any(near in line for line in raised.value.lines)


@pytest.mark.parametrize(
    "said",
    [
        "attributes/flowchart",
        "attachments/mailings/1000138/9002",
        "attachments/locals/1000138/9999",
        "attachments/locals/1000138/x",
        "attachments/any/1000138/9002",
        "attachments/lists/1000138/9002",
    ],
)
async def test_other_addresses_lead_nowhere(sandbox: Sandbox, call_to: Calls, said: str) -> None:
    with pytest.raises(UnknownName):
        await open_place(call_to(sandbox), said)


async def test_a_closed_shelf_is_refused_and_no_link_leads_there(sandbox: Sandbox, call_to: Calls) -> None:
    call = replace(call_to(sandbox), options={closed("templates"): "the operator left it out"})
    with pytest.raises(UnknownName, match="the operator left it out"):
        await open_place(call, "templates/412")
    folder = await place(call, "template-folders/103")
    assert [each.title for each in folder.sections] == ["Subfolders"]


async def test_a_system_that_is_closed_has_no_beginning(sandbox: Sandbox, call_to: Calls) -> None:
    shut = {closed(word): "not configured" for word in ("offer-templates", "attributes", "profile-tables")}
    call = replace(call_to(sandbox), options=shut)
    assert {link.detail for link in (await place(call, "")).sections[0].links} == {"Unica Collaborate", "Actito"}
    with pytest.raises(UnknownName, match="not configured"):
        await open_place(call, "unica://campaign")
