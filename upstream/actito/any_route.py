"""Any other route of Actito, by verb and path: what an installation's own documentation shows and no contract has.

The path is sent as given, below the address of the installation. It can't lead to another host, out of its own
segments, or to where tokens are bought.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self
from urllib.parse import unquote_to_bytes

from pydantic import AfterValidator, Field

from upstream.actito.routes import ACTITO_API
from upstream.moment import Dates
from upstream.replies import WholeReply
from upstream.request import Api, Body, Override, Path, Query, Request, Text, Wire
from upstream.wire import put

if TYPE_CHECKING:
    from upstream.http import Reply

LONGEST = 2000
MOST_BYTES = 8 * 1024 * 1024

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

_PATH = re.compile(r"(?:/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*)+")


def segments(path: str) -> list[str]:
    """The segments of a path, decoded and without matrix parameters; one at the end that is empty is left out."""
    decoded = [unquote_to_bytes(each.partition(";")[0]).decode("utf-8") for each in path.split("/")[1:]]
    return decoded[:-1] if len(decoded) > 1 and not decoded[-1] else decoded


def safe_path(path: str) -> str:
    """The path itself.

    Raises:
        ValueError: it is no path, or may lead elsewhere than it looks; the text says why.
    """
    if not path.startswith("/"):
        raise ValueError("a path begins with / and has neither scheme nor host")
    if "?" in path:
        raise ValueError("what stands behind ? belongs into query")
    if "{" in path or "}" in path:
        raise ValueError("the places in braces have to be filled in")
    if len(path) > LONGEST or not _PATH.fullmatch(path):
        raise ValueError(f"a path has at most {LONGEST} letters, digits and -._~!$&'()*+,;=:@, the rest as %XX")
    try:
        decoded = [unquote_to_bytes(each).decode("utf-8") for each in path.split("/")[1:]]
        plain = segments(path)
    except UnicodeDecodeError:
        raise ValueError("what is written as %XX has to be UTF-8") from None
    if any(set(each) & set("/\\%") or any(ord(c) < 32 or ord(c) == 127 for c in each) for each in decoded):
        raise ValueError("no segment may hold a slash, backslash, percent sign or control character, encoded or not")
    if any(each in (".", "..") for each in plain) or any(not each for each in plain):
        raise ValueError("no segment may be empty, . or ..")
    if "auth" in (each.casefold() for each in plain[:1]) or "token" in (each.casefold() for each in plain[-1:]):
        raise ValueError("tokens are bought by the session alone")
    return path


@dataclass(frozen=True, slots=True)
class AnyReply(WholeReply):
    """A success as it came, whatever it is."""

    status: int
    content: bytes = field(repr=False)
    media_type: str = ""
    charset: str = "utf-8"
    location: str = ""

    @property
    def text(self) -> str:
        """The body as text; bytes that do not fit the character set are replaced."""
        return self.content.removeprefix(b"\xef\xbb\xbf").decode(self.charset, "replace")

    @classmethod
    def of(cls, reply: Reply, page: bool) -> Self | None:
        location = reply.headers.get("location", "")
        return cls(reply.status, reply.content, reply.media_type, reply.charset, location)


class AnyActitoRequest(Request[AnyReply]):
    """Call a route that has no class of its own. A GET reads; nobody knows what the other verbs do.

    `query` are names with their values, in order. The body is `body`, as JSON, or else `text`.

    Source: none but the documentation of the installation, which whoever calls has to have read.
    """

    api: ClassVar[Api] = ACTITO_API
    method, path, operation, category = "GET", "{path}", "anyRoute", "any"
    targets: ClassVar[tuple[str, ...]] = ("request", "digest")
    most_bytes: ClassVar[int] = MOST_BYTES

    verb: Annotated[Verb, Path("verb")]
    route: Annotated[str, AfterValidator(safe_path), Path("path")]
    query: Annotated[Sequence[tuple[str, str]], Query()] = ()
    body: Annotated[Any, Body()] = Field(None, repr=False)
    text: Annotated[str | None, Text()] = Field(None, repr=False)

    @property
    def digest(self) -> str:
        """What verb, path, query and body come down to: an approval is stored, and they may hold personal data."""
        said = [self.verb, self.route, list(self.query), self.body, self.text]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]

    def target_ids(self) -> frozenset[str]:
        return frozenset({f"request:{self.digest}"})

    def wire(self, override: Override | None = None, dates: Dates | None = None) -> Wire:
        """The request as it leaves. No override concerns it: an installation that differs is called as it is."""
        wire = Wire(self.verb, self.route, query=list(self.query))
        if self.body is not None:
            put(wire, Body(), self.body)
        elif self.text is not None:
            put(wire, Text(), self.text)
        return wire
