"""What the run of a flowchart comes to: the same for the same project, row and form values (collaborate-notes, 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox import json_text

FAILING_VALUE = "simulate-failure"
"""A run fails when any attribute of the form on its tab has this value."""


@dataclass(frozen=True)
class Outcome:
    """The end of a run; `count` is None and `error` a sentence when it failed."""

    count: int | None
    outputs: list[dict[str, Any]]
    error: str | None = None


def outcome(project_id: int, row_id: int, tab: str, values: Mapping[str, Sequence[str]]) -> Outcome:
    """How a run with these form values ends: between 500 and 30,499 customers."""
    for name, texts in sorted(values.items()):
        if FAILING_VALUE in texts:
            return Outcome(None, [], f"The flowchart of tab {tab} failed: {name} selects no customers.")
    key = json_text.dump([project_id, row_id, sorted((name, list(texts)) for name, texts in values.items())])
    draw = int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest()[:6], "big")
    count = 500 + draw % 30_000
    reachable = count * (60 + draw // 30_000 % 35) // 100
    return Outcome(
        count,
        [
            {"Attribute_Label": "Customers reachable by e-mail", "Attribute_Values": [str(reachable)]},
            {"Attribute_Label": "Left out by contact rules", "Attribute_Values": [str(count // 12)]},
            {"Attribute_Label": "Customers by value", "Attribute_Values": [str(count // 5), str(count - count // 5)]},
        ],
    )
