"""The account of an API key: renewal (S1, S2), sharing (S3-S5), wrong keys (S6), load (S9), secrets (S10)."""

from __future__ import annotations

import json
import logging
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcp_server.state import State
from sandbox import Sandbox
from upstream.actito.entities import ListEntities
from upstream.actito.messages import Contact, ContactProfile, SendTransactionalEmail
from upstream.actito.objects import NamedValue
from upstream.actito.profile import ProfileInput
from upstream.actito.profiles import SearchProfiles, UpsertProfile
from upstream.actito.token import AccessToken
from upstream.auth import ApiKey
from upstream.errors import LoginRefused, NotConfigured, Throttled, Unavailable, UpstreamError
from upstream.limits import Policy
from upstream.session import Access, Session, SessionManager
from upstream.styles import PathStyle
from upstream.tokens import MemoryTokenStore, TokenStore

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]
TOKEN = b'{"accessToken":"t-1","tokenType":"bearer","expiresIn":"900s"}'


async def many(session: Session, calls: int) -> list[UpstreamError]:
    caught: list[UpstreamError] = []

    async def call() -> None:
        try:
            await session.send(ListEntities())
        except UpstreamError as error:
            caught.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(calls):
            group.start_soon(call)
    return caught


def take_token(sandbox: Sandbox) -> None:
    """Another program trades the same key for a token."""
    request = urllib.request.Request(f"{sandbox.url}/actito/auth/token", headers={"Authorization": "sandbox-key"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        answer.read()


def upsert(number: int) -> UpsertProfile:
    key = {"emailAddress": f"ada{number}@example.org"}
    return UpsertProfile(
        entity="MeridianBank", profile_table_id="16", body=ProfileInput(key=key, attributes={**key, "lastName": "L"})
    )


# one token for all


async def test_many_calls_buy_one_token(sandbox: Sandbox, actito_of: Any, request_log: Log) -> None:
    assert await many(actito_of(sandbox).session("actito"), 20) == []
    assert len(request_log(sandbox, "getAccessToken")) == 1


async def test_two_processes_share_a_token_and_the_next_start_takes_it_over(
    sandbox: Sandbox, actito_of: Any, request_log: Log
) -> None:
    tokens = MemoryTokenStore()
    first, second = (actito_of(sandbox, tokens=tokens) for _ in range(2))
    async with anyio.create_task_group() as group:
        group.start_soon(many, first.session("actito"), 5)
        group.start_soon(many, second.session("actito"), 5)
    await first.close()
    await second.close()
    assert await many(actito_of(sandbox, tokens=tokens).session("actito"), 1) == []
    assert len(request_log(sandbox, "getAccessToken")) == 1


async def test_tokens_that_die_young_are_bought_once_for_all_over_a_real_database(
    stand_in: Any, actito_of: Any, request_log: Log, tmp_path: Path
) -> None:
    sandbox = stand_in(actito_new_token_kills=True)
    states = [State(f"sqlite:///{tmp_path / 'state.db'}") for _ in range(2)]
    sessions = [actito_of(sandbox, tokens=state.tokens).session("actito") for state in states]
    for round_ in range(3):
        async with anyio.create_task_group() as group:
            for session in sessions:
                group.start_soon(many, session, 5)
        assert len(request_log(sandbox, "getAccessToken")) == 2 * round_ + 1
        take_token(sandbox)
    assert b"sandbox-key" not in (tmp_path / "state.db").read_bytes()
    for state in states:
        await state.close()


@pytest.mark.parametrize("kills", [False, True])
async def test_tokens_are_renewed_before_they_end(stand_in: Any, actito_of: Any, request_log: Log, kills: bool) -> None:
    """Whether a new token ends the earlier one or not, nothing fails and nobody buys more than one at a time."""
    sandbox = stand_in(actito_token_life=1.0, actito_new_token_kills=kills)
    session = actito_of(sandbox).session("actito")
    began = time.monotonic()
    with anyio.fail_after(30):
        while len(request_log(sandbox, "getAccessToken")) < 4:
            assert await many(session, 4) == []
    lived = time.monotonic() - began
    assert session.token_life == 1.0, "the life that the server says, not the usual one"
    bought = len(request_log(sandbox, "getAccessToken"))
    assert bought <= lived / 0.8 + 2
    assert session.warnings == []


async def test_foreign_tokens_that_kill_ours_cost_no_call_and_are_told(
    stand_in: Any, actito_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(actito_new_token_kills=True)
    session = actito_of(sandbox).session("actito")
    for _ in range(4):
        await session.send(ListEntities())
        take_token(sandbox)
    await session.send(ListEntities())
    assert len(request_log(sandbox, "getAccessToken")) == 9
    (said,) = session.take_warnings()
    assert "CAMPAIGN_MCP_ACTITO__API_KEY" in said and "key of its own" in said


async def test_a_send_is_repeated_after_a_401_and_after_nothing_else(
    stand_in: Any, actito_of: Any, approved: Any, request_log: Log
) -> None:
    sandbox = stand_in(actito_new_token_kills=True)
    session = actito_of(sandbox, path_style=PathStyle.PREFIXED).session("actito")
    await session.send(ListEntities())
    take_token(sandbox)
    contact = Contact(profile=ContactProfile(attributes=[NamedValue(name="emailAddress", value="ada@example.org")]))
    send = SendTransactionalEmail(entity="MeridianBank", campaign="none", contact=contact)
    with pytest.raises(UpstreamError):
        await session.send(send, approval=approved(send))
    assert [entry["status"] for entry in request_log(sandbox, "sendTransactionalEmail")][:1] == [401]
    assert len(request_log(sandbox, "sendTransactionalEmail")) == 2


# wrong keys


async def test_a_wrong_key_is_tried_once_by_all_calls_and_all_processes(
    sandbox: Sandbox, actito_of: Any, request_log: Log
) -> None:
    tokens = MemoryTokenStore()
    caught = await many(actito_of(sandbox, "wrong-key", tokens=tokens).session("actito"), 10)
    assert [type(error) for error in caught] == [LoginRefused] * 10
    for text in ("CAMPAIGN_MCP_ACTITO__API_KEY", "own host", "preprod, prod-0, prod-1, prod-3", "5 minutes"):
        assert text in str(caught[-1])
    assert len(await many(actito_of(sandbox, "wrong-key", tokens=tokens).session("actito"), 5)) == 5
    assert len(request_log(sandbox, "getAccessToken")) == 1
    assert await many(actito_of(sandbox, tokens=tokens).session("actito"), 1) == [], "a corrected one works at once"


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        ("403 Forbidden", b"", LoginRefused, "refused by 127.0.0.1"),
        ("404 Not Found", b"", NotConfigured, "/auth/token"),
        ("200 OK", b"<html>hello</html>", NotConfigured, "page for people"),
        ("200 OK", b'{"token":"hush-hush"}', NotConfigured, "without a token"),
        ("200 OK", b'{"accessToken":["hush-hush"]}', NotConfigured, "without a token"),
        ("500 Oops", b"", Unavailable, "getAccessToken"),
    ],
)
async def test_what_else_stands_before_a_token(
    scripted: Any, actito_of: Any, status: str, body: bytes, kind: type[UpstreamError], said: str
) -> None:
    scripted.answer(status, body)
    with pytest.raises(kind) as caught:
        await actito_of(scripted.url).session("actito").send(ListEntities())
    assert said in str(caught.value) and "hush" not in str(caught.value)


async def test_fresh_tokens_that_are_refused_are_another_story(scripted: Any, actito_of: Any) -> None:
    for _ in range(4):
        scripted.answer(
            "200 OK", TOKEN.replace(b"t-1", b"t-%d" % len(scripted.answers)), Content_Type="application/json"
        )
        scripted.answer("401 Unauthorized")
    session = actito_of(scripted.url).session("actito")
    with pytest.raises(LoginRefused, match="fresh ones are refused"):
        await session.send(ListEntities())
    sent = len(scripted.received)
    with pytest.raises(LoginRefused, match="No attempt for"):
        await session.send(ListEntities())
    assert len(scripted.received) == sent == 8


@pytest.mark.parametrize(("key", "url", "named"), [("", "http://x", "API_KEY"), ("k", "", "URL")])
def test_a_setting_that_is_missing_is_named(key: str, url: str, named: str) -> None:
    known = Access("actito", {"actito": url}, ApiKey(key))
    manager = SessionManager({"actito": known}, MemoryTokenStore(), approval_key=b"k")
    with pytest.raises(NotConfigured, match=f"CAMPAIGN_MCP_ACTITO__{named}"):
        manager.session("actito")


async def test_a_key_that_no_header_can_carry_is_said_without_it(actito_of: Any) -> None:
    with pytest.raises(NotConfigured, match="API_KEY") as caught:
        await actito_of("http://127.0.0.1:9", "hush\nhush").session("actito").send(ListEntities())
    assert "hush" not in str(caught.value)


# the token itself


@pytest.mark.parametrize(
    ("said", "seconds"), [("900s", 900), ("90", 90), (60, 60), ("1.5s", 1.5), ("soon", 900), (0, 900), (None, 900)]
)
def test_the_life_of_a_token_comes_as_text_or_number(said: object, seconds: float) -> None:
    body = {"accessToken": "t", "expiresIn": said}
    assert AccessToken.model_validate(body).expires_in == seconds


async def test_the_raw_key_buys_and_the_bearer_calls_and_neither_is_told(
    scripted: Any, actito_of: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scripted.answer("200 OK", TOKEN.replace(b"t-1", b"hush-token"), Content_Type="application/json")
    scripted.answer("500 Oops", b"no hush-token and no hush-key here")
    manager = actito_of(scripted.url, "hush-key")
    with pytest.raises(Unavailable) as caught:
        await manager.session("actito").send(ListEntities())
    assert [line for each in scripted.received for line in each.split("\r\n") if "uthorization" in line.lower()] == [
        "authorization: hush-key" if "authorization: hush-key" in scripted.received[0] else "Authorization: hush-key",
        "authorization: Bearer hush-token",
    ]
    told = [str(caught.value), repr(manager), repr(ApiKey("hush-key")), caplog.text]
    assert not [text for text in told if "hush" in text.replace("***", "")]


async def test_the_store_being_away_does_not_stop_calls(
    sandbox: Sandbox, actito_of: Any, store_away: TokenStore
) -> None:
    session = actito_of(sandbox, tokens=store_away).session("actito")
    assert await many(session, 3) == []
    assert [warning for warning in session.warnings if "CAMPAIGN_MCP_STATE_URL" in warning]


# how many at once


@pytest.mark.parametrize(("wanted", "most"), [(0, 2), (3, 3), (50, 5)])
async def test_requests_in_flight_stay_within_the_licence(
    stand_in: Any, actito_of: Any, request_log: Log, wanted: int, most: int
) -> None:
    policy = Policy(max_in_flight=wanted)
    enough = stand_in(latency=0.05, actito_in_flight=most)
    assert await many(actito_of(enough, policy=policy).session("actito"), 12) == []
    assert {entry["status"] for entry in request_log(enough)} == {200}
    scant = stand_in(latency=0.05, actito_in_flight=most - 1)
    assert await many(actito_of(scant, policy=policy).session("actito"), 12) == []
    assert 429 in {entry["status"] for entry in request_log(scant)}, "as many as wanted do go out"


async def test_writes_are_repeated_while_the_licence_is_busy(stand_in: Any, actito_of: Any, request_log: Log) -> None:
    path = "/profiles/v5/entities/MeridianBank/profile-tables/16/profiles"
    sandbox = stand_in(faults=[{"path": path, "method": "PUT", "kind": "status", "status": 429, "times": 4}])
    session = actito_of(sandbox).session("actito")
    await session.send(SearchProfiles(entity="MeridianBank", profile_table_id="16", filter={"profileId": "0"}))
    async with anyio.create_task_group() as group:
        for number in range(6):
            group.start_soon(session.send, upsert(number))
    statuses = [entry["status"] for entry in request_log(sandbox, "upsertProfile")]
    assert sorted(statuses) == [200] * 6 + [429] * 4


async def test_a_send_is_not_repeated_while_the_licence_is_busy(scripted: Any, actito_of: Any, approved: Any) -> None:
    scripted.answer("200 OK", TOKEN, Content_Type="application/json")
    scripted.answer("429 Too Many", b"", Retry_After="3")
    contact = Contact(profile=ContactProfile(attributes=[NamedValue(name="emailAddress", value="ada@example.org")]))
    send = SendTransactionalEmail(entity="MeridianBank", campaign="Welcome", contact=contact)
    session = actito_of(scripted.url, path_style=PathStyle.PREFIXED).session("actito")
    with pytest.raises(Throttled, match=r"Nothing was changed.*3 s"):
        await session.send(send, approval=approved(send))
    assert len(scripted.received) == 2


async def test_a_wait_that_is_too_long_is_told(scripted: Any, actito_of: Any) -> None:
    scripted.answer("200 OK", TOKEN, Content_Type="application/json")
    scripted.answer("429 Too Many", json.dumps({"message": "busy"}).encode(), Retry_After="40")
    session = actito_of(scripted.url, path_style=PathStyle.PREFIXED).session("actito")
    with pytest.raises(Throttled, match=r'said "busy".*40 s'):
        await session.send(upsert(1))
    assert len(scripted.received) == 2
