"""Writes while tokens die: two processes, a life of a second, and a stranger who logs in every second."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx

from bench.budget import Budget

LIFE = 1.0
SECONDS = 25.0
EVERY = 1.0


def measure() -> Iterator[Budget]:
    """Each process renames its own campaign again and again until the time is up."""
    import sandbox

    with (
        sandbox.start(switches={"token_life": LIFE}) as running,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        state = f"sqlite:///{Path(folder, 'state.db').as_posix()}"
        account = {"m_user_name": "service", "m_user_password": "service-pass"}
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.dying_tokens", running.url, state, campaign],
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
            for campaign in ("2001", "2002")
        ]
        strangers, started = 0, time.monotonic()
        while any(worker.poll() is None for worker in workers):
            httpx.post(f"{running.url}/unica/api/manager/authentication/login/", headers=account).raise_for_status()
            strangers += 1
            time.sleep(EVERY)
        elapsed = time.monotonic() - started
        results = [json.loads(worker.communicate()[0]) for worker in workers]
        log = httpx.get(f"{running.url}/sandbox/log").json()["entries"]
    logins = sum(entry["operation"] == "login" for entry in log) - strangers
    done = sum(each["done"] for each in results)
    failed = sum(each["failed"] for each in results)
    allowed = elapsed / (0.8 * LIFE) + strangers + 2
    told = f"{done} writes in {elapsed:.0f} s, life {LIFE:g} s, {strangers} logins of a stranger"
    yield Budget("failed writes while tokens die", failed, 0, told)
    yield Budget("logins while tokens die", logins, allowed, told)


async def _write(url: str, state_url: str, campaign: int) -> dict[str, int]:
    from mcp_server.state import State
    from upstream.auth import ManagerLogin
    from upstream.campaign.campaigns import CampaignInput, UpdateCampaign
    from upstream.errors import UpstreamError
    from upstream.session import Access, SessionManager

    state = State(state_url)
    addresses = {"unica-platform": url, "unica-campaign": url}
    access = Access("unica", addresses, ManagerLogin(username="service", password="service-pass"))
    manager = SessionManager({"unica": access}, state.tokens, approval_key=b"bench")
    counts = {"done": 0, "failed": 0}
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        change = CampaignInput(description=f"written {counts['done']} times")
        try:
            await manager.session("unica").send(UpdateCampaign(campaign_id=campaign, campaign=change))
            counts["done"] += 1
        except UpstreamError as error:
            counts["failed"] += 1
            print(error, file=sys.stderr)
    await manager.close()
    await state.close()
    return counts


if __name__ == "__main__":
    print(json.dumps(anyio.run(_write, sys.argv[1], sys.argv[2], int(sys.argv[3]))))
