"""An account of a federation: its token comes from the settings, a file or a command, read again when refused."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from upstream import refusals
from upstream.account import Grant
from upstream.auth import Federated, account_digest
from upstream.errors import UpstreamError

COMMAND_SECONDS = 30.0


class FederatedAccount:
    """A federated user with the token of the moment."""

    def __init__(self, federated: Federated, *, system: str, address: str) -> None:
        self.digest = account_digest(system, address, federated.user)
        self.warnings: list[str] = []
        self._system = system
        self._federated = federated
        self._token = federated.token
        self._lock = anyio.Lock()

    @property
    def life(self) -> float | None:
        return None

    @asynccontextmanager
    async def admission(self) -> AsyncIterator[Grant]:
        """Leave for one call. Raises LoginRefused when file or command give no token."""
        if not self._token:
            async with self._lock:
                self._token = self._token or await self._read()
        token = self._token
        yield Grant(self._federated.call_headers(token), secrets=(token,))

    def worked(self, grant: Grant, sent_at: float) -> None:
        """Nothing to remember: the identity provider alone knows how long a token lives."""

    async def refused(self, grant: Grant, sent_at: float) -> None:
        """Read the token again, once for all calls that were refused with the same one.

        Raises:
            LoginRefused: there is no other token.
        """
        async with self._lock:
            if self._token not in grant.secrets:
                return
            if not (self._federated.token_file or self._federated.token_command):
                raise refusals.federated_refused(self._system, again=False)
            self._token = await self._read()
            if self._token in grant.secrets:
                raise refusals.federated_refused(self._system, again=True)

    def last_attempt(self) -> None:
        """There is nothing to do: the token was read again after each refusal."""

    def exhausted(self) -> UpstreamError:
        return refusals.federated_refused(self._system, again=True)

    async def leave(self) -> None:
        """Nothing to give back: federated users log out at their identity provider."""

    async def _read(self) -> str:
        if self._federated.token_file:
            try:
                token = await anyio.Path(self._federated.token_file).read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise refusals.federated_unread(self._system, type(error).__name__) from None
        else:
            token = await self._ask_command()
        if not token.strip():
            raise refusals.federated_unread(self._system, "it is empty")
        return token.strip()

    async def _ask_command(self) -> str:
        with anyio.move_on_after(COMMAND_SECONDS):
            try:
                done = await anyio.run_process(
                    list(self._federated.token_command), check=False, stdin=subprocess.DEVNULL
                )
            except OSError as error:
                raise refusals.federated_unread(self._system, type(error).__name__) from None
            if done.returncode:
                raise refusals.federated_unread(self._system, f"the command ended with code {done.returncode}")
            return done.stdout.decode("utf-8", "replace")
        raise refusals.federated_unread(self._system, f"the command took longer than {COMMAND_SECONDS:.0f} s")
