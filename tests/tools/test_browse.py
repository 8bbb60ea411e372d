"""Browsing as a tool: what an assistant whose client never reads resources is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")


def by_name(answer: Any) -> dict[str, str]:
    return {each["name"]: each.get("id", "") for each in answer.items}


@pytest.mark.parametrize("era", ERAS)
async def test_every_row_says_where_to_go_next(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        answer = await ask("browse")
        for name in ("Template folders", "Branches", "Mailings", "Seasonal", "Branch mailing - Christmas"):
            answer = await ask("browse", address=by_name(answer)[name])
            assert not answer.failed
        about = answer.data["about"]
        assert about["kind"] == "template" and about["makes"] == "on-demand campaign"
        assert about["above"][-1] == "Seasonal (unica://collaborate/template-folders/103)", "there is a way back"
        assert f"template id: {about['template id']}\ndescription: {about['description']}\n" in answer.text


async def test_a_place_counts_what_is_in_it(assistant: Any) -> None:
    async with assistant() as ask:
        for address, said, total in (
            ("template-folders/102", "Template folder: 2 subfolders, 1 template in sandbox.", 3),
            ("template-folders/120", "Template folder: empty in sandbox.", 0),
            ("templates/415", "Template in sandbox.", 0),
        ):
            answer = await ask("browse", address=address)
            assert answer.text.startswith(said) and answer.data["total"] == total == len(answer.items)
            assert "Times are in" not in answer.text, "no time of day is shown"


async def test_a_form_shows_its_attributes(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("browse", address="collaborate/forms/301")
        (channel,) = [each for each in answer.items if each["name"] == "channel"]
        assert channel["kind"] == "attribute" and "Call centre" in channel["detail"]["options"]
        assert "id" not in channel, "what has no address has none"
        assert next(iter(channel["detail"])) == "id" and "id: 7003; label: " in answer.text


async def test_a_form_is_shown_whole_as_text(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("browse", address="collaborate/forms/304")
        assert "…" not in answer.text and 'forms_find with forms=["304"], attribute="all".' in answer.text
        for each in answer.items:
            assert f"id: {each['detail']['id']}; " in answer.text and each["detail"]["description"] in answer.text


async def test_a_folder_with_260_subfolders_can_be_read_to_its_end(assistant: Any) -> None:
    inside = [{"Folder_ID": n, "Folder_Name": f"Branch {n}", "Parent_Folder_ID": 120} for n in range(1000, 1260)]
    many = {"method": "GET", "path": "*/templatefolders/120/subfolders", "kind": "status", "status": 200}
    async with assistant(faults=[{**many, "body": json.dumps(inside), "times": 9}]) as ask:
        address, names, cursor = "unica://collaborate/template-folders/120", set(), ""
        while True:
            answer = await ask("browse", address=address, cursor=cursor)
            assert "Template folder: 260 subfolders in sandbox, rows " in answer.text and answer.data["total"] == 260
            assert "fewer fields" not in answer.text, "it has none"
            names |= set(by_name(answer))
            if not (cursor := answer.data.get("cursor", "")):
                break
        assert len(names) == 260
        found = await ask("folders_find", tree="templates", folders=["120"])
        assert found.items[0]["subfolders"][-1] == "and 230 more" and "and 230 more" in found.text
        assert f'All that is in the folder 120: browse with address="{address}".' in found.text


async def test_a_long_place_is_read_page_by_page(assistant: Any) -> None:
    async with assistant() as ask:
        answer, names = await ask("browse", address="campaign/attributes/offer"), []
        while True:
            names += [each["name"] for each in answer.items]
            if not answer.data.get("cursor"):
                break
            answer = await ask("browse", address="campaign/attributes/offer", cursor=answer.data["cursor"])
        assert len(names) == len(set(names)) == answer.data["total"]


async def test_a_file_comes_with_the_answer(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("browse", address="collaborate/attachments/locals/1000138/9002")
        assert [each.type for each in answer.files] == ["image"]


async def test_what_is_not_there_names_the_nearest(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("browse", address="template-folders/Seasonl")
        assert answer.failed and answer.code == "not_found"
        assert any("Seasonal" in each for each in answer.data["error"]["candidates"])


async def test_a_category_that_the_operator_left_out_is_refused(assistant: Any) -> None:
    async with assistant(EXCLUDE="forms") as ask:
        answer = await ask("browse", address="forms/301")
        assert answer.failed and "CAMPAIGN_MCP_EXCLUDE" in answer.text
        folder = await ask("browse", address="form-folders/203")
        assert not folder.failed and not [each for each in folder.items if "/forms/" in each.get("id", "")]


async def test_one_system_is_enough_and_the_other_is_refused(assistant: Any) -> None:
    async with assistant(EXCLUDE="unica-campaign,actito") as ask:
        assert "browse" in [each.name for each in (await ask.client.list_tools()).tools]
        assert list(by_name(await ask("browse"))) == ["Template folders", "Form folders"]
        answer = await ask("browse", address="campaign/offer-templates")
        assert answer.failed and "not available" in answer.text
    async with assistant(EXCLUDE="browse") as ask:
        assert "browse" not in [each.name for each in (await ask.client.list_tools()).tools]


async def test_hostile_names_stay_data(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("browse", address="template-folders/121")
        fence = answer.text.split("\n")[1]
        assert fence == "````data" and answer.text.count(fence.removesuffix("data") + "\n") <= 2
        top = await ask("browse", address="form-folders")
        assert "\u202e" not in top.text and not [each for each in top.items if "\u202e" in each["name"]]
