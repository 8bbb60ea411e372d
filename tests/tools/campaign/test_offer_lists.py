"""Offer list tools, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
Switch = Callable[..., None]


# finding


async def test_all_lists_are_shown_static_and_smart(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("offer_lists_find")
        assert found.data["total"] == 12
        first, *_, last = found.items
        assert (first["name"], first["id"], first["members"]) == ("Spring 2025 showcase", 601, 12)
        assert last["smart"] is True and "members" not in last


NARROWED = [
    ({"kind": "smart"}, [609, 610, 611, 612]),
    ({"retired": "yes"}, [606]),
    ({"kind": "static", "retired": "no"}, [601, 602, 603, 604, 605, 607, 608]),
    ({"search": "SPRING showcase"}, [601, 602]),
    ({"search": "discount_rate"}, [610]),
    ({"offer_lists": ["603", "Youth by email"]}, [603, 609]),
    ({"offer": "5158"}, [603]),
    ({"offer": "CC00130-YX2", "search": "2026"}, [602]),
]


async def test_lists_are_narrowed(assistant: Any) -> None:
    async with assistant() as ask:
        for arguments, ids in NARROWED:
            assert (await ask("offer_lists_find", **arguments)).ids() == ids, arguments


async def test_a_smart_list_contains_what_its_query_finds(assistant: Any) -> None:
    async with assistant() as ask:
        inside = (await ask("offers_find", offer_list="610", limit=1)).items[0]
        found = await ask("offer_lists_find", offer=str(inside["id"]), kind="smart")
        assert 610 in found.ids()


async def test_without_search_on_the_server_smart_lists_are_left_out_and_it_is_said(assistant: Any) -> None:
    async with assistant(offers_v2=False) as ask:
        found = await ask("offer_lists_find", offer="5158")
        assert found.ids() == [603]
        assert "Smart lists could not be looked into" in found.text
        assert "Looked into 0 of" not in found.text


async def test_one_list_is_shown_with_its_members(assistant: Any) -> None:
    async with assistant() as ask:
        static = (await ask("offer_lists_find", offer_lists=["606"])).items[0]
        assert len(static["offers"]) == static["members"] == 8 and "(id 50" in static["offers"][0]
        smart = await ask("offer_lists_find", offer_lists=["612"])
        assert smart.items[0]["subfolders"] is False and smart.items[0]["search_folders"] == [79]
        assert "offers_find with offer_list=612" in smart.text


async def test_many_members_are_cut_and_the_way_to_all_is_said(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("offer_lists_save", name="Big", offers=[str(each) for each in range(5100, 5156)])
        found = await ask("offer_lists_find", offer_lists=["Big"], fields=["members", "offers"])
        assert found.items[0]["members"] == 56 and len(found.items[0]["offers"]) == 50
        assert "first 50 of 56 members" in found.text


async def test_fields_are_honoured_and_checked(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("offer_lists_find", fields=["folder"], limit=2)
        assert [set(each) for each in found.items] == [{"name", "id", "folder"}] * 2
        wrong = await ask("offer_lists_find", fields=["foldr"])
        assert wrong.code == "bad_argument" and "did you mean 'folder'" in wrong.text


async def test_unknown_names_are_told_with_the_nearest(assistant: Any) -> None:
    async with assistant() as ask:
        wrong = await ask("offer_lists_find", offer_lists=["Spring 2026 showcas"])
        assert wrong.code == "not_found" and "Spring 2026 showcase (id 602" in wrong.text
        some = await ask("offer_lists_find", offer_lists=["999", "602"])
        assert some.ids() == [602] and "No offer list has the id 999" in some.text


async def test_pages_come_from_a_snapshot(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        first = await ask("offer_lists_find", limit=5)
        before = len(request_log(ask.sandbox))
        second = await ask("offer_lists_find", limit=5, cursor=first.data["cursor"])
        third = await ask("offer_lists_find", limit=5, cursor=second.data["cursor"])
        assert len({*first.ids(), *second.ids(), *third.ids()}) == 12 and "cursor" not in third.data
        assert len(request_log(ask.sandbox)) == before


# a smart list's offers


async def test_the_members_of_a_smart_list_keep_to_its_folders_and_size(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        await ask("offer_lists_save", offer_list="612", max_size=2)
        found = await ask("offers_find", offer_list="612")
        assert len(found.items) == 2
        (sent,) = request_log(ask.sandbox, "searchOffersV2")
        assert "includeSubFolder=false" in sent["query"] or ["includeSubFolder", "false"] in sent["query"]


# creating and changing


@pytest.mark.parametrize("era", ERAS)
async def test_a_static_list_is_created_and_found_again(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        made = await ask("offer_lists_save", name="Summer picks", offers=["5159", "5160"], description="Sun", folder=83)
        assert made.data["status"] == "done" and made.result["id"] == "613"
        assert made.result["after"]["members"] == 2
        item = (await ask("offer_lists_find", offer_lists=["Summer picks"])).items[0]
        assert (item["description"], item["folder"], item["smart"]) == ("Sun", 83, False)
        assert not ask.questions


async def test_a_smart_list_is_created_and_its_query_tried_before(assistant: Any) -> None:
    async with assistant() as ask:
        wanted = {"query": "channel = 'Email' AND cost < 1", "max_size": 5, "search_folders": [61]}
        seen = await ask("offer_lists_save", name="Cheap mails", **wanted, dry_run=True)
        assert "finds 48 offers now that are not retired, of which the list gives 5" in seen.text
        made = await ask("offer_lists_save", name="Cheap mails", **wanted, subfolders="no")
        assert made.data["status"] == "done"
        item = (await ask("offer_lists_find", offer_lists=[made.result["id"]])).items[0]
        assert (item["query"], item["max_size"], item["subfolders"]) == (wanted["query"], 5, False)


IMPOSSIBLE = [
    ({}, "needs a name"),
    ({"name": "x", "offers": ["5159"], "query": "cost < 1"}, "not both"),
    ({"name": "x", "max_size": 5}, "needs a query"),
    ({"name": "x", "max_size": -1, "query": "cost < 1"}, "1 or more"),
    ({"name": "x", "query": "chanel = 'Email'"}, "offers have no attribute 'chanel'"),
    ({"name": "x", "query": "cost < 1", "search_folders": [9999]}, "9999"),
    ({"name": "x", "offers": ["5020", "5159"]}, "Fixed saver 1.95% bonus rate, Spring 2025 (id 5020"),
    ({"name": "x", "offers": ["99999", "5159"]}, "No offer has the id 99999"),
    ({"name": "x", "clear": ["description"]}, "clear is for changing"),
    ({"offer_list": "602", "clear": ["query"]}, "clear takes description"),
    ({"name": "Spring 2026 showcase"}, "Spring 2026 showcase (id 602"),
    ({"offer_list": "601", "name": "Spring 2026 showcase"}, "is called 'Spring 2026 showcase' already"),
    ({"offer_list": "606", "name": "x"}, "Branch counter 2025 (id 606) is retired"),
    ({"offer_list": "602", "query": "cost < 1"}, "is a static list of 12 offers"),
    ({"offer_list": "602", "clear": ["max_size"]}, "is a static list"),
    ({"offer_list": "610", "offers": ["5159"]}, "is a smart list: its query finds its offers"),
    ({"offer_list": "610", "max_size": 5, "clear": ["max_size"]}, "both given and to be emptied"),
    ({"offer_list": "602", "folder": 83}, "can't move a list"),
    ({"offer_list": "602", "offers": ["Gold card 3% cashback, Spring 2026"]}, "(id 5158, CC00129-ZA7)"),
]


async def test_what_cannot_be_is_told_before_anything_is_written(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for arguments, said in IMPOSSIBLE:
            wrong = await ask("offer_lists_save", **arguments)
            assert wrong.failed and said in wrong.text, arguments
            written = {"createOfferList", "createSmartOffer", "updateOfferList"}
            assert not written & {each["operation"] for each in request_log(ask.sandbox)}


async def test_members_are_added_and_those_inside_are_told(assistant: Any) -> None:
    async with assistant() as ask:
        changed = await ask("offer_lists_save", offer_list="602", offers=["5159", "5001"])
        assert changed.result["before"]["members"] == 12 and changed.result["after"]["members"] == 13
        assert "In the list already: Platinum card 4% cashback" in changed.text
        again = await ask("offer_lists_save", offer_list="602", offers=["5159", "5001"])
        assert again.result["status"] == "already" and "in the list already" in again.text


async def test_texts_change_and_the_members_stay(assistant: Any) -> None:
    async with assistant() as ask:
        changed = await ask("offer_lists_save", offer_list="602", name="Spring 26", clear=["description"])
        assert changed.result["before"] == {
            "name": "Spring 2026 showcase",
            "description": "What the spring of 2026 was known for",
        }
        item = (await ask("offer_lists_find", offer_lists=["Spring 26"])).items[0]
        assert item["members"] == 12 and not item.get("description")


async def test_the_query_changes_and_the_rest_of_a_smart_list_stays(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("offer_lists_save", offer_list="612", query="bonus_points >= 1000")
        item = (await ask("offer_lists_find", offer_lists=["612"])).items[0]
        assert (item["query"], item["max_size"], item["search_folders"], item["subfolders"]) == (
            "bonus_points >= 1000",
            15,
            [79],
            False,
        )
        await ask("offer_lists_save", offer_list="612", clear=["max_size", "search_folders"], subfolders="yes")
        item = (await ask("offer_lists_find", offer_lists=["612"])).items[0]
        assert "max_size" not in item and item["search_folders"] == [] and item["subfolders"] is True


async def test_a_name_that_differs_in_capitals_only_asks(assistant: Any) -> None:
    async with assistant(reply="decline") as ask:
        made = await ask("offer_lists_save", name="SPRING 2026 SHOWCASE", offers=["5159"])
        assert made.data["status"] == "declined" and "differs only in capitals" in ask.questions[0]


async def test_a_lost_answer_is_told_as_unknown_and_not_sent_again(assistant: Any, request_log: Log) -> None:
    faults = [
        fault("drop_before", "POST", "/v1/offerlist", times=1),
        fault("drop_after", "POST", "/v1/offerlist", times=1),
    ]
    async with assistant(faults=faults) as ask:
        made = await ask("offer_lists_save", name="Summer picks", offers=["5159"])
        assert made.data["status"] == "unknown" and "Look at the object before you try again" in made.text
        assert len(request_log(ask.sandbox, "createOfferList")) == 1
        assert (await ask("offer_lists_find", search="Summer picks")).data["total"] == 0
        again = await ask("offer_lists_save", name="Summer picks", offers=["5159"])
        assert again.data["status"] == "done" and "it has happened" in again.text
        assert (await ask("offer_lists_find", offer_lists=[again.result["id"]])).items[0]["members"] == 1


async def test_a_read_back_that_fails_is_said(assistant: Any) -> None:
    lost = fault("status", "GET", "/v1/offerlist", status=500, skip=1)
    async with assistant(faults=[lost]) as ask:
        made = await ask("offer_lists_save", name="Summer picks", offers=["5159"])
        assert made.result["status"] == "done" and "could not be looked at again" in made.text


async def test_a_write_that_the_system_pretends_is_found_out(assistant: Any) -> None:
    pretended = fault("status", "P*", "/v1/offerlist", status=200, body='"Offer list saved"')
    async with assistant(faults=[pretended]) as ask:
        made = await ask("offer_lists_save", name="Summer picks", offers=["5159"])
        assert made.data["status"] == "unknown" and "0 lists of this name" in made.text
        added = await ask("offer_lists_save", offer_list="602", offers=["5001"])
        assert added.data["status"] == "refused" and "did not add" in added.text
        named = await ask("offer_lists_save", offer_list="602", description="x")
        assert named.data["status"] == "refused" and "kept its description" in named.text


async def test_hostile_names_stay_data(assistant: Any) -> None:
    async with assistant() as ask:
        added = await ask("offer_lists_save", offer_list="602", offers=["5009", "5010", "5011"])
        assert added.data["status"] == "done"
        shown = await ask("offer_lists_find", offer_lists=["602"], fields=["offers"])
        assert "````data" in shown.text and shown.text.rstrip().endswith("````")
        cleared = await ask("offer_lists_clear", offer_list="602")
        assert cleared.data["status"] == "done"
        assert not any(mark in ask.questions[0] for mark in ("\u202e", "\u0007"))
        assert all(len(line) < 400 for line in ask.questions[0].splitlines())


# clearing


@pytest.mark.parametrize("era", ERAS)
async def test_clearing_names_who_leaves_and_empties_the_list(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        cleared = await ask("offer_lists_clear", offer_list="First home starter pack")
        assert cleared.data["status"] == "done"
        assert "members: 8 → 0" in ask.questions[0] and ask.questions[0].count("Leaves the list: ") == 8
        assert (await ask("offer_lists_find", offer_lists=["607"])).items[0]["members"] == 0


@pytest.mark.parametrize("era", ERAS)
async def test_a_declined_clear_changes_nothing(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        assert (await ask("offer_lists_clear", offer_list="607")).data["status"] == "declined"
        assert not request_log(ask.sandbox, "updateOfferList")


async def test_kept_members_stay_in_their_order(assistant: Any) -> None:
    async with assistant() as ask:
        cleared = await ask("offer_lists_clear", offer_list="602", keep=["5165", "5159"])
        assert cleared.result["after"]["ids"] == [5159, 5165]
        assert (await ask("offers_find", offer_list="602")).ids() == [5159, 5165]


async def test_who_uses_the_list_is_told_before_it_is_cleared(assistant: Any) -> None:
    async with assistant(reply="decline") as ask:
        await ask("offer_lists_clear", offer_list="602")
        assert "In use: Spring 2026 showcase: " in ask.questions[0] and "of Spring 2026" in ask.questions[0]


NOT_CLEARED = [
    ({"offer_list": "610"}, "is a smart list"),
    ({"offer_list": "606"}, "is retired"),
    ({"offer_list": "602", "keep": ["5001"]}, "not members of the list"),
    ({"offer_list": "602", "keep": ["99999"]}, "not members of the list"),
    ({"offer_list": "601", "keep": ["5014"]}, "does not put a retired offer back"),
    ({"offer_list": "Nothing"}, "None of the offer lists"),
]


async def test_what_cannot_be_cleared_is_told_and_nobody_is_asked(assistant: Any) -> None:
    async with assistant() as ask:
        for arguments, said in NOT_CLEARED:
            wrong = await ask("offer_lists_clear", **arguments)
            assert wrong.failed and said in wrong.text and not ask.questions, arguments


async def test_an_empty_list_needs_no_clearing(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("offer_lists_save", name="Empty")
        assert "has no members" in (await ask("offer_lists_clear", offer_list="Empty")).text
        kept = await ask("offer_lists_clear", offer_list="605", keep=(await _members(ask, "605")))
        assert kept.result["status"] == "already" and not ask.questions


async def _members(ask: Any, offer_list: str) -> list[str]:
    return [str(each) for each in (await ask("offers_find", offer_list=offer_list)).ids()]


async def test_more_than_can_be_named_leave_and_are_counted(assistant: Any) -> None:
    async with assistant(reply="decline") as ask:
        await ask("offer_lists_save", name="Big", offers=[str(each) for each in range(5100, 5140)])
        await ask("offer_lists_clear", offer_list="Big")
        assert "and 22 more leave it" in ask.questions[0]


async def test_a_clear_whose_answer_is_lost_is_looked_at(assistant: Any, request_log: Log) -> None:
    async with assistant(faults=[fault("drop_after", "PUT", "/v1/offerlist", times=1)]) as ask:
        cleared = await ask("offer_lists_clear", offer_list="607")
        assert cleared.result["status"] == "done" and "answer was lost" in cleared.text
        assert len(request_log(ask.sandbox, "updateOfferList")) == 1


async def test_a_clear_that_the_system_pretends_is_found_out(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "PUT", "/v1/offerlist", status=200, body='"Updated"')]) as ask:
        cleared = await ask("offer_lists_clear", offer_list="607")
        assert cleared.data["status"] == "refused" and "does not have the members" in cleared.text


async def test_a_clear_that_can_not_be_looked_at_is_unknown(assistant: Any, request_log: Log) -> None:
    lost = [fault("drop_after", "PUT", "/v1/offerlist"), fault("status", "GET", "/v1/offerlist", status=500, skip=2)]
    async with assistant(faults=lost) as ask:
        cleared = await ask("offer_lists_clear", offer_list="607")
        assert cleared.data["status"] == "unknown" and "Look at the object" in cleared.text
        assert len(request_log(ask.sandbox, "updateOfferList")) == 1


# retiring and deleting


@pytest.mark.parametrize("era", ERAS)
async def test_lists_are_retired_for_good(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        retired = await ask("offer_lists_retire", offer_lists=["608", "606", "999"])
        assert retired.data["counts"] == {"done": 1, "already": 1, "refused": 1}
        assert "can never be assigned" in ask.questions[0]
        assert (await ask("offer_lists_find", retired="yes")).ids() == [606, 608]


@pytest.mark.parametrize("era", ERAS)
async def test_unused_lists_are_deleted_and_used_ones_refused_with_the_way_out(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        deleted = await ask("offer_lists_delete", offer_lists=["607", "602", "611"])
        assert deleted.data["counts"] == {"done": 2, "refused": 1}
        refused = next(each for each in deleted.data["results"] if each["status"] == "refused")
        assert refused["id"] == "602" and "offer_lists_retire" in refused["reason"]
        assert "In use: Spring 2026 showcase: " in ask.questions[0] and "Safer: retire" in ask.questions[0]
        assert not {607, 611} & set((await ask("offer_lists_find", limit=50)).ids())


async def test_half_of_the_lists_are_gone_already(assistant: Any) -> None:
    async with assistant() as ask:
        deleted = await ask("offer_lists_delete", offer_lists=["607", "998", "611", "999"])
        assert deleted.data["counts"] == {"done": 2, "already": 2}
        gone = await ask("offer_lists_delete", offer_lists=["998"])
        assert gone.code == "not_found"


@pytest.mark.parametrize("tool", ["offer_lists_retire", "offer_lists_delete"])
async def test_bad_arguments_of_the_guarded_ones(assistant: Any, tool: str) -> None:
    async with assistant() as ask:
        assert (await ask(tool, offer_lists=[])).code == "bad_argument"
        assert (await ask(tool, offer_lists=[str(each) for each in range(1, 300)])).code == "bad_argument"
        assert (await ask(tool, offer_list="607")).code == "bad_argument"
        assert not ask.questions


@pytest.mark.parametrize(("tool", "path"), [("offer_lists_retire", "retire"), ("offer_lists_delete", "delete")])
async def test_lost_and_pretended_answers(assistant: Any, tool: str, path: str) -> None:
    lost = fault("drop_after", "POST", f"/v1/offerlist/{path}", times=1)
    pretended = fault("status", "POST", f"/v1/offerlist/{path}", status=200, body='"Done"', times=1)
    async with assistant(faults=[lost, pretended]) as ask:
        first = await ask(tool, offer_lists=["607"])
        assert first.result["status"] == "done" and "answer was lost" in first.result["reason"]
        second = await ask(tool, offer_lists=["608"])
        assert second.result["status"] == "refused" and "the system said yes, but" in second.result["reason"]


async def test_a_read_back_that_fails_after_a_delete_is_said(assistant: Any, switch: Switch) -> None:
    faults = [fault("status", "GET", "/v1/offerlist", status=500, skip=1)]
    async with assistant(ENVIRONMENT="test", UNICA__POLICY="allow", faults=faults) as ask:
        deleted = await ask("offer_lists_delete", offer_lists=["607", "611"])
        assert deleted.data["counts"] == {"done": 2}
        assert all("could not be looked at again" in each["reason"] for each in deleted.data["results"])
        switch(ask.sandbox, faults=[])
        assert (await ask("offer_lists_find", offer_lists=["602"])).ids() == [602]
