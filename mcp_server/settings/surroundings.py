"""What holds in one system: one server may speak with several, which need not be of the same kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mcp_server.settings.installation import PolicyWord

if TYPE_CHECKING:
    from mcp_server.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where calls to a system land, and under which rules.

    `environment` is the word shown to people (`production`, `sandbox`, `prod-3` ...), `time_zone` an IANA name;
    `channels_reaching_customers` are the ways to ask a person about what reaches customers.
    """

    environment: str
    production: bool
    time_zone: str
    policy: PolicyWord
    channels_reaching_customers: Sequence[str]


def surroundings(settings: Settings, system: str) -> Surroundings:
    """What holds in a system; in one that the settings do not have nothing guarded may happen."""
    environment, production = settings.environment, settings.is_production
    own = {"unica": settings.unica, "actito": settings.actito}.get(system)
    if system == "actito" and settings.actito is not None:
        overruled = settings.actito.always_production and not production
        production = production or settings.actito.always_production
        environment = settings.actito.environment or ("production" if overruled else environment)
    careful = production and "channels_reaching_customers" not in settings.model_fields_set
    channels = settings.channels if careful else settings.channels_reaching_customers
    return Surroundings(
        environment=environment,
        production=production,
        time_zone=own.time_zone if own else "UTC",
        policy=own.policy if own else "block",
        channels_reaching_customers=[each for each in channels if each == "elicitation"] if careful else channels,
    )
