"""Waiting: what a server asks for is understood, and a call knows when it has no more time."""

from __future__ import annotations

import anyio
import pytest

from upstream.limits import Patience, Policy, Traffic, retry_after

NOON = 1_445_428_800.0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 0.5 ", 0.5),
        ("Wed, 21 Oct 2015 12:00:30 GMT", 30),
        ("Wed, 21 Oct 2015 11:00:00 GMT", 0),
        ("-5", 0),
        ("", 0),
        ("soon", 0),
        ("inf", 0),
        ("nan", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(said: str, seconds: float) -> None:
    assert retry_after(said, NOON) == seconds


@pytest.mark.anyio
async def test_patience_ends() -> None:
    patience = Patience(0.3)
    assert not await patience.pause(0.4), "a wait that does not fit is not begun"
    assert await patience.pause(0.01)
    with anyio.fail_after(5):
        while await patience.pause():
            pass


@pytest.mark.anyio
async def test_patience_starts_when_the_call_leaves() -> None:
    patience = Patience(0.3)
    with anyio.fail_after(5):
        await Patience(1).pause(0.31)
    assert await patience.pause(0.001)


@pytest.mark.anyio
async def test_a_pause_that_was_asked_for_is_kept_within_reason() -> None:
    traffic = Traffic(Policy())
    assert traffic.quiet_for == 0
    traffic.hold_off(5)
    traffic.hold_off(1)
    assert 4 < traffic.quiet_for <= 5
    traffic.hold_off(86_400)
    assert traffic.quiet_for <= 60


def test_an_exchange_is_bounded() -> None:
    assert Policy(connect=1, read=2, write=3, pool=4).longest == 10
    assert Policy(exchange=5).longest == 5
