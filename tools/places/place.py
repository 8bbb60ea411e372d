"""What is found at an address: a place with its path, its facts, and links to what lies in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Link:
    """Something that has an address. Its name is a text of a campaign system, and so may be anything."""

    name: str
    address: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Section:
    """Things of one kind in a place, under a title in our words: links, or rows of what has no address.

    All of them are held here. `more` is a call that lists them all, or shows them whole, in pages.
    """

    title: str
    links: Sequence[Link] = ()
    rows: Sequence[Mapping[str, Any]] = ()
    more: str = ""

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.links) + len(self.rows)


@dataclass(frozen=True)
class Place:
    """What is at an address. `path` leads from the root down to the place that holds it, `facts` are by name."""

    address: str
    name: str
    kind: str
    path: Sequence[Link] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    sections: Sequence[Section] = ()

    @property
    def link(self) -> Link:
        """A link to this place."""
        return Link(self.name, self.address, self.kind)
