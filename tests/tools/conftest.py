"""A call as tools are handed it, before a sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from zoneinfo import ZoneInfo

import pytest

from sandbox import Sandbox
from tools.call import Call
from upstream.auth import ManagerLogin
from upstream.session import Access, SessionManager
from upstream.tokens import MemoryTokenStore


@pytest.fixture
async def call_to() -> AsyncIterator[Callable[..., Call]]:
    """Makes calls to a sandbox; options such as `offers_api` as keywords. Sessions are closed at the end."""
    managers: list[SessionManager] = []

    def make(sandbox: Sandbox, *, deadline: float = float("inf"), **options: str) -> Call:
        access = Access(
            "unica",
            {"unica-platform": sandbox.url, "unica-campaign": sandbox.url},
            ManagerLogin(username="service", password="service-pass"),
        )
        managers.append(SessionManager({"unica": access}, MemoryTokenStore(), approval_key=b"k" * 32))
        return Call(managers[-1].session("unica"), "sandbox", ZoneInfo("UTC"), deadline, options=options)

    yield make
    for manager in managers:
        await manager.close()
