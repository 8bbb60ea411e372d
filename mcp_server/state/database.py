"""The door to the state database: opened at the first use, short transactions, one kind of error.

SQLite and PostgreSQL are both driven from threads, so the event loop never waits for them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import anyio.to_thread

from mcp_server.state import schema
from mcp_server.state.address import Address
from mcp_server.state.failures import Unusable, explain, failures, sentence
from upstream.tokens import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Result = TypeVar("Result")
Value = str | float | None


class Transaction:
    """What work on the database is handed: SQL with parameters as `:name`, the same for both kinds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def change(self, sql: str, **values: Value) -> int:
        """Carry out a statement; the answer is how many rows it touched."""
        from sqlalchemy import text

        return self._connection.execute(text(sql), values).rowcount

    def rows(self, sql: str, **values: Value) -> list[Any]:
        """The rows of a query, columns as attributes."""
        from sqlalchemy import text

        return list(self._connection.execute(text(sql), values))

    def row(self, sql: str, **values: Value) -> Any | None:
        """The first row of a query, or None."""
        found = self.rows(sql, **values)
        return found[0] if found else None

    def has_table(self, name: str) -> bool:
        """Whether the table is there."""
        from sqlalchemy import inspect

        return inspect(self._connection).has_table(name)

    def lock(self, number: int) -> None:
        """Wait until nobody else holds this lock, and hold it to the end; one who writes in SQLite is alone anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({number})")


class Database:
    """One database and its connections, shared by the threads of a process."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._attempts = 0
        self._failure = ""

    async def run(self, work: Callable[[Transaction], Result], *, write: bool = True) -> Result:
        """`run_now` in a thread. A cancelled caller waits for its end: a transaction is done or not, never left."""
        return await anyio.to_thread.run_sync(lambda: self.run_now(work, write=write))

    def run_now(self, work: Callable[[Transaction], Result], *, write: bool = True) -> Result:
        """Do `work` in one transaction, committed at its end. It must be short: other processes wait for it.

        Raises:
            StoreUnavailable: whatever the database or its driver raised, as one sentence without a secret.
        """
        try:
            return _transact(self._engine or self._open(), work, write)
        except failures() as error:
            reason = explain(error, self.address)
        # Raised outside the handler, so that the driver's error, with statement and address, is not its context.
        raise StoreUnavailable(sentence(reason, self.address))

    async def close(self) -> None:
        """Close all connections; the next use opens the database again."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await anyio.to_thread.run_sync(engine.dispose)

    def _open(self) -> Engine:
        """Connect once. Callers that waited for an attempt that failed share its failure: one timeout for a burst."""
        attempts = self._attempts
        with self._opening:
            if self._engine is not None:
                return self._engine
            if self._attempts != attempts:
                raise Unusable(self._failure)
            try:
                self._engine = _prepared(self.address)
            except failures() as error:
                self._attempts, self._failure = attempts + 1, explain(error, self.address)
                raise
            return self._engine


def _prepared(address: Address) -> Engine:
    """An engine whose database has the newest schema and no rows of the past."""
    from mcp_server.state.engine import connect

    engine = connect(address)
    try:
        found = _transact(engine, schema.version, write=False)
        if found < len(schema.MIGRATIONS):
            found = _transact(engine, schema.migrate, write=True)
        schema.refuse_newer(found)
        _transact(engine, schema.clean, write=True)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _transact(engine: Engine, work: Callable[[Transaction], Result], write: bool) -> Result:
    from mcp_server.state.engine import WRITES

    with engine.connect().execution_options(**{WRITES: write}) as connection, connection.begin():
        return work(Transaction(connection))
