"""Requests that a fault holds, until a test lets them go or their connection is gone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.request_log import Entry


@dataclass
class _Held:
    entry: Entry
    when: str
    release: asyncio.Event = field(default_factory=asyncio.Event)


class Holds:
    """The requests that are being held, in order of arrival; lives in the event loop of the application."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}
        self._changed = asyncio.Event()

    async def hold(self, entry: Entry, when: str, closed: Awaitable[None]) -> bool:
        """Hold a request `before` or `after` its work; whether it was let go rather than its connection `closed`."""
        held = self._held[entry.seq] = _Held(entry, when)
        self._tell()
        ends = [asyncio.ensure_future(end) for end in (held.release.wait(), closed)]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return held.release.is_set()
        finally:
            for end in ends:
                end.cancel()
            del self._held[entry.seq]
            self._tell()

    def shown(self) -> list[dict[str, Any]]:
        """What is held, as the control interface answers it; `seq` is the number of the request in the log."""
        return [
            {
                "seq": held.entry.seq,
                "when": held.when,
                "method": held.entry.method,
                "path": held.entry.path,
                "operation": held.entry.operation,
            }
            for held in self._held.values()
        ]

    async def wait(self, met: Callable[[Collection[int]], bool], seconds: float) -> bool:
        """Wait until the numbers of the held requests meet a condition, at most so long; whether they do."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not met(self._held):
                    await self._changed.wait()
        return met(self._held)

    def release(self, seq: int | None = None) -> list[int]:
        """Let one request go on, or all; returns their numbers. Raises ValueError for one that is not held."""
        if seq is not None and seq not in self._held:
            raise ValueError(f"request {seq} is not held; held are: {', '.join(map(str, self._held)) or 'none'}")
        released = [number for number in self._held if seq in (None, number)]
        for number in released:
            self._held[number].release.set()
        return released

    def _tell(self) -> None:
        """Wake up who waits for a change; the next change has an event of its own."""
        self._changed.set()
        self._changed = asyncio.Event()
