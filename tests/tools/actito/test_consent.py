"""Opt-ins and segments, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
ADA, BO = "ada.larkin@example.org", "bo.stone+bank@example.com"
MANY = [str(each) for each in range(101)]
BANK = {"entity": "MeridianBank", "table": "Customers"}
SINGLE = ("subscribeProfileV4", "unsubscribeProfileV4", "setProfileSegmentationV4", "removeProfileSegmentationV4")


def writes(log: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Method and path of what was changed."""
    return [(each["method"], each["path"]) for each in log if each["method"] not in ("GET", "HEAD")]


@pytest.mark.parametrize("era", ERAS)
async def test_opt_ins_are_shown_asked_for_and_looked_at_again(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        arguments = {"profiles": [ADA, "100002", "100001"], "opt_in": ["promotions"], "opt_out": ["Newsletter"], **BANK}
        done = await ask("actito_subscriptions_set", **arguments)
        (question,) = ask.questions
        assert question.startswith("Opt in 2 subscriptions and opt out 1 subscription in Actito (environment: sandbox)")
        assert f"- {ADA} (id 100001): Promotions: out → in" in question
        assert f"- {ADA} (id 100001): Newsletter: in → out" in question
        assert "- 100002, b***@example.com:" in question, "the number once"
        assert "Left alone: 100002, b***@example.com (Newsletter: out already)" in question
        assert "must have been given by the person" in question and "Scenarios that wait" in question
        assert done.data["counts"] == {"done": 3, "already": 1}, "a profile named in two ways counts once"
        assert all(ADA not in path and "%40" not in path for _, path in writes(request_log(ask.sandbox)))
        assert len(request_log(ask.sandbox, "subscribeProfileV4")) == 2
        assert request_log(ask.sandbox)[-1]["operation"] == "listProfileSubscriptionsV4"
        again = await ask("actito_subscriptions_set", **arguments)
        assert again.data["counts"] == {"already": 4} and len(ask.questions) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_no_is_no(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        asked = await ask("actito_subscriptions_set", profiles=[ADA], opt_out=["Newsletter"], **BANK)
        segment = await ask("actito_segments_set", profiles=[ADA], set={"Vip": False}, **BANK)
        assert asked.data["status"] == segment.data["status"] == "declined" and len(ask.questions) == 2
        assert not [each for name in SINGLE for each in request_log(ask.sandbox, name)]


@pytest.mark.parametrize("version", ["v4", "v5"])
async def test_both_versions_and_old_paths(assistant: Any, request_log: Log, version: str) -> None:
    async with assistant(ACTITO__API=version, actito_paths="old") as ask:
        opted = await ask("actito_subscriptions_set", profiles=[BO], opt_in=["Newsletter", "BranchEvents"], **BANK)
        put = await ask("actito_segments_set", profiles=[BO], set={"Vip": True, "LoyaltyLevel": "Gold"}, **BANK)
        assert set(opted.data["counts"]) == set(put.data["counts"]) == {"done"}
        sent = {each["operation"] for each in request_log(ask.sandbox) if each["method"] in ("POST", "PUT", "PATCH")}
        if version == "v4":
            assert sent == {"subscribeProfileV4", "setProfileSegmentationV4"}
        else:
            assert sent == {"patchProfile"}
            assert "Change the opt-ins of 1 profile" in ask.questions[0]
            assert "Newsletter: out → in; BranchEvents: out → in" in ask.questions[0]
        left = await ask("actito_segments_set", profiles=[BO], leave=["Vip", "LoyaltyLevel"], **BANK)
        if version == "v4":
            assert left.data["counts"] == {"done": 2}
        else:
            assert left.data["counts"] == {"done": 1, "refused": 1} and "no route is known here" in left.text


@pytest.mark.parametrize(("version", "operation"), [("auto", "patchProfile"), ("v4", "updateProfileV4")])
async def test_where_single_routes_are_missing_it_goes_with_the_profile(
    assistant: Any, request_log: Log, version: str, operation: str
) -> None:
    gone = [{"kind": "status", "path": f"*/subscription{rest}", "status": 404, "method": "*"} for rest in ("", "/*")]
    async with assistant(ACTITO__API=version, faults=gone) as ask:
        done = await ask("actito_subscriptions_set", profiles=[ADA], opt_out=["Newsletter"], **BANK)
        assert done.result["status"] == "done" and "Change the opt-ins of 1 profile" in ask.questions[0]
        assert len(request_log(ask.sandbox, operation)) == 1
        assert not request_log(ask.sandbox, "unsubscribeProfileV4"), "a write never tries whether a route is there"
        again = await ask("actito_subscriptions_set", profiles=[ADA], opt_out=["Newsletter"], **BANK)
        assert again.result["status"] == "already"


@pytest.mark.parametrize("era", ERAS)
async def test_segments_are_set_and_left(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        done = await ask(
            "actito_segments_set",
            profiles=["100001", "100003", "424242"],
            set={"loyaltylevel": "silver"},
            leave=["Vip"],
            **BANK,
        )
        (question,) = ask.questions
        assert question.startswith("Set 2 segments and leave 1 segment in Actito (environment: sandbox)")
        assert "LoyaltyLevel: Gold → Silver" in question and "Vip: yes → no" in question
        assert "Left alone: 424242 (the table has no such profile" in question
        assert done.data["counts"] == {"done": 3, "already": 1, "refused": 1}
        (first, _) = request_log(ask.sandbox, "setProfileSegmentationV4")
        assert first["path"].endswith("/profile/100001/segmentation/LoyaltyLevel;category=Silver")
        left = await ask("actito_segments_set", profiles=["100001"], leave=["LoyaltyLevel"], **BANK)
        assert "LoyaltyLevel: Silver → (empty)" in ask.questions[1] and left.result["status"] == "done"
        removed = [each["path"].rpartition("/")[2] for each in request_log(ask.sandbox, "removeProfileSegmentationV4")]
        assert removed == ["Vip", "LoyaltyLevel;category=Silver"]
        assert "IGNORE" not in question.upper() and "Stone" not in question, "no name of a person unasked"


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("subscriptions", {"opt_in": ["Promotion"]}, "not_found", "\nPromotions\n"),
    ("subscriptions", {"opt_in": ["Newsletter"], "opt_out": ["newsletter"]}, "bad_argument", "at once"),
    ("subscriptions", {}, "bad_argument", "opt_in"),
    ("subscriptions", {"opt_in": ["Newsletter"], "profiles": ["999"]}, "not_found", "no profile '999'"),
    ("subscriptions", {"opt_in": ["Newsletter"], "profiles": ["x"]}, "bad_argument", "names no profile"),
    ("subscriptions", {"opt_in": ["Newsletter"], "profiles": [" "]}, "bad_argument", "Name the profiles"),
    ("subscriptions", {"opt_in": ["Newsletter"], "profiles": MANY}, "bad_argument", "one call takes 100"),
    ("segments", {"set": {"LoyaltyLevel": "Gould"}}, "bad_argument", "\nGold\n"),
    ("segments", {"set": {"LoyaltyLevel": True}}, "bad_argument", "Bronze"),
    ("segments", {"set": {"LoyaltyLevel": ""}}, "bad_argument", "give it as leave"),
    ("segments", {"set": {"Vip": "Gold"}}, "bad_argument", "true or false"),
    ("segments", {"set": {"Vip": True}, "leave": ["vip"]}, "bad_argument", "at once"),
    ("segments", {"leave": ["LoyaltyLevels"]}, "not_found", "\nLoyaltyLevel\n"),
    ("segments", {}, "bad_argument", "leave="),
]


async def test_what_can_not_be_meant_is_told_before_any_change(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for tool, arguments, code, said in WRONG:
            answer = await ask(f"actito_{tool}_set", **{"profiles": ["100001"], **BANK, **arguments})
            assert answer.failed and answer.code == code and said in answer.text, answer.text
        assert not ask.questions and not writes(request_log(ask.sandbox))


@pytest.mark.parametrize(("kind", "status"), [("drop_after", "done"), ("drop_before", "unknown")])
async def test_a_lost_answer_is_looked_at(assistant: Any, request_log: Log, kind: str, status: str) -> None:
    lost = [{"kind": kind, "method": "DELETE", "path": "*/subscription/*", "times": 1}]
    async with assistant(faults=lost) as ask:
        answer = await ask("actito_subscriptions_set", profiles=[ADA], opt_out=["Newsletter"], **BANK)
        assert answer.result["status"] == status and "answer was lost" in answer.text


async def test_a_write_that_changes_nothing_is_found_out(assistant: Any, request_log: Log) -> None:
    idle = [{"kind": "empty", "method": "POST", "path": "*/subscription/*", "status": 200}]
    async with assistant(faults=idle) as ask:
        answer = await ask("actito_subscriptions_set", profiles=[BO], opt_in=["Newsletter"], **BANK)
        assert answer.result["status"] == "refused" and "shows another state" in answer.text


async def test_without_the_structure_it_works_unchecked(assistant: Any) -> None:
    unread = [{"kind": "status", "path": "/profile-table-structure/*", "status": 403}]
    async with assistant(faults=unread) as ask:
        done = await ask("actito_subscriptions_set", profiles=[ADA], opt_out=["Newsletter"], **BANK)
        assert done.result["status"] == "done" and "names were not checked" in ask.questions[0]
        moved = await ask("actito_segments_set", profiles=[ADA], set={"LoyaltyLevel": "Silver"}, leave=["Vip"], **BANK)
        assert moved.data["counts"] == {"done": 2}
        left = await ask("actito_segments_set", profiles=[ADA], leave=["LoyaltyLevel"], **BANK)
        assert "LoyaltyLevel: Silver" in ask.questions[2] and left.result["status"] == "done"
        wrong = await ask("actito_subscriptions_set", profiles=[ADA], opt_in=["Newsletters"], **BANK)
        assert wrong.result["status"] == "refused" and "Newsletters: not said → in" in ask.questions[3]


async def test_a_right_that_is_missing_and_hidden_is_thought_of(assistant: Any) -> None:
    async with assistant(ACTITO__API_KEY="sandbox-key-read", actito_mask_denied=True) as ask:
        denied = await ask("actito_subscriptions_set", profiles=[ADA], opt_out=["Newsletter"], **BANK)
        assert denied.result["status"] == "refused" and "right" in denied.text
