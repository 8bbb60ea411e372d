"""The form of every answer, given once: a short text for people and typed data, each able to stand alone.

Clients hand the model one or the other, so both carry ids, cursor, total, warnings and code. Each stays below 4 KB
unless the caller asked for certain fields or a number of rows, and below 16 KB always; what was cut is said, and how
to see it. Answers of writing tools are in `mcp_server.outcomes`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mcp.types import CallToolResult, ContentBlock, TextContent

from mcp_server.contents import attached
from mcp_server.words import counted, fenced, one_line, plain, shown, table
from tools.errors import ToolProblem
from tools.listing import Listing
from upstream.errors import UpstreamError

DEFAULT_BYTES = 4096
HARD_BYTES = 16384
CELL = 60
"""Characters of a value in a table."""
LONG_CELL = 2000
"""Characters of a value where there is room for it: in typed data, and in the text about a single object."""
NOTES = 10


@dataclass(frozen=True)
class Setting:
    """Where an answer comes from: environment and time zone are said in it, warnings stand in both forms."""

    environment: str
    zone: ZoneInfo
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class _View:
    """How much of a listing is shown: rows, columns, and characters of a long value."""

    rows: int
    columns: int
    length: int = LONG_CELL

    def smaller(self, size: int, cap: int) -> _View | None:
        """The next smaller view of something that was `size` bytes; fewer rows before shorter values."""
        if self.rows > 1:
            return replace(self, rows=max(1, min(self.rows - 1, self.rows * cap // size)))
        if self.length > CELL:
            return replace(self, length=max(CELL, min(self.length // 2, self.length * cap // size)))
        if self.columns > 2:
            return replace(self, columns=max(2, self.columns * 2 // 3))
        return None


def listing(found: Listing, setting: Setting, *, generous: bool) -> CallToolResult:
    """The answer of a find. `generous`: the caller asked for fields or a number of rows, so the hard cap counts."""
    cap = HARD_BYTES if generous else DEFAULT_BYTES
    names = list(dict.fromkeys(["name", "id", *found.shown]))
    files = attached(found.files)
    cap = min(cap, HARD_BYTES - size_of(files.data))
    view: _View | None = _View(len(found.rows), len(names))
    text, data = "", {}
    while view is not None:
        notes = [*_notes(found, setting, names, view), *files.notes]
        text = _listing_text(found, setting, names, view, notes)
        data = _listing_data(found, setting, names, view, notes)
        size = max(size_of(text), size_of(data))
        view = view.smaller(size, cap) if size > cap else None
    return result(text, data | files.data, files=files.blocks)


def _listing_text(found: Listing, setting: Setting, names: Sequence[str], view: _View, notes: Sequence[str]) -> str:
    total, rows = _total(found), found.rows[: view.rows]
    head = f"{'At least ' if found.at_least else ''}{counted(total, found.noun)} in {setting.environment}"
    if len(rows) < total:
        head += f", rows {found.offset + 1} to {found.offset + len(rows)}" if rows else ", none on this page"
    lines = [head + "."]
    if len(rows) == total == 1:
        values = [(name, shown(rows[0].get(name), setting.zone, view.length)) for name in names[: view.columns]]
        lines.append(fenced("\n".join(f"{one_line(name)}: {value}" for name, value in values if value)))
    elif rows:
        cells = [[shown(row.get(name), setting.zone, CELL) for name in names[: view.columns]] for row in rows]
        lines.append(fenced("\n".join(table(names[: view.columns], cells))))
    lines += notes
    if cursor := found.cursor(len(rows)):
        lines.append(f'More: the same call with cursor="{cursor}".')
    return "\n".join(lines)


def _listing_data(
    found: Listing, setting: Setting, names: Sequence[str], view: _View, notes: Sequence[str]
) -> dict[str, Any]:
    rows = found.rows[: view.rows]
    items = [
        {
            one_line(name): plain(row[name], setting.zone, view.length)
            for name in names[: view.columns]
            if row.get(name) is not None
        }
        for row in rows
    ]
    data: dict[str, Any] = {
        "environment": setting.environment,
        "total": _total(found),
        "at_least": found.at_least,
        "items": items,
    }
    if cursor := found.cursor(len(rows)):
        data["cursor"] = cursor
    if notes:
        data["warnings"] = list(notes)
    return data


def _total(found: Listing) -> int:
    return len(found.rows) if found.total is None else found.total


def _notes(found: Listing, setting: Setting, names: Sequence[str], view: _View) -> list[str]:
    notes = [*setting.warnings, *(one_line(each, 300) for each in found.notes)][:NOTES]
    if view.rows < len(found.rows):
        notes.append(f"Cut to {view.rows} of {len(found.rows)} rows by size: ask for fewer fields, or use the cursor.")
    if view.length < LONG_CELL or view.columns < len(names):
        notes.append("Long values or columns were cut by size: ask for single fields.")
    if found.age >= 1:
        notes.append(f"This list is {round(found.age)} s old.")
    if any(isinstance(value, datetime) for row in found.rows[: view.rows] for value in row.values()):
        notes.append(f"Times are in {setting.zone.key}.")
    return notes


def problem(error: ToolProblem | UpstreamError, setting: Setting) -> CallToolResult:
    """An error that the assistant can act on: what was wrong, what to write instead, whether to try again."""
    candidates = list(getattr(error, "lines", []))[:20]
    for count, length in ((20, 1000), (10, 500), (5, 200)):
        text, data = _problem(error, setting, candidates[:count], length)
        if max(size_of(text), size_of(data)) <= DEFAULT_BYTES:
            break
    return result(text, data, is_error=True)


def _problem(
    error: ToolProblem | UpstreamError, setting: Setting, candidates: Sequence[str], length: int
) -> tuple[str, dict[str, Any]]:
    message, advice = one_line(error.message, length), one_line(error.advice, length)
    candidates = [one_line(each, 120) for each in candidates]
    warnings = list(setting.warnings)[:NOTES]
    lines = [f"[{error.code}] {message}"]
    if candidates:
        lines.append(fenced("\n".join(candidates)))
    if advice:
        lines.append(advice)
    if error.retry:
        lines.append("The same call may work later.")
    data: dict[str, Any] = {
        "error": {"code": error.code, "message": message, "retry": error.retry},
        "environment": setting.environment,
    }
    if advice:
        data["error"]["advice"] = advice
    if candidates:
        data["error"]["candidates"] = candidates
    if warnings:
        data["warnings"] = warnings
    return "\n".join([*lines, *warnings]), data


def size_of(content: str | Mapping[str, Any]) -> int:
    """Bytes of a text, or of data as compact JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def result(
    text: str, data: dict[str, Any], *, is_error: bool = False, files: Sequence[ContentBlock] = ()
) -> CallToolResult:
    """Both forms as the protocol carries them, and behind the text the files that come along."""
    content = [TextContent(type="text", text=text), *files]
    return CallToolResult(content=content, structured_content=data, is_error=is_error)
