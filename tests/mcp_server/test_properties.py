"""Whatever arguments a model makes up, it reads an answer: no trace, no protocol error, nothing over the cap.

Arguments are generated from the published schemas; about half of the texts are names, codes and ids of the demo data,
so that the calls get behind the first check. Each tool must have been reached, and reached past its arguments.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import anyio.from_thread
import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult

import sandbox
from mcp_server.answer import HARD_BYTES
from mcp_server.application import Application
from mcp_server.catalogue import load
from mcp_server.settings import load as load_settings
from mcp_server.visible import SETUP

EXAMPLES = {"auto": 30, "legacy": 12}
"""Calls of each tool in each era; what is made of arguments has nothing to do with the era."""
FITTING = 6
TOOLS = [entry.name for entry in load() if entry.category != SETUP]
"""All but the one of a server without a system, which these have (see test_setup_help)."""
KNOWN = [
    *(
        "5158",
        "5006",
        "5001",
        "5009",
        "5010",
        "5011",
        "999999",
        "0",
        "-1",
        "2025",
        "2046",
        "2012",
        "8218",
        "8217",
        "8354",
    ),
    *("601", "602", "606", "609", "31", "36", "12", "64", "81"),
    *("Gold card 3% cashback, Spring 2026", "Solar loan from 4.9% a year, rooftop pilot", "CC00129-ZA7"),
    *("Spring 2026 Gold Card Cashback", "Autumn Gold Card Cashback", "Winter 2026 Personal Loan"),
    *("Spring 2026 showcase", "Youth by email", "Loyalty points", "Credit card cashback"),
    *("channel", "season", "cost", "expiry_date", "uacInitiative", "budget", "card_perks", "no_such_attribute"),
    *(
        "412",
        "Branch mailing",
        "301",
        "101",
        "Branches/Mailings",
        "on-demand campaign",
        "1000136",
        "9001",
        "in progress",
    ),
    *("Email", "Spring 2026", "<2", ">=10", "2026-01-01", "2026-02-30", "campaign", "offer", "cell", "-name", "all"),
]
FILE = base64.b64encode(b"made up").decode()
CAMPAIGNS = ["2025", "2046", "2012", "Spring 2026 Gold Card Cashback", "Autumn Gold Card Cashback", "C000002025"]
OFFERS = ["5158", "5006", "5009", "5010", "5014", "CC00129-ZA7", "Solar loan from 4.9% a year, rooftop pilot", "77"]
LISTS = ["602", "606", "609", "Spring 2026 showcase", "Youth by email", "608"]
CELLS = ["8218", "8217", "8354", "A000008219", "Active card holders, Email"]
PROJECTS = ["1000136", "1000138", "1000140", "Branch mailing Fernton", "1000101", "1000119"]
"""On-demand campaigns in progress, failing and not started; lists of both kinds."""
LIKELY: Mapping[str, list[Any]] = {
    "project": PROJECTS,
    "projects": PROJECTS,
    "templates": ["412", "401", "Gold card upgrade"],
    "form": ["Target", "Criteria", "301"],
    "forms": ["301", "Letter of the branch", "320"],
    "row": ["Generate target list", "Generate list", "20104"],
    "attachment": ["9001", "Leaflet"],
    "attachments": ["9001", "9002", "Leaflet"],
    "content": [FILE, "no base64"],
    "folders": ["101", "120", "Branches/Mailings", "Target selection", "99999"],
    "parent": ["102", "Empty shelf", "Branches/Mailings/Seasonal"],
    "days": ["monday", "Thursday", "someday"],
    "address": [
        *("unica://collaborate/template-folders", "collaborate/forms/301", "unica://campaign/offer-templates"),
        *("actito://", "actito://MeridianBank/profile-tables/16", "actito://NoBrand"),
    ],
    "campaign": CAMPAIGNS,
    "campaigns": CAMPAIGNS,
    "offer": OFFERS,
    "offers": OFFERS,
    "copy_of": OFFERS,
    "check": OFFERS,
    "keep": OFFERS,
    "offer_list": LISTS,
    "offer_lists": LISTS,
    "cell": CELLS,
    "cells": CELLS,
    "control_cell": ["8217", "8221"],
    "template": ["31", "36", "Loyalty points", "Credit card cashback", "412", "Regional list"],
    "of": ["2025", "5158", "8218"],
    "name": ["Made up", "channel", "route_test", "budget", "Gold card 3% cashback, Spring 2026", "x" * 300],
    "names": ["channel", "budget", "Made up", "``` | \u202e"],
    "start": ["2027-01-01", "2027-02-30", "soon"],
    "end": ["2027-06-30", "2026-01-01"],
    "code": ["C900000001", "C000002025", "A900000001"],
    "query": ["channel = 'Email'", "cost < 1 AND segment = 'Youth'", "nonsense ="],
    "attributes": [{}, {"channel": "Email"}, {"budget": 5000}, {"cost": "<2"}, {"no_such": 1}],
    "values": [{"budget": 70000}, {"channel": "Web"}, {"region": "South"}, {"sales_region": "North", "no_such": 1}],
    "clear": ["description", "budget"],
    "fields": ["all", "description", "code", "recurrence", "forms", "attachments", "no_such"],
    "sort": ["-start", "name", "no_such"],
    "folder": [12, 64, 81, 99999, "102", "Branches/Mailings"],
    "options": ["One", "Two"],
}
"""What is likely for a parameter of this name: drawn as often as something made up."""

CUSTOMERS = ["100001", "ada.larkin@example.org", "customerNumber=MB00000001", "100003", "999999", "firstName=Ada"]
MAILS = ["201", "207", "Welcome series", "Winter_Rates_2026", "210", "206", "Autumn newsletter 2026"]
ROWS = ["emailAddress;firstName\nzoe.quill@example.org;Zoe\n", "branchCode;name\nBR001;Ash\n", "no_such\n1\n", ";;\n"]
LIKELY_IN_ACTITO: Mapping[str, list[Any]] = {
    "entity": ["MeridianBank", "LarkDirect", "meridianbank", "NoBrand", "-"],
    "table": ["Customers", "16", "CardPayments", "Branches", "Prospects", "NoTable"],
    "profile": CUSTOMERS,
    "profiles": CUSTOMERS,
    "opt_in": ["Newsletter", "Promotions", "News"],
    "opt_out": ["Newsletter", "BranchEvents"],
    "set": [{"LoyaltyLevel": "Gold"}, {"Vip": True}, {"LoyaltyLevel": "Tin"}],
    "leave": ["Vip", "LoyaltyLevel", "LifeStage"],
    "record": ["PAY-2026-000001", "BR001", "none"],
    "records": ["PAY-2026-000001", "BR001", "none"],
    "where": ["status=BOOKED", "customerId=100001", "nonsense", "amount="],
    "search": ["newsletter", "Customers", {"lastName": "Larkin"}, {"Newsletter": True}, {"no_such": 1}],
    "values": [{"homeBranch": "Fernton"}, {"status": "REFUNDED"}, {"loyaltyPoints": "many"}, {"profileId": 5}],
    "clear": ["homeBranch", "merchant", "reply_to", "emailAddress"],
    "email": MAILS,
    "emails": MAILS,
    "campaign": MAILS,
    "copy_of": MAILS,
    "languages": ["EN", "FR", "xx"],
    "html": ["<p>Hello</p>", '<img src="missing.png">', "<"],
    "scenario": ["scn_welcome_2026", "Welcome journey", "scn_card_activation"],
    "form": ["12", "contest_autumn", "survey_2025", "nobody"],
    "participation": [4711, 4712, 99],
    "participations": ["4711", "99"],
    "answers": [{"favouriteColour": "green"}, {"visits": 3}, {"no_such": 1}],
    "recipient": [{"emailAddress": "new.person@example.org"}, {"no_such": "x"}],
    "definition": [{"targetTable": "Customers"}, {"mode": "UPSERT"}],
    "csv": ROWS,
    "item": ["123456", "CustomerSync", "123654986", "1000125"],
    "settings": [{"targetTable": "Branches", "fileNamePattern": "b_*.csv"}],
    "webhook": [123789601, 1],
    "webhooks": ["123789602", "1"],
    "of": ["Customers", "16", "CardPayments"],
    "url": ["https://hooks.example.org/in", "http://hooks.example.org"],
    "headers": [{"X-Secret": "made up"}, {}],
    "failed_on": ["2026-11-18", "2026-02-30"],
    "action": ["UpdateWalletPass", "700101"],
    "actions": ["UpdateWalletPass", "700102"],
    "attributes": [{"score": "number"}, {"emailAddress": "email"}, {"state": {"accepted": ["A"]}}],
    "path": ["/journal/v5/entities/MeridianBank/entries", "/v5/entities/MeridianBank/etls", "//example.org", "/../x"],
    "fields": ["all", "subject", "body", "emailAddress", "settings", "answers", "no_such"],
}
"""The same for the tools of Actito."""

NAMES = ("channel", "season", "cost", "expiry_date", "budget", "name", "attributes", "discount_rate", "sales_region")
texts = st.sampled_from(KNOWN) | st.text(max_size=40)
values = texts | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False) | st.lists(texts, max_size=3)
objects = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=12), values, max_size=4)


made_up = st.text("abcdefghij ", min_size=3, max_size=12).filter(str.strip)
GOOD: Mapping[str, dict[str, st.SearchStrategy[Any]]] = {
    "attributes_define": {"name": st.from_regex(r"[a-z]{3,9}", fullmatch=True), "kind": st.just("campaign")},
    "attributes_set": {"kind": st.just("campaign"), "of": st.just("2025"), "values": st.just({"budget": 70000})},
    "campaigns_save": {"campaign": st.sampled_from(["2025", "2046"]), "description": made_up},
    "offers_create": {"template": st.just("36"), "names": st.lists(made_up, min_size=1, max_size=2)},
    "offer_lists_save": {"name": made_up},
    "target_cells_find": {"campaign": st.sampled_from(["2025", "2046"]), "search": made_up},
    "target_cells_results": {"campaign": st.sampled_from(["2025", "2046"])},
    "target_cells_save": {"campaign": st.just("2046"), "name": made_up},
    "folders_save": {"tree": st.just("templates"), "name": made_up, "parent": st.sampled_from(["", "Branches"])},
    "projects_save": {"template": st.sampled_from(["412", "Regional list"]), "name": made_up},
    "projects_change_state": {"projects": st.just(["1000136"]), "action": st.sampled_from(["pause", "finish"])},
    "project_forms_save": {
        "project": st.just("1000136"),
        "form": st.just("Target"),
        "values": st.fixed_dictionaries({"region": st.sampled_from(["South", "West"]), "campaign_note": made_up}),
    },
    "recurrence_set": {"project": st.just("1000136"), "repeat": st.just("daily"), "start": st.just("2027-01-01")},
    "workflow_run": {"project": st.just("1000136"), "row": st.sampled_from(["Generate target list", "Fulfilment"])},
    "attachments_add": {"project": st.just("1000136"), "content": st.just(FILE), "name": st.just("made up.txt")},
    "attachments_delete": {"project": st.just("1000138"), "attachments": st.just(["9001"])},
}
BANK = {"entity": st.just("MeridianBank")}
CUSTOMER = {**BANK, "table": st.just("Customers")}
GOOD_IN_ACTITO: Mapping[str, dict[str, st.SearchStrategy[Any]]] = {
    "actito_tables_find": CUSTOMER,
    "actito_tables_save": {**BANK, "table": st.just("Branches"), "attributes": st.just({"manager": "string"})},
    "actito_profiles_find": {**CUSTOMER, "profiles": st.lists(st.sampled_from(CUSTOMERS), min_size=1, max_size=3)},
    "actito_profiles_save": {
        **CUSTOMER,
        "profile": st.just("100001"),
        "values": st.fixed_dictionaries({"homeBranch": made_up}),
    },
    "actito_profiles_delete": {**CUSTOMER, "profiles": st.just(["100002"])},
    "actito_subscriptions_set": {**CUSTOMER, "profiles": st.just(["100001"]), "opt_in": st.just(["Promotions"])},
    "actito_segments_set": {**CUSTOMER, "profiles": st.just(["100001"]), "set": st.just({"LoyaltyLevel": "Silver"})},
    "actito_records_find": {**BANK, "table": st.just("CardPayments"), "where": st.just("status=BOOKED")},
    "actito_records_save": {
        **BANK,
        "table": st.just("CardPayments"),
        "record": st.just("PAY-2026-000001"),
        "values": st.fixed_dictionaries({"merchant": made_up}),
    },
    "actito_records_delete": {**BANK, "table": st.just("CardPayments"), "records": st.just(["PAY-2026-000003"])},
    "actito_imports_find": {**BANK, "item": st.sampled_from(["123456", "123654986"])},
    "actito_imports_run": {**BANK, "definition": st.just({"targetTable": "Customers"}), "csv": st.just(ROWS[0])},
    "actito_import_definitions_save": {
        **BANK,
        "name": st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True),
        "starts": st.just("file"),
        "settings": st.just({"targetTable": "Branches", "fileNamePattern": "b_*.csv"}),
    },
    "actito_emails_find": {**BANK, "emails": st.lists(st.sampled_from(MAILS), min_size=1, max_size=2)},
    "actito_emails_save": {**BANK, "copy_of": st.just("201"), "label": made_up},
    "actito_emails_delete": {**BANK, "emails": st.sampled_from([["206"], ["Empty_Draft"]])},
    "actito_messages_send": {**BANK, "campaign": st.just("207"), "profiles": st.just(["100001"])},
    "actito_scenarios_find": {**BANK, "search": st.sampled_from(["welcome", ""])},
    "actito_scenarios_run": {**BANK, "scenario": st.just("scn_welcome_2026"), "profiles": st.just(["100001"])},
    "actito_forms_read": {**BANK, "form": st.sampled_from(["12", "contest_autumn"])},
    "actito_forms_participate": {
        **BANK,
        "form": st.just("12"),
        "participation": st.just(4711),
        "answers": st.fixed_dictionaries({"visits": st.integers(0, 99)}),
    },
    "actito_webhooks_find": {**BANK, "webhook": st.just(123789601)},
    "actito_webhooks_save": {**BANK, "webhook": st.just(123789601), "active": st.sampled_from(["yes", "no"])},
    "actito_webhooks_delete": {**BANK, "webhooks": st.just(["123789602"])},
    "actito_actions_find": {**BANK, "search": st.sampled_from(["wallet", ""])},
    "actito_actions_save": {**BANK, "name": made_up, "parameters": st.just({"a": "STRING"})},
    "actito_actions_delete": {**BANK, "actions": st.just(["700102"])},
    "actito_request": {"method": st.sampled_from(["GET", "POST"]), "path": st.just("/journal/v5/entries")},
}
"""Where hardly any combination fits together: some that do."""
ALWAYS: Mapping[str, dict[str, Any]] = {"workflow_run": {"wait": False}, "actito_imports_run": {"wait": False}}
"""What an example has whatever else it has: to watch a run takes seconds."""
FITS: Mapping[str, type] = {"object": dict, "integer": int}
"""What a likely value is for a parameter of this type; for others a text."""


def arguments(name: str, schema: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments by a schema; a required one is nearly always there, and now and then something is quite wrong."""
    required = set(schema.get("required", ()))
    known = LIKELY_IN_ACTITO if name.startswith("actito_") else LIKELY
    usual = {each: likely(known.get(each, []), part) for each, part in schema["properties"].items()}
    good = st.fixed_dictionaries(
        {name: each for name, each in usual.items() if name in required},
        optional={name: each for name, each in usual.items() if name not in required},
    )
    few = st.tuples(good, st.sets(st.sampled_from([*usual]), max_size=4)).map(
        lambda drawn: {name: each for name, each in drawn[0].items() if name in drawn[1] | required}
    )
    return st.one_of(good, few, st.dictionaries(st.sampled_from([*usual, "nonsense"]), values, max_size=5))


def likely(wanted: list[Any], schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    fitting = [each for each in wanted if isinstance(each, FITS.get(schema["type"], str))]
    if not fitting:
        return value(schema)
    known = st.sampled_from(fitting)
    return (st.lists(known, min_size=1, max_size=3) if schema["type"] == "array" else known) | value(schema)


def value(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "string":
            return texts
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(1, 200) | st.sampled_from([11, 12, 64, 81, 0, -1, 10_000])
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "array":
            return st.lists(value(schema["items"]), max_size=4)
        case "object":
            return objects
        case kind:
            raise AssertionError(f"a schema with {kind}")


async def agree(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="accept", content={"confirm": True})


class World:
    """A sandbox and a client that stay for all examples; the data is laid anew when an example may have changed it."""

    def __init__(self, portal: anyio.from_thread.BlockingPortal, mode: str, folder: str) -> None:
        self._portal = portal
        self.running = sandbox.start()
        self.examples = EXAMPLES[mode]
        own = {
            "CAMPAIGN_MCP_TOOLSETS": "all",
            "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{folder}/state.db",
            "CAMPAIGN_MCP_SETTINGS_FILE": f"{folder}/no.toml",
        }
        self.application = Application(load_settings({**self.running.settings(), **own}))
        self.client = Client(self.application.mcp, mode=mode, elicitation_callback=agree)
        self._open: AbstractContextManager[Client] = portal.wrap_async_context_manager(self.client)
        self._open.__enter__()
        self.reached: Counter[str] = Counter()
        self.behind: Counter[str] = Counter()

    def call(self, name: str, given: dict[str, Any]) -> CallToolResult:
        return self._portal.call(self.client.call_tool, name, given)

    def renew(self) -> None:
        httpx.post(f"{self.running.url}/sandbox/reset", verify=False).raise_for_status()

    def close(self) -> None:
        self._open.__exit__(None, None, None)
        self.running.stop()


@pytest.fixture(scope="module", params=["auto", "legacy"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("properties")
    (folder / "no.toml").touch()
    with anyio.from_thread.start_blocking_portal() as portal:
        world = World(portal, request.param, folder.as_posix())
        yield world
        world.close()


@pytest.mark.parametrize("name", TOOLS)
def test_any_arguments_give_an_answer(world: World, name: str) -> None:
    entry = next(each for each in load() if each.name == name)
    try_out(world, name, arguments(name, entry.published["inputSchema"]), world.examples)
    if fitting := {**GOOD, **GOOD_IN_ACTITO}.get(name):
        try_out(world, name, st.fixed_dictionaries(fitting), FITTING)
    assert world.reached[name] >= world.examples // 2
    assert world.behind[name] >= 3, "generated arguments hardly ever get past the first check"


def try_out(world: World, name: str, drawn: st.SearchStrategy[dict[str, Any]], count: int) -> None:
    """Call a tool with that many examples."""

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn)
    def check(given: dict[str, Any]) -> None:
        result = world.call(name, {**given, **ALWAYS.get(name, {})})
        text = "".join(block.text for block in result.content if block.type == "text")
        data = result.structured_content or {}
        code = data.get("error", {}).get("code", "")
        world.reached[name] += 1
        world.behind[name] += code != "bad_argument"
        assert text and data, given
        assert code != "internal_error", given
        assert "Traceback" not in text, given
        assert len(text.encode()) <= HARD_BYTES, given
        assert len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()) <= HARD_BYTES, given
        if data.get("status") == "done":
            world.renew()

    check()
    world.renew()
