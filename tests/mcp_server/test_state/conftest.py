"""Databases for the tests of the state: a SQLite file and a PostgreSQL database, both real, new for each test."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mcp_server.state import State

RACER = Path(__file__).with_name("racer.py")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A server's address with a role that may create databases: from the environment, or a private cluster."""
    given = os.environ.get("TEST_POSTGRES_URL", "")
    if given:
        yield re.sub(r"^postgresql\+psycopg:", "postgresql:", given)
        return
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL: neither TEST_POSTGRES_URL nor initdb and pg_ctl are here")
    user: dict[str, Any] = {}
    folder = tempfile.mkdtemp(prefix="campaign-mcp-pg-")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)

        def do(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, "-D", f"{folder}/data", *arguments],
                cwd=folder,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=60,
                **user,
            )

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        do("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -c unix_socket_directories="
        do("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
        stack.callback(do, "pg_ctl", "-w", "-m", "immediate", "stop")
        yield f"postgresql://tester:not-asked-for@127.0.0.1:{port}/postgres"


def _postgres_programs() -> Path | None:
    on_path = shutil.which("initdb")
    places = [Path(on_path).parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if list(place.glob("initdb*")) and list(place.glob("pg_ctl*"))), None)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state.db'}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    name = f"state_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield _with_database(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _with_database(server: str, name: str) -> str:
    head, _, options = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database, once of each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
async def open_state() -> AsyncIterator[Callable[[str], State]]:
    """Opens states that are closed when the test ends."""
    opened: list[State] = []

    def open_one(url: str) -> State:
        opened.append(State(url))
        return opened[-1]

    yield open_one
    for state in opened:
        await state.close()


@pytest.fixture
async def state(url: str, open_state: Callable[[str], State]) -> State:
    return open_state(url)


@pytest.fixture
def sql(url: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Carries out one statement on the database of the test, past the code under test."""
    import sqlite3

    def execute(statement: str) -> list[tuple[Any, ...]]:
        if url.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
                return connection.execute(statement).fetchall()
        with psycopg.connect(url, autocommit=True) as server:
            cursor = server.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    return execute


class Racer:
    """Another process with the same database; see racer.py."""

    def __init__(self, url: str, job: str, *arguments: str, **options: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, RACER, url, job, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **options,
        )

    def line(self) -> Any:
        """The next line it says, as JSON."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def racer() -> Iterator[Callable[..., Racer]]:
    """Starts processes that are ended when the test ends."""
    started: list[Racer] = []

    def start(url: str, job: str, *arguments: str, **options: Any) -> Racer:
        started.append(Racer(url, job, *arguments, **options))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def race(racer: Callable[..., Racer]) -> Callable[..., list[Any]]:
    """Runs one job in several processes, let go at the same moment; answers what each found."""

    def run(url: str, job: str, *arguments: str, processes: int = 2) -> list[Any]:
        runners = [racer(url, job, *arguments) for _ in range(processes)]
        for each in runners:
            assert each.line() == "ready"
        for each in runners:
            each.go()
        return [each.line() for each in runners]

    return run


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield int(listener.getsockname()[1])
