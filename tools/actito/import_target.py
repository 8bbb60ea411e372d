"""Where an import goes: the table that its definition names, and whether the columns of its file fit that table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.actito.import_file import Sheet, words_in
from tools.actito.table_book import Tables
from tools.actito.table_structure import TECHNICAL, Kind, Table
from tools.actito.values import missing
from tools.call import Call
from tools.errors import BadArgument
from tools.nearest import nearest
from upstream.errors import UpstreamError

_WRITTEN_BY_ACTITO = frozenset(TECHNICAL) - {"profileId"}
"""Not to be imported; by the number of a profile its row may be found."""


async def table_of(call: Call, entity: str, definition: Mapping[str, Any]) -> tuple[Table | None, str]:
    """The one table that a definition names, at whatever place (its layout is not documented), else why not.

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
        return found[0], ""
    if found:
        return None, f"The definition names {len(found)} tables, so the columns were not checked."
    if unread:
        return None, "The tables could not be read (the key may lack the right), so the columns were not checked."
    return None, f"The definition names no table of {entity} in a way known here, so the columns were not checked."


def check_columns(table: Table, sheet: Sheet, definition: Mapping[str, Any]) -> list[str]:
    """What a person should mind about the columns of a file for this table.

    A column fits when it is called like an attribute, an opt-in or a segment, or when the definition speaks of it.

    Raises:
        BadArgument: columns that do neither, with the nearest names. Where no column fits, the first line may hold
            values of people, so it is not said again.
    """
    if not table.known:
        return [f"The structure of {table.name} could not be read, so the columns were not checked."]
    said = set(words_in(definition))
    known = {*table.attributes, *table.subscriptions, *table.segmentations}
    fits = {each for each in sheet.columns if each in known or each in said}
    if not fits:
        raise BadArgument(
            f"None of the {len(sheet.columns)} columns is an attribute of {table.name}, and the definition speaks of "
            "none: the first line has to hold the names.",
            advice=f"actito_tables_find with table={table.name} has them.",
        )
    problems = [_unknown(table, each, known) for each in sheet.columns if each not in fits]
    problems += [
        f"{each} is written by Actito itself: leave the column out."
        for each in sheet.columns
        if each in _WRITTEN_BY_ACTITO and each not in said
    ]
    if problems:
        raise BadArgument(" ".join(problems), advice=f"actito_tables_find with table={table.name} has the names.")
    return _incomplete(table, fits | (said & set(table.attributes)))


def _unknown(table: Table, column: str, known: set[str]) -> str:
    near = nearest(column, sorted(known))
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
