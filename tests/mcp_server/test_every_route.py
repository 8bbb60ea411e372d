"""Every route of the seed is reached by a tool: proven by calling the tools and reading the sandbox's request log.

Only settings and arguments decide which form of a route is used; nothing here touches a request class.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult

import contracts
from mcp_server.application import Application
from mcp_server.routes import rows
from mcp_server.settings import load
from sandbox import Sandbox

OFFERS: list[tuple[str, dict[str, Any]]] = [
    ("offers_find", {"search": "Spring"}),
    ("offers_find", {"offers": ["5158"]}),
    ("offers_find", {"offers": ["5158", "5006"]}),
    ("offers_find", {"check": ["CC00129-ZA7"]}),
    ("offers_find", {"folder": 64}),
    ("offer_templates_find", {}),
    ("offer_templates_find", {"template": "36"}),
    ("offers_create", {"template": "Loyalty points", "names": ["Route test points"], "dry_run": True}),
    ("offers_create", {"template": "Loyalty points", "names": ["Route test points"]}),
    ("offers_create", {"copy_of": ["5014"]}),
    ("offers_retire", {"offers": ["5006"]}),
    ("offers_delete", {"offers": ["Route test points"]}),
]
REST: list[tuple[str, dict[str, Any]]] = [
    ("attributes_find", {}),
    ("attributes_find", {"kind": "offer"}),
    ("attributes_find", {"kind": "campaign", "of": "2025"}),
    ("attributes_define", {"name": "route_test", "kind": "campaign", "label": "Route test", "type": "text"}),
    ("attributes_define", {"name": "route_test", "kind": "campaign", "label": "Route test, renamed"}),
    ("attributes_set", {"kind": "campaign", "of": "2025", "values": {"route_test": "yes"}}),
    ("attributes_delete", {"name": "route_test"}),
    ("campaigns_find", {}),
    ("campaigns_find", {"campaigns": ["2025"]}),
    ("campaigns_find", {"attributes": {"uacInitiative": "Digital first"}}),
    ("campaigns_metrics", {"campaigns": ["2025"]}),
    ("campaigns_save", {"name": "Route test 1"}),
    ("campaigns_save", {"name": "Route test 2"}),
    ("campaigns_save", {"name": "Route test 3"}),
    ("campaigns_save", {"campaign": "Route test 1", "description": "changed"}),
    ("campaigns_delete", {"campaigns": ["Route test 1"]}),
    ("campaigns_delete", {"campaigns": ["Route test 2", "Route test 3"]}),
    ("offer_lists_find", {}),
    ("offer_lists_save", {"name": "Route test static", "offers": ["5158"]}),
    ("offer_lists_save", {"name": "Route test smart", "query": "channel = 'Email'"}),
    ("offer_lists_save", {"offer_list": "Route test static", "description": "changed"}),
    ("offer_lists_clear", {"offer_list": "Route test static"}),
    ("offer_lists_retire", {"offer_lists": ["Route test smart"]}),
    ("offer_lists_delete", {"offer_lists": ["Route test static"]}),
    ("target_cells_find", {"campaign": "2025"}),
    ("target_cells_results", {"campaign": "2025"}),
    ("target_cells_save", {"campaign": "2046", "name": "Route test cell 1"}),
    ("target_cells_save", {"campaign": "2046", "name": "Route test cell 2"}),
    ("target_cells_save", {"campaign": "2046", "name": "Route test cell 3"}),
    ("target_cells_save", {"campaign": "2046", "cell": "Route test cell 1", "description": "changed"}),
    ("target_cells_delete", {"campaign": "2046", "cells": ["Route test cell 1"]}),
    ("target_cells_delete", {"campaign": "2046", "cells": ["Route test cell 2", "Route test cell 3"]}),
]
FOLDERS: list[tuple[str, dict[str, Any]]] = [
    (name, {"tree": tree, **arguments})
    for tree, shelf in (("templates", "Lists"), ("forms", "Fulfilment"))
    for name, arguments in (
        ("folders_find", {}),
        ("folders_find", {"folders": [shelf]}),
        ("folders_save", {"name": "Route test"}),
        ("folders_save", {"name": "Route test inside", "parent": "Route test"}),
        ("folders_save", {"folder": "Route test", "description": "changed"}),
        ("folders_delete", {"folders": ["Route test inside"]}),
    )
]
LIBRARY: list[tuple[str, dict[str, Any]]] = [
    ("templates_find", {}),
    ("templates_find", {"templates": ["412"]}),
    ("templates_find", {"folder": "Branches/Mailings"}),
    ("templates_find", {"templates": ["412"], "folder": "102"}),
    ("forms_find", {}),
    ("forms_find", {"forms": ["302"]}),
    ("forms_find", {"forms": ["302"], "attribute": "7007"}),
    ("forms_find", {"forms": ["302"], "offer": "5251"}),
    ("forms_find", {"folder": "207"}),
    ("forms_find", {"forms": ["302"], "folder": "207"}),
    ("forms_find", {"forms": ["302"], "folder": "207", "attribute": "7007"}),
    ("forms_find", {"forms": ["302"], "folder": "207", "offer": "5251"}),
]
KINDS = {
    "simple list": ("Regional list", "Criteria", "Generate list"),
    "advanced list": ("Checked regional list", "Criteria", "Generate list"),
    "on-demand campaign": ("Branch mailing", "Target", "Generate target list"),
}
FILE = base64.b64encode(b"route test").decode()


def _project(kind: str, template: str, tab: str, task: str) -> list[tuple[str, dict[str, Any]]]:
    """The life of a project of this kind; a simple list is in progress from its beginning."""
    own = {"project": f"Route test, {kind}", "kind": kind}
    state = {"projects": [own["project"]], "kind": kind}
    begin = [("projects_change_state", {**state, "action": "pause"})] if kind == "simple list" else []
    return [
        ("projects_find", {"kind": kind}),
        ("projects_save", {"template": template, "name": own["project"], "kind": kind}),
        ("projects_save", {**own, "description": "changed"}),
        *begin,
        ("projects_change_state", {**state, "action": "start"}),
        ("projects_find", {"projects": [own["project"]], "fields": ["recurrence", "forms", "attachments"]}),
        ("project_forms_save", {**own, "form": tab, "values": {"region": "South"}}),
        ("recurrence_set", {**own, "repeat": "daily", "start": "2027-03-01 06:00"}),
        ("workflow_find", own),
        ("workflow_find", {**own, "row": task}),
        ("workflow_run", {**own, "row": task, "wait": False}),
        ("workflow_find", {**own, "row": task}),
        ("attachments_add", {**own, "content": FILE, "name": "route.txt", "title": "Route test"}),
        ("attachments_read", own),
        ("attachments_read", {**own, "folder": "Creative"}),
        ("attachments_read", {**own, "attachment": "Route test"}),
        ("attachments_delete", {**own, "attachments": ["Route test"]}),
    ]


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("workflow_find", {"project": "1000101", "row": "20001"}),
    ("workflow_find", {"project": "1000119", "row": "20019"}),
    ("workflow_find", {"project": "1000136", "row": "20104"}),
]
COLLABORATE = [
    *LIBRARY,
    *FOLDERS,
    *ROWS,
    *(call for kind, made_from in KINDS.items() for call in _project(kind, *made_from)),
]
FORMS = {
    "v1": ({"CAMPAIGN_MCP_UNICA__OFFERS_API": "v1"}, {}),
    "v2 of the reference page": (
        {"CAMPAIGN_MCP_UNICA__OFFERS_API": "v2", "CAMPAIGN_MCP_UNICA__OFFERS_V2_VERBS": "reference"},
        {"v2_verbs": "reference", "offers_v1": False},
    ),
    "v2 of the index": (
        {"CAMPAIGN_MCP_UNICA__OFFERS_API": "v2", "CAMPAIGN_MCP_UNICA__OFFERS_V2_VERBS": "index"},
        {"v2_verbs": "index", "offers_v1": False},
    ),
}


async def agree(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="accept", content={"confirm": True})


async def reached(
    sandbox: Sandbox,
    folder: Path,
    own: dict[str, str],
    calls: list[tuple[str, dict[str, Any]]],
    log: Callable[..., list[dict[str, Any]]],
) -> set[tuple[str, str, str]]:
    """System, verb and path of every route that succeeded while these calls were made."""
    (folder / "none.toml").touch()
    environ = {
        **sandbox.settings(),
        **own,
        "CAMPAIGN_MCP_SETTINGS_FILE": str(folder / "none.toml"),
        "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{(folder / 'state.db').as_posix()}",
    }
    async with Client(Application(load(environ)).mcp, elicitation_callback=agree) as client:
        for name, arguments in calls:
            result = await client.call_tool(name, arguments)
            assert not result.is_error, (name, arguments, result.content)
            status = (result.structured_content or {}).get("status", "done")
            assert status in ("done", "preview"), (name, arguments, result.content)
    entries = log(sandbox)
    assert [entry for entry in entries if entry["refusal"]] == [], "the strict sandbox refused a request"
    return {
        (each["system"], each["method"], each["path_template"]) for each in entries if each["status"] in (200, 201, 204)
    }


def wanted(*systems: str) -> set[tuple[str, str, str]]:
    found = csv.DictReader(io.StringIO(contracts.read("seed-routes.csv")))
    return {(row["system"], row["method"], row["path"].rstrip("/")) for row in found if row["system"] in systems}


@pytest.mark.anyio
async def test_tools_reach_every_route_of_the_seed(
    stand_in: Callable[..., Sandbox], tmp_path: Path, request_log: Callable[..., list[dict[str, Any]]]
) -> None:
    found: set[tuple[str, str, str]] = set()
    for number, (own, switches) in enumerate(FORMS.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        found |= await reached(stand_in(**switches), folder, own, OFFERS + (REST if number == 0 else []), request_log)
    found = {(system, method, path.rstrip("/")) for system, method, path in found}
    missing = wanted("unica-campaign", "unica-platform") - found
    assert not missing, sorted(missing)
    beyond = {
        ("unica-campaign", row["method"], row["path"]) for row in rows() if row["system"] == "unica-campaign"
    } - found
    assert not beyond, f"a route has a class and a tool, and no call reaches it: {sorted(beyond)}"


@pytest.mark.anyio
async def test_tools_reach_every_route_of_collaborate(
    stand_in: Callable[..., Sandbox], tmp_path: Path, request_log: Callable[..., list[dict[str, Any]]]
) -> None:
    found = await reached(stand_in(), tmp_path, {}, COLLABORATE, request_log)
    seed = wanted("unica-collaborate")
    assert len(seed) == 89 and not seed - found, sorted(seed - found)
    beyond = {(row["system"], row["method"], row["path"]) for row in rows() if row["system"] == "unica-collaborate"}
    assert not beyond - found, f"a route has a class and a tool, and no call reaches it: {sorted(beyond - found)}"


def test_the_command_lists_every_route_with_tool_and_risk() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "mcp_server", "routes", "--json"], capture_output=True, encoding="utf-8", check=True
    )
    table = {(row["system"], row["method"], row["path"].rstrip("/")): row for row in json.loads(said.stdout)}
    assert wanted("unica-campaign", "unica-platform", "unica-collaborate") <= set(table)
    for row in table.values():
        assert row["risk"] in ("read", "write", "consent", "reaches_customers", "destructive")
        assert row["tool"] == "session" if row["category"] == "authentication" else row["tool"], row
