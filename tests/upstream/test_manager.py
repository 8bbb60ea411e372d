"""The manager login: wrong credentials (S6), single-use tokens and settings in the way (S7), secrets, logout (S10)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from sandbox import Sandbox
from upstream.auth import ManagerLogin, NoAuthentication
from upstream.campaign.campaigns import CampaignInput, CreateCampaign, GetCampaigns
from upstream.collaborate.folders import CreateFolder, FolderInput
from upstream.collaborate.kinds import FolderTree
from upstream.collaborate.templates import GetTemplates
from upstream.errors import Forbidden, LoginRefused, NotConfigured, Throttled, Unavailable, UpstreamError
from upstream.limits import Policy
from upstream.request import At, Override
from upstream.session import Access, Session
from upstream.tokens import MemoryTokenStore, TokenStore

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]

WRONG = ManagerLogin("service", "wrong-pass")


async def errors_at_once(session: Session, calls: int) -> list[UpstreamError]:
    caught: list[UpstreamError] = []

    async def call() -> None:
        try:
            await session.send(GetCampaigns())
        except UpstreamError as error:
            caught.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(calls):
            group.start_soon(call)
    return caught


# wrong credentials


async def test_a_wrong_password_is_tried_once_by_all_calls_and_all_processes(
    sandbox: Sandbox, manager_of: Any, request_log: Log
) -> None:
    tokens = MemoryTokenStore()
    caught = await errors_at_once(manager_of(sandbox, WRONG, tokens=tokens).session("unica"), 20)
    assert [type(error) for error in caught] == [LoginRefused] * 20
    assert all(
        text in str(caught[-1]) for text in ("CAMPAIGN_MCP_UNICA__PASSWORD", "5 minutes", "underscores_in_headers")
    )
    assert len(await errors_at_once(manager_of(sandbox, WRONG, tokens=tokens).session("unica"), 5)) == 5
    assert len(request_log(sandbox, "login")) == 1

    await manager_of(sandbox, tokens=tokens).session("unica").send(GetCampaigns())
    assert [entry["status"] for entry in request_log(sandbox, "login")] == [401, 200], "the corrected one works at once"
    assert len(await errors_at_once(manager_of(sandbox, WRONG, tokens=tokens).session("unica"), 5)) == 5
    assert len(request_log(sandbox, "login")) == 2, "a good login elsewhere does not let the wrong one be tried again"


async def test_a_wrong_password_is_tried_again_after_the_cool_down(
    sandbox: Sandbox, manager_of: Any, request_log: Log
) -> None:
    session = manager_of(sandbox, WRONG, policy=Policy(cool_down=0.1)).session("unica")
    with anyio.fail_after(10):
        while len(request_log(sandbox, "login")) < 2:
            with pytest.raises(LoginRefused):
                await session.send(GetCampaigns())


async def test_fresh_tokens_that_are_refused_are_another_story(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(faults=[{"path": "/v1/campaigns", "kind": "status", "status": 401}])
    session = manager_of(sandbox).session("unica")
    with pytest.raises(LoginRefused, match="fresh tokens are refused") as caught:
        await session.send(GetCampaigns())
    assert "underscores_in_headers" in str(caught.value)
    requests = len(request_log(sandbox))
    assert requests <= 8
    assert len(await errors_at_once(session, 20)) == 20
    assert len(request_log(sandbox)) == requests


# tokens for a single use


@pytest.mark.parametrize("known", [True, None])
async def test_single_use_tokens_serve_concurrent_calls(
    stand_in: Any, manager_of: Any, request_log: Log, known: bool | None
) -> None:
    sandbox = stand_in(single_use_tokens=True)
    session = manager_of(sandbox, ManagerLogin("service", "service-pass", single_use=known)).session("unica")
    assert await errors_at_once(session, 10) == []
    if known:
        assert len(request_log(sandbox)) == 20, "a login for each call"


async def test_single_use_tokens_are_found_though_nothing_is_refused_at_once(
    stand_in: Any, manager_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine the second call leaves so late that a used token looks like one that has lived its life."""
    monkeypatch.setattr("upstream.lifetime.AT_ONCE", -60)
    session = manager_of(stand_in(single_use_tokens=True)).session("unica")
    async with anyio.create_task_group() as group:
        for _ in range(6):
            group.start_soon(session.send, GetCampaigns(code="none"))
    assert session.token_life == 0


async def test_a_right_that_is_missing_in_collaborate_is_no_dead_token(
    sandbox: Sandbox, manager_of: Any, request_log: Log
) -> None:
    session = manager_of(sandbox, ManagerLogin("viewer", "viewer-pass")).session("unica")
    for _ in range(4):
        with pytest.raises(Forbidden, match=r"no permission.* Give the account a role"):
            await session.send(CreateFolder(tree=FolderTree.FORMS, folder=FolderInput(folder_name="Not mine")))
    assert len(request_log(sandbox, "login")) == 1
    assert session.warnings == []


async def test_a_collaborate_that_says_401_and_no_more_stops_nothing_else(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    everything = {"path": "/templates", "times": 99, "kind": "status", "status": 401, "body": ""}
    sandbox = stand_in(faults=[everything])
    session = manager_of(sandbox).session("unica")
    with pytest.raises(Forbidden, match="most likely a right is missing"):
        await session.send(GetTemplates())
    await session.send(GetCampaigns(code="none"))
    assert len(request_log(sandbox, "login")) <= 5


async def test_single_use_tokens_are_learnt_and_unlearnt(
    stand_in: Any, manager_of: Any, request_log: Log, switch: Any
) -> None:
    sandbox, tokens = stand_in(single_use_tokens=True), MemoryTokenStore()
    session = manager_of(sandbox, tokens=tokens).session("unica")
    with anyio.fail_after(10):
        while session.token_life:
            await session.send(GetCampaigns())
    assert await tokens.life(session.account) == 0
    before = len(request_log(sandbox))
    await session.send(CreateCampaign(campaign=CampaignInput(name="one login, one call")))
    await session.send(CreateCampaign(campaign=CampaignInput(name="and again")))
    made = [entry for entry in request_log(sandbox)[before:] if entry["operation"] != "logout"]
    assert [entry["status"] for entry in made] == [200] * 4
    assert session.warnings == []

    heir = manager_of(sandbox, tokens=tokens).session("unica")
    await heir.send(GetCampaigns())
    assert heir.token_life == 0
    switch(sandbox, single_use_tokens=False)
    other = manager_of(sandbox, tokens=tokens).session("unica")
    await other.send(GetCampaigns())
    assert other.token_life == 15, "a second use worked"
    assert await tokens.life(session.account) == 15


# settings in the way


async def test_forbidden_names_the_setting_of_platform(stand_in: Any, manager_of: Any, request_log: Log) -> None:
    blocked = manager_of(stand_in(blocked=["unica-campaign"])).session("unica")
    with pytest.raises(Forbidden, match="Block API access") as caught:
        await blocked.send(GetCampaigns())
    assert caught.value.operation == "getCampaigns"
    with pytest.raises(Forbidden, match="Block API access") as caught:
        await manager_of(stand_in(blocked=["unica-platform"])).session("unica").send(GetCampaigns())
    assert caught.value.operation == "login"
    with pytest.raises(Forbidden, match=r"Secure API access over HTTPS.*CAMPAIGN_MCP_UNICA__PLATFORM_URL"):
        await manager_of(stand_in(https_only=True)).session("unica").send(GetCampaigns())


async def test_a_write_that_is_forbidden_speaks_of_the_account_first(sandbox: Sandbox, manager_of: Any) -> None:
    viewer = manager_of(sandbox, ManagerLogin("viewer", "viewer-pass")).session("unica")
    assert await viewer.send(GetCampaigns())
    with pytest.raises(Forbidden, match="the account lacks the right for this action: give it a role") as caught:
        await viewer.send(CreateCampaign(campaign=CampaignInput(name="Not allowed")))
    assert "HTTPS" not in caught.value.advice


async def test_no_authentication(stand_in: Any, manager_of: Any, request_log: Log) -> None:
    sandbox = stand_in(authentication=False)
    await manager_of(sandbox, NoAuthentication()).session("unica").send(GetCampaigns())
    assert [entry["account"] for entry in request_log(sandbox)] == [None]
    with pytest.raises(LoginRefused, match=r"Require authentication for API access.*CAMPAIGN_MCP_UNICA__AUTH"):
        await manager_of(stand_in(), NoAuthentication()).session("unica").send(GetCampaigns())


async def test_login_verb_slash_and_header_names_are_settings(stand_in: Any, manager_of: Any, request_log: Log) -> None:
    names = {"m_user_name": "x-user", "m_user_password": "x-pass", "m_tokenId": "x-token", "api_auth_mode": "x-mode"}
    sandbox = stand_in(login_method="GET", header_names=names)
    with pytest.raises(NotConfigured, match="CAMPAIGN_MCP_UNICA__LOGIN_METHOD"):
        await manager_of(sandbox).session("unica").send(GetCampaigns())
    login = ManagerLogin("service", "service-pass", method="GET", trailing_slash=False, header_names=names)
    manager = manager_of(sandbox, login)
    await manager.session("unica").send(GetCampaigns())
    await manager.close()
    last = request_log(sandbox)[-3:]
    assert [entry["operation"] for entry in last] == ["login", "getCampaigns", "logout"]
    assert [entry["status"] for entry in last] == [200] * 3
    assert last[0]["path"] == "/unica/api/manager/authentication/login"


async def test_the_login_can_be_overridden_like_any_route(scripted: Any, manager_of: Any) -> None:
    scripted.answer("200 OK", b'{"m_tokenId": "t"}')
    scripted.answer("200 OK", b"[]")
    overrides = {"Login": Override("PUT", "/elsewhere", {"password": At("header", "x-secret")})}
    await manager_of(scripted.url, overrides=overrides).session("unica").send(GetCampaigns())
    assert scripted.received[0].startswith("PUT /elsewhere HTTP/1.1")
    assert "x-secret: service-pass" in scripted.received[0]


@pytest.mark.parametrize(
    ("status", "body", "kind", "text"),
    [
        ("404 Not Found", b"", NotConfigured, "CAMPAIGN_MCP_UNICA__PLATFORM_URL"),
        ("200 OK", b"<html><body>Portal</body></html>", NotConfigured, "without a token, with a page"),
        ("200 OK", b'{"token": "secret-in-another-form"}', NotConfigured, "without a token"),
        ("500 Internal Server Error", b"boom", Unavailable, 'login failed on the server \\(500\\) and said "boom"'),
        ("429 Too Many Requests", b"", Throttled, "no more requests"),
    ],
)
async def test_answers_to_the_login_that_are_none(
    scripted: Any, manager_of: Any, status: str, body: bytes, kind: type[UpstreamError], text: str
) -> None:
    scripted.answer(status, body)
    session = manager_of(scripted.url, policy=Policy(repeat_within=0.2)).session("unica")
    with pytest.raises(kind, match=text) as caught:
        await session.send(GetCampaigns())
    assert "secret-in-another-form" not in str(caught.value)


# secrets


@pytest.mark.parametrize("password", ["P4ssw0rd-distinctive", "P4ssw0rd-distinctive\n", "P4ssw0rd-distinctive-Ł"])
async def test_secrets_are_in_no_error_log_or_repr(
    scripted: Any, manager_of: Any, caplog: pytest.LogCaptureFixture, password: str
) -> None:
    caplog.set_level(logging.DEBUG)
    login = ManagerLogin("service", password)
    manager = manager_of(scripted.url, login, policy=Policy(repeat_within=0.2))
    session = manager.session("unica")
    echo = f"token token-distinctive of {login.password}".encode()
    token = b'{"m_tokenId": "token-distinctive"}'
    scripted.answer("200 OK", token)
    for status in ("400 Bad Request", "403 Forbidden", "404 Not Found", "500 Oops", "503 Busy", "302 Found", "200 OK"):
        scripted.answer(status, echo, Location=f"http://elsewhere/;jsessionid={login.password.strip()}")
    texts = [repr(login), repr(manager), repr(session), repr(Access("unica", {}, login))]
    for _ in range(9):
        try:
            await session.send(CreateCampaign(campaign=CampaignInput(name="x")))
        except UpstreamError as error:
            texts += [str(error), repr(error), "".join(traceback.format_exception(error))]
    said = "".join([*texts, *(record.getMessage() for record in caplog.records)])
    assert len(texts) > 10
    assert "distinctive" not in said


async def test_a_secret_that_no_header_can_carry_is_named_not_shown(
    sandbox: Sandbox, manager_of: Any, request_log: Log
) -> None:
    with pytest.raises(NotConfigured, match="PASSWORD"):
        await manager_of(sandbox, ManagerLogin("service", "pass\r\nx: y")).session("unica").send(GetCampaigns())
    assert request_log(sandbox) == []


# leaving


async def test_logout_at_the_end_only_when_nobody_else_uses_the_account(
    sandbox: Sandbox, manager_of: Any, request_log: Log
) -> None:
    tokens = MemoryTokenStore()
    one, two = manager_of(sandbox, tokens=tokens), manager_of(sandbox, tokens=tokens)
    await one.session("unica").send(GetCampaigns())
    await two.session("unica").send(GetCampaigns())
    await one.close()
    assert request_log(sandbox, "logout") == []
    await two.session("unica").send(GetCampaigns())
    await two.close()
    assert [entry["status"] for entry in request_log(sandbox, "logout")] == [200]
    assert len(request_log(sandbox, "login")) == 1


async def test_calls_go_on_while_the_store_is_away(
    sandbox: Sandbox, manager_of: Any, request_log: Log, foreign_login: Any, store_away: TokenStore
) -> None:
    manager = manager_of(sandbox, tokens=store_away)
    session = manager.session("unica")
    assert await errors_at_once(session, 10) == []
    foreign_login(sandbox)
    assert await errors_at_once(session, 10) == []
    assert len(request_log(sandbox, "login")) == 3
    assert ["CAMPAIGN_MCP_STATE_URL" in warning for warning in session.warnings] == [True]
    await manager.close()
    assert request_log(sandbox, "logout") == [], "who knows who else uses the account"
    refused = manager_of(sandbox, WRONG, tokens=store_away).session("unica")
    assert len(await errors_at_once(refused, 5)) == 5
    assert len(request_log(sandbox, "login")) == 4


async def test_a_dead_token_is_left_to_nobody(
    sandbox: Sandbox, manager_of: Any, switch: Any, foreign_login: Any
) -> None:
    tokens = MemoryTokenStore()
    session = manager_of(sandbox, tokens=tokens).session("unica")
    await session.send(GetCampaigns())
    assert await tokens.read(session.account) is not None
    foreign_login(sandbox)
    switch(sandbox, blocked=["unica-platform"])
    with pytest.raises(Forbidden):
        await session.send(GetCampaigns())
    assert await tokens.read(session.account) is None


async def test_a_cancelled_call_does_not_waste_its_login(stand_in: Any, manager_of: Any, request_log: Log) -> None:
    sandbox = stand_in(latency=0.2)
    tokens = MemoryTokenStore()
    session = manager_of(sandbox, tokens=tokens).session("unica")
    with anyio.move_on_after(0.1) as scope:
        await session.send(GetCampaigns())
    assert scope.cancelled_caught
    assert await tokens.read(session.account) is not None
    await session.send(GetCampaigns())
    assert len(request_log(sandbox, "login")) == 1
