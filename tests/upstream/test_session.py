"""Tokens that die at any moment are not noticed: rules S1, S2, S3 and S5, and what belongs to one identity."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from sandbox import Sandbox
from upstream.approval import mint
from upstream.auth import ManagerLogin
from upstream.campaign.campaigns import CampaignInput, CreateCampaign, DeleteCampaign, GetCampaigns
from upstream.errors import ApprovalMissing, NotConfigured, Unavailable
from upstream.request import GUARDED
from upstream.session import Access, Session, SessionManager
from upstream.tokens import MemoryTokenStore, TokenStore

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]


async def at_once(session: Session, calls: int) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(calls):
            group.start_soon(session.send, GetCampaigns())


def statuses(entries: list[dict[str, Any]]) -> list[int]:
    return [entry["status"] for entry in entries]


async def test_many_first_calls_cause_one_login(sandbox: Sandbox, manager_of: Any, request_log: Log) -> None:
    await at_once(manager_of(sandbox).session("unica"), 30)
    assert statuses(request_log(sandbox, "login")) == [200]
    assert statuses(request_log(sandbox, "getCampaigns")) == [200] * 30


async def test_many_calls_at_expiry_cause_one_login(sandbox: Sandbox, manager_of: Any, request_log: Log) -> None:
    tokens = MemoryTokenStore()
    session = manager_of(sandbox, tokens=tokens).session("unica")
    await tokens.publish(session.account, "lived long enough", time.time() - 13, 15)
    await at_once(session, 30)
    assert statuses(request_log(sandbox, "login")) == [200]
    assert statuses(request_log(sandbox, "getCampaigns")) == [200] * 30, "a token about to die is used for nothing"


async def test_many_calls_with_a_killed_token_cause_one_login(
    sandbox: Sandbox, manager_of: Any, request_log: Log, foreign_login: Any
) -> None:
    session = manager_of(sandbox).session("unica")
    await session.send(GetCampaigns())
    foreign_login(sandbox)
    await at_once(session, 30)
    assert len(request_log(sandbox, "login")) == 3, "the first, the other program's, and one more"
    assert statuses(request_log(sandbox, "getCampaigns")).count(200) == 31


async def test_a_token_that_another_process_renewed_is_reused(
    sandbox: Sandbox, manager_of: Any, request_log: Log, foreign_login: Any
) -> None:
    tokens = MemoryTokenStore()
    one, two = (manager_of(sandbox, tokens=tokens).session("unica") for _ in range(2))
    await one.send(GetCampaigns())
    await two.send(GetCampaigns())
    assert len(request_log(sandbox, "login")) == 1
    foreign_login(sandbox)
    await one.send(GetCampaigns())
    await two.send(GetCampaigns())
    assert len(request_log(sandbox, "login")) == 3, "one was refused and renewed, two was refused and took that token"


async def test_a_write_with_a_killed_token_is_repeated_and_happens_once(
    sandbox: Sandbox, manager_of: Any, request_log: Log, foreign_login: Any
) -> None:
    session = manager_of(sandbox).session("unica")
    before = len(await session.send(GetCampaigns()))
    foreign_login(sandbox)
    await session.send(CreateCampaign(campaign=CampaignInput(name="Żubr & żółć 50 %")))
    assert statuses(request_log(sandbox, "createCampaign")) == [401, 200]
    found = await session.send(GetCampaigns())
    assert len(found) == before + 1
    assert "Żubr & żółć 50 %" in [each.name for each in found]


async def test_tokens_that_never_work_end_in_a_clear_error_and_no_storm(
    stand_in: Any, manager_of: Any, request_log: Log, switch: Any
) -> None:
    sandbox = stand_in()
    session = manager_of(sandbox).session("unica")
    await session.send(GetCampaigns())
    switch(sandbox, token_life=0.000001)
    with pytest.raises(Unavailable, match="another program keeps logging in") as caught:
        await session.send(GetCampaigns())
    assert "CAMPAIGN_MCP_UNICA__USERNAME" in str(caught.value)
    assert len(request_log(sandbox, "getCampaigns")) == 1 + 4, "three repeats"
    logins = len(request_log(sandbox, "login"))
    assert logins <= 1 + 3
    with pytest.raises(Unavailable):
        await at_most_one_error(session)
    assert len(request_log(sandbox, "login")) == logins, "no attempt during the pause"


async def at_most_one_error(session: Session) -> None:
    for _ in range(20):
        with pytest.raises(Unavailable):
            await session.send(GetCampaigns())
    await session.send(GetCampaigns())


async def test_calls_succeed_while_another_program_logs_in_and_a_warning_says_so(
    sandbox: Sandbox, manager_of: Any, request_log: Log, foreign_login: Any
) -> None:
    session = manager_of(sandbox).session("unica")
    stop, foreign = threading.Event(), 0

    def disturb() -> None:
        nonlocal foreign
        pauses = [0.05, 0.17, 0.09, 0.26]
        while not stop.wait(pauses[foreign % 4]):
            foreign_login(sandbox)
            foreign += 1

    disturber = threading.Thread(target=disturb)
    disturber.start()
    try:
        with anyio.fail_after(20):
            while not session.warnings:
                await session.send(GetCampaigns())
    finally:
        stop.set()
        disturber.join()
    assert "keeps logging in" in session.warnings[0]
    assert "CAMPAIGN_MCP_UNICA__USERNAME" in session.warnings[0]
    assert len(request_log(sandbox, "login")) - foreign <= foreign + 2
    assert session.take_warnings() and not session.warnings


async def test_a_shorter_life_is_learnt_stored_and_then_renewed_ahead(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    sandbox, tokens = stand_in(token_life=0.5), MemoryTokenStore()
    session = manager_of(sandbox, tokens=tokens).session("unica")
    with anyio.fail_after(20):
        while session.token_life == 15:
            await session.send(GetCampaigns())
    assert 0.45 <= session.token_life < 1.5
    assert await tokens.life(session.account) == session.token_life
    assert session.warnings == []
    heir = manager_of(sandbox, tokens=tokens).session("unica")
    await heir.send(GetCampaigns())
    assert heir.token_life == session.token_life


async def test_two_accounts_do_not_disturb_each_other(sandbox: Sandbox, manager_of: Any, request_log: Log) -> None:
    manager = manager_of(sandbox, others={"ann": ManagerLogin("analyst", "analyst-pass")})
    service, ann = manager.session("unica"), manager.session("unica", "ann")
    async with anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(service.send, GetCampaigns())
            group.start_soon(ann.send, GetCampaigns())
    accounts = [entry["account"] for entry in request_log(sandbox, "getCampaigns")]
    assert (accounts.count("service"), accounts.count("analyst")) == (10, 10)
    assert statuses(request_log(sandbox, "login")) == [200, 200]
    assert set(statuses(request_log(sandbox, "getCampaigns"))) == {200}
    assert service.account != ann.account

    class Cache(dict[str, str]):
        """Something that an upper floor keeps."""

    service.attached(Cache)["a"] = "row of service"
    assert ann.attached(Cache) == {}
    assert manager.session("unica").attached(Cache) == {"a": "row of service"}


async def test_two_identities_with_the_same_login_share_its_token(
    sandbox: Sandbox, manager_of: Any, request_log: Log, store_away: TokenStore
) -> None:
    manager = manager_of(sandbox, tokens=store_away, others={"twin": ManagerLogin("service", "service-pass")})
    await at_once(manager.session("unica"), 5)
    await at_once(manager.session("unica", "twin"), 5)
    assert statuses(request_log(sandbox, "login")) == [200]


async def test_guarded_requests_do_not_leave_without_an_approval(
    sandbox: Sandbox, manager_of: Any, request_log: Log
) -> None:
    session = manager_of(sandbox).session("unica")
    campaign = (await session.send(GetCampaigns()))[0]
    delete = DeleteCampaign(campaign_id=campaign.id)
    forged = mint(b"another key", "r", frozenset({delete.operation}), delete.target_ids(), GUARDED)
    for approval in (None, forged):
        with pytest.raises(ApprovalMissing):
            await session.send(delete, approval=approval)
    assert request_log(sandbox, "deleteCampaign") == []
    genuine = mint(
        b"a key of the tests that is 32 b.", "r", frozenset({delete.operation}), delete.target_ids(), GUARDED
    )
    await session.send(delete, approval=genuine)
    assert statuses(request_log(sandbox, "deleteCampaign")) == [200]


@pytest.mark.parametrize(
    ("known", "login", "missing"),
    [
        ({}, ManagerLogin("a", "b"), "PLATFORM_URL"),
        ({"unica-platform": "http://127.0.0.1:9"}, ManagerLogin("", "b"), "CAMPAIGN_MCP_UNICA__USERNAME"),
        ({"unica-platform": "http://127.0.0.1:9"}, ManagerLogin("a", ""), "CAMPAIGN_MCP_UNICA__PASSWORD"),
        ({"unica-platform": "http://127.0.0.1:9"}, ManagerLogin("a", "b"), "CAMPAIGN_URL"),
    ],
)
async def test_what_is_not_configured_is_named(known: dict[str, str], login: ManagerLogin, missing: str) -> None:
    manager = SessionManager({"unica": Access("unica", known, login)}, MemoryTokenStore(), approval_key=b"k")
    with pytest.raises(NotConfigured, match=missing):
        await manager.session("unica").send(GetCampaigns())
    with pytest.raises(NotConfigured, match="actito"):
        manager.session("actito")


def test_the_http_library_is_not_imported_at_start() -> None:
    heavy = "{'httpx', 'truststore', 'sqlalchemy'}"
    code = f"import sys, upstream.session; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "set()"
