"""One read tool over stdio, beside the same HTTP call made bare plus a tool call that does nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping

import anyio
import httpx

from bench.budget import Budget
from bench.processes import BARE, OURS, Server

ROUNDS = 60


def measure(url: str, environ: Mapping[str, str]) -> Iterator[Budget]:
    """The tool reads one offer by id, which is one POST to the sandbox; bare is httpx's AsyncClient, which we use."""
    ours, bare = anyio.run(_rounds, url, environ)
    told = f"median of {ROUNDS} rounds, authentication off for both; {ours * 1000:.1f} ms over {bare * 1000:.1f} ms"
    yield Budget("one read tool over stdio, over bare httpx plus a no-op tool call", ours / bare, 1.3, told)


async def _rounds(url: str, environ: Mapping[str, str]) -> tuple[float, float]:
    address = f"{url}/Campaign/api/campaign/rest/v1/offers/getoffers"
    by_tool, by_hand = [], []
    with Server(OURS, environ) as ours, Server(BARE) as bare:
        async with httpx.AsyncClient() as client:
            for _ in range(ROUNDS + 1):
                started = time.perf_counter()
                ours.call("offers_find", offers=["5158"])
                between = time.perf_counter()
                (await client.post(address, data={"offerids": ["5158"]})).raise_for_status()
                bare.call("nothing")
                by_tool.append(between - started)
                by_hand.append(time.perf_counter() - between)
    return statistics.median(by_tool[1:]), statistics.median(by_hand[1:])
