"""Custom actions of scenarios, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
ALL = {"TOOLSETS": "all", "ACTITO__ENTITY": "MeridianBank"}
WALLET, BRANCH = "700101", "700102"


async def test_actions_are_found_with_parameters_and_what_listens(assistant: Any) -> None:
    async with assistant(actito_paths="old", **ALL) as ask:
        found = await ask("actito_actions_find")
        assert [(each["name"], each["id"]) for each in found.items] == [
            ("UpdateWalletPass", WALLET),
            ("NotifyBranch", BRANCH),
        ]
        assert found.items[1]["parameters"] == ["branchCode: string", "urgent: boolean"]
        one = await ask("actito_actions_find", action="updatewalletpass")
        assert one.items[0]["webhooks"] == ["webhook 123789603 to hooks.example.org (triggered)"]
        assert "Which scenarios use it can't be read" in one.text
        assert (await ask("actito_actions_find", search="urgent")).items[0]["id"] == BRANCH
        odd = await ask("actito_actions_find", action=WALLET, search="urgent")
        assert odd.data["total"] == 0 and "do not fit: 1 of the 1" in odd.text
        near = await ask("actito_actions_find", action="NotifyBranches")
        assert near.code == "not_found" and "NotifyBranch\n" in near.text
        assert (await ask("actito_actions_find", entity="LarkDirect")).data["total"] == 0


async def test_a_new_action_says_what_it_needs_to_do_anything(assistant: Any, request_log: Log) -> None:
    async with assistant(**ALL) as ask:
        made = await ask("actito_actions_save", name="CallBack", parameters={"phone": "string", "urgent": "BOOLEAN"})
        assert made.result["status"] == "done" and "a webhook listens" in made.text and not ask.questions
        (row,) = (await ask("actito_actions_find", action=made.result["id"])).items
        assert row["name"] == "CallBack" and row["parameters"] == ["phone: string", "urgent: boolean"]
        twin = await ask("actito_actions_save", name="callback", dry_run=True)
        assert f"exists already: id {made.result['id']}" in twin.text
        odd = await ask("actito_actions_save", name="Odd", parameters={"a": "STRNG", "b": "date"}, dry_run=True)
        assert "look at the spelling: STRNG." in odd.text
        for arguments, said in (
            ({"parameters": {"x": "STRING"}}, "needs a name"),
            ({"name": "A", "parameters": {"a b": "STRING"}}, "can't be the name of a parameter"),
            ({"name": "A", "parameters": {"a": 5}}, "needs a type"),
            ({"name": "A", "clear": ["a"]}, "name it in action"),
            ({"action": "NotifyBranch", "clear": ["urgnt"]}, "urgent"),
        ):
            answer = await ask("actito_actions_save", **arguments)
            assert answer.code == "bad_argument" and said in answer.text, arguments
        assert len(request_log(ask.sandbox, "createCustomAction")) == 1


async def test_a_change_keeps_the_other_parameters_and_asks_where_it_breaks(assistant: Any, request_log: Log) -> None:
    async with assistant(**ALL) as ask:
        more = await ask("actito_actions_save", action="NotifyBranch", parameters={"note": "STRING"})
        assert more.result["status"] == "done" and not ask.questions and "Scenarios may use it" in more.text
        assert more.result["before"] == {"parameters": {"branchCode": "STRING", "urgent": "BOOLEAN"}}
        again = await ask("actito_actions_save", action=BRANCH, parameters={"note": "string"})
        assert again.result["status"] == "already" and len(request_log(ask.sandbox, "patchCustomAction")) == 1
        less = await ask("actito_actions_save", action=BRANCH, clear=["urgent"], name="TellBranch")
        assert less.result["status"] == "done"
        assert "scenarios may use it" in ask.questions[0] and "name: NotifyBranch → TellBranch" in ask.questions[0]
        (row,) = (await ask("actito_actions_find", action=BRANCH)).items
        assert row["name"] == "TellBranch" and row["parameters"] == ["branchCode: string", "note: string"]


@pytest.mark.parametrize(("kind", "status"), [("drop_after", "done"), ("drop_before", "unknown")])
async def test_a_creation_whose_answer_was_lost_is_looked_for(assistant: Any, kind: str, status: str) -> None:
    faults = [{"kind": kind, "method": "POST", "path": "*/custom-actions", "times": 1}]
    async with assistant(faults=faults, **ALL) as ask:
        lost = await ask("actito_actions_save", name="CallBack")
        assert lost.result["status"] == status and "answer was lost" in lost.text


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_actions_are_deleted_after_a_yes_that_saw_what_listens(assistant: Any, era: str) -> None:
    async with assistant(era=era, **ALL) as ask:
        done = await ask("actito_actions_delete", actions=["UpdateWalletPass", "77"])
        (question,) = ask.questions
        assert "Listens to it: UpdateWalletPass: webhook 123789603 to hooks.example.org (triggered)" in question
        assert "Scenarios may use them, which no route shows" in question and "Left alone: 77" in question
        assert done.data["counts"] == {"done": 1, "already": 1}
        assert [each["id"] for each in (await ask("actito_actions_find")).items] == [BRANCH]
        gone = await ask("actito_actions_delete", actions=[WALLET])
        assert gone.code == "not_found" and len(ask.questions) == 1


async def test_a_key_that_may_only_read_is_refused_before_anything_is_changed(assistant: Any) -> None:
    async with assistant(ACTITO__API_KEY="sandbox-key-read", **ALL) as ask:
        refused = await ask("actito_actions_delete", actions=[WALLET])
        assert "write_custom_actions" in refused.text
        assert (await ask("actito_actions_find")).data["total"] == 2
