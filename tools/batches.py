"""Sending one route many objects, in batches or one by one, with an outcome for each whatever the network does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from tools.change import Change, Outcome
from upstream.errors import NotFound, OutcomeUnknown, Refused, UpstreamError

Said = TypeVar("Said")

BATCH = 200
"""Ids in one request: a form of some kilobytes, well below what servers take."""

CHECK = "Look at the object before you try again."


async def in_batches(
    changes: Sequence[Change],
    send: Callable[[Sequence[Change]], Awaitable[Collection[int] | None]],
    refusal: str,
    *,
    size: int = BATCH,
    remaining: Callable[[Sequence[int]], Awaitable[Collection[int]]] | None = None,
) -> list[Outcome]:
    """The outcome of every change. `send` gives back the ids that the server says it did, or None when it doesn't say.

    An object that the server leaves out was refused, for the usual reason `refusal`. A batch that is refused whole is
    sent again one by one, so that one object does not hold up the others. After a lost answer, or when the system
    can't be reached, nothing more is sent: the rest is told as not tried.

    `remaining` reads which of these ids have not become what they should: after a delete, which are still there. Where
    it is given it decides what was done when the answer doesn't say so, and what became of a batch whose answer was
    lost.
    """
    outcomes: list[Outcome] = []
    waiting = [list(changes[start : start + size]) for start in range(0, len(changes), size)]
    while waiting:
        batch = waiting.pop(0)
        try:
            done = await send(batch)
        except OutcomeUnknown as error:
            outcomes += await _after_a_loss(batch, error, remaining)
            return outcomes + _untried(waiting)
        except (Refused, NotFound) as error:
            if len(batch) > 1:
                waiting[:0] = [[each] for each in batch]
                continue
            if isinstance(error, NotFound):
                deleted = batch[0].verb == "delete"
                outcomes.append(Outcome(batch[0], "already" if deleted else "refused", "it is gone"))
            else:
                outcomes.append(_refused(batch[0], error))
        except UpstreamError as error:
            outcomes += [Outcome(each, "refused", f"Not done: {error}") for each in batch]
            return outcomes + _untried(waiting)
        else:
            if done is None and remaining is not None:
                outcomes += await _looked_at(batch, remaining, refusal)
                continue
            outcomes += [
                Outcome(each, "done") if done is None or int(each.id) in done else Outcome(each, "refused", refusal)
                for each in batch
            ]
    return outcomes


async def one_by_one(
    changes: Sequence[Change],
    send: Callable[[Change], Awaitable[Said]],
    look: Callable[[Change, Said | None], Awaitable[Outcome]],
) -> list[Outcome]:
    """The outcome of every change, each sent alone and then looked at.

    `look` says what became of a change by the object as it is now; it is given what `send` gave back, or None when
    that answer was lost. After a loss it is believed when it finds the change done; else nothing is known.
    """
    outcomes = []
    for change in changes:
        loss: OutcomeUnknown | None = None
        said: Said | None = None
        try:
            said = await send(change)
        except OutcomeUnknown as error:
            loss = error
        except UpstreamError as error:
            missing = isinstance(error, NotFound) and change.verb == "delete"
            outcomes.append(await _missing(change, error, look) if missing else _refused(change, error))
            continue
        try:
            found = await look(change, said)
        except UpstreamError as error:
            unread = f"the system said so; it could not be looked at again ({error.message})"
            found = Outcome(change, "unknown" if loss else "done", "" if loss else unread)
        outcomes.append(_lost(found, loss) if loss else found)
    return outcomes


async def _missing(change: Change, error: UpstreamError, look: Callable[[Change, Any], Awaitable[Outcome]]) -> Outcome:
    """What a 404 to a delete means: it is gone, or a system that hides missing rights so does not let us."""
    try:
        found = await look(change, None)
    except UpstreamError:
        return Outcome(change, "already", "it is gone")
    return Outcome(change, "already", "it is gone") if found.status == "done" else _refused(change, error)


def _refused(change: Change, error: UpstreamError) -> Outcome:
    return Outcome(change, "refused", str(error))


def _lost(found: Outcome, loss: OutcomeUnknown) -> Outcome:
    """What an object shows after the answer to its change was lost."""
    if found.status != "done":
        return Outcome(found.change, "unknown", f"{CHECK} {loss.message}")
    what = "is gone" if found.change.verb == "delete" else "has happened"
    return Outcome(found.change, "done", f"the answer was lost, but it {what}", found.id, found.code, found.after)


async def _looked_at(
    batch: Sequence[Change], remaining: Callable[[Sequence[int]], Awaitable[Collection[int]]], refusal: str
) -> list[Outcome]:
    try:
        left = await remaining([int(each.id) for each in batch])
    except UpstreamError as error:
        said = f"the system said so; it could not be looked at again ({error.message})"
        return [Outcome(each, "done", said) for each in batch]
    return [Outcome(each, "refused", refusal) if int(each.id) in left else Outcome(each, "done") for each in batch]


async def _after_a_loss(
    batch: Sequence[Change],
    loss: OutcomeUnknown,
    remaining: Callable[[Sequence[int]], Awaitable[Collection[int]]] | None,
) -> list[Outcome]:
    left = {int(each.id) for each in batch}
    if remaining is not None:
        # When the system is away nothing more is known than after the loss.
        with suppress(UpstreamError):
            left = set(await remaining(sorted(left)))
    return [_lost(Outcome(each, "unknown" if int(each.id) in left else "done"), loss) for each in batch]


def _untried(waiting: Sequence[Sequence[Change]]) -> list[Outcome]:
    return [
        Outcome(each, "refused", "not tried, because of the trouble before it") for batch in waiting for each in batch
    ]
