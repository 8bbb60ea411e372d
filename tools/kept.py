"""What was found for a question to a person, kept so that the question stays the one that was answered."""

from __future__ import annotations

import time

from tools.call import Call
from tools.change import Dependents

KEPT_SECONDS = 900.0


class Kept:
    """Findings of one session by what was asked; forgotten when one of our writes may have changed them.

    They serve a call that comes with a person's answer, so that its question is the one that was answered.
    """

    def __init__(self) -> None:
        self._found: dict[object, tuple[float, Dependents]] = {}

    def get(self, call: Call, key: object) -> Dependents | None:
        made, found = self._found.get(key, (0.0, None))
        return found if call.answering and time.monotonic() - made < KEPT_SECONDS else None

    def keep(self, key: object, found: Dependents) -> Dependents:
        self._found[key] = (time.monotonic(), found)
        return found

    def forget(self) -> None:
        self._found.clear()
