"""Searching for what depends on the objects of a plan: within a time for a question, again before the write.

A yes is for what was shown. So the places that were searched for a question are remembered, and when its answer comes
just those are looked at again, however long that takes: what is new or changed there makes another preview, for which
the answer does not count. Places that the question did not reach make no difference, since it said so.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from tools import reads
from tools.call import Call
from upstream.errors import Unavailable, Unreadable, UpstreamError

Place = TypeVar("Place", bound=Hashable)
Found = TypeVar("Found")

REMEMBERED_SECONDS = 900.0
"""How long a question can be answered, and some more."""


@dataclass(frozen=True)
class Searched(Generic[Place, Found]):
    """What was found, by place, and how many of how many places were looked at.

    `failure` is the first error of a place that could not be read, which counts as not looked at.
    """

    found: Mapping[Place, Found]
    looked_at: int
    of: int
    failure: UpstreamError | None = None


@dataclass(frozen=True)
class _Reached:
    """The places that a question reached; None: all that there are."""

    at: float
    places: frozenset[Hashable] | None
    looked_at: int
    of: int


class Searches:
    """The searches of one session, by what was asked."""

    def __init__(self) -> None:
        self._reached: dict[Hashable, _Reached] = {}

    async def each(
        self,
        call: Call,
        key: Hashable,
        places: Iterable[Place],
        look: Callable[[Place], Awaitable[Found]],
        *,
        passes_over: tuple[type[UpstreamError], ...] = (Unavailable, Unreadable),
        at_once: int = reads.AT_ONCE,
    ) -> Searched[Place, Found]:
        """Look at every place until the deadline of the call; when a person has answered, at those shown to them.

        `key` names what is searched for. A place at which one of `passes_over` is raised counts as not looked at.

        Raises:
            UpstreamError: any other, or a place that the person was shown can't be read again.
        """
        wanted = list(dict.fromkeys(places))
        shown = self._shown(call, key)
        if shown is not None:
            again = wanted if shown.places is None else [place for place in wanted if place in shown.places]
            found = await reads.each(again, look, at_once=at_once)
            whole = shown.places is None
            return Searched(found, len(found) if whole else shown.looked_at, len(found) if whole else shown.of)
        failures: list[UpstreamError] = []

        async def carefully(place: Place) -> tuple[Found] | None:
            try:
                return (await look(place),)
            except passes_over as error:
                failures.append(error)
                return None

        looked = await reads.each(wanted, carefully, until=call.deadline, at_once=at_once)
        found = {place: answer[0] for place, answer in looked.items() if answer is not None}
        reached = None if len(found) == len(wanted) else frozenset(found)
        self._reached[key] = _Reached(time.monotonic(), reached, len(found), len(wanted))
        return Searched(found, len(found), len(wanted), failures[0] if failures else None)

    def _shown(self, call: Call, key: Hashable) -> _Reached | None:
        """What the question that is being answered has reached; None where this is a new question."""
        shown = self._reached.get(key)
        if shown is None or not call.answering or time.monotonic() - shown.at > REMEMBERED_SECONDS:
            return None
        return shown
