"""People and programs that may log in, and the environment that points a client at a sandbox."""

from __future__ import annotations

from dataclasses import dataclass


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


def settings(url: str, time_zone: str) -> dict[str, str]:
    """Environment variables that point campaign-mcp at a sandbox."""
    account = ACCOUNTS["service"]
    return {
        "CAMPAIGN_MCP_UNICA__URL": url,
        "CAMPAIGN_MCP_UNICA__USERNAME": account.name,
        "CAMPAIGN_MCP_UNICA__PASSWORD": account.password,
        "CAMPAIGN_MCP_UNICA__TIME_ZONE": time_zone,
        "CAMPAIGN_MCP_ENVIRONMENT": "sandbox",
    }
