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
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from mcp.types import CallToolResult, ContentBlock, TextContent

from mcp_server.contents import attached
from mcp_server.words import counted, fenced, one_line, plain, shown, table
from tools.dates import as_text
from tools.errors import ToolProblem
from tools.listing import Listing
from upstream.errors import UpstreamError
from upstream.moment import NotUnderstood

DEFAULT_BYTES = 4096
HARD_BYTES = 16384
CELL = 60
"""Characters of a value in a table that is long."""
WIDE_CELLS = (1000, 400, 200, 120)
"""Characters of a value in a table that stays below `ROOMY` of the cap with them, the widest that does."""
ROOMY = 0.6
LONG_CELL = 2000
"""Characters of a value where there is room for it: in typed data, and in the text about a single object."""
NOTES = 10
CUT_NOTE = 72
"""Bytes that stay free for the sentence that values were cut."""


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
    numbered = not found.rows or any(row.get("id") is not None for row in found.rows)
    names = list(dict.fromkeys(["name", *(["id"] if numbered else []), *found.shown]))
    files = attached(found.files)
    cap = min(HARD_BYTES if generous else DEFAULT_BYTES, HARD_BYTES - size_of(files.data))
    view: _View | None = _View(len(found.rows), len(names))
    while view is not None:
        notes = [*_notes(found, setting, names, view, generous=generous), *files.notes]
        data = _listing_data(found, setting, names, view, notes)
        page = _Page(found, setting, names[: view.columns], view, notes, generous)
        size, short = size_of(data), ""
        if size <= cap:
            short = page.text(CELL)
            size = max(size, size_of(short) + CUT_NOTE)
        view = view.smaller(size, cap) if size > cap else None
    return result(page.roomy(cap, short or page.text(CELL)), data | files.data, files=files.blocks)


@dataclass(frozen=True)
class _Page:
    """The text of a listing: a record of what it is about or of its only row, then a table of the rows."""

    found: Listing
    setting: Setting
    names: Sequence[str]
    view: _View
    notes: Sequence[str]
    generous: bool

    @cached_property
    def alone(self) -> bool:
        """Whether there is one row and no more, which is shown as a record."""
        return self.view.rows == len(self.found.rows) == _total(self.found) == 1 and not self.found.about

    @cached_property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        return [] if self.alone else self.found.rows[: self.view.rows]

    @cached_property
    def record(self) -> Mapping[str, Any]:
        return self.found.about or ({name: self.found.rows[0].get(name) for name in self.names} if self.alone else {})

    def roomy(self, cap: int, short: str) -> str:
        """The text with the widest values for which there is room, `short` where none is cut; a cut is said."""
        said = [self._cut_note()]
        long = self.view.length == LONG_CELL and any(self._cuts(each, LONG_CELL) for each in self.record.values())
        if not self._table_cuts(CELL):
            return self.text(CELL, said) if long else short
        # What has no fields to ask for can't be seen in another way.
        most = cap * ROOMY if self.found.columns else cap
        for width in WIDE_CELLS:
            text = self.text(width, said if long or self._table_cuts(width) else ())
            if size_of(text) <= most:
                return text
        return self.text(CELL, said)

    def text(self, width: int, said: Sequence[str] = ()) -> str:
        """The text with values of at most `width` characters in the table, and what is `said` besides."""
        found, zone = self.found, self.setting.zone
        facts = [(one_line(name), shown(value, zone, self.view.length)) for name, value in self.record.items()]
        content = [f"{name}: {value}" for name, value in facts if value]
        if self.rows:
            cells = [[shown(row.get(name), zone, width) for name in self.names] for row in self.rows]
            content += [*([""] if content else []), *table(self.names, cells)]
        fence = [fenced("\n".join(content))] if content else []
        cursor = found.cursor(self.view.rows)
        more = [f'More: the same call with cursor="{cursor}".'] if cursor else []
        return "\n".join([self._head(), *fence, *self.notes, *said, *more])

    def _head(self) -> str:
        found, total, shown_rows = self.found, _total(self.found), min(self.view.rows, len(self.found.rows))
        head = "At least " if found.at_least else ""
        head += f"{one_line(found.counts, 120) or counted(total, found.noun)} in {self.setting.environment}"
        if shown_rows < total:
            first = found.offset + 1
            head += f", rows {first} to {found.offset + shown_rows}" if shown_rows else ", none on this page"
        return f"{head}."

    def _table_cuts(self, width: int) -> bool:
        return any(self._cuts(row.get(name), width) for row in self.rows for name in self.names)

    def _cuts(self, value: Any, width: int) -> bool:
        if isinstance(value, bool | int | float | datetime | None) or (isinstance(value, str) and len(value) <= width):
            return False
        said = shown(value, self.setting.zone, width)
        return said.endswith("…") and said != shown(value, self.setting.zone, 2 * width)

    def _cut_note(self) -> str:
        said = "Values that end in … are cut"
        if self.alone or not self.found.columns:
            return said + "."
        return (
            f"{said}: ask for fewer rows or fields." if self.generous else f"{said}: ask for their columns in fields."
        )


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
    if found.about:
        data["about"] = {
            one_line(name): plain(value, setting.zone, view.length)
            for name, value in found.about.items()
            if value is not None
        }
    if cursor := found.cursor(len(rows)):
        data["cursor"] = cursor
    if notes:
        data["warnings"] = list(notes)
    return data


def _total(found: Listing) -> int:
    return len(found.rows) if found.total is None else found.total


def _notes(found: Listing, setting: Setting, names: Sequence[str], view: _View, *, generous: bool) -> list[str]:
    notes = [*setting.warnings, *(one_line(each, 300) for each in found.notes)][:NOTES]
    if view.rows < len(found.rows):
        fewer = "ask for fewer fields, or use" if generous and found.columns else "use"
        notes.append(f"Cut to {view.rows} of {len(found.rows)} rows by size: {fewer} the cursor.")
    if view.length < LONG_CELL or view.columns < len(names):
        notes.append("Long values or columns were cut by size" + (": ask for single fields." if found.columns else "."))
    if found.age >= 1:
        notes.append(f"This list is {round(found.age)} s old.")
    values = [row.get(name) for row in found.rows[: view.rows] for name in names[: view.columns]]
    if _has_a_time([*values, found.about], setting.zone):
        notes.append(f"Times are in {setting.zone.key}.")
    if any(isinstance(value, NotUnderstood) for value in values):
        notes.append("Dates that are not understood stand as they came: the setting DATE_FORM tells how to read them.")
    return notes


def _has_a_time(value: Any, zone: ZoneInfo) -> bool:
    """Whether a time of day is shown of the value; a moment at midnight is shown as its day."""
    match value:
        case datetime():
            return " " in as_text(value, zone)
        case Mapping():
            return any(_has_a_time(each, zone) for each in value.values())
        case list() | tuple():
            return any(_has_a_time(each, zone) for each in value)
        case _:
            return False


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
