"""What all tests share: the event loop, and stand-ins of the campaign systems over real HTTP."""

from __future__ import annotations

import functools
import json
import sqlite3
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox import Sandbox, database, server, start
from sandbox.actito.service import Actito
from sandbox.switches import Switches

DAY = "2026-11-20"
"""The day of the demo data, at which the clock of every sandbox begins, and that of every server before it."""


def _untraced(run: Callable[[Sandbox], None]) -> Callable[[Sandbox], None]:
    """Coverage is not measured of the sandbox, and looking at each of its calls makes the tests a quarter slower."""

    def quietly(sandbox: Sandbox) -> None:
        sys.settrace(None)
        run(sandbox)

    return quietly


server.Sandbox._run = _untraced(server.Sandbox._run)  # type: ignore[method-assign]  # the thread of a sandbox


class _Copied:
    """Copies demo data that was made once into each sandbox in memory: to make it takes a hundred times as long.

    Actito's is in the copy, though a sandbox makes it at the first request. Files and larger data are made as ever.
    """

    def __init__(self, bank: Callable[[int], database.Load]) -> None:
        self._bank = bank
        self._lock = threading.Lock()

    def __call__(self, scale: int) -> database.Load:
        return self._copy if scale == 1 else self._bank(scale)

    def _copy(self, connection: sqlite3.Connection) -> None:
        ((_, _, file),) = connection.execute("PRAGMA database_list")
        if file:
            self._bank(1)(connection)
            return
        with self._lock:
            self._made.backup(connection)

    @functools.cached_property
    def _made(self) -> sqlite3.Connection:
        made = database.Database(":memory:", self._bank(1))
        Actito(made, "", 1, Switches()).sent()
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        made.connection.backup(copy)
        made.close()
        return copy


database.bank = _Copied(database.bank)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def quick_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of accounts are slow to make by intention (test_auth), which costs each test that logs in 30 ms."""
    monkeypatch.setattr("upstream.auth.DIGEST_ROUNDS", 1)


@pytest.fixture
def stand_in() -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes with the switches given as keywords, and stops them at the end of the test."""
    running: list[Sandbox] = []

    def begin(**switches: Any) -> Sandbox:
        running.append(start(switches={"date": DAY, **switches}))
        return running[-1]

    yield begin
    for each in running:
        each.stop()


@pytest.fixture
def sandbox(stand_in: Callable[..., Sandbox]) -> Sandbox:
    """A sandbox as it is out of the box."""
    return stand_in()


def _control(sandbox: Sandbox, method: str, path: str, body: Any = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sandbox.url}/sandbox/{path}", content, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="session")
def request_log() -> Callable[..., list[dict[str, Any]]]:
    """The requests that a sandbox has answered, oldest first, of one operation or of all."""

    def read(sandbox: Sandbox, operation: str = "") -> list[dict[str, Any]]:
        entries = _control(sandbox, "GET", "log")["entries"]
        return [entry for entry in entries if operation in ("", entry["operation"])]

    return read


@pytest.fixture(scope="session")
def switch() -> Callable[..., None]:
    """Changes the switches given as keywords of a running sandbox."""

    def change(sandbox: Sandbox, **switches: Any) -> None:
        _control(sandbox, "PATCH", "switches", switches)

    return change
