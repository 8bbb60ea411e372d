"""Addresses of Actito: both styles of paths, and what may stand in one of their segments.

Prefixed paths begin with a category, older ones with the version (actito-notes, section 4); the address of the token
has no style. An address that exists in a style which the switch `actito_paths` turns off is no breach of the contract.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from urllib.parse import unquote

from sandbox import routes
from sandbox.contract import Contract, Operation
from sandbox.refusals import Refused
from sandbox.routes import Match, RouteTable
from sandbox.switches import Switches


class PathTable(RouteTable):
    """Finds operations, and takes the category of an exclusive segmentation out of the last segment."""

    def __init__(self, operations: Iterable[Operation], *, strict: bool) -> None:
        super().__init__(operations, ignore_case=not strict)
        self._strict = strict

    def find(self, method: str, raw_path: str) -> Match:
        """The operation for a verb and an address as sent, undecoded."""
        match = super().find(method, raw_path)
        if match.operation is None or match.refusal is not None:
            return match
        if self._strict and "profile" in match.values and set(raw_path) & set("@+"):
            # Notes, section 10: encode @ and +.
            return Match(match.operation, {}, Refused(400, "@ and + have to be encoded in an address", breach=True))
        if "segmentation" in match.values:
            return _matrix(match, raw_path)
        return match


def served(contract: Contract, switches: Switches) -> PathTable:
    """The routes of this installation, in the styles that it has."""
    operations = []
    for operation in contract.operations.values():
        if "path" in switches.rename.get(operation.operation_id, {}):
            operation = dataclasses.replace(operation, older_path=None)
        operations.append(routes.renamed(operation, switches))
    return PathTable(_styled(operations, switches.actito_paths), strict=switches.strict)


def documented(contract: Contract, switches: Switches) -> PathTable:
    """Everything the contract has, in both styles: the measure of the strict check."""
    return PathTable(_styled(contract.operations.values(), "both"), strict=switches.strict)


def _styled(operations: Iterable[Operation], style: str) -> list[Operation]:
    found = []
    for operation in operations:
        if operation.older_path is None or style != "old":
            found.append(operation)
        if operation.older_path is not None and style != "prefixed":
            found.append(dataclasses.replace(operation, path=operation.older_path))
    return found


def _matrix(match: Match, raw_path: str) -> Match:
    raw_name, *parameters = raw_path.rsplit("/", 1)[1].split(";")
    values = {**match.values, "segmentation": unquote(raw_name)}
    for parameter in parameters:
        key, equals, text = parameter.partition("=")
        if key != "category" or not equals or "category" in values:
            refusal = Refused(400, "the one matrix parameter is ;category=..., given once", breach=True)
            return Match(match.operation, {}, refusal)
        values["category"] = unquote(text)
    return Match(match.operation, values)
