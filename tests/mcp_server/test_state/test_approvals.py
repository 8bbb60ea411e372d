"""Consumed approvals and codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from mcp_server.state import State
from mcp_server.state.approvals import ALPHABET, TRIES

pytestmark = pytest.mark.anyio

Sql = Callable[[str], list[tuple[Any, ...]]]


async def consume(state: State, key: str, number: int) -> bool:
    return await state.approvals.consume(
        key, number, channel="elicitation", tool="offers_retire", reference="AB12-CD34"
    )


async def wrong_code(state: State, reference: str) -> str:
    return await state.approvals.redeem_code("2222-2222", reference)


async def test_an_approval_is_consumed_once(state: State) -> None:
    assert await state.approvals.consumed("k") == 0
    assert await consume(state, "k", 0)
    assert not await consume(state, "k", 0)
    assert await state.approvals.consumed("k") == 1
    assert await consume(state, "k", 1)
    assert await state.approvals.consumed("k") == 2
    assert await state.approvals.consumed("another") == 0


async def test_of_many_calls_at_once_one_consumes(state: State) -> None:
    won: list[bool] = []

    async def attempt() -> None:
        won.append(await consume(state, "k", 0))

    async with anyio.create_task_group() as group:
        for _ in range(12):
            group.start_soon(attempt)
    assert sum(won) == 1


async def test_of_two_processes_at_once_one_consumes(state: State, url: str, race: Callable[..., list[Any]]) -> None:
    first, second = race(url, "consume")
    assert [a + b for a, b in zip(first, second, strict=True)] == [1] * 40
    assert await state.approvals.consumed("k") == 40


async def test_numbers_go_on_after_old_rows_were_cleaned_away(
    state: State, url: str, sql: Sql, open_state: Callable[[str], State]
) -> None:
    for number in range(3):
        assert await consume(state, "k", number)
    sql("UPDATE campaign_mcp_consumed SET consumed_at = consumed_at - 31 * 86400 WHERE number < 2")
    later = open_state(url)
    assert await later.approvals.consumed("k") == 3
    assert sql("SELECT number FROM campaign_mcp_consumed") == [(2,)]
    assert not await consume(later, "k", 2)
    assert await consume(later, "k", 3)


async def test_a_code_is_readable_and_right_once(state: State) -> None:
    code = await state.approvals.issue_code("R", tool="t")
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert not set(ALPHABET) & set("01ILOU")
    assert await state.approvals.redeem_code(code, "R") == "right"
    assert await state.approvals.redeem_code(code, "R") == "used"


@pytest.mark.parametrize("form", ["{}", "{} ", " {}", "{}\n"])
async def test_a_code_is_read_as_people_write_it(state: State, form: str) -> None:
    ways: tuple[Callable[[str], str], ...] = (
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " – "),
        lambda code: " ".join(code),
        lambda code: "".join(chr(ord(each) + 0xFEE0) for each in code),
    )
    for way in ways:
        code = await state.approvals.issue_code("R", tool="t")
        assert await state.approvals.redeem_code(form.format(way(code)), "R") == "right"


@pytest.mark.parametrize("code", ["", "-", "2222-2222", "K7TM", "K7TM-4QXR-K7TM", "\ud800\x00", "9" * 100_000])
async def test_what_is_no_code_is_wrong(state: State, code: str) -> None:
    await state.approvals.issue_code("R", tool="t")
    assert await state.approvals.redeem_code(code, "R") == "wrong"


async def test_a_code_expires(state: State) -> None:
    code = await state.approvals.issue_code("R", tool="t", seconds=0)
    assert await state.approvals.redeem_code(code, "R") == "expired"


async def test_a_used_code_stays_used_after_its_time(state: State, sql: Sql) -> None:
    code = await state.approvals.issue_code("R", tool="t")
    assert await state.approvals.redeem_code(code, "R") == "right"
    sql("UPDATE campaign_mcp_code SET expires_at = expires_at - 601")
    assert await state.approvals.redeem_code(code, "R") == "used"


async def test_a_code_of_another_reference_is_told_apart_and_stays_good_there(state: State) -> None:
    code = await state.approvals.issue_code("R", tool="t")
    assert await state.approvals.redeem_code(code, "Q") == "other"
    assert await state.approvals.redeem_code(code, "R") == "right"


async def test_several_codes_of_a_reference_are_good(state: State) -> None:
    codes = [await state.approvals.issue_code("R", tool="t") for _ in range(2)]
    assert [await state.approvals.redeem_code(code, "R") for code in codes] == ["right", "right"]


async def test_a_code_survives_wrong_tries_below_the_bound(state: State) -> None:
    code = await state.approvals.issue_code("R", tool="t")
    for _ in range(TRIES - 1):
        assert await wrong_code(state, "R") == "wrong"
    assert await state.approvals.redeem_code(code, "R") == "right"


async def test_the_fifth_wrong_try_voids_all_codes_of_the_reference(state: State) -> None:
    codes = [await state.approvals.issue_code("R", tool="t") for _ in range(2)]
    untouched = await state.approvals.issue_code("Q", tool="t")
    for _ in range(TRIES):
        await wrong_code(state, "R")
    assert [await state.approvals.redeem_code(code, "R") for code in codes] == ["expired", "expired"]
    assert await state.approvals.redeem_code(untouched, "Q") == "right"
    later = await state.approvals.issue_code("R", tool="t")
    for _ in range(TRIES - 1):
        await wrong_code(state, "R")
    assert await state.approvals.redeem_code(later, "R") == "right"


async def test_a_new_code_gives_no_new_tries_to_the_old_one(state: State) -> None:
    code = await state.approvals.issue_code("R", tool="t")
    for _ in range(TRIES):
        await wrong_code(state, "R")
        await state.approvals.issue_code("R", tool="t")
    assert await state.approvals.redeem_code(code, "R") == "expired"


async def test_codes_of_other_references_count_as_wrong_tries(state: State) -> None:
    code = await state.approvals.issue_code("R", tool="t")
    for number in range(TRIES):
        other = await state.approvals.issue_code(f"Q{number}", tool="t")
        assert await state.approvals.redeem_code(other, "R") == "other"
    assert await state.approvals.redeem_code(code, "R") == "expired"


async def test_tries_of_several_processes_are_counted_together(
    state: State, url: str, race: Callable[..., list[Any]]
) -> None:
    code = await state.approvals.issue_code("R", tool="t")
    assert race(url, "redeem", "R", *["2222-2222"] * 3) == [["wrong"] * 3] * 2
    assert await state.approvals.redeem_code(code, "R") == "expired"


async def test_a_code_is_right_for_one_process_only(state: State, url: str, race: Callable[..., list[Any]]) -> None:
    codes = [await state.approvals.issue_code("R", tool="t") for _ in range(20)]
    first, second = race(url, "redeem", "R", *codes)
    assert [sorted(pair) for pair in zip(first, second, strict=True)] == [["right", "used"]] * 20


async def test_a_code_is_good_after_a_restart(url: str, open_state: Callable[[str], State]) -> None:
    before = open_state(url)
    code = await before.approvals.issue_code("R", tool="t")
    used = await before.approvals.issue_code("R", tool="t")
    assert await before.approvals.redeem_code(used, "R") == "right"
    await before.close()
    after = open_state(url)
    assert await after.approvals.redeem_code(code, "R") == "right"
    assert await after.approvals.redeem_code(used, "R") == "used"
