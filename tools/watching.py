"""Watching what was set going until it is over: progress while it goes on, and patience with readings that fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import anyio

from tools.call import Call
from upstream.errors import NotFound, Throttled, Unreadable, UpstreamError

FAILURES = 5
"""Readings in a row that may fail. Each of them was repeated already where that helps."""

LAST_WORD_SECONDS = 1.0
"""For telling a client that has cancelled that what was watched goes on."""


class Watched(Protocol):
    """What is under way, as its readings tell it."""

    @property
    def over(self) -> bool:
        """Whether it has ended, and that can be believed."""

    async def look(self, call: Call) -> object:
        """Read it once more.

        Raises:
            NotFound: it is not there, or not yet.
            UpstreamError: it could not be read.
        """


@dataclass(frozen=True)
class Words:
    """What progress says: `name` of what is watched, its `state` now, and the call that shows it later.

    `first` is said before the first reading, where there is something to say.
    """

    name: str
    state: Callable[[], str]
    how_to_look: str
    first: str = ""


@dataclass(frozen=True)
class Patience:
    """`pause` answers how many seconds there are to the next reading, by those that it has taken so far.

    After `seconds` it is left to itself. Just started it may be `absent` in fewer readings than so many.
    """

    pause: Callable[[float], float]
    seconds: float
    absent: int


async def watch(call: Call, watched: Watched, words: Words, patience: Patience) -> UpstreamError | None:
    """Read it until it is over or patience ends; a cancellation ends the watching, not what is watched.

    Answers the error because of which it can't be watched any more, if there is one.
    """
    began = anyio.current_time()
    try:
        return await _follow(call, watched, words, patience, began)
    except anyio.get_cancelled_exc_class():
        said = f"{words.name}: no longer watched. It goes on. {words.how_to_look}"
        with anyio.move_on_after(LAST_WORD_SECONDS, shield=True):
            await call.progress(anyio.current_time() - began, None, said)
        raise


async def _follow(call: Call, watched: Watched, words: Words, patience: Patience, began: float) -> UpstreamError | None:
    failures = absent = 0
    wait, there = 0.0, False
    if words.first:
        await call.progress(0.0, None, f"{words.name}: {words.first}")
    while not watched.over:
        elapsed = anyio.current_time() - began
        pause = max(patience.pause(elapsed), wait)
        if elapsed + pause > patience.seconds:
            return None
        await anyio.sleep(pause)
        wait, state = 0.0, ""
        try:
            await watched.look(call)
        except NotFound as error:
            absent += 1
            if there or absent >= patience.absent:
                return error
            state = "not there yet"
        except UpstreamError as error:
            failures += 1
            if failures >= FAILURES or not (error.retry or isinstance(error, Unreadable)):
                return error
            wait = error.wait if isinstance(error, Throttled) else 0.0
            state = "no answer for the moment"
        else:
            failures, there = 0, True
        elapsed = anyio.current_time() - began
        await call.progress(elapsed, None, f"{words.name}: {state or words.state()}, {took(elapsed)}")
    return None


def took(seconds: float) -> str:
    """`14 s`, `3 min 20 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
