"""Deleting what one read shows: each is deleted alone and then read again, and a 404 shows that it is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Outcome
from upstream.errors import NotFound
from upstream.request import Request

Route = Callable[[str, str], Request[Any]]
"""A request about one object, from the entity and its number."""


async def delete_each(call: Call, changes: Sequence[Change], deletion: Route, reading: Route) -> list[Outcome]:
    """The outcome of every change; the id of each is `entity/number`."""

    async def send(change: Change) -> object:
        return await call.send(deletion(*_place(change)))

    async def look(change: Change, said: object) -> Outcome:
        try:
            await call.send(reading(*_place(change)))
        except NotFound:
            return Outcome(change, "done")
        return Outcome(change, "refused", "the system reported success, but it is still there")

    return await one_by_one(changes, send, look)


def _place(change: Change) -> tuple[str, str]:
    entity, _, number = change.id.rpartition("/")
    return entity, number
