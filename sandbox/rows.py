"""Reading and writing rows of the data of a stand-in."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rows:
    """The data of one request; its changes are one transaction, undone when the request is refused."""

    connection: sqlite3.Connection

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self.connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found: sqlite3.Row | None = self.connection.execute(query, values).fetchone()
        return found

    def insert(self, table: str, **columns: Any) -> int:
        """Store a row and return its id."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        id_ = self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (*columns.values(),)).lastrowid
        assert id_ is not None
        return id_

    def update(self, table: str, id_: int, **columns: Any) -> None:
        """Set columns of the row with an id."""
        settings = ", ".join(f"{name} = ?" for name in columns)
        self.connection.execute(f"UPDATE {table} SET {settings} WHERE id = ?", (*columns.values(), id_))
