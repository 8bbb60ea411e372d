"""Files of an answer as the protocol carries them: text, image, embedded bytes, or a link to what is too large.

They stand behind the text of the answer. Text and typed data say what comes with them, since a client may hand the
model only one of the two; the typed data has the text of text files as well.
"""

from __future__ import annotations

import codecs
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp.types import (
    Annotations,
    BlobResourceContents,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
)

from mcp_server.words import clean, fenced, one_line
from tools.content import IMAGES, INLINE_BYTES, UNKNOWN, Content, is_textual

TEXT_BYTES = 11_000
"""What of a text comes along; with the rest of an answer it stays below the hard cap."""

_BOTH = Annotations(audience=["user", "assistant"], priority=1.0)
_LINKED = Annotations(audience=["user", "assistant"], priority=0.5)
_PERSON = Annotations(audience=["user"], priority=0.5)
"""Bytes that no model reads are for the person."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CHARACTER_SETS = re.compile(
    r"(utf|us-ascii|ascii|latin|iso|windows|cp|koi8|shift|euc|gb|big5|mac)[\w.:-]*\Z", re.ASCII
)
"""Python knows codecs that are none, such as compression, and a file must not choose those."""


@dataclass
class Attached:
    """The blocks of the files, what an answer says about them, and the files as typed data."""

    blocks: list[ContentBlock] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def attached(files: Sequence[Content]) -> Attached:
    """The files in all their forms, each in the first that fits it: text, image, embedded bytes, link."""
    found = Attached()
    for each in files:
        described, said, blocks = _empty(each) or _text(each) or _image(each) or _embedded(each) or _linked(each)
        kind = one_line(each.media_type, 120)
        described = {"name": one_line(each.name), "type": kind, "size": each.bytes_in_all, **described}
        if each.address:
            described["address"] = each.address
        found.blocks += blocks
        found.notes.append(said)
        found.data.setdefault("files", []).append(described)
    return found


_Form = tuple[dict[str, Any], str, list[ContentBlock]]


def _empty(file: Content) -> _Form | None:
    return None if file.bytes_in_all else ({"as": "nothing"}, "The file is empty.", [])


def _text(file: Content) -> _Form | None:
    decoded = _decoded(file)
    if decoded is None:
        return None
    text, encoding = decoded
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = _beginning(text)
    cut = len(shown) < len(text) or file.bytes_in_all > len(file.data)
    amount = f"its first {len(shown):,} characters" if cut else "all of it"
    said = f"The file ({file.bytes_in_all:,} bytes) follows as text, {amount}, read as {encoding}."
    blocks: list[ContentBlock] = [
        TextContent(type="text", text=f"Text of the file, as data:\n{fenced(shown)}", annotations=_BOTH)
    ]
    if cut and file.address:
        blocks.append(_link(file))
        said += " The link behind it leads to the whole."
    return {"as": "text", "cut": cut, "text": shown}, said, blocks


def _image(file: Content) -> _Form | None:
    if file.media_type not in IMAGES or not _is_whole(file):
        return None
    block = ImageContent(type="image", data=b64encode(file.data).decode(), mime_type=file.media_type, annotations=_BOTH)
    return {"as": "image"}, f"The file ({file.bytes_in_all:,} bytes) follows as an image.", [block]


def _embedded(file: Content) -> _Form | None:
    if not _is_whole(file) or not file.address:
        return None
    held = BlobResourceContents(
        uri=file.address, mime_type=file.media_type or UNKNOWN, blob=b64encode(file.data).decode()
    )
    said = f"The file ({file.bytes_in_all:,} bytes) follows as a resource, for the person to open."
    return {"as": "resource"}, said, [EmbeddedResource(type="resource", resource=held, annotations=_PERSON)]


def _linked(file: Content) -> _Form:
    size = f"{file.bytes_in_all:,} bytes"
    if not file.address:
        return {"as": "nothing"}, f"The file ({size}) does not come with this answer.", []
    said = f"The file ({size}) is too large to come with an answer: a link to it follows."
    return {"as": "link"}, said, [_link(file)]


def _link(file: Content) -> ResourceLink:
    return ResourceLink(
        type="resource_link",
        uri=file.address,
        name=one_line(file.name),
        mime_type=file.media_type or UNKNOWN,
        size=file.bytes_in_all,
        annotations=_LINKED,
    )


def _is_whole(file: Content) -> bool:
    return file.size <= len(file.data) <= INLINE_BYTES


def _decoded(file: Content) -> tuple[str, str] | None:
    """The text of a file and how it was read; None when it is no text, whatever is said of it."""
    textual = is_textual(file.media_type)
    if not file.data or not (textual or file.media_type in ("", UNKNOWN)):
        return None
    # Only the beginning is shown, and no character of any set takes more than four bytes.
    part = file.data[: 4 * TEXT_BYTES]
    whole = len(part) == len(file.data)
    marked = next((name for mark, name in _BOMS if part.startswith(mark)), "")
    for name in (marked, file.charset, "utf-8", "cp1252" if textual else ""):
        if name and (text := _read(part, name, whole)) is not None and not _is_binary(text):
            return text.removeprefix("\ufeff"), name.upper()
    return None


def _read(part: bytes, name: str, whole: bool) -> str | None:
    """A text of this character set; a character that the end of the part cuts through is left out."""
    if not _CHARACTER_SETS.match(name):
        return None
    try:
        decoder = codecs.getincrementaldecoder(name)("replace" if name == "cp1252" else "strict")
        return decoder.decode(part, final=whole)
    except (LookupError, UnicodeError):
        return None


def _is_binary(text: str) -> bool:
    return any(ord(character) < 32 and character not in "\t\n\r\f\x1b" for character in text)


def _beginning(text: str) -> str:
    """The beginning of a text that stays below `TEXT_BYTES` both as it is and as JSON."""
    # A fence is longer than any run of backticks in it.
    shown = re.sub(r"`{101,}", "`" * 100 + "…", text[:TEXT_BYTES])
    while (size := _json_bytes(shown)) > TEXT_BYTES:
        shown = shown[: min(len(shown) - 1, len(shown) * TEXT_BYTES // size)]
    return shown


def _json_bytes(text: str) -> int:
    escaped = sum(character in '"\\\n\t' for character in text)
    return len(text.encode("utf-8", "surrogatepass")) + escaped
