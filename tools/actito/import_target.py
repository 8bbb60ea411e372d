"""Where an import goes: the table that its definition names, and whether the columns of its file fit that table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.actito.definition_words import words_in
from tools.actito.import_file import Sheet, clean
from tools.actito.import_rows import Places
from tools.actito.table_book import Tables
from tools.actito.table_structure import TECHNICAL, Kind, Table
from tools.actito.values import missing
from tools.call import Call
from tools.errors import BadArgument
from tools.nearest import nearest, spelt
from upstream.errors import UpstreamError

_WRITTEN_BY_ACTITO = frozenset(TECHNICAL) - {"profileId"}
"""Not to be imported; by the number of a profile its row may be found."""


@dataclass(frozen=True)
class Target:
    """Where an import goes, as far as its definition tells: all tables that it names, and why it is not one alone."""

    tables: Sequence[Table]
    unchecked: str = ""

    @property
    def one(self) -> Table | None:
        return self.tables[0] if len(self.tables) == 1 else None


async def target_of(call: Call, entity: str, definition: Mapping[str, Any]) -> Target:
    """The tables that a definition names, at whatever place (its layout is not documented).

    Looked for are texts that are the name of a table of the entity.
    """
    said = set(words_in(definition))
    found: list[Table] = []
    unread = False
    for kind in Kind:
        try:
            found += [each for each in await call.kept(Tables).all(call, entity, kind) if each.name in said]
        except UpstreamError:
            unread = True
    if len(found) == 1:
        return Target(found)
    if found:
        return Target(found, f"The definition names {len(found)} tables, so the columns were not checked.")
    if unread:
        return Target(
            (),
            "The tables could not be read (the key may lack the right), so the columns and opt-ins were not checked.",
        )
    return Target(
        (), f"The definition names no table of {entity} in a way known here, so columns and opt-ins were not checked."
    )


def fitted(table: Table, sheet: Sheet, definition: Mapping[str, Any]) -> tuple[Sheet, list[str]]:
    """The file with its columns named as the table has them, and what a person should mind about them.

    A column fits when it is called like an attribute, an opt-in or a segment, or when the definition speaks of it. One
    that differs in cases or in white space alone is renamed in what is sent.

    Raises:
        BadArgument: columns that do neither, with the nearest names. Where no column fits, the first line may hold
            values of people, so it is not said again.
    """
    if not table.known:
        return sheet, [f"The structure of {table.name} could not be read, so its columns and opt-ins were not checked."]
    said = set(words_in(definition))
    known = {*table.attributes, *table.subscriptions, *table.segmentations}
    names = [each if each in known or each in said else _meant(each, known, said) for each in sheet.columns]
    if not any(names):
        raise BadArgument(
            f"None of the {len(names)} columns is an attribute of {table.name}, and the definition speaks of none: the "
            "first line has to hold the names.",
            advice=f"actito_tables_find with table={table.name} has them.",
        )
    _check(table, sheet.columns, names, known, said)
    warnings = _incomplete(table, {*names} | (said & set(table.attributes)))
    if names == list(sheet.columns):
        return sheet, warnings
    other = [f"{old[:40]!r} as {new}" for old, new in zip(sheet.columns, names, strict=True) if old != new]
    more = f" and {len(other) - 4} more" if len(other) > 4 else ""
    return sheet.renamed(names), [f"Columns are named as the table has them: {', '.join(other[:4])}{more}.", *warnings]


def oddly_named(sheet: Sheet) -> list[str]:
    """A warning about names that nobody sees the spaces of, where no structure tells what they should be."""
    odd = Places()
    for place, each in enumerate(sheet.columns, start=1):
        if clean(each) != each:
            odd.add(place)
    said = "The name has spaces or signs that can't be seen around it or in it, and is sent with them"
    return [f"{said}: column {odd}."] if odd.count else []


def _meant(column: str, known: set[str], said: set[str]) -> str:
    wanted = clean(column)
    return spelt(wanted, known) or spelt(wanted, said)


def _check(table: Table, columns: Sequence[str], names: Sequence[str], known: set[str], said: set[str]) -> None:
    problems = [_unknown(table, old, known) for old, new in zip(columns, names, strict=True) if not new]
    problems += [
        f"{each} is written by Actito itself: leave the column out."
        for each in names
        if each in _WRITTEN_BY_ACTITO and each not in said
    ]
    problems += [
        f"{count} columns are {each}: one of them would be lost."
        for each, count in Counter(names).items()
        if each and count > 1
    ]
    if problems:
        raise BadArgument(" ".join(problems), advice=f"actito_tables_find with table={table.name} has the names.")


def _unknown(table: Table, column: str, known: set[str]) -> str:
    near = nearest(clean(column), sorted(known))
    hint = f" (nearest: {', '.join(near)})" if near else ""
    return f"{table.name} has no attribute {column[:60]!r}{hint}."


def _incomplete(table: Table, given: set[str]) -> list[str]:
    keys = [each.name for each in table.attributes.values() if each.unique or each.name in ("profileId", table.key)]
    warnings = []
    if keys and not given & {*keys, "profileId"}:
        what = "a row that is there already" if table.kind is Kind.CUSTOM else "a profile that is there already"
        warnings.append(f"No column identifies {what}: one of {', '.join(keys[:5])} does.")
    if absent := missing(table, dict.fromkeys(given, "")):
        warnings.append(f"Mandatory for new rows and not in the file: {', '.join(absent[:10])}.")
    return warnings
