"""The rows of a CSV, each with its line and its place in the text, and the sign that separates their values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from tools.errors import BadArgument

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 200_000
"""Characters in which the separator is looked for."""
_SAMPLED_ROWS = 200
NAMED = 5
"""Lines and columns that a message names."""
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SAYS = re.compile(f"[^\\s,;|{_INVISIBLE}]").search
"""Whether a value has more than separators and white space."""


class Row(NamedTuple):
    """The values of a row, the line in which it begins, and where it stands in the text."""

    line: int
    start: int
    end: int
    values: Sequence[str]

    @property
    def blank(self) -> bool:
        """Whether it holds nothing but separators, whichever, and white space."""
        return not any(map(_SAYS, self.values))


@dataclass
class Places:
    """How many lines or columns something is true of, and the numbers of the first."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(number)

    def extend(self, others: Places) -> None:
        self.count += others.count
        self.first = (self.first + others.first)[:NAMED]

    def __str__(self) -> str:
        """`4`, or `4, 9 and 12 more`."""
        more = self.count - len(self.first)
        return ", ".join(f"{each:,}" for each in self.first) + (f" and {more:,} more" if more else "")


def bare(value: str) -> str:
    """A value without white space and invisible characters around it."""
    return value.strip().strip(_INVISIBLE).strip()


def written_row(values: Sequence[str], separator: str, quote: str) -> str:
    """A row as a CSV has it, without an end of line."""
    target = io.StringIO()
    csv.writer(target, delimiter=separator, quotechar=quote, lineterminator="").writerow(values)
    return target.getvalue()


def rows_in(text: str, separator: str, quote: str = '"', *, strict: bool = False, line: int = 1) -> Iterator[Row]:
    """The rows of a text, also blank ones; `line` is the number of its first line, `strict` refuses odd quotes.

    Raises:
        BadArgument: it is no CSV, with the line.
    """
    position = 0

    def lines() -> Iterator[str]:
        nonlocal position
        for each in io.StringIO(text, newline=""):
            position += len(each)
            yield each

    reader = csv.reader(lines(), delimiter=separator, quotechar=quote, strict=strict)
    start, first = 0, line
    try:
        for values in reader:
            yield Row(first, start, position, values)
            start, first = position, line + reader.line_num
    except csv.Error as error:
        why = "a value is too long" if "limit" in str(error) else "its quotes don't fit"
        raise BadArgument(
            f"This is no CSV that can be read: {why}, in the row that begins in line {first:,}.",
            advice='A value with quotes in it is written "so ""quoted"" here".',
        ) from None


def separator_in(text: str, quote: str = '"') -> str:
    """The sign that separates the values: the one by which all rows have the same number of them, more than one.

    Where rows are uneven by each, it is the one that most rows agree about with the first. Of a single column it is
    one that no value has, if there is one.
    """
    sample = text[:_SAMPLE]
    if len(sample) < len(text):
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best, judged = "", (0.0, 0)
    for separator in SEPARATORS:
        try:
            found = (row.values for row in rows_in(sample, separator, quote) if not row.blank)
            widths = [len(values) for values in islice(found, _SAMPLED_ROWS)]
        except BadArgument:
            continue
        if not widths or widths[0] == 1:
            continue
        judgement = (widths.count(widths[0]) / len(widths), widths[0])
        if judgement > judged:
            best, judged = separator, judgement
    return best or next((each for each in SEPARATORS if each not in text), ",")
