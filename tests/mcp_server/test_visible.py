"""Which tools are listed, and what the operator may say about it."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_server.catalogue import Entry, load
from mcp_server.visible import Choice, check, visible, why_forbidden, why_hidden
from upstream.request import Risk

SYSTEM = "unica-campaign"
COLLABORATE = "unica-collaborate"
CONFIGURED = frozenset({SYSTEM})


def entry(
    name: str, category: str, risk: Risk, *, writes: bool = True, system: str = SYSTEM, least: Risk | None = None
) -> Entry:
    return Entry({"name": name}, "tools.campaign.offers", system, category, writes, risk, least or risk, [])


ENTRIES = [
    entry("offers_find", "offers", Risk.READ, writes=False),
    entry("offers_create", "offers", Risk.WRITE),
    entry("offers_delete", "offers", Risk.DESTRUCTIVE),
    entry("mailings_send", "mailings", Risk.REACHES_CUSTOMERS),
    entry("profiles_subscribe", "profiles", Risk.CONSENT),
]
ALL = [each.name for each in ENTRIES]
TEMPLATES = entry("templates_find", "templates", Risk.READ, writes=False, system=COLLABORATE)
RUN = entry("workflow_run", "workflow", Risk.REACHES_CUSTOMERS, system=COLLABORATE)


def listed(**choice: Any) -> list[str]:
    return [each.name for each in ENTRIES if visible(each, Choice(CONFIGURED, **choice))]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({}, ALL),
        ({"include": ["offers"]}, ["offers_find", "offers_create", "offers_delete"]),
        ({"include": ["offers_find", "mailings"]}, ["offers_find", "mailings_send"]),
        ({"include": [SYSTEM], "exclude": ["offers"]}, ["mailings_send", "profiles_subscribe"]),
        ({"include": ["offers_find"], "exclude": ["offers_find"]}, []),
        ({"include": ["offers_find"], "exclude": ["offers"]}, []),
        ({"exclude": [SYSTEM]}, []),
        ({"read_only": True}, ["offers_find"]),
        ({"no_delete": True}, ["offers_find", "offers_create", "mailings_send", "profiles_subscribe"]),
        ({"no_send": True}, ["offers_find", "offers_create", "offers_delete"]),
        ({"no_send": True, "no_delete": True, "include": ["offers"]}, ["offers_find", "offers_create"]),
        ({"read_only": True, "include": ["offers_delete"]}, []),
    ],
)
def test_what_is_listed(choice: dict[str, Any], names: list[str]) -> None:
    assert listed(**choice) == names


@pytest.mark.parametrize(
    ("include", "names"),
    [
        ([], ["actito_profiles_find"]),
        (["default"], ["actito_profiles_find"]),
        (["actito"], ["actito_profiles_find"]),
        (["default", "actito_webhooks"], ["actito_profiles_find", "actito_webhooks_find"]),
        (["actito_webhooks_find"], ["actito_webhooks_find"]),
        (["all"], ["actito_profiles_find", "actito_webhooks_find"]),
        (["unica-campaign"], []),
    ],
)
def test_what_is_on_demand_is_listed_when_it_is_named(include: list[str], names: list[str]) -> None:
    found = [
        entry(name, name.removesuffix("_find"), Risk.READ, writes=False, system="actito")
        for name in ("actito_profiles_find", "actito_webhooks_find")
    ]
    choice = Choice({"actito", SYSTEM}, include=include)
    check([*found, *ENTRIES], choice)
    assert [each.name for each in found if visible(each, choice)] == names


def test_what_is_on_demand_says_how_to_have_it() -> None:
    hooks = entry("actito_webhooks_find", "actito_webhooks", Risk.READ, writes=False, system="actito")
    assert why_hidden(hooks, Choice({"actito"})) == (
        "it is listed on demand only (CAMPAIGN_MCP_TOOLSETS=default,actito_webhooks)"
    )
    assert "CAMPAIGN_MCP_EXCLUDE" in why_hidden(hooks, Choice({"actito"}, include=["all"], exclude=["actito_webhooks"]))


@pytest.mark.parametrize(
    ("each", "configured", "variable"),
    [(ENTRIES[0], {COLLABORATE}, "CAMPAIGN_URL"), (TEMPLATES, {SYSTEM}, "COLLABORATE_URL")],
)
def test_tools_of_a_system_without_settings_are_not_listed(each: Entry, configured: set[str], variable: str) -> None:
    assert why_hidden(each, Choice(configured)) == (
        f"{each.system} is not configured (CAMPAIGN_MCP_UNICA__{variable} or CAMPAIGN_MCP_UNICA__URL)"
    )


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({}, [*ALL, "templates_find", "workflow_run"]),
        ({"include": [COLLABORATE]}, ["templates_find", "workflow_run"]),
        ({"exclude": [COLLABORATE]}, ALL),
        (
            {"include": [SYSTEM, "templates"], "exclude": ["offers", "mailings"]},
            ["profiles_subscribe", "templates_find"],
        ),
        ({"include": [COLLABORATE], "no_send": True}, ["templates_find"]),
        ({"systems": {COLLABORATE}, "exclude": ["workflow_run"]}, ["templates_find"]),
    ],
)
def test_two_systems_are_chosen_by_their_names(choice: dict[str, Any], names: list[str]) -> None:
    chosen = Choice(**{"systems": {SYSTEM, COLLABORATE}, **choice})
    assert [each.name for each in [*ENTRIES, TEMPLATES, RUN] if visible(each, chosen)] == names


def test_a_tool_that_writes_is_no_reading_tool_whatever_its_risk_says() -> None:
    assert "--read-only" in why_hidden(entry("odd", "offers", Risk.READ), Choice(CONFIGURED, read_only=True))


def test_a_tool_that_can_also_do_less_goes_only_with_that() -> None:
    state = entry("projects_change_state", "projects", Risk.DESTRUCTIVE, least=Risk.WRITE)
    assert visible(state, Choice(CONFIGURED, no_delete=True, no_send=True))
    assert not visible(state, Choice(CONFIGURED, read_only=True))


@pytest.mark.parametrize(("flag", "risk"), [("no_delete", Risk.DESTRUCTIVE), ("no_send", Risk.CONSENT)])
def test_what_may_not_happen_may_not_happen_through_any_tool(flag: str, risk: Risk) -> None:
    choice = Choice(CONFIGURED, **{flag: True})
    assert f"--{flag.replace('_', '-')}" in why_forbidden(risk, choice) and not why_forbidden(Risk.WRITE, choice)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"include": ["offer"]}, "'offer' (did you mean 'offers'?)"),
        ({"exclude": ["offers_delet"]}, "'offers_delet' (did you mean 'offers_delete'?)"),
        ({"include": ["offers", "xyzzy"]}, "'xyzzy'; known are mailings, offers, profiles, unica-campaign"),
    ],
)
def test_unknown_names_are_fatal(choice: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as caught:
        check(ENTRIES, Choice(CONFIGURED, **choice))
    assert said in str(caught.value)


def test_every_tool_of_the_catalogue_can_be_named() -> None:
    entries = load()
    names = [name for each in entries for name in (each.name, each.category, each.system) if name]
    check(entries, Choice(CONFIGURED, include=names, exclude=names))


@pytest.mark.parametrize(
    ("variable", "value", "near"),
    [
        ("TOOLSETS", "offer", "offers"),
        ("EXCLUDE", "offers_retir", "offers_retire"),
        ("CONFIRM_ALSO", "offer_create", "offers_create"),
        ("CONFIRM_ALSO", "offers_find", "no tool that writes"),
    ],
)
def test_the_server_does_not_start_with_an_unknown_name(world: Any, variable: str, value: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"CAMPAIGN_MCP_{variable}.*{near}"):
        world.application(**{variable: value})


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("own", "system", "hidden", "variable"),
    [
        ("COLLABORATE", "unica-collaborate", "campaigns_find", "CAMPAIGN_MCP_UNICA__CAMPAIGN_URL"),
        ("CAMPAIGN", "unica-campaign", "templates_find", "CAMPAIGN_MCP_UNICA__COLLABORATE_URL"),
    ],
)
async def test_a_server_for_one_application_lists_only_its_tools(
    world: Any, own: str, system: str, hidden: str, variable: str
) -> None:
    address = {"UNICA__URL": "", f"UNICA__{own}_URL": world.sandbox.url, "EXCLUDE": "actito"}
    async with world.connected(**address) as client:
        names = {each.name for each in (await client.list_tools()).tools}
        answer = await client.call_tool(hidden, {})
    assert names - {"browse"} == {each.name for each in load() if each.system == system}
    assert answer.is_error and variable in answer.structured_content["error"]["message"]
