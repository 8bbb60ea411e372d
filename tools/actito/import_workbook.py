"""An Excel workbook as the CSV that an import sends: what a person sees in the cells, in the forms that Actito reads.

Source: Actito, input files of ETLs (days as yyyy-MM-dd, moments as yyyy-MM-dd hh:mm:ss, a point before decimals).
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from threading import Lock
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils import get_column_letter

from tools.actito.import_rows import Places, bare, written_row
from tools.actito.import_text import Text
from tools.actito.zips import unzipped
from tools.errors import BadArgument
from tools.uploads import Picked

MOST_UNPACKED = 100 * 1024 * 1024
MOST_COLUMNS = 500
MOST_ROWS = 1_048_576
"""Rows of the largest sheet. A file can claim any number, and the library makes all that are missing."""
EXACT = 10**15
"""Excel keeps fifteen digits of a number."""

_BROKEN = (
    *(BadZipFile, ParseError, LookupError, ValueError, TypeError, AttributeError),
    *(ArithmeticError, RuntimeError, EOFError, OSError),
)
"""What the library raises for workbooks that are none."""
_QUIETLY = Lock()
"""The library prints about odd styles, and standard output may be the way to the client: it is turned away meanwhile,
by one at a time, since there is only one."""
_PARTS = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*ref=\"([A-Z0-9:]{1,40})\"")
_HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s[^>]*\bhidden=\"(?:1|true)\"")
_FORMULA = re.compile(rb"</(?:\w+:)?f>|<(?:\w+:)?f\s[^>]*/>")
_NO_RESULT = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def text_of(picked: Picked, separator: str, quote: str, encoding: str) -> Text:
    """The one sheet of a workbook as CSV, with what became of its cells.

    Raises:
        BadArgument: it can't be read, several sheets have rows, or a cell has an error or a number that is not exact.
    """
    about = _looked_into(picked)
    # It speaks of features that it doesn't read: none of them is in a cell's value.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    try:
        with _QUIETLY, redirect_stdout(sys.stderr):
            return _csv_of(picked, separator, quote, encoding, about)
    except _BROKEN as error:
        raise BadArgument(
            f"{picked.name[:80]!r} can't be read as an Excel workbook ({type(error).__name__}).",
            advice='Open it in Excel and save it anew, or save it as "CSV UTF-8".',
        ) from None


def _csv_of(picked: Picked, separator: str, quote: str, encoding: str, about: Sequence[str]) -> Text:
    book = openpyxl.load_workbook(io.BytesIO(picked.content), read_only=True, data_only=True)
    sheet, notes = _the_one(book, picked.name)
    reading = _Reading(sheet.title)
    target = io.StringIO()
    for values in reading.rows(sheet):
        target.write(written_row(values, separator, quote) + "\n")
    return Text(target.getvalue(), encoding, notes=(*notes, *reading.notes(), *about))


def _looked_into(picked: Picked) -> list[str]:
    """What the parts of a workbook tell before it is read as one; it is unpacked within bounds here.

    Raises:
        BadArgument: formulas whose result was never calculated.
    """
    merged: list[str] = []
    hidden: set[bytes] = set()
    formulas = False
    for name, content in unzipped(picked.content, MOST_UNPACKED, f"The workbook {picked.name[:80]!r}"):
        if not _PARTS.fullmatch(name):
            continue
        if _NO_RESULT.search(content):
            raise BadArgument(
                f"{picked.name[:80]!r} has formulas that were never calculated, so their results are not in it.",
                advice="Open it in Excel or LibreOffice and save it.",
            )
        merged += [each.decode() for each in _MERGED.findall(content)]
        hidden |= {*_HIDDEN.findall(content)}
        formulas = formulas or _FORMULA.search(content) is not None
    notes = ["Of formulas the result is sent that was calculated last."] if formulas else []
    if hidden:
        which = " and ".join({b"row": "rows", b"col": "columns"}[each] for each in sorted(hidden, reverse=True))
        notes.append(f"The workbook has {which} that are hidden, by a filter or by hand: they are sent as well.")
    if merged:
        more = f" and {len(merged) - 3} more" if len(merged) > 3 else ""
        notes.append(
            f"Cells are merged in the workbook ({', '.join(merged[:3])}{more}): only the first of them has the value, "
            "the others are empty."
        )
    return notes


def _the_one(book: Any, name: str) -> tuple[Any, list[str]]:
    """The only visible sheet with values."""
    visible = [each for each in book.worksheets if each.sheet_state == "visible"]
    filled = [each for each in visible if _has_values(each)]
    titles = ", ".join(repr(each.title[:40]) for each in filled[:10])
    if len(filled) > 1:
        raise BadArgument(
            f"{name[:80]!r} has values in {len(filled)} sheets: {titles}.",
            advice='Keep the one that is meant, or save it by itself as .xlsx or "CSV UTF-8".',
        )
    if not filled:
        raise BadArgument(f"{name[:80]!r} has no visible sheet with values.")
    hidden = [repr(each.title[:40]) for each in book.worksheets if each not in visible]
    left = f"; hidden ones are left out ({', '.join(hidden[:5])})" if hidden else ""
    return filled[0], [f"The sheet {titles} of the workbook is sent as CSV{left}."]


def _has_values(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(cell.value not in (None, "") for row in islice(sheet.iter_rows(), MOST_ROWS) for cell in row)


@dataclass
class _Reading:
    """A sheet while it is read: the letters of columns by what became of their cells, and the rows left out."""

    title: str
    width: int = 0
    became: dict[str, dict[str, None]] = field(default_factory=dict)
    empty: Places = field(default_factory=Places)

    def rows(self, sheet: Any) -> Iterator[Sequence[str]]:
        """The rows that have values, each as wide as the first.

        Raises:
            BadArgument: a cell beyond the names of the columns, with an error, or with a number that is not exact.
        """
        pending = Places()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if number > MOST_ROWS:
                raise BadArgument(
                    f"The sheet {self.title[:40]!r} claims more rows than Excel has.", advice="Save it anew."
                )
            values = [self._value(cell, number, place) for place, cell in enumerate(cells, start=1)]
            while values and not bare(values[-1]):
                values.pop()
            if not values:
                pending.add(number)
                continue
            self.width = self.width or min(len(values), MOST_COLUMNS)
            if len(values) > self.width:
                place = self._place(number, len(values))
                raise BadArgument(
                    f"The first row names {self.width} columns, and the cell {place} has a value.",
                    advice="The first row has to name every column: name this one, or empty the cell.",
                )
            self.empty.extend(pending)
            pending = Places()
            yield [*values, *[""] * (self.width - len(values))]

    def notes(self) -> list[str]:
        """What a person should know of how cells became text."""
        said = [f"{what} (column {', '.join(list(letters)[:8])})" for what, letters in self.became.items()]
        notes = [f"Of its cells, {'; '.join(said)}."] if said else []
        if self.empty.count:
            notes.append(f"Rows without any value are left out: {self.empty}.")
        return notes

    def _value(self, cell: Any, row: int, column: int) -> str:
        value, form = cell.value, str(getattr(cell, "number_format", None) or "General")
        if cell.data_type == "e":
            raise BadArgument(
                f"The cell {self._place(row, column)} has the error {str(value)[:20]}.", advice="Correct it first."
            )
        match value:
            case None:
                return ""
            case bool():
                return "TRUE" if value else "FALSE"
            case int() | float():
                return self._number(value, form, row, column)
            case datetime():
                return self._moment(value, form, column)
            case date():
                return self._noted("days are sent as yyyy-mm-dd", column, value.isoformat())
            case time():
                return self._noted("times are sent as hh:mm:ss", column, value.isoformat("seconds"))
            case timedelta():
                return self._noted("durations are sent as hours:mm:ss", column, str(value))
            case _:
                return str(value)

    def _number(self, value: int | float, form: str, row: int, column: int) -> str:
        if abs(value) >= EXACT:
            raise BadArgument(
                f"The cell {self._place(row, column)} has a number of more than 15 digits, of which Excel keeps 15.",
                advice="Store such numbers as text.",
            )
        shown = form.partition(";")[0]
        if "%" in shown:
            self._noted("percentages are sent as fractions (0.25)", column, "")
        whole = int(value) if float(value).is_integer() else None
        if whole is not None and re.fullmatch(r"0{2,}", shown):
            return self._noted(
                "numbers keep the leading zeros that they are shown with", column, f"{whole:0{len(shown)}}"
            )
        return str(whole) if whole is not None else f"{Decimal(f'{value:.15g}'):f}"

    def _moment(self, value: datetime, form: str, column: int) -> str:
        rounded = value + timedelta(milliseconds=500)
        if not re.search(r"[hs]", re.sub(r'"[^"]*"|\\.|\[[^]]*\]', "", form.casefold())):
            return self._noted("days are sent as yyyy-mm-dd", column, rounded.date().isoformat())
        return self._noted(
            "moments are sent as yyyy-mm-dd hh:mm:ss", column, rounded.replace(microsecond=0).isoformat(" ")
        )

    def _noted(self, what: str, column: int, value: str) -> str:
        self.became.setdefault(what, {})[get_column_letter(column)] = None
        return value

    def _place(self, row: int, column: int) -> str:
        return f"{self.title[:40]}!{get_column_letter(column)}{row}"
