"""The file of an import, read as a whole before it is sent, so that what is checked is what leaves.

What Actito would refuse and what can be put right without a doubt is put right and told: byte order marks, other
encodings, lines without values, the line `sep=;`. Everything else is an error that names the line. Values are nobody's
business here: no message has one.

Source: Actito, input files of ETLs (RFC 4180; as many values in every line as names in the first).
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tools.actito.definition_words import encoding_of, quote_of, separator_of
from tools.actito.import_rows import NAMED, SEPARATORS, Places, Row, bare, rows_in, separator_in, written_row
from tools.actito.import_text import Text, text_of
from tools.content import WORKBOOK, kind_of
from tools.encodings import doubts_about
from tools.errors import BadArgument
from tools.uploads import Picked

MOST_BYTES = 100 * 1000 * 1000
"""The largest file that Actito takes. Source: Actito, limits."""

_WORDS: Mapping[str, str] = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Sheet:
    """The file as it is sent: names of columns as they are written there, how many rows follow, and how it is written.

    `head` is the length of its first line. `said` tells whether the definition says both encoding and separator,
    `notes` what became of the file that was given.
    """

    name: str
    text: str = field(repr=False)
    columns: Sequence[str]
    rows: int
    separator: str
    quote: str
    encoding: str
    head: int
    said: bool = True
    notes: Sequence[str] = ()

    @cached_property
    def content(self) -> bytes:
        """The bytes that are sent."""
        return self.text.encode(self.encoding)

    @property
    def written(self) -> str:
        """How it is written, in words."""
        encoding = {"utf-8": "UTF-8", "iso8859-1": "ISO-8859-1"}.get(self.encoding, self.encoding)
        separated = f", values separated by {_WORDS.get(self.separator, repr(self.separator))}"
        unsaid = "" if self.said else "; the definition doesn't say so in a way known here"
        return f"{encoding}{separated if len(self.columns) > 1 else ''}{unsaid}"

    def values(self) -> Iterator[Sequence[str]]:
        """The values of each row below the first line."""
        rows = rows_in(self.text, self.separator, self.quote)
        next(rows)
        return (row.values for row in rows)

    def renamed(self, names: Sequence[str]) -> Sheet:
        """The file with other names in its first line."""
        ending = re.search(r"[\r\n]*$", self.text[: self.head])
        head = written_row(names, self.separator, self.quote) + (ending[0] if ending else "")
        return replace(self, columns=list(names), text=head + self.text[self.head :], head=len(head))


def sheet_of(picked: Picked, definition: Mapping[str, Any], encoding: str = "") -> Sheet:
    """Read a file to its end, by what its definition says of it, or by what it seems to be. Blocks while it reads.

    `encoding` is that of the file where it is known.

    Raises:
        BadArgument: it is neither CSV nor workbook, has characters, quotes or lines that Actito refuses, or no rows.
    """
    _check_size(len(picked.content))
    quote, said = quote_of(definition), separator_of(definition)
    if kind_of(picked.content) == WORKBOOK:
        # Imported when first needed: the library costs more than the rest of this category.
        from tools.actito import import_workbook

        found = import_workbook.text_of(picked, said or ",", quote, encoding_of(definition) or "utf-8")
    else:
        found = text_of(picked, definition, encoding)
    if said:
        _check_separator(found, said, quote)
    sheet = _read(found, said or found.separator or separator_in(found.text, quote), quote)
    _check_columns(sheet.columns)
    if not sheet.rows:
        raise BadArgument("The CSV has one line: below the names of the columns it needs at least one row.")
    stem, dot, ending = picked.name.rpartition(".")
    name = picked.name if ending.casefold() in ("csv", "txt") or not dot else f"{stem}.csv"
    return _fitting(replace(sheet, name=name, said=bool(said and encoding_of(definition))))


def clean(name: str) -> str:
    """The name of a column without what can't be seen in it: white space around it, no-break spaces, joiners."""
    shown = "".join(each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) != "Cf")
    return " ".join(bare(shown).split())


def _check_separator(found: Text, said: str, quote: str) -> None:
    """Refuse a file whose values another sign separates than its definition says."""
    first = next((row.values for row in rows_in(found.text, said, quote) if not row.blank), ())
    really = found.separator or separator_in(found.text, quote)
    if really != said and (found.separator or (len(first) == 1 and really in first[0])):
        names = [_WORDS.get(each, repr(each)) for each in (said, really)]
        raise BadArgument(f"The definition says that {names[0]} separate the values; in the file it is {names[1]}.")


def _read(found: Text, separator: str, quote: str) -> Sheet:
    """The file without rows that hold no values.

    Raises:
        BadArgument: it has no first line, quotes that don't fit, or lines with more or fewer values than the first.
    """
    names: Row | None = None
    rows, blank = 0, False
    empty, uneven = Places(), Places()
    widths: list[int] = []
    for row in rows_in(found.text, separator, quote, strict=True, line=found.line):
        if row.blank:
            blank = True
            # A line without even a separator is no row to anybody.
            if row.values:
                empty.add(row.line)
        elif names is None:
            names = row
        else:
            rows += 1
            if len(row.values) != len(names.values):
                uneven.add(row.line)
                widths = widths if len(widths) == NAMED else [*widths, len(row.values)]
    if names is None:
        raise BadArgument("The CSV is empty: its first line has to name the columns.")
    if uneven.count:
        raise _uneven(uneven, widths, f"{len(names.values)}", rows, separator)
    text = _without_blanks(found.text, separator, quote) if blank else found.text
    notes = [*found.notes, *doubts_about(text)]
    if empty.count:
        which = "1 row without any value is" if empty.count == 1 else f"{empty.count:,} rows without any value are"
        notes.append(f"{which} left out (in line {empty}).")
    return Sheet("", text, names.values, rows, separator, quote, found.encoding, names.end - names.start, notes=notes)


def _without_blanks(text: str, separator: str, quote: str) -> str:
    target = io.StringIO()
    for row in rows_in(text, separator, quote):
        if not row.blank:
            target.write(text[row.start : row.end])
    return target.getvalue()


def _uneven(lines: Places, widths: Sequence[int], width: str, of: int, separator: str) -> BadArgument:
    counts = ", ".join(f"line {line:,} has {found}" for line, found in zip(lines.first, widths, strict=True))
    more = f", and {lines.count - len(widths):,} more" if lines.count > len(widths) else ""
    return BadArgument(
        f"The first line names {width} columns, and {lines.count:,} of {of:,} rows have more or fewer values: "
        f"{counts}{more}.",
        advice="Actito takes only files whose lines all have the same number of values: put a value that holds "
        f"{_WORDS.get(separator, repr(separator))} into quotes, and leave none out.",
    )


def _check_columns(names: Sequence[str]) -> None:
    """Refuse names that no column can have, by place: the first line could hold values of a person."""
    seen: dict[str, Places] = {}
    for place, name in enumerate(names, start=1):
        seen.setdefault(clean(name), Places()).add(place)
    if empty := seen.pop("", None):
        raise BadArgument(
            f"The first line names {len(names)} columns, and has no name for column {empty}.",
            advice="Name it, or delete the column: spreadsheets also save columns that only look empty.",
        )
    if len(names) == 1 and any(each in names[0] for each in SEPARATORS):
        raise BadArgument(
            "The first line is one single name: whole lines are in quotes, so that nothing separates the values.",
            advice="Export the file anew, or take away the quotes around the lines.",
        )
    if double := next((places for places in seen.values() if places.count > 1), None):
        raise BadArgument(f"Columns {double} have the same name in the first line: one of them would be lost.")


def _fitting(sheet: Sheet) -> Sheet:
    """The file, if its encoding has all of its letters and it is not too large in it."""
    try:
        size = len(sheet.content)
    except UnicodeEncodeError as error:
        line = sheet.text.count("\n", 0, error.start) + 1
        raise BadArgument(
            f"The definition says {sheet.encoding}, which has no {sheet.text[error.start]!r} (first in line {line:,}).",
            advice="Write UTF-8 into the definition.",
        ) from None
    _check_size(size)
    return sheet


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise BadArgument(f"The CSV has {size:,} bytes; Actito takes at most {MOST_BYTES:,}.")
