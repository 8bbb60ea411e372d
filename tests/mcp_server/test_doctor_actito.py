"""The doctor and Actito: what is broken in the sandbox, the line that says so, and the exit code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcp_server.doctor import Report, examine
from mcp_server.settings import load
from mcp_server.state import State
from sandbox import Sandbox
from upstream.request import Risk
from upstream.routes import routes

pytestmark = pytest.mark.anyio

StandIn = Callable[..., Sandbox]
Log = Callable[..., list[dict[str, Any]]]


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


async def examined(sandbox: Sandbox, state: State, tmp_path: Path, both: bool = False, **settings: str) -> Report:
    """A report on Actito in a sandbox, or on `both`; `{url}` and `{host}` in a setting are those of the sandbox."""
    file = tmp_path / "settings.toml"
    file.touch()
    place = {"url": sandbox.url, "host": sandbox.url.partition("//")[2]}
    known = {name: value for name, value in sandbox.settings().items() if both or "UNICA" not in name}
    # Some of these tests play production, where the clock can't be set.
    known.pop("CAMPAIGN_MCP_DATE", None)
    variables = {f"CAMPAIGN_MCP_{name}": value.format(**place) for name, value in settings.items()}
    with anyio.fail_after(60):
        return await examine(load({**known, **variables}, file), state, watch_seconds=0)


async def test_all_is_well_and_a_dozen_reads_are_sent(
    sandbox: Sandbox, state: State, tmp_path: Path, request_log: Log
) -> None:
    report = await examined(sandbox, state, tmp_path, ACTITO__ENTITY="MeridianBank")
    assert report.exit_code == 0, report.text()
    assert [line.check for line in report.lines if line.status != "ok"] == ["may read forms", "may write"]
    assert [line.check for line in report.lines] == [
        "settings",
        "state database",
        "interrupted calls",
        "environment",
        "licence",
        "limits",
        "time zone",
        "environment of Actito",
        "policy",
        "approval of messages",
        "address of Actito",
        "TLS to Actito",
        "proxy",
        "Actito reachable",
        "API key",
        "entities",
        "may read profile tables",
        "may read custom tables",
        "may read profiles",
        "may read custom data",
        "may read imports",
        "may read e-mail campaigns",
        "may read scenarios",
        "may read webhooks",
        "may read custom actions",
        "may read forms",
        "may write",
        "versions",
        "paths",
        "token life",
        "other programs",
    ]
    for check, seen in {
        "entities": "MeridianBank is meant where a call names none",
        "token life": "900 s",
        "may read imports": "3 in MeridianBank",
        "versions": "v5 in all",
        "paths": "prefixed in all",
        "limits": "the licence takes 5 in all",
    }.items():
        assert seen in report.line(check).seen
    assert "sandbox-key" not in report.text() and "@" not in report.text()
    entries = request_log(sandbox)
    harmless = {route.operation for route in routes() if route.risk is Risk.READ} | {"getAccessToken"}
    assert {entry["operation"] for entry in entries} <= harmless and len(entries) == 12
    assert [entry["status"] for entry in entries] == [401] + [200] * 11

    again = await examined(sandbox, state, tmp_path)
    assert "the token that is stored for it serves" in again.line("API key").seen
    assert "each call names one" in again.line("entities").seen
    tokens = request_log(sandbox, "getAccessToken")
    assert [entry["status"] for entry in tokens] == [401, 200, 401], "a token was bought though one was alive"


ELSEWHERE = "works on its own host only"
ADMINISTRATOR = "Let an administrator of the licence give it to the key"

TABLE: dict[str, tuple[dict[str, Any], dict[str, str], str, str, str, str]] = {
    # what: switches, settings, check, status, seen, what to do
    "TLS to a plain port": (
        {},
        {"ACTITO__URL": "https://{host}/actito"},
        "TLS to Actito",
        "fault",
        "version number",
        "check scheme and port in CAMPAIGN_MCP_ACTITO__URL",
    ),
    "wrong path": (
        {},
        {"ACTITO__URL": "{url}/sandbox"},
        "Actito reachable",
        "fault",
        "answers 404",
        "CAMPAIGN_MCP_ACTITO__URL",
    ),
    "no tool of it chosen": (
        {},
        {"TOOLSETS": "offers"},
        "Actito reachable",
        "warning",
        "none of its tools is listed",
        "CAMPAIGN_MCP_TOOLSETS",
    ),
    "key that may only read profiles": (
        {},
        {"ACTITO__API_KEY": "sandbox-key-profiles"},
        "may read e-mail campaigns",
        "warning",
        "the key lacks the right read_mail_campaigns, or may not use MeridianBank (403)",
        ADMINISTRATOR,
    ),
    "the same, and a missing right hidden": (
        {"actito_mask_denied": True, "actito_error_body": "mixed"},
        {"ACTITO__API_KEY": "sandbox-key-profiles"},
        "may read webhooks",
        "warning",
        "or there is nothing (404 in both styles of paths)",
        ADMINISTRATOR,
    ),
    "paths of old": ({"actito_paths": "old"}, {}, "paths", "ok", "legacy in all that was answered: entities", ""),
    "paths of both styles": (
        {"faults": [{"kind": "status", "status": 404, "path": "/mass-imports/*"}]},
        {},
        "paths",
        "ok",
        "custom-actions; legacy for mass-imports",
        "",
    ),
    "a style of paths that is not there": (
        {"actito_paths": "old"},
        {"ACTITO__PATH_STYLE": "prefixed"},
        "entities",
        "fault",
        "none of the known forms of entities",
        "Set CAMPAIGN_MCP_ACTITO__PATH_STYLE to auto",
    ),
    "an older version in part": (
        {"faults": [{"kind": "status", "status": 404, "path": "*/v5/entities"}]},
        {},
        "versions",
        "ok",
        "v4 for entities; v5 for profile tables, custom tables, profiles",
        "",
    ),
    "an older version, as set": (
        {"faults": [{"kind": "html", "status": 200, "path": "*/v5/*tables"}]},
        {"ACTITO__API": "v4"},
        "may read custom tables",
        "ok",
        "2 in MeridianBank",
        "",
    ),
    "an entity that is not there": (
        {},
        {"ACTITO__API_KEY": "sandbox-key-lark", "ACTITO__ENTITY": "MeridianBank"},
        "entities",
        "fault",
        "MeridianBank of the settings is not among them; 1 entity: LarkDirect",
        "CAMPAIGN_MCP_ACTITO__ENTITY",
    ),
    "no list of entities": (
        {"faults": [{"kind": "status", "status": 403, "path": "*/entities"}]},
        {},
        "entities",
        "fault",
        "was refused (403)",
        "name an entity in CAMPAIGN_MCP_ACTITO__ENTITY",
    ),
    "a shorter life": (
        {"actito_token_life": 300},
        {},
        "token life",
        "warning",
        "300 s are announced, where Actito documents 900 s",
        "CAMPAIGN_MCP_ACTITO__URL",
    ),
    "a token that dies early": (
        {"faults": [{"kind": "status", "status": 401, "path": "*/etls", "times": 1}]},
        {},
        "other programs",
        "warning",
        "another program may buy tokens with this key",
        "CAMPAIGN_MCP_ACTITO__API_KEY",
    ),
    "tokens that are not taken": (
        {"faults": [{"kind": "status", "status": 401, "path": "/*/entit*"}]},
        {"ACTITO__ENTITY": "MeridianBank"},
        "entities",
        "fault",
        "calls with fresh ones are refused (401)",
        "drops the Authorization header",
    ),
    "tokens that are not taken any more": (
        {"faults": [{"kind": "status", "status": 401, "path": "*/custom-tables"}]},
        {},
        "may read custom tables",
        "fault",
        "another program keeps taking tokens with this key",
        "try again in",
    ),
    "a busy licence": (
        {"faults": [{"kind": "status", "status": 429, "path": "*/etls", "headers": {"retry-after": "30"}}]},
        {},
        "may read imports",
        "warning",
        "takes no more requests for the moment (429)",
        "when other programs pause",
    ),
    "a page in place of campaigns": (
        {"faults": [{"kind": "html", "status": 200, "path": "*/mail"}]},
        {},
        "may read e-mail campaigns",
        "fault",
        "does not answer as the contract says",
        "A gateway or login page",
    ),
    "all requests of the licence": (
        {},
        {"ACTITO__MAX_IN_FLIGHT": "5"},
        "limits",
        "warning",
        "Other programs of the licence get 429",
        "CAMPAIGN_MCP_ACTITO__MAX_IN_FLIGHT",
    ),
}


UNTRIED = {
    "tokens that are not taken": {"may read the rest"},
    "tokens that are not taken any more": {
        f"may read {things}"
        for things in (
            *("profiles", "custom data", "imports", "e-mail campaigns"),
            *("scenarios", "webhooks", "custom actions"),
        )
    },
}
"""What is not read any more once tokens are not taken."""


@pytest.mark.parametrize("what", TABLE)
async def test_what_is_broken_is_said(what: str, switched: StandIn, state: State, tmp_path: Path) -> None:
    switches, settings, check, status, seen, todo = TABLE[what]
    report = await examined(switched(**switches), state, tmp_path, **settings)
    line = report.line(check)
    assert (line.status, seen in line.seen, todo in line.todo) == (status, True, True), report.text()
    assert bool(line.todo) is (status in ("fault", "warning"))
    assert report.exit_code == report.faults == (1 if status == "fault" else 0), report.text()
    for each in report.lines:
        assert each.todo or each.status in ("ok", "skipped"), each
    assert "sandbox-key" not in report.text()
    untried = {each.check for each in report.lines if each.seen == "calls with fresh tokens are refused"}
    assert untried == UNTRIED.get(what, set())
    assert all(report.line(each).status == "skipped" for each in untried)


async def test_a_gateway_that_is_not_there(sandbox: Sandbox, state: State, tmp_path: Path) -> None:
    report = await examined(sandbox, state, tmp_path, ACTITO__URL="http://actito.invalid", CHANNELS="code")
    licence = "actito.invalid is no host of Actito (preprod, prod-0, prod-1, prod-3): a gateway in front of one"
    assert report.line("licence").seen == licence
    assert report.exit_code == 1 and report.line("address of Actito").status == "fault", report.text()
    assert report.line("API key").status == report.line("entities").status == "skipped"
    assert report.line("TLS to Actito").status == "warning"
    assert report.line("environment of Actito").seen.endswith("although CAMPAIGN_MCP_ENVIRONMENT is sandbox")
    unasked = report.line("approval of messages")
    assert unasked.status == "warning" and "CAMPAIGN_MCP_CHANNELS" in unasked.todo


@pytest.mark.parametrize(
    ("url", "environment", "licence", "here"),
    [
        ("prod-1", "sandbox", "prod-1 of Actito, api1.actito.com", "although CAMPAIGN_MCP_ENVIRONMENT is sandbox"),
        ("prod-0", "production", "prod-0 of Actito, api.actito.com", "production, as every host but that of preprod"),
        ("preprod", "", "preprod of Actito, api-pre1.actito.com", "unless CAMPAIGN_MCP_ENVIRONMENT is preprod"),
        ("preprod", "preprod", "preprod of Actito, api-pre1.actito.com", "preprod (not production)"),
    ],
)
async def test_where_calls_land_is_said(
    sandbox: Sandbox, state: State, tmp_path: Path, url: str, environment: str, licence: str, here: str
) -> None:
    unasked = {"ACTITO__URL": url, "ENVIRONMENT": environment, "TOOLSETS": "offers"}
    report = await examined(sandbox, state, tmp_path, **unasked)
    assert report.line("licence").seen == licence
    assert report.line("environment of Actito").seen.endswith(here), report.text()
    only = "by a question of the client only, not by a code"
    assert (report.line("approval of messages").seen == only) is (here != "preprod (not production)")


async def test_a_key_of_another_host_is_tried_once_and_then_not_for_a_while(
    sandbox: Sandbox, state: State, tmp_path: Path, request_log: Log
) -> None:
    for seen in ("was refused by", "a while ago and not tried now; the same key is tried again in 5 minutes"):
        report = await examined(sandbox, state, tmp_path, ACTITO__API_KEY="sandbox-key-prod-1")
        line = report.line("API key")
        assert line.status == "fault" and report.exit_code == 1
        assert seen in line.seen and ELSEWHERE in line.todo and "prod-1" in line.todo, report.text()
        assert report.line("entities").status == "skipped"
    tried = [entry for entry in request_log(sandbox, "getAccessToken") if entry["account"] is not None]
    assert len(tried) == 1


async def test_unica_and_actito_have_a_section_each(stand_in: StandIn, state: State, tmp_path: Path) -> None:
    sandbox = stand_in(blocked=["unica-campaign"])
    report = await examined(sandbox, state, tmp_path, both=True, ACTITO__POLICY="block")
    assert report.exit_code == 1 and report.line("Actito reachable").status == "ok"
    assert {line.section for line in report.lines if line.status == "fault"} == {"Unica"}
    assert "are refused" in report.line("policy", "Actito").seen and "asked" in report.line("policy", "Unica").seen
    text = report.text().splitlines()
    first, second = text.index("Unica"), text.index("Actito")
    general = [line.split()[1] for line in text[: first - 1]]
    assert general == ["settings", "state", "interrupted", "environment"]
    assert "login" in "".join(text[first:second]) and "API key" in "".join(text[second:])
    assert text[-1] == "1 fault. Nothing was changed."
    assert len([line for line in report.lines if line.check == "environment"]) == 1

    alone = {"ACTITO__API_KEY": "sandbox-key-prod-1", "EXCLUDE": "unica-campaign"}
    report = await examined(sandbox, state, tmp_path, both=True, **alone)
    assert {line.section for line in report.lines if line.status == "fault"} == {"Actito"} and report.exit_code == 1
