"""Which tools are listed, and what the operator may say about it."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_server.catalogue import Entry, load
from mcp_server.visible import Choice, check, visible, why_forbidden, why_hidden
from upstream.request import Risk

SYSTEM = "unica-campaign"
CONFIGURED = frozenset({SYSTEM})


def entry(name: str, category: str, risk: Risk, *, writes: bool = True) -> Entry:
    return Entry({"name": name}, "tools.campaign.offers", SYSTEM, category, writes, risk, [])


ENTRIES = [
    entry("offers_find", "offers", Risk.READ, writes=False),
    entry("offers_create", "offers", Risk.WRITE),
    entry("offers_delete", "offers", Risk.DESTRUCTIVE),
    entry("mailings_send", "mailings", Risk.REACHES_CUSTOMERS),
    entry("profiles_subscribe", "profiles", Risk.CONSENT),
]
ALL = [each.name for each in ENTRIES]


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


def test_tools_of_a_system_without_settings_are_not_listed() -> None:
    assert "not configured" in why_hidden(ENTRIES[0], Choice(frozenset()))


def test_a_tool_that_writes_is_no_reading_tool_whatever_its_risk_says() -> None:
    assert "--read-only" in why_hidden(entry("odd", "offers", Risk.READ), Choice(CONFIGURED, read_only=True))


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
    names = [name for each in entries for name in (each.name, each.category, each.system)]
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
