"""What a server is at, so that it can be brought to an end without anything being lost or begun in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio

READING_SECONDS = 5.0
"""How long a call that does not write may still take once the server is to stop."""


class Running:
    """One call that is under way."""

    def __init__(self, work: Work, scope: anyio.CancelScope | None = None) -> None:
        self._work = work
        self.scope = scope
        self.writes = False
        self.waiting: anyio.CancelScope | None = None

    def stopping(self) -> bool:
        """Tell whether the server is to stop, so that nothing may be begun any more."""
        return self._work.stopping

    @contextmanager
    def until_stopped(self) -> Iterator[anyio.CancelScope]:
        """Do something that ends at once when the server is to stop: waiting for a person, or watching a run."""
        with anyio.CancelScope() as self.waiting:
            if self.stopping():
                self.waiting.cancel()
            yield self.waiting
        self.waiting = None


class Work:
    """The calls of a server that are under way. Those that write are waited for, however long that takes."""

    def __init__(self) -> None:
        self.stopping = False
        self._calls: set[Running] = set()
        self._changed: anyio.Event | None = None

    def __len__(self) -> int:
        """Return how many calls are under way."""
        return len(self._calls)

    @contextmanager
    def call(self) -> Iterator[Running]:
        """Count a call while it lasts. It is cancelled when the server is to stop and it does not write."""
        with anyio.CancelScope() as scope:
            running = Running(self, scope)
            self._calls.add(running)
            try:
                yield running
            finally:
                self._calls.discard(running)
                if self._changed is not None:
                    self._changed.set()

    async def stop(self) -> None:
        """Let nothing begin any more, and wait for what is under way.

        A question to a person and the watching of a run end at once, what reads after a few seconds; what writes is
        awaited.
        """
        self.stopping = True
        for running in self._calls:
            if running.waiting is not None:
                running.waiting.cancel()
        with anyio.move_on_after(READING_SECONDS):
            await self._until(lambda: not self._calls)
        for running in self._calls:
            if not running.writes and running.scope is not None:
                running.scope.cancel()
        await self._until(lambda: not self._calls)

    async def _until(self, so: Callable[[], bool]) -> None:
        while not so():
            self._changed = anyio.Event()
            await self._changed.wait()
