"""Cold start, first call of a category, and memory, each beside the bare server in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping
from typing import Any

from bench.budget import Budget
from bench.processes import BARE, OURS, Server

PAIRS = 9
FIRST_CALLS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "campaigns": ("campaigns_find", {"campaigns": ["2025"]}),
    "offers": ("offers_find", {"offers": ["5158"]}),
    "offer_lists": ("offer_lists_find", {"offer_lists": ["602"]}),
    "target_cells": ("target_cells_find", {"campaign": "2025"}),
    "attributes": ("attributes_find", {"kind": "offer"}),
    "templates": ("templates_find", {"templates": ["412"]}),
    "forms": ("forms_find", {"forms": ["301"]}),
    "folders": ("folders_find", {"tree": "templates"}),
    "projects": ("projects_find", {"projects": ["1000136"]}),
    "project_forms": ("project_forms_save", {"project": "1000136", "values": {"region": "East"}, "dry_run": True}),
    "recurrence": ("recurrence_set", {"project": "1000136", "repeat": "daily", "start": "2027-01-01", "dry_run": True}),
    "workflow": ("workflow_find", {"project": "1000136"}),
    "attachments": ("attachments_read", {"project": "1000136"}),
    "browse": ("browse", {"address": "unica://collaborate/template-folders"}),
    "actito_entities": ("actito_entities_find", {}),
    "actito_tables": ("actito_tables_find", {"entity": "MeridianBank"}),
    "actito_profiles": ("actito_profiles_find", {"entity": "MeridianBank", "table": "16", "profiles": ["100001"]}),
    "actito_records": ("actito_records_find", {"entity": "MeridianBank", "table": "Branches", "records": ["BR001"]}),
    "actito_imports": ("actito_imports_find", {"entity": "MeridianBank"}),
    "actito_emails": ("actito_emails_find", {"entity": "MeridianBank"}),
    "actito_messages": (
        "actito_messages_send",
        {"entity": "MeridianBank", "campaign": "207", "profiles": ["100001"], "dry_run": True},
    ),
    "actito_scenarios": ("actito_scenarios_find", {"entity": "MeridianBank", "table": "16"}),
    "actito_forms": ("actito_forms_read", {"entity": "MeridianBank", "form": "12"}),
}


def measure(environ: Mapping[str, str]) -> Iterator[Budget]:
    """Alternate the two servers, so that a machine whose speed drifts does so for both."""
    _to_list(BARE, environ)
    _to_list(OURS, environ)
    pairs = [(_to_list(OURS, environ), _to_list(BARE, environ)) for _ in range(PAIRS)]
    ratio = statistics.median(ours / bare for (ours, _), (bare, _) in pairs)
    bare_start = statistics.median(bare for _, (bare, _) in pairs)
    yield Budget(
        "cold start to the first tools/list, over a bare one-tool server",
        ratio,
        1.20,
        f"median of {PAIRS} pairs; bare {bare_start:.2f} s",
    )
    worst, category = max((_first_call(environ, name) / bare_start, name) for name in FIRST_CALLS)
    yield Budget("first call of a category (its imports), over a bare cold start", worst, 0.3, f"slowest: {category}")
    very_first = statistics.median(_very_first_call(environ) / bare_start for _ in range(3))
    told = "no budget; login, connection and state database are in it"
    yield Budget("the very first call of a server, over a bare cold start", very_first, float("inf"), told)
    bare_memory = statistics.median(memory for _, (_, memory) in pairs)
    listed = statistics.median(memory for (_, memory), _ in pairs)
    yield Budget(
        "idle memory over the bare server, listed (MiB)", listed - bare_memory, 10, f"bare {bare_memory:.0f} MiB"
    )
    with Server(OURS, environ) as server:
        for tool, arguments in FIRST_CALLS.values():
            server.call(tool, **arguments)
        yield Budget(
            "idle memory over the bare server, after a call of each category (MiB)", server.memory() - bare_memory, 35
        )


def _to_list(command: list[str], environ: Mapping[str, str]) -> tuple[float, float]:
    with Server(command, environ) as server:
        server.request("tools/list")
        return time.perf_counter() - server.started, server.memory()


def _first_call(environ: Mapping[str, str], category: str) -> float:
    """What the first call costs above the same call again, on a server that has served that system before."""
    actito = category.startswith("actito_")
    another = next(name for name in FIRST_CALLS if name != category and name.startswith("actito_") is actito)
    with Server(OURS, environ) as server:
        server.call(FIRST_CALLS[another][0], **FIRST_CALLS[another][1])
        return _seconds(server, category) - _seconds(server, category)


def _very_first_call(environ: Mapping[str, str]) -> float:
    with Server(OURS, environ) as server:
        server.request("tools/list")
        return _seconds(server, "offers") - _seconds(server, "offers")


def _seconds(server: Server, category: str) -> float:
    tool, arguments = FIRST_CALLS[category]
    started = time.perf_counter()
    server.call(tool, **arguments)
    return time.perf_counter() - started
