"""An account admits calls: it hands out the headers that say who calls, and hears what became of the call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from upstream import refusals
from upstream.auth import account_digest
from upstream.errors import UpstreamError
from upstream.tokens import Token


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to make one call: the headers to send, and the token in them. `secrets` must not appear in any text."""

    headers: Mapping[str, bytes] = field(repr=False)
    token: Token | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)


class Account(Protocol):
    """What a session needs of an account, however it authenticates."""

    digest: str
    warnings: list[str]

    @property
    def life(self) -> float | None:
        """Seconds that a token lives as far as is known; None where tokens are not ours to renew."""

    def admission(self) -> AbstractAsyncContextManager[Grant]:
        """Leave for one call, to be made within the block."""

    def worked(self, grant: Grant, sent_at: float) -> None:
        """The call that left at `sent_at` (seconds since 1970) was accepted."""

    async def refused(self, grant: Grant, sent_at: float) -> None:
        """The call was answered by 401. Raises when another attempt can't help."""

    def last_attempt(self) -> None:
        """Every attempt of a call but one was refused: do for the last what can be done."""

    def exhausted(self) -> UpstreamError:
        """Fresh tokens were refused again and again: why, and no more attempts for a while."""

    async def leave(self) -> None:
        """The process stops using the account."""


class OpenAccount:
    """Nobody in particular: the installation does not demand authentication, so no header is sent."""

    def __init__(self, *, system: str, address: str) -> None:
        self.digest = account_digest(system, address, "")
        self.warnings: list[str] = []
        self._system = system

    @property
    def life(self) -> float | None:
        return None

    @asynccontextmanager
    async def admission(self) -> AsyncIterator[Grant]:
        yield Grant({})

    def worked(self, grant: Grant, sent_at: float) -> None:
        """Nothing to remember."""

    async def refused(self, grant: Grant, sent_at: float) -> None:
        """Raises LoginRefused: the settings are wrong, and no repeat helps."""
        raise self.exhausted()

    def last_attempt(self) -> None:
        """There is nothing to do."""

    def exhausted(self) -> UpstreamError:
        return refusals.authentication_wanted(self._system)

    async def leave(self) -> None:
        """Nothing to give back."""
