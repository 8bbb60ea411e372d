"""Approvals: the key without which `Session.send` refuses what destroys or reaches customers.

An approval is a plain value. It names the operations and the objects it covers and carries a seal made with a key
that the session manager and the guard share; whoever lacks the key can carry an approval but not make one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from upstream.errors import ApprovalMissing
from upstream.request import GUARDED, Request, Risk


@dataclass(frozen=True, slots=True)
class Approval:
    """Permission for some operations of some risks on some objects (`kind:id`), once asked for and once given.

    Where one operation starts as well as ends something, the risk tells which of the two was asked for.
    """

    reference: str
    operations: frozenset[str]
    targets: frozenset[str]
    risks: frozenset[Risk]
    seal: str


def mint(
    key: bytes, reference: str, operations: frozenset[str], targets: frozenset[str], risks: frozenset[Risk]
) -> Approval:
    """Make an approval. Only the guard calls this: a lint rule in the tests holds it."""
    return Approval(reference, operations, targets, risks, _seal(key, reference, operations, targets, risks))


def demand(key: bytes, approval: Approval | None, request: Request[object]) -> None:
    """Let a request pass that is harmless, or covered by a genuine approval.

    Raises:
        ApprovalMissing: the request is of guarded risk and the approval is absent, forged, or for something else.
    """
    if request.risk not in GUARDED:
        return
    if approval is not None:
        seal = _seal(key, approval.reference, approval.operations, approval.targets, approval.risks)
        genuine = hmac.compare_digest(approval.seal, seal)
        covers = (
            request.operation_id in approval.operations
            and request.target_ids() <= approval.targets
            and request.risk in approval.risks
        )
        if genuine and covers and request.target_ids():
            return
    raise ApprovalMissing(
        f"{request.operation_id} needs an approval for exactly these objects and was not sent.",
        operation=request.operation_id,
    )


def _seal(
    key: bytes, reference: str, operations: frozenset[str], targets: frozenset[str], risks: frozenset[Risk]
) -> str:
    text = json.dumps([reference, sorted(operations), sorted(targets), sorted(risks)])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
