"""What was about to be done: recorded before it leaves, ended by its outcome, told to whoever asks for the same again.

An intent has an item for each object. The items of a call that came to its end go with it; those of a call that was
interrupted, or whose outcome is not known, stay until a later call has settled them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mcp_server.state.database import Database, Transaction
from mcp_server.state.keys import Keys

State = Literal["planned", "sending", "answered", "done", "already", "refused", "unknown", "not_begun"]
"""Of one object: `planned` before anything left for it, `sending` while a request is under way, `answered` once the
system has answered; the others are outcomes, `not_begun` for what was left out when the call ended early."""

DOUBTFUL: frozenset[State] = frozenset({"sending", "unknown"})
"""States in which it may or may not have happened."""

QUIET_SECONDS = 120.0
"""An intent that has not ended and has not moved for so long is not being carried out any more by anybody."""


@dataclass(frozen=True)
class Whose:
    """Where an intent belongs: what was begun in one environment or account says nothing about another."""

    environment: str
    system: str
    account: str


@dataclass(frozen=True)
class Item:
    """One object of an intent. `target` is what an approval calls it, or `kind:new:` and a name for one to be made.

    `label` is for people, and empty where it could name one.
    """

    target: str
    label: str = ""
    state: State = "planned"
    changed_at: float = 0.0


@dataclass(frozen=True)
class Unsettled:
    """An intent that was interrupted or left doubts, with its items by their places. Times are seconds since 1970."""

    id: str
    reference: str
    tool: str
    whose: Whose
    intended_at: float
    ended_at: float | None
    items: Mapping[int, Item]

    @property
    def may_go_on(self) -> bool:
        """Tell whether a process may be at it just now."""
        moved = max(item.changed_at for item in self.items.values())
        return self.ended_at is None and time.time() - moved < QUIET_SECONDS


class Intents:
    """The intents of all processes that share the database.

    Every method raises `upstream.tokens.StoreUnavailable` when it can't be used.
    """

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys

    async def begin(self, reference: str, tool: str, whose: Whose, items: Sequence[Item]) -> str:
        """Record what is about to be done and return the id of the intent.

        What may name a person in a target is stored as a digest that needs our key.
        """
        key = await self._keys.get("approvals")
        number = secrets.token_hex(16)
        targets = [_without_people(key, item.target) for item in items]

        def work(transaction: Transaction) -> None:
            now = time.time()
            transaction.change(
                "INSERT INTO campaign_mcp_intent "
                "(id, reference, tool, targets, intended_at, environment, system, account) "
                "VALUES (:id, :reference, :tool, :targets, :now, :environment, :system, :account)",
                id=number,
                reference=reference,
                tool=tool,
                targets=json.dumps(targets),
                now=now,
                environment=whose.environment,
                system=whose.system,
                account=whose.account,
            )
            for place, (item, target) in enumerate(zip(items, targets, strict=True)):
                transaction.change(
                    "INSERT INTO campaign_mcp_intent_item (intent, place, target, label, state, changed_at) "
                    "VALUES (:intent, :place, :target, :label, :state, :now)",
                    intent=number,
                    place=place,
                    target=target,
                    label=item.label,
                    state=item.state,
                    now=now,
                )

        await self._database.run(work)
        return number

    async def move(self, intent: str, places: Collection[int], state: State) -> None:
        """Record that these items are in another state."""
        await self._database.run(lambda transaction: _move(transaction, intent, dict.fromkeys(places, state)))

    async def end(self, intent: str, states: Mapping[int, State], counts: Mapping[str, int], *, whole: bool) -> None:
        """Record how an intent ended. The items stay where it did not come to its end (`whole`) or left a doubt."""
        settled = whole and not DOUBTFUL.intersection(states.values())

        def work(transaction: Transaction) -> None:
            transaction.change(
                "UPDATE campaign_mcp_intent SET counts = :counts, ended_at = :now WHERE id = :id",
                id=intent,
                counts=json.dumps(dict(counts)),
                now=time.time(),
            )
            if settled:
                _forget(transaction, intent)
            else:
                _move(transaction, intent, states)

        await self._database.run(work)

    async def touching(self, whose: Whose, targets: Collection[str]) -> list[Unsettled]:
        """The unsettled intents with an item for one of these targets, oldest first, each with all its items.

        Items of the targets that were asked for have them as they were given, so that they can be found again.
        """
        key = await self._keys.get("approvals")
        given = {_without_people(key, target): target for target in targets}
        unsettled = await self._database.run(_unsettled, write=False)
        found = []
        for intent in unsettled:
            if intent.whose == whose and any(item.target in given for item in intent.items.values()):
                items = {
                    place: replace(item, target=given.get(item.target, item.target))
                    for place, item in intent.items.items()
                }
                found.append(replace(intent, items=items))
        return found

    async def unsettled(self) -> list[Unsettled]:
        """All intents that were interrupted or left doubts, oldest first."""
        return await self._database.run(_unsettled, write=False)

    async def settle(self, whose: Whose, targets: Collection[str], *, but: str = "") -> None:
        """Forget the items of these targets in all intents but one: a later call has shown or made how they are."""
        key = await self._keys.get("approvals")
        meant = {_without_people(key, target) for target in targets}

        def work(transaction: Transaction) -> None:
            for intent in _unsettled(transaction):
                if intent.whose != whose or intent.id == but:
                    continue
                places = [place for place, item in intent.items.items() if item.target in meant]
                for place in places:
                    _forget(transaction, intent.id, place)
                if places and all(
                    item.state not in DOUBTFUL | {"planned", "not_begun", "answered"}
                    for place, item in intent.items.items()
                    if place not in places
                ):
                    _forget(transaction, intent.id)

        await self._database.run(work)

    async def dismiss(self, reference: str) -> int:
        """Forget what is unsettled under a reference, and return how many intents that were."""

        def work(transaction: Transaction) -> int:
            meant = [intent for intent in _unsettled(transaction) if reference in (intent.reference, intent.id[:8])]
            for intent in meant:
                _forget(transaction, intent.id)
            return len(meant)

        return await self._database.run(work)


def _move(transaction: Transaction, intent: str, states: Mapping[int, State]) -> None:
    now = time.time()
    for place, state in states.items():
        transaction.change(
            "UPDATE campaign_mcp_intent_item SET state = :state, changed_at = :now "
            "WHERE intent = :intent AND place = :place",
            intent=intent,
            place=place,
            state=state,
            now=now,
        )


def _forget(transaction: Transaction, intent: str, place: int | None = None) -> None:
    """Forget one item of an intent, or all of them."""
    one = "" if place is None else " AND place = :place"
    values: dict[str, str | float] = {"intent": intent} if place is None else {"intent": intent, "place": place}
    transaction.change(f"DELETE FROM campaign_mcp_intent_item WHERE intent = :intent{one}", **values)


def _unsettled(transaction: Transaction) -> list[Unsettled]:
    rows = transaction.rows(
        "SELECT i.id, i.reference, i.tool, i.environment, i.system, i.account, i.intended_at, i.ended_at, "
        "o.place, o.target, o.label, o.state, o.changed_at "
        "FROM campaign_mcp_intent_item o JOIN campaign_mcp_intent i ON i.id = o.intent "
        "ORDER BY i.intended_at, i.id, o.place"
    )
    found: dict[str, Unsettled] = {}
    items: dict[str, dict[int, Item]] = {}
    for row in rows:
        whose = Whose(row.environment, row.system, row.account)
        mine = items.setdefault(row.id, {})
        found.setdefault(row.id, Unsettled(row.id, row.reference, row.tool, whose, row.intended_at, row.ended_at, mine))
        mine[int(row.place)] = Item(row.target, row.label, row.state, row.changed_at)
    return list(found.values())


_PERSON = re.compile(r"[@=]|^[+0][\d ./-]{7,}$|^[0-9a-f]{16,}$")
"""What a part of a target may name a person by: an address, `attribute=value`, a number to call, or a digest of what is
sent, which whoever guesses that could make as well."""
_KEY = re.compile(r"(?!\d{9,}$)[\w.-]{1,40}")
"""The key of a record that most likely names a thing: whose records they are is not known, nor what their keys are."""


def _without_people(key: bytes, target: str) -> str:
    target = target.replace("\0", "")  # PostgreSQL has no such character
    kind, _, named = target.partition(":")
    if named.startswith("new:"):
        return f"{kind}:new:({_digest(key, named)})"
    parts = named.split("/", 2 if kind == "record" else -1)

    def names_a_person(place: int, part: str) -> bool:
        return bool(_PERSON.search(part)) or (kind == "record" and place == 2 and not _KEY.fullmatch(part))

    kept = [f"({_digest(key, part)})" if names_a_person(place, part) else part for place, part in enumerate(parts)]
    return f"{kind}:{'/'.join(kept)}"


def _digest(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]
