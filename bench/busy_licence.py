"""Profile updates in Actito while tokens die and the licence is busy: two servers with one key, each asked by a client.

Together they have four requests in flight, and of what comes above two the sandbox answers a share with 429.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx

from bench.budget import Budget

UPDATES = 2000
WORKERS = 2
AT_ONCE = 4
LIFE = 0.6
DEATHS = 20
FIRST_PROFILE = 100_101
SWITCHES = {"actito_token_life": LIFE, "actito_busy": 0.05, "latency": 0.005, "actito_calls_per_minute": 1_000_000}


def measure() -> Iterator[Budget]:
    """Every worker changes profiles of its own, one update each."""
    import sandbox

    with (
        sandbox.start(switches=SWITCHES) as running,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        nowhere = Path(folder, "settings.toml")
        nowhere.touch()
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CAMPAIGN_MCP_")},
            **running.settings(),
            "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{Path(folder, 'state.db').as_posix()}",
            "CAMPAIGN_MCP_SETTINGS_FILE": str(nowhere),
        }
        started = time.monotonic()
        share = UPDATES // WORKERS
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.busy_licence", str(FIRST_PROFILE + place * share), str(share)],
                stdout=subprocess.PIPE,
                encoding="utf-8",
                env=environ,
            )
            for place in range(WORKERS)
        ]
        results = [json.loads(worker.communicate()[0]) for worker in workers]
        elapsed = time.monotonic() - started
        log = httpx.get(f"{running.url}/sandbox/log").json()["entries"]
    logins = sum(entry["operation"] == "getAccessToken" for entry in log)
    busy = sum(entry["status"] == 429 for entry in log)
    done = sum(each["done"] for each in results)
    if logins <= DEATHS:
        raise RuntimeError(f"only {logins - 1} tokens died in {elapsed:.0f} s: a shorter life is needed")
    allowed = elapsed / (0.8 * LIFE) + 2
    told = f"{done} updates in {elapsed:.0f} s by {WORKERS} servers, life {LIFE:g} s, {busy} answers 429"
    yield Budget("failed profile updates of 2,000 in a busy licence while tokens die", UPDATES - done, 0, told)
    yield Budget(f"tokens bought meanwhile (more than {DEATHS} died)", logins, allowed, told)


async def _update(first: int, count: int) -> dict[str, int]:
    from mcp import Client

    from mcp_server.application import Application
    from mcp_server.settings import load

    waiting = list(range(first, first + count))
    counts = {"done": 0, "failed": 0}

    async def work(client: Client) -> None:
        while waiting:
            number = waiting.pop()
            answer = await client.call_tool(
                "actito_profiles_save",
                {
                    "entity": "MeridianBank",
                    "table": "Customers",
                    "profile": str(number),
                    "values": {"homeBranch": f"Bench {number}"},
                },
            )
            data = answer.structured_content or {}
            fine = data.get("status") == "done"
            counts["done" if fine else "failed"] += 1
            if not fine:
                print(json.dumps(data), file=sys.stderr)

    async with Client(Application(load()).mcp) as client, anyio.create_task_group() as tasks:
        for _ in range(AT_ONCE):
            tasks.start_soon(work, client)
    return counts


if __name__ == "__main__":
    print(json.dumps(anyio.run(_update, int(sys.argv[1]), int(sys.argv[2]))))
