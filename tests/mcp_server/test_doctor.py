"""The doctor: what is broken in the sandbox, the line that says so, and the exit code; and that it only reads."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import httpx
import pytest

from mcp_server.doctor import Line, Report, examine
from mcp_server.doctor.network import proxy_for
from mcp_server.settings import load
from mcp_server.state import State
from sandbox import Sandbox
from upstream.request import Risk
from upstream.routes import routes
from upstream.session import SessionManager

pytestmark = pytest.mark.anyio

StandIn = Callable[..., Sandbox]

FEDERATED = {
    "UNICA__AUTH": "federated",
    "UNICA__FEDERATED_USER": "service",
    "UNICA__FEDERATED_CLIENT": "campaign-mcp",
    "UNICA__FEDERATED_SERVICE_PROVIDER": "unica",
}


@pytest.fixture(autouse=True)
def direct_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine that runs the tests; and digests that are made at once, since none is guessed from."""
    monkeypatch.setattr("upstream.auth.DIGEST_ROUNDS", 1)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def state() -> AsyncIterator[State]:
    state = State("sqlite://")
    yield state
    await state.close()


async def examined(sandbox: Sandbox, state: State, tmp_path: Path, watch_seconds: float = 0, **settings: str) -> Report:
    """A report on Unica in a sandbox; `{url}` and `{host}` in a setting are those of the sandbox."""
    file = tmp_path / "settings.toml"
    file.touch()
    place = {"url": sandbox.url, "host": sandbox.url.partition("//")[2]}
    variables = {f"CAMPAIGN_MCP_{name}": value.format(**place) for name, value in settings.items()}
    with anyio.fail_after(60):
        return await examine(load({**of_unica(sandbox), **variables}, file), state, watch_seconds=watch_seconds)


def of_unica(sandbox: Sandbox) -> dict[str, str]:
    """The settings that point at the Unica of a sandbox alone."""
    # Some of these tests play production, where the clock can't be set.
    return {name: value for name, value in sandbox.settings().items() if "ACTITO" not in name and "DATE" not in name}


def log(sandbox: Sandbox) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = httpx.get(f"{sandbox.url}/sandbox/log").json()["entries"]
    return entries


def logins(sandbox: Sandbox) -> int:
    return sum(entry["operation"] == "login" and entry["account"] is not None for entry in log(sandbox))


async def test_all_is_well_and_only_reads_are_sent(sandbox: Sandbox, state: State, tmp_path: Path) -> None:
    report = await examined(sandbox, state, tmp_path)
    assert report.exit_code == 0 and {line.status for line in report.lines} == {"ok"}, report.text()
    assert [line.check for line in report.lines] == [
        "settings",
        "state database",
        "interrupted calls",
        "environment",
        "time zone",
        "policy",
        "address of Platform",
        "address of Campaign",
        "address of Collaborate",
        "TLS to Platform",
        "TLS to Campaign",
        "TLS to Collaborate",
        "proxy",
        "Platform reachable",
        "login",
        "Campaign reachable",
        "API settings of Campaign",
        "reads attributes",
        "reads campaigns",
        "reads offers v1",
        "reads offers v2 reference",
        "reads offers v2 index",
        "reads offer lists",
        "reads target cells",
        "token life",
        "single-use tokens",
        "other programs",
        "Collaborate reachable",
        "API settings of Collaborate",
        "reads templates",
        "reads template folders",
        "reads forms",
        "reads form folders",
        "reads simple lists",
        "reads advanced lists",
        "reads on-demand campaigns",
        "windows of projects",
    ]
    assert "account service" in report.line("login").seen
    assert "48 campaigns" in report.line("reads campaigns").seen
    assert "25 templates" in report.line("reads templates").seen
    assert "service-pass" not in report.text()
    harmless = {route.operation for route in routes() if route.risk is Risk.READ} | {"login", "logout"}
    entries = log(sandbox)
    assert {entry["operation"] for entry in entries} <= harmless
    assert not any(entry["refusal"] for entry in entries)
    assert logins(sandbox) == 1


BLOCK = "Block API access"
HTTPS = "Secure API access over HTTPS"

TABLE: dict[str, tuple[dict[str, Any], dict[str, str], str, str, str, str]] = {
    # what: switches, settings, check, status, seen, what to do
    "unknown host": (
        {},
        {"UNICA__URL": "http://unica.invalid"},
        "address of Platform",
        "fault",
        "the name is unknown",
        "CAMPAIGN_MCP_UNICA__PLATFORM_URL",
    ),
    "refused port": (
        {},
        {"UNICA__URL": "http://127.0.0.1:1"},
        "Campaign reachable",
        "fault",
        "127.0.0.1:1: no connection",
        "CAMPAIGN_MCP_UNICA__CAMPAIGN_URL",
    ),
    "wrong path": (
        {},
        {"UNICA__PLATFORM_URL": "{url}/sandbox"},
        "Platform reachable",
        "fault",
        "answers 404",
        "what stands before the path",
    ),
    "TLS to a plain port": (
        {},
        {"UNICA__URL": "https://{host}"},
        "TLS to Platform",
        "fault",
        "version number",
        "does not seem to speak TLS",
    ),
    "redirect": (
        {"faults": [{"kind": "status", "status": 302, "path": "/v1/campaigns", "headers": {"location": "/login"}}]},
        {},
        "Campaign reachable",
        "fault",
        "redirects (302)",
        "not of a login page",
    ),
    "blocked Platform": (
        {"blocked": ["unica-platform"]},
        {},
        "login",
        "fault",
        "another API answers plain http: the API is blocked",
        BLOCK,
    ),
    "blocked Campaign": (
        {"blocked": ["unica-campaign"]},
        {},
        "API settings of Campaign",
        "fault",
        "another API answers plain http: the API is blocked",
        BLOCK,
    ),
    "HTTPS demanded": ({"https_only": True}, {}, "login", "fault", "HTTPS is demanded", HTTPS),
    "HTTPS demanded of Campaign": (
        {"https_only": True},
        {},
        "API settings of Campaign",
        "fault",
        "HTTPS is demanded",
        HTTPS,
    ),
    "wrong password": (
        {},
        {"UNICA__PASSWORD": "sesame"},
        "login",
        "fault",
        "account service: The login to unica was refused (401)",
        "CAMPAIGN_MCP_UNICA__PASSWORD",
    ),
    "wrong login method": (
        {"login_method": "GET"},
        {},
        "login",
        "fault",
        "answered 405",
        "CAMPAIGN_MCP_UNICA__LOGIN_METHOD",
    ),
    "headers dropped on the way": (
        {"header_names": {"m_tokenId": "x-token"}},
        {},
        "API settings of Campaign",
        "fault",
        "calls with fresh tokens are refused (401)",
        "underscores_in_headers",
    ),
    "no right to read": (
        {"faults": [{"kind": "status", "status": 403, "path": "/v1/campaigns", "skip": 1}]},
        {},
        "API settings of Campaign",
        "fault",
        "the account got in and may not read",
        "Give it a role",
    ),
    "no right to read lists": (
        {"faults": [{"kind": "status", "status": 403, "path": "/v1/offerlist"}]},
        {},
        "reads offer lists",
        "fault",
        "was refused (403)",
        "Give the account the right to read this",
    ),
    "account that may only read": (
        {},
        {"UNICA__USERNAME": "viewer", "UNICA__PASSWORD": "viewer-pass"},
        "API settings of Campaign",
        "ok",
        "whether it may write isn't tried",
        "",
    ),
    "authentication off": (
        {"authentication": False},
        {},
        "API settings of Campaign",
        "warning",
        "answers without credentials",
        "Require authentication for API access",
    ),
    "authentication off, as set": (
        {"authentication": False},
        {"UNICA__AUTH": "none"},
        "API settings of Campaign",
        "ok",
        "open without credentials",
        "",
    ),
    "authentication on, not set": (
        {},
        {"UNICA__AUTH": "none"},
        "API settings of Campaign",
        "fault",
        "wants authentication",
        "CAMPAIGN_MCP_UNICA__AUTH",
    ),
    "single-use tokens": (
        {"single_use_tokens": True},
        {},
        "single-use tokens",
        "warning",
        "serves one call only",
        "CAMPAIGN_MCP_UNICA__SINGLE_USE_TOKENS",
    ),
    "single-use tokens, as set": (
        {"single_use_tokens": True},
        {"UNICA__SINGLE_USE_TOKENS": "yes"},
        "single-use tokens",
        "ok",
        "as set",
        "",
    ),
    "no v2": ({"offers_v2": False}, {}, "reads offers v2 reference", "skipped", "v1 serves", ""),
    "no v1": ({"offers_v1": False}, {}, "reads offers v1", "skipped", "v2 reference serves", ""),
    "v2 by the index only": (
        {"offers_v1": False, "v2_verbs": "index"},
        {},
        "reads offers v2 reference",
        "skipped",
        "v2 index serves",
        "",
    ),
    "no v2, yet set": (
        {"offers_v2": False},
        {"UNICA__OFFERS_API": "v2"},
        "reads offers v2 index",
        "fault",
        "not on this installation",
        "CAMPAIGN_MCP_UNICA__OFFERS_API",
    ),
    "v1, not set": (
        {"offers_v1": False},
        {"UNICA__OFFERS_API": "v2"},
        "reads offers v1",
        "skipped",
        "not asked for",
        "",
    ),
    "no offers at all": (
        {"offers_v1": False, "offers_v2": False},
        {},
        "reads offers v1",
        "fault",
        "not on this installation",
        "CAMPAIGN_MCP_UNICA__ROUTES",
    ),
    "pages for people": (
        {"faults": [{"kind": "html", "status": 200, "path": "/v1/*"}]},
        {},
        "Campaign reachable",
        "fault",
        "a page for people",
        "login page",
    ),
    "a page in place of one route": (
        {"faults": [{"kind": "html", "status": 200, "path": "/v1/attributes"}]},
        {},
        "reads attributes",
        "fault",
        "does not answer as the contract says",
        "A proxy or login page",
    ),
    "error pages": (
        {"faults": [{"kind": "status", "status": 500, "path": "/v1/*"}], "error_body": "html"},
        {},
        "Campaign reachable",
        "fault",
        'fails with 500 and said "HTTP Status 500',
        "server's log",
    ),
    "a gateway in between": (
        {"faults": [{"kind": "status", "status": 502, "path": "/v1/*"}]},
        {},
        "Campaign reachable",
        "fault",
        "answers 502",
        "NO_PROXY",
    ),
    "garbage": (
        {"faults": [{"kind": "garbage", "path": "/v1/*"}]},
        {},
        "reads campaigns",
        "fault",
        "does not answer as the contract says",
        "CAMPAIGN_MCP_UNICA__ROUTES",
    ),
    "garbage at the login": (
        {"faults": [{"kind": "garbage", "path": "*/login/", "skip": 1}]},
        {},
        "login",
        "fault",
        "without a token",
        "another application",
    ),
    "Campaign fails once in": (
        {"faults": [{"kind": "status", "status": 500, "path": "/v1/campaigns", "skip": 1, "times": 1}]},
        {},
        "API settings of Campaign",
        "fault",
        "failed on the server (500)",
        "server's log",
    ),
    "no Collaborate": (
        {},
        {"UNICA__COLLABORATE_URL": "{url}/sandbox"},
        "Collaborate reachable",
        "warning",
        "there seems to be no Collaborate",
        "CAMPAIGN_MCP_EXCLUDE=unica-collaborate",
    ),
    "no Collaborate behind a gateway that wants a login first": (
        {"faults": [{"kind": "html", "status": 404, "path": "/lists", "skip": 1}]},
        {},
        "API settings of Collaborate",
        "warning",
        "does not have listSimpleLists",
        "CAMPAIGN_MCP_UNICA__COLLABORATE_URL",
    ),
    "neither Campaign nor Collaborate": (
        {},
        {"UNICA__CAMPAIGN_URL": "{url}/sandbox", "UNICA__COLLABORATE_URL": "{url}/sandbox"},
        "Collaborate reachable",
        "fault",
        "answers 404",
        "CAMPAIGN_MCP_UNICA__COLLABORATE_URL",
    ),
    "Collaborate left out": (
        {},
        {"UNICA__COLLABORATE_URL": "{url}/sandbox", "EXCLUDE": "unica-collaborate"},
        "Collaborate reachable",
        "skipped",
        "CAMPAIGN_MCP_EXCLUDE",
        "",
    ),
    "Collaborate not chosen": (
        {"blocked": ["unica-collaborate"]},
        {"TOOLSETS": "offers,campaigns"},
        "Collaborate reachable",
        "skipped",
        "CAMPAIGN_MCP_TOOLSETS",
        "",
    ),
    "Collaborate to be browsed only": (
        {},
        {"TOOLSETS": "browse"},
        "API settings of Collaborate",
        "ok",
        "credentials are demanded and accepted",
        "",
    ),
    "Collaborate alone": (
        {"blocked": ["unica-campaign"]},
        {"UNICA__CAMPAIGN_URL": "http://127.0.0.1:1", "EXCLUDE": "unica-campaign"},
        "windows of projects",
        "ok",
        "as long as asked for",
        "",
    ),
    "refused port of Collaborate": (
        {},
        {"UNICA__COLLABORATE_URL": "http://127.0.0.1:1"},
        "Collaborate reachable",
        "fault",
        "127.0.0.1:1: no connection",
        "CAMPAIGN_MCP_UNICA__COLLABORATE_URL",
    ),
    "TLS to a plain port of Collaborate": (
        {},
        {"UNICA__COLLABORATE_URL": "https://{host}"},
        "TLS to Collaborate",
        "fault",
        "version number",
        "does not seem to speak TLS: check scheme and port in CAMPAIGN_MCP_UNICA__COLLABORATE_URL",
    ),
    "blocked Collaborate": (
        {"blocked": ["unica-collaborate"]},
        {},
        "API settings of Collaborate",
        "fault",
        "another API answers plain http: the API is blocked",
        BLOCK,
    ),
    "HTTPS demanded of Collaborate": (
        {"https_only": True},
        {},
        "API settings of Collaborate",
        "fault",
        "HTTPS is demanded",
        HTTPS,
    ),
    "no right to read in Collaborate": (
        {"faults": [{"kind": "status", "status": 403, "path": "/lists", "skip": 1}]},
        {},
        "API settings of Collaborate",
        "fault",
        "the account got in and may not read",
        "Give it a role with rights in Collaborate",
    ),
    "Collaborate refuses the account": (
        {"faults": [{"kind": "status", "status": 401, "path": "/lists"}]},
        {},
        "API settings of Collaborate",
        "fault",
        "refuses (401) tokens that Campaign takes",
        "give the account a role with rights in Collaborate",
    ),
    "authentication of Collaborate off": (
        {"authentication": False},
        {},
        "API settings of Collaborate",
        "warning",
        "Collaborate answers without credentials",
        "Require authentication for API access",
    ),
    "no right to read forms": (
        {"faults": [{"kind": "status", "status": 403, "path": "/forms"}]},
        {},
        "reads forms",
        "fault",
        "was refused (403)",
        "Give the account the right to read this",
    ),
    "a page in place of folders": (
        {"faults": [{"kind": "html", "status": 200, "path": "/formfolders"}]},
        {},
        "reads form folders",
        "fault",
        "does not answer as the contract says",
        "If Collaborate itself does",
    ),
    "nothing in Collaborate, or something else that answers": (
        {"faults": [{"kind": "status", "status": 404, "path": "/[!v]*"}], "authentication": False},
        {"UNICA__AUTH": "none"},
        "reads Collaborate",
        "warning",
        "404 for each list of templates, template folders, forms",
        "CAMPAIGN_MCP_UNICA__COLLABORATE_URL",
    ),
    "a 404 behind the login of Collaborate": (
        {"faults": [{"kind": "status", "status": 404, "path": "/lists", "skip": 1}]},
        {},
        "API settings of Collaborate",
        "warning",
        "could not be told: listSimpleLists: not found (404)",
        "See the reads below",
    ),
    "no templates in Collaborate": (
        {"faults": [{"kind": "status", "status": 404, "path": "/templates"}]},
        {},
        "reads templates",
        "ok",
        "no templates (404, as Collaborate answers where there are none)",
        "",
    ),
    "404 for cells": (
        {"faults": [{"kind": "status", "status": 404, "path": "/v1/targetcells"}]},
        {},
        "reads target cells",
        "warning",
        "answers 404 where a list of cells of campaign",
        "CAMPAIGN_MCP_UNICA__ROUTES",
    ),
    "nothing in Collaborate, said by an empty list": (
        {"faults": [{"kind": "status", "status": 200, "path": "/templates", "body": "[]"}]},
        {},
        "reads templates",
        "ok",
        "0 templates",
        "",
    ),
    "too few projects": (
        {"faults": [{"kind": "status", "status": 404, "path": "/*l*s", "skip": 2, "body": "none"}]},
        {},
        "windows of projects",
        "skipped",
        "no kind has enough",
        "",
    ),
    "Collaborate does not have a kind": (
        {"faults": [{"kind": "html", "status": 404, "path": "/advlists"}]},
        {},
        "reads advanced lists",
        "fault",
        "does not have listAdvancedLists in this form",
        "settings can override the route",
    ),
    "the header Range dropped": (
        {"drop_range": True},
        {},
        "windows of projects",
        "warning",
        "asked for 2 projects, got 10",
        '"window": {"name": "range", "place": "query"}',
    ),
    "the header Range dropped, and the window sent as a field": (
        {"drop_range": True},
        {"UNICA__ROUTES": '{{"GetProjects": {{"fields": {{"window": {{"name": "range", "place": "query"}}}}}}}}'},
        "windows of projects",
        "ok",
        "as long as asked for",
        "",
    ),
    "federated": (
        {},
        {**FEDERATED, "UNICA__FEDERATED_TOKEN": "federated-token"},
        "login",
        "ok",
        "from the settings",
        "",
    ),
    "federated, bad token": (
        {},
        {**FEDERATED, "UNICA__FEDERATED_TOKEN": "sesame"},
        "API settings of Campaign",
        "fault",
        "refused the federated token",
        "CAMPAIGN_MCP_UNICA__FEDERATED_TOKEN",
    ),
    "federated, no file": (
        {},
        {**FEDERATED, "UNICA__FEDERATED_TOKEN_FILE": "/nowhere/sesame"},
        "login",
        "fault",
        "can't be read",
        "CAMPAIGN_MCP_UNICA__FEDERATED_TOKEN_FILE",
    ),
    "environment that is not known": (
        {},
        {"ENVIRONMENT": "acceptance"},
        "environment",
        "warning",
        "counts as production",
        "CAMPAIGN_MCP_ENVIRONMENT",
    ),
    "environment of customers": ({}, {"ENVIRONMENT": "production"}, "environment", "ok", "production", ""),
    "allowed": (
        {},
        {"UNICA__POLICY": "allow"},
        "policy",
        "warning",
        "without a question",
        "CAMPAIGN_MCP_UNICA__POLICY",
    ),
    "blocked by policy": ({}, {"UNICA__POLICY": "block"}, "policy", "ok", "are refused", ""),
    "zone of the machine": (
        {},
        {"UNICA__TIME_ZONE": ""},
        "time zone",
        "warning",
        "taken from this machine",
        "CAMPAIGN_MCP_UNICA__TIME_ZONE",
    ),
}


@pytest.mark.parametrize("what", TABLE)
async def test_what_is_broken_is_said(what: str, switched: StandIn, state: State, tmp_path: Path) -> None:
    switches, settings, check, status, seen, todo = TABLE[what]
    report = await examined(switched(**switches), state, tmp_path, **settings)
    line = report.line(check)
    assert (line.status, seen in line.seen, todo in line.todo) == (status, True, True), report.text()
    assert bool(line.todo) is (status in ("fault", "warning"))
    if status == "fault":
        assert report.exit_code == 1
    else:
        assert report.exit_code == 0, report.text()
    for each in report.lines:
        assert each.todo or each.status in ("ok", "skipped"), each
    assert "service-pass" not in report.text() and "sesame" not in report.text()


async def test_what_collaborate_refuses_is_not_said_of_campaign(
    stand_in: StandIn, state: State, tmp_path: Path
) -> None:
    refusing = stand_in(faults=[{"kind": "status", "status": 401, "path": "/lists"}])
    report = await examined(refusing, state, tmp_path)
    assert [line.check for line in report.lines if line.status != "ok"] == ["API settings of Collaborate"], (
        report.text()
    )
    assert report.line("reads campaigns").status == report.line("other programs").status == "ok"


async def test_a_short_life_is_seen(stand_in: StandIn, state: State, tmp_path: Path) -> None:
    report = await examined(stand_in(token_life=0.8), state, tmp_path, watch_seconds=2)
    line = report.line("token life")
    assert line.status == "warning" and "the settings say 15 s" in line.seen, report.text()
    assert "Token lifetime" in line.todo and report.line("other programs").status == "ok"
    assert report.exit_code == 0


async def test_another_program_with_the_account_is_seen(sandbox: Sandbox, state: State, tmp_path: Path) -> None:
    headers = {"m_user_name": "service", "m_user_password": "service-pass"}
    address = f"{sandbox.url}/unica/api/manager/authentication/login/"

    async def foreign() -> None:
        """Logs in once, when the doctor watches."""
        async with httpx.AsyncClient() as client:
            seen = 0
            while seen < 3:
                entries = (await client.get(f"{sandbox.url}/sandbox/log")).json()["entries"]
                seen = sum(entry["operation"] == "getAttributeMetadataByNameGlobal" for entry in entries)
            await client.post(address, headers=headers)

    async with anyio.create_task_group() as group:
        group.start_soon(foreign)
        report = await examined(sandbox, state, tmp_path, watch_seconds=1)
    line = report.line("other programs")
    assert line.status == "warning" and "CAMPAIGN_MCP_UNICA__USERNAME" in line.todo, report.text()
    assert report.line("token life").seen == "could not be told"
    assert report.exit_code == 0


async def test_the_token_of_a_running_server_is_used(sandbox: Sandbox, state: State, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.touch()
    settings = load(sandbox.settings(), file)
    async with SessionManager(settings.access(), state.tokens, approval_key=b"k" * 32) as running:
        await running.session("unica").sign_in()
        report = await examined(sandbox, state, tmp_path)
        assert "that another process of this account holds" in report.line("login").seen
        assert logins(sandbox) == 1
        token = await state.tokens.read(running.session("unica").account)
        assert token is not None, "the doctor logged the running server out"


async def test_a_wrong_password_is_tried_once(sandbox: Sandbox, state: State, tmp_path: Path) -> None:
    for _ in range(2):
        report = await examined(sandbox, state, tmp_path, UNICA__PASSWORD="sesame")
        assert report.exit_code == 1 and report.line("login").status == "fault"
    refused = [entry for entry in log(sandbox) if entry["operation"] == "login" and entry["account"] == "service"]
    assert len(refused) == 1


async def test_a_broken_state_database_is_a_fault_and_reads_go_on(sandbox: Sandbox, tmp_path: Path) -> None:
    broken = tmp_path / "folder"
    broken.mkdir()
    state = State(f"sqlite:///{broken.as_posix()}")
    try:
        report = await examined(sandbox, state, tmp_path)
    finally:
        await state.close()
    line = report.line("state database")
    assert line.status == "fault" and "CAMPAIGN_MCP_STATE_URL" in line.todo and report.exit_code == 1
    assert report.line("reads campaigns").status == "ok"


async def test_nothing_configured(state: State, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('environment = "dev"\n', encoding="utf-8")
    report = await examine(load({}, file), state)
    assert report.exit_code == 1
    assert "no system is configured" in report.line("settings").seen and str(file) in report.line("settings").seen


async def test_a_dead_proxy_is_named_without_its_password(
    sandbox: Sandbox, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://robot:sesame@127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    report = await examined(sandbox, state, tmp_path)
    line = report.line("proxy")
    assert line.status == "warning" and "HTTP_PROXY (127.0.0.1)" in line.seen and "NO_PROXY" in line.todo
    assert report.exit_code == 1 and "sesame" not in report.text()


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": "http://p:3128"}, "HTTPS_PROXY (p)"),
        ({"https_proxy": "p:3128"}, "https_proxy (p)"),
        ({"HTTP_PROXY": "http://p:3128"}, ""),
        ({"ALL_PROXY": "socks5://p"}, "ALL_PROXY (p)"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "x.org, .example.com"}, ""),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "unica.example.com"}, ""),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, ""),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "ple.com"}, "HTTPS_PROXY (p)"),
    ],
)
def test_which_proxy_applies(environ: dict[str, str], way: str) -> None:
    assert proxy_for("https://unica.example.com/sub", environ) == way


async def test_a_certificate_is_held_against_the_trust_store(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "server.pem"
    async with _tls_server(certificate) as port:
        variables = {
            "CAMPAIGN_MCP_UNICA__URL": f"https://127.0.0.1:{port}",
            "CAMPAIGN_MCP_UNICA__USERNAME": "service",
            "CAMPAIGN_MCP_UNICA__PASSWORD": "service-pass",
        }
        file = tmp_path / "settings.toml"
        file.touch()
        report = await examine(load(variables, file), state)
        line = report.line("TLS to Campaign")
        assert line.status == "fault" and "SSL_CERT_FILE" in line.todo, report.text()
        assert report.line("Campaign reachable").status == "skipped" and report.exit_code == 1

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        report = await examine(load(variables, file), state)
        assert report.line("TLS to Campaign") == Line(
            "TLS to Campaign", "ok", "certificate trusted (system store and SSL_CERT_FILE)"
        )
        blocked = report.line("API settings of Campaign")
        assert blocked.status == "fault" and "before any login" in blocked.seen and BLOCK in blocked.todo

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
        report = await examine(load(variables, file), state)
        assert "readable file of certificates" in report.line("TLS to Campaign").todo


@asynccontextmanager
async def _tls_server(certificate: Path) -> AsyncIterator[int]:
    """A server with a certificate of its own making that answers 403 to everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(certificate))
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")

    async def refuse(stream: anyio.abc.SocketStream) -> None:
        from anyio.streams.tls import TLSStream

        async with stream:
            try:
                secure = await TLSStream.wrap(stream, ssl_context=context, standard_compatible=False)
                await secure.receive()
                await secure.send(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            except (anyio.BrokenResourceError, anyio.EndOfStream, ssl.SSLError, OSError):
                return

    async with listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, refuse)
        yield listener.extra(anyio.abc.SocketAttribute.local_port)
        group.cancel_scope.cancel()


def _self_signed(place: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "unica test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    place.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *private)
    )
    return place


async def test_each_line_is_told_as_it_comes(sandbox: Sandbox, state: State, tmp_path: Path) -> None:
    told: list[str] = []
    requests: list[int] = []

    def tell(text: str) -> None:
        told.append(text)
        requests.append(len(log(sandbox)))

    report = await examine(load(of_unica(sandbox), nothing(tmp_path)), state, tell=tell, watch_seconds=0)
    assert "\n".join([*told, "", report.verdict]) == report.text()
    assert requests[0] == 0 and len(set(requests)) > 10, "told at the end, or in a few heaps"


async def test_the_doctor_does_not_look_for_ever(stand_in: StandIn, state: State, tmp_path: Path) -> None:
    slow = load(stand_in(latency=3600).settings(), nothing(tmp_path))
    with anyio.fail_after(60):
        report = await examine(slow, state, watch_seconds=0, most_seconds=0.2)
    line = report.line("time")
    assert line.status == "fault" and "within 0.2 s" in line.seen and report.exit_code == 1
    assert report.lines[-1] == line and report.line("state database").status == "ok"


def nothing(folder: Path) -> Path:
    """A file of settings with nothing in it."""
    file = folder / "nothing.toml"
    file.touch()
    return file


def test_the_report_is_data_too() -> None:
    report = Report()
    report.add("settings", "ok", "nothing is set")
    report.section = "Unica"
    report.add("login", "fault", "it was refused", "Change it.")
    assert json.loads(json.dumps(report.as_json())) == {
        "faults": 1,
        "warnings": 0,
        "lines": [
            {"check": "settings", "status": "ok", "seen": "nothing is set", "todo": "", "section": ""},
            {"check": "login", "status": "fault", "seen": "it was refused", "todo": "Change it.", "section": "Unica"},
        ],
    }


def test_what_holds_for_all_comes_first_and_each_system_has_a_heading() -> None:
    report = Report()
    report.add("settings", "ok", "nothing is set")
    for section in ("Unica", "Actito"):
        report.section = section
        report.add("proxy", "ok", "none")
        report.add("policy", "ok", "confirm")
    first = [line.split()[0] if line else "" for line in report.text().splitlines()]
    assert first == ["ok", "", "Unica", "ok", "ok", "", "Actito", "ok", "ok", "", "No"]


def test_the_text_is_one_line_for_each_check_and_one_for_what_to_do() -> None:
    report = Report()
    report.add("login", "fault", "it said \x1b[31m\nred", "Change it.")
    report.add("proxy", "ok", "none")
    lines = report.text().splitlines()
    assert [line.split()[0] for line in lines if line] == ["fault", "->", "ok", "1"]
    assert "\x1b" not in report.text() and lines[-1] == "1 fault. Nothing was changed."
    assert Report().text() == "\nNo fault. Nothing was changed."
    with pytest.raises(KeyError):
        report.line("nothing")
