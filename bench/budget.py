"""One budget: what was measured, the most it may be, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """`value` and `most` are in the same unit; `note` says how it was measured or what stands behind it."""

    what: str
    value: float
    most: float
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.value <= self.most

    def row(self) -> str:
        verdict = "" if self.most == float("inf") else "holds" if self.holds else "**missed**"
        return f"| {self.what} | {_number(self.value)} | {_number(self.most)} | {verdict} | {self.note} |"


def _number(value: float) -> str:
    if value == float("inf"):
        return "none"
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:.2f}"
