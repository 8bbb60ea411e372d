"""What accounts have alike that buy short-lived tokens and renew them.

One purchase at a time in this process (a lock) and on this machine (a lease in the token store); a token that was
renewed for one call serves all; a wrong secret is tried once and then not for a while; and what the deaths of tokens
teach is kept in `upstream.lifetime`. How a token is bought and what is said about it is the business of each account.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass

import anyio

from upstream.account import Grant
from upstream.auth import Signed
from upstream.errors import LoginRefused, UpstreamError
from upstream.http import Http, Loss, Reply
from upstream.lifetime import MARGIN, Finding, Lifetime
from upstream.limits import Policy
from upstream.sharing import Shared
from upstream.tokens import Token, TokenStore

LOGIN_SECONDS = 20.0
PAUSE_FIRST = 2.0
PAUSE_LONGEST = 60.0
WARN_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an account buys and shares its tokens. `address` is that of the API that hands them out."""

    system: str
    address: str
    http: Http
    store: TokenStore
    policy: Policy
    owner: str


class RenewingAccount(ABC):
    """An account with the token of the moment."""

    def __init__(self, digest: str, desk: Desk, lifetime: Lifetime) -> None:
        self.digest = digest
        self.warnings: list[str] = []
        self._system = desk.system
        self._address = desk.address.rstrip("/")
        self._http = desk.http
        self._policy = desk.policy
        self._shared = Shared(desk.store, digest, desk.owner, self._warn)
        self._lifetime = lifetime
        self._lock = anyio.Lock()
        self._token: Token | None = None
        self._dead: deque[str] = deque(maxlen=16)
        self._refused_until = 0.0
        self._worked_once = False
        self._pause_until = 0.0
        self._pause = 0.0
        self._warned: dict[str, float] = {}

    @property
    def life(self) -> float | None:
        return 0.0 if self._lifetime.single_use else self._lifetime.life

    # what each account says for itself

    @abstractmethod
    def _purchase(self) -> Signed:
        """The request that buys a token. Raises NotConfigured when a header can't carry the secret."""

    @abstractmethod
    def _bought(self, outcome: Reply | Loss) -> str:
        """The token in the answer. Raises LoginRefused for a wrong secret, Again or another UpstreamError."""

    @abstractmethod
    def _wrong_secret(self, wait: float) -> LoginRefused:
        """What to say about a wrong secret that is not tried for `wait` seconds."""

    @abstractmethod
    def _stuck(self, wait: float) -> UpstreamError:
        """What to say when fresh tokens are refused again and again, and none is bought for `wait` seconds."""

    @abstractmethod
    def _foreign(self) -> str:
        """The warning that somebody else ends our tokens."""

    @abstractmethod
    def last_attempt(self) -> None:
        """Every attempt of a call but one was refused."""

    # the token of the moment

    async def _shared_token(self) -> Token | None:
        """The token of the moment, renewed when it has little life left; None when tokens serve one call only."""
        token = self._usable(self._token)
        if token is None:
            async with self._lock:
                token = self._usable(self._token) or await self._adopt()
                if token is None:
                    if self._lifetime.one_call_each:
                        return None
                    token = await self._renew()
        await self._shared.join()
        return token

    async def _renew(self) -> Token:
        async with self._shared.lease(self._adopt) as stored:
            # Another process may have bought one between the last look at the store and the lease.
            return stored or await self._adopt() or await self._log_in(publish=True)

    async def _adopt(self) -> Token | None:
        """Take over the token and the life that another process stored; None when there is no usable token."""
        token = self._usable(await self._shared.token())
        self._lifetime.believe(await self._shared.life())
        if token is not None:
            self._token = token
        return token

    def _usable(self, token: Token | None) -> Token | None:
        if token is None or token.value in self._dead or not token.fresh(MARGIN):
            return None
        return token

    async def _log_in(self, publish: bool) -> Token:
        """Buy a token. Runs to its end though the caller is cancelled: it may end the token that others use."""
        await self._demand_no_cool_down()
        await self._shared.join()
        signed = self._purchase()
        with anyio.CancelScope(shield=True):
            sent = time.time()
            outcome = await self._http.exchange(
                signed.method,
                self._address + signed.path,
                signed.headers,
                within=min(LOGIN_SECONDS, self._policy.longest),
            )
            arrived = time.time()
            try:
                value = self._bought(outcome)
            except LoginRefused:
                self._refused_until = time.time() + self._policy.cool_down
                await self._shared.refuse(self._refused_until)
                raise self._wrong_secret(self._policy.cool_down) from None
            # The token is as old as the request at most; a slow login alone must not make it look used up.
            issued_at = max(sent, arrived - MARGIN * self._lifetime.life)
            token = Token(value, 0, issued_at, self._lifetime.life)
            self._lifetime.bought(arrived - issued_at)
            self._token = token = await self._shared.publish(token) if publish else token
        return token

    def _demand_no_pause(self) -> None:
        """Raises what `_stuck` says while no attempt is made."""
        if time.time() < self._pause_until:
            raise self._paused()

    async def _demand_no_cool_down(self) -> None:
        self._refused_until = max(self._refused_until, await self._shared.refused_until())
        if time.time() < self._refused_until:
            raise self._wrong_secret(self._refused_until - time.time())

    # what became of a call

    def worked(self, grant: Grant, sent_at: float) -> None:
        self._worked_once = True
        self._pause = 0.0
        if grant.token is not None:
            self._lifetime.worked(grant.token, sent_at, time.time())

    async def refused(self, grant: Grant, sent_at: float) -> None:
        """Forget the token and learn from its death, once for all calls that were refused with it."""
        token = grant.token
        if token is None or token.value in self._dead:
            return
        self._dead.append(token.value)
        await self._shared.drop(token)
        if self._token is not None and self._token.value != token.value:
            return  # our own next purchase has killed it, which teaches nothing
        self._token = None
        finding = self._lifetime.died(token, sent_at, time.time())
        if finding is Finding.KILLED:
            self._warn(self._foreign())
        if finding is not Finding.NOTHING:
            await self._shared.learn_life(self._lifetime.life)

    def exhausted(self) -> UpstreamError:
        if time.time() >= self._pause_until:
            self._pause = min(PAUSE_LONGEST, self._pause * 2 or PAUSE_FIRST)
            self._pause_until = time.time() + self._pause
        return self._paused()

    def _paused(self) -> UpstreamError:
        if self._worked_once:
            self._warn(self._foreign())
        return self._stuck(max(0.0, self._pause_until - time.time()))

    def _warn(self, text: str) -> None:
        if time.time() - self._warned.get(text, 0) >= WARN_EVERY:
            self._warned[text] = time.time()
            self.warnings.append(text)
