"""The account: does it get in, what do its tokens do, and does somebody else use it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import anyio

from mcp_server.doctor.report import Report
from mcp_server.settings import Unica
from mcp_server.state import State
from upstream import refusals
from upstream.errors import UpstreamError
from upstream.request import Request
from upstream.session import Session
from upstream.tokens import StoreUnavailable, Token

EARLY = 0.7
"""A token that is gone before this part of its life was not renewed in time, it died."""

OUTLIVED = 1.25
LOOK_EVERY = 0.25


async def login(session: Session, unica: Unica, state: State, report: Report) -> bool:
    """Get in. A token that a running server has stored is used instead of a login that would kill it."""
    match unica.auth:
        case "none":
            report.add("login", "skipped", "auth is none: nobody logs in")
            return True
        case "federated":
            source = (
                "file" if unica.federated_token_file else "command" if unica.federated_token_command else "settings"
            )
            whom = f"federated user {unica.federated_user}, token from the {source}"
        case _:
            whom = f"account {unica.username}"
    before = await stored(session, state)
    started = time.perf_counter()
    try:
        await session.sign_in()
    except UpstreamError as error:
        report.add("login", "fault", f"{whom}: {error.message}", error.advice)
        return False
    took = f"{(time.perf_counter() - started) * 1000:.0f} ms"
    after = await stored(session, state)
    if unica.auth == "federated":
        report.add("login", "ok", whom)
    elif before is not None and after is not None and before.generation == after.generation:
        report.add("login", "ok", f"{whom}, with the token that another process of this account holds")
    else:
        report.add("login", "ok", f"{whom}, by {unica.login_method} in {took}")
    return True


@dataclass(slots=True)
class Watch:
    """Tokens in use, in seconds: the ages at which some were gone before their time, and the oldest that worked."""

    deaths: list[float] = field(default_factory=list)
    oldest: float = 0

    @property
    def killed(self) -> bool:
        """Whether a token died younger than another got: no lifetime does that, a foreign login does."""
        return any(age * OUTLIVED < self.oldest for age in self.deaths)

    @property
    def undecided(self) -> bool:
        """Whether one death alone could be a short life as well as a foreign login."""
        return len(self.deaths) == 1 and not self.killed


async def watch(session: Session, state: State, request: Request[Any], seconds: float) -> Watch:
    """Repeat a read for some seconds, up to three times as long where one death leaves its cause open."""
    seen = Watch()
    started = time.monotonic()
    token = await stored(session, state)
    while (spent := time.monotonic() - started) < seconds or (seen.undecided and spent < seconds * 3):
        await anyio.sleep(LOOK_EVERY)
        await session.send(request)
        current = await stored(session, state)
        if current is None:
            continue
        if token is not None and current.generation != token.generation:
            age = current.issued_at - token.issued_at
            if age < token.life * EARLY:
                seen.deaths.append(age)
        seen.oldest = max(seen.oldest, time.time() - LOOK_EVERY - current.issued_at)
        token = current
    return seen


def tokens(session: Session, unica: Unica, seen: Watch, report: Report) -> None:
    """How long tokens live, how often they serve, and who else logs in."""
    if unica.auth != "manager":
        for check in ("token life", "single-use tokens", "other programs"):
            report.add(check, "skipped", f"auth is {unica.auth}")
        return
    single = session.token_life == 0
    foreign = seen.killed or refusals.foreign_logins("unica") in session.warnings
    if single:
        report.add("token life", "skipped", "a token serves one call only")
    else:
        _life(session.token_life or unica.token_life, unica.token_life, seen, foreign, report)
    if single and unica.single_use_tokens == "auto":
        report.add(
            "single-use tokens",
            "warning",
            "a token serves one call only, so each call logs in first",
            'Switch off "Delete security token after a single use" in Platform, or set '
            "CAMPAIGN_MCP_UNICA__SINGLE_USE_TOKENS to yes, which spares finding out.",
        )
    else:
        report.add(
            "single-use tokens", "ok", "as set: each call logs in first" if single else "a token serves many calls"
        )
    if foreign:
        report.add(
            "other programs",
            "warning",
            "another program or person logs in with this account, and each login kills our token",
            "Give this server a service account of its own (CAMPAIGN_MCP_UNICA__USERNAME).",
        )
    else:
        report.add("other programs", "ok", "none seen to log in with this account")


def _life(life: float, assumed: float, seen: Watch, foreign: bool, report: Report) -> None:
    shortest = min([life, *seen.deaths])
    if foreign or shortest >= assumed:
        report.add(
            "token life", "ok", f"{assumed:g} s, and nothing shorter was seen" if not foreign else "could not be told"
        )
        return
    value = f"set CAMPAIGN_MCP_UNICA__TOKEN_LIFE to {shortest:.0f}, or " if shortest >= 1 else ""
    todo = f"{value}raise Token lifetime in Platform (General | Miscellaneous)"
    report.add(
        "token life",
        "warning",
        f"a token was dead after {shortest:.1f} s, the settings say {assumed:g} s",
        f"{todo[0].upper()}{todo[1:]}. If the age differs each time, another program logs in with this account.",
    )


async def stored(session: Session, state: State) -> Token | None:
    """The token that the processes of an account share; None when there is none, or it can't be told."""
    try:
        return await state.tokens.read(session.account)
    except StoreUnavailable:
        return None
