"""What was about to be done is kept until it is settled, and names nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tools
from mcp_server.state import State
from mcp_server.state.intents import QUIET_SECONDS, Item, Whose

pytestmark = pytest.mark.anyio

Sql = Callable[[str], list[tuple[Any, ...]]]
HERE = Whose("sandbox", "unica", "an account")


async def begin(state: State, *targets: str, whose: Whose = HERE, reference: str = "AB12-CD34") -> str:
    items = [Item(target, f"name of {target}".replace("\0", "")) for target in targets]
    return await state.intents.begin(reference, "offers_retire", whose, items)


async def test_one_that_ends_well_leaves_its_counts_and_nothing_to_tell(state: State, sql: Sql) -> None:
    intent = await begin(state, "offer:12", "offer:\x00ü")
    ((targets, counts),) = sql("SELECT targets, counts FROM campaign_mcp_intent")
    assert json.loads(targets) == ["offer:12", "offer:ü"] and counts is None
    await state.intents.move(intent, [0], "sending")
    await state.intents.move(intent, [0], "answered")
    await state.intents.end(intent, {0: "done", 1: "refused"}, {"done": 1, "refused": 1}, whole=True)
    ((counts, ended),) = sql("SELECT counts, ended_at FROM campaign_mcp_intent")
    assert json.loads(counts) == {"done": 1, "refused": 1} and ended > 0
    assert await state.intents.unsettled() == [] and sql("SELECT * FROM campaign_mcp_intent_item") == []


async def test_one_that_never_ended_is_told_to_whoever_touches_its_objects(
    state: State, url: str, open_state: Callable[[str], State]
) -> None:
    intent = await begin(state, "offer:1", "offer:2", "offer:3")
    await state.intents.move(intent, [0], "answered")
    await state.intents.move(intent, [1], "sending")
    later = open_state(url)
    (found,) = await later.intents.touching(HERE, ["offer:2", "offer:99"])
    assert [item.state for item in found.items.values()] == ["answered", "sending", "planned"]
    assert found.items[1].target == "offer:2" and found.items[1].label == "name of offer:2"
    assert found.may_go_on, "another process may be at it"
    assert await later.intents.touching(HERE, ["offer:99"]) == []
    for other in (Whose("uat", "unica", "an account"), Whose("sandbox", "unica", "another account")):
        assert await later.intents.touching(other, ["offer:2"]) == []


async def test_one_that_has_not_moved_for_long_is_over(state: State, sql: Sql) -> None:
    await begin(state, "offer:1")
    sql(f"UPDATE campaign_mcp_intent_item SET changed_at = changed_at - {QUIET_SECONDS + 1}")
    (found,) = await state.intents.unsettled()
    assert not found.may_go_on


@pytest.mark.parametrize(("state_after", "whole"), [("unknown", True), ("done", False)])
async def test_a_doubt_or_an_early_end_stays_until_it_is_settled(state: State, state_after: Any, whole: bool) -> None:
    intent = await begin(state, "offer:1", "offer:2")
    await state.intents.end(intent, {0: state_after, 1: "not_begun"}, {}, whole=whole)
    (found,) = await state.intents.unsettled()
    assert not found.may_go_on and found.ended_at
    await state.intents.settle(HERE, ["offer:1"])
    (left,) = await state.intents.unsettled()
    assert [item.target for item in left.items.values()] == ["offer:2"], "the other one is still not begun"
    await state.intents.settle(Whose("uat", "unica", "an account"), ["offer:2"])
    assert await state.intents.unsettled() == [left]
    await state.intents.settle(HERE, ["offer:2"])
    assert await state.intents.unsettled() == []


async def test_what_was_done_is_not_kept_once_nothing_else_is_open(state: State) -> None:
    intent = await begin(state, "offer:1", "offer:2")
    await state.intents.end(intent, {0: "done", 1: "not_begun"}, {}, whole=False)
    await state.intents.settle(HERE, ["offer:2"])
    assert await state.intents.unsettled() == []


async def test_a_call_does_not_settle_its_own_doubts(state: State) -> None:
    intent = await begin(state, "offer:1")
    await state.intents.settle(HERE, ["offer:1"], but=intent)
    assert len(await state.intents.unsettled()) == 1


async def test_a_person_can_dismiss_it(state: State) -> None:
    intent = await begin(state, "offer:1", reference="")
    await begin(state, "offer:2")
    assert await state.intents.dismiss("nothing") == 0
    assert await state.intents.dismiss("AB12-CD34") == 1
    assert await state.intents.dismiss(intent[:8]) == 1
    assert await state.intents.unsettled() == []


async def test_it_names_nobody(state: State, sql: Sql) -> None:
    named = [
        "profile:MeridianBank/16/100001",
        "profile:MeridianBank/16/emailAddress=zoe/x@example.org",
        "record:MeridianBank/Leads/Zoe Larkin",
        "record:MeridianBank/Leads/+32470123456",
        "record:MeridianBank/CardPayments/PAY-2026-000001",
        "transactional_email:MeridianBank/210/55d52119b8c5d3aa",
        "profile:new:Zoe Larkin",
    ]
    await state.intents.begin("R", "actito_profiles_delete", HERE, [Item(each) for each in [*named, named[1]]])
    ((stored,),) = sql("SELECT targets FROM campaign_mcp_intent")
    kept = json.loads(stored)
    assert kept[0] == named[0] and kept[4] == named[4], "numbers and names of things are to be read"
    assert kept[1] == kept[7] and kept[1].startswith("profile:MeridianBank/16/(")
    everything = stored + str(sql("SELECT target, label FROM campaign_mcp_intent_item"))
    assert not any(
        each in everything for each in ("zoe", "Zoe", "example", "Larkin", "32470123456", "55d52119b8c5d3aa")
    )
    (found,) = await state.intents.touching(HERE, [named[6]])
    assert found.items[6].target == named[6], "whoever knows the name finds it again"


def test_tools_send_by_their_call_alone() -> None:
    """What goes round `Call.send` would leave without being recorded."""
    folder = Path(tools.__file__).parent
    sources = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    assert [name for name, text in sources.items() if "session.send(" in text] == ["call.py"]
