"""A process that makes calls with the account of the tests, for tests with several of them.

Takes one argument, a JSON object: `url`, `state`, `calls`, `at_once`, `life`, `seconds` (go on for so long instead),
`writes`, `close`. It says "ready", waits for a line, makes its calls, and prints what came of them as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import anyio

from mcp_server.state import State
from upstream.auth import ManagerLogin
from upstream.campaign.campaigns import CampaignInput, CreateCampaign, GetCampaigns
from upstream.errors import UpstreamError
from upstream.request import Request
from upstream.session import Access, SessionManager


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(order: dict[str, Any]) -> None:
    login = ManagerLogin("service", order.get("password", "service-pass"), order.get("life", 15))
    access = Access("unica", {"unica-platform": order["url"], "unica-campaign": order["url"]}, login)
    state = State(order["state"])
    manager = SessionManager({"unica": access}, state.tokens, approval_key=b"k" * 32)
    session = manager.session("unica")
    done: dict[str, Any] = {"succeeded": 0, "errors": []}
    say("ready")
    sys.stdin.readline()
    left = order.get("calls", 0)
    end = anyio.current_time() + order.get("seconds", 0)

    async def call() -> None:
        nonlocal left
        while left > 0 or anyio.current_time() < end:
            left -= 1
            request: Request[Any] = GetCampaigns(code="none")
            if order.get("writes"):
                request = CreateCampaign(campaign=CampaignInput(name="made by a process"))
            try:
                await session.send(request)
                done["succeeded"] += 1
            except UpstreamError as error:
                done["errors"].append(str(error))

    async with anyio.create_task_group() as group:
        for _ in range(order.get("at_once", 1)):
            group.start_soon(call)
    if order.get("close", True):
        await manager.close()
        await state.close()
    say(json.dumps(done | {"life": session.token_life, "warnings": session.warnings}))


if __name__ == "__main__":
    anyio.run(main, json.loads(sys.argv[1]))
