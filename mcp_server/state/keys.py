"""Keys made by the database: random bytes that every process that shares it agrees on."""

from __future__ import annotations

import secrets
import time

from mcp_server.state.database import Database, Transaction


class Keys:
    """32 random bytes for each name, made by whoever asks first and kept in this process from then on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes:
        """The key of this name."""
        if name not in self._known:
            self._known[name] = await self._database.run(lambda transaction: fetch(transaction, name))
        return self._known[name]

    def get_now(self, name: str) -> bytes:
        """The key of this name, waiting for the database on this thread when it isn't known yet."""
        if name not in self._known:
            self._known[name] = self._database.run_now(lambda transaction: fetch(transaction, name))
        return self._known[name]


def fetch(transaction: Transaction, name: str) -> bytes:
    """Read a key within a transaction, or make it: of several who insert, the database lets one win."""
    transaction.change(
        "INSERT INTO campaign_mcp_key (name, hex, made_at) VALUES (:name, :hex, :now) ON CONFLICT (name) DO NOTHING",
        name=name,
        hex=secrets.token_hex(32),
        now=time.time(),
    )
    row = transaction.row("SELECT hex FROM campaign_mcp_key WHERE name = :name", name=name)
    assert row is not None, "the row was inserted above"
    return bytes.fromhex(row.hex)
