"""Attribute tools, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
Switch = Callable[..., None]


def names(answer: Any) -> list[str]:
    return [each["name"] for each in answer.items]


# finding


async def test_definitions_are_listed_those_of_the_installation_first(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("attributes_find", limit=200)
        assert found.data["total"] == 29
        assert names(found)[0] == "product" and names(found)[-1] == "uacIsControl"
        channel = next(each for each in found.items if each["name"] == "channel")
        assert channel["options"][:2] == ["Email", "Mobile app"] and channel["required"] is True
        assert (channel["type"], channel["select"], channel["kind"]) == ("text", "single", "offer")


FOUND = [
    ({"kind": "cell"}, ["target_size", "holdout_percent", "uacCellCode", "uacIsControl"]),
    ({"search": "euro"}, ["cost", "budget"]),
    ({"search": "concierge"}, ["card_perks"]),
    ({"names": ["CHANNEL", "Sales region", "363"]}, ["channel", "sales_region", "expiry_date"]),
    ({"kind": "offer_template", "names": ["channel"]}, ["channel"]),
    ({"kind": "campaign", "search": "budget"}, ["sales_region", "budget"]),
]


async def test_definitions_are_narrowed(assistant: Any) -> None:
    async with assistant() as ask:
        for arguments, expected in FOUND:
            assert names(await ask("attributes_find", **arguments)) == expected, arguments


async def test_one_definition_is_shown_whole(assistant: Any) -> None:
    async with assistant() as ask:
        item = (await ask("attributes_find", names=["segment"])).items[0]
        assert item["default"] == "Mass" and item["access"] == "editable" and item["system"] is False
        short = (await ask("attributes_find", names=["segment"], fields=["type"])).items[0]
        assert set(short) == {"name", "id", "type"}


NOT_FOUND = [
    ({"names": ["chanel"]}, "not_found", "channel (Channel, offer, text)"),
    ({"names": ["channel"], "kind": "campaign"}, "bad_argument", "channel (Channel, offer, text)"),
    ({"of": "5158"}, "bad_argument", 'kind="campaign"'),
    ({"of": "eight", "kind": "cell"}, "bad_argument", "target_cells_find"),
    ({"of": "99", "kind": "cell"}, "not_found", "99"),
    ({"of": "No such", "kind": "campaign"}, "not_found", "No such"),
    ({"of": "Gold card 3% cashback, Spring 2026", "kind": "offer"}, "ambiguous", "CC00129-ZA7"),
    ({"fields": ["lable"]}, "bad_argument", "did you mean 'label'"),
    ({"kind": "offers"}, "bad_argument", "must be one of"),
]


async def test_what_is_not_found_is_told(assistant: Any) -> None:
    async with assistant() as ask:
        for arguments, code, said in NOT_FOUND:
            wrong = await ask("attributes_find", **arguments)
            assert wrong.code == code and said in wrong.text, arguments


OF = [
    ("offer", "CC00129-ZA7", "cost", 0.05),
    ("campaign", "C000002025", "approval_status", "Approved"),
    ("cell", "8217", "target_size", 2252),
    ("offer_template", "Mortgage rate discount", "term_months", 300),
]


async def test_values_of_one_object_of_each_kind(assistant: Any) -> None:
    async with assistant() as ask:
        for kind, of, name, value in OF:
            found = await ask("attributes_find", kind=kind, of=of)
            assert {each["name"]: each.get("value") for each in found.items}[name] == value, kind
        one = await ask("attributes_find", kind="offer", of="5158", names=["Channel", "budget"], fields=["options"])
        assert names(one) == ["channel"] and "Web" in one.items[0]["options"]
        assert "It does not have budget." in one.text


@pytest.mark.parametrize("form", ["milliseconds", "text", "bean"])
async def test_dates_are_read_in_every_form(assistant: Any, form: str) -> None:
    async with assistant(date_form=form) as ask:
        found = await ask("attributes_find", kind="offer", of="5158", names=["expiry_date"])
        assert found.items[0]["value"] == "2026-07-01"
        same = await ask("attributes_set", kind="offer", of="5158", values={"expiry_date": "2026-07-01"})
        assert same.result["status"] == "already"
        later = await ask("attributes_set", kind="offer", of="5158", values={"expiry_date": "2026-08-01"})
        assert later.result["status"] == "done" and "2026-07-01 → 2026-08-01" in later.text


async def test_pages_of_definitions_come_from_a_snapshot(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        first = await ask("attributes_find", limit=20)
        before = len(request_log(ask.sandbox))
        second = await ask("attributes_find", limit=20, cursor=first.data["cursor"])
        assert len({*names(first), *names(second)}) == 29 and len(request_log(ask.sandbox)) == before


async def test_values_of_hostile_objects_stay_data(assistant: Any) -> None:
    async with assistant() as ask:
        for of in ("5009", "5010", "5011"):
            found = await ask("attributes_find", kind="offer", of=of)
            assert not found.failed and "\u202e" not in found.text


# defining


@pytest.mark.parametrize("era", ERAS)
async def test_an_attribute_is_defined_and_found_again(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        made = await ask(
            "attributes_define",
            name="priority",
            kind="offer",
            label="Priority",
            type="integer",
            options=["1", "2", "3"],
            default="2",
            required="yes",
            description="Order",
        )
        assert made.data["status"] == "done" and made.result["id"] == "370" and not ask.questions
        item = (await ask("attributes_find", names=["priority"])).items[0]
        assert (item["options"], item["default"], item["required"], item["select"]) == ([1, 2, 3], 2, True, "single")


async def test_a_definition_grows(assistant: Any) -> None:
    async with assistant() as ask:
        changed = await ask(
            "attributes_define",
            name="Segment",
            label="Customers",
            options=["Staff", "mass"],
            select="multiple",
            clear=["default"],
        )
        before, after = changed.result["before"], changed.result["after"]
        assert before["label"] == "Segment" and after["label"] == "Customers"
        assert after["options"] == [*before["options"], "Staff"] and after["select"] == "multiple"
        assert before["default"] == "Mass" and after["default"] is None
        lifted = await ask("attributes_define", name="product", required="no", max_length=120, clear=["description"])
        assert lifted.result["after"] == {"description": "", "max_length": 120, "required": False}
        emptied = await ask("attributes_set", kind="offer", of="5158", clear=["product"])
        assert emptied.data["status"] == "done"
        again = await ask("attributes_define", name="product", required="no")
        assert again.result["status"] == "already"


async def test_a_date_is_a_default_too(assistant: Any) -> None:
    async with assistant() as ask:
        made = await ask("attributes_define", name="launch", kind="campaign", type="date", default="2027-01-31")
        assert made.data["status"] == "done" and "2027-01-31" in made.text


RULES = [
    ({"name": "Sales person", "kind": "campaign"}, "name='sales_person'"),
    ({"name": "1st", "kind": "campaign"}, "no digit first"),
    ({"name": "uacThing", "kind": "campaign"}, "begins with uac"),
    ({"name": "chanel", "label": "x"}, "Did you mean 'channel'?"),
    ({"name": "fresh", "kind": "offer", "select": "single"}, "needs options"),
    ({"name": "fresh", "kind": "offer", "select": "none", "options": ["a"]}, "single or multiple"),
    ({"name": "fresh", "kind": "offer", "type": "integer", "options": ["one"]}, "a whole number"),
    ({"name": "fresh", "kind": "offer", "type": "integer", "max_length": 5}, "max_length is for texts"),
    ({"name": "fresh", "kind": "offer", "max_length": -1}, "1 or more"),
    ({"name": "fresh", "kind": "offer", "options": ["a"], "default": "b"}, "none of the options"),
    ({"name": "fresh", "kind": "offer", "max_length": 3, "default": "long one"}, "at most 3 characters"),
    ({"name": "channel", "kind": "campaign"}, "kind of channel is offer"),
    ({"name": "channel", "type": "integer"}, "type of channel is text"),
    ({"name": "channel", "select": "none"}, "can only get wider"),
    ({"name": "card_perks", "select": "single"}, "can only get wider"),
    ({"name": "season", "options": ["a"]}, "no options so far"),
    ({"name": "season", "select": "single"}, "needs options"),
    ({"name": "season", "required": "yes"}, "can't become required"),
    ({"name": "season", "max_length": 10}, "only get longer"),
    ({"name": "channel", "max_length": 10}, "texts of any length"),
    ({"name": "cost", "max_length": 10}, "max_length is for texts"),
    ({"name": "channel", "default": "Fax"}, "none of the options"),
    ({"name": "channel", "label": "a", "clear": ["label"]}, "clear takes"),
    ({"name": "channel", "default": "Web", "clear": ["default"]}, "both given"),
    ({"name": "uacInitiative", "label": "x"}, "standard attribute"),
]


async def test_the_rules_are_checked_before_the_call(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for arguments, said in RULES:
            wrong = await ask("attributes_define", **arguments)
            assert wrong.code == "bad_argument" and said in wrong.text, arguments
        assert not {"createAttributeMetadata", "updateAttributeMetadata"} & {
            each["operation"] for each in request_log(ask.sandbox)
        }


async def test_defining_with_lost_and_pretended_answers(assistant: Any, request_log: Log) -> None:
    faults = [
        fault("drop_after", "POST", "/v1/attributes/create/*", times=1),
        fault("drop_before", "POST", "/v1/attributes/create/*", times=1),
        fault("status", "POST", "/v1/attributes/create/*", status=200, body='"Created"', times=1),
        fault("status", "PUT", "/v1/attributes/update/metadata", status=200, body='"Updated"', times=1),
        fault("status", "PUT", "/v1/attributes/update/metadata", status=400, times=1),
    ]
    async with assistant(faults=faults) as ask:
        lost = await ask("attributes_define", name="first_one", kind="offer")
        assert lost.data["status"] == "done" and "it has happened" in lost.text and lost.result["id"]
        never = await ask("attributes_define", name="never_there", kind="offer")
        assert never.data["status"] == "unknown" and "Look at the object" in never.text
        pretended = await ask("attributes_define", name="second_one", kind="offer")
        assert pretended.data["status"] == "unknown" and "not found" in pretended.text
        kept = await ask("attributes_define", name="channel", label="Way")
        assert kept.data["status"] == "refused" and "kept its label" in kept.text
        refused = await ask("attributes_define", name="channel", label="Way")
        assert refused.data["status"] == "refused" and "(400)" in refused.text
        assert len(request_log(ask.sandbox, "createAttributeMetadata")) == 3


async def test_a_definition_that_cannot_be_read_again_is_said(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "GET", "/v1/attributes", status=500, skip=1)]) as ask:
        made = await ask("attributes_define", name="fresh", kind="offer")
        assert made.result["status"] == "done" and "could not be looked at again" in made.text


# values


async def test_values_are_set_as_their_definitions_want_them(assistant: Any) -> None:
    async with assistant() as ask:
        values = {"Channel": "email", "cost": "0.5", "expiry_date": "2026-12-24", "card_perks": "concierge"}
        changed = await ask("attributes_set", kind="offer", of="5158", values=values)
        assert changed.data["status"] == "done" and "channel: Web → Email" in changed.text
        assert changed.result["after"]["cost"] == 0.5 and changed.result["before"]["cost"] == 0.05
        item = (await ask("offers_find", offers=["5158"])).items[0]
        assert (item["channel"], item["cost"], item["card_perks"]) == ("Email", 0.5, ["Concierge"])
        assert item["expiry_date"] == "2026-12-24" and item["product"] == "Gold card"


@pytest.mark.parametrize("era", ERAS)
async def test_values_of_campaigns_and_cells(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        campaign = await ask(
            "attributes_set", kind="campaign", of="C000002025", values={"budget": 5}, clear=["business_owner"]
        )
        assert campaign.result["after"]["budget"] == 5 and campaign.result["name"] == "Spring 2026 Gold Card Cashback"
        cell = await ask("attributes_set", kind="cell", of="8218", values={"target_size": "1200"})
        assert cell.data["status"] == "done" and cell.result["id"] == "8218"
        again = await ask("attributes_set", kind="cell", of="8218", values={"target_size": 1200})
        assert again.result["status"] == "already"


async def test_a_new_option_is_said_and_a_slip_is_not_taken_for_one(assistant: Any) -> None:
    async with assistant() as ask:
        slip = await ask("attributes_set", kind="offer", of="5158", values={"channel": "emial"})
        assert slip.code == "bad_argument" and "did you mean 'Email'" in slip.text and "attributes_define" in slip.text
        new = await ask("attributes_set", kind="offer", of="5158", values={"channel": "Podcast"}, dry_run=True)
        assert "gets a new option for everybody, for good: Podcast" in new.text


WRONG_VALUES = [
    ({"values": {"chanel": "Web"}}, "did you mean 'channel'"),
    ({"values": {"cost": "much"}}, "a number"),
    ({"values": {"expiry_date": "tomorrow"}}, "yyyy-mm-dd"),
    ({"values": {"needs_consent": "perhaps"}}, "true or false"),
    ({"values": {"channel": ["Web", "Email"]}}, "takes one value"),
    ({"values": {"season": "x" * 30}}, "at most 20 characters"),
    ({"values": {"uacOfferCode": "X"}}, "generated"),
    ({"values": {"cost": 1}, "clear": ["COST"]}, "given twice"),
    ({"clear": ["product"]}, "required"),
    ({"values": {"product": ""}}, "required"),
    ({}, "Say what to set"),
]


async def test_values_that_do_not_fit_are_told(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for arguments, said in WRONG_VALUES:
            wrong = await ask("attributes_set", kind="offer", of="5158", **arguments)
            assert wrong.code == "bad_argument" and said in wrong.text, arguments
        missing = await ask("attributes_set", of="5158", values={"cost": 1})
        assert missing.code == "bad_argument" and "`kind` is required" in missing.text
        unknown = await ask("attributes_set", kind="offer", of="99999", values={"cost": 1})
        assert unknown.code == "not_found"
        several = await ask("attributes_set", kind="offer", of="Gold card 3% cashback, Spring 2026", values={"cost": 1})
        assert several.code == "ambiguous" and "5001" in several.text and "5158" in several.text
        assert not request_log(ask.sandbox, "updateAttributes")


async def test_setting_with_lost_pretended_and_refused_answers(assistant: Any, request_log: Log) -> None:
    path = "/v1/attributes/update/OFFER/*"
    faults = [
        fault("drop_after", "PUT", path, times=1),
        fault("drop_before", "PUT", path, times=1),
        fault("status", "PUT", path, status=200, body="[]", times=1),
        fault("status", "PUT", path, status=200, body='[{"name": "cost", "valueAsObject": 7}]', times=1),
        fault("status", "PUT", path, status=400, times=1),
    ]
    async with assistant(faults=faults) as ask:
        statuses = []
        for value in (1, 2, 3, 4, 5):
            answer = await ask("attributes_set", kind="offer", of="5158", values={"cost": value})
            statuses.append((answer.result["status"], answer.text))
        assert [each for each, _ in statuses] == ["done", "unknown", "done", "refused", "refused"]
        assert "it has happened" in statuses[0][1] and "Look at the object" in statuses[1][1]
        assert "does not show the values" in statuses[2][1] and "are not so: cost" in statuses[3][1]
        assert len(request_log(ask.sandbox, "updateAttributes")) == 5


@pytest.mark.parametrize("value", [5.5, True, "5.5", "5.000"])
async def test_a_whole_number_is_never_cut_or_guessed(assistant: Any, value: Any) -> None:
    async with assistant() as ask:
        refused = await ask("attributes_set", kind="cell", of="8218", values={"target_size": value})
        assert refused.code == "bad_argument" and "a whole number" in refused.text


@pytest.mark.parametrize(
    ("kind", "of", "name", "tool"),
    [("campaign", "2025", "uacName", "campaigns_save"), ("cell", "8218", "uacIsControl", "target_cells_save")],
)
async def test_what_a_save_checks_is_not_set_past_it(assistant: Any, kind: str, of: str, name: str, tool: str) -> None:
    async with assistant() as ask:
        refused = await ask("attributes_set", kind=kind, of=of, values={name: "yes"})
        assert refused.code == "bad_argument" and tool in refused.text


async def test_an_option_given_in_two_spellings_is_set_once(assistant: Any) -> None:
    async with assistant() as ask:
        perks = ["Airport lounge", "airport LOUNGE", "Concierge"]
        changed = await ask("attributes_set", kind="offer", of="5158", values={"card_perks": perks})
        assert changed.result["after"]["card_perks"] == ["Airport lounge", "Concierge"]


# deleting


@pytest.mark.parametrize("era", ERAS)
async def test_deleting_says_who_carries_a_value_and_asks(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        deleted = await ask("attributes_delete", name="Channel")
        assert deleted.data["status"] == "done" and deleted.result["id"] == "channel"
        (question,) = ask.questions
        assert "300 offers have a value, such as " in question and "6 offer templates have it" in question
        assert "2 smart lists ask for it" in question and "Cannot be undone" in question
        assert (await ask("attributes_find", names=["channel"])).code == "not_found"
        assert "channel" not in (await ask("offers_find", offers=["5158"])).items[0]


async def test_the_carriers_of_each_kind_are_counted(assistant: Any) -> None:
    async with assistant(reply="decline") as ask:
        for name, said in (
            ("budget", "48 campaigns have a value"),
            ("holdout_percent", "94 target cells have a value"),
        ):
            assert (await ask("attributes_delete", name=name)).data["status"] == "declined"
            assert said in ask.questions[-1]
        await ask("attributes_define", name="nobody_has_it", kind="campaign")
        await ask("attributes_delete", name="nobody_has_it")
        assert "nowhere found" in ask.questions[-1]


async def test_what_cannot_be_deleted_is_told_and_nobody_is_asked(assistant: Any) -> None:
    async with assistant() as ask:
        assert "standard attribute" in (await ask("attributes_delete", name="uacName")).text
        wrong = await ask("attributes_delete", name="chanel")
        assert wrong.code == "not_found" and "channel" in wrong.text
        assert (await ask("attributes_delete", names="channel")).code == "bad_argument"
        assert not ask.questions


async def test_offers_that_take_too_long_to_count_are_said_to_be_missing(
    assistant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcp_server.job.LOOKING_SECONDS", 1.0)
    async with assistant(faults=[fault("delay", "POST", "/v1/offers/getoffers", seconds=3)]) as ask:
        answer = await ask("attributes_delete", name="channel", dry_run=True)
        assert "looked at 2 of 3 (offer templates, smart lists, offers)" in answer.text
        assert "6 offer templates have it" in answer.text


async def test_a_delete_that_cannot_be_looked_at_is_said(assistant: Any) -> None:
    async with assistant(
        faults=[fault("status", "GET", "/v1/attributes", status=500, skip=1)], UNICA__POLICY="allow", ENVIRONMENT="test"
    ) as ask:
        deleted = await ask("attributes_delete", name="season")
        assert deleted.result["status"] == "done" and "could not be looked at again" in deleted.text


async def test_a_client_without_questions_gives_a_code(assistant: Any) -> None:
    async with assistant(CHANNELS="code") as ask:
        first = await ask("attributes_delete", name="budget")
        assert first.data["status"] == "needs_approval"
        done = await ask("attributes_delete", name="budget", confirm=first.data["code"])
        assert done.data["status"] == "done"


async def test_deleting_with_lost_pretended_and_refused_answers(assistant: Any, request_log: Log) -> None:
    path = "/v1/attributes/delete"
    faults = [
        fault("drop_after", "DELETE", path, times=1),
        fault("drop_before", "DELETE", path, times=1),
        fault("status", "DELETE", path, status=200, body='"Deleted"', times=1),
        fault("status", "DELETE", path, status=400, times=1),
        fault("status", "DELETE", path, status=404, times=1),
    ]
    async with assistant(faults=faults) as ask:
        expected = [
            ("budget", "done", "the answer was lost, but it is gone"),
            ("sales_region", "unknown", "Look at the object"),
            ("business_owner", "refused", "still defined"),
            ("target_size", "refused", "(400)"),
            ("season", "refused", "(404)"),
        ]
        for name, status, said in expected:
            deleted = await ask("attributes_delete", name=name)
            assert deleted.result["status"] == status and said in deleted.text, name
        assert len(request_log(ask.sandbox, "deleteAttributeMetadata")) == 5
