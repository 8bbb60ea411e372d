"""People, programs and API keys that may come in, and the environment that points a client at a sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.contract import ACTITO_MOUNT


@dataclass(frozen=True)
class Account:
    """An internal Platform user; one that may not write gets 403 for writes."""

    name: str
    password: str
    user_id: int
    may_write: bool = True


ACCOUNTS = {
    account.name: account
    for account in (
        Account("service", "service-pass", 11),
        Account("analyst", "analyst-pass", 12),
        Account("viewer", "viewer-pass", 13, may_write=False),
    )
}

FEDERATED_CLIENT = "campaign-mcp"
FEDERATED_PROVIDER = "unica"

ANYBODY = Account("service", "", 11)
"""Who a caller is taken for where authentication is switched off."""


@dataclass(frozen=True)
class ApiKey:
    """An API key of Actito. `label` is what the request log calls it.

    `rights` says for each module whether the key reads or writes it, None that it may do everything. `entities` are
    those it may use, None all. `host` is where it belongs when that is not the host of the sandbox.
    """

    label: str
    text: str
    rights: Mapping[str, str] | None = None
    entities: frozenset[str] | None = None
    host: str | None = None

    def may(self, right: str | None) -> bool:
        """Whether it has a right such as `read_profiles`; the right to write includes the one to read."""
        if right is None or self.rights is None:
            return True
        verb, _, module = right.partition("_")
        return self.rights.get(module) in (verb, "write")

    def sees(self, entity: str) -> bool:
        """Whether it may use an entity."""
        return self.entities is None or entity in self.entities


_READ_MODULES = (
    *("profile_table_structure", "custom_table_structure", "imports", "exports", "file_transfers", "profiles"),
    *("custom_data", "targetings", "webhooks", "web_tracking", "forms", "mail_campaigns", "sms_campaigns"),
    *("push_campaigns", "external_content", "scenarios", "target_lists", "custom_tasks", "custom_actions"),
)
"""Modules that a key can be let to read (actito-notes, section 3); transactional_sendings can only be written."""

API_KEYS = {
    key.text: key
    for key in (
        ApiKey("assistant", "sandbox-key"),
        ApiKey("reader", "sandbox-key-read", dict.fromkeys(_READ_MODULES, "read")),
        ApiKey("profiles", "sandbox-key-profiles", {"profile_table_structure": "read", "profiles": "write"}),
        ApiKey("lark", "sandbox-key-lark", entities=frozenset({"LarkDirect"})),
        ApiKey("elsewhere", "sandbox-key-prod-1", host="api1.actito.com"),
    )
}

ANY_KEY = API_KEYS["sandbox-key"]
"""The key a caller is taken to have where authentication is switched off."""


def settings(url: str, clock: Clock) -> dict[str, str]:
    """Environment variables that point campaign-mcp at a sandbox; with its date where it has one of its own."""
    account = ACCOUNTS["service"]
    environment = {
        "CAMPAIGN_MCP_UNICA__URL": url,
        "CAMPAIGN_MCP_UNICA__USERNAME": account.name,
        "CAMPAIGN_MCP_UNICA__PASSWORD": account.password,
        "CAMPAIGN_MCP_UNICA__TIME_ZONE": clock.time_zone,
        "CAMPAIGN_MCP_ACTITO__URL": url + ACTITO_MOUNT,
        "CAMPAIGN_MCP_ACTITO__API_KEY": ANY_KEY.text,
        "CAMPAIGN_MCP_ACTITO__TIME_ZONE": clock.time_zone,
        "CAMPAIGN_MCP_ENVIRONMENT": "sandbox",
    }
    return environment | ({"CAMPAIGN_MCP_DATE": clock.day} if clock.day else {})
