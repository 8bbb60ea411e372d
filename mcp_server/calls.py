"""The requests that are being carried out now, by the connection they came over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import anyio

Key = TypeVar("Key")


@dataclass(slots=True)
class Use:
    """How much a connection is used: requests now, and when the last one began or ended (`time.monotonic`)."""

    now: int = 0
    last: float = 0.0


class Calls(Generic[Key]):
    """Counts requests; a connection that is gone is forgotten."""

    def __init__(self) -> None:
        self._uses: WeakKeyDictionary[Key, Use] = WeakKeyDictionary()
        self._now = 0
        self._ended: anyio.Event | None = None

    @contextmanager
    def one(self, connection: Key) -> Iterator[None]:
        """Count one request of a connection as long as the block lasts."""
        use = self._uses.setdefault(connection, Use())
        use.now, use.last, self._now = use.now + 1, time.monotonic(), self._now + 1
        try:
            yield
        finally:
            use.now, use.last, self._now = use.now - 1, time.monotonic(), self._now - 1
            if self._ended is not None and not self._now:
                self._ended.set()

    def __len__(self) -> int:
        """How many there are now."""
        return self._now

    def uses(self) -> dict[Key, Use]:
        """The connections that are there, with their use."""
        return dict(self._uses)

    async def ended(self) -> None:
        """Wait until there is none."""
        while self._now:
            self._ended = anyio.Event()
            await self._ended.wait()
