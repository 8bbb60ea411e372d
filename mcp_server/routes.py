"""The route table: every route of the systems with the tool that reaches it and what it can do."""

from __future__ import annotations

from collections.abc import Sequence

from mcp_server import catalogue
from mcp_server.catalogue import Entry
from upstream.routes import Route, routes

SESSION = "session"
"""Who calls login and logout: the session manager, never a tool."""


def rows(entries: Sequence[Entry] | None = None) -> list[dict[str, str]]:
    """One row for each route, in the order of the request classes; of several tools the one of its own category.

    `entries` are those of the published catalogue unless others are given; a system none of whose tools is among them
    is left out. `confidence` is how well the route is known, empty where the contract says it of parts of the route.
    """
    entries = catalogue.load() if entries is None else entries
    served = {entry.session for entry in entries}
    return [
        {
            "system": each.system,
            "category": each.category,
            "method": each.method,
            "path": each.path,
            "tool": SESSION if each.category == "authentication" else _tool(entries, each),
            "risk": each.risk.value,
            "confidence": each.confidence,
        }
        for each in routes()
        if each.system.partition("-")[0] in served
    ]


def _tool(entries: Sequence[Entry], route: Route) -> str:
    """The tool that reaches a route; empty where none does, which a test forbids."""
    able = [entry for entry in entries if route.operation in entry.routes]
    own = [entry for entry in able if route.category.startswith(_category(entry))]
    # What belongs to all systems shows the routes of others, whose own tool says more.
    return next((entry.name for entry in own or sorted(able, key=lambda entry: not entry.system)), "")


def _category(entry: Entry) -> str:
    """The category of a tool in the words of the routes."""
    return entry.category.removeprefix("actito_").replace("_", "-")
