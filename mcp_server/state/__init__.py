"""What outlives a call and is shared by processes: tokens, keys, approvals and intents, in one SQL database.

SQLite in the user's state folder by default, PostgreSQL by address for several replicas. Leases and codes end by
`time.time()` of the machine that looks, so replicas need clocks that agree to about a second.

Importing this package costs nothing: SQLAlchemy is loaded when the database is first needed.
"""

from __future__ import annotations

from mcp_server.state.address import Address
from mcp_server.state.approvals import Approvals, Verdict
from mcp_server.state.clients import Clients
from mcp_server.state.database import Database, Transaction
from mcp_server.state.intents import Intents
from mcp_server.state.keys import Keys
from mcp_server.state.tokens import DatabaseTokenStore
from upstream.tokens import TokenStore

__all__ = ["Approvals", "Intents", "State", "Verdict"]


class State:
    """The state database of one process.

    `url` is `CAMPAIGN_MCP_STATE_URL`: empty for the default place, `sqlite:///path`, `sqlite://` (memory, gone with
    this object), or `postgresql://user:password@host/database`. Nothing is opened before the first use.

    Every method, here and in its parts, raises `upstream.tokens.StoreUnavailable` when the database can't be used.

    Raises:
        ValueError: the address is of none of these forms; the text doesn't repeat it.
    """

    def __init__(self, url: str = "") -> None:
        self._database = Database(Address.of(url))
        self._keys = Keys(self._database)
        self.tokens: TokenStore = DatabaseTokenStore(self._database)
        self.approvals = Approvals(self._database, self._keys)
        self.intents = Intents(self._database, self._keys)
        self.clients = Clients(self._database)

    def __repr__(self) -> str:
        return f"State({self.place!r})"

    @property
    def place(self) -> str:
        """Where the state is, for people: a path, or the address without password and options."""
        return self._database.address.place

    async def key(self, name: str) -> bytes:
        """The 32 random bytes of this name: made once for the database, the same for all who share it."""
        return await self._keys.get(name)

    def key_now(self, name: str) -> bytes:
        """`key` for callers that can't wait: the first call of a name blocks for the database, later ones don't."""
        return self._keys.get_now(name)

    async def check(self) -> None:
        """Prove that the database can be opened, read and written; raises `StoreUnavailable` when not."""
        await self._database.run(_prove_writable)

    async def close(self) -> None:
        """Close all connections. A later call opens the database again (and a memory database empty)."""
        await self._database.close()


def _prove_writable(transaction: Transaction) -> None:
    transaction.change("UPDATE campaign_mcp_schema SET applied_at = applied_at")
