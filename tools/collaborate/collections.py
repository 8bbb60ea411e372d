"""Reading the collections of Collaborate: no totals, 404 for "nothing there", and windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tools.call import Call
from upstream.collaborate.objects import Window
from upstream.errors import NotFound, RouteMissing
from upstream.request import Request

T = TypeVar("T")

WINDOW = 100

USUAL = 10
"""Rows of an answer to which no window was asked. Source: Collaborate REST API 10.1.0, lists page."""


@dataclass(frozen=True)
class Found(Generic[T]):
    """What was read of a collection; `complete` is false when there may be more that could not be reached."""

    items: Sequence[T]
    complete: bool = True


async def listed(call: Call, request: Request[list[T]], parent: Request[object] | None = None) -> list[T]:
    """A collection, empty where the system answers 404 for that.

    `parent` reads what holds the collection: a 404 means nothing to list only when that is there.

    Raises:
        NotFound: the parent is not there.
    """
    try:
        return await call.send(request)
    except NotFound:
        if parent is not None:
            await call.send(parent)
        return []


async def windows(call: Call, read: Callable[[Window], Request[list[T]]], key: Callable[[T], int]) -> Found[T]:
    """All of a collection that is read window by window, until one is empty.

    A proxy that drops the header makes every window the first one. So each window is looked at for something new, and
    one that brings nothing new ends the reading: with a complete result where fewer rows than usual or more than asked
    for came, since then no window was cut, and else with an incomplete one.
    """
    found: dict[int, T] = {}
    while True:
        try:
            rows = await call.send(read(Window(len(found), WINDOW)))
        except NotFound:
            break
        except RouteMissing:
            # Behind the last row some servers answer with a page for people.
            if found:
                break
            raise
        if not rows:
            break
        fresh = {key(row): row for row in rows if key(row) not in found}
        if not fresh:
            return Found(list(found.values()), complete=not USUAL <= len(rows) <= WINDOW)
        found |= fresh
    return Found(list(found.values()))
