"""What an operation has to work with while it answers one request."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.accounts import Account
from sandbox.campaign.codes import CodeFactory
from sandbox.campaign.definitions import Definitions
from sandbox.clock import Clock
from sandbox.dates import Dialect
from sandbox.reading import Arguments
from sandbox.refusals import not_found


@dataclass(frozen=True)
class Work:
    """Data, account and settings of one request; its changes are one transaction, undone when it is refused."""

    connection: sqlite3.Connection
    account: Account
    definitions: Definitions
    codes: CodeFactory
    clock: Clock
    dates: Dialect
    item_failures: frozenset[str]

    def row(self, table: str, id_: int) -> sqlite3.Row | None:
        """The row with an id, or None."""
        found: sqlite3.Row | None = self.connection.execute(f"SELECT * FROM {table} WHERE id = ?", (id_,)).fetchone()
        return found

    def known(self, table: str, kind: str, ids: Iterable[int]) -> list[sqlite3.Row]:
        """The rows of ids in the order asked for, each once; 404 names all that are unknown."""
        wanted = list(dict.fromkeys(ids))
        rows = [self.row(table, id_) for id_ in wanted]
        missing = [id_ for id_, row in zip(wanted, rows, strict=True) if row is None]
        if missing:
            raise not_found(kind, *missing)
        return [row for row in rows if row is not None]

    def exists(self, query: str, *values: Any) -> bool:
        """Whether a query has any row."""
        return self.connection.execute(query, values).fetchone() is not None

    def moment(self, milliseconds: int | None) -> Any:
        """A stored moment as this installation writes it."""
        return self.dates.write(milliseconds)


Handler = Callable[[Work, Arguments], str]
"""Does the work of one operation and returns the JSON text of its answer; raises Refused."""

HANDLERS: dict[str, Handler] = {}


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of an operation of the contract."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

    return register
