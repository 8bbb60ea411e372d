"""Which route answers a request: the contract's operations as the switches leave them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from sandbox.contract import COLLABORATE, PLATFORM, Contract, Operation
from sandbox.refusals import Refused
from sandbox.switches import Switches

_V2_INDEX_ONLY = frozenset({"deleteOffersPostV2", "getOffersPostV2", "getOfferTemplatesPostV2", "validateOffersPostV2"})
"""The routes of the v2 index that the reference page replaces by other verbs (notes, section 7)."""


@dataclass(frozen=True)
class Match:
    """What an address and verb lead to: an operation and its path values, or the reason why not."""

    operation: Operation | None
    values: Mapping[str, str]
    refusal: Refused | None = None
    login: bool = False
    """Whether it is the address of login, which the filter leaves open for every verb."""


class RouteTable:
    """Finds operations; literal segments win over path parameters (notes, section 1)."""

    def __init__(self, operations: Iterable[Operation], ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._routes: list[tuple[re.Pattern[str], Operation]] = []
        for operation in sorted(operations, key=_literal_first):
            self._routes.append((_pattern(operation, ignore_case), operation))

    def find(self, method: str, raw_path: str) -> Match:
        """The operation for a verb and an address as sent, undecoded."""
        verbs: list[str] = []
        login = False
        for pattern, operation in self._routes:
            found = pattern.fullmatch(raw_path)
            if found is None:
                continue
            if operation.method == method:
                try:
                    values = {name: unquote(text, errors="strict") for name, text in found.groupdict().items()}
                    return Match(operation, values, login=operation.operation_id == "login")
                except UnicodeDecodeError:
                    return Match(operation, {}, Refused(400, "the address is not UTF-8", breach=True))
            verbs.append(operation.method)
            login = login or operation.operation_id == "login"
        if verbs:
            allow = ", ".join(dict.fromkeys(verbs))
            refusal = Refused(405, f"{raw_path} takes {allow}, not {method}", headers={"allow": allow})
            return Match(None, {}, refusal, login)
        return Match(None, {}, Refused(404, f"No such address: {raw_path}"))


def documented(contract: Contract, switches: Switches) -> RouteTable:
    """Everything the contract has, whatever the switches leave of it: the measure of the strict check.

    A client that tries a documented form this installation lacks breaks no contract.
    """
    return RouteTable(contract.operations.values(), ignore_case=not switches.strict)


def served(contract: Contract, switches: Switches) -> RouteTable:
    """The routes of this installation: absent families and verbs left out, renamed ones in their changed form."""
    operations = [
        renamed(operation, switches) for operation in contract.operations.values() if _exists(operation, switches)
    ]
    return RouteTable(operations, ignore_case=not switches.strict)


def _exists(operation: Operation, switches: Switches) -> bool:
    if operation.path.startswith("/v1/offers") and not operation.path.startswith("/v1/offerlist"):
        return switches.offers_v1
    if operation.path.startswith("/v2/offers"):
        if not switches.offers_v2 or (switches.v2_verbs == "index" and not operation.seed):
            return False
        return not (switches.v2_verbs == "reference" and operation.operation_id in _V2_INDEX_ONLY)
    return True


def renamed(operation: Operation, switches: Switches) -> Operation:
    """The operation as the switches `rename` and `login_method` leave it."""
    if operation.operation_id in ("login", "logout"):
        operation = dataclasses.replace(operation, method=switches.login_method)
    change = switches.rename.get(operation.operation_id)
    if change is None:
        return operation
    targets = change.get("fields", {})
    fields = tuple(
        dataclasses.replace(
            field,
            wire_name=targets.get(field.name, {}).get("name", field.wire_name),
            place=targets.get(field.name, {}).get("place", field.place),
        )
        for field in operation.fields
    )
    has_form = any(field.place == "form" for field in fields)
    return dataclasses.replace(
        operation,
        method=change.get("method", operation.method).upper(),
        path=change.get("path", operation.path),
        fields=fields,
        has_form=has_form,
        body_required=operation.body_required
        and (has_form or operation.has_parts or operation.json_body is not None or operation.text_body is not None),
    )


def _literal_first(operation: Operation) -> list[bool]:
    return [segment.startswith("{") for segment in operation.path.split("/")]


def _pattern(operation: Operation, ignore_case: bool) -> re.Pattern[str]:
    parts = [
        f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") and part.endswith("}") else re.escape(part)
        for part in operation.path.split("/")
    ]
    text = re.escape(operation.mount) + "/".join(parts)
    if operation.system == PLATFORM and text.endswith("/"):
        # The Plan documentation writes login and logout without the final slash: both are right.
        text += "?"
    if operation.system == COLLABORATE:
        # Contract: x-conventions, trailing-slash.
        text += "/?"
    return re.compile(text, re.IGNORECASE if ignore_case else 0)
