"""The log of requests that tests read: one entry for each request to a campaign system, in order of arrival."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass
class Entry:
    """One request. `status` stays None while it is under way and when it got no answer."""

    seq: int
    at: int
    method: str
    path: str
    query: str
    system: str
    account: str | None
    body_digest: str
    in_flight: int
    status: int | None = None
    operation: str | None = None
    path_template: str | None = None
    refusal: str | None = None


class RequestLog:
    """Entries since the last reset; sequence numbers go on after a deletion, so that `since` stays meaningful."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._last = 0
        self._under_way: dict[str, int] = {}

    def begin(self, system: str, **values: Any) -> Entry:
        """Add the entry of a request that starts now."""
        self._last += 1
        self._under_way[system] = self._under_way.get(system, 0) + 1
        entry = Entry(seq=self._last, system=system, in_flight=self._under_way[system], **values)
        self._entries.append(entry)
        return entry

    def end(self, entry: Entry) -> None:
        """The request of this entry is over, answered or not."""
        self._under_way[entry.system] -= 1

    def since(self, seq: int) -> dict[str, Any]:
        """The entries after a sequence number, as the control interface answers them."""
        return {
            "entries": [dataclasses.asdict(entry) for entry in self._entries if entry.seq > seq],
            "last": self._last,
        }

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
