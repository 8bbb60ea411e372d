"""Processes with one account share its token instead of killing each other's (S4, S6, S7), with real processes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcp_server.state import State
from sandbox import Sandbox
from upstream.auth import ManagerLogin
from upstream.campaign.campaigns import GetCampaigns
from upstream.errors import Unavailable
from upstream.session import SessionManager

Log = Callable[..., list[dict[str, Any]]]
ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("one_process.py")


class Processes:
    """Two processes that start their calls at the same moment."""

    def __init__(self, sandbox: Sandbox, state: str, count: int = 2, **order: Any) -> None:
        argument = json.dumps({"url": sandbox.url, "state": state, **order})
        self._running = [
            subprocess.Popen(
                [sys.executable, "-W", "error", str(SCRIPT), argument],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            for _ in range(count)
        ]
        for each in self._running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"

    def run(self) -> list[dict[str, Any]]:
        """Let them go; what came of each."""
        for each in self._running:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        return [json.loads(each.communicate(timeout=60)[0]) for each in self._running]


@pytest.fixture
def state(tmp_path: Path) -> str:
    return f"sqlite:///{(tmp_path / 'state.db').as_posix()}"


def test_two_processes_log_in_once(sandbox: Sandbox, state: str, request_log: Log) -> None:
    results = Processes(sandbox, state, calls=40, at_once=10, close=False).run()
    assert [(each["succeeded"], each["errors"]) for each in results] == [(40, [])] * 2
    assert len(request_log(sandbox, "login")) == 1
    assert {entry["status"] for entry in request_log(sandbox)} == {200}


def test_writes_of_two_processes_while_tokens_die(
    stand_in: Any, state: str, request_log: Log, foreign_login: Any
) -> None:
    life, seconds = 0.5, 5.0
    sandbox = stand_in(token_life=life)
    processes = Processes(sandbox, state, seconds=seconds, at_once=2, life=life, writes=True)
    stop, foreign = threading.Event(), 0

    def disturb() -> None:
        nonlocal foreign
        while not stop.wait(1):
            foreign_login(sandbox)
            foreign += 1

    disturber = threading.Thread(target=disturb)
    started = time.monotonic()
    disturber.start()
    results = processes.run()
    elapsed = time.monotonic() - started
    stop.set()
    disturber.join()
    assert [each["errors"] for each in results] == [[], []]
    logins = len(request_log(sandbox, "login")) - foreign
    assert logins >= 4, "tokens did die"
    assert logins <= elapsed / (0.8 * life) + foreign + 2
    made = sum(each["succeeded"] for each in results)
    statuses = [entry["status"] for entry in request_log(sandbox, "createCampaign")]
    assert statuses.count(200) == made
    assert set(statuses) <= {200, 401}


@pytest.mark.parametrize("writes", [False, True])
def test_two_processes_with_single_use_tokens(stand_in: Any, state: str, request_log: Log, writes: bool) -> None:
    sandbox = stand_in(single_use_tokens=True)
    results = Processes(sandbox, state, calls=15, at_once=3, writes=writes).run()
    assert [(each["succeeded"], each["errors"]) for each in results] == [(15, [])] * 2
    if not writes:
        assert {each["life"] for each in results} == {0}
        assert len(request_log(sandbox, "login")) <= 30 + 10


def test_a_wrong_password_is_tried_once_by_two_processes(sandbox: Sandbox, state: str, request_log: Log) -> None:
    results = Processes(sandbox, state, calls=5, at_once=5, password="wrong").run()
    assert [len(each["errors"]) for each in results] == [5, 5]
    assert len(request_log(sandbox, "login")) == 1
    assert "wrong" not in "".join(results[0]["errors"]).replace("user name or password is wrong", "")
    [good] = Processes(sandbox, state, count=1, calls=1).run()
    assert good["succeeded"] == 1


@pytest.mark.anyio
async def test_a_process_that_dies_with_the_lease_frees_it_by_time(
    sandbox: Sandbox, state: str, request_log: Log, manager_of: Any
) -> None:
    opened = State(state)
    manager = manager_of(sandbox, tokens=opened.tokens)
    session = manager.session("unica")
    assert await opened.tokens.lease(session.account, "a process that died", 0.3)
    with anyio.fail_after(20):
        await session.send(GetCampaigns())
    assert len(request_log(sandbox, "login")) == 1
    await manager.close()
    await opened.close()


@pytest.mark.anyio
async def test_a_lease_that_is_never_freed_ends_in_an_error(
    sandbox: Sandbox, state: str, request_log: Log, manager_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upstream.sharing.LEASE_WAIT", 0.2)
    opened = State(state)
    manager = manager_of(sandbox, tokens=opened.tokens)
    session = manager.session("unica")
    assert await opened.tokens.lease(session.account, "somebody else", 60)
    with anyio.fail_after(20), pytest.raises(Unavailable, match="Another process holds the account"):
        await session.send(GetCampaigns())
    assert request_log(sandbox) == []
    await manager.close()
    await opened.close()


@pytest.mark.anyio
async def test_the_lease_is_held_for_as_long_as_a_single_use_call_lasts(
    stand_in: Any, state: str, request_log: Log, manager_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upstream.sharing.LEASE_SECONDS", 0.6)
    sandbox = stand_in(single_use_tokens=True, latency=0.7)
    opened = State(state)
    login = ManagerLogin("service", "service-pass", single_use=True)

    def process() -> SessionManager:
        made: SessionManager = manager_of(sandbox, login, tokens=opened.tokens)
        return made

    managers = process(), process()
    async with anyio.create_task_group() as group:
        for manager in managers:
            for _ in range(2):
                group.start_soon(manager.session("unica").send, GetCampaigns())
    assert [entry["status"] for entry in request_log(sandbox)] == [200] * 8
    for manager in managers:
        await manager.close()
    await opened.close()
