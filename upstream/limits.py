"""How much, how long and how often: the policy towards one campaign system, waiting, and requests in flight."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

import anyio

from upstream.errors import UpstreamError

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
LONGEST_QUIET = 60.0


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits for one system; times in seconds.

    `connect`, `read`, `write` and `pool` bound the steps of one exchange, `exchange` all of it (0: their sum).
    `max_in_flight` is how many requests go out at once (0: as many as are usual for the system). `repeat_within` bounds
    all repeats of one call with their waits, and `cool_down` is how long wrong credentials are not tried again.
    `ca_file` is a file of certificates that are trusted besides those of the system (and of SSL_CERT_FILE).
    """

    connect: float = 10
    read: float = 60
    write: float = 30
    pool: float = 60
    exchange: float = 0
    max_in_flight: int = 0
    repeat_within: float = 10
    cool_down: float = 300
    ca_file: str = ""

    @property
    def longest(self) -> float:
        """Seconds after which an exchange is given up, however its answer trickles."""
        return self.exchange or self.connect + self.read + self.write + self.pool


class Again(Exception):
    """An error after which the same request may be sent again: `wait` seconds were asked for, 0 when none were said.

    Travels inside this floor only; when the patience of the call is over, `error` is what the caller gets.
    """

    def __init__(self, error: UpstreamError, wait: float = 0) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait


class Patience:
    """The time in seconds that one call may spend on repeats. It starts when the call first leaves, not in a queue."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end: float | None = None
        self._pauses = 0

    def begin(self) -> None:
        """The call leaves now, or tries to."""
        if self._end is None:
            self._end = anyio.current_time() + self._seconds

    async def pause(self, asked: float = 0) -> bool:
        """Wait before a repeat: as long as the system asked, else longer each time, with jitter.

        Answers False at once, without waiting, when the wait would not fit into the time that is left.
        """
        grown = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._pauses) * random.uniform(0.5, 1)
        seconds = asked + random.uniform(0, FIRST_PAUSE) if asked > 0 else grown
        self.begin()
        if self._end is None or anyio.current_time() + seconds >= self._end:
            return False
        self._pauses += 1
        await anyio.sleep(seconds)
        return True


class Slots:
    """Places for requests in flight. A free one is taken without giving way to other tasks, which costs a turn."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._limiter = anyio.CapacityLimiter(count)

    async def __aenter__(self) -> None:
        try:
            self._limiter.acquire_nowait()
        except anyio.WouldBlock:
            await self._limiter.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._limiter.release()


class Traffic:
    """The requests to one system: how many at once, and a moment before which none should be sent.

    Shared by all identities of the system, since licences and servers count requests, not people. `usual` is how many
    at once where the policy does not say it, `most` more than which the system never takes (0: no such limit).
    """

    def __init__(self, policy: Policy, usual: int = 8, most: int = 0) -> None:
        wanted = policy.max_in_flight or usual
        self.slots = Slots(min(wanted, most or wanted))
        self._quiet_until = 0.0

    def hold_off(self, seconds: float) -> None:
        """The system asked for fewer requests: none is sent for so long, within reason."""
        self._quiet_until = max(self._quiet_until, anyio.current_time() + min(seconds, LONGEST_QUIET))

    @property
    def quiet_for(self) -> float:
        """Seconds for which the system wants no request, 0 when it takes them."""
        return max(0.0, self._quiet_until - anyio.current_time())


def retry_after(value: str, now: float | None = None) -> float:
    """Seconds that a `Retry-After` header asks to wait, given as seconds or as an HTTP date; 0 when it says nothing.

    Source: RFC 9110, section 10.2.3.
    """
    value = value.strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return 0
        # A date in -0000 is UTC and comes without a zone, by which it would be read in that of the machine.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = moment.timestamp() - (time.time() if now is None else now)
    return max(0.0, seconds) if math.isfinite(seconds) else 0
