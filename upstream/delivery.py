"""Delivery of one request: credentials, repeats, and what is shielded from a cancellation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from upstream import refusals
from upstream.account import Account
from upstream.answers import Sent, failure, lacks_right
from upstream.auth import carried
from upstream.errors import Throttled
from upstream.http import Http, Loss, Reply
from upstream.limits import Again, Patience, Policy, Traffic
from upstream.parts import encode
from upstream.request import Wire

REPEATS_AFTER_401 = 3


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request ready to leave, but for the credentials."""

    method: str
    url: str
    headers: Mapping[str, bytes]
    content: bytes | None
    most_bytes: int

    @classmethod
    def of(cls, wire: Wire, address: str, most_bytes: int) -> Outgoing:
        query = f"?{urlencode(wire.query, quote_via=quote)}" if wire.query else ""
        headers = {name: carried(value, name) for name, value in wire.headers.items()}
        content = wire.content
        if content is not None:
            headers["content-type"] = wire.content_type.encode()
        elif wire.parts is not None:
            content, kind = encode(wire.parts)
            headers["content-type"] = kind.encode()
        elif wire.form is not None:
            content = urlencode(wire.form).encode()
            # Without it servlet containers read the fields as Latin-1.
            headers["content-type"] = b"application/x-www-form-urlencoded; charset=UTF-8"
        return cls(wire.method, address + wire.path + query, headers, content, most_bytes)


class Delivery:
    """How requests of one account get to one system.

    What may be sent again: anything after a 401, since the security filter answers it before any work starts, or when
    nothing left; reads also when the system is away or busy. A write that left is never sent again, and no
    cancellation interrupts it.
    """

    def __init__(self, account: Account, http: Http, traffic: Traffic, policy: Policy) -> None:
        self._account = account
        self._http = http
        self._traffic = traffic
        self._policy = policy

    async def deliver(self, outgoing: Outgoing, sent: Sent) -> tuple[Sent, Reply]:
        """Send until there is a success, or an error that no repeat helps, which is raised as an UpstreamError."""
        patience = Patience(self._policy.repeat_within)
        refused = 0
        while True:
            try:
                sent, reply = await self._attempt(outgoing, sent, patience)
            except Again as again:
                if not await patience.pause(again.wait):
                    raise again.error from None
                continue
            if reply.status != 401:
                return sent, reply
            refused += 1
            if refused > REPEATS_AFTER_401 or (refused > 1 and not await patience.pause()):
                raise (
                    refusals.no_right(sent.system, sent.operation) if sent.rights_by_401 else self._account.exhausted()
                )
            if refused == REPEATS_AFTER_401:
                self._account.last_attempt()

    async def sign_in(self) -> None:
        """Make sure that there is a token, without calling anything."""
        patience = Patience(self._policy.repeat_within)
        while True:
            try:
                async with self._traffic.slots, self._account.admission():
                    return
            except Again as again:
                if not await patience.pause(again.wait):
                    raise again.error from None

    async def _attempt(self, outgoing: Outgoing, sent: Sent, patience: Patience) -> tuple[Sent, Reply]:
        """Send once. Answers a success, or a 401 that the account has dealt with; raises what else came."""
        if quiet := self._traffic.quiet_for:
            raise Again(_not_now(quiet, sent), quiet)
        async with self._traffic.slots, self._account.admission() as grant:
            patience.begin()
            sent = replace(sent, hide=tuple(dict.fromkeys((*sent.hide, *grant.secrets))))
            headers = {**outgoing.headers, **grant.headers}
            started = time.time()
            outcome = await self._http.exchange(
                outgoing.method,
                outgoing.url,
                headers,
                outgoing.content,
                uninterrupted=not sent.reads,
                most=outgoing.most_bytes,
            )
            if _accepted(sent, outcome):
                self._account.worked(grant, started)
        if isinstance(outcome, Reply):
            if outcome.status == 401 and not lacks_right(sent, outcome):
                await self._account.refused(grant, started)
                return sent, outcome
            if 200 <= outcome.status < 300:
                return sent, outcome
        error = failure(sent, outcome)
        known = error.error if isinstance(error, Again) else error
        if isinstance(known, Throttled):
            self._traffic.hold_off(known.wait)
        try:
            raise error
        finally:
            # The error holds this frame, and the frame what was sent: files would wait for the garbage collector.
            del error, known


def _not_now(wait: float, sent: Sent) -> Throttled:
    return Throttled(
        f"{sent.system} has asked for a pause, so {sent.operation} was not sent.",
        wait=wait,
        advice=f"Try again in {wait:.0f} s.",
        operation=sent.operation,
    )


def _accepted(sent: Sent, outcome: Reply | Loss) -> bool:
    """Whether the answer proves that the credentials were good: filters and proxies answer the other statuses too."""
    if not isinstance(outcome, Reply):
        return False
    return 200 <= outcome.status < 300 or outcome.status in (400, 409, 422) or lacks_right(sent, outcome)
