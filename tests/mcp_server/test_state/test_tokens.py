"""The token store: the same rules in the database as in memory, and between processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from mcp_server.state import State
from upstream.tokens import PRESENCE_SECONDS, MemoryTokenStore, TokenStore

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, open_state: Callable[[str], State]) -> TokenStore:
    if request.param == "memory":
        return MemoryTokenStore()
    return open_state(request.getfixturevalue(f"{request.param}_url")).tokens


async def test_a_token_is_read_as_it_was_published(store: TokenStore) -> None:
    assert await store.read("a") is None
    published = await store.publish("a", "token ü", 1_700_000_000.25, 15)
    assert (published.value, published.generation, published.issued_at, published.life) == (
        "token ü",
        1,
        1_700_000_000.25,
        15,
    )
    assert await store.read("a") == published
    assert await store.read("b") is None


async def test_generations_only_grow_and_a_drop_spares_newer_tokens(store: TokenStore) -> None:
    first = await store.publish("a", "one", 1, 15)
    second = await store.publish("a", "two", 2, 15)
    await store.drop("a", first.generation)
    assert await store.read("a") == second
    await store.drop("a", second.generation)
    assert await store.read("a") is None
    assert (await store.publish("a", "three", 3, 15)).generation == second.generation + 1


async def test_a_lease_belongs_to_one_owner_until_released(store: TokenStore) -> None:
    assert await store.lease("a", "one", 30)
    assert not await store.lease("a", "two", 30)
    assert await store.lease("b", "two", 30)
    assert await store.lease("a", "one", 30)
    await store.release("a", "two")
    assert not await store.lease("a", "two", 30)
    await store.release("a", "one")
    assert await store.lease("a", "two", 30)


async def test_a_lease_that_ended_is_free_and_can_be_shortened_by_its_owner(store: TokenStore) -> None:
    assert await store.lease("a", "one", 30)
    assert await store.lease("a", "one", -1)
    assert await store.lease("a", "two", 30)
    assert not await store.lease("a", "one", 30)


async def test_a_lease_changes_nothing_of_the_token(store: TokenStore) -> None:
    token = await store.publish("a", "one", 1, 15)
    await store.lease("a", "x", 30)
    await store.release("a", "x")
    assert await store.read("a") == token


async def test_a_learnt_life_is_kept_and_holds_for_the_token_at_hand(store: TokenStore) -> None:
    assert await store.life("a") is None
    await store.learn_life("a", 9)
    assert await store.life("a") == 9
    await store.publish("a", "one", 1, 15)
    await store.learn_life("a", 4.5)
    token = await store.read("a")
    assert token is not None and token.life == 4.5
    assert await store.life("a") == 4.5
    await store.publish("a", "two", 2, 7)
    assert await store.life("a") == 4.5


async def test_a_cool_down_is_for_one_secret_of_one_account(store: TokenStore) -> None:
    until = time.time() + 60
    await store.refuse("a", "digest", until)
    assert await store.refused_until("a", "digest") == pytest.approx(until, abs=0.001)
    assert await store.refused_until("a", "another") is None
    assert await store.refused_until("b", "digest") is None
    await store.refuse("a", "another", time.time() - 1)
    assert await store.refused_until("a", "another") is None


async def test_who_leaves_learns_how_many_stay(store: TokenStore) -> None:
    for owner in ("one", "two", "three", "two"):
        await store.join("a", owner)
    await store.join("b", "one")
    assert await store.leave("a", "one") == 2
    assert await store.leave("a", "one") == 2
    assert await store.leave("a", "two") == 1
    assert await store.leave("a", "three") == 0


async def test_who_was_not_seen_for_long_does_not_count(
    state: State, sql: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    for owner in ("one", "two", "three"):
        await state.tokens.join("a", owner)
    sql(f"UPDATE campaign_mcp_holder SET seen_at = seen_at - {PRESENCE_SECONDS + 1} WHERE owner <> 'one'")
    await state.tokens.join("a", "three")
    assert await state.tokens.leave("a", "one") == 1


async def test_everything_outlives_the_process(url: str, open_state: Callable[[str], State]) -> None:
    before = open_state(url)
    token = await before.tokens.publish("a", "one", time.time(), 15)
    await before.tokens.learn_life("a", 15)
    await before.tokens.refuse("a", "digest", time.time() + 60)
    await before.tokens.lease("a", "before", 60)
    await before.close()
    after = open_state(url).tokens
    assert await after.read("a") == token
    assert await after.life("a") == 15
    assert await after.refused_until("a", "digest") is not None
    assert not await after.lease("a", "after", 60)
    assert (await after.publish("a", "two", 2, 15)).generation == token.generation + 1


async def test_processes_that_want_a_lease_at_once_get_one_each(url: str, race: Callable[..., list[Any]]) -> None:
    first, second = race(url, "lease")
    assert [a + b for a, b in zip(first, second, strict=True)] == [1] * 40


async def test_processes_that_publish_at_once_never_share_a_generation(
    url: str, race: Callable[..., list[Any]]
) -> None:
    first, second = race(url, "publish")
    assert sorted(first + second) == list(range(1, 81))
    assert first == sorted(first) and second == sorted(second)


async def test_of_processes_that_leave_at_once_the_last_knows(url: str, racer: Callable[..., Any]) -> None:
    both = [racer(url, "leave") for _ in range(2)]
    for expected in ("ready", "joined"):
        assert [each.line() for each in both] == [expected] * 2
        for each in both:
            each.go()
    first, second = (each.line() for each in both)
    assert [sorted(pair) for pair in zip(first, second, strict=True)] == [[0, 1]] * 20


async def test_the_lease_of_a_killed_process_ends_by_time(state: State, url: str, racer: Callable[..., Any]) -> None:
    await state.check()
    holder = racer(url, "hold", "1.5")
    assert holder.line() == "ready"
    started = time.time()
    holder.go()
    assert holder.line() is True
    holder.stop()
    assert not await state.tokens.lease("account", "heir", 30)
    with anyio.fail_after(10):
        while True:
            if await state.tokens.lease("account", "heir", 30):
                break
            await anyio.sleep(0.05)
    assert time.time() - started >= 1.5
