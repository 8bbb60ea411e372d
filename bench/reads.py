"""One read tool over stdio and over HTTP, beside the same request made bare plus a tool call that does nothing.

By the clock, and by the processor: what a busy machine does to the clock it does to the other less.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping

import anyio
import httpx

from bench.budget import Budget
from bench.processes import BARE, OURS, HttpServer, Server

ROUNDS = 200
WARM = 10
"""Rounds before the clocks start."""
TRANSPORTS: Mapping[str, type[Server]] = {"stdio": Server, "HTTP": HttpServer}


def measure(url: str, environ: Mapping[str, str]) -> Iterator[Budget]:
    """The tool reads one offer by id, which is one POST to the sandbox; bare is httpx's AsyncClient, which we use.

    The processor's time is that of the server alone, and of this process for the bare request.
    """
    for name, kind in TRANSPORTS.items():
        (ours, our_cpu), (bare, bare_cpu) = anyio.run(_rounds, url, environ, kind)
        what = f"one read tool over {name}, over bare httpx plus a no-op tool call"
        told = f"median of {ROUNDS} rounds, authentication off for both; {ours * 1000:.1f} ms over {bare * 1000:.1f} ms"
        yield Budget(what, ours / bare, 1.3, told)
        told = f"mean of {ROUNDS} rounds; {our_cpu * 1000:.1f} ms over {bare_cpu * 1000:.1f} ms"
        yield Budget(f"{what}, CPU", our_cpu / bare_cpu, 1.2 if name == "stdio" else float("inf"), told)


async def _rounds(
    url: str, environ: Mapping[str, str], kind: type[Server]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds by the clock (median) and by the processor (mean), of our call and of what it is measured against."""
    address = f"{url}/Campaign/api/campaign/rest/v1/offers/getoffers"
    by_tool, by_hand = [], []
    requests = cpu = 0.0
    with kind(OURS, environ) as ours, kind(BARE) as bare:
        async with httpx.AsyncClient() as client:
            for number in range(WARM + ROUNDS):
                if number == WARM:
                    requests, cpu_before = 0.0, (ours.cpu(), bare.cpu())
                started = time.perf_counter()
                ours.call("offers_find", offers=["5158"])
                between = time.perf_counter()
                cpu = time.process_time()
                (await client.post(address, data={"offerids": ["5158"]})).raise_for_status()
                requests += time.process_time() - cpu
                bare.call("nothing")
                by_tool.append(between - started)
                by_hand.append(time.perf_counter() - between)
        ours_cpu, bare_cpu = ours.cpu() - cpu_before[0], bare.cpu() - cpu_before[1] + requests
    return (
        (statistics.median(by_tool[WARM:]), ours_cpu / ROUNDS),
        (statistics.median(by_hand[WARM:]), bare_cpu / ROUNDS),
    )
