"""The account of a Platform user, whose every login kills the user's earlier tokens."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import anyio

from upstream import refusals
from upstream.account import Grant
from upstream.answers import Sent, failure, is_page
from upstream.auth import ManagerLogin, Signed, account_digest
from upstream.errors import LoginRefused, UpstreamError
from upstream.http import Loss, Reply
from upstream.lifetime import Lifetime
from upstream.platform import Login, Logout
from upstream.renewal import Desk, RenewingAccount
from upstream.request import Override, override_of
from upstream.sharing import LEASE_POLL
from upstream.tokens import Token

LOGOUT_SECONDS = 5.0

log = logging.getLogger(__name__)


class ManagerAccount(RenewingAccount):
    """A Platform user with the token of the moment. A token may serve one call only, which is found out."""

    def __init__(self, login: ManagerLogin, desk: Desk, overrides: Mapping[str, Override]) -> None:
        digest = account_digest(desk.system, desk.address, login.username, login.password)
        super().__init__(digest, desk, Lifetime(login.token_life, login.single_use))
        self._login = login
        self._overrides = overrides
        self._accepted = ""

    @asynccontextmanager
    async def admission(self) -> AsyncIterator[Grant]:
        """Leave for one call with a token that has some life in front of it.

        Where a token serves one call only, the account is held until the block ends, here and in other processes.

        Raises:
            LoginRefused: wrong credentials, now or a short while ago.
            Unavailable: fresh tokens keep dying; no attempt is made for a while.
            Again: Platform could not be reached, or asks for fewer requests; nothing was sent to the system.
        """
        self._demand_no_pause()
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

    def worked(self, grant: Grant, sent_at: float) -> None:
        super().worked(grant, sent_at)
        if grant.token is not None:
            self._accepted = grant.token.value

    def last_attempt(self) -> None:
        self._lifetime.try_units(time.time())

    async def _use_again(self, token: Token) -> None:
        """See whether a token serves a second call: the logout, which needs a good token and harms nobody here."""
        reply = await self._log_out(token)
        if isinstance(reply, Reply) and (reply.status == 401 or 200 <= reply.status < 300):
            known, single = self._lifetime.single_use, reply.status == 401
            self._token = None
            self._lifetime.experiment(single, time.time())
            if known != single:
                await self._shared.learn_life(0 if single else self._lifetime.life)

    # login and logout

    def _purchase(self) -> Signed:
        return self._login.login(override_of(Login, self._overrides))

    def _bought(self, outcome: Reply | Loss) -> str:
        return login_token(self._system, self._address, outcome, hide=(self._login.password,))

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
            signed.method, self._address + signed.path, signed.headers, within=LOGOUT_SECONDS, uninterrupted=True
        )

    # what is said

    def _wrong_secret(self, wait: float) -> LoginRefused:
        return refusals.wrong_credentials(self._system, wait)

    def _stuck(self, wait: float) -> UpstreamError:
        said = refusals.killed_too_fast if self._worked_once else refusals.not_accepted
        return said(self._system, wait)

    def _foreign(self) -> str:
        return refusals.foreign_logins(self._system)


def login_token(system: str, base: str, outcome: Reply | Loss, hide: Sequence[str]) -> str:
    """The token in the answer to a login at the Platform.

    Raises:
        LoginRefused: 401, the credentials are wrong.
        Again: Platform is away or busy; nothing was changed.
        UpstreamError: what else stands in the way.
    """
    sent = Sent(system, "unica-platform", base, "login", reads=True, carries=False, hide=tuple(hide))
    if isinstance(outcome, Loss) or not 200 <= outcome.status < 300:
        if isinstance(outcome, Reply) and outcome.status == 401:
            raise refusals.wrong_credentials(system, 0)
        if isinstance(outcome, Reply) and outcome.status in (404, 405):
            raise refusals.login_missing(system, outcome.status)
        raise failure(sent, outcome)
    try:
        token = json.loads(outcome.text).get("m_tokenId")
    except (ValueError, AttributeError):
        token = None
    if not isinstance(token, str) or not token:
        # The body of a login is not quoted, not even an odd one: it may hold the token in another form.
        raise refusals.not_a_login(system, ", with a page for people (HTML)" if is_page(outcome) else "")
    return token
