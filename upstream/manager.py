"""The account of a Platform user, whose every login kills the user's earlier tokens.

So there is one login at a time in this process (a lock) and on this machine (a lease in the token store); a token that
was renewed for one call serves all; and what the deaths of tokens teach is kept in `upstream.lifetime`.
"""

from __future__ import annotations

import logging
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio

from upstream import refusals
from upstream.account import Grant
from upstream.answers import login_token
from upstream.auth import ManagerLogin, account_digest
from upstream.errors import LoginRefused, UpstreamError
from upstream.http import Http, Loss, Reply
from upstream.lifetime import MARGIN, Finding, Lifetime
from upstream.limits import Policy
from upstream.platform import Login, Logout
from upstream.request import Override, override_of
from upstream.sharing import LEASE_POLL, Shared
from upstream.tokens import Token, TokenStore

LOGIN_SECONDS = 20.0
LOGOUT_SECONDS = 5.0
PAUSE_FIRST = 2.0
PAUSE_LONGEST = 60.0
WARN_EVERY = 600.0

log = logging.getLogger(__name__)


class ManagerAccount:
    """A Platform user with the token of the moment."""

    def __init__(
        self,
        login: ManagerLogin,
        *,
        system: str,
        platform: str,
        http: Http,
        store: TokenStore,
        policy: Policy,
        owner: str,
        overrides: Mapping[str, Override],
    ) -> None:
        self.digest = account_digest(system, platform, login.username, login.password)
        self.warnings: list[str] = []
        self._system = system
        self._login = login
        self._platform = platform.rstrip("/")
        self._http = http
        self._shared = Shared(store, self.digest, owner, self._warn)
        self._policy = policy
        self._overrides = overrides
        self._lock = anyio.Lock()
        self._lifetime = Lifetime(login.token_life, login.single_use)
        self._token: Token | None = None
        self._dead: deque[str] = deque(maxlen=16)
        self._refused_until = 0.0
        self._worked_once = False
        self._accepted = ""
        self._pause_until = 0.0
        self._pause = 0.0
        self._warned: dict[str, float] = {}

    @property
    def life(self) -> float | None:
        return 0.0 if self._lifetime.single_use else self._lifetime.life

    @asynccontextmanager
    async def admission(self) -> AsyncIterator[Grant]:
        """Leave for one call with a token that has some life in front of it.

        Where a token serves one call only, the account is held until the block ends, here and in other processes.

        Raises:
            LoginRefused: wrong credentials, now or a short while ago.
            Unavailable: fresh tokens keep dying; no attempt is made for a while.
            Again: Platform could not be reached, or asks for fewer requests; nothing was sent to the system.
        """
        if time.time() < self._pause_until:
            raise self._stuck()
        token = None if self._lifetime.one_call_each else await self._shared_token()
        if token is not None:
            yield self._grant(token)
            return
        async with self._lock:
            async with self._shared.lease():
                token = await self._log_in(publish=False)
                try:
                    yield self._grant(token)
                    if self._accepted == token.value and self._lifetime.wants_experiment(time.time()):
                        await self._use_again(token)
                finally:
                    self._lifetime.unit_done()
            # The next call of this process would take the lease again before a waiting process looks.
            await anyio.sleep(random.uniform(*LEASE_POLL))

    def _grant(self, token: Token) -> Grant:
        return Grant(self._login.call_headers(token.value), token, (token.value, self._login.password))

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
            # Another process may have logged in between the last look at the store and the lease.
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

    # login

    async def _log_in(self, publish: bool) -> Token:
        """Buy a token. Runs to its end though the caller is cancelled: a login kills the token that others use."""
        await self._demand_no_cool_down()
        await self._shared.join()
        signed = self._login.login(override_of(Login, self._overrides))
        with anyio.CancelScope(shield=True):
            sent = time.time()
            reply = await self._http.exchange(
                signed.method,
                self._platform + signed.path,
                signed.headers,
                within=min(LOGIN_SECONDS, self._policy.longest),
            )
            arrived = time.time()
            try:
                value = login_token(self._system, self._platform, reply, hide=(self._login.password,))
            except LoginRefused:
                self._refused_until = time.time() + self._policy.cool_down
                await self._shared.refuse(self._refused_until)
                raise refusals.wrong_credentials(self._system, self._policy.cool_down) from None
            # The token is as old as the request at most; a slow login alone must not make it look used up.
            issued_at = max(sent, arrived - MARGIN * self._lifetime.life)
            token = Token(value, 0, issued_at, self._lifetime.life)
            self._lifetime.bought(arrived - issued_at)
            self._token = token = await self._shared.publish(token) if publish else token
        return token

    async def _demand_no_cool_down(self) -> None:
        self._refused_until = max(self._refused_until, await self._shared.refused_until())
        if time.time() < self._refused_until:
            raise refusals.wrong_credentials(self._system, self._refused_until - time.time())

    # what became of a call

    def worked(self, grant: Grant, sent_at: float) -> None:
        self._worked_once = True
        self._pause = 0.0
        if grant.token is not None:
            self._accepted = grant.token.value
            self._lifetime.worked(grant.token, sent_at, time.time())

    async def refused(self, grant: Grant, sent_at: float) -> None:
        """Forget the token and learn from its death, once for all calls that were refused with it."""
        token = grant.token
        if token is None or token.value in self._dead:
            return
        self._dead.append(token.value)
        await self._shared.drop(token)
        if self._token is not None and self._token.value != token.value:
            return  # our own next login has killed it, which teaches nothing
        self._token = None
        finding = self._lifetime.died(token, sent_at, time.time())
        if finding is Finding.KILLED:
            self._warn(refusals.foreign_logins(self._system))
        if finding is not Finding.NOTHING:
            await self._shared.learn_life(self._lifetime.life)

    async def _use_again(self, token: Token) -> None:
        """See whether a token serves a second call: the logout, which needs a good token and harms nobody here."""
        reply = await self._log_out(token)
        if isinstance(reply, Reply) and (reply.status == 401 or 200 <= reply.status < 300):
            known, single = self._lifetime.single_use, reply.status == 401
            self._token = None
            self._lifetime.experiment(single, time.time())
            if known != single:
                await self._shared.learn_life(0 if single else self._lifetime.life)

    def last_attempt(self) -> None:
        self._lifetime.try_units(time.time())

    def exhausted(self) -> UpstreamError:
        if time.time() < self._pause_until:
            return self._stuck()
        self._pause = min(PAUSE_LONGEST, self._pause * 2 or PAUSE_FIRST)
        self._pause_until = time.time() + self._pause
        return self._stuck()

    def _stuck(self) -> UpstreamError:
        wait = max(0.0, self._pause_until - time.time())
        if self._worked_once:
            self._warn(refusals.foreign_logins(self._system))
            return refusals.killed_too_fast(self._system, wait)
        return refusals.not_accepted(self._system, wait)

    async def leave(self) -> None:
        """Log out when no other process uses the account and a token is alive; a failure is of no consequence."""
        token, self._token = self._token, None
        if not await self._shared.leave() or token is None or not token.fresh(0):
            return
        await self._shared.drop(token)
        reply = await self._log_out(token)
        log.debug("logout of %s: %s", self._system, reply.status if isinstance(reply, Reply) else reply.detail)

    async def _log_out(self, token: Token) -> Reply | Loss:
        signed = self._login.logout(token.value, override_of(Logout, self._overrides))
        return await self._http.exchange(
            signed.method, self._platform + signed.path, signed.headers, within=LOGOUT_SECONDS, uninterrupted=True
        )

    def _warn(self, text: str) -> None:
        if time.time() - self._warned.get(text, 0) >= WARN_EVERY:
            self._warned[text] = time.time()
            self.warnings.append(text)
