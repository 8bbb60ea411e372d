"""What is missing between contracts, request classes, tools and catalogue: a sentence for each gap, with its place.

Who adds a route or a tool would run into one after the other; `mcp_server.generated` says them together.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

import contracts
import tools
from mcp_server import catalogue
from tools.declare import Tool
from upstream import routes
from upstream.request import Request
from upstream.risk import rule_of

Contract = Mapping[str, Mapping[str, Any]]
"""The operations of a contract by verb and path."""

CONTRACTS = ("unica-platform", "unica-campaign", "unica-collaborate", "actito")
MARKS: Mapping[str, tuple[str, ...]] = {
    "unica-platform": ("x-doc-status",),
    "unica-campaign": ("x-doc-status",),
    "unica-collaborate": ("x-evidence",),
    "actito": ("x-confidence", "tags", "summary"),
}
"""What every operation of a contract says, for the tables that are drawn from it."""


def gaps() -> list[str]:
    """All that is missing; empty where everything fits together."""
    known = {system: _contract(system) for system in CONTRACTS}
    return [*_modules(), *_operations(known), *_requests(known), *_tools()]


def _modules() -> Iterator[str]:
    """Modules that the catalogue does not list, or lists and can't have."""
    place = "MODULES of mcp_server/catalogue.py"
    for name in catalogue.MODULES:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            yield f"{place} names {name}, which can't be imported: {error}."
        if not any(name.startswith(prefix) for prefix in catalogue.SYSTEMS):
            yield f"{name} belongs to no system: add it to SYSTEMS of mcp_server/catalogue.py."
    for tool in _all_tools():
        if tool.module not in catalogue.MODULES:
            yield f"{tool.name} is not listed: add {tool.module} to {place}."


def _operations(known: Mapping[str, Contract]) -> Iterator[str]:
    """What operations of the contracts do not say of themselves, and those that nobody sends."""
    sent = {(request.api.name, operation.name) for request in routes.requests() for operation in request.operations()}
    for system, contract in known.items():
        for route, operation in contract.items():
            left_out = operation.get("x-confidence") == "guess" or operation.get("x-seed") is False
            if (system, operation["operationId"]) not in sent and not left_out:
                yield (
                    f"{route} of contracts/{system}.openapi.yaml has no request class: write one, and list its module "
                    "in _MODULES of upstream/routes.py."
                )
            for mark in MARKS[system]:
                if not operation.get(mark):
                    yield f"{route} of contracts/{system}.openapi.yaml says no {mark}."


def _requests(known: Mapping[str, Contract]) -> Iterator[str]:
    """Request classes without a row in the risk table or an operation of a contract, or that no tool reaches."""
    reached = {route for tool in _all_tools() for route in tool.routes}
    for request in routes.requests():
        system, where = request.api.name, f"{request.__name__} in {request.__module__}"
        yield from _without_risk(request)
        for operation in request.operations():
            route = f"{request.method} {operation.path}"
            if route not in known.get(system, {}):
                yield f"{where}: {route} is not in contracts/{system}.openapi.yaml. Describe it there, with its source."
        if request not in reached and request.category != "authentication":
            yield f"{where}: no tool says that it reaches it. Name it in @finds or @changes."


def _tools() -> Iterator[str]:
    """What tools reach that the table of routes does not have, and writing tools that do not write."""
    listed = set(routes.requests())
    for tool in _all_tools():
        for request in tool.routes:
            # A request whose path the caller gives is no route: no table can have it.
            if request not in listed and request.path != "{path}":
                yield (
                    f"{tool.name} reaches {request.__name__}, which is no route of the table: add {request.__module__} "
                    "to _MODULES of upstream/routes.py."
                )
                yield from _without_risk(request)
        if tool.writes and tool.apply is None:
            yield f"{tool.name} only plans: name the function that writes with @{tool.name}.applies."


def _without_risk(request: type[Request[Any]]) -> Iterator[str]:
    try:
        rule_of(request)
    except LookupError as error:
        yield f"{request.__name__} in {request.__module__}: {error.args[0]} Think about what it can do, and add one."


def _all_tools() -> Iterator[Tool]:
    """Every tool there is, listed or not."""
    for module in pkgutil.walk_packages(tools.__path__, "tools."):
        yield from catalogue.declared(module.name)


def _contract(system: str) -> Contract:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    paths = yaml.load(contracts.read(f"{system}.openapi.yaml"), loader)["paths"]
    return {f"{verb.upper()} {path}": each for path, verbs in paths.items() for verb, each in verbs.items()}
