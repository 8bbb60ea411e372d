"""The limits of a licence (actito-notes, section 5): requests in flight, and calls in a minute.

Tokens are left out of both: their operation has no 429 in the contract.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.switches import Switches

_SEED = 20260101
_MINUTE = 60.0


class Limits:
    """Counts the calls of all keys together since the start or the last reset."""

    def __init__(self) -> None:
        self._in_flight = 0
        self._calls: deque[float] = deque()
        self._random = random.Random(_SEED)

    @contextmanager
    def call(self) -> Iterator[int]:
        """One call, from its arrival to its answer; gives the number of calls in flight with it."""
        self._in_flight += 1
        now = time.monotonic()
        self._calls.append(now)
        while self._calls[0] <= now - _MINUTE:
            self._calls.popleft()
        try:
            yield self._in_flight
        finally:
            self._in_flight -= 1

    def wait(self, switches: Switches) -> float:
        """Seconds that the newest call is slowed down."""
        return switches.actito_slow_down if len(self._calls) > switches.actito_calls_per_minute else 0.0

    def too_many(self, in_flight: int, switches: Switches) -> bool:
        """Whether a call is refused for those in flight beside it."""
        if in_flight > switches.actito_in_flight:
            return True
        if not switches.actito_busy or in_flight <= switches.actito_busy_above:
            return False
        return self._random.random() < switches.actito_busy
