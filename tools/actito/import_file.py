"""The CSV file of an import: columns and rows are counted before it is sent, its values are nobody's business here."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.errors import BadArgument

SEPARATORS = (";", ",", "\t", "|")
MOST_BYTES = 100 * 1000 * 1000
"""The largest file that Actito takes. Source: Actito, limits."""


@dataclass(frozen=True)
class Sheet:
    """What is known of a CSV file: the names in its first line, how many rows follow, and how it is written.

    `uneven` are the rows that have more or fewer values than the first line has names, `first_uneven` is the line of
    the first. `guessed` tells that it is not UTF-8 and no encoding was said.
    """

    columns: Sequence[str]
    rows: int
    separator: str
    encoding: str
    uneven: int = 0
    first_uneven: int = 0
    guessed: bool = False


def sheet_of(data: bytes, definition: Mapping[str, Any]) -> Sheet:
    """Read a file to its end, with the separator and the encoding that its definition says, or those it seems to have.

    Blocks while it reads.

    Raises:
        BadArgument: it is empty, too large, no CSV, has no rows, or its first line has an empty or a double name. No
            value of the file is in any message.
    """
    if len(data) > MOST_BYTES:
        raise BadArgument(f"The CSV has {len(data):,} bytes; Actito takes at most {MOST_BYTES:,}.")
    text, encoding, guessed = decoded(data, encoding_of(definition))
    separator = said_in(definition, "separator", "delimiter")
    separator = separator if separator is not None and len(separator) == 1 else seeming_separator(text)
    try:
        lines = _lines(text, separator, strict=True)
        _, names = next(lines, (0, []))
        columns = [each.strip() for each in names]
        if not any(columns):
            raise BadArgument("The CSV is empty: its first line has to name the columns.")
        if not all(columns) or len(set(columns)) < len(columns):
            raise BadArgument("The first line of the CSV has to name the columns: an empty or a double name is in it.")
        rows = uneven = first = 0
        for number, row in lines:
            rows += 1
            if len(row) != len(columns):
                uneven, first = uneven + 1, first or number
    except csv.Error:
        raise BadArgument("This is no CSV that can be read: a value is too long, or its quotes don't fit.") from None
    if not rows:
        raise BadArgument("The CSV has one line: below the names of the columns it needs at least one row.")
    return Sheet(columns, rows, separator, encoding, uneven, first, guessed)


def encoding_of(definition: Mapping[str, Any]) -> str:
    """The encoding that a definition says, as Python calls it; empty where it says none.

    Raises:
        BadArgument: it says one that is none.
    """
    said = said_in(definition, "encoding", "charset")
    if not said:
        return ""
    try:
        known = codecs.lookup(said)
    except (LookupError, ValueError):
        known = None
    if known is None or not getattr(known, "_is_text_encoding", True):
        raise BadArgument(f"The definition says an encoding that is not known: {said[:40]!r}. Write UTF-8.")
    return known.name


def decoded(data: bytes, encoding: str = "") -> tuple[str, str, bool]:
    """The text of a file, its encoding, and whether that is a guess.

    Raises:
        BadArgument: it is not in the encoding that was said.
    """
    try:
        return data.decode(encoding or "utf-8").removeprefix("\ufeff"), encoding or "utf-8", False
    except UnicodeError:
        if encoding:
            raise BadArgument(f"The CSV is not in {encoding}, as the definition says.") from None
    return data.decode("cp1252", "replace"), "windows-1252", True


def seeming_separator(text: str) -> str:
    """What separates the names in the first line: the sign that occurs most often in it."""
    first = text.lstrip("\r\n").partition("\n")[0][:10_000]
    return max(SEPARATORS, key=first.count)


def rows_of(text: str, separator: str, most: int) -> list[list[str]]:
    """The first lines of a CSV, values apart.

    Raises:
        csv.Error: it is none.
    """
    return [row for _, row in zip(range(most), (row for _, row in _lines(text, separator)), strict=False)]


def said_in(definition: Mapping[str, Any], *words: str) -> str | None:
    """The text that a definition has, at any depth, under a name with one of these words; None where there is none.

    Where it stands is not documented (contract: mapping, mode, separator, encoding, in words).
    """
    for name, value in definition.items():
        if isinstance(value, str) and speaks_of(name, *words):
            return value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping) and (found := said_in(inner, *words)) is not None:
                return found
    return None


def speaks_of(name: str, *words: str) -> bool:
    """Whether one of these words is in a name whose meaning nobody documents."""
    return any(word in name.casefold() for word in words)


def words_in(value: Any) -> Iterator[str]:
    """All names and texts of a definition, at any depth."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from words_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from words_in(each)
    elif isinstance(value, str):
        yield value


def _lines(text: str, separator: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, each with its number in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    for row in reader:
        if row:
            yield reader.line_num, row
