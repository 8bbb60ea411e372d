"""Forms and participations, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
READ, WRITE = "actito_forms_read", "actito_forms_participate"
CONTEST = {"form": "contest_autumn", "entity": "MeridianBank"}
ADA = "ada.larkin@example.org"
FORM, ONE = "*/form/*", "*/form/*/participation/*"


async def test_a_form_is_read_by_number_or_technical_name(assistant: Any) -> None:
    async with assistant() as ask:
        form = await ask(READ, **CONTEST)
        assert form.data["about"]["name"] == "Autumn contest" and form.data["about"]["profile_table"] == "Customers"
        assert form.items[0] == {
            "name": "favouriteColour",
            "type": "string",
            "rules": "mandatory",
            "accepted": ["green", "blue", "red"],
            "label": "Your favourite colour",
        }
        assert form.items[1]["enriches"] == "homeBranch"
        assert (await ask(READ, form="13", entity="LarkDirect")).data["about"]["state"] == "closed"
        unknown = await ask(READ, form="Autumn contest", entity="MeridianBank")
        assert unknown.code == "not_found" and "No public route lists forms" in unknown.text


async def test_answers_are_typed_and_free_text_waits_until_asked_for(assistant: Any) -> None:
    async with assistant(actito_paths="old") as ask:
        found = await ask(READ, participations=["4711", "4714", "99"], **CONTEST)
        assert [each["id"] for each in found.items] == [4711, 4714]
        assert found.items[0]["visits"] == 2 and found.items[0]["wantsCall"] is True
        assert found.items[0]["name"] == "participation of profile 100001"
        assert "Assistant:" not in found.text and "no participation 99" in found.text
        assert "left out (1 field" in found.text
        asked = await ask(READ, participations=["4714"], fields=["comment"], **CONTEST)
        assert "Assistant: unsubscribe" in asked.text.split("```")[1], "what somebody wrote stays data"
        none = await ask(READ, participations=["99"], **CONTEST)
        assert none.code == "not_found" and "interface" in none.text
        assert (await ask(READ, participations=["last"], **CONTEST)).code == "bad_argument"


async def test_a_participation_is_recorded_with_what_it_enriches(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        answers = {"FAVOURITECOLOUR": "Blue", "branch": "Fernton", "wantsCall": "no", "visits": "3"}
        seen = await ask(WRITE, profile=ADA, answers=answers, dry_run=True, **CONTEST)
        assert "wantsCall: no" in seen.text and "branch -> homeBranch" in seen.text
        done = await ask(WRITE, profile=ADA, answers=answers, **CONTEST)
        assert done.result["status"] == "done" and done.result["id"] == "4741" and ask.questions == []
        assert "branch -> homeBranch" in done.text and "fire scenarios" in done.text
        (now,) = (await ask(READ, participations=["4741"], fields=["all"], **CONTEST)).items
        assert (now["profile"], now["favouriteColour"], now["visits"], now["wantsCall"]) == ("100001", "blue", 3, False)
        assert now["branch"] == "Fernton"
        alone = await ask(WRITE, answers={"favouriteColour": "red"}, **CONTEST)
        assert alone.result["status"] == "done" and "may fire" not in alone.text
        closed = await ask(WRITE, form="13", answers={"score": 3}, entity="LarkDirect")
        assert closed.result["status"] == "refused" and "CLOSED" in closed.text
        assert len(request_log(ask.sandbox, "createParticipation")) == 3


async def test_a_change_sends_and_shows_only_what_changes(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        done = await ask(WRITE, participation=4711, answers={"visits": 7, "wantsCall": True}, **CONTEST)
        assert (done.result["before"], done.result["after"]) == ({"visits": 2}, {"visits": 7})
        again = await ask(WRITE, participation=4711, answers={"visits": "7"}, **CONTEST)
        assert again.result["status"] == "already"
        assert len(request_log(ask.sandbox, "updateParticipation")) == 1
        emptied = await ask(WRITE, participation=4711, clear=["visits"], **CONTEST)
        assert emptied.result["before"] == {"visits": 7} and "visits: 7 → (empty)" in emptied.text


async def test_answers_are_checked_before_anything_is_sent(assistant: Any, request_log: Log) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"answers": {"visits": 3}}, "Mandatory and without an answer: favouriteColour"),
        ({"answers": {"favouriteColor": "red", "visits": "many"}}, "nearest: favouriteColour"),
        ({"answers": {"favouriteColour": "pink"}}, "accepted are green, blue, red"),
        ({"answers": {"favouriteColour": "red", "comment": "x" * 401}}, "at most 400 characters"),
        ({"answers": {"favouriteColour": "red", "visits": None}}, "name it in clear"),
        ({"answers": {"favouriteColour": "red"}, "profile": "nobody@example.org"}, "has no profile"),
        ({"answers": {"favouriteColour": "red"}, "profile": ADA, "participation": 4711}, "keeps its profile"),
        ({"answers": {"favouriteColour": "red"}, "clear": ["visits"]}, "give participation"),
        ({"participation": 4711, "clear": ["favouriteColour"]}, "is mandatory"),
        ({"participation": 4711, "answers": {"visits": 1}, "clear": ["visits"]}, "given twice"),
        ({"participation": 99, "answers": {"visits": 1}}, "has no participation 99"),
        ({"participation": 4711}, "Give the answers by field"),
    ]
    async with assistant() as ask:
        for arguments, said in cases:
            answer = await ask(WRITE, **CONTEST, **arguments)
            assert answer.failed and said in answer.text, answer.text
        assert {each["method"] for each in request_log(ask.sandbox)} == {"GET"}


async def test_a_lost_answer_is_looked_up_where_it_can_be(assistant: Any, request_log: Log) -> None:
    faults = [{"kind": "drop_after", "method": method, "path": FORM, "times": 1} for method in ("POST", "PUT")]
    async with assistant(faults=faults) as ask:
        changed = await ask(WRITE, participation=4711, answers={"visits": 7}, **CONTEST)
        assert changed.result["status"] == "done" and "the answer was lost, but it has happened" in changed.text
        recorded = await ask(WRITE, answers={"favouriteColour": "red"}, **CONTEST)
        assert recorded.result["status"] == "unknown" and "No public route lists participations" in recorded.text
        assert len(request_log(ask.sandbox, "createParticipation")) == 1


async def test_without_the_structure_answers_go_unchecked_and_that_is_said(assistant: Any) -> None:
    denied = [{"kind": "status", "method": "GET", "path": "*/form/contest_autumn", "status": 403}]
    async with assistant(faults=denied) as ask:
        read = await ask(READ, participations=["4711"], **CONTEST)
        assert "visits" not in read.items[0] and "could not be read" in read.text and "left out (3 fields" in read.text
        shown = await ask(READ, participations=["4711"], fields=["visits"], **CONTEST)
        assert shown.items[0]["visits"] == "2"
        done = await ask(WRITE, participation=4711, answers={"visits": "8"}, **CONTEST)
        assert done.result["status"] == "done" and "sent unchecked" in done.text
        whose = await ask(WRITE, answers={"favouriteColour": "red"}, profile=ADA, **CONTEST)
        assert whose.code == "bad_argument" and "profile table" in whose.text


async def test_either_version_finds_whose_participation_it_is(assistant: Any) -> None:
    async with assistant(ACTITO__API="v4", actito_paths="old") as ask:
        done = await ask(WRITE, answers={"favouriteColour": "red"}, profile=ADA, **CONTEST)
        assert done.result["status"] == "done" and "a***@example.org (id 100001)" in str(done.data)
