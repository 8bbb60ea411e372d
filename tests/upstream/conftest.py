"""Sessions against a sandbox, logins of somebody else, and a server that answers what a test wants."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import pytest

from sandbox import Sandbox
from upstream.approval import Approval, mint
from upstream.auth import ApiKey, Authentication, ManagerLogin
from upstream.limits import Policy
from upstream.request import Override, Request
from upstream.session import Access, SessionManager
from upstream.tokens import MemoryTokenStore, StoreUnavailable, TokenStore

KEY = b"a key of the tests that is 32 b."


@pytest.fixture
async def manager_of() -> AsyncIterator[Callable[..., SessionManager]]:
    """Makes managers for a sandbox or an address, each like a process of its own, and closes them at the end."""
    opened: list[SessionManager] = []

    def make(
        where: Sandbox | str,
        authentication: Authentication | None = None,
        *,
        tokens: TokenStore | None = None,
        policy: Policy | None = None,
        overrides: Mapping[str, Override] | None = None,
        others: Mapping[str, Authentication] | None = None,
    ) -> SessionManager:
        url = where if isinstance(where, str) else where.url

        def access(how: Authentication) -> Access:
            addresses = {f"unica-{api}": url for api in ("platform", "campaign", "collaborate")}
            return Access("unica", addresses, how, policy or Policy(), overrides or {})

        identities = {"default": authentication or ManagerLogin("service", "service-pass"), **(others or {})}
        known = {"unica": {name: access(how) for name, how in identities.items()}}
        opened.append(SessionManager(known, tokens or MemoryTokenStore(), approval_key=KEY))
        return opened[-1]

    yield make
    for each in opened:
        await each.close()


@pytest.fixture
async def actito_of() -> AsyncIterator[Callable[..., SessionManager]]:
    """Makes managers for the Actito of a sandbox or an address, each like a process of its own, closed at the end."""
    opened: list[SessionManager] = []

    def make(
        where: Sandbox | str, key: str = "sandbox-key", *, tokens: TokenStore | None = None, **access: Any
    ) -> SessionManager:
        url = where if isinstance(where, str) else f"{where.url}/actito"
        known = Access("actito", {"actito": url}, ApiKey(key), **access)
        opened.append(SessionManager({"actito": known}, tokens or MemoryTokenStore(), approval_key=KEY))
        return opened[-1]

    yield make
    for each in opened:
        await each.close()


@pytest.fixture(scope="session")
def approved() -> Callable[..., Approval]:
    """The approval of a guarded request, as the guard would mint it."""

    def grant(request: Request[Any]) -> Approval:
        return mint(KEY, "test", frozenset({request.operation_id}), request.target_ids(), frozenset({request.risk}))

    return grant


@pytest.fixture(scope="session")
def foreign_login() -> Callable[[Sandbox], None]:
    """Another program logs in with the account of the tests, which kills the token of everybody else."""

    def log_in(sandbox: Sandbox, user: str = "service") -> None:
        headers = {"m_user_name": user, "m_user_password": f"{user}-pass", "User-Agent": "somebody else"}
        address = f"{sandbox.url}/unica/api/manager/authentication/login/"
        request = urllib.request.Request(address, headers=headers, method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            answer.read()

    return log_in


@pytest.fixture
def store_away() -> TokenStore:
    """A token store whose database is away."""

    class Away(MemoryTokenStore):
        async def _away(self, *arguments: Any) -> Any:
            raise StoreUnavailable

        read = life = lease = release = publish = drop = learn_life = refused_until = refuse = join = leave = _away

    return Away()


class Scripted:
    """A server that answers each connection's requests with the next prepared bytes, and keeps what it received."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.answers: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.url = f"http://{self.address}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def answer(self, status: str, body: bytes = b"", **headers: str) -> None:
        """Prepare one more answer; the last one prepared is given for ever."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.answers.append("\r\n".join([*lines, "", ""]).encode() + body)

    def stop(self) -> None:
        socket.create_connection(self._socket.getsockname()).close()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                data = connection.recv(65536)
                if not data:
                    return
                self.received.append(data.decode("latin-1"))
                connection.sendall(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.stop()
