"""Addresses of places: `unica://collaborate/templates/412`, and what kinds of them there are.

The canonical form has ids. A name, or for folders a path of names, may stand where the id stands, percent-encoded or
not; the scheme may be left out. `unica://` alone is where everything begins.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from tools.errors import UnknownName

SCHEME = "unica://"

SYSTEMS: Mapping[str, str] = {"collaborate": "Unica Collaborate", "campaign": "Unica Campaign"}
"""The first segment of an address, and the name of the product behind it."""


@dataclass(frozen=True)
class Shelf:
    """One kind of address. `variables` follow the word; `browsable` tells that the word alone is a place too.

    `category` and `finder` are the category and the tool that show the same, `item` what one of it is called.
    """

    system: str
    word: str
    title: str
    item: str
    category: str
    finder: str
    about: str
    variables: tuple[str, ...] = ("id",)
    browsable: bool = True

    @property
    def template(self) -> str:
        """The URI template of the addresses on this shelf."""
        return f"{SCHEME}{self.system}/{self.word}/" + "/".join(f"{{{each}}}" for each in self.variables)


SHELVES: Mapping[str, Shelf] = {
    each.word: each
    for each in (
        Shelf(
            "collaborate",
            "template-folders",
            "Template folders",
            "template folder",
            "folders",
            "folders_find",
            "A folder of templates: its path, subfolders and templates",
        ),
        Shelf(
            "collaborate",
            "templates",
            "Templates",
            "template",
            "templates",
            "templates_find",
            "A template: what is made from it, state and folder",
            browsable=False,
        ),
        Shelf(
            "collaborate",
            "form-folders",
            "Form folders",
            "form folder",
            "folders",
            "folders_find",
            "A folder of forms: its path, subfolders and forms",
        ),
        Shelf(
            "collaborate",
            "forms",
            "Forms",
            "form",
            "forms",
            "forms_find",
            "A form with its attributes and offers",
            browsable=False,
        ),
        Shelf(
            "collaborate",
            "attachments",
            "Attachments",
            "attachment",
            "attachments",
            "attachments_read",
            "A file of a simple list (lists), advanced list (advlists) or on-demand campaign (locals)",
            ("kind", "project", "id"),
            browsable=False,
        ),
        Shelf(
            "campaign",
            "offer-templates",
            "Offer templates",
            "offer template",
            "offers",
            "offer_templates_find",
            "An offer template with its attributes",
        ),
        Shelf(
            "campaign",
            "attributes",
            "Attributes",
            "attributes",
            "attributes",
            "attributes_find",
            "Attribute definitions of campaigns, offers, cells or offer templates",
            ("type",),
        ),
    )
}
"""Every kind of address by its word, in the order in which they are shown."""


def closed(word: str) -> str:
    """The option of a call that says why a shelf is not to be had there; without it, it is open."""
    return f"places.closed.{word}"


@dataclass(frozen=True)
class Address:
    """An address taken apart. Empty `word`: a system; empty `system` too: where everything begins."""

    system: str = ""
    word: str = ""
    keys: tuple[str, ...] = ()

    @property
    def shelf(self) -> Shelf:
        """The kind of address. Only for one with a word."""
        return SHELVES[self.word]

    @property
    def key(self) -> str:
        """What stands after the word, several segments as a path."""
        return "/".join(self.keys)

    def __str__(self) -> str:
        return SCHEME + "/".join(quote(each, safe="") for each in (self.system, self.word, *self.keys) if each)


def address(word: str, *keys: object) -> str:
    """The canonical address of something on this shelf, or of the shelf itself."""
    return str(Address(SHELVES[word].system, word, tuple(map(str, keys))))


def parse(text: str) -> Address:
    """Take an address apart; whether something is there, reading will tell.

    Raises:
        UnknownName: nothing can be there, with the nearest addresses.
    """
    said = text.strip()
    scheme, colon, rest = said.partition("://")
    if colon and scheme.casefold() + colon != SCHEME:
        raise _nowhere(said, "Addresses begin with unica://.")
    parts = [unquote(each, errors="replace").strip() for each in (rest if colon else said).strip("/").split("/")]
    if parts == [""]:
        return Address()
    if parts[0].casefold() in SHELVES:
        # A word says by itself which system it belongs to.
        parts.insert(0, SHELVES[parts[0].casefold()].system)
    system, word, keys = parts[0].casefold(), parts[1].casefold() if len(parts) > 1 else "", parts[2:]
    if system not in SYSTEMS or (word and (word not in SHELVES or SHELVES[word].system != system)):
        raise _nowhere(said)
    if word:
        shelf = SHELVES[word]
        fits = len(keys) == len(shelf.variables) if len(shelf.variables) > 1 else bool(keys) or shelf.browsable
        if not fits or not all(keys):
            raise _nowhere(said, f"Write {shelf.template}.")
    return Address(system, word, tuple(keys))


def _nowhere(said: str, advice: str = "") -> UnknownName:
    return UnknownName(
        f"No place has the address {said[:200]!r}.", advice=advice or "Nearest: " + ", ".join(near(said))
    )


def near(said: str) -> Sequence[str]:
    """The addresses that come closest to this text; where to begin when none does."""
    bare = unquote(said.partition("://")[2] or said).strip("/").split("/")
    for position, each in enumerate(bare[:2]):
        if word := difflib.get_close_matches(each.strip().casefold(), SHELVES, 1, 0.6):
            shelf, keys = SHELVES[word[0]], bare[position + 1 :]
            if len(keys) == len(shelf.variables):
                return [address(shelf.word, *keys)]
            return [address(shelf.word) if shelf.browsable else shelf.template]
    return [address(each.word) for each in SHELVES.values() if each.browsable]
