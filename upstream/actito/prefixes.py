"""What stands in front of the paths of Actito, by category of routes."""

from __future__ import annotations

from collections.abc import Mapping

PREFIXES: Mapping[str, str] = {
    "entities": "entities",
    "profile-table-structure": "profile-table-structure",
    "custom-table-structure": "custom-table-structure",
    "profiles": "profiles",
    "custom-data": "custom-data",
    "mass-imports": "mass-imports",
    "email-campaigns": "email-campaigns",
    "transactional-messages": "email-campaigns",
    "scenarios": "scenarios",
    "custom-actions": "scenarios",
    "webhooks": "webhooks",
    "forms": "forms",
}
"""Category of routes -> what stands in front of its paths, for settings that say otherwise.

Inferred: the prefixes of profiles, scenarios, custom actions and forms. Source: Actito, API reference reorganization.
"""
