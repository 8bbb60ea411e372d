"""What is found at an address: a place with its path, its facts, and links to what lies in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 200
"""Links or rows of one section; how many there are is always said."""


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

    `total` is how many there are when only some are held here.
    """

    title: str
    links: Sequence[Link] = ()
    rows: Sequence[Mapping[str, Any]] = ()
    total: int = 0
    more: str = ""

    @classmethod
    def of_links(cls, title: str, links: Sequence[Link], more: str = "") -> Section:
        """The first links; `more` says how to see the others."""
        return cls(title, links[:MOST], (), len(links), more)

    @classmethod
    def of_rows(cls, title: str, rows: Sequence[Mapping[str, Any]], more: str = "") -> Section:
        """The first rows; `more` says how to see the others."""
        return cls(title, (), rows[:MOST], len(rows), more)

    @property
    def missing(self) -> int:
        """How many there are besides those held here."""
        return self.total - len(self.links) - len(self.rows)


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
