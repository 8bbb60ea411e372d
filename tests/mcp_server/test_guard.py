"""What the guard lets through, and what it does not."""

from __future__ import annotations

import ast
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest
from mcp import Client, MCPError
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, ElicitResult, InputRequiredResult

import mcp_server
import tools
import upstream
from mcp_server.job import Job, Rules, needs_a_yes
from mcp_server.sdk import SEALING_KEY, SharedKeyCodec
from mcp_server.settings import SettingsError, load
from tools.call import Call
from tools.campaign.offer_changes import offers_delete, offers_retire
from tools.change import Change, Plan
from upstream.actito.profile import as_v4
from upstream.approval import Approval, mint
from upstream.errors import ApprovalMissing, UpstreamError
from upstream.parts import Upload
from upstream.request import GUARDED, Request, Risk
from upstream.routes import routes

pytestmark = pytest.mark.anyio

Text = Callable[[CallToolResult], str]
LEGACY = "2025-11-25"
ERAS = ("2026-07-28", LEGACY)
ONE = {"offers": ["5006"]}
MANY = 51
OTHER = {"UNICA__AUTH": "manager", "UNICA__USERNAME": "analyst", "UNICA__PASSWORD": "analyst-pass"}
TWIN = {"template": "Loyalty points", "names": ["Gold card 3% cashback, Spring 2026"]}
"""An ordinary write that asks, because an offer of this name exists already."""
AGAIN = {"copy_of": ["5006"]}
"""A write that looks the same after it was done, and can be done again; it asks where the operator says so."""
ASKS = {"CONFIRM_ALSO": "offers_create"}


def rows(world: Any, table: str, columns: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
        return database.execute(f"SELECT {columns} FROM campaign_mcp_{table}").fetchall()


async def active(client: Client, count: int) -> list[str]:
    """Ids of offers that are not retired."""
    found = await client.call_tool("offers_find", {"retired": "no", "limit": 200, "fields": ["name"]})
    assert found.structured_content is not None
    return [str(each["id"]) for each in found.structured_content["items"][:count]]


# codes


async def test_a_code_is_refused_unless_it_is_this_one_for_this(world: Any, text_of: Text) -> None:
    async with world.connected() as client:

        async def retire(confirm: str = "", *offers: str, tool: str = "offers_retire") -> Any:
            answer = await client.call_tool(tool, {"offers": list(offers or ("5006",)), "confirm": confirm})
            assert not answer.is_error
            return answer.structured_content

        code = (await retire())["code"]
        wrong = await retire("2222-2222")
        assert wrong["status"] == "needs_approval" and wrong["code"] not in ("2222-2222", code)
        assert wrong["message"].startswith("The code is not the one that was issued. Not done yet: Retire 1 offer")
        assert (await retire(code, "5007"))["status"] == "void", "other arguments"
        assert (await retire(code, "5006", "5007"))["status"] == "void", "more than was shown"
        assert (await retire(code, tool="offers_delete"))["status"] == "void", "another tool"
        assert world.writes() == []
        assert (await retire(code.lower().replace("-", " ")))["status"] == "done"
        again = await retire(code)
        assert again["status"] == "done" and again["counts"] == {"already": 1}
        assert (await retire(code, "5007"))["status"] == "void", "reused"
    assert world.writes() == ["retireOffers"]
    assert rows(world, "consumed", "channel, tool, number") == [("code", "offers_retire", 0)]
    ((targets, counts),) = rows(world, "intent", "targets, counts")
    assert targets == '["offer:5006"]' and counts == '{"done": 1}'


async def test_a_code_that_is_used_again_for_something_that_could_be_done_twice(world: Any) -> None:
    async with world.connected(**ASKS) as client:
        code = (await client.call_tool("offers_create", AGAIN)).structured_content["code"]
        first = await client.call_tool("offers_create", {**AGAIN, "confirm": code})
        assert first.structured_content["status"] == "done"
        again = await client.call_tool("offers_create", {**AGAIN, "confirm": code})
        assert again.structured_content["status"] == "void" and again.structured_content["code"] != code
    assert len(world.writes()) == 1


async def test_an_old_code_is_refused(world: Any) -> None:
    async with world.connected() as client:
        code = (await client.call_tool("offers_retire", ONE)).structured_content["code"]
        with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
            database.execute("UPDATE campaign_mcp_code SET expires_at = expires_at - 600")
        answer = (await client.call_tool("offers_retire", {**ONE, "confirm": code})).structured_content
    assert answer["status"] == "void" and answer["message"].startswith("The code is too old.")
    assert world.writes() == []


async def test_a_code_outlives_the_server_and_serves_another_process(world: Any) -> None:
    async with world.connected() as client:
        first = (await client.call_tool("offers_retire", ONE)).structured_content["code"]
        second = (await client.call_tool("offers_retire", {"offers": ["5007"]})).structured_content["code"]
    async with world.connected() as client:
        answer = await client.call_tool("offers_retire", {**ONE, "confirm": first})
        assert answer.structured_content["status"] == "done", "after a restart"
    async with world.connected(transport="stdio") as client:
        answer = await client.call_tool("offers_retire", {"offers": ["5007"], "confirm": second})
        assert answer.structured_content["status"] == "done", "in another process"
    assert world.writes() == ["retireOffers", "retireOffers"]


async def test_a_code_of_one_environment_is_none_in_another(world: Any) -> None:
    async with world.connected(ENVIRONMENT="test") as client:
        code = (await client.call_tool("offers_retire", ONE)).structured_content["code"]
    async with world.connected(ENVIRONMENT="") as client:
        answer = await client.call_tool("offers_retire", {**ONE, "confirm": code})
        assert answer.structured_content["status"] == "void"
    async with world.connected(ENVIRONMENT="test", **OTHER) as client:
        answer = await client.call_tool("offers_retire", {**ONE, "confirm": code})
        assert answer.structured_content["status"] == "void", "another account"
    assert world.writes() == []


# policy


async def test_policy_block_refuses_and_says_so(world: Any, person: Any, text_of: Text) -> None:
    somebody = person()
    async with world.connected(somebody, UNICA__POLICY="block") as client:
        answer = await client.call_tool("offers_retire", ONE)
        assert answer.structured_content["status"] == "refused"
        assert "CAMPAIGN_MCP_UNICA__POLICY=block" in text_of(answer)
        shown = await client.call_tool("offers_retire", {**ONE, "dry_run": True})
        assert shown.structured_content["status"] == "preview" and "blocks such changes" in text_of(shown)
        created = await client.call_tool("offers_create", {"template": "Loyalty points", "names": ["Nobody has this"]})
        assert created.structured_content["status"] == "done", "an ordinary write is not blocked"
    assert somebody.questions == [] and world.writes() == ["createOffers"]


async def test_policy_allow_asks_nobody_but_records_what_it_did(world: Any, person: Any) -> None:
    somebody = person()
    async with world.connected(somebody, UNICA__POLICY="allow", ENVIRONMENT="test") as client:
        answer = await client.call_tool("offers_retire", ONE)
        assert answer.structured_content["status"] == "done"
        await client.call_tool("offers_create", TWIN)
    assert len(somebody.questions) == 1, "a twin is no matter of the policy"
    assert world.writes() == ["retireOffers", "createOffers"]
    assert rows(world, "intent", "tool, counts")[0] == ("offers_retire", '{"done": 1}')


@pytest.mark.parametrize("environment", ["", "production", "live", "Sandbox-2"])
async def test_an_environment_that_is_not_known_is_production(world: Any, person: Any, environment: str) -> None:
    somebody = person("decline")
    async with world.connected(somebody, ENVIRONMENT=environment) as client:
        await client.call_tool("offers_retire", ONE)
    assert f"(environment: {environment or 'production'})" in somebody.questions[0]
    with pytest.raises(SettingsError, match="production"):
        load({**world.environ, "CAMPAIGN_MCP_ENVIRONMENT": environment, "CAMPAIGN_MCP_UNICA__POLICY": "allow"})


async def test_the_operator_can_add_tools_that_ask(world: Any, person: Any) -> None:
    somebody = person("decline")
    wish = {"template": "Loyalty points", "names": ["Nobody has this"]}
    async with world.connected(somebody, CONFIRM_ALSO="offers_create", UNICA__POLICY="allow") as client:
        answer = await client.call_tool("offers_create", wish)
        assert answer.structured_content["status"] == "declined"
        assert (await client.call_tool("offers_retire", ONE)).structured_content["status"] == "done"
    assert len(somebody.questions) == 1 and "Create 1 offer" in somebody.questions[0]
    assert world.writes() == ["retireOffers"]


@pytest.mark.parametrize("flag", ["READ_ONLY", "NO_DELETE"])
async def test_what_the_server_must_not_do_is_refused_when_called(world: Any, person: Any, flag: str) -> None:
    somebody = person()
    async with world.connected(somebody, **{flag: "true"}) as client:
        names = [each.name for each in (await client.list_tools()).tools]
        assert "offers_retire" not in names and "offers_find" in names
        answer = await client.call_tool("offers_retire", {**ONE, "confirm": "K7TM-4QXR"})
    assert answer.is_error and answer.structured_content["error"]["code"] == "unknown_tool"
    assert somebody.questions == [] and world.writes() == []


# what changes between the question and the answer


def _meanwhile(world: Any, tool: str, arguments: dict[str, Any]) -> Callable[[], Any]:
    """Somebody else, with another account and without a guard, does something while a person thinks."""

    async def act() -> None:
        async with world.connected(**OTHER, UNICA__POLICY="allow") as client:
            answer = await client.call_tool(tool, arguments)
            assert answer.structured_content["status"] == "done", answer.structured_content

    return act


@pytest.mark.parametrize("era", ERAS)
async def test_an_object_that_changed_as_shown_voids_the_approval(world: Any, person: Any, era: str) -> None:
    act = _meanwhile(world, "offers_retire", ONE)

    async def once() -> str:
        if len(somebody.questions) > 1:
            return "decline"
        await act()
        return "accept"

    somebody = person(once)
    async with world.connected(somebody, era=era) as client:
        answer = await client.call_tool("offers_delete", {"offers": ["5006"]})
    if era == LEGACY:
        assert answer.structured_content["status"] == "void" and len(somebody.questions) == 1
    else:
        # The answer came with a call of its own, which shows how things are now.
        first, second = somebody.questions
        assert first != second and "retired: yes" in second
    assert world.writes() == ["retireOffers"], "only the other person's"


async def test_an_object_that_changed_as_shown_voids_the_code(world: Any) -> None:
    async with world.connected() as client:
        code = (await client.call_tool("offers_delete", ONE)).structured_content["code"]
        await _meanwhile(world, "offers_retire", ONE)()
        answer = (await client.call_tool("offers_delete", {**ONE, "confirm": code})).structured_content
    assert answer["status"] == "void" and answer["code"] != code and "retired: yes" in answer["preview"]
    assert world.writes() == ["retireOffers"]


@pytest.mark.parametrize("era", ERAS)
async def test_objects_that_went_meanwhile_void_the_approval(world: Any, person: Any, era: str) -> None:
    act = _meanwhile(world, "offers_delete", ONE)

    async def once() -> None:
        if len(somebody.questions) == 1:
            await act()

    somebody = person(once)
    async with world.connected(somebody, era=era) as client:
        answer = await client.call_tool("offers_delete", {"offers": ["5006", "5007"]})
    data = answer.structured_content
    if era == LEGACY:
        assert data["status"] == "void" and world.writes() == ["deleteOffers"]
    else:
        assert "Left alone: 5006" in somebody.questions[1], "asked again about what is left"
        assert data["status"] == "done" and data["counts"] == {"done": 1, "already": 1}


async def test_half_of_the_objects_are_already_gone(world: Any, person: Any, text_of: Text) -> None:
    somebody = person()
    async with world.connected(somebody) as client:
        answer = await client.call_tool("offers_delete", {"offers": ["5006", "999998", "5007", "999999"]})
        assert answer.structured_content["status"] == "done"
        assert answer.structured_content["counts"] == {"done": 2, "already": 2}
        assert somebody.questions[0].startswith("Delete 2 offers in ")
        assert "Left alone: 999999 (no offer has this id)" in somebody.questions[0]
        retired = await client.call_tool("offers_retire", {"offers": ["999998", "5008"]})
        assert retired.structured_content["counts"] == {"done": 1, "refused": 1}
        nothing = await client.call_tool("offers_retire", {"offers": ["5008"]})
        assert nothing.structured_content["status"] == "done" and "Nothing is left to do." in text_of(nothing)
    assert len(somebody.questions) == 2


@pytest.mark.parametrize("era", ERAS)
async def test_a_field_that_was_not_shown_may_change_and_is_not_overwritten(world: Any, person: Any, era: str) -> None:
    somebody = person(_meanwhile(world, "campaigns_save", {"campaign": "2025", "objectives": "Said meanwhile"}))
    wish = {"campaign": "2025", "description": "Said by us"}
    async with world.connected(somebody, era=era, CONFIRM_ALSO="campaigns_save") as client:
        answer = await client.call_tool("campaigns_save", wish)
        assert answer.structured_content["status"] == "done" and len(somebody.questions) == 1
        now = await client.call_tool("campaigns_find", {"campaigns": ["2025"], "fields": ["all"]})
    (campaign,) = now.structured_content["items"]
    assert campaign["description"] == "Said by us" and campaign["objectives"] == "Said meanwhile"


# replays and races


async def _question(client: Client, arguments: dict[str, Any], tool: str = "offers_retire") -> InputRequiredResult:
    asked = await client.session.call_tool(tool, arguments, allow_input_required=True)
    assert isinstance(asked, InputRequiredResult)
    return asked


async def _answer(
    client: Client, asked: InputRequiredResult, arguments: dict[str, Any], tool: str = "offers_retire"
) -> Any:
    assert asked.input_requests is not None
    yes = {key: ElicitResult(action="accept", content={"confirm": True}) for key in asked.input_requests}
    return await client.session.call_tool(
        tool, arguments, input_responses=yes, request_state=asked.request_state, allow_input_required=True
    )


async def test_a_replayed_answer_runs_once_and_is_asked_again(world: Any, person: Any) -> None:
    async with world.connected(person(), **ASKS) as client:
        asked = await _question(client, AGAIN, "offers_create")
        first = await _answer(client, asked, AGAIN, "offers_create")
        assert first.structured_content["status"] == "done"
        second = await _answer(client, asked, AGAIN, "offers_create")
        assert isinstance(second, InputRequiredResult), "the same answer does not serve twice"
        assert second.input_requests != asked.input_requests
    assert len(world.writes()) == 1


async def test_an_answer_without_its_sealed_question_is_no_answer(world: Any, person: Any) -> None:
    async with world.connected(person()) as client:
        asked = await _question(client, ONE)
        unsealed = await _answer(client, asked.model_copy(update={"request_state": None}), ONE)
        assert isinstance(unsealed, InputRequiredResult)
        for state, wish in ((asked.request_state, {"offers": ["5007"]}), ("v1.forged", ONE)):
            with pytest.raises(Exception, match="Invalid or expired requestState"):
                await _answer(client, asked.model_copy(update={"request_state": state}), wish)
    assert world.writes() == []


async def test_a_sealed_question_outlives_the_server(world: Any, person: Any) -> None:
    async with world.connected(person()) as client:
        asked = await _question(client, ONE)
    async with world.connected(person()) as client:
        assert (await _answer(client, asked, ONE)).structured_content["status"] == "done"
    assert world.writes() == ["retireOffers"]


async def test_an_answer_to_a_question_that_is_too_old_asks_anew(world: Any, person: Any) -> None:
    application = world.application()
    async with world.connected(person(), application=application) as client:
        asked = await _question(client, ONE)
        codec = SharedKeyCodec(lambda: application.state.key_now(SEALING_KEY))
        claims = json.loads(codec.unseal(asked.request_state or ""))
        old = codec.seal(json.dumps({**claims, "exp": claims["exp"] - 600}).encode())
        late = asked.model_copy(update={"request_state": old})
        anew = await _answer(client, late, ONE)
        assert isinstance(anew, InputRequiredResult) and anew.input_requests == asked.input_requests
        assert world.writes() == [], "a late yes is no yes"
        with pytest.raises(MCPError, match="Invalid or expired requestState"):
            await _answer(client, late, {"offers": ["5007"]})
        assert (await _answer(client, anew, ONE)).structured_content["status"] == "done"
    assert world.writes() == ["retireOffers"]


def _hold(world: Any) -> sqlite3.Connection:
    """Keep the state database from being written until the lock is closed."""
    lock = sqlite3.connect(world.folder / "state.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    return lock


async def _waiting(callers: int) -> None:
    """Until so many wait for the state database, each in a thread of its own."""
    threads = anyio.to_thread.current_default_thread_limiter()
    while threads.borrowed_tokens < callers:
        await anyio.lowlevel.checkpoint()


async def test_two_identical_answers_at_once_run_once(world: Any, person: Any) -> None:
    answers: list[Any] = []

    async def answer(client: Client, asked: InputRequiredResult) -> None:
        answers.append(await _answer(client, asked, AGAIN, "offers_create"))

    async with world.connected(person(), **ASKS) as one, world.connected(person(), **ASKS) as two:
        assert (await one.call_tool("offers_create", AGAIN)).structured_content["status"] == "done", "it shows forms"
        await _question(two, AGAIN, "offers_create")
        asked = await _question(one, AGAIN, "offers_create")
        lock = _hold(world)
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                for client in (one, two, one, two):
                    tasks.start_soon(answer, client, asked)
                await _waiting(4)
                lock.close()
    ended = [each for each in answers if not isinstance(each, InputRequiredResult)]
    statuses = [each.structured_content["status"] for each in ended]
    assert statuses.count("done") == 1 and set(statuses) <= {"done", "void"}, "the others are void or asked again"
    assert len(world.writes()) == 2


async def test_two_people_who_agree_to_the_same_at_once_in_the_older_era(world: Any, person: Any) -> None:
    both = anyio.Event()
    locks: list[sqlite3.Connection] = []
    statuses: list[str] = []
    somebody, other = person(), person()

    async def together() -> None:
        if somebody.questions and other.questions:
            locks.append(_hold(world))
            both.set()
        await both.wait()

    async def copy(client: Client) -> None:
        answer = await client.call_tool("offers_create", AGAIN)
        statuses.append((answer.structured_content or {})["status"])

    somebody.reply = other.reply = together
    with anyio.fail_after(20):
        async with (
            world.connected(somebody, era=LEGACY, **ASKS) as one,
            world.connected(other, era=LEGACY, **ASKS) as two,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(copy, one)
            tasks.start_soon(copy, two)
            await both.wait()
            await _waiting(2)
            locks[0].close()
    assert sorted(statuses) == ["done", "void"]
    assert len(world.writes()) == 1


async def test_a_reference_is_bound_to_everything_that_it_stands_for(world: Any) -> None:
    application = world.application()
    call = Call(application.sessions.session("unica"), "sandbox", ZoneInfo("UTC"))
    rules = Rules("confirm", production=True)
    job = Job(offers_retire, {"offers": ["5006"]}, call, Context(), rules)
    change = Change("unica", "offer", "retire", "Gold", "5006", risk=Risk.DESTRUCTIVE, before={"retired": False})
    guard, plan = application._guard, Plan([change])
    first = await guard.bind(job, plan)
    assert first == await guard.bind(job, plan)
    others = [
        (replace(job, tool=offers_delete), plan),
        (replace(job, arguments={"offers": ["5007"]}), plan),
        (replace(job, call=replace(call, environment="production")), plan),
        (job, Plan([replace(change, id="5007")])),
        (job, Plan([replace(change, name="Silver")])),
        (job, Plan([replace(change, verb="delete")])),
        (job, Plan([replace(change, before={"retired": True})])),
        (job, Plan([replace(change, after={"retired": True})])),
        (job, Plan([change, replace(change, id="5007")])),
    ]
    references = [(await guard.bind(*other)).reference for other in others]
    await application.state.approvals.consume(first.key, first.number, channel="code", tool="x", reference="x")
    references.append((await guard.bind(job, plan)).reference)
    assert len({first.reference, *references}) == len(others) + 2
    await application.close()


def test_the_policy_allow_counts_for_nothing_in_production(world: Any) -> None:
    job = Job(offers_retire, {}, None, None, Rules("allow", production=True))  # type: ignore[arg-type]  # not used
    guarded = Plan([Change("unica", "offer", "retire", "Gold", "5006", risk=Risk.DESTRUCTIVE)])
    assert needs_a_yes(job, guarded)
    assert not needs_a_yes(replace(job, rules=Rules("allow", production=False)), guarded)


# many objects


@pytest.mark.parametrize("era", ERAS)
async def test_for_more_than_fifty_objects_the_number_is_typed(world: Any, person: Any, era: str) -> None:
    somebody = person()
    async with world.connected(somebody, era=era) as client:
        offers = {"offers": await active(client, MANY)}
        for typed in (0, MANY - 1, MANY + 1):
            somebody.count = typed
            answer = await client.call_tool("offers_retire", offers)
            assert answer.structured_content["status"] == "declined" and world.writes() == []
        for odd in (str(MANY), f"{MANY // 10}_{MANY % 10}", True):
            somebody.reply = ElicitResult(action="accept", content={"count": odd})
            answer = await client.call_tool("offers_retire", offers)
            assert answer.structured_content["status"] == "declined" and world.writes() == [], odd
        somebody.reply, somebody.count = "accept", MANY
        answer = await client.call_tool("offers_retire", offers)
        assert answer.structured_content["counts"] == {"done": MANY}
    assert f"Retire {MANY} offers" in somebody.questions[0] and "more" in somebody.questions[0]


async def test_for_more_than_fifty_objects_the_number_comes_with_the_code(world: Any) -> None:
    async with world.connected() as client:
        offers = {"offers": await active(client, MANY)}
        code = (await client.call_tool("offers_retire", offers)).structured_content["code"]
        for confirm in (code, f"{code} {MANY - 1}", f"2222-2222 {MANY}"):
            answer = await client.call_tool("offers_retire", {**offers, "confirm": confirm})
            assert answer.structured_content["status"] == "needs_approval" and world.writes() == []
        answer = await client.call_tool("offers_retire", {**offers, "confirm": f"{code} {MANY}"})
        assert answer.structured_content["counts"] == {"done": MANY}


# when things break


async def test_without_the_state_database_reads_go_on_and_guarded_calls_are_refused(
    world: Any, person: Any, text_of: Text
) -> None:
    away = {"STATE_URL": f"sqlite:///{world.folder}"}
    for somebody in (person(), None):
        async with world.connected(somebody, **away) as client:
            assert not (await client.call_tool("offers_find", {"search": "gold"})).is_error
            answer = await client.call_tool("offers_retire", ONE)
            assert answer.structured_content["status"] == "refused"
            assert "CAMPAIGN_MCP_STATE_URL" in text_of(answer) and "Reading goes on" in text_of(answer)
            shown = await client.call_tool("offers_retire", {**ONE, "dry_run": True})
            assert shown.structured_content["status"] == "preview"
    async with world.connected(UNICA__POLICY="allow", **away) as client:
        assert (await client.call_tool("offers_retire", ONE)).structured_content["status"] == "refused"
    assert world.writes() == []


@pytest.mark.parametrize("era", ERAS)
async def test_a_state_database_that_goes_away_while_a_person_thinks_fails_closed(
    world: Any, person: Any, era: str
) -> None:
    async def breaks() -> None:
        with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
            database.execute("DROP TABLE campaign_mcp_consumed")

    async with world.connected(person(breaks), era=era) as client:
        answer = await client.call_tool("offers_retire", ONE)
    assert answer.structured_content["status"] == "refused"
    assert world.writes() == []


@pytest.mark.parametrize("era", ERAS)
async def test_an_answer_lost_after_the_write_is_unknown_and_not_repeated(
    world: Any, person: Any, text_of: Text, era: str
) -> None:
    async with world.connected(person(), era=era) as client:
        world.switch(faults=[{"kind": "drop_after", "method": "POST", "path": "/v1/offers"}])
        answer = await client.call_tool("offers_create", TWIN)
        assert answer.structured_content["status"] == "unknown" and "before you try again" in text_of(answer)
        assert world.writes() == ["createOffers"]
        world.switch(faults=[{"kind": "drop_after", "method": "POST", "path": "/v1/offers/retire"}])
        answer = await client.call_tool("offers_retire", ONE)
        assert "lost" in text_of(answer), "what an id names can be looked at again, which the tool did"
    assert world.writes() == ["createOffers", "retireOffers"]
    assert rows(world, "intent", "counts")[0] == ('{"unknown": 1}',)


@pytest.mark.parametrize("era", ERAS)
async def test_a_call_cancelled_while_it_writes_ends_its_write_and_records_it(
    world: Any, person: Any, era: str
) -> None:
    async with world.connected(person(), era=era) as client:
        world.switch(faults=[{"kind": "delay", "method": "POST", "path": "/v1/offers/retire", "seconds": 0.5}])
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, "offers_retire", ONE)
            await until(lambda: world.writes() == ["retireOffers"])
            assert rows(world, "intent", "counts") == [(None,)], "cancelled while it was under way"
            tasks.cancel_scope.cancel()
        await until(lambda: rows(world, "intent", "counts") == [('{"done": 1}',)])
        retired = await client.call_tool("offers_find", {"offers": ["5006"], "fields": ["retired"]})
        assert retired.structured_content["items"][0]["retired"] is True
    assert world.writes() == ["retireOffers"]


async def until(so: Callable[[], bool]) -> None:
    """Wait for something that happens outside of this event loop."""
    with anyio.fail_after(10):
        while not await anyio.to_thread.run_sync(so):
            await anyio.lowlevel.checkpoint()


async def test_looking_and_declining_never_write(world: Any, person: Any, text_of: Text) -> None:
    wishes = (
        ("offers_retire", ONE),
        ("offers_delete", ONE),
        ("offers_create", {"template": "Loyalty points", "names": ["A"]}),
    )
    async with world.connected(person("decline")) as client:
        for tool, wish in wishes:
            shown = await client.call_tool(tool, {**wish, "dry_run": True, "confirm": "K7TM-4QXR"})
            assert shown.structured_content["status"] == "preview" and "nothing was done" in text_of(shown)
            assert shown.structured_content["total"] == 1 and len(shown.structured_content["changes"]) == 1
        for tool, wish in wishes[:2]:
            assert (await client.call_tool(tool, wish)).structured_content["status"] == "declined"
    assert world.writes() == []


# the door itself


CONTACT = {"profile": {"attributes": [{"name": "mail", "value": "a"}]}}
HOOK = {
    "on": "PROFILE_TABLE",
    "onElementId": "16",
    "eventType": "UPDATE",
    "targetUrl": "https://hooks.example.org",
    "isActive": True,
}
CASES: dict[str, list[dict[str, Any]]] = {
    "UpdateOfferList": [{"clear_existing": True}, {"is_smart_list": True}],
    "ChangeProjectState": [{"change": {"action": action}} for action in ("START", "RESUME", "CANCEL", "FINISH")],
    "UpdateRecurrence": [{"recurrence": {"is_recurring": on}} for on in (True, False)],
    "CreateProfileTable": [{"table": {"name": "Club"}}],
    "CreateCustomTable": [{"table": {"name": "Visits"}}],
    "UpsertProfile": [{"body": {"key": {"mail": "a"}, "subscriptions": {"News": True}}}],
    "CreateProfile": [{"body": {"key": {"mail": "a"}, "segmentations": {"Vip": True}}}],
    "PatchProfile": [{"body": {"subscriptions": {"News": False}}}],
    "CreateOrUpdateProfileV4": [{"body": as_v4({"mail": "a"}, {"News": True})}],
    "UpdateProfileV4": [{"body": as_v4({}, {}, {"Vip": True})}],
    "CreateEtl": [{"etl": {"name": "Orders"}}, {"etl": {"name": "Orders", "active": True}}],
    "TriggerEmailForProfile": [{"parameters": []}],
    "TriggerScenario": [{"parameters": []}],
    "SendTransactionalEmail": [{"contact": CONTACT}],
    "SendTransactionalEmailWithAttachment": [{"contact": CONTACT}],
    "CreateWebhook": [{"webhook": HOOK}],
    "UpdateWebhook": [{"webhook": HOOK}],
}
"""What makes a request of a route guarded, or what it needs besides ids and names."""


def _guarded() -> list[Request[Any]]:
    """Requests of each route that can be of guarded risk, in the cases in which it is."""
    made = []
    for route in routes():
        if route.worst not in GUARDED:
            continue
        for case in CASES.get(route.request.__name__, [{}]):
            values: dict[str, Any] = {**route.choice, **case}
            for name, field in route.request.model_fields.items():
                if field.is_required() and name not in values:
                    values[name] = _value(str(field.annotation))
            made.append(route.request.model_validate(values))
    return made


def _value(kind: str) -> Any:
    if "Upload" in kind:
        return Upload("orders.zip", b"PK", "application/zip")
    return [7] if "list" in kind else 7 if "int" in kind else {"a": 1} if "dict" in kind else "x"


@pytest.mark.parametrize("request_", _guarded(), ids=lambda each: each.operation_id)
async def test_a_guarded_request_does_not_leave_without_an_approval_for_it(world: Any, request_: Any) -> None:
    assert request_.risk in GUARDED and request_.target_ids()
    application = world.application()
    session = application.sessions.session(type(request_).api.name.partition("-")[0])
    key, operation, targets = application._key, frozenset({request_.operation_id}), request_.target_ids()
    risks = frozenset({request_.risk})
    right = mint(key, "R", operation, targets, risks)
    wrong = {
        "none": None,
        "forged": mint(b"another key", "R", operation, targets, risks),
        "widened": Approval(
            "R", operation, targets, risks, mint(key, "R", operation, frozenset({"offer:1"}), risks).seal
        ),
        "renamed": Approval("other", operation, targets, risks, right.seal),
        "other objects": mint(key, "R", operation, frozenset({"offer:1", "campaign:1"}), risks),
        "fewer objects": mint(key, "R", operation, frozenset(), risks),
        "another operation": mint(key, "R", frozenset({"createOffers"}), targets, risks),
        "the same of every kind": mint(key, "R", frozenset({type(request_).operation}) - operation, targets, risks),
        "another risk": mint(key, "R", operation, targets, GUARDED - risks),
    }
    for case, approval in wrong.items():
        with pytest.raises(ApprovalMissing):
            await session.send(request_, approval=approval)
        assert world.log() == [], case
    try:
        await session.send(request_, approval=right)
    except UpstreamError as error:
        assert not isinstance(error, ApprovalMissing), "the right one opens the door"
    await application.close()


def test_there_are_guarded_routes_to_try() -> None:
    tried = {each.operation_id for each in _guarded()}
    assert {"retireOffers", "deleteCampaigns", "deleteOffers", "updateOfferList"} <= tried
    assert {"deleteFormFolder", "changeSimpleListState", "runOnDemandCampaignWorkflowRow"} <= tried
    assert {"deleteProfile", "subscribeProfileV4", "sendTransactionalEmail", "createWebhook"} <= tried
    assert tried == {route.operation for route in routes() if route.worst in GUARDED}


def test_only_the_guard_mints_approvals() -> None:
    callers = set()
    for package in (mcp_server, tools, upstream):
        (folder,) = package.__path__
        for path in Path(folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "mint" in source or "Approval(" in source:
                names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(ast.parse(source))}
                made = {node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
                if "mint" in names or any(getattr(each, "id", "") == "Approval" for each in made):
                    callers.add(path.relative_to(Path(folder).parent).as_posix())
    assert callers == {"mcp_server/guard.py", "upstream/approval.py"}
