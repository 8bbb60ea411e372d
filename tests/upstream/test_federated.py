"""Federated users: the token comes from the settings, a file or a command, and is read again when refused (S7)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from upstream.auth import Federated
from upstream.campaign.campaigns import GetCampaigns
from upstream.errors import LoginRefused
from upstream.session import Session

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]


def federated(**source: Any) -> Federated:
    return Federated("service", "campaign-mcp", "unica", **source)


async def many(session: Session) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(session.send, GetCampaigns())


async def test_a_token_of_the_settings(stand_in: Any, manager_of: Any, request_log: Log, switch: Any) -> None:
    sandbox = stand_in()
    session = manager_of(sandbox, federated(token="federated-token")).session("unica")
    await many(session)
    assert {entry["account"] for entry in request_log(sandbox)} == {"service"}
    assert request_log(sandbox, "login") == []
    switch(sandbox, federated_tokens=["another"])
    with pytest.raises(LoginRefused, match=r"can't be read again.*CAMPAIGN_MCP_UNICA__FEDERATED_TOKEN_FILE"):
        await session.send(GetCampaigns())
    assert session.token_life is None


@pytest.mark.parametrize("source", ["file", "command"])
async def test_a_token_of_a_file_or_command_is_read_again(
    stand_in: Any, manager_of: Any, request_log: Log, switch: Any, tmp_path: Path, source: str
) -> None:
    sandbox, file, count = stand_in(), tmp_path / "token", tmp_path / "count"
    file.write_text("federated-token\n", "utf-8")
    script = (
        "import pathlib, sys\n"
        "with open(sys.argv[2], 'a') as count: count.write('x')\n"
        "print(pathlib.Path(sys.argv[1]).read_text())"
    )
    command = (sys.executable, "-c", script, str(file), str(count))
    how = federated(token_file=str(file)) if source == "file" else federated(token_command=command)
    session = manager_of(sandbox, how).session("unica")
    await many(session)
    switch(sandbox, federated_tokens=["second"])
    file.write_text("second", "utf-8")
    await many(session)
    if source == "command":
        assert count.read_text("utf-8") == "xx", "once at the beginning, once after the refusal"
    switch(sandbox, federated_tokens=["third"])
    with pytest.raises(LoginRefused, match="still the same after reading it again"):
        await session.send(GetCampaigns())
    assert "second" not in repr(how)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ({"token_file": "/nowhere/token"}, "FileNotFoundError"),
        ({"token_command": (sys.executable, "-c", "print('hush'); raise SystemExit(3)")}, "ended with code 3"),
        ({"token_command": (sys.executable, "-c", "pass")}, "it is empty"),
        ({"token_command": ("no-such-program-at-all",)}, "FileNotFoundError"),
    ],
)
async def test_a_source_that_gives_no_token_is_named(
    sandbox: Any, manager_of: Any, request_log: Log, source: dict[str, Any], why: str
) -> None:
    with pytest.raises(LoginRefused, match=rf"can't be read: .*{why}.*FEDERATED_TOKEN_FILE") as caught:
        await manager_of(sandbox, federated(**source)).session("unica").send(GetCampaigns())
    assert "hush" not in str(caught.value)
    assert request_log(sandbox) == []
