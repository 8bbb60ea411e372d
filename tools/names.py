"""From what a person calls an object (id, code or exact name) to the object.

Each kind has a book on the session: an index of all ids, codes and names, made when a name is first asked for and
forgotten when we write. Numbers are read directly, and where the system can be asked what a few names mean, no index
is made for them: it may hold tens of thousands. A name that is not in the index is looked for once more in a fresh one
before it is called unknown; several objects of a name are shown, never guessed.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from tools.call import Call
from tools.errors import Ambiguous, BadArgument, UnknownName
from tools.nearest import nearest

T = TypeVar("T")

INDEX_SECONDS = 300.0
"""An index older than this is made anew: other people create and rename too."""

FEW = 20
"""Up to so many codes and names are asked of the system, where it can be asked; for more the index is made."""


@dataclass(frozen=True, slots=True)
class Named:
    """What identifies an object: its number, its name, and its code where the kind has codes."""

    id: int
    name: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.name} (id {self.id}, {self.code})" if self.code else f"{self.name} (id {self.id})"


@dataclass
class _Index:
    made: float
    by_id: dict[int, Named] = field(default_factory=dict)
    by_code: dict[str, Named] = field(default_factory=dict)
    by_name: dict[str, list[Named]] = field(default_factory=dict)

    def add(self, named: Named) -> None:
        self.by_id[named.id] = named
        if named.code:
            self.by_code[named.code.casefold()] = named
        self.by_name.setdefault(named.name.strip().casefold(), []).append(named)

    def match(self, reference: str) -> list[Named]:
        wanted = reference.strip().casefold()
        found = {each.id: each for each in self.by_name.get(wanted, [])}
        if code := self.by_code.get(wanted):
            found[code.id] = code
        if not found and is_id(wanted) and int(wanted) in self.by_id:
            found[int(wanted)] = self.by_id[int(wanted)]
        return list(found.values())


class Book(ABC, Generic[T]):
    """All objects of one kind, by what people call them. One for each kind and session (`call.kept`)."""

    noun: ClassVar[str]
    """The kind in the plural, as in `offers`."""

    called_by: ClassVar[str] = "id, code or name"
    """What people call one by."""

    def __init__(self) -> None:
        self._index: _Index | None = None

    @abstractmethod
    async def everything(self, call: Call) -> Sequence[T]:
        """Every object of the kind."""

    @abstractmethod
    async def read(self, call: Call, ids: Sequence[int]) -> list[T]:
        """The objects with these ids, as they are now; an id without an object is left out."""

    @abstractmethod
    def named(self, item: T) -> Named:
        """What identifies this object."""

    async def asked(self, call: Call, references: Sequence[str]) -> Mapping[str, Named | None]:
        """What the system says these codes or names mean: their only object, or None where it knows that none has it.

        Those left out are looked for in the index, as all are for kinds that no route resolves.
        """
        return {}

    def forget(self) -> None:
        """Our own write made the index old."""
        self._index = None

    def learn(self, items: Iterable[T]) -> None:
        """Make the index from a complete list that was read for another reason."""
        self._index = _Index(time.monotonic())
        for item in items:
            self._index.add(self.named(item))

    async def find(self, call: Call, references: Sequence[str]) -> tuple[list[T], list[str]]:
        """The objects that these ids, codes or names mean, each once and in order, and the ids that mean none.

        Raises:
            BadArgument: an empty text.
            UnknownName: a code or name that no object has, with the nearest.
            Ambiguous: a name that several objects have, with all of them.
        """
        if not all(each.strip() for each in references):
            raise BadArgument(f"An id, code or name of {self.noun} can't be empty.")
        numbers = [int(each) for each in references if is_id(each)]
        read = {self.named(item).id: item for item in await self.read(call, numbers)} if numbers else {}
        called = [each for each in references if not is_id(each)]
        told = await self._told(call, called)
        names = {each: told.get(each) or await self._one(call, each) for each in called}
        absent = [named.id for named in names.values() if named.id not in read]
        if absent:
            read |= {self.named(item).id: item for item in await self.read(call, list(dict.fromkeys(absent)))}
        found: dict[int, T] = {}
        missing: list[str] = []
        for reference in references:
            number = int(reference) if is_id(reference) else names[reference].id
            if number in read:
                found[number] = read[number]
            elif (other := await self._not_an_id(call, reference)) is not None:
                found[self.named(other).id] = other
            else:
                missing.append(reference)
        return list(found.values()), missing

    async def chosen(self, call: Call, references: Sequence[str], most: int) -> tuple[list[T], list[str]]:
        """As `find`, for what is to be changed: at least one object that exists, and at most so many.

        Raises:
            BadArgument: none or too many are named.
            UnknownName: none of the ids has an object.
        """
        one = self.noun.removesuffix("s")
        if not references:
            raise BadArgument(f"Name at least one {one} by id, code or exact name.")
        if len(references) > most:
            raise BadArgument(f"At most {most} {self.noun} at once; {len(references)} were named.")
        found, missing = await self.find(call, references)
        if not found:
            raise UnknownName(f"No {one} has the id " + ", ".join(missing[:20]) + ".", advice=self._look())
        return found, missing

    async def one(self, call: Call, reference: str) -> T:
        """The one object that this id, code or name means.

        Raises:
            UnknownName: there is none.
            Ambiguous: there are several.
        """
        found, _ = await self.find(call, [reference])
        if not found:
            raise self._unknown(reference, self._index or _Index(0))
        return found[0]

    async def twins(self, call: Call, *names: str) -> list[Named]:
        """The objects that have one of these very names already."""
        told = await self._told(call, names)
        taken = [each for each in names if each not in told or told[each] is not None]
        if not taken:
            return []
        index = await self.index(call)
        return [twin for each in dict.fromkeys(taken) for twin in index.by_name.get(each.strip().casefold(), [])]

    async def index(self, call: Call, *, newer_than: float = 0) -> _Index:
        if self._index is None or self._index.made < newer_than or not self._fresh():
            self.learn(await self.everything(call))
        assert self._index is not None
        return self._index

    def _fresh(self) -> bool:
        return self._index is not None and time.monotonic() - self._index.made <= INDEX_SECONDS

    async def _told(self, call: Call, references: Sequence[str]) -> Mapping[str, Named | None]:
        if self._fresh() or not 0 < len(references) <= FEW:
            return {}
        return await self.asked(call, references)

    async def _one(self, call: Call, reference: str) -> Named:
        started = time.monotonic()
        index = await self.index(call)
        matches = index.match(reference)
        if not matches and index.made < started:
            index = await self.index(call, newer_than=started)
            matches = index.match(reference)
        if not matches:
            raise self._unknown(reference, index)
        if len(matches) > 1:
            raise self._ambiguous(reference, matches)
        return matches[0]

    async def _not_an_id(self, call: Call, reference: str) -> T | None:
        """A number that is no id may be a code or a name that happens to be all digits."""
        told = await self._told(call, [reference])
        if reference in told:
            named = told[reference]
            matches = [named] if named else []
        else:
            matches = (await self.index(call)).match(reference)
        if len(matches) > 1:
            raise self._ambiguous(reference, matches)
        return next(iter(await self.read(call, [each.id for each in matches])), None)

    def _ambiguous(self, reference: str, matches: Sequence[Named]) -> Ambiguous:
        return Ambiguous(
            f"{len(matches)} {self.noun} are called {reference!r}.",
            advice="Ask which one is meant and use its id.",
            lines=[str(each) for each in matches],
        )

    def _unknown(self, reference: str, index: _Index) -> UnknownName:
        near = nearest(reference, [*index.by_name, *index.by_code])
        lines = [str(each) for name in near for each in index.match(name)]
        return UnknownName(
            f"None of the {self.noun} has the {self.called_by} {reference!r}.",
            advice="The nearest are shown." if lines else self._look(),
            lines=lines,
        )

    def _look(self) -> str:
        return f"Look for it with {self.noun.replace(' ', '_')}_find, by search."


def is_id(reference: str) -> bool:
    """Whether a reference can be the number of an object; with a zero in front it is a code."""
    text = reference.strip()
    return text.isascii() and text.isdigit() and not text.startswith("0") and len(text) < 19
