"""The account of an API key, which buys tokens that nothing ends but time, as far as is known.

Should a new token end earlier ones after all, a call in flight with an older token is repeated with the newer one, and
another program with the same key is warned about, as with the logins of a Platform user.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from pydantic import ValidationError

from upstream import key_refusals
from upstream.account import Grant
from upstream.actito.token import AccessToken, GetAccessToken
from upstream.answers import Sent, failure, is_page
from upstream.auth import ApiKey, Signed, account_digest, carried
from upstream.errors import LoginRefused, UpstreamError
from upstream.http import Loss, Reply
from upstream.lifetime import Lifetime
from upstream.renewal import Desk, RenewingAccount
from upstream.request import Override, override_of


class KeyAccount(RenewingAccount):
    """An API key with the token of the moment."""

    def __init__(self, key: ApiKey, desk: Desk, overrides: Mapping[str, Override]) -> None:
        digest = account_digest(desk.system, desk.address, "", key.key)
        super().__init__(digest, desk, Lifetime(key.token_life, single_use=False))
        self._key = key
        self._overrides = overrides

    @asynccontextmanager
    async def admission(self) -> AsyncIterator[Grant]:
        """Leave for one call with a token that has a fifth of its life in front of it.

        Raises:
            LoginRefused: a wrong key, now or a short while ago.
            Unavailable: fresh tokens keep dying; no attempt is made for a while.
            Again: the API could not be reached, or asks for fewer requests; nothing was sent.
        """
        self._demand_no_pause()
        token = await self._shared_token()
        assert token is not None, "tokens of a key serve any number of calls"
        yield Grant(self._key.call_headers(token.value), token, (token.value, self._key.key))

    def last_attempt(self) -> None:
        """There is nothing to do: tokens of a key serve any number of calls."""

    async def leave(self) -> None:
        """Stop using the key. There is no logout: the token serves whoever starts next, and ends by itself."""
        self._token = None
        await self._shared.leave()

    def _purchase(self) -> Signed:
        wire = GetAccessToken(api_key=self._key.key).wire(override_of(GetAccessToken, self._overrides))
        headers = {name: carried(value, "API_KEY") for name, value in wire.headers.items()}
        return Signed(wire.method, wire.path, headers)

    def _bought(self, outcome: Reply | Loss) -> str:
        token = access_token(self._system, self._address, outcome, hide=(self._key.key,))
        self._lifetime.announced(token.expires_in)
        return token.access_token

    def _wrong_secret(self, wait: float) -> LoginRefused:
        return key_refusals.wrong_key(self._system, self._address, wait)

    def _stuck(self, wait: float) -> UpstreamError:
        said = key_refusals.tokens_die_too_fast if self._worked_once else key_refusals.key_not_accepted
        return said(self._system, wait)

    def _foreign(self) -> str:
        return key_refusals.foreign_tokens(self._system)


def access_token(system: str, base: str, outcome: Reply | Loss, hide: Sequence[str]) -> AccessToken:
    """The token for an API key.

    Raises:
        LoginRefused: 401 or 403, the key is wrong or of another host.
        Again: the API is away or busy; nothing was changed.
        UpstreamError: what else stands in the way.
    """
    sent = Sent(system, system, base, "getAccessToken", reads=True, carries=False, hide=tuple(hide))
    if isinstance(outcome, Loss) or not 200 <= outcome.status < 300:
        if isinstance(outcome, Reply) and outcome.status in (401, 403):
            raise key_refusals.wrong_key(system, base, 0)
        if isinstance(outcome, Reply) and outcome.status in (404, 405):
            raise key_refusals.no_tokens_here(system, base, f"answered {outcome.status}", outcome.status)
        raise failure(sent, outcome)
    try:
        token: AccessToken = GetAccessToken.reader().validate_json(outcome.content)
    except ValidationError:
        what = "answered with a page for people (HTML)" if is_page(outcome) else "answered without a token"
        raise key_refusals.no_tokens_here(system, base, what, outcome.status) from None
    return token
