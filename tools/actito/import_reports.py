"""The report of a v4 import: a zip whose files are read within bounds, with no value of a person shown unasked."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tools.actito.definition_words import speaks_of
from tools.actito.import_rows import rows_in, separator_in
from tools.actito.privacy import without_people
from tools.content import Content, by_name
from tools.errors import BadArgument
from upstream.replies import File

FILES = 10
"""Files of a zip that are looked into."""
UNPACKED_BYTES = 2 * 1024 * 1024
"""Bytes that are unpacked of one file: a small zip can hold a huge one."""
ROWS = 2000
"""Lines of one file that are shown page by page."""

_MESSAGE = ("error", "message", "reason", "description")
_LINE = ("line", "row")
_HEADER = (*_MESSAGE, *_LINE, "code", "status", "attribute", "field", "column")
"""Words by which the first line of a report is known to hold names, and not the values of a person. Inferred."""


@dataclass(frozen=True)
class Member:
    """A file of a report. `columns` are the names in its first line, `column 1` and so on where it seems to have none.

    `size` are its bytes in all, `data` those that were unpacked, `rows` its lines by column.
    """

    name: str
    size: int
    data: bytes = field(repr=False)
    columns: Sequence[str] = ()
    rows: Sequence[dict[str, str]] = field(default=(), repr=False)
    problem: str = ""

    @property
    def cut(self) -> bool:
        """Whether there is more than is shown."""
        return self.size > len(self.data) or len(self.rows) >= ROWS

    def __str__(self) -> str:
        count = self.problem or (f"{len(self.rows):,} lines" + (" shown" if self.cut else ""))
        return f"{self.name} ({self.size:,} bytes, {count})"

    def content(self) -> Content:
        """The file as it comes with an answer."""
        return Content(self.name, by_name(self.name), self.data, size=self.size)


def members_of(report: File) -> list[Member]:
    """The files of a report; one that is no zip is taken as a file itself. Blocks while it unpacks."""
    if not report.content.startswith(b"PK"):
        name = report.name or "report"
        return [_member(name, len(report.content), report.content[:UNPACKED_BYTES])] if report.content else []
    try:
        with zipfile.ZipFile(io.BytesIO(report.content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            return [_unpacked(archive, each) for each in entries[:FILES]]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        name = report.name or "report.zip"
        return [Member(name, len(report.content), b"", problem="a zip that can't be read")]


def rows_with(members: Sequence[Member], asked: Sequence[str]) -> list[dict[str, Any]]:
    """The lines of all files as rows: `name` is the message without values of people, all other columns as they came.

    `asked` are the columns that the caller named.
    """
    return [
        {
            "name": _named(member, row) or f"line {number}",
            "file": member.name,
            **{column: row[column] for column in asked if column in row},
            **{column: row[column] for column in member.columns if speaks_of(column, *_LINE)},
        }
        for member in members
        for number, row in enumerate(member.rows, start=2)
    ]


def columns_of(members: Sequence[Member]) -> tuple[list[str], list[str]]:
    """The columns that the lines of these files have, and those that are shown unasked."""
    every = list(dict.fromkeys(column for member in members for column in member.columns))
    shown = [each for each in every if speaks_of(each, *_LINE)]
    several = ["file"] if len(members) > 1 else []
    return ["name", "file", *every], ["name", *shown, *several]


def _named(member: Member, row: dict[str, str]) -> str:
    return without_people(next((row[each] for each in member.columns if speaks_of(each, *_MESSAGE) and row[each]), ""))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    try:
        with archive.open(entry) as file:
            data = file.read(UNPACKED_BYTES)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        return Member(entry.filename, entry.file_size, b"", problem="can't be unpacked")
    return _member(entry.filename, max(entry.file_size, len(data)), data)


def _member(name: str, size: int, data: bytes) -> Member:
    name = name.replace("\\", "/").rpartition("/")[2]
    try:
        if b"\0" in data[:1000]:
            raise BadArgument("bytes that are no text")
        text = _text(data)
        found = (row.values for row in rows_in(text, separator_in(text)) if row.values)
        lines = list(islice(found, ROWS + 1))
    except BadArgument:
        return Member(name, size, data, problem="no text with columns")
    if not lines:
        return Member(name, size, data)
    widest = max(map(len, lines))
    head = [each.strip() for each in lines[0]]
    headed = any(speaks_of(each, *_HEADER) and len(each) < 40 for each in head) and len(set(head)) == len(head)
    columns = [each or f"column {number}" for number, each in enumerate(head, start=1)] if headed else []
    columns += [f"column {number}" for number in range(len(columns) + 1, widest + 1)]
    rows = [dict(zip(columns, [*row, *[""] * widest], strict=False)) for row in lines[headed:]]
    return Member(name, size, data, columns, rows)


def _text(data: bytes) -> str:
    """The text of a report, which may end in the middle of a letter where no more was unpacked."""
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
