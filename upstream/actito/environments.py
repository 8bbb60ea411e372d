"""The environments of Actito: one licence lives in one of them, and its keys work there only."""

from __future__ import annotations

from collections.abc import Mapping

ENVIRONMENTS: Mapping[str, str] = {
    "preprod": "https://api-pre1.actito.com",
    "prod-0": "https://api.actito.com",
    "prod-1": "https://api1.actito.com",
    "prod-3": "https://api3.actito.com",
}
"""Name -> address; there is no prod-2. Source: Actito, environments."""


def address_of(environment: str) -> str:
    """The address of an environment by its name, in any case; whatever else is taken for an address as it stands."""
    return ENVIRONMENTS.get(environment.strip().lower(), environment.strip().rstrip("/"))


def environment_of(address: str) -> str:
    """The name of the environment behind an address, empty for any other address."""
    bare = address.strip().rstrip("/").lower()
    return next((name for name, known in ENVIRONMENTS.items() if known == bare), "")
