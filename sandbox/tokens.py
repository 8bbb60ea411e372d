"""Security tokens of Platform (notes, section 2).

One token per account: a login kills the earlier one. Life is counted from login and not extended by use. The life
is compared when a token is used, so a change of the switch `token_life` reaches tokens that are out already.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from sandbox import dates
from sandbox.clock import Clock


@dataclass(frozen=True)
class Token:
    """A token as issued; `created` in milliseconds of the sandbox's clock, `issued_at` in seconds of the steady one."""

    text: str
    account: str
    created: int
    issued_at: float

    def as_answer(self) -> dict[str, str]:
        """LoginResponse of the contract."""
        return {
            "m_tokenId": self.text,
            "m_user_name": self.account,
            "createDate": dates.java_text(self.created),
        }


class TokenStore:
    """The living token of each account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._living: dict[str, Token] = {}
        self._count = 0

    def login(self, account: str) -> Token:
        """Issue a token; the account's earlier one is dead from now on."""
        self._count += 1
        created = self._clock.milliseconds()
        text = f"{created}-{self._count}-{secrets.token_urlsafe(24).replace('_', 'x')}"
        token = Token(text, account, created, time.monotonic())
        self._living[account] = token
        return token

    def admits(self, account: str, text: str, life: float) -> bool:
        """Whether this is the account's living token and younger than `life` seconds."""
        token = self._living.get(account)
        return token is not None and token.text == text and time.monotonic() - token.issued_at < life

    def remove(self, account: str) -> None:
        """Drop the token: logout, or the one use of a single-use token."""
        self._living.pop(account, None)
