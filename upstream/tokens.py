"""Tokens of an account, and the store that lets processes share them instead of killing each other's.

Every login at the Platform kills the same user's earlier tokens, so one account has one token at a time, numbered by
a generation. The upper floor fills `TokenStore` with a database; `MemoryTokenStore` serves one process.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Protocol

PRESENCE_SECONDS = 120.0
"""A process that was not seen for so long no longer counts as a holder of the account."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its text, its number, when it was issued (seconds since 1970, local clock), how long it should live.

    `value` never appears in `repr`.
    """

    value: str = field(repr=False)
    generation: int
    issued_at: float
    life: float

    def fresh(self, margin: float, now: float | None = None) -> bool:
        """Whether the token still has `margin` of its life (0 to 1) in front of it."""
        return (time.time() if now is None else now) < self.issued_at + self.life * (1 - margin)


class TokenStore(Protocol):
    """What processes with the same account share. `account` is a digest of address and user, never the name itself.

    Every method raises `StoreUnavailable` when the store can't be reached. A lease is a row with an owner and an end,
    so no transaction stays open while HTTP goes on, and a process that died frees it by time.
    """

    async def read(self, account: str) -> Token | None:
        """The newest token, or None when there is none or it was dropped."""

    async def lease(self, account: str, owner: str, seconds: float) -> bool:
        """Take, or prolong, the right to log in for `account`; False when somebody else holds it."""

    async def release(self, account: str, owner: str) -> None:
        """Give the lease back; nothing happens when `owner` does not hold it."""

    async def publish(self, account: str, value: str, issued_at: float, life: float) -> Token:
        """Store a new token under the next generation."""

    async def drop(self, account: str, generation: int) -> None:
        """Forget the token of this generation (a 401 came for it); a newer one stays."""

    async def life(self, account: str) -> float | None:
        """The life in seconds learnt for this account, 0 when each token serves one call only, or None."""

    async def learn_life(self, account: str, seconds: float) -> None:
        """Remember the life seen, for processes to come."""

    async def refused_until(self, account: str, secret_digest: str) -> float | None:
        """Until when (seconds since 1970) this very secret must not be tried again, or None."""

    async def refuse(self, account: str, secret_digest: str, until: float) -> None:
        """Start the cool-down of a wrong secret."""

    async def join(self, account: str, owner: str) -> None:
        """Say that `owner` uses the account now; called again at each use, at most every 30 s."""

    async def leave(self, account: str, owner: str) -> int:
        """Say that `owner` no longer uses the account; answers how many others still do."""


class StoreUnavailable(Exception):
    """The state database can't be reached. Reads go on with a token of this process; guarded calls are refused."""


@dataclass(slots=True)
class _Account:
    token: Token | None = None
    generation: int = 0
    leased_by: str = ""
    leased_until: float = 0
    life: float | None = None
    refused: dict[str, float] = field(default_factory=dict)
    holders: dict[str, float] = field(default_factory=dict)


class MemoryTokenStore:
    """A `TokenStore` for one process: for tests of the upstream floor and while the database is away."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}

    def _of(self, account: str) -> _Account:
        return self._accounts.setdefault(account, _Account())

    async def read(self, account: str) -> Token | None:
        return self._of(account).token

    async def lease(self, account: str, owner: str, seconds: float) -> bool:
        row, now = self._of(account), time.time()
        if row.leased_by not in ("", owner) and row.leased_until > now:
            return False
        row.leased_by, row.leased_until = owner, now + seconds
        return True

    async def release(self, account: str, owner: str) -> None:
        row = self._of(account)
        if row.leased_by == owner:
            row.leased_by = ""

    async def publish(self, account: str, value: str, issued_at: float, life: float) -> Token:
        row = self._of(account)
        row.generation += 1
        row.token = Token(value, row.generation, issued_at, life)
        return row.token

    async def drop(self, account: str, generation: int) -> None:
        row = self._of(account)
        if row.token is not None and row.token.generation == generation:
            row.token = None

    async def life(self, account: str) -> float | None:
        return self._of(account).life

    async def learn_life(self, account: str, seconds: float) -> None:
        row = self._of(account)
        row.life = seconds
        if row.token is not None:
            row.token = replace(row.token, life=seconds)

    async def refused_until(self, account: str, secret_digest: str) -> float | None:
        until = self._of(account).refused.get(secret_digest)
        return until if until is not None and until > time.time() else None

    async def refuse(self, account: str, secret_digest: str, until: float) -> None:
        self._of(account).refused[secret_digest] = until

    async def join(self, account: str, owner: str) -> None:
        self._of(account).holders[owner] = time.time()

    async def leave(self, account: str, owner: str) -> int:
        holders = self._of(account).holders
        holders.pop(owner, None)
        return sum(seen > time.time() - PRESENCE_SECONDS for seen in holders.values())
