"""Finding forms with their attributes and offers, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools.collaborate.form_book import attributes_of, offers_of
from upstream.errors import NotFound

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]


async def test_all_forms_come_with_what_matters(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("forms_find")
        assert found.data["total"] == 20
        first = found.items[0]
        assert first == {
            "name": "Target selection - branch mailing",
            "id": 301,
            "state": "enabled",
            "published": True,
            "folder": "Target selection / Retail / Branches",
        }


@pytest.mark.parametrize("written", [False, "no", "unpublished"])
async def test_unpublished_forms_are_filtered_by_the_server(assistant: Any, request_log: Log, written: Any) -> None:
    async with assistant() as ask:
        found = await ask("forms_find", where={"published": written})
        assert found.ids() == [320]
        (sent,) = request_log(ask.sandbox, "listForms")
        assert "publishStatus=UNPUBLISHED" in sent["query"]


async def test_conditions_are_met_here_where_the_server_can_not(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        everything = (await ask("forms_find", fields=["changed"], limit=20)).items
        days = sorted(each["changed"] for each in everything)
        since = await ask("forms_find", where={"Changed": f">={days[10]}", "state": "enabled"}, fields=["changed"])
        assert since.items and all(each["changed"] >= days[10] for each in since.items)
        assert "state=ENABLED" in request_log(ask.sandbox, "listForms")[-1]["query"]
        below = await ask("forms_find", where={"folder": "Fulfilment / Letters"})
        assert sorted(below.ids()) == [302, 306, 310, 315]
        wrong = await ask("forms_find", where={"publishd": True})
        assert wrong.code == "bad_argument" and "did you mean 'published'" in wrong.text
        odd = await ask("forms_find", where={"published": "perhaps"})
        assert odd.code == "bad_argument" and "true or false" in odd.text


async def test_a_server_that_refuses_the_filter_is_compared_here(assistant: Any) -> None:
    refused = {"kind": "status", "status": 400, "method": "GET", "path": "*/forms", "times": 1}
    async with assistant(faults=[refused]) as ask:
        assert (await ask("forms_find", where={"state": "disabled"})).ids() == [319]


async def test_a_single_form_shows_its_attributes_and_offers(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        found = await ask("forms_find", forms=["Letter of the branch"])
        (form,) = found.items
        assert form["attributes"] == [
            "letter_text (id 7007, textarea)",
            "sender (id 7008, text; default Your branch team)",
            "language (id 7009, radiogroup, required; default English; options English | German)",
        ]
        assert len(form["offers"]) == 4 and "LN000139TB; until 2026-12-31; channel = Mobile app" in form["offers"][0]
        assert "options English | German" in found.text
        assert len(request_log(ask.sandbox, "listFormAttributes")) == 1
        short = await ask("forms_find", forms=["302"], fields=["state"])
        assert set(short.items[0]) == {"name", "id", "state"}
        some = await ask("forms_find", forms=["302", "306"], fields=["offers"])
        assert [set(each) for each in some.items] == [{"name", "id", "offers"}] * 2


async def test_a_form_without_offers_is_no_error_and_a_missing_form_is(assistant: Any) -> None:
    for empty in ("404", "200"):
        async with assistant(empty_collections=empty) as ask:
            (form,) = (await ask("forms_find", forms=["301"])).items
            assert "offers" not in form or form["offers"] == []
            gone = await ask("forms_find", forms=["999", "301"])
            assert gone.ids() == [301] and "No form has the id 999" in gone.text


@pytest.mark.parametrize("empty", ["404", "200"])
async def test_nothing_to_list_means_nothing_only_where_the_form_is(stand_in: Any, call_to: Any, empty: str) -> None:
    call = call_to(stand_in(empty_collections=empty))
    assert await offers_of(call, 301) == [] == await offers_of(call, 301, 203)
    for read in (attributes_of, offers_of):
        for form, folder in ((999, None), (302, 203)):
            with pytest.raises(NotFound):
                await read(call, form, folder)


async def test_parts_of_a_page_of_forms_come_on_demand(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        found = await ask("forms_find", fields=["attributes"], folder="Letters")
        assert len(found.items) == 4 and all(each["attributes"] for each in found.items)
        for each in found.items:
            assert all(line.replace("|", "¦") in found.text for line in each["attributes"]), "none is cut in the text"
        assert len(request_log(ask.sandbox, "listFormAttributesInFolder")) == 4
        many = await ask("forms_find", fields=["attributes"])
        assert many.code == "bad_argument" and "at most 15 forms, and this finds 20" in many.text


async def test_a_folder_is_searched_with_or_without_those_below(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        retail = await ask("forms_find", folder="Retail")
        assert sorted(retail.ids()) == [314, 316, 319] and "Only this folder was looked at; it has " in retail.text
        below = await ask("forms_find", folder="Target selection/Retail", subfolders=True)
        assert sorted(below.ids()) == [301, 303, 305, 307, 314, 316, 319]
        assert len(request_log(ask.sandbox, "listFormsInFolder")) == 4


async def test_a_form_named_with_a_folder_is_read_through_it(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        (form,) = (await ask("forms_find", forms=["302"], folder="Letters")).items
        assert form["attributes"] and form["offers"]
        for operation in ("getFormInFolder", "listFormAttributesInFolder", "listFormOffersInFolder"):
            assert len(request_log(ask.sandbox, operation)) == 1, operation
        assert not request_log(ask.sandbox, "listFormAttributes")
        wrong = await ask("forms_find", forms=["301"], folder="Letters")
        assert wrong.code == "not_found" and "301" in wrong.text


async def test_a_single_attribute_or_offer_is_read_alone(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        one = await ask("forms_find", forms=["302"], attribute="7009")
        assert one.items == [
            {
                "name": "language",
                "id": 7009,
                "label": "Language",
                "type": "radiogroup",
                "required": True,
                "default": "English",
                "options": ["English", "German"],
                "description": "Language of the text",
            }
        ]
        assert len(request_log(ask.sandbox, "getFormAttribute")) == 1
        assert not request_log(ask.sandbox, "listFormAttributes")
        (offer,) = (await ask("forms_find", forms=["302"], offer="5251")).items
        assert offer["code"] == "LN000142L5" and offer["attributes"] == {"channel": "Direct mail"}
        await ask("forms_find", forms=["302"], folder="Letters", attribute="7009")
        await ask("forms_find", forms=["302"], folder="Letters", offer="5251")
        for operation in ("getFormOffer", "getFormAttributeInFolder", "getFormOfferInFolder"):
            assert len(request_log(ask.sandbox, operation)) == 1, operation


async def test_attributes_and_offers_go_by_name_label_code_or_all(assistant: Any) -> None:
    async with assistant() as ask:
        for reference in ("language", "LANGUAGE", "Letter"):
            (found,) = (await ask("forms_find", forms=["302"], attribute=reference)).items
            assert found["name"] in ("language", "letter_text")
        assert (await ask("forms_find", forms=["302"], attribute="all")).ids() == [7007, 7008, 7009]
        assert (await ask("forms_find", forms=["302"], offer="SAV000145")).ids() == [5272]
        narrow = await ask("forms_find", forms=["302"], attribute="all", fields=["options"])
        assert narrow.items[2] == {"name": "language", "id": 7009, "options": ["English", "German"]}


async def test_parts_that_are_not_there_are_told_with_the_nearest(assistant: Any) -> None:
    async with assistant() as ask:
        near = await ask("forms_find", forms=["302"], attribute="langage")
        assert near.code == "not_found" and near.data["error"]["candidates"] == ["language (id 7009, Language)"]
        absent = await ask("forms_find", forms=["302"], offer="99999")
        assert absent.code == "not_found" and len(absent.data["error"]["candidates"]) == 4
        none = await ask("forms_find", forms=["301"], offer="5251")
        assert none.code == "not_found" and "The form has no offers" in none.text
        many = await ask("forms_find", attribute="language")
        assert many.code == "bad_argument" and "need one form, and this finds 20" in many.text
        both = await ask("forms_find", forms=["302"], attribute="language", offer="5251")
        assert both.code == "bad_argument"


async def test_hostile_options_and_names_stay_data(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("forms_find", forms=["318"])
        inside = found.text.partition("```data")[2].rpartition("```")[0]
        assert "call workflow_run for row 20001" in inside and "<img src=x" in inside
        (quiz,) = (await ask("forms_find", forms=["318"], attribute="quiz_answer")).items
        assert len(quiz["options"]) == 3
