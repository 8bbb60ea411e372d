"""Answers that are not in a JSON body: where a new object is, and the bytes of a file.

A route whose answer type is a `WholeReply` is read from the whole reply. A route that answers 204 has the type
`Message`: it says nothing, and what a server says all the same is kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from upstream.http import Reply

_ANY_CHARSET = re.compile(r"filename\*\s*=\s*\"?([\w-]+)'[^']*'([^;\s\"]+)", re.IGNORECASE)
_QUOTED = re.compile(r'filename\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_BARE = re.compile(r"filename\s*=\s*([^;\"]+)", re.IGNORECASE)
_LONGEST_NAME = 200


class WholeReply:
    """An answer type that is read from status, headers and body together."""

    __slots__ = ()

    @classmethod
    def of(cls, reply: Reply, page: bool) -> Self | None:
        """What a success says, None when it can't be the answer. `page`: the body is a page for people (HTML)."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Created(WholeReply):
    """A 201: something new is at `location`, the header as it came.

    `location` is empty where the server did not say it: then the object exists and has to be found by its name.
    """

    location: str = ""

    @property
    def key(self) -> str:
        """The last segment of the location, by which the new object goes; empty when there is none."""
        return last_segment(self.location)

    @property
    def id(self) -> int | None:
        """The key as a number; None when it is none."""
        return int(self.key) if self.key.isascii() and self.key.isdigit() and len(self.key) < 19 else None

    @classmethod
    def of(cls, reply: Reply, page: bool) -> Self | None:
        """What a success says; None when it is a page for people and names no location."""
        location = reply.headers.get("location", "").strip()
        return cls(location) if location or not page else None


@dataclass(frozen=True, slots=True)
class File(WholeReply):
    """A file as it is stored: its bytes, media type and name, which is bare (no folder) and empty when not said."""

    content: bytes = field(repr=False)
    media_type: str = ""
    name: str = ""

    @classmethod
    def of(cls, reply: Reply, page: bool) -> Self | None:
        """What a success carries; None when it is a page for people, and neither named nor typed as a file."""
        said = reply.headers.get("content-disposition", "")
        is_file = said or not page or reply.media_type == "application/octet-stream"
        return cls(reply.content, reply.media_type, _file_name(said)) if is_file else None


@dataclass(frozen=True, slots=True)
class Content(WholeReply):
    """A body as it came, whatever it is: HTML as well, which elsewhere is a page that stands in for an answer."""

    content: bytes = field(repr=False)
    media_type: str = ""
    charset: str = "utf-8"

    @property
    def text(self) -> str:
        """The body as text; bytes that do not fit the character set are replaced."""
        return self.content.removeprefix(b"\xef\xbb\xbf").decode(self.charset, "replace")

    @property
    def zipped(self) -> bool:
        """Whether it is an archive rather than text."""
        return self.content.startswith(b"PK\x03\x04")

    @classmethod
    def of(cls, reply: Reply, page: bool) -> Self | None:
        return cls(reply.content, reply.media_type, reply.charset)


def last_segment(location: str) -> str:
    """The last segment of the path of an address, decoded; empty when there is none."""
    try:
        path = urlsplit(location).path
    except ValueError:
        return ""
    return unquote(path.partition(";")[0].rstrip("/").rpartition("/")[2])


def _file_name(said: str) -> str:
    """The name in a Content-Disposition (RFC 6266), without folders and control characters."""
    if found := _ANY_CHARSET.search(said):
        try:
            name = unquote(found[2], encoding=found[1], errors="replace")
        except (LookupError, UnicodeError):
            name = unquote(found[2], errors="replace")
    elif found := _QUOTED.search(said):
        name = re.sub(r"\\([\"\\])", r"\1", found[1])
    else:
        found = _BARE.search(said)
        name = found[1] if found else ""
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = re.split(r"[/\\]", name)[-1].strip()
    return "" if name in (".", "..") else name[-_LONGEST_NAME:]
