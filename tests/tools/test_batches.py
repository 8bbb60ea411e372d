"""Every object of a batch gets an outcome, whatever the network does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pytest

from tools.batches import in_batches, one_by_one
from tools.change import Change, Outcome, Status
from upstream.errors import NotFound, OutcomeUnknown, Refused, Unavailable, UpstreamError

pytestmark = pytest.mark.anyio


def changes(count: int, verb: str = "delete") -> list[Change]:
    return [Change("unica", "offer", verb, f"n{each}", str(each)) for each in range(1, count + 1)]


class Server:
    """Sends batches: `failing` says what happens to a batch with this id."""

    def __init__(self, failing: dict[int, UpstreamError] | None = None, *, says: bool = True) -> None:
        self.failing = failing or {}
        self.says = says
        self.sent: list[list[int]] = []

    async def __call__(self, batch: Sequence[Change]) -> list[int] | None:
        ids = [int(each.id) for each in batch]
        self.sent.append(ids)
        for each in ids:
            if each in self.failing:
                raise self.failing[each]
        return ids if self.says else None


def left(*ids: int) -> Callable[[Sequence[int]], object]:
    async def remaining(asked: Sequence[int]) -> Collection[int]:
        return set(asked) & set(ids)

    return remaining


async def unreadable(_: Sequence[int]) -> Collection[int]:
    raise Unavailable("away")


async def statuses(server: Server, count: int, **options: object) -> list[str]:
    outcomes = await in_batches(changes(count), server, "left out", size=2, **options)  # type: ignore[arg-type] # any option
    assert [each.change.id for each in outcomes] == [str(each) for each in range(1, count + 1)]
    return [each.status for each in outcomes]


async def test_all_go_in_batches() -> None:
    server = Server()
    assert await statuses(server, 5) == ["done"] * 5
    assert server.sent == [[1, 2], [3, 4], [5]]


async def test_what_the_answer_leaves_out_was_refused() -> None:
    async def send(batch: Sequence[Change]) -> list[int]:
        return [int(each.id) for each in batch if each.id != "2"]

    outcomes = await in_batches(changes(3), send, "left out")
    assert [each.status for each in outcomes] == ["done", "refused", "done"] and outcomes[1].reason == "left out"


async def test_a_refused_batch_is_sent_one_by_one() -> None:
    server = Server({2: Refused("no")})
    assert await statuses(server, 4) == ["done", "refused", "done", "done"]
    assert server.sent == [[1, 2], [1], [2], [3, 4]]


async def test_what_is_gone_is_deleted_already_but_not_retired_already() -> None:
    server = Server({1: NotFound("gone")})
    assert await statuses(server, 1) == ["already"]
    (outcome,) = await in_batches(changes(1, "retire"), server, "left out")
    assert (outcome.status, outcome.reason) == ("refused", "it is gone")


async def test_after_a_loss_nothing_more_is_sent() -> None:
    server = Server({3: OutcomeUnknown("lost")})
    assert await statuses(server, 6) == ["done", "done", "unknown", "unknown", "refused", "refused"]
    assert server.sent == [[1, 2], [3, 4]]


async def test_when_the_system_is_away_the_rest_is_not_tried() -> None:
    server = Server({1: Unavailable("away")})
    assert await statuses(server, 3) == ["refused"] * 3
    assert server.sent == [[1, 2]]


async def test_after_a_loss_what_became_of_it_is_looked_at() -> None:
    server = Server({1: OutcomeUnknown("lost")})
    assert await statuses(server, 3, remaining=left(2)) == ["done", "unknown", "refused"]
    assert await statuses(Server({1: OutcomeUnknown("lost")}), 2, remaining=unreadable) == ["unknown"] * 2


async def test_a_bare_answer_is_looked_at() -> None:
    assert await statuses(Server(says=False), 3) == ["done"] * 3
    assert await statuses(Server(says=False), 3, remaining=left(2)) == ["done", "refused", "done"]
    outcomes = await in_batches(changes(1), Server(says=False), "left out", remaining=unreadable)
    assert outcomes[0].status == "done" and "could not be looked at again" in outcomes[0].reason


async def alone(send_fails: UpstreamError | None, seen: Status | UpstreamError, verb: str = "update") -> Outcome:
    async def send(change: Change) -> str:
        if send_fails is not None:
            raise send_fails
        return "OK"

    async def look(change: Change, said: str | None) -> Outcome:
        assert said == (None if isinstance(send_fails, OutcomeUnknown | NotFound) else "OK")
        if isinstance(seen, UpstreamError):
            raise seen
        return Outcome(change, seen, "as seen", id="7")

    (outcome,) = await one_by_one(changes(1, verb), send, look)
    return outcome


async def test_one_that_was_sent_is_told_as_it_is_seen() -> None:
    assert (await alone(None, "done")).reason == "as seen"
    assert (await alone(None, "refused")).status == "refused"
    assert (await alone(Refused("no"), "done")).status == "refused"
    assert (await alone(NotFound("no"), "done")).status == "refused"
    assert (await alone(NotFound("no"), "done", "delete")).status == "already"
    hidden = await alone(NotFound("perhaps a missing right"), "refused", "delete")
    assert hidden.status == "refused" and "missing right" in hidden.reason, "it is still there"
    assert (await alone(NotFound("no"), Unavailable("away"), "delete")).status == "already"


async def test_a_lost_answer_is_made_good_only_by_what_is_seen() -> None:
    found = await alone(OutcomeUnknown("lost"), "done")
    assert (found.status, found.id) == ("done", "7") and "it has happened" in found.reason
    assert "it is gone" in (await alone(OutcomeUnknown("lost"), "done", "delete")).reason
    for seen in ("refused", "unknown", Unavailable("away")):
        answer = await alone(OutcomeUnknown("lost"), seen)  # type: ignore[arg-type] # of a tuple mypy sees objects
        assert answer.status == "unknown" and "Look at the object" in answer.reason


async def test_a_write_that_cannot_be_looked_at_has_happened_all_the_same() -> None:
    found = await alone(None, Unavailable("away"))
    assert found.status == "done" and "could not be looked at again (away)" in found.reason
