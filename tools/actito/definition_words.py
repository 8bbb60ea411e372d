"""What the definition of an import says: its layout is not documented, so words are looked for at any depth."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import Any

from tools.errors import BadArgument

_SEPARATORS: Mapping[str, str] = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
"""Separators as definitions may spell them. Inferred."""


def encoding_of(definition: Mapping[str, Any]) -> str:
    """The encoding that a definition says, as Python calls it; empty where it says none.

    Raises:
        BadArgument: it says one that is none.
    """
    said = said_in(definition, "encoding", "charset")
    if not said:
        return ""
    try:
        known = codecs.lookup(said)
    except (LookupError, ValueError):
        known = None
    if known is None or not getattr(known, "_is_text_encoding", True):
        raise BadArgument(f"The definition says an encoding that is not known: {said[:40]!r}. Write UTF-8.")
    return known.name


def separator_of(definition: Mapping[str, Any]) -> str:
    """The sign that a definition says to separate values; empty where it says none, or none that is known here."""
    said = said_in(definition, "separator", "delimiter") or ""
    said = _SEPARATORS.get(said.strip().casefold(), said)
    return said if len(said) == 1 and said not in '\r\n"' else ""


def quote_of(definition: Mapping[str, Any]) -> str:
    """The sign that encloses values, which a definition may say."""
    said = said_in(definition, "quot", "enclos") or ""
    return said if len(said) == 1 and not said.isalnum() and not said.isspace() else '"'


def said_in(definition: Mapping[str, Any], *words: str) -> str | None:
    """The text that a definition has, at any depth, under a name with one of these words; None where there is none.

    Where it stands is not documented (contract: mapping, mode, separator, encoding, in words).
    """
    for name, value in definition.items():
        if isinstance(value, str) and speaks_of(name, *words):
            return value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping) and (found := said_in(inner, *words)) is not None:
                return found
    return None


def speaks_of(name: str, *words: str) -> bool:
    """Whether one of these words is in a name whose meaning nobody documents."""
    return any(word in name.casefold() for word in words)


def words_in(value: Any) -> Iterator[str]:
    """All names and texts of a definition, at any depth."""
    for place in places_in(value):
        yield from place


def places_in(value: Any) -> Iterator[list[str]]:
    """Names and texts of a definition that stand at one place together: those of one object, or of one list."""
    if isinstance(value, Mapping):
        yield [str(name) for name in value] + [each for each in value.values() if isinstance(each, str)]
        for each in value.values():
            yield from places_in(each) if not isinstance(each, str) else ()
    elif isinstance(value, list):
        yield [each for each in value if isinstance(each, str)]
        for each in value:
            yield from places_in(each) if not isinstance(each, str) else ()
    elif isinstance(value, str):
        yield [value]
