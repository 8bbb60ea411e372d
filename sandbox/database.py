"""The data of a stand-in: one SQLite database, made from schema.sql and filled with the demo bank."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

Load = Callable[[sqlite3.Connection], None]


def bank(scale: int) -> Load:
    """The demo data at a scale, as a function that fills an empty database."""

    def load(connection: sqlite3.Connection) -> None:
        from sandbox.bank import load as fill

        fill(connection, scale)

    return load


class Database:
    """A database and its seed. Belongs to the thread that opens it."""

    def __init__(self, name: str, load: Load) -> None:
        """`name` is a file or `:memory:`; a file that already has tables keeps its data."""
        self._load = load
        self.connection = sqlite3.connect(name)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA foreign_keys = ON")
        if not self._tables():
            self._fill()

    def reset(self) -> None:
        """Back to the seed, whatever the database held."""
        self.connection.rollback()
        self.connection.execute("PRAGMA foreign_keys = OFF")
        for table in self._tables():
            self.connection.execute(f'DROP TABLE "{table}"')
        self.connection.commit()
        self._fill()

    def close(self) -> None:
        """Close the connection; data of `:memory:` is gone then."""
        self.connection.close()

    def _fill(self) -> None:
        schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
        self.connection.executescript(schema)
        self.connection.execute("PRAGMA foreign_keys = ON")
        try:
            self._load(self.connection)
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise

    def _tables(self) -> list[str]:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return [row["name"] for row in self.connection.execute(query)]
