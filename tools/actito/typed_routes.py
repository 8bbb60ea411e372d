"""Which routes of Actito have tools of their own, however their paths begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from upstream.actito.any_route import segments
from upstream.routes import routes

_VERSIONS = ("v4", "v5")

TOOLS: Mapping[str, str] = {
    "entities": "actito_entities",
    "profile-table-structure": "actito_tables",
    "custom-table-structure": "actito_tables",
    "profiles": "actito_profiles, actito_subscriptions or actito_segments",
    "custom-data": "actito_records",
    "mass-imports": "actito_imports",
    "email-campaigns": "actito_emails",
    "transactional-messages": "actito_messages",
    "scenarios": "actito_scenarios",
    "custom-actions": "actito_actions",
    "webhooks": "actito_webhooks",
    "forms": "actito_forms",
}
"""Category of routes -> how the names of its tools begin."""


def tools_for(method: str, path: str) -> str:
    """How the names of the tools begin that have this route; empty where none has it.

    What stands in front of the version is left out: it differs between installations and the styles of paths.
    """
    asked = _from_version(segments(path))
    if not asked:
        return ""
    return next((tools for verb, pattern, tools in _own() if verb == method and _fits(asked, pattern)), "")


@cache
def _own() -> Sequence[tuple[str, Sequence[str], str]]:
    """Verb, segments and tools of every such route."""
    own = [each for each in routes() if each.system == "actito" and each.category in TOOLS]
    return [(each.method, _from_version(each.path.split("/")[1:]), TOOLS[each.category]) for each in own]


def _from_version(path: Sequence[str]) -> Sequence[str]:
    lowered = [each.casefold() for each in path]
    places = [lowered.index(each) for each in _VERSIONS if each in lowered]
    return path[min(places) :] if places else ()


def _fits(asked: Sequence[str], pattern: Sequence[str]) -> bool:
    return len(asked) == len(pattern) and all(
        known.startswith("{") or known.casefold() == each.casefold() for each, known in zip(asked, pattern, strict=True)
    )
