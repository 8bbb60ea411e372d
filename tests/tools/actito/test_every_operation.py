"""Every operation of Actito is reached by a tool: proven by calling the tools and reading the sandbox's request log."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import yaml

import contracts

pytestmark = pytest.mark.anyio

Call = tuple[str, dict[str, Any]]
HERE = {"entity": "MeridianBank"}
CUSTOMERS = {**HERE, "table": "Customers"}
PAYMENTS = {**HERE, "table": "CardPayments"}
FORM = {**HERE, "form": "contest_autumn"}
ROWS = "emailAddress;firstName\nzoe.quill@example.org;Zoe\n"

EITHER: list[Call] = [
    ("actito_entities_find", {}),
    ("actito_tables_find", HERE),
    ("actito_tables_find", CUSTOMERS),
    ("actito_tables_find", PAYMENTS),
    ("actito_profiles_find", {**CUSTOMERS, "profiles": ["100001"]}),
    ("actito_profiles_find", {**CUSTOMERS, "search": {"lastName": "Larkin"}}),
    ("actito_profiles_save", {**CUSTOMERS, "profile": "100001", "values": {"homeBranch": "Fernton"}}),
    ("actito_profiles_save", {**CUSTOMERS, "values": {"emailAddress": "new.one@example.org"}}),
    ("actito_profiles_delete", {**CUSTOMERS, "profiles": ["100002"]}),
]
"""What there is in v5 and in v4."""

REST: list[Call] = [
    # The unique attribute itself changes, so that it can't say which profile is meant.
    (
        "actito_profiles_save",
        {**HERE, "table": "Prospects", "profile": "103500", "values": {"emailAddress": "x@example.net"}},
    ),
    ("actito_scenarios_find", HERE),
    ("actito_scenarios_run", {**HERE, "scenario": "scn_welcome_2026", "profiles": ["100001"]}),
    ("actito_records_find", {**PAYMENTS, "where": "status=BOOKED"}),
    ("actito_records_save", {**PAYMENTS, "record": "PAY-2026-000001", "values": {"status": "REFUNDED"}}),
    ("actito_records_delete", {**PAYMENTS, "records": ["PAY-2026-000003"]}),
    ("actito_tables_save", {**HERE, "table": "Branches", "attributes": {"manager": "string"}}),
    ("actito_tables_save", {**HERE, "table": "Prospects", "attributes": {"score": "number"}}),
    (
        "actito_tables_save",
        {**HERE, "table": "Visits", "new": "custom", "key": "visitId", "attributes": {"visitId": "string"}},
    ),
    (
        "actito_tables_save",
        {**HERE, "table": "Fans", "new": "profile", "attributes": {"email": "email, unique, mandatory"}},
    ),
    ("actito_imports_find", HERE),
    ("actito_imports_find", {**HERE, "what": "definitions", "item": "123456"}),
    ("actito_imports_find", {**HERE, "item": "123654986"}),
    ("actito_imports_find", {**HERE, "what": "v4", "item": "1000125"}),
    ("actito_imports_run", {**HERE, "definition": {"targetTable": "Customers"}, "csv": ROWS, "wait": False}),
    (
        "actito_import_definitions_save",
        {
            **HERE,
            "name": "Weekly",
            "starts": "file",
            "settings": {"targetTable": "Branches", "fileNamePattern": "b_*.csv"},
        },
    ),
    ("actito_emails_find", HERE),
    (
        "actito_emails_save",
        {**CUSTOMERS, "label": "Routes", "sender": "Bank", "languages": ["EN"], "subject": "S", "html": "<p>Hello</p>"},
    ),
    ("actito_emails_save", {**HERE, "email": "Routes", "sender": "Meridian Bank", "html": "<p>Bye</p>"}),
    ("actito_emails_find", {**HERE, "emails": ["Routes"], "fields": ["all"]}),
    ("actito_emails_delete", {**HERE, "emails": ["Routes"]}),
    ("actito_messages_send", {**HERE, "campaign": "Welcome series", "profiles": ["ada.larkin@example.org"]}),
    ("actito_messages_send", {**HERE, "campaign": "207", "bulk": {"contacts": [{"profileId": 100001}]}}),
    ("actito_messages_send", {**HERE, "campaign": "210", "recipient": {"emailAddress": "new@example.org"}}),
    (
        "actito_messages_send",
        {
            **HERE,
            "campaign": "210",
            "recipient": {"emailAddress": "new@example.org"},
            "content": {"a.txt": "RGVhciBBZGE="},
        },
    ),
    ("actito_forms_read", {**FORM, "participations": ["4711"]}),
    ("actito_forms_participate", {**FORM, "answers": {"favouriteColour": "green"}, "profile": "100001"}),
    ("actito_forms_participate", {**FORM, "participation": 4711, "answers": {"visits": 9}}),
    ("actito_webhooks_find", HERE),
    ("actito_webhooks_find", {**HERE, "webhook": 123789601, "failed_on": "2026-11-18"}),
    (
        "actito_webhooks_save",
        {**HERE, "kind": "profile table", "of": "Customers", "event": "updated", "url": "https://crm.example.com/in"},
    ),
    ("actito_webhooks_save", {**HERE, "webhook": 123789601, "active": "no"}),
    ("actito_webhooks_delete", {**HERE, "webhooks": ["123789602"]}),
    ("actito_actions_find", HERE),
    ("actito_actions_find", {**HERE, "action": "UpdateWalletPass"}),
    ("actito_actions_save", {**HERE, "name": "RouteTest", "parameters": {"a": "STRING"}}),
    ("actito_actions_save", {**HERE, "action": "NotifyBranch", "parameters": {"note": "STRING"}}),
    ("actito_actions_delete", {**HERE, "actions": ["NotifyBranch"]}),
]

OLDER: list[Call] = [
    (
        "actito_subscriptions_set",
        {**CUSTOMERS, "profiles": ["100001"], "opt_in": ["Promotions"], "opt_out": ["Newsletter"]},
    ),
    ("actito_segments_set", {**CUSTOMERS, "profiles": ["100001"], "set": {"LoyaltyLevel": "Silver"}, "leave": ["Vip"]}),
    ("actito_imports_run", {**CUSTOMERS, "definition": {"mode": "UPSERT"}, "csv": ROWS, "wait": False}),
    (
        "actito_imports_run",
        {
            **HERE,
            "table": "Branches",
            "definition": {"mode": "UPSERT"},
            "csv": "branchCode;name\nBR001;Ash\n",
            "wait": False,
        },
    ),
]
"""What there is in v4 alone."""

UNREAD: list[Call] = [
    ("actito_records_save", {**PAYMENTS, "record": "PAY-2026-000002", "values": {"status": "REFUNDED"}}),
]
"""What is done in another way where the structure of a table may not be read."""

NO_STRUCTURES = [{"kind": "status", "method": "GET", "path": "*/custom-tables*", "status": 403, "times": 99}]


def published() -> set[str]:
    """The operations that there are, by the contract."""
    paths = yaml.safe_load(contracts.read("actito.openapi.yaml"))["paths"].values()
    operations = [operation for path in paths for operation in path.values()]
    return {each["operationId"] for each in operations if each["x-confidence"] != "guess"}


async def test_tools_reach_every_operation(assistant: Any, request_log: Callable[..., list[dict[str, Any]]]) -> None:
    found: set[str] = set()
    for calls, own in (
        (EITHER + REST, {"ACTITO__API": "v5", "actito_paths": "prefixed"}),
        (EITHER + OLDER, {"ACTITO__API": "v4", "actito_paths": "old"}),
        (UNREAD, {"faults": NO_STRUCTURES}),
    ):
        async with assistant(TOOLSETS="all", **own) as ask:
            for name, arguments in calls:
                answer = await ask(name, **arguments)
                assert not answer.failed, (name, arguments, answer.text)
                assert answer.data.get("status", "done") == "done", (name, arguments, answer.text)
            found |= {each["operation"] for each in request_log(ask.sandbox) if each["status"] in (200, 201, 202, 204)}
    wanted = published()
    assert len(wanted) == 77 and not wanted - found, sorted(wanted - found)


def test_the_command_lists_them_with_tool_risk_and_confidence() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "mcp_server", "routes", "--json"], capture_output=True, encoding="utf-8", check=True
    )
    rows = [row for row in json.loads(said.stdout) if row["system"] == "actito"]
    assert len(rows) == 77
    for row in rows:
        assert row["confidence"] in ("documented", "observed", "inferred"), row
        assert row["risk"] in ("read", "write", "consent", "reaches_customers", "destructive"), row
        assert (row["tool"] == "session") is (row["path"] == "/auth/token"), row
        assert row["tool"].startswith(("actito_", "session")), row
    paths = {(row["method"], row["path"]) for row in rows}
    seed = [row for row in csv.DictReader(io.StringIO(contracts.read("seed-routes.csv"))) if row["system"] == "actito"]
    assert seed, "the seed has routes of Actito"
    for row in seed:
        older = [(method, path) for method, path in paths if path.endswith(row["path"])]
        assert any(method == row["method"] for method, _ in older), row
