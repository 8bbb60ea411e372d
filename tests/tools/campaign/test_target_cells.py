"""Target cell tools, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
EMPTY = "2046"
"""A campaign without cells."""
Log = Callable[..., list[dict[str, Any]]]


# finding


async def test_the_cells_of_a_campaign_with_offers_and_control_cell(assistant: Any) -> None:
    async with assistant() as ask:
        for campaign in ("2025", "C000002025", "Spring 2026 Gold Card Cashback"):
            found = await ask("target_cells_find", campaign=campaign)
            assert found.data["total"] == 8
        email = next(each for each in found.items if each["id"] == 8218)
        assert email["control_cell"] == "Active card holders, holdout 10% (8217)" and email["control"] is False
        assert "Gold card 3% cashback, Spring 2026 (5158)" in email["offers"]
        app = next(each for each in found.items if each["id"] == 8219)
        assert "Spring 2026 showcase (offer list 602)" in app["offers"]


async def test_cells_are_narrowed(assistant: Any) -> None:
    async with assistant() as ask:
        find = {"campaign": "2025"}
        assert (await ask("target_cells_find", **find, attributes={"control": "yes"})).ids() == [8217, 8221]
        assert (await ask("target_cells_find", **find, search="sleeping EMAIL mail")).ids() == []
        assert (await ask("target_cells_find", **find, search="direct sleeping")).ids() == [8222]
        for offer in ("5158", "CC00129-ZA7", "gold card 3% cashback, spring 2026"):
            assert (await ask("target_cells_find", **find, offer=offer)).ids() == [8218]
        assert (await ask("target_cells_find", **find, offer="Spring 2026 showcase")).ids() == [8219]
        assert (await ask("target_cells_find", **find, offer="none")).ids() == [8217, 8221]
        flowchart = await ask("target_cells_find", **find, attributes={"flowchart": "*select", "target_size": ">5000"})
        assert flowchart.ids() == [8218, 8219] and flowchart.items[0]["target_size"] == 10560
        read_only = await ask("target_cells_find", campaign="2026", attributes={"read_only": "yes"})
        assert read_only.ids() == [8230, 8231, 8232, 8229]
        wrong = await ask("target_cells_find", **find, attributes={"flowcart": "x"})
        assert wrong.code == "bad_argument" and "did you mean 'flowchart'" in wrong.text


async def test_a_retired_offer_that_is_assigned_is_marked(assistant: Any) -> None:
    async with assistant() as ask:
        retired = (await ask("offers_find", search="Spring 2025", retired="yes", limit=200)).ids()
        found = await ask("target_cells_find", campaign="2001", fields=["offers"])
        assert retired and ", retired)" in found.text


async def test_cells_come_in_pages_with_the_fields_asked_for(assistant: Any) -> None:
    async with assistant() as ask:
        first = await ask("target_cells_find", campaign="2025", limit=5, fields=["approved"])
        assert [set(each) for each in first.items] == [{"name", "id", "approved"}] * 5
        second = await ask(
            "target_cells_find", campaign="2025", limit=5, fields=["approved"], cursor=first.data["cursor"]
        )
        assert len({*first.ids(), *second.ids()}) == 8 and "cursor" not in second.data


async def test_a_cell_already_seen_needs_no_campaign(assistant: Any) -> None:
    async with assistant() as ask:
        unseen = await ask("target_cells_find", cells=["8218"])
        assert unseen.code == "bad_argument" and "Name its campaign too" in unseen.text
        await ask("target_cells_find", campaign="2025")
        await ask("target_cells_find", campaign="2001")
        whole = await ask("target_cells_find", cells=["8218"])
        assert whole.items[0]["campaign"] == "Spring 2026 Gold Card Cashback (2025)"
        assert whole.items[0]["target_size"] == 10560
        assert (await ask("target_cells_find", cells=["A000008219"])).ids() == [8219]
        shared = await ask("target_cells_find", cells=["Active card holders, Email"])
        assert shared.code == "ambiguous" and "in Spring 2025 Gold Card Cashback" in shared.text
        there = await ask("target_cells_find", campaign="2025", cells=["active card holders, email"])
        assert there.ids() == [8218]


async def test_cells_that_are_not_there_are_said(assistant: Any) -> None:
    async with assistant() as ask:
        assert (await ask("target_cells_find")).code == "bad_argument"
        unknown = await ask("target_cells_find", campaign="2025", cells=["Active card holders, Emial"])
        assert unknown.code == "not_found" and "Active card holders, Email (id 8218" in unknown.text
        elsewhere = await ask("target_cells_find", campaign="2025", cells=["8001", "8218"])
        assert elsewhere.ids() == [8218] and "8001" in elsewhere.text
        assert (await ask("target_cells_find", campaign=EMPTY)).items == []
        assert (await ask("target_cells_find", campaign="777")).code == "not_found"


async def test_a_hostile_cell_name_stays_one_cell_of_the_table(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("target_cells_find", campaign="2042", fields=["code"])
        lines = found.text.splitlines()
        assert len({line.count(" | ") for line in lines if " | " in line}) == 1


# results


async def test_results_by_campaign_and_by_cell(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("target_cells_results", campaign="2025")
        email = next(each for each in found.items if each["id"] == 8218)
        assert email["count"] == 10464 and email["status"] == "succeeded" and email["flowchart"] == "Card growth select"
        assert email["started"] == "2026-03-05 06:42" and "message" not in email
        assert (await ask("target_cells_results", cells=["8218", "8219"])).ids() == [8218, 8219]
        failed = await ask("target_cells_results", campaign="2028")
        assert "10304 Database connection lost after 0 records" in failed.text
        running = next(
            each for each in (await ask("target_cells_results", campaign="2039")).items if each["id"] == 8336
        )
        assert running["status"] == "running" and "ended" not in running and "count" not in running


async def test_cells_without_a_run_are_said(assistant: Any) -> None:
    async with assistant() as ask:
        planned = await ask("target_cells_results", campaign="2047")
        assert planned.items == [] and "Without a run yet" in planned.text and "more." in planned.text
        assert (await ask("target_cells_results", campaign=EMPTY)).items == []


async def test_one_cell_that_went_meanwhile_does_not_hide_the_others(assistant: Any, request_log: Log) -> None:
    gone = fault("status", "GET", "/v1/targetcells/runresults", status=404, times=1)
    async with assistant(faults=[gone]) as ask:
        found = await ask("target_cells_results", campaign="2025")
        assert len(found.items) == 8 and len(request_log(ask.sandbox, "getRunResults")) == 3


async def test_many_cells_are_asked_for_in_portions(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        cells = []
        for campaign in range(2001, 2016):
            cells += [str(each) for each in (await ask("target_cells_find", campaign=str(campaign))).ids()]
        found = await ask("target_cells_results", cells=cells, limit=200)
        assert found.data["total"] > 110 and len(request_log(ask.sandbox, "getRunResults")) == 2


# creating


async def test_a_control_cell_and_a_cell_with_offers(assistant: Any) -> None:
    async with assistant() as ask:
        control = await ask("target_cells_save", campaign=EMPTY, name="Borrowers, holdout", control="yes")
        assert control.data["status"] == "done" and control.result["code"].startswith("A")
        cell = await ask(
            "target_cells_save",
            campaign="Winter 2026 Personal Loan",
            name="Borrowers, email",
            description="Paid back in time",
            code="BORROW1",
            control_cell="Borrowers, holdout",
            offers=["5159", "CC00129-ZA7"],
            offer_lists=["Spring 2026 showcase"],
            attributes={"target_size": "5000"},
        )
        assert cell.data["status"] == "done" and cell.result["code"] == "BORROW1"
        (found,) = (await ask("target_cells_find", cells=[cell.result["id"]])).items
        assert found["control_cell"] == f"Borrowers, holdout ({control.result['id']})"
        assert len(found["offers"]) == 3 and found["target_size"] == 5000 and found["top_down"] is True
        assert found["description"] == "Paid back in time" and found["campaign"].endswith("(2046)")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "A"}, "Name the campaign"),
    ({"campaign": EMPTY}, "needs a name"),
    ({"campaign": "2025", "name": "A", "control": "yes", "offers": ["5158"]}, "it has no offers"),
    ({"campaign": "2025", "name": "A", "control": "yes", "offer_lists": ["602"]}, "it has no offers"),
    ({"campaign": "2025", "name": "A", "control": "yes", "control_cell": "8217"}, "no control cell of its own"),
    ({"campaign": "2025", "name": "A", "control_cell": "8218"}, "is not a control cell"),
    ({"campaign": "2025", "name": "A", "control_cell": "8001"}, "No target cell of Spring 2026 Gold Card"),
    ({"campaign": "2025", "name": "A", "offers": ["999"]}, "No offer has the id 999"),
    ({"campaign": "2025", "name": "A", "offers": ["Gold card 3% cashback, Spring 2026"]}, "2 offers are called"),
    ({"campaign": "2025", "name": "A", "offer_lists": ["606"]}, "Retired offers and lists"),
    ({"campaign": "2025", "name": "A", "offers": ["5014"]}, "Retired offers and lists"),
    ({"campaign": "2025", "name": "A", "code": "A" * 33}, "at most 32"),
    ({"campaign": "2025", "name": "A", "clear": ["offers"]}, "a cell that exists"),
    ({"campaign": "2025", "name": "A", "attributes": {"target_sizes": 1}}, "did you mean 'target_size'"),
    ({"campaign": "2025", "name": "A", "attributes": {"target_size": "big"}}, "takes a whole number"),
    ({"campaign": "2025", "cell": "8218", "control": "yes"}, 'clear=["offers"]'),
    ({"campaign": "2025", "cell": "8218", "control": "yes", "clear": ["offers"]}, 'clear=["control_cell"]'),
    ({"campaign": "2025", "cell": "8217", "control": "no"}, "has to stay a control cell"),
    ({"campaign": "2025", "cell": "8217", "offers": ["5158"]}, "it has no offers"),
    ({"campaign": "2025", "cell": "8217", "control_cell": "8221"}, "no control cell of its own"),
    ({"campaign": "2025", "cell": "8218", "clear": ["name"]}, "can't be emptied"),
    ({"campaign": "2025", "cell": "8218", "clear": ["offers"], "offers": ["5158"]}, "set and emptied"),
    ({"campaign": "2026", "cell": "8230", "description": "x"}, "is read-only"),
    ({"campaign": "2026", "cell": "8218", "description": "x"}, "No target cell has the id"),
    ({"cell": "8001", "description": "x"}, "Name its campaign too"),
]


async def test_rules_are_held_before_anything_is_sent(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for arguments, said in WRONG:
            answer = await ask("target_cells_save", **arguments)
            assert answer.failed and said in answer.text, (arguments, answer.text)
        assert not request_log(ask.sandbox, "createTargetCells") + request_log(ask.sandbox, "updateTargetCells")


async def test_retired_offers_are_named(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("target_cells_save", campaign=EMPTY, name="A", offers=["5158", "5014"], offer_lists=["606"])
        assert "Gold card 2% cashback, Spring 2025 (id 5014)" in answer.text
        assert "Branch counter 2025 (id 606)" in answer.text and "5158" not in answer.text


@pytest.mark.parametrize("era", ERAS)
async def test_a_second_cell_of_a_name_is_asked_about(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        made = await ask("target_cells_save", campaign="2025", name="Active card holders, Email")
        assert made.data["status"] == "done" and "id 8218" in ask.questions[0]
        assert made.result["id"] not in ("8218", ""), "the new one is found, not its twin"
    async with assistant(era=era, reply="decline") as ask:
        renamed = await ask("target_cells_save", campaign="2025", cell="8219", name="Active card holders, Email")
        assert renamed.data["status"] == "declined"


async def test_a_creation_whose_answer_was_lost_is_found_again(assistant: Any) -> None:
    for kind in ("drop_after", "garbage", "truncate"):
        async with assistant(faults=[fault(kind, "POST", "/v1/targetcells")]) as ask:
            made = await ask("target_cells_save", campaign=EMPTY, name="Borrowers, email")
            assert made.data["status"] == "done" and made.result["id"] == "8401", made.text
    async with assistant(faults=[fault("drop_before", "POST", "/v1/targetcells")]) as ask:
        made = await ask("target_cells_save", campaign=EMPTY, name="Borrowers, email")
        assert made.data["status"] == "unknown"
        assert f'not there now: look with target_cells_find(campaign="{EMPTY}")' in made.text


async def test_a_success_that_made_no_cell_is_found_out(assistant: Any) -> None:
    async with assistant(faults=[fault("empty", "POST", "/v1/targetcells", status=200)]) as ask:
        made = await ask("target_cells_save", campaign=EMPTY, name="Borrowers, email")
        assert made.data["status"] == "unknown" and "no new cell of this name" in made.text


async def test_a_look_again_that_fails_says_what_is_known(assistant: Any) -> None:
    denied = fault("status", "GET", "/v1/targetcells", status=403, skip=2)
    async with assistant(faults=[denied]) as ask:
        made = await ask("target_cells_save", campaign=EMPTY, name="Borrowers, email")
        assert made.data["status"] == "done" and "not read again" in made.text
    async with assistant(faults=[denied, fault("drop_after", "POST", "/v1/targetcells")]) as ask:
        made = await ask("target_cells_save", campaign=EMPTY, name="Borrowers, email")
        assert made.data["status"] == "unknown" and "look with target_cells_find" in made.text
    async with assistant(faults=[fault("status", "POST", "/v1/targetcells", status=403)]) as ask:
        made = await ask("target_cells_save", campaign=EMPTY, name="Borrowers, email")
        assert made.data["status"] == "refused" and "Not created" in made.text


# changing


async def test_a_change_shows_before_and_after_and_leaves_the_rest(assistant: Any) -> None:
    async with assistant() as ask:
        find = {"campaign": "2025", "cells": ["8219"]}
        old = (await ask("target_cells_find", **find)).items[0]
        answer = await ask(
            "target_cells_save",
            campaign="2025",
            cell="8219",
            description="By push",
            offers=["5162"],
            attributes={"target_size": 6000},
            clear=["control_cell"],
        )
        assert answer.data["status"] == "done", answer.text
        assert "5160: Student card 6% cashback, Spring 2026 → 5162" in answer.text
        new = (await ask("target_cells_find", **find)).items[0]
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        assert changed == {"description", "offers", "target_size", "control_cell"}
        assert any("offer list 602" in each for each in new["offers"]), "the list stays when the offers are replaced"
        await ask("target_cells_save", cell="8219", clear=["offer_lists", "target_size", "description"])
        last = (await ask("target_cells_find", **find)).items[0]
        assert [each.rpartition(" ")[2] for each in last["offers"]] == ["(5162)"]
        assert "target_size" not in last and "description" not in last


async def test_a_retired_offer_that_was_assigned_may_stay(assistant: Any) -> None:
    async with assistant() as ask:
        cell = next(each for each in (await ask("target_cells_find", campaign="2003")).items if each["id"] == 8021)
        assert any("offer list 606, retired" in each for each in cell["offers"])
        answer = await ask("target_cells_save", cell="8021", offer_lists=["606", "602"])
        assert answer.data["status"] == "done", answer.text


async def test_a_cell_becomes_a_control_cell(assistant: Any) -> None:
    async with assistant() as ask:
        clear = ["offers", "control_cell"]
        answer = await ask("target_cells_save", campaign="2025", cell="8224", control="yes", clear=clear)
        assert answer.data["status"] == "done", answer.text
        assert 8224 in (await ask("target_cells_find", campaign="2025", attributes={"control": "yes"})).ids()
        own = await ask("target_cells_save", cell="8224", control="no", control_cell="8224")
        assert own.failed and "its own control cell" in own.text


async def test_nothing_to_change_is_said(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        same = await ask("target_cells_save", campaign="2025", cell="8218", offers=["5158", "5159"], control="no")
        assert same.data["status"] == "done" and "it is so already" in same.text
        assert "nothing to change was given" in (await ask("target_cells_save", cell="8218")).text
        assert not request_log(ask.sandbox, "updateTargetCells")


async def test_a_change_whose_answer_was_lost_is_looked_at(assistant: Any) -> None:
    for kind in ("drop_after", "garbage", "truncate"):
        async with assistant(faults=[fault(kind, "PUT", "/v1/targetcells/update")]) as ask:
            answer = await ask("target_cells_save", campaign="2025", cell="8218", description="New")
            assert answer.data["status"] == "done", answer.text
    async with assistant(faults=[fault("drop_before", "PUT", "/v1/targetcells/update")]) as ask:
        answer = await ask("target_cells_save", campaign="2025", cell="8218", description="New")
        assert answer.data["status"] == "unknown" and "still has the old description" in answer.text
    async with assistant(faults=[fault("empty", "PUT", "/v1/targetcells/update", status=200)]) as ask:
        answer = await ask("target_cells_save", campaign="2025", cell="8218", description="New")
        assert answer.data["status"] == "refused" and "did not take description" in answer.text
    async with assistant(faults=[fault("status", "PUT", "/v1/targetcells/update", status=403)]) as ask:
        answer = await ask("target_cells_save", campaign="2025", cell="8218", description="New")
        assert answer.data["status"] == "refused" and "Not changed" in answer.text


# deleting


@pytest.mark.parametrize("era", ERAS)
async def test_one_cell_is_deleted_after_a_preview(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        answer = await ask("target_cells_delete", campaign="2025", cells=["Active card holders, Email"])
        assert answer.data["status"] == "done" and answer.result["id"] == "8218"
        question = ask.questions[0]
        assert "Spring 2026 Gold Card Cashback" in question and "Platinum card 4% cashback" in question
        assert "results of a run (succeeded, 10464 customers)" in question and "Cannot be undone" in question
        assert 8218 not in (await ask("target_cells_find", campaign="2025")).ids()
        assert len(request_log(ask.sandbox, "deleteTargetCell")) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_several_with_read_only_ones_and_a_control_cell_in_use(
    assistant: Any, request_log: Log, era: str
) -> None:
    async with assistant(era=era) as ask:
        await ask("target_cells_find", campaign="2026")
        answer = await ask("target_cells_delete", cells=["8225", "8226", "8230"])
        assert answer.data["counts"] == {"done": 2, "refused": 1}
        question = ask.questions[0]
        loses = "control cell of Savers below 5,000, Mobile app, Savers below 5,000, Direct mail, which then have none"
        assert loses in question and "read-only" in question
        assert len(request_log(ask.sandbox, "deleteTargetCells")) == 1
        left = (await ask("target_cells_find", campaign="2026")).ids()
        assert 8225 not in left and 8226 not in left and 8230 in left


async def test_only_read_only_cells_are_refused_without_a_question(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        answer = await ask("target_cells_delete", campaign="2026", cells=["8230"])
        assert answer.data["status"] == "refused" and "read-only" in answer.text and not ask.questions
        assert not request_log(ask.sandbox, "deleteTargetCell")


@pytest.mark.parametrize("era", ERAS)
async def test_a_declined_delete_changes_nothing(assistant: Any, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        assert (await ask("target_cells_delete", campaign="2025", cells=["8218"])).data["status"] == "declined"
        assert 8218 in (await ask("target_cells_find", campaign="2025")).ids()


async def test_a_delete_whose_answer_was_lost_is_looked_at(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_after", "POST", "/v1/targetcells/delete")]) as ask:
        answer = await ask("target_cells_delete", campaign="2025", cells=["8218", "8219"])
        assert answer.data["status"] == "done" and "the answer was lost, but it is gone" in answer.text
    async with assistant(faults=[fault("drop_before", "POST", "/v1/targetcells/delete")]) as ask:
        answer = await ask("target_cells_delete", campaign="2025", cells=["8218", "8219"])
        assert answer.data["status"] == "unknown" and answer.data["counts"] == {"unknown": 2}
    async with assistant(faults=[fault("empty", "DELETE", "/v1/targetcells/*", status=200)]) as ask:
        answer = await ask("target_cells_delete", campaign="2025", cells=["8218"])
        assert answer.data["status"] == "refused" and "it is still there" in answer.text


async def test_a_batch_that_is_refused_is_tried_one_by_one(assistant: Any, request_log: Log) -> None:
    async with assistant(faults=[fault("status", "POST", "/v1/targetcells/delete", status=400, times=1)]) as ask:
        answer = await ask("target_cells_delete", campaign="2025", cells=["8218", "8219"])
        assert answer.data["counts"] == {"done": 2} and len(request_log(ask.sandbox, "deleteTargetCell")) == 2


async def test_deleting_needs_cells_that_exist(assistant: Any) -> None:
    async with assistant() as ask:
        assert (await ask("target_cells_delete", cells=[])).code == "bad_argument"
        assert (await ask("target_cells_delete", cells=["8218"])).code == "bad_argument"
        assert (await ask("target_cells_delete", campaign="2025", cells=["777"])).code == "not_found"
        gone = await ask("target_cells_delete", campaign="2025", cells=["777", "8218"], dry_run=True)
        assert "777 (the cell is gone)" in gone.text
        assert (await ask("target_cells_delete", cells=[str(n) for n in range(1, 202)])).code == "bad_argument"


async def test_results_that_take_too_long_are_said_to_be_missing(
    assistant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcp_server.job.LOOKING_SECONDS", 1.0)
    async with assistant(faults=[fault("delay", "GET", "/v1/targetcells/runresults", seconds=3)]) as ask:
        answer = await ask("target_cells_delete", campaign="2025", cells=["8218"], dry_run=True)
        assert "looked at 0 of 1 target cells" in answer.text


async def test_an_offer_that_no_cell_has_is_told_from_a_part_of_a_name(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("target_cells_find", campaign="2025", offer="Platinum card")
        assert not answer.items and "None of the 8 cells has an offer or list" in answer.text
        assert "None of the" not in (await ask("target_cells_find", campaign="2025", offer="5159")).text


async def test_what_a_deleted_cell_touches_is_not_called_its_use(assistant: Any) -> None:
    async with assistant() as ask:
        answer = await ask("target_cells_delete", campaign="2025", cells=["8217"], dry_run=True)
        assert "Affected: Active card holders, holdout 10%: control cell of" in answer.text
        assert "In use" not in answer.text
