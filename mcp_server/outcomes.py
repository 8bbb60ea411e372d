"""The answer of a writing tool: what became of each object, or the preview of what would.

As long as all objects fit into 4 KB they are told with what changed; then ids, codes and results alone, then what fits
into 16 KB, the unknown and the refused first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mcp.types import CallToolResult

from mcp_server.answer import CELL, DEFAULT_BYTES, HARD_BYTES, LONG_CELL, NOTES, Setting, result, size_of
from mcp_server.preview import difference, preview
from mcp_server.words import clean, cut, fenced, one_line, plain, table
from tools.change import Change, Outcome, Plan

SAID = 12_000
"""Characters of what a system answered, where that was asked for; whoever hands it over keeps within as many bytes."""

Status = Literal["done", "needs_approval", "declined", "void", "refused", "unknown", "preview"]


@dataclass(frozen=True)
class Told:
    """All that the answer of a writing tool may say.

    `plan` is shown as a question would show it. `warnings` may hold texts of a campaign system, `notes` are our own
    words. `code` is the one given back.
    """

    status: Status
    message: str
    outcomes: Sequence[Outcome] = ()
    plan: Plan | None = None
    warnings: Sequence[str] = ()
    code: str = ""
    reference: str = ""
    notes: Sequence[str] = ()


def answer(told: Told, setting: Setting) -> CallToolResult:
    """Both forms of it, as much as fits."""
    count = max(len(told.outcomes), len(told.plan.changes) if told.plan else 0)
    cap = HARD_BYTES if any(each.said for each in told.outcomes) else DEFAULT_BYTES
    for length in (LONG_CELL, 300, CELL):
        text, data = _both(told, setting, count, length)
        if max(size_of(text), size_of(data)) <= cap:
            return result(text, data)
    while True:
        text, data = _both(told, setting, count, 0)
        size = max(size_of(text), size_of(data))
        if size <= HARD_BYTES or count <= 1:
            return result(text, data)
        count = max(1, min(count - 1, count * HARD_BYTES // size))


def tally(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many of each status."""
    return Counter(each.status for each in outcomes)


def summary(outcomes: Sequence[Outcome]) -> str:
    """`2 done, 1 refused`; what was watched to its end by how it ended: `1 failed`."""
    return ", ".join(f"{number} {word}" for word, number in Counter(map(_word, outcomes)).items())


def _word(outcome: Outcome) -> str:
    return outcome.ended or outcome.status


def overall(outcomes: Sequence[Outcome]) -> Status:
    """The one status of them all: unknown if anything is, done if anything was, else refused if anything was."""
    counts = tally(outcomes)
    if "unknown" in counts:
        return "unknown"
    return "refused" if "refused" in counts and "done" not in counts else "done"


def _both(told: Told, setting: Setting, count: int, length: int) -> tuple[str, dict[str, Any]]:
    """Text and data with `count` objects and values of `length` characters; 0 leaves out what changed."""
    outcomes = _worst_first(told.outcomes)[:count]
    warnings = [one_line(each, 400) for each in told.warnings][:NOTES]
    notes = [*(one_line(each, 400) for each in told.notes), *setting.warnings][:NOTES]
    data: dict[str, Any] = {"status": told.status, "environment": setting.environment, "message": told.message}
    lines = [told.message]
    if outcomes or warnings:
        lines.append(fenced("\n".join([*_rows(outcomes, setting, length), *warnings])))
    if length:
        lines += [fenced(_answered(each, length)) for each in outcomes if each.said]
    if outcomes:
        data["results"] = [_outcome_data(each, setting, length) for each in outcomes]
        data["counts"] = tally(told.outcomes)
        if count < len(told.outcomes):
            notes = [f"{len(told.outcomes) - count} of {len(told.outcomes)} are not shown.", *notes]
    if told.plan:
        shown = preview(told.plan, setting.zone)
        lines.append(fenced(shown))
        data["preview"] = shown
        data["changes"] = [_change_data(each, setting, length) for each in told.plan.changes[:count]]
        data["total"] = len(told.plan.changes)
    if told.code:
        data["code"] = told.code
    if told.reference:
        data["reference"] = told.reference
    if warnings or notes:
        data["warnings"] = [*warnings, *notes]
    return "\n".join([*lines, *notes]), data


def _answered(outcome: Outcome, length: int) -> str:
    """What the system answered, where that was asked for: whole as long as there is room."""
    return cut(clean(outcome.said), SAID * length // LONG_CELL)


def _reason(length: int) -> int:
    """Characters of a reason: it ends with what to do, so it is the last to be cut."""
    return min(max(length, 100), 500)


def _rows(outcomes: Sequence[Outcome], setting: Setting, length: int) -> list[str]:
    rows = [
        [
            one_line(each.change.name, CELL),
            one_line(each.id or each.change.known_id, CELL),
            one_line(each.code or each.change.code, CELL),
            _word(each),
            one_line(each.reason, _reason(length)) or (difference(each.change, setting.zone) if length else ""),
        ]
        for each in outcomes
    ]
    return table(["name", "id", "code", "result", "detail"], rows) if rows else []


def _change_data(change: Change, setting: Setting, length: int) -> dict[str, Any]:
    named = {
        "name": one_line(change.name),
        "id": one_line(change.known_id),
        "code": one_line(change.code),
        "verb": change.verb,
    }
    data: dict[str, Any] = {key: value for key, value in named.items() if value}
    differences = change.differences()
    if differences and length:
        before = {name: old for name, (old, _) in differences.items() if old is not None}
        data["before"] = plain(before, setting.zone, length)
        data["after"] = plain({name: new for name, (_, new) in differences.items()}, setting.zone, length)
    return data


def _outcome_data(outcome: Outcome, setting: Setting, length: int) -> dict[str, Any]:
    data = {**_change_data(outcome.change, setting, length), "status": outcome.status}
    if outcome.id:
        data["id"] = one_line(outcome.id)
    if outcome.code:
        data["code"] = one_line(outcome.code)
    if outcome.reason:
        data["reason"] = one_line(outcome.reason, _reason(length))
    if outcome.after and length:
        data["after"] = plain(outcome.after, setting.zone, length)
    if outcome.said and length:
        data["said"] = _answered(outcome, length)
    return data


_ORDER: Mapping[str, int] = {"unknown": 0, "refused": 1, "done": 2, "already": 3}


def _worst_first(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda each: _ORDER[each.status])
