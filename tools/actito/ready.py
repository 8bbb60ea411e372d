"""Requests that are ready to be sent, where a change can't hold all of them: secrets, and bodies of any size."""

from __future__ import annotations

import weakref
from typing import Any

from tools.change import Change

GONE = "what was to be sent is no longer there. Make the call again."
"""Said of a change for which nothing is kept: one that was stored, and read again in another process."""


class Ready:
    """What each change sends, kept on the session exactly as long as the change: what was shown is what leaves."""

    def __init__(self) -> None:
        self._kept: dict[int, Any] = {}

    def keep(self, change: Change, sending: Any) -> Change:
        """Keep what a change sends; answers the change itself."""
        self._kept[id(change)] = sending
        weakref.finalize(change, self._kept.pop, id(change), None)
        return change

    def of(self, change: Change) -> Any:
        """What was kept for this very change; None when there is nothing."""
        return self._kept.get(id(change))
