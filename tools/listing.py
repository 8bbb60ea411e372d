"""What a find gives back: rows, which columns to show, how many there are, and where the next page begins.

A campaign system has no paging, and a list can be long. So the first call keeps a snapshot of the rows it found (only
the columns asked for), and later pages come from it. Snapshots hang on the session, are bounded in number and size,
and say how old they are; one that is gone is made anew.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.call import Call
from tools.content import Content
from tools.errors import BadArgument

Row = Mapping[str, Any]

SNAPSHOT_SECONDS = 600.0
SNAPSHOT_CELLS = 600_000
"""Values kept in all snapshots of one session together; about 30 MB of short texts."""
SNAPSHOTS = 32
"""Lists that one session can page through at the same time."""


@dataclass
class Listing:
    """Rows of one kind, name first and id second, with all their columns or those asked for.

    `shown` are the columns of the answer. `total` is the number of matches, `at_least` tells that there may be more.
    `columns` are the names that `fields` accepts. `notes` say what was cut, inferred or found odd. `files` come with
    the answer, for the client to show. Where the rows belong to something, `about` are its facts, and `counts` says
    what it is and how many of what it has.
    """

    noun: str
    rows: Sequence[Row]
    shown: Sequence[str]
    columns: Sequence[str] = ()
    total: int | None = None
    at_least: bool = False
    offset: int = 0
    snapshot: str = ""
    age: float = 0
    notes: list[str] = field(default_factory=list)
    files: Sequence[Content] = ()
    about: Row = field(default_factory=dict)
    counts: str = ""

    def cursor(self, count: int) -> str:
        """Where the next page begins when `count` rows of this one are shown; empty at the end."""
        end = self.offset + count
        if not self.snapshot or self.total is None or end >= self.total:
            return ""
        return f"{self.snapshot}.{end}"


@dataclass
class _Snapshot:
    made: float
    listing: Listing
    rows: list[tuple[Any, ...]]
    names: tuple[str, ...]


class Snapshots:
    """The snapshots of one session, the least recently used thrown away first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Snapshot] = OrderedDict()

    def keep(self, question: str, listing: Listing) -> str:
        """Keep the shown columns of a listing; answers the key under which it is found again."""
        names = tuple(dict.fromkeys(["name", "id", *listing.shown]))
        rows = [tuple(row.get(name) for name in names) for row in listing.rows]
        listing.rows = ()
        key = secrets.token_hex(4) + question
        self._kept[key] = _Snapshot(time.monotonic(), listing, rows, names)
        while len(self._kept) > 1 and (len(self._kept) > SNAPSHOTS or self._cells() > SNAPSHOT_CELLS):
            self._kept.popitem(last=False)
        return key

    def _cells(self) -> int:
        return sum(len(each.rows) * len(each.names) for each in self._kept.values())

    def get(self, key: str) -> _Snapshot | None:
        """The snapshot, or None when it is too old, was thrown away or never was."""
        now = time.monotonic()
        for old in [each for each, kept in self._kept.items() if now - kept.made > SNAPSHOT_SECONDS]:
            del self._kept[old]
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)


async def paged(
    call: Call, arguments: Mapping[str, Any], cursor: str, limit: int, search: Callable[[], Awaitable[Listing]]
) -> Listing:
    """One page of what `search` finds: from the snapshot that the cursor names, or from a new one.

    `arguments` are the tool and what decides what is found (not limit and cursor): a cursor belongs to them.

    Raises:
        BadArgument: the cursor is not one of ours, or belongs to other arguments.
    """
    snapshots: Snapshots = call.kept(Snapshots)
    question = hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()[:6]
    key, offset = _read(cursor)
    if key and not key.endswith(question):
        raise BadArgument(
            "This cursor belongs to a call with other arguments.",
            advice="Give the cursor together with the arguments of the call that it came from, or leave it out.",
        )
    kept = snapshots.get(key) if key else None
    notes: list[str] = []
    if kept is None:
        listing = await search()
        if len(listing.rows) <= 1 and not offset:
            return listing
        key = snapshots.keep(question, listing)
        kept = snapshots.get(key)
        assert kept is not None, "a snapshot just kept is the last to be thrown away"
        if offset:
            notes.append("The list was fetched anew: the earlier one had expired, so rows may have moved.")
    age = time.monotonic() - kept.made
    source = kept.listing
    rows = [dict(zip(kept.names, row, strict=True)) for row in kept.rows[offset : offset + limit]]
    return Listing(
        noun=source.noun,
        rows=rows,
        shown=source.shown,
        columns=source.columns,
        total=len(kept.rows) if source.total is None else source.total,
        at_least=source.at_least,
        offset=offset,
        snapshot=key,
        age=age,
        notes=[*notes, *(source.notes if offset == 0 else [])],
        about=source.about if offset == 0 else {},
        counts=source.counts,
    )


def narrowed_by(search: str, found: Sequence[object]) -> list[str]:
    """A note for a search of several words that nothing matched."""
    return ["All words must occur: try fewer."] if not found and len(search.split()) > 1 else []


def left_out(kept: int, named: int) -> list[str]:
    """A note for objects that were named and found, and that do not fit what else was asked."""
    return [f"Left out because they do not fit: {named - kept} of the {named} found."] if kept < named else []


def _read(cursor: str) -> tuple[str, int]:
    if not cursor:
        return "", 0
    key, _, offset = cursor.partition(".")
    if len(key) != 14 or len(offset) > 9 or not (offset.isascii() and offset.isdigit()):
        raise BadArgument(f"{cursor[:40]!r} is not a cursor.", advice="Use the cursor of an earlier answer, or none.")
    return key, int(offset)
