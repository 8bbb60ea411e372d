"""The catalogue: every published tool as data in a file: listing needs no import, a review sees what the model sees.

`make catalogue` writes `catalogue.json` from the code, `make check` compares the two.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from tools.declare import Tool
from upstream.request import GUARDED, Risk

MODULES: Mapping[str, str] = {
    "tools.campaign.campaigns": "campaigns",
    "tools.campaign.campaign_changes": "campaigns",
    "tools.campaign.campaign_deletes": "campaigns",
    "tools.campaign.offers": "offers",
    "tools.campaign.offer_changes": "offers",
    "tools.campaign.offer_lists": "offer_lists",
    "tools.campaign.offer_list_saving": "offer_lists",
    "tools.campaign.offer_list_changes": "offer_lists",
    "tools.campaign.target_cells": "target_cells",
    "tools.campaign.cell_changes": "target_cells",
    "tools.campaign.cell_deletes": "target_cells",
    "tools.campaign.attributes": "attributes",
    "tools.campaign.attribute_defining": "attributes",
    "tools.campaign.attribute_changes": "attributes",
    "tools.collaborate.templates": "templates",
    "tools.collaborate.forms": "forms",
    "tools.collaborate.folders": "folders",
    "tools.collaborate.folder_changes": "folders",
    "tools.collaborate.folder_deletes": "folders",
    "tools.collaborate.projects": "projects",
    "tools.collaborate.project_changes": "projects",
    "tools.collaborate.project_states": "projects",
    "tools.collaborate.project_forms": "project_forms",
    "tools.collaborate.recurrence": "recurrence",
    "tools.collaborate.workflow": "workflow",
    "tools.collaborate.workflow_run": "workflow",
    "tools.collaborate.attachments": "attachments",
    "tools.collaborate.attachment_changes": "attachments",
    "tools.collaborate.attachment_deletes": "attachments",
    "tools.browse": "browse",
    "mcp_server.setup_help": "setup",
    "tools.actito.entities": "actito_entities",
    "tools.actito.tables": "actito_tables",
    "tools.actito.table_changes": "actito_structure",
    "tools.actito.records": "actito_records",
    "tools.actito.record_changes": "actito_records",
    "tools.actito.record_deletes": "actito_records",
    "tools.actito.imports": "actito_imports",
    "tools.actito.import_runs": "actito_imports",
    "tools.actito.import_definitions": "actito_import_definitions",
    "tools.actito.profiles": "actito_profiles",
    "tools.actito.profile_changes": "actito_profiles",
    "tools.actito.profile_deletes": "actito_profiles",
    "tools.actito.subscriptions": "actito_profiles",
    "tools.actito.segments": "actito_profiles",
    "tools.actito.emails": "actito_emails",
    "tools.actito.email_saving": "actito_emails",
    "tools.actito.email_deletes": "actito_emails",
    "tools.actito.messages": "actito_messages",
    "tools.actito.scenarios": "actito_scenarios",
    "tools.actito.scenario_runs": "actito_scenarios",
    "tools.actito.forms": "actito_forms",
    "tools.actito.participations": "actito_forms",
    "tools.actito.webhooks": "actito_webhooks",
    "tools.actito.webhook_changes": "actito_webhooks",
    "tools.actito.webhook_deletes": "actito_webhooks",
    "tools.actito.custom_actions": "actito_custom_actions",
    "tools.actito.custom_action_changes": "actito_custom_actions",
    "tools.actito.custom_action_deletes": "actito_custom_actions",
    "tools.actito.request": "actito_request",
}
"""The modules with tools, in the order in which they are listed, and the category of each."""

SYSTEMS: Mapping[str, str] = {
    "tools.campaign": "unica-campaign",
    "tools.collaborate": "unica-collaborate",
    "tools.browse": "",
    "mcp_server.setup_help": "",
    "tools.actito": "actito",
}
"""The system of a module's tools; empty for what belongs to all of them."""

ON_DEMAND = frozenset(
    {"actito_structure", "actito_import_definitions", "actito_webhooks", "actito_custom_actions", "actito_request"}
)
"""The categories that are listed only when they are chosen: work of developers, and what needs a system's own pages."""

FILE = "catalogue.json"


@dataclass(frozen=True)
class Entry:
    """One tool of the catalogue: what clients see, and where its code is."""

    published: Mapping[str, Any]
    module: str
    system: str
    category: str
    writes: bool
    risk: Risk
    mildest: Risk
    routes: Sequence[str]

    @property
    def name(self) -> str:
        return str(self.published["name"])

    @property
    def usual(self) -> bool:
        """Whether it is listed where the operator says nothing about it."""
        return self.category not in ON_DEMAND

    @property
    def session(self) -> str:
        """The system in whose session the tool works, empty for any: applications of Unica share one."""
        return self.system.partition("-")[0]

    def tool(self) -> Tool:
        """The code of the tool; the first call of a category imports its module."""
        return next(tool for tool in declared(self.module) if tool.name == self.name)


def load() -> list[Entry]:
    """The catalogue as it is in the file."""
    return entries(json.loads(resources.files("mcp_server").joinpath(FILE).read_text(encoding="utf-8")))


def entries(described: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """The entries that the file holds, or that `build` gives."""
    return [
        Entry(
            each["published"],
            each["module"],
            each["system"],
            each["category"],
            each["writes"],
            Risk(each["risk"]),
            Risk(each["mildest"]),
            each["routes"],
        )
        for each in described
    ]


def build() -> list[dict[str, Any]]:
    """The catalogue as the code has it."""
    return [_describe(tool, category) for module, category in MODULES.items() for tool in declared(module)]


def text() -> str:
    """What the file should hold."""
    return json.dumps(build(), ensure_ascii=False, indent=1) + "\n"


def declared(module: str) -> Iterator[Tool]:
    """The tools of a module, in the order of its source."""
    for value in vars(importlib.import_module(module)).values():
        if isinstance(value, Tool) and value.module == module:
            yield value


def _describe(tool: Tool, category: str) -> dict[str, Any]:
    from mcp_server import arguments
    from mcp_server.schemas import CHANGE_SCHEMA, FIND_SCHEMA

    guarded = tool.risk in GUARDED
    published = {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": arguments.schema(arguments.model(tool)),
        "outputSchema": CHANGE_SCHEMA if tool.writes else FIND_SCHEMA,
        "annotations": {
            "readOnlyHint": not tool.writes,
            "destructiveHint": guarded,
            "idempotentHint": tool.repeatable,
            "openWorldHint": tool.may_reach_customers,
        },
    }
    return {
        "published": published,
        "module": tool.module,
        "system": next(system for prefix, system in SYSTEMS.items() if tool.module.startswith(prefix)),
        "category": category,
        "writes": tool.writes,
        "risk": tool.risk.value,
        "mildest": tool.mildest.value,
        "routes": [each.name for route in tool.routes for each in route.operations()],
    }
