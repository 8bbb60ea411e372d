"""What an import says of consent: in how many rows an opt-in is given or taken, and a segment set.

Only counts leave this module. Source: Actito, structuring a file to import profiles (a column for each opt-in, Y or N)
and input files of ETLs (TRUE, 1 and Y are yes). What an empty value does to an opt-in is not known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.actito.definition_words import places_in, words_in
from tools.actito.import_file import Sheet, clean
from tools.actito.import_rows import bare
from tools.actito.table_structure import Table
from tools.nearest import spelt

_YES = frozenset({"y", "yes", "true", "1", "oui", "ja", "si", "sí"})
_NO = frozenset({"n", "no", "false", "0", "non", "nee", "nein"})


@dataclass
class Column:
    """A column that sets an opt-in or a segment of a table, and its values by what they mean.

    `categories` are those of an exclusive segment, none for a simple one or an opt-in.
    """

    place: int
    name: str
    opt_in: bool
    categories: Sequence[str] = ()
    counts: Counter[str] = field(default_factory=Counter)

    def count(self, value: str) -> None:
        said = bare(value)
        if not said:
            self.counts["empty"] += 1
        elif self.categories:
            self.counts[said if said in self.categories else "another value"] += 1
        elif said.casefold() in _YES:
            self.counts["in"] += 1
        else:
            self.counts["out" if said.casefold() in _NO else "neither yes nor no"] += 1

    def __str__(self) -> str:
        """`Newsletter: 312 in, 4 out, 10 empty`."""
        usual = ("in", "out") if not self.categories else ()
        first = [f"{self.counts[each]:,} {each}" for each in usual]
        rest = [f"{count:,} {what}" for what, count in self.counts.most_common(8) if what not in usual]
        return f"{self.name}: {', '.join([*first, *rest])}"


@dataclass(frozen=True)
class Consent:
    """What an import sets of opt-ins and segments. `unseen` are those that the definition names for no column."""

    columns: Sequence[Column]
    unseen: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.columns or self.unseen)

    @property
    def counts(self) -> str:
        """All columns with their counts, in one line."""
        return "; ".join(map(str, self.columns))

    def warnings(self) -> list[str]:
        """What a person should mind of it."""
        said = []
        if opt_ins := [str(each) for each in self.columns if each.opt_in]:
            said.append(
                f"This changes consent. Opt-ins by row: {'; '.join(opt_ins)}. Opt in only who has consented; "
                "what an empty value does is not known here."
            )
        if segments := [str(each) for each in self.columns if not each.opt_in]:
            said.append(f"This changes segments, by row: {'; '.join(segments)}.")
        if self.unseen:
            said.append(
                f"The definition speaks of {', '.join(self.unseen[:5])}: consent may change, in how many rows can't be "
                "seen here."
            )
        return said


def consent_of(tables: Sequence[Table], sheet: Sheet | None, definition: Mapping[str, Any]) -> Consent:
    """What a file sets of the opt-ins and segments of these tables. Blocks while it reads the rows.

    A column sets one when it is called like it, or when the definition names both at one place.
    """
    opt_ins = {name for table in tables for name in table.subscriptions}
    segments = {name: categories for table in tables for name, categories in table.segmentations.items()}
    named = {*opt_ins, *segments}
    found = (
        []
        if sheet is None
        else [
            Column(place, name, name in opt_ins, segments.get(name, ()))
            for place, name in _columns(sheet.columns, named, definition)
        ]
    )
    if sheet is not None and found:
        for values in sheet.values():
            for column in found:
                column.count(values[column.place])
    seen = {each.name for each in found}
    return Consent(found, [each for each in dict.fromkeys(words_in(definition)) if each in named - seen])


def _columns(columns: Sequence[str], named: set[str], definition: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    places = [set(each) for each in places_in(definition)]
    for place, column in enumerate(columns):
        by_definition = {name for words in places if column in words for name in words & named}
        by_name = {spelt(clean(column), named)} - {""}
        for name in sorted(by_definition | by_name):
            yield place, name
