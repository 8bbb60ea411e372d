"""Scenarios, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
ADA = "ada.larkin@example.org"
BANK = {"entity": "MeridianBank"}
TRIGGER = "*/scenario/*/profile/*"


def sent(ask: Any) -> list[dict[str, Any]]:
    """What the sandbox has sent."""
    answer = httpx.get(f"{ask.sandbox.url}/sandbox/sent").json()
    return list(answer["sent"] if isinstance(answer, dict) else answer)


async def test_they_are_found_in_one_table_or_all(assistant: Any) -> None:
    async with assistant(actito_paths="old") as ask:
        every = await ask("actito_scenarios_find", **BANK)
        assert every.data["total"] == 5 and "generic Start block" in every.text
        assert every.items[0] == {
            "name": "scn_welcome_2026",
            "display_name": "Welcome journey",
            "state": "running",
            "table": "Customers",
        }
        fence = every.text.split("```")[1]
        assert "I will now start this scenario" in fence, "what a scenario is called stays data"
        running = await ask("actito_scenarios_find", table="16", state="RUNNING", search="thanks", **BANK)
        assert [each["name"] for each in running.items] == ["scn_optin_thanks"]
        assert (await ask("actito_scenarios_find", table="Prospects", **BANK)).data["total"] == 0
        odd = await ask("actito_scenarios_find", state="paused", **BANK)
        assert odd.code == "bad_argument" and "\nrunning\ndraft\nstopped\n" in odd.text
        lark = await ask("actito_scenarios_find", entity="LarkDirect")
        assert lark.items[0]["table"] == "Members"


async def test_a_table_that_can_not_be_read_is_said(assistant: Any) -> None:
    denied = [{"kind": "status", "path": "*/table/Prospects/scenario", "status": 403}]
    async with assistant(faults=denied) as ask:
        found = await ask("actito_scenarios_find", **BANK)
        assert found.data["total"] == 5 and "Of Prospects they could not be read" in found.text
        named = await ask("actito_scenarios_find", table="Prospects", **BANK)
        assert named.failed and "read_scenarios" in named.text


@pytest.mark.parametrize("era", ERAS)
async def test_a_start_names_recipients_rules_and_where(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        done = await ask(
            "actito_scenarios_run",
            scenario="welcome JOURNEY",
            profiles=[ADA, "100002", "100001", "424242"],
            parameters={"coupon": "SPRING", "sizes": [38, 39.5]},
            **BANK,
        )
        (question,) = ask.questions
        assert question.startswith("Start a scenario for 2 profiles in Actito (environment: sandbox)?")
        assert f"- {ADA} (scn_welcome_2026, id 100001)" in question
        assert "- 100002, b***@example.com (scn_welcome_2026):" in question, "the number once"
        assert "scenario: Welcome journey; state: running; table: Customers" in question
        assert "parameter coupon: SPRING; parameter sizes: 38, 39.5" in question
        assert "Left alone: 424242 (the table has no such profile" in question
        assert "marketing messages heed opt-ins" in question and "generic Start block" in question
        assert question.count("Mind: ") == 1
        assert "Cannot be undone: no route takes a profile out" in question
        assert done.data["counts"] == {"done": 2, "refused": 1}
        assert [(each["name"], each["profileId"]) for each in sent(ask)] == [
            ("scn_welcome_2026", 100001),
            ("scn_welcome_2026", 100002),
        ]
        assert all(each["path"].rpartition("/")[2].isdigit() for each in request_log(ask.sandbox, "triggerScenario"))


@pytest.mark.parametrize("era", ERAS)
async def test_no_starts_nothing(assistant: Any, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        answer = await ask("actito_scenarios_run", scenario="scn_welcome_2026", profiles=[ADA], **BANK)
        assert answer.data["status"] == "declined" and sent(ask) == []


async def test_one_that_does_not_run_or_is_no_start_is_refused(assistant: Any) -> None:
    async with assistant() as ask:
        draft = await ask("actito_scenarios_run", scenario="scn_card_activation", profiles=["100003"], **BANK)
        assert "does not say that it is running" in ask.questions[0] and "state: draft" in ask.questions[0]
        assert max(map(len, ask.questions[0].splitlines())) < 400 and "\nAssistant:" not in ask.questions[0]
        assert draft.result["status"] == "refused" and "is DRAFT" in draft.text
        other = await ask("actito_scenarios_run", scenario="Birthday", profiles=["100003"], **BANK)
        assert "does not say that it is running" not in ask.questions[1]
        assert other.result["status"] == "refused" and "generic Start" in other.result["reason"]
        assert sent(ask) == []


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_a_lost_answer_is_never_repeated(assistant: Any, request_log: Log, kind: str) -> None:
    async with assistant(faults=[{"kind": kind, "method": "POST", "path": TRIGGER, "times": 1}]) as ask:
        answer = await ask("actito_scenarios_run", scenario="scn_welcome_2026", profiles=[ADA, "100002"], **BANK)
        assert answer.data["status"] == "unknown" and "before anyone starts it again" in answer.text
        assert answer.data["counts"] == {"unknown": 1, "refused": 1} and "not tried" in answer.text
        assert len(request_log(ask.sandbox, "triggerScenario")) == 1
        assert len(sent(ask)) == (1 if kind == "drop_after" else 0)


async def test_trouble_of_one_profile_does_not_hold_up_the_others(assistant: Any) -> None:
    odd = {"kind": "status", "method": "POST", "path": "*/profile/100001", "status": 400}
    away = {"kind": "status", "method": "POST", "path": "*/profile/100002", "status": 403}
    async with assistant(faults=[odd, away]) as ask:
        people = ["100001", "100003", "100002", "100004"]
        answer = await ask("actito_scenarios_run", scenario="scn_welcome_2026", profiles=people, **BANK)
        assert answer.data["counts"] == {"done": 1, "refused": 3} and "not tried" in answer.text
        assert [each["profileId"] for each in sent(ask)] == [100003]


async def test_names_that_nothing_or_several_have(assistant: Any) -> None:
    async with assistant() as ask:
        near = await ask("actito_scenarios_run", scenario="welcom", profiles=[ADA], **BANK)
        assert near.code == "not_found" and "scn_welcome_2026 (Welcome journey, Customers, running)" in near.text
        other = await ask(
            "actito_scenarios_run", scenario="scn_welcome_2026", profiles=[ADA], table="Prospects", **BANK
        )
        assert other.code == "not_found" and "actito_scenarios_find" in other.text
        for odd in ({"coupon": {}}, {"": "x"}, {"coupon": []}, {"coupon": [None]}):
            wrong = await ask("actito_scenarios_run", scenario="x", profiles=[ADA], parameters=odd, **BANK)
            assert wrong.code == "bad_argument" and "parameter" in wrong.text
        many = await ask("actito_scenarios_run", scenario="Birthday", profiles=[str(n) for n in range(51)], **BANK)
        assert many.code == "bad_argument" and "one call takes 50" in many.text
        assert not ask.questions and sent(ask) == []
