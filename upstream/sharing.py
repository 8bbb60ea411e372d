"""The token store as one account sees it, which goes on alone while the store is away, and the lease of the account."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio

from upstream import refusals
from upstream.errors import Unavailable
from upstream.tokens import StoreUnavailable, Token, TokenStore

LEASE_SECONDS = 30.0
LEASE_WAIT = 60.0
LEASE_POLL = (0.02, 0.06)
JOIN_EVERY = 30.0
RELEASE_SECONDS = 5.0

T = TypeVar("T")


class Shared:
    """What the processes with one account tell each other. While the store is away, this process is on its own.

    `warn` is told when that happens.
    """

    def __init__(self, store: TokenStore, account: str, owner: str, warn: Callable[[str], None]) -> None:
        self._store = store
        self._account = account
        self._owner = owner
        self._warn = warn
        self._joined_at = 0.0

    async def token(self) -> Token | None:
        """The newest token that any process stored."""
        return await self._or(self._store.read(self._account), None)

    async def life(self) -> float | None:
        """The life that any process learnt, 0 when a token serves one call only."""
        return await self._or(self._store.life(self._account), None)

    async def learn_life(self, seconds: float) -> None:
        await self._or(self._store.learn_life(self._account, seconds), None)

    async def publish(self, token: Token) -> Token:
        """Store a token that we bought; the answer is numbered."""
        return await self._or(self._store.publish(self._account, token.value, token.issued_at, token.life), token)

    async def drop(self, token: Token) -> None:
        """Say that a token is dead."""
        await self._or(self._store.drop(self._account, token.generation), None)

    async def refused_until(self) -> float:
        """Until when (seconds since 1970) the password is not tried again; it is part of the account's name."""
        return await self._or(self._store.refused_until(self._account, self._account), None) or 0.0

    async def refuse(self, until: float) -> None:
        await self._or(self._store.refuse(self._account, self._account, until), None)

    async def join(self) -> None:
        """Say now and then that this process uses the account."""
        if time.time() - self._joined_at >= JOIN_EVERY:
            self._joined_at = time.time()
            await self._or(self._store.join(self._account, self._owner), None)

    async def leave(self) -> bool:
        """Say that it no longer does; answers whether it was the last one, as far as can be known."""
        if not self._joined_at:
            return False
        return await self._or(self._store.leave(self._account, self._owner), 1) == 0

    @asynccontextmanager
    async def lease(self, look: Callable[[], Awaitable[Token | None]] | None = None) -> AsyncIterator[Token | None]:
        """Hold the right to log in while the block lasts, waiting for it as long as a call may wait.

        The lease is prolonged meanwhile, so a process that dies frees it soon. With `look` the wait ends as soon as
        that finds a token, which is handed to the block instead of the lease.

        Raises:
            Unavailable: another process has held it for too long.
        """
        stored = await self._take(look)
        if stored is not None:
            yield stored
            return
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._prolong)
                yield None
                group.cancel_scope.cancel()
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            with anyio.move_on_after(RELEASE_SECONDS, shield=True):
                await self._or(self._store.release(self._account, self._owner), None)

    async def _take(self, look: Callable[[], Awaitable[Token | None]] | None) -> Token | None:
        with anyio.move_on_after(LEASE_WAIT):
            while not await self._claim():
                await anyio.sleep(random.uniform(*LEASE_POLL))
                if look is not None and (stored := await look()):
                    return stored
            return None
        raise Unavailable(
            "Another process holds the account for longer than a call may wait.",
            advice="Nothing was sent. Try again; if it lasts, look for a second server with the same account.",
        )

    async def _claim(self) -> bool:
        return await self._or(self._store.lease(self._account, self._owner, LEASE_SECONDS), True)

    async def _prolong(self) -> None:
        while True:
            await anyio.sleep(LEASE_SECONDS / 3)
            await self._claim()

    async def _or(self, asked: Awaitable[T], alone: T) -> T:
        try:
            return await asked
        except StoreUnavailable:
            self._warn(refusals.store_away())
            return alone
