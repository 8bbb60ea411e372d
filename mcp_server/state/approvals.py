"""What the guard remembers of approvals: which were consumed, and which codes were shown."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import unicodedata
from functools import partial
from typing import Literal

from mcp_server.state.database import Database, Transaction
from mcp_server.state.keys import Keys

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Characters of a code: nothing that looks like another when read aloud or copied by hand (0 O, 1 I L, U V)."""

CODE_SECONDS = 600.0
TRIES = 5

Verdict = Literal["right", "wrong", "expired", "used", "other"]


class Approvals:
    """Consumed approvals and codes of all processes that share the database.

    A failure of the database is `upstream.tokens.StoreUnavailable` in every method.
    """

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys

    async def consumed(self, key: str) -> int:
        """How many approvals were consumed for this key: the number of the next one, counted from 0."""

        def work(transaction: Transaction) -> int:
            # The highest number and not the count of rows: older rows go after 30 days, a number must not come again.
            row = transaction.row(
                "SELECT MAX(number) AS highest FROM campaign_mcp_consumed WHERE approval_key = :key", key=key
            )
            return 0 if row is None or row.highest is None else int(row.highest) + 1

        return await self._database.run(work, write=False)

    async def consume(self, key: str, number: int, *, channel: str, tool: str, reference: str) -> bool:
        """Consume the approval of this number (from `consumed`). True for one caller only, of all processes."""

        def work(transaction: Transaction) -> bool:
            inserted = transaction.change(
                "INSERT INTO campaign_mcp_consumed (approval_key, number, channel, tool, reference, consumed_at) "
                "VALUES (:key, :number, :channel, :tool, :reference, :now) "
                "ON CONFLICT (approval_key, number) DO NOTHING",
                key=key,
                number=number,
                channel=channel,
                tool=tool,
                reference=reference,
                now=time.time(),
            )
            return inserted == 1

        return await self._database.run(work)

    async def issue_code(self, reference: str, *, tool: str, seconds: float = CODE_SECONDS) -> str:
        """Make a code such as `K7TM-4QXR` that approves `reference` once, within `seconds`; its digest is stored."""
        key = await self._keys.get("codes")
        code, stored = "", False
        while not stored:
            code = "".join(secrets.choice(ALPHABET) for _ in range(8))
            store = partial(_store, digest=_digest(key, code), reference=reference, tool=tool, seconds=seconds)
            stored = await self._database.run(store)
        return f"{code[:4]}-{code[4:]}"

    async def redeem_code(self, code: str, reference: str) -> Verdict:
        """Try a code, in any case, with or without hyphen and spaces.

        `right` once only; `used` from then on; `other` when it was issued for another reference. The fifth wrong try
        for a reference voids all its codes (`expired` afterwards); codes issued later have tries of their own.
        """
        digest = _digest(await self._keys.get("codes"), _normal(code))
        return await self._database.run(lambda transaction: _redeem(transaction, digest, reference))


def _normal(code: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKC", code[:100]).upper() if each.isalnum())


def _digest(key: bytes, code: str) -> str:
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def _store(transaction: Transaction, digest: str, reference: str, tool: str, seconds: float) -> bool:
    inserted = transaction.change(
        "INSERT INTO campaign_mcp_code (digest, reference, tool, expires_at) "
        "VALUES (:digest, :reference, :tool, :expires_at) ON CONFLICT (digest) DO NOTHING",
        digest=digest,
        reference=reference,
        tool=tool,
        expires_at=time.time() + seconds,
    )
    return inserted == 1


def _redeem(transaction: Transaction, digest: str, reference: str) -> Verdict:
    now = time.time()
    # Writing the row first makes those who guess at once for the same reference take turns.
    transaction.change(
        "INSERT INTO campaign_mcp_guess (reference, wrong, guessed_at) VALUES (:reference, 0, :now) "
        "ON CONFLICT (reference) DO UPDATE SET guessed_at = excluded.guessed_at",
        reference=reference,
        now=now,
    )
    issued = transaction.rows(
        "SELECT digest, expires_at, used_at FROM campaign_mcp_code WHERE reference = :reference", reference=reference
    )
    matches = [row for row in issued if hmac.compare_digest(row.digest, digest)]
    if not matches:
        return _wrong(transaction, digest, reference, now)
    if matches[0].used_at is not None:
        return "used"
    if matches[0].expires_at <= now:
        return "expired"
    transaction.change("UPDATE campaign_mcp_code SET used_at = :now WHERE digest = :digest", digest=digest, now=now)
    return "right"


def _wrong(transaction: Transaction, digest: str, reference: str, now: float) -> Verdict:
    transaction.change(
        "UPDATE campaign_mcp_guess SET wrong = wrong + 1 WHERE reference = :reference", reference=reference
    )
    row = transaction.row("SELECT wrong FROM campaign_mcp_guess WHERE reference = :reference", reference=reference)
    if row is not None and row.wrong >= TRIES:
        transaction.change(
            "UPDATE campaign_mcp_code SET expires_at = :now WHERE reference = :reference AND expires_at > :now",
            reference=reference,
            now=now,
        )
        transaction.change("UPDATE campaign_mcp_guess SET wrong = 0 WHERE reference = :reference", reference=reference)
    elsewhere = transaction.row("SELECT tool FROM campaign_mcp_code WHERE digest = :digest", digest=digest)
    return "wrong" if elsewhere is None else "other"
