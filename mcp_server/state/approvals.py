"""What the guard remembers: which approvals were consumed, which codes were shown, what was about to be done."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
import unicodedata
from collections.abc import Mapping, Sequence
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
    """Consumed approvals, codes and intents of all processes that share the database.

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

    async def intend(self, reference: str, tool: str, targets: Sequence[str]) -> None:
        """Record, before the first write, what is about to be done to which targets (`kind:id`).

        What may name a person in a target is stored as a digest that needs our key.
        """
        key = await self._keys.get("approvals")
        await self._database.run(
            lambda transaction: transaction.change(
                "INSERT INTO campaign_mcp_intent (id, reference, tool, targets, intended_at) "
                "VALUES (:id, :reference, :tool, :targets, :now)",
                id=secrets.token_hex(16),
                reference=reference,
                tool=tool,
                targets=json.dumps([_without_people(key, each) for each in targets]),
                now=time.time(),
            )
        )

    async def outcome(self, reference: str, counts: Mapping[str, int]) -> None:
        """Record how an intent ended: how many targets were done, refused, already so, unknown."""
        await self._database.run(
            lambda transaction: transaction.change(
                "UPDATE campaign_mcp_intent SET counts = :counts, ended_at = :now "
                "WHERE reference = :reference AND ended_at IS NULL",
                reference=reference,
                counts=json.dumps(dict(counts)),
                now=time.time(),
            )
        )


_PERSON = re.compile(r"[@=]|^[+0][\d ./-]{7,}$|^[0-9a-f]{16,}$")
"""What a part of a target may name a person by: an address, `attribute=value`, a number to call, or a digest of what is
sent, which whoever guesses that could make as well."""
_KEY = re.compile(r"(?!\d{9,}$)[\w.-]{1,40}")
"""The key of a record that most likely names a thing: whose records they are is not known, nor what their keys are."""


def _without_people(key: bytes, target: str) -> str:
    kind, _, named = target.partition(":")
    parts = named.split("/", 2 if kind == "record" else -1)

    def names_a_person(place: int, part: str) -> bool:
        return bool(_PERSON.search(part)) or (kind == "record" and place == 2 and not _KEY.fullmatch(part))

    kept = [f"({_digest(key, part)[:16]})" if names_a_person(place, part) else part for place, part in enumerate(parts)]
    return f"{kind}:{'/'.join(kept)}"


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
