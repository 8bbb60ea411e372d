"""Two accounts at once, in one process and one database: neither tokens, nor caches, nor answers get mixed up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import pytest
from mcp import Client

from mcp_server.application import Application
from mcp_server.settings import load
from sandbox import Sandbox
from tools.call import Call
from tools.campaign.campaign_book import CampaignBook
from tools.campaign.campaigns import campaigns_find
from tools.listing import Listing, Snapshots
from upstream.auth import ManagerLogin
from upstream.session import Access, SessionManager
from upstream.tokens import MemoryTokenStore

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]


def access(sandbox: Sandbox, user: str) -> Access:
    addresses = {"unica-platform": sandbox.url, "unica-campaign": sandbox.url}
    return Access("unica", addresses, ManagerLogin(user, f"{user}-pass"))


async def find(call: Call, **arguments: Any) -> Listing:
    found: Listing = await campaigns_find.function(call, **arguments)
    return found


async def test_sessions_of_one_process_share_no_cache_and_no_page(stand_in: Any, request_log: Log) -> None:
    sandbox: Sandbox = stand_in(token_life=1)
    known = {"unica": {name: access(sandbox, name) for name in ("service", "viewer")}}
    async with SessionManager(known, MemoryTokenStore(), approval_key=b"k" * 32) as manager:
        service, viewer = (Call(manager.session("unica", name), "sandbox", ZoneInfo("UTC")) for name in known["unica"])
        page = await find(service, search="gold", limit=2)
        await find(service, campaigns=["Spring 2026 Gold Card Cashback"])
        assert service.kept(CampaignBook) is not viewer.kept(CampaignBook)
        assert viewer.kept(Snapshots).get(page.snapshot) is None

        before = len(request_log(sandbox, "getCampaigns"))
        later = await find(viewer, search="gold", limit=2, cursor=page.cursor(2))
        assert later.notes and "anew" in later.notes[0]
        assert [each["account"] for each in request_log(sandbox, "getCampaigns")[before:]] == ["viewer"]

        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(lambda: find(service, campaigns=["2025"]))
                group.start_soon(lambda: find(viewer, campaigns=["2025"]))
        read = [each["account"] for each in request_log(sandbox, "getCampaign") if each["status"] == 200]
        assert read.count("viewer") == 20 and read.count("service") >= 20


@asynccontextmanager
async def server(sandbox: Sandbox, user: str, folder: Path) -> AsyncIterator[Client]:
    """A server of this account, on a state database that it shares, for a client without forms."""
    (folder / "none.toml").touch()
    environ = {**sandbox.settings(), "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{folder / 'state.db'}"}
    environ |= {"CAMPAIGN_MCP_UNICA__USERNAME": user, "CAMPAIGN_MCP_UNICA__PASSWORD": f"{user}-pass"}
    async with Client(Application(load(environ, folder / "none.toml")).mcp) as client:
        yield client


async def test_an_approval_of_one_account_is_none_for_another(
    sandbox: Sandbox, tmp_path: Path, request_log: Log
) -> None:
    async with server(sandbox, "service", tmp_path) as service, server(sandbox, "analyst", tmp_path) as analyst:
        asked = await service.call_tool("offers_retire", {"offers": ["5006"]})
        given = {"offers": ["5006"], "confirm": asked.structured_content["code"]}
        stolen = await analyst.call_tool("offers_retire", given)
        assert stolen.structured_content["status"] == "void"
        assert request_log(sandbox, "retireOffers") == []
        done = await service.call_tool("offers_retire", given)
        assert done.structured_content["status"] == "done"
    assert [each["account"] for each in request_log(sandbox, "retireOffers")] == ["service"]
    assert sorted(each["account"] for each in request_log(sandbox, "login")) == ["analyst", "service"]
    assert sorted(each["account"] for each in request_log(sandbox, "logout")) == ["analyst", "service"]
