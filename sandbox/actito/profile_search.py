"""Searching profiles. Neither grammar is documented: v5 takes attribute=value of any attribute and the empty text for
null, v4 one `search` of that form and a day since which profiles changed. No answer tells that it was cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox.actito import moments
from sandbox.actito.profiles import find_by
from sandbox.actito.structure import ProfileTable
from sandbox.actito.values import TECHNICAL
from sandbox.actito.work import Work, invalid

_COLUMNS = dict(zip(TECHNICAL, ("id", "created", "updated"), strict=True))


def search(
    work: Work, table: ProfileTable, criteria: Mapping[str, str], *, since: str | None = None, number: int | None = None
) -> list[sqlite3.Row]:
    """The profiles that fit all criteria, in the order of their ids; raises 400 for a criterion that can't be."""
    most = work.capped(number)
    conditions = ["table_id = ?"]
    values: list[Any] = [table.id]
    for name, text in criteria.items():
        if name not in table.attributes:
            raise invalid(f"Attribute {name[:60]!r} does not exist in table {table.name}")
        if text and name not in TECHNICAL and table.attributes[name].unique:
            row = find_by(work, table, name, text)
            conditions.append("id = ?")
            values.append(-1 if row is None else row["id"])
        else:
            condition, more = _condition(table, name, text)
            conditions.append(condition)
            values += more
    if since is not None:
        conditions.append("updated >= ?")
        values.append(_since(since))
    query = f"SELECT * FROM actito_profiles WHERE {' AND '.join(conditions)} ORDER BY id LIMIT ?"
    return work.rows(query, *values, most)


def criterion(text: str) -> dict[str, str]:
    """The `search` of v4, attribute=value; 400 for another form."""
    name, equals, value = text.partition("=")
    if not equals:
        raise invalid("search takes attribute=value")
    return {name: value}


def _condition(table: ProfileTable, name: str, text: str) -> tuple[str, list[Any]]:
    try:
        value = table.attributes[name].value(text)
    except ValueError as error:
        raise invalid(str(error)) from None
    if name in _COLUMNS:
        return f"{_COLUMNS[name]} IS ?", [value]
    path = f'$."{name}"'
    if value is None:
        return "json_extract(attributes, ?) IS NULL", [path]
    if isinstance(value, list):
        return "EXISTS (SELECT 1 FROM json_each(attributes, ?) WHERE value = ?)", [path, value[0]]
    return "json_extract(attributes, ?) = ?", [path, int(value) if isinstance(value, bool) else value]


def _since(text: str) -> str:
    try:
        return moments.day(text)
    except ValueError as error:
        raise invalid(f"dateFilter: {error}") from None
