"""Every write is a plan first: changes that were only looked at, and what became of each.

A writing tool has two halves. `plan(call, ...) -> Plan` only reads. `apply(call, changes) -> list[Outcome]` writes.
The preview of the guard, the before and after of an answer, `dry_run` and the digest of an approval are all views of
the same changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from upstream.request import GUARDED, Risk

Status = Literal["done", "refused", "already", "unknown"]


@dataclass(frozen=True)
class Change:
    """One object that a call wants to change.

    `verb` is what happens to it, in the words of the field (create, update, retire, delete, clear). `before` and
    `after` hold the fields that are shown to the person, under the names that the tools use; a field that the change
    removes is None in `after`. `id` is empty for an object that does not exist yet; `number` is the id that people
    know, where `id` says more than that, and empty where they know none. Plain data throughout, so that a
    change can be stored and read again.
    """

    system: str
    kind: str
    verb: str
    name: str
    id: str = ""
    code: str = ""
    risk: Risk = Risk.WRITE
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    number: str | None = None

    @property
    def known_id(self) -> str:
        """The id as it is shown to people."""
        return self.id if self.number is None else self.number

    @property
    def target(self) -> str:
        """The object as an approval names it."""
        return f"{self.kind}:{self.id}"

    @property
    def guarded(self) -> bool:
        return self.risk in GUARDED

    def inverse(self) -> Change | None:
        """The change that takes this one back, or None where there is no way back."""
        match self.verb:
            case "update":
                return replace(self, before=self.after, after=self.before)
            case _:
                return None

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """The fields whose value changes, each with its value before and after."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        return {
            name: (self.before.get(name), self.after.get(name))
            for name in names
            if name in self.after and self.before.get(name) != self.after.get(name)
        }

    def digest(self) -> str:
        """A short fingerprint of the object and of what is to happen to it, as shown."""
        shown = [self.system, self.kind, self.verb, self.id, self.code, self.name, self.before, self.after]
        return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What became of one change: done, refused (with the reason), already so, or unknown (with how to check).

    `ended` tells how what it set going came to its end, where that was watched. `said` is what the system answered, as
    text, where that is what was asked for.
    """

    change: Change
    status: Status
    reason: str = ""
    id: str = ""
    code: str = ""
    after: Mapping[str, Any] = field(default_factory=dict)
    ended: Literal["", "succeeded", "with errors", "failed", "unknown"] = ""
    said: str = field(default="", repr=False)


def gone(kind: str, verb: str, reference: str) -> Outcome:
    """What becomes of an id of Unica that no object has: a delete has happened already, nothing else can."""
    change = Change("unica", kind, verb, reference, reference, risk=Risk.DESTRUCTIVE)
    reason = f"no {kind.replace('_', ' ')} has this id"
    return Outcome(change, "already" if verb == "delete" else "refused", reason)


@dataclass(frozen=True)
class Dependents:
    """What the objects of a plan touch: short lines for a person, and how far the search came.

    `label` stands before each line, `none` behind it where there are no lines. `looked_at` of `of` places were
    searched; they differ when the time for looking was used up.
    """

    lines: Sequence[str] = ()
    looked_at: int = 0
    of: int = 0
    places: str = ""
    label: str = "In use"
    none: str = "nowhere found"

    @property
    def complete(self) -> bool:
        return self.looked_at >= self.of


@dataclass(frozen=True)
class Plan:
    """What a call would do.

    `settled` are the objects for which nothing is left to do or nothing can be done. `final` says in one sentence what
    can't be undone, `safer` what would do the job with less loss, `asks` why even an ordinary write asks first.
    `watch` tells that the tool shall wait for what its writes set going. `earlier` says what interrupted calls have
    left of these objects; the server adds it.
    """

    changes: Sequence[Change]
    settled: Sequence[Outcome] = ()
    dependents: Dependents | None = None
    warnings: Sequence[str] = ()
    final: str = ""
    safer: str = ""
    asks: str = ""
    watch: bool = False
    earlier: Sequence[str] = ()

    @property
    def guarded(self) -> bool:
        return any(change.guarded for change in self.changes)

    def digest(self) -> str:
        """A fingerprint of all that a yes is for: the changes, and what a person was shown to depend on them."""
        depends = [self.dependents.label, *self.dependents.lines] if self.dependents else []
        shown = json.dumps([[change.digest() for change in self.changes], depends, [*self.earlier]])
        return hashlib.sha256(shown.encode()).hexdigest()
