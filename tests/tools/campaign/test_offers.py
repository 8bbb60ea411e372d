"""Offer tools, driven by a real client against the strict sandbox over HTTP, in each form of the offer routes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anyio
import pytest

from sandbox import Sandbox, start
from tests.tools.faults import fault
from tools.call import Call
from tools.campaign.offers import offers_find
from tools.campaign.usage import usage_of_offers
from upstream.campaign.objects import Reference
from upstream.campaign.offer_models import OfferInfo
from upstream.campaign.target_cells import TargetCellInput, UpdateTargetCell
from upstream.errors import Refused, Unavailable

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
FORMS: dict[str, dict[str, Any]] = {
    "both": {},
    "v1": {"offers_v2": False},
    "v2-reference": {"offers_v1": False, "v2_verbs": "reference"},
    "v2-index": {"offers_v1": False, "v2_verbs": "index"},
    "v2-chosen": {"UNICA__OFFERS_API": "v2", "UNICA__OFFERS_V2_VERBS": "index"},
}
Log = Callable[..., list[dict[str, Any]]]
TWINS = "Gold card 3% cashback, Spring 2026"
UNIQUE = "Platinum card 4% cashback, Spring 2026"


# finding


@pytest.mark.parametrize("form", FORMS)
async def test_every_form_does_the_whole_job(assistant: Any, form: str) -> None:
    async with assistant(**FORMS[form]) as ask:
        assert (await ask("offers_find", search="Spring 2026")).data["total"] == 37
        assert (await ask("offers_find", offers=["5158", "5159", "99999"])).ids() == [5158, 5159]
        assert (await ask("offers_find", offers=["CC00130-YX2"])).ids() == [5159]
        assert len((await ask("offer_templates_find")).items) == 6
        checked = await ask("offers_find", check=["CC00130-YX2", TWINS, "Nothing", UNIQUE])
        assert [(each["code"], each["name_is"]) for each in checked.items] == [
            ("taken", "free"),
            ("free", "of several objects"),
            ("free", "free"),
            ("free", "of one offer"),
        ]
        made = await ask("offers_create", template="36", names=["One", "Two"], attributes={"channel": "web"})
        assert made.data["counts"] == {"done": 2}
        one, two = [each["id"] for each in made.data["results"]]
        copied = await ask("offers_create", copy_of=["5014"])
        assert copied.data["counts"] == {"done": 1}
        retired = await ask("offers_retire", offers=[one])
        assert retired.data["counts"] == {"done": 1}
        deleted = await ask("offers_delete", offers=[one, two, "5158"])
        assert deleted.data["counts"] == {"done": 2, "refused": 1}


async def test_offers_are_narrowed(assistant: Any) -> None:
    async with assistant() as ask:
        wanted = {"season": "spring 2026", "channel": ["Email", "Web"], "cost": "<0.03"}
        season = await ask("offers_find", attributes=wanted, fields=["channel", "cost"])
        assert season.ids()[:3] == [5159, 5165, 5171] and all(each["cost"] < 0.03 for each in season.items)
        template = await ask("offers_find", template="Loyalty points", fields=["template", "code"], limit=200)
        assert {each["template"] for each in template.items} == {"Loyalty points"}
        assert "inferred" in template.text
        retired = await ask("offers_find", retired="yes", limit=200)
        active = await ask("offers_find", retired="no")
        assert retired.data["total"] + active.data["total"] == 300
        assert (await ask("offers_find", offers=["5159", "5001"], offer_list="602")).ids() == [5159]
        folder = await ask("offers_find", folder=61)
        assert 0 < folder.data["total"] < 300


async def test_one_offer_is_shown_whole_and_hostile_texts_stay_data(assistant: Any) -> None:
    async with assistant() as ask:
        for number in ("5009", "5010", "5011"):
            shown = await ask("offers_find", offers=[number])
            lines = shown.text.splitlines()
            fences = [each for each in lines if each.startswith("```")]
            assert fences[0].removesuffix("data") == fences[-1] and len(fences) == 2
            assert not any(mark in shown.text for mark in ("\u202e", "\u0007", "\u200b", "\u001b"))
            assert shown.items[0]["description"]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"offers": [TWINS]}, "ambiguous", "5001"),
    ({"offers": ["Gold card 3% cashbak, Spring 2026"]}, "not_found", "CC00129-ZA7"),
    ({"attributes": {"chanel": "Web"}}, "bad_argument", "did you mean 'channel'"),
    ({"fields": ["cots"]}, "bad_argument", "did you mean 'cost'"),
    ({"template": "Loyalty"}, "not_found", "Loyalty points (id 36)"),
    ({"offer_list": "Nothing here"}, "not_found", "Nothing here"),
    ({"limit": 0}, "bad_argument", "at least 1"),
    ({"limit": 201}, "bad_argument", "at most 200"),
    ({"limti": 5}, "bad_argument", "did you mean `limit`"),
    ({"cursor": "x"}, "bad_argument", "is not a cursor"),
    ({"check": [str(each) for each in range(101)]}, "bad_argument", "At most 100"),
]


async def test_what_is_wrong_is_told_with_what_is_right(assistant: Any) -> None:
    async with assistant() as ask:
        for arguments, code, said in WRONG:
            wrong = await ask("offers_find", **arguments)
            assert wrong.failed and wrong.code == code and said in wrong.text, arguments


async def test_an_installation_without_v2_says_what_it_can_not_do(assistant: Any) -> None:
    async with assistant(offers_v2=False) as ask:
        folder = await ask("offers_find", folder=61)
        assert folder.failed and "no search for offers" in folder.text


async def test_pages_come_from_a_snapshot_and_one_that_is_gone_is_made_anew(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        first = await ask("offers_find", fields=["channel"], limit=100)
        before = len(request_log(ask.sandbox))
        second = await ask("offers_find", fields=["channel"], limit=100, cursor=first.data["cursor"])
        assert len(request_log(ask.sandbox)) == before and not set(first.ids()) & set(second.ids())
        assert set(second.items[0]) == {"name", "id", "channel"}
        gone = "00000000" + first.data["cursor"][8:]
        anew = await ask("offers_find", fields=["channel"], limit=100, cursor=gone)
        assert anew.ids() == second.ids()[: len(anew.ids())] and "fetched anew" in anew.text
        other = await ask("offers_find", search="Email", cursor=gone)
        assert other.code == "bad_argument" and "belongs to a call with other arguments" in other.text


async def test_templates_show_what_their_offers_take(assistant: Any) -> None:
    async with assistant() as ask:
        shown = await ask("offer_templates_find", template="Mortgage rate discount")
        by_name = {each["name"]: each for each in shown.items}
        assert by_name["channel"]["options"][0] == "Email" and by_name["channel"]["required"] is True
        assert "Maa-nnnnnn" in shown.text
        searched = await ask("offer_templates_find", search="points")
        assert [each["id"] for each in searched.items] == [36]


# creating


async def test_values_of_new_offers_fit_their_definitions(assistant: Any) -> None:
    async with assistant() as ask:
        made = await ask(
            "offers_create",
            template="Loyalty points",
            names=["Plain"],
            offers=[{"name": "Own", "attributes": {"bonus_points": "700", "expiry_date": "2027-03-01"}}],
            attributes={"Channel": "mobile app"},
        )
        assert made.data["counts"] == {"done": 2}
        found = await ask("offers_find", offers=["Own"])
        assert (found.items[0]["channel"], found.items[0]["bonus_points"]) == ("Mobile app", 700)
        assert found.items[0]["expiry_date"] == "2027-03-01"
        new = await ask("offers_create", template="36", names=["N"], attributes={"channel": "Podcast"}, dry_run=True)
        assert "new option for everybody, for good: Podcast" in new.text


NOT_CREATED: list[tuple[dict[str, Any], str]] = [
    ({"names": ["x"]}, "Loyalty points (id 36)"),
    ({"template": "36"}, "Say what to create"),
    ({"template": "36", "names": [" "]}, "needs a name"),
    ({"template": "36", "offers": [{"title": "x"}]}, "is an object like"),
    ({"template": "36", "names": ["x"], "attributes": {"discount_rate": 3}}, "no attribute 'discount_rate'"),
    ({"template": "36", "names": ["x"], "attributes": {"channel": "emial"}}, "did you mean 'Email'"),
    ({"template": "36", "names": [str(each) for each in range(1001)]}, "At most 1000"),
    ({"template": "36", "copy_of": ["5158"]}, "goes without"),
    ({"copy_of": ["99999"]}, "99999"),
    ({"copy_of": [TWINS]}, "are called"),
]


async def test_what_can_not_be_created_is_told(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for arguments, said in NOT_CREATED:
            wrong = await ask("offers_create", **arguments)
            assert wrong.failed and said in wrong.text, arguments
        assert not request_log(ask.sandbox, "createOffers")


async def test_a_second_offer_of_a_name_asks(assistant: Any) -> None:
    async with assistant(reply="decline") as ask:
        made = await ask("offers_create", template="36", names=["Supplier fair points, Autumn 2026"])
        assert made.data["status"] == "declined" and "exist already" in ask.questions[0]
        twice = await ask("offers_create", template="36", names=["New", "New"])
        assert twice.data["status"] == "declined" and "several times" in ask.questions[1]


async def test_one_offer_that_fails_does_not_hide_the_others(assistant: Any) -> None:
    async with assistant(item_failures=["Two", 5014]) as ask:
        made = await ask("offers_create", template="36", names=["One", "Two", "Three"])
        assert made.data["counts"] == {"done": 2, "refused": 1}
        refused = next(each for each in made.data["results"] if each["status"] == "refused")
        assert refused["name"] == "Two" and "could not be saved" in refused["reason"]
        copies = await ask("offers_create", copy_of=["5014", "5158"])
        assert copies.data["counts"] == {"done": 1, "refused": 1}


async def test_a_lost_answer_stops_what_follows(assistant: Any, request_log: Log) -> None:
    async with assistant(faults=[fault("drop_after", "POST", "/v1/offers", times=1)]) as ask:
        made = await ask("offers_create", template="36", names=["One", "Two"])
        assert made.data["status"] == "unknown" and made.data["counts"] == {"unknown": 2}
        assert len(request_log(ask.sandbox, "createOffers")) == 1
        assert (await ask("offers_find", offers=["One"])).ids()


# retiring and deleting


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("form", ["v1", "v2-index"])
async def test_half_of_the_offers_are_gone_already(assistant: Any, era: str, form: str) -> None:
    async with assistant(era=era, **FORMS[form]) as ask:
        deleted = await ask("offers_delete", offers=["5006", "99998", "99999"])
        assert deleted.data["counts"] == {"done": 1, "already": 2}
        retired = await ask("offers_retire", offers=["5006", "5007", "5014"])
        assert retired.data["counts"] == {"done": 1, "already": 1, "refused": 1}
        assert (await ask("offers_delete", offers=["5006"])).code == "not_found"


@pytest.mark.parametrize("era", ERAS)
async def test_who_uses_the_offers_is_in_the_question(assistant: Any, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        declined = await ask("offers_delete", offers=["5158", "5010"])
        assert declined.data["status"] == "declined"
        assert "offer list Gold and Platinum cards, 1 cell of Spring 2026 Gold Card Cashback" in ask.questions[0]
        assert "Safer: retire them" in ask.questions[0] and "leave every static offer list" in ask.questions[0]


async def test_an_offer_that_fails_is_refused_and_the_others_are_done(assistant: Any) -> None:
    async with assistant(item_failures=[5007]) as ask:
        retired = await ask("offers_retire", offers=["5006", "5007"])
        assert retired.data["counts"] == {"done": 1, "refused": 1}
        assert next(each for each in retired.data["results"] if each["status"] == "refused")["id"] == "5007"


@pytest.mark.parametrize(("tool", "path"), [("offers_retire", "retire"), ("offers_delete", "delete")])
async def test_a_lost_answer_is_looked_at(assistant: Any, request_log: Log, tool: str, path: str) -> None:
    async with assistant(faults=[fault("drop_after", "POST", f"/v1/offers/{path}", times=1)]) as ask:
        lost = await ask(tool, offers=["5006"])
        assert lost.result["status"] == "done" and "answer was lost" in lost.result["reason"]
        assert len(request_log(ask.sandbox, f"{path}Offers")) == 1
        assert "drop_after" not in lost.text


async def test_bad_arguments_ask_nobody(assistant: Any) -> None:
    async with assistant() as ask:
        for tool in ("offers_retire", "offers_delete"):
            assert (await ask(tool, offers=[])).code == "bad_argument"
            assert (await ask(tool, offers=[TWINS])).code == "ambiguous"
            assert (await ask(tool, offers=[str(each) for each in range(1, 1002)])).code == "bad_argument"
        assert not ask.questions


# what depends on an offer


async def test_usage_stops_in_time_and_says_how_far_it_came(
    stand_in: Callable[..., Sandbox], call_to: Callable[..., Call], request_log: Log, switch: Callable[..., None]
) -> None:
    sandbox = stand_in(faults=[fault("delay", "GET", "/v1/targetcells", seconds=4, skip=5, times=99)])
    call = call_to(sandbox, deadline=anyio.current_time() + 2)
    found = await usage_of_offers(call, {5158: "Gold"})
    assert not found.complete and found.of == 48 and found.looked_at < 48
    switch(sandbox, faults=[])
    looked = len(request_log(sandbox, "getTCSList"))
    again = await usage_of_offers(replace(call, answering=True), {5158: "Gold"})
    assert again == found, "the answer looks at what the question reached, and at nothing else"
    assert len(request_log(sandbox, "getTCSList")) >= looked + found.looked_at > looked


async def test_each_new_question_looks_anew(sandbox: Sandbox, call_to: Callable[..., Call]) -> None:
    call = call_to(sandbox)
    before = await usage_of_offers(call, {5006: "Solar loan"})
    offer = OfferInfo(reference=Reference(component_type_enum="OFFER", id=5006), name="Solar loan")
    cell = TargetCellInput(reference=Reference(component_type_enum="TCS_CELL", id=8218), offer_info=[offer])
    await call.send(UpdateTargetCell(cell=cell))
    assert (
        not before.lines
        and "1 cell of Spring 2026 Gold Card Cashback" in ((await usage_of_offers(call, {5006: "Solar loan"})).lines[0])
    )


async def test_a_failure_while_looking_for_usage_is_told_as_itself(
    stand_in: Callable[..., Sandbox], call_to: Callable[..., Call]
) -> None:
    sandbox = stand_in(faults=[fault("status", "GET", "/v1/targetcells", status=400)])
    with pytest.raises(Refused):
        await usage_of_offers(call_to(sandbox), {5158: "Gold"})
    sandbox = stand_in(faults=[fault("status", "GET", "/v1/targetcells", status=500)])
    with pytest.raises(Unavailable):
        await usage_of_offers(call_to(sandbox), {5158: "Gold"})


# many


async def test_thousands_of_offers_are_fetched_once_for_all_pages(
    call_to: Callable[..., Call], request_log: Log
) -> None:
    with start(scale=10) as sandbox:
        call = call_to(sandbox)
        started = time.perf_counter()
        first = await offers_find.function(call, attributes={"channel": "Email"}, fields=["channel"], limit=200)
        fetched = time.perf_counter() - started
        assert first.total == 500 and len(first.rows) == 200
        before = len(request_log(sandbox))
        started = time.perf_counter()
        second = await offers_find.function(
            call, attributes={"channel": "Email"}, fields=["channel"], limit=200, cursor=first.cursor(200)
        )
        assert time.perf_counter() - started < fetched / 20
        assert len(request_log(sandbox)) == before and second.offset == 200


# what assistants try


async def test_own_columns_are_conditions_too(assistant: Any) -> None:
    async with assistant() as ask:
        coded = await ask("offers_find", attributes={"code": "CC001*"}, limit=200)
        assert coded.items and all(each["code"].startswith("CC001") for each in coded.items)
        retired = await ask("offers_find", attributes={"retired": "yes"}, limit=200)
        assert len(retired.items) > 20 and all(each["retired"] for each in retired.items)
        of_template = await ask("offers_find", attributes={"Template": "Personal loan"}, limit=200)
        assert len(of_template.items) == len((await ask("offers_find", template="34", limit=200)).items) > 0
        assert {each["template"] for each in of_template.items} == {"Personal loan"}
        shown = await ask("offers_find", attributes={"Channel": "email"}, limit=1)
        assert shown.items[0]["channel"] == "Email", "what is asked for is shown, whatever its capitals"


async def test_named_offers_can_be_narrowed_by_folder(assistant: Any) -> None:
    async with assistant() as ask:
        inside = (await ask("offers_find", folder=62, limit=2)).ids()
        assert inside and (await ask("offers_find", offers=[*inside, "5001", "5002"], folder=62)).ids() == inside


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("offers_find", {"check": ["Free", " "]}, "can't be empty"),
        ("offers_find", {"offers": [""]}, "can't be empty"),
        ("offers_find", {"attributes": {"cost": "< 1,50"}}, "not a number"),
        ("offers_create", {"copy_of": ["5001"], "attributes": {"channel": "Email"}}, "copy is like its offer"),
        ("offers_create", {"template": "31", "names": ["A"], "attributes": {"cost": "1.500"}}, "write 1500"),
    ],
)
async def test_what_would_be_dropped_or_misread_is_refused(
    assistant: Any, tool: str, arguments: dict[str, Any], said: str
) -> None:
    async with assistant() as ask:
        refused = await ask(tool, **arguments)
        assert refused.code == "bad_argument" and said in refused.text


async def test_many_new_offers_go_in_batches_and_a_loss_puts_one_batch_in_doubt(
    assistant: Any, request_log: Log
) -> None:
    async with assistant(faults=[fault("drop_after", "POST", "/v1/offers", skip=1, times=1)]) as ask:
        answer = await ask("offers_create", template="36", names=[f"Bulk {number}" for number in range(250)])
        assert answer.data["counts"] == {"done": 100, "unknown": 100, "refused": 50}
        unknown = [each for each in answer.data["results"] if each["status"] == "unknown"]
        assert unknown and all(f'offers_find search="{each["name"]}"' in each["reason"] for each in unknown)
        assert len(request_log(ask.sandbox, "createOffers")) == 2


async def test_a_campaign_whose_cells_cannot_be_read_does_not_hold_up_the_others(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "GET", "/v1/targetcells*", status=500, times=1)]) as ask:
        shown = await ask("offers_delete", offers=["5006"], dry_run=True)
        assert "looked at 47 of 48 campaigns" in shown.text and "nowhere found" not in shown.text


async def test_a_template_is_shown_though_no_code_can_be_drawn(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "*", "*gencode*", status=500)]) as ask:
        shown = await ask("offer_templates_find", template="31")
        assert len(shown.items) == 8 and "none could be drawn now" in shown.text
