"""Faults a test can order: broken connections, wrong statuses and answers that are no answers."""

from __future__ import annotations

import fnmatch
import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    *("status", "drop_before", "drop_after", "delay", "hold_before", "hold_after"),
    *("html", "empty", "truncate", "garbage"),
)
_SEED = 20260101


@dataclass
class Fault:
    """One ordered fault.

    `method`, `path` and `operation` (the operationId) are patterns of fnmatch; the path is the one after the mount
    prefix. The first `skip` requests that match pass untouched, then `times` of them are hit (None: all).

    Kinds: `status`, `html` and `empty` answer without doing the work; `drop_before` closes the connection without doing
    it, `drop_after` after having done it; `hold_before` and `hold_after` hold the request there, without an answer,
    until a test lets it go or the connection is gone; `delay` does the work and answers after `seconds`; `truncate` and
    `garbage` do the work and answer too few bytes or a text that is no JSON.
    """

    kind: str
    method: str = "*"
    path: str = "*"
    operation: str = "*"
    skip: int = 0
    times: int | None = None
    status: int = 500
    seconds: float = 1.0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    seen: int = 0

    @classmethod
    def read(cls, value: Any) -> Fault:
        """A fault from its JSON form; raises ValueError."""
        if not isinstance(value, Mapping):
            raise ValueError("a fault is an object")
        known = set(cls.__dataclass_fields__) - {"seen"}
        unknown = set(value) - known
        if unknown:
            raise ValueError(f"unknown key {sorted(unknown)[0]!r} of a fault; there are: {', '.join(sorted(known))}")
        if value.get("kind") not in KINDS:
            raise ValueError(f"'kind' of a fault is one of {', '.join(KINDS)}")
        fault = cls(**value)
        for name in ("method", "path", "operation"):
            if not isinstance(getattr(fault, name), str):
                raise ValueError(f"{name!r} of a fault is a text")
        for name in ("skip", "times"):
            number = getattr(fault, name)
            if not (name == "times" and number is None) and (type(number) is not int or number < 0):
                raise ValueError(f"{name!r} of a fault is a number of requests")
        if type(fault.status) is not int or not 200 <= fault.status <= 599:
            raise ValueError("'status' of a fault is a number from 200 to 599")
        if type(fault.seconds) not in (int, float) or not math.isfinite(fault.seconds) or fault.seconds < 0:
            raise ValueError("'seconds' of a fault is a number, 0 or more")
        if not isinstance(fault.headers, Mapping) or not all(
            isinstance(text, str) and text.isascii() and text.isprintable()
            for pair in fault.headers.items()
            for text in pair
        ):
            raise ValueError("'headers' of a fault is an object of printable texts")
        if fault.body is not None and not isinstance(fault.body, str):
            raise ValueError("'body' of a fault is a text")
        return fault

    def hits(self, method: str, path: str, operation: str) -> bool:
        """Whether this request is hit; counts the request when it matches."""
        pairs = ((method, self.method), (path, self.path), (operation, self.operation))
        if not all(fnmatch.fnmatchcase(text, pattern) for text, pattern in pairs):
            return False
        self.seen += 1
        return self.seen > self.skip and (self.times is None or self.seen <= self.skip + self.times)


class FaultPlan:
    """The faults in force and the draws of the rates; starts anew with every change of either."""

    def __init__(self, faults: Iterable[Mapping[str, Any]]) -> None:
        self._faults = [Fault.read(fault) for fault in faults]
        self._random = random.Random(_SEED)

    def next_fault(self, method: str, path: str, operation: str = "") -> Fault | None:
        """The first fault that hits this request; those after it do not count it."""
        return next((fault for fault in self._faults if fault.hits(method, path, operation)), None)

    def draw(self, rate_429: float, rate_503: float) -> int | None:
        """429, 503 or None; the same sequence after each reset."""
        if not (rate_429 or rate_503):
            return None
        if self._random.random() < rate_429:
            return 429
        return 503 if self._random.random() < rate_503 else None
