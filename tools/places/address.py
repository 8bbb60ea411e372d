"""Addresses of places: `unica://collaborate/templates/412`, `actito://Brand/profile-tables/16`, and their kinds.

The canonical form has ids. A name, or for folders a path of names, may stand where the id stands, percent-encoded or
not; of Unica the scheme may be left out. `unica://` and `actito://` alone are where all of their systems begins.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from tools.errors import UnknownName

SCHEME = "unica://"
ACTITO_SCHEME = "actito://"
SCHEMES: Mapping[str, str] = {"unica": SCHEME, "actito": ACTITO_SCHEME}
"""How the addresses of what one session reaches begin."""

ACTITO = "actito"

SYSTEMS: Mapping[str, str] = {"collaborate": "Unica Collaborate", "campaign": "Unica Campaign", ACTITO: "Actito"}
"""What an address leads to, and the name of the product behind it. In Unica it is the first segment."""


@dataclass(frozen=True)
class Shelf:
    """One kind of address. `variables` follow the word; `browsable` tells that the word alone is a place too.

    In Actito the first variable, the entity, stands before the word. `category` and `finder` are the category and the
    tool that show the same, `item` what one of it is called.
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
    def session(self) -> str:
        """The system in whose session its places are read."""
        return ACTITO if self.system == ACTITO else "unica"

    @property
    def owner(self) -> str:
        """The system as operators name it."""
        return ACTITO if self.system == ACTITO else f"unica-{self.system}"

    @property
    def template(self) -> str:
        """The URI template of the addresses on this shelf."""
        first, *rest = [f"{{{each}}}" for each in self.variables]
        if self.system == ACTITO:
            return ACTITO_SCHEME + "/".join([first, self.word, *rest])
        return f"{SCHEME}{self.system}/{self.word}/" + "/".join([first, *rest])

    @property
    def templates(self) -> Sequence[str]:
        """All URI templates: in Actito the shelf itself needs an entity."""
        own = self.template
        return [own.rpartition("/")[0], own] if self.system == ACTITO else [own]


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
        Shelf(
            ACTITO,
            "profile-tables",
            "Profile tables",
            "profile table",
            "actito_tables",
            "actito_tables_find",
            "The profile tables of an entity; of one its structure",
            ("entity", "table"),
        ),
        Shelf(
            ACTITO,
            "custom-tables",
            "Custom tables",
            "custom table",
            "actito_tables",
            "actito_tables_find",
            "The custom tables of an entity; of one its structure",
            ("entity", "table"),
        ),
    )
}
"""Every kind of address by its word, in the order in which they are shown."""


def closed(word: str) -> str:
    """The option of a call that says why a shelf is not to be had there; without it, it is open."""
    return f"places.closed.{word}"


@dataclass(frozen=True)
class Address:
    """An address taken apart. Empty `word`: a system, in Actito with a key an entity; empty `system` too: Unica."""

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

    @property
    def session(self) -> str:
        """The system in whose session the place is read."""
        return ACTITO if self.system == ACTITO else "unica"

    def __str__(self) -> str:
        parts = (self.system, self.word, *self.keys)
        if self.system == ACTITO:
            parts = (*self.keys[:1], self.word, *self.keys[1:])
        return SCHEMES[self.session] + "/".join(quote(each, safe="") for each in parts if each)


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
    if colon and scheme.casefold() not in SCHEMES:
        raise _nowhere(said, "Addresses begin with unica:// or actito://.")
    parts = [unquote(each, errors="replace").strip() for each in (rest if colon else said).strip("/").split("/")]
    if colon and scheme.casefold() == ACTITO:
        return _of_actito(said, parts)
    return _of_unica(said, parts)


def session_of(text: str) -> str:
    """The system in whose session a place would be read, whether there is such a place or not; empty: any."""
    scheme, colon, _ = text.strip().partition("://")
    return scheme.casefold() if colon and scheme.casefold() in SCHEMES else "unica" if text.strip() else ""


def _of_unica(said: str, parts: list[str]) -> Address:
    if parts == [""]:
        return Address()
    word = parts[0].casefold()
    if word in SHELVES and SHELVES[word].system != ACTITO:
        # A word says by itself which system it belongs to.
        parts.insert(0, SHELVES[word].system)
    system, word, keys = parts[0].casefold(), parts[1].casefold() if len(parts) > 1 else "", parts[2:]
    unknown = word and (word not in SHELVES or SHELVES[word].system != system)
    if system not in SYSTEMS or system == ACTITO or unknown:
        raise _nowhere(said)
    if word:
        shelf = SHELVES[word]
        fits = len(keys) == len(shelf.variables) if len(shelf.variables) > 1 else bool(keys) or shelf.browsable
        if not fits or not all(keys):
            raise _nowhere(said, f"Write {shelf.template}.")
    return Address(system, word, tuple(keys))


def _of_actito(said: str, parts: list[str]) -> Address:
    entity, word, *rest = [*parts, ""] if len(parts) < 2 else parts
    word = word.casefold()
    if (not word and entity.casefold() in SHELVES) or (not entity and (word or rest)):
        raise _nowhere(said)
    if word and (word not in SHELVES or SHELVES[word].system != ACTITO or len(rest) > 1 or not all(rest)):
        raise _nowhere(said, "" if word not in SHELVES else f"Write {SHELVES[word].template}.")
    return Address(ACTITO, word, tuple(each for each in (entity, *rest) if each))


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
            if shelf.system == ACTITO:
                return [address(shelf.word, bare[0], *keys[:1])] if position and bare[0] else list(shelf.templates)
            if len(keys) == len(shelf.variables):
                return [address(shelf.word, *keys)]
            return [address(shelf.word) if shelf.browsable else shelf.template]
    if said.casefold().startswith(ACTITO_SCHEME):
        return [ACTITO_SCHEME]
    return [address(each.word) for each in SHELVES.values() if each.browsable and each.system != ACTITO]
