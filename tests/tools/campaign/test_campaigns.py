"""Campaign tools, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]


# finding


async def test_all_campaigns_come_in_pages(assistant: Any) -> None:
    async with assistant() as ask:
        first = await ask("campaigns_find", limit=30)
        assert first.data["total"] == 48 and len(first.items) == 30
        assert set(first.items[0]) == {"name", "id", "code", "standing", "start", "end"}
        second = await ask("campaigns_find", limit=30, cursor=first.data["cursor"])
        assert len(second.items) == 18 and "cursor" not in second.data
        assert len({*first.ids(), *second.ids()}) == 48


async def test_a_later_page_costs_no_request(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        first = await ask("campaigns_find", limit=5)
        before = len(request_log(ask.sandbox))
        await ask("campaigns_find", limit=5, cursor=first.data["cursor"])
        assert len(request_log(ask.sandbox)) == before


async def test_words_standing_and_dates_narrow(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("campaigns_find", search="gold 2026 SPRING")
        assert found.ids() == [2025]
        assert "inferred from the dates" in found.text and "2026-03-01" in found.text
        by_initiative = await ask("campaigns_find", search="home finance")
        assert len(by_initiative.items) == 8
        planned = await ask("campaigns_find", attributes={"standing": "planned", "start": ">=2026-12-01"})
        assert planned.ids() == [2043, 2044, 2045, 2046, 2047, 2048]


async def test_exact_attributes_are_searched_by_the_server_and_others_here(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        online = await ask("campaigns_find", attributes={"sales_region": "online", "budget": ">=100000"})
        assert online.ids() and all(each["sales_region"] == "Online" for each in online.items)
        assert all(each["budget"] >= 100000 for each in online.items)
        named = await ask("campaigns_find", attributes={"uacInitiative": "Digital first"}, fields=["initiative"])
        assert {each["initiative"] for each in named.items} == {"Digital first"} and len(named.items) == 8
        assert len(request_log(ask.sandbox, "searchCampaigns")) == 2
        owners = await ask("campaigns_find", attributes={"business_owner": "marta*"})
        assert len(owners.items) == 16
        assert len(request_log(ask.sandbox, "searchCampaigns")) == 2, "a pattern is not an exact value"


async def test_a_server_without_search_is_compared_here(assistant: Any) -> None:
    wrong = fault("status", "POST", "/campaigns/search", status=400)
    async with assistant(faults=[wrong, fault("status", "POST", "/v1/campaigns/search", status=400)]) as ask:
        found = await ask("campaigns_find", attributes={"sales_region": "Online"})
        assert found.items and all(each["sales_region"] == "Online" for each in found.items)


async def test_an_attribute_that_no_campaign_found_has_is_still_known(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("campaigns_find", folder=11, attributes={"sales_region": "North"})
        assert not found.failed
        wrong = await ask("campaigns_find", attributes={"sales_regoin": "North"})
        assert wrong.code == "bad_argument" and "did you mean 'sales_region'" in wrong.text


@pytest.mark.parametrize(("sort", "first"), [("-start", 2043), ("+code", 2001), ("-campaignCode", 2048)])
async def test_the_server_sorts_on_what_it_has(assistant: Any, request_log: Log, sort: str, first: int) -> None:
    async with assistant() as ask:
        assert (await ask("campaigns_find", sort=sort, limit=1)).ids() == [first]
        assert "sort=" in request_log(ask.sandbox, "getCampaigns")[-1]["query"]


async def test_what_only_we_have_is_sorted_here_and_empty_values_come_last(assistant: Any) -> None:
    async with assistant() as ask:
        budgets = [each["budget"] for each in (await ask("campaigns_find", sort="-budget", limit=48)).items]
        assert budgets == sorted(budgets, reverse=True)
        some = await ask("campaigns_find", campaigns=["2046", "2001", "2025"], sort="last_run", fields=["last_run"])
        assert some.ids() == [2001, 2025, 2046]
        wrong = await ask("campaigns_find", sort="budgets")
        assert wrong.code == "bad_argument" and "did you mean 'budget'" in wrong.text


async def test_one_campaign_is_shown_whole_by_id_code_or_name(assistant: Any) -> None:
    async with assistant() as ask:
        for reference in ("2025", "C000002025", "Spring 2026 Gold Card Cashback"):
            found = await ask("campaigns_find", campaigns=[reference])
            (campaign,) = found.items
            assert campaign["id"] == 2025 and campaign["budget"] == 170000
            assert campaign["objectives"] == "Raise card spending of active holders by 6%"
            assert campaign["last_run"].startswith("2026-03-12")
        assert "cells" not in campaign


async def test_the_cells_of_few_campaigns_are_shown_on_demand(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("campaigns_find", campaigns=["2025", "2046"], fields=["cells"])
        gold, loan = found.items
        assert len(gold["cells"]) == 8 and "Active card holders, holdout 10% (8217, control)" in gold["cells"]
        assert "cells" not in loan
        many = await ask("campaigns_find", fields=["cells"])
        assert many.code == "bad_argument" and "at most 20" in many.text


async def test_fields_are_honoured(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("campaigns_find", fields=["budget"], limit=2)
        assert [set(each) for each in found.items] == [{"name", "id", "budget"}] * 2
        wrong = await ask("campaigns_find", fields=["budgte"])
        assert wrong.code == "bad_argument" and "did you mean 'budget'" in wrong.text


async def test_names_that_are_unknown_or_shared_are_not_guessed(assistant: Any) -> None:
    async with assistant() as ask:
        shared = await ask("campaigns_find", campaigns=["Autumn Gold Card Cashback"])
        assert shared.code == "ambiguous" and "id 2013" in shared.text and "id 2037" in shared.text
        unknown = await ask("campaigns_find", campaigns=["Spring 2026 Gold Card Cashbak"])
        assert unknown.code == "not_found" and "Spring 2026 Gold Card Cashback (id 2025" in unknown.text
        gone = await ask("campaigns_find", campaigns=["2025", "777"])
        assert gone.ids() == [2025] and "No campaign has the id 777" in gone.text


async def test_hostile_texts_stay_harmless(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("campaigns_find", campaigns=["2012"])
        everything = found.text + str(found.data)
        assert not {"\u202e", "\u202d", "\x07", "\x1b"} & set(everything)


async def test_many_campaigns_named_at_once_are_read_in_one_list(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        found = await ask(
            "campaigns_find", campaigns=[str(number) for number in range(2001, 2041)], fields=["name"], limit=40
        )
        assert found.ids() == list(range(2001, 2041))
        assert not request_log(ask.sandbox, "getCampaign")


async def test_a_failing_read_is_an_error_in_words(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "GET", "/v1/campaigns/*", status=403)]) as ask:
        found = await ask("campaigns_find", campaigns=["2025", "2026"])
        assert found.failed and found.code == "forbidden"


async def test_dates_are_read_in_every_form(assistant: Any) -> None:
    for form in ("text", "bean"):
        async with assistant(date_form=form) as ask:
            (campaign,) = (await ask("campaigns_find", campaigns=["2046"])).items
            assert (campaign["start"], campaign["end"], campaign["standing"]) == ("2026-12-01", "2027-02-28", "planned")
            same = await ask("campaigns_save", campaign="2046", end="2027-02-28")
            assert "it is so already" in same.text


# metrics


async def test_metrics_are_columns_with_rates(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("campaigns_metrics", campaigns=["2025", "2046", "777"])
        gold, loan = found.items
        assert gold["contacts"] == 31217 and gold["Click-through"] == 1784 and gold["Click-through %"] == 5.71
        assert loan["contacts"] == 0 and "Click-through" not in loan
        assert "No contacts yet: Winter 2026 Personal Loan (id 2046)" in found.text
        assert "No campaign has the id 777" in found.text


async def test_metrics_of_many_come_in_pages(assistant: Any) -> None:
    async with assistant() as ask:
        wanted = [str(number) for number in range(2001, 2049)]
        seen: list[int] = []
        page = await ask("campaigns_metrics", campaigns=wanted)
        while "cursor" in page.data:
            seen += page.ids()
            page = await ask("campaigns_metrics", campaigns=wanted, cursor=page.data["cursor"])
        assert page.data["total"] == 48 and [*seen, *page.ids()] == [int(each) for each in wanted]


async def test_one_campaign_that_cannot_be_measured_does_not_take_the_others_with_it(assistant: Any) -> None:
    denied = fault("status", "GET", "/v1/campaigns/metrics", status=403, times=1)
    async with assistant(faults=[denied]) as ask:
        found = await ask("campaigns_metrics", campaigns=["2025", "2026"])
        assert len(found.items) == 1 and "could not be measured" in found.text
    async with assistant(faults=[{**denied, "times": None}]) as ask:
        assert (await ask("campaigns_metrics", campaigns=["2025", "2026"])).code == "forbidden"


async def test_metrics_need_campaigns(assistant: Any) -> None:
    async with assistant() as ask:
        assert (await ask("campaigns_metrics", campaigns=[])).code == "bad_argument"
        assert (await ask("campaigns_metrics", campaigns=["777"])).code == "not_found"
        assert (await ask("campaigns_metrics", campaigns=[str(n) for n in range(1, 102)])).code == "bad_argument"


# creating


async def test_a_campaign_is_created_with_a_drawn_code(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        made = await ask(
            "campaigns_save",
            name="Spring 2027 Cashback",
            start="2027-03-01",
            end="2027-05-31",
            initiative="Card growth",
            folder=11,
            attributes={"sales_region": "north", "budget": "90000"},
        )
        assert (
            made.data["status"] == "done" and made.result["code"] == "C000002049" and made.result["code"] in made.text
        )
        (found,) = (await ask("campaigns_find", campaigns=[made.result["id"]])).items
        assert found["start"] == "2027-03-01" and found["end"] == "2027-05-31"
        assert found["sales_region"] == "North" and found["budget"] == 90000
        assert found["code"] == made.result["code"] and found["standing"] == "planned"
        assert made.result["id"] in map(str, (await ask("campaigns_find", folder=11, limit=200)).ids())
        assert len(request_log(ask.sandbox, "generateCampaignCode")) == 1


async def test_dry_run_draws_no_code_and_creates_nothing(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        shown = await ask("campaigns_save", name="Spring 2027 Cashback", dry_run=True)
        assert shown.data["status"] == "preview"
        assert not request_log(ask.sandbox, "generateCampaignCode") + request_log(ask.sandbox, "createCampaign")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "needs a name"),
    ({"name": "A", "start": "2027-05-01", "end": "2027-04-30"}, "must be after the start"),
    ({"name": "A", "start": "May"}, "yyyy-mm-dd"),
    ({"name": "A", "start": "01.09.2027"}, "such as 2027-09-01"),
    ({"name": "A", "attributes": {"budget": "90.000"}}, "write 90000"),
    ({"name": "A", "code": "C" * 33}, "at most 32"),
    ({"name": "A", "code": "C000002025"}, "Spring 2026 Gold Card Cashback"),
    ({"name": "A", "attributes": {"budget": "plenty"}}, "takes a number"),
    ({"name": "A", "attributes": {"budget": "nan"}}, "takes a number"),
    ({"name": "A", "attributes": {"bugdet": 1}}, "did you mean 'budget'"),
    ({"name": "A", "attributes": {"uacInitiative": "x"}}, "no attribute"),
    ({"name": "A", "clear": ["description"]}, "campaign that exists"),
    ({"campaign": "2046", "clear": ["name"]}, "can't be emptied"),
    ({"campaign": "2046", "clear": ["start"], "start": "2027-01-01"}, "set and emptied"),
    ({"campaign": "2046", "clear": ["bugdet"]}, "did you mean 'budget'"),
    ({"campaign": "2046", "end": "2026-11-30"}, "must be after the start"),
    ({"campaign": "2046", "code": "C000002025"}, "is taken"),
    ({"campaign": "Autumn Gold Card Cashback", "description": "x"}, "2 campaigns are called"),
    ({"campaign": "777", "description": "x"}, "None of the campaigns"),
]


async def test_what_cannot_be_saved_is_refused_before_anything_is_sent(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for arguments, said in WRONG:
            answer = await ask("campaigns_save", **arguments)
            assert answer.failed and said in answer.text, (arguments, answer.text)
        assert not request_log(ask.sandbox, "createCampaign") + request_log(ask.sandbox, "updateCampaign")


@pytest.mark.parametrize("era", ERAS)
async def test_a_second_campaign_of_a_name_is_asked_about(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        made = await ask("campaigns_save", name="spring 2026 gold card cashback")
        assert made.data["status"] == "done" and "exists already" in ask.questions[0] and "2025" in ask.questions[0]
    async with assistant(era=era, reply="decline") as ask:
        again = await ask("campaigns_save", campaign="2026", name="Spring 2026 Gold Card Cashback")
        assert again.data["status"] == "declined" and "same name" in ask.questions[0]
        own = await ask("campaigns_save", campaign="2025", name="Spring 2026 gold card cashback")
        assert own.data["status"] == "done" and len(ask.questions) == 1, "its own name is no twin"


async def test_a_value_that_adds_an_option_is_told(assistant: Any) -> None:
    async with assistant() as ask:
        made = await ask("campaigns_save", name="Moon", attributes={"sales_region": "Moon"})
        (question,) = ask.questions
        assert made.data["status"] == "done" and "new option for everybody" in question and "North" in question


async def test_an_answer_that_is_only_a_text_is_read_again(assistant: Any) -> None:
    """A campaign without an id can't be told from a text, so this answer stands for the bare string of some servers."""
    nameless = {operation: {"response_fields": {"id": "number"}} for operation in ("createCampaign", "updateCampaign")}
    async with assistant(rename=nameless) as ask:
        made = await ask("campaigns_save", name="Spring 2027 Cashback", description="First")
        assert made.data["status"] == "done" and made.result["id"] == "2049" and made.result["code"] == "C000002049"
        changed = await ask("campaigns_save", campaign="2049", description="Second")
        assert changed.data["status"] == "done" and changed.result["after"] == {"description": "Second"}


async def test_a_text_that_announces_a_campaign_that_is_not_there_is_found_out(assistant: Any) -> None:
    text = fault("status", "POST", "/v1/campaigns", status=200, body='"Campaign created"')
    async with assistant(faults=[text]) as ask:
        made = await ask("campaigns_save", name="Spring 2027 Cashback")
        assert made.data["status"] == "unknown" and "no campaign of this name has the code" in made.text


async def test_a_creation_whose_answer_was_lost_is_found_again_by_its_code(assistant: Any) -> None:
    for kind in ("garbage", "truncate", "drop_after"):
        async with assistant(faults=[fault(kind, "POST", "/v1/campaigns")]) as ask:
            made = await ask("campaigns_save", name="Spring 2027 Cashback")
            assert made.data["status"] == "done", made.text
            assert made.result["id"] == "2049" and made.result["code"] == "C000002049"


async def test_a_creation_that_was_lost_before_it_happened_is_unknown_and_says_how_to_check(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_before", "POST", "/v1/campaigns")]) as ask:
        made = await ask("campaigns_save", name="Spring 2027 Cashback")
        assert made.data["status"] == "unknown"
        assert "not there now: look with" in made.text and 'campaigns_find(campaigns=["C000002049"])' in made.text


async def test_a_creation_whose_look_again_fails_says_what_is_known(assistant: Any) -> None:
    read_back = fault("status", "GET", "/v1/campaigns", status=403)
    async with assistant(faults=[fault("drop_after", "POST", "/v1/campaigns"), {**read_back, "skip": 1}]) as ask:
        made = await ask("campaigns_save", name="Spring 2027 Cashback")
        assert made.data["status"] == "unknown" and made.result["code"] == "C000002049"


async def test_no_code_no_campaign(assistant: Any, request_log: Log) -> None:
    for kind in ({"kind": "status", "status": 403}, {"kind": "garbage"}):
        async with assistant(faults=[{"method": "GET", "path": "/v1/campaigns/code", **kind}]) as ask:
            made = await ask("campaigns_save", name="Spring 2027 Cashback")
            assert made.data["status"] == "refused" and "Not created" in made.text
            assert not request_log(ask.sandbox, "createCampaign")
            own = await ask("campaigns_save", name="Spring 2027 Cashback", code="SPRING27")
            assert own.data["status"] == "done" and own.result["code"] == "SPRING27"


# changing


async def test_a_change_shows_before_and_after_and_leaves_the_rest(assistant: Any) -> None:
    async with assistant() as ask:
        old = (await ask("campaigns_find", campaigns=["2046"])).items[0]
        answer = await ask(
            "campaigns_save",
            campaign="Winter 2026 Personal Loan",
            description="Two more weeks",
            end="2027-03-15",
            attributes={"budget": 180000},
            clear=["objectives", "sales_region"],
        )
        assert answer.data["status"] == "done", answer.text
        assert answer.result["before"]["end"] == "2027-02-28" and answer.result["after"]["end"] == "2027-03-15"
        assert "2027-02-28 → 2027-03-15" in answer.text and "165000" in answer.text
        new = (await ask("campaigns_find", campaigns=["2046"])).items[0]
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        assert changed == {"description", "end", "budget", "objectives", "sales_region"}
        assert "objectives" not in new and "sales_region" not in new


async def test_dates_can_be_emptied(assistant: Any) -> None:
    async with assistant() as ask:
        assert (await ask("campaigns_save", campaign="2046", clear=["start", "end"])).data["status"] == "done"
        assert (await ask("campaigns_find", campaigns=["2046"])).items[0]["standing"] == "undated"


async def test_nothing_to_change_is_said(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        same = await ask("campaigns_save", campaign="2046", end="2027-02-28", attributes={"budget": 165000})
        assert same.data["status"] == "done" and "it is so already" in same.text
        empty = await ask("campaigns_save", campaign="2046")
        assert "nothing to change was given" in empty.text
        moved = await ask("campaigns_save", campaign="2046", folder=11)
        assert moved.data["status"] == "done" and len(request_log(ask.sandbox, "updateCampaign")) == 1
        again = await ask("campaigns_save", campaign="2046", folder=11)
        assert "it is so already" in again.text and len(request_log(ask.sandbox, "updateCampaign")) == 1


async def test_a_renamed_campaign_is_found_by_its_new_name_at_once(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("campaigns_save", campaign="Winter 2026 Personal Loan", name="Winter Loan", code="WL26")
        assert (await ask("campaigns_find", campaigns=["Winter 2026 Personal Loan"])).code == "not_found"
        assert (await ask("campaigns_find", campaigns=["Winter Loan"])).ids() == [2046]
        assert (await ask("campaigns_find", campaigns=["WL26"])).ids() == [2046]


async def test_a_change_whose_answer_was_lost_is_looked_at(assistant: Any) -> None:
    for kind in ("drop_after", "garbage", "truncate"):
        async with assistant(faults=[fault(kind, "PUT", "/v1/campaigns/*")]) as ask:
            answer = await ask("campaigns_save", campaign="2046", description="New")
            assert answer.data["status"] == "done", answer.text
    async with assistant(faults=[fault("drop_before", "PUT", "/v1/campaigns/*")]) as ask:
        answer = await ask("campaigns_save", campaign="2046", description="New")
        assert answer.data["status"] == "unknown" and "still has the old description" in answer.text


async def test_a_success_that_changed_nothing_is_found_out(assistant: Any) -> None:
    async with assistant(faults=[fault("empty", "PUT", "/v1/campaigns/*", status=200)]) as ask:
        answer = await ask("campaigns_save", campaign="2046", description="New")
        assert answer.data["status"] == "refused" and "did not take description" in answer.text


async def test_a_refused_change_says_why(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "PUT", "/v1/campaigns/*", status=403)]) as ask:
        answer = await ask("campaigns_save", campaign="2046", description="New")
        assert answer.data["status"] == "refused" and "Not changed" in answer.text


# deleting


@pytest.mark.parametrize("era", ERAS)
async def test_one_campaign_is_deleted_after_a_preview(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        answer = await ask("campaigns_delete", campaigns=["Spring 2026 Gold Card Cashback"])
        assert answer.data["status"] == "done" and answer.data["counts"] == {"done": 1}
        (question,) = set(ask.questions)
        assert "8 target cells, 2 of them control cells" in question and "the last on 2026-03-12" in question
        assert "standing: ended" in question and "Cannot be undone" in question and "Safer" in question
        assert "No campaign has the id 2025" in (await ask("campaigns_find", campaigns=["2025"])).text
        assert len(request_log(ask.sandbox, "deleteCampaign")) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_what_goes_with_a_campaign_is_not_called_its_use(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        made = await ask("target_cells_save", campaign="2046", name="Only one")
        assert made.data["status"] == "done"
        full = await ask("campaigns_delete", campaigns=["2025", "2046"], dry_run=True)
        assert "Goes with it: Spring 2026 Gold Card Cashback: 8 target cells, 2 of them control cells" in full.text
        assert "Goes with it: Winter 2026 Personal Loan: 1 target cell\n" in full.text
        bare = await ask("campaigns_save", name="Bare")
        empty = await ask("campaigns_delete", campaigns=[bare.result["id"]], dry_run=True)
        assert "Goes with it: nothing found." in empty.text
        assert "In use" not in full.text + empty.text


async def test_a_move_whose_answer_is_lost_is_looked_for_in_its_folder(assistant: Any) -> None:
    path = "/v1/campaigns/2025"
    lost = [fault("drop_before", "PUT", path, times=1), fault("drop_after", "PUT", path, times=1)]
    async with assistant(faults=lost) as ask:
        never = await ask("campaigns_save", campaign="2025", folder=12)
        assert never.data["status"] == "unknown" and "still has the old folder" in never.text
        moved = await ask("campaigns_save", campaign="2025", folder=12)
        assert moved.data["status"] == "done" and "the change is there" in moved.text


@pytest.mark.parametrize("era", ERAS)
async def test_several_are_deleted_at_once_and_read_again(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        answer = await ask("campaigns_delete", campaigns=["2025", "2046", "777"])
        assert answer.data["counts"] == {"done": 2, "already": 1}
        assert "777 (no campaign has this id)" in ask.questions[0]
        assert len(request_log(ask.sandbox, "deleteCampaigns")) == 1
        assert [each["status"] for each in request_log(ask.sandbox, "getCampaign")][-2:] == [404, 404]


@pytest.mark.parametrize("era", ERAS)
async def test_a_declined_delete_changes_nothing(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        answer = await ask("campaigns_delete", campaigns=["2025"])
        assert answer.data["status"] == "declined"
        assert (await ask("campaigns_find", campaigns=["2025"])).ids() == [2025]


async def test_a_delete_whose_answer_was_lost_is_looked_at(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_after", "POST", "/v1/campaigns/delete")]) as ask:
        answer = await ask("campaigns_delete", campaigns=["2025", "2046"])
        assert answer.data["status"] == "done" and "the answer was lost, but it is gone" in answer.text
    async with assistant(faults=[fault("drop_before", "DELETE", "/v1/campaigns/*")]) as ask:
        answer = await ask("campaigns_delete", campaigns=["2025"])
        assert answer.data["status"] == "unknown" and "Look at the object" in answer.text


async def test_a_delete_that_only_pretends_is_found_out(assistant: Any) -> None:
    async with assistant(faults=[fault("empty", "DELETE", "/v1/campaigns/*", status=200)]) as ask:
        answer = await ask("campaigns_delete", campaigns=["2025"])
        assert answer.data["status"] == "refused" and "it is still there" in answer.text


async def test_a_delete_that_cannot_be_looked_at_again_says_so(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "GET", "/v1/campaigns/*", status=403, skip=4)]) as ask:
        answer = await ask("campaigns_delete", campaigns=["2025", "2046"])
        assert answer.data["counts"] == {"done": 2} and "could not be looked at again" in answer.text


async def test_deleting_needs_campaigns_that_exist(assistant: Any) -> None:
    async with assistant() as ask:
        assert (await ask("campaigns_delete", campaigns=[])).code == "bad_argument"
        assert (await ask("campaigns_delete", campaigns=["777"])).code == "not_found"
        assert (await ask("campaigns_delete", campaigns=["Autumn Gold Card Cashback"])).code == "ambiguous"
        assert (await ask("campaigns_delete", campaigns=[str(n) for n in range(1, 202)])).code == "bad_argument"


async def test_cells_that_take_too_long_are_said_to_be_missing(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.job.LOOKING_SECONDS", 1.0)
    async with assistant(faults=[fault("delay", "GET", "/v1/targetcells", seconds=3)]) as ask:
        answer = await ask("campaigns_delete", campaigns=["2025", "2026"], dry_run=True)
        assert "looked at 0 of 2 campaigns" in answer.text
