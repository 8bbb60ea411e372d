"""The API key: whether it buys tokens here, how long they live, and whether somebody else ends them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from mcp_server.doctor.account import EARLY, stored
from mcp_server.doctor.report import Report
from mcp_server.state import State
from upstream import key_refusals
from upstream.actito.token import TOKEN_SECONDS
from upstream.errors import UpstreamError
from upstream.refusals import host, setting, spell
from upstream.session import Session
from upstream.tokens import StoreUnavailable, Token

OTHERS = "other programs"


@dataclass(frozen=True, slots=True)
class Held:
    """The token of the moment, where the state database tells it, and when it was looked at (seconds since 1970)."""

    token: Token | None
    at: float


async def held(session: Session, state: State) -> Held:
    """What the processes with this key hold now."""
    return Held(await stored(session, state), time.time())


async def accepted(session: Session, state: State, report: Report) -> bool:
    """Whether the key gets us in. A token that is stored is used instead of buying another.

    A key that was refused a while ago is not tried, and that is said.
    """
    check, place = "API key", host(session.address(session.system))
    refused = await _refused_until(session, state)
    if (wait := refused - time.time()) > 0:
        advice = key_refusals.wrong_key(session.system, place, wait).advice
        seen = f"refused by {place} a while ago and not tried now; the same key is tried again in {spell(wait)}"
        report.add(check, "fault", seen, advice)
        return False
    before = await stored(session, state)
    started = time.perf_counter()
    try:
        await session.sign_in()
    except UpstreamError as error:
        report.add(check, "fault", error.message, error.advice)
        return False
    took = f"{(time.perf_counter() - started) * 1000:.0f} ms"
    after = await stored(session, state)
    if before is not None and after is not None and before.generation == after.generation:
        age = f"{max(0.0, time.time() - after.issued_at):.0f} s old"
        report.add(check, "ok", f"the token that is stored for it serves ({age}): no other was bought")
    else:
        report.add(check, "ok", f"accepted by {place}, which gave a token in {took}")
    return True


def token_life(session: Session, before: Held, after: Held, report: Report) -> None:
    """How long tokens live as the host says, and whether one died before its time while calls were made."""
    token = before.token or after.token
    life = token.life if token is not None else session.token_life or TOKEN_SECONDS
    learnt = session.token_life or life
    if learnt < life:
        report.add(
            "token life",
            "warning",
            f"tokens were dead after {learnt:.0f} s, though {life:g} s are announced",
            "Calls are repeated with a new token. Is another program using this key? See below.",
        )
    elif life < TOKEN_SECONDS:
        report.add(
            "token life",
            "warning",
            f"{life:g} s are announced, where Actito documents {TOKEN_SECONDS:g} s",
            f"It works, with more tokens bought. If {setting(session.system, 'URL')} is a gateway, ask why it says so.",
        )
    else:
        report.add("token life", "ok", f"{life:g} s are announced, and each serves any number of calls")
    if key_refusals.foreign_tokens(session.system) in session.warnings or _died(before, after):
        report.add(
            OTHERS,
            "warning",
            "a token died before its time: another program may buy tokens with this key, each of which ends ours",
            f"Give this server a key of its own ({setting(session.system, 'API_KEY')}); a licence has up to five.",
        )
    else:
        report.add(OTHERS, "ok", "none was seen to end our tokens")


def _died(before: Held, after: Held) -> bool:
    """Whether a young token was replaced: a call was refused with it."""
    token = before.token
    if token is None or after.token is None or after.token.generation == token.generation:
        return False
    return after.at - token.issued_at < token.life * EARLY


async def _refused_until(session: Session, state: State) -> float:
    try:
        return await state.tokens.refused_until(session.account, session.account) or 0.0
    except StoreUnavailable:
        return 0.0
