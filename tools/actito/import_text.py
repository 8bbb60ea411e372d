"""The text of the file of an import: read from whatever encoding it is in, and named for what it is where it is no CSV.

Source: Actito, input files of ETLs (UTF-8 or ISO-8859-1, as the definition says; no byte order mark, no UTF-16).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tools.actito.definition_words import encoding_of
from tools.content import kind_of
from tools.encodings import by_mark, decoded, family, is_utf8, refuse_controls
from tools.errors import BadArgument
from tools.uploads import Picked

_DOCUMENTED = ("", "utf-8", "iso8859-1")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[;,\t|]*(?:\r\n|\n|\r|$)', re.IGNORECASE)
"""What Excel writes into a first line, and what only Excel understands."""
_LETTERS = 12
"""Letters that are shown of a file whose encoding is nowhere said."""


@dataclass(frozen=True)
class Text:
    """The text of a CSV and the encoding it is sent in. `line` is the number of its first line in the file that came,
    `separator` what that file said of it, `notes` are what a person should know of how it was read.
    """

    text: str = field(repr=False)
    encoding: str
    line: int = 1
    separator: str = ""
    notes: tuple[str, ...] = ()


def text_of(picked: Picked, definition: Mapping[str, Any], encoding: str = "") -> Text:
    """The text of a CSV; `encoding` is that of the file where it is known.

    Raises:
        BadArgument: it is something else, or in another encoding than its definition says.
    """
    if kind := kind_of(picked.content):
        raise BadArgument(
            f"{'csv' if encoding else repr(picked.name[:80])} is {kind}, no CSV.",
            advice='In Excel or LibreOffice save it as .xlsx, or as "CSV UTF-8"; of an archive give the file in it.',
        )
    found = _decoded(picked.content, encoding_of(definition).replace("utf-8-sig", "utf-8"), encoding)
    refuse_controls(found.text, "The CSV")
    return _tidied(found)


def _decoded(data: bytes, said: str, known: str) -> Text:
    """The text of these bytes; `said` is the encoding of the definition, in which they are to leave."""
    target = said or "utf-8"
    notes = (
        () if said in _DOCUMENTED else (f"The definition says {said}: Actito documents UTF-8 and ISO-8859-1 alone.",)
    )
    if mark := known or by_mark(data):
        text = decoded(data, mark, "The CSV", f"{family(mark)}, as its first bytes say")
        return Text(text, target, notes=(*notes, *_of_mark(data, mark, target, known)))
    if said not in ("", "utf-8") and not data.isascii() and is_utf8(data):
        raise BadArgument(
            f"The CSV is in UTF-8, not in {said}, as the definition says: letters with accents would go wrong.",
            advice="Write UTF-8 into the definition.",
        )
    if said or is_utf8(data):
        text = decoded(data, target, "The CSV", f"{target}, as the definition says")
        if said.startswith("iso8859") and re.search("[\x80-\x9f]", text):
            raise BadArgument(
                f"The CSV is not in {said}, as the definition says: its € or curly quotes are those of windows-1252.",
                advice="Save it as UTF-8, and write UTF-8 into the definition.",
            )
        return Text(text, target, notes=notes)
    text = decoded(data, "cp1252", "The CSV", "UTF-8, and not in windows-1252 either")
    letters = " ".join(sorted({each for each in text if not each.isascii()})[:_LETTERS])
    note = "The file is not UTF-8. It is read as windows-1252 and sent as UTF-8: look whether these letters are right: "
    return Text(text, target, notes=(*notes, note + letters))


def _of_mark(data: bytes, mark: str, target: str, known: str) -> tuple[str, ...]:
    if known:
        return ()
    if mark != "utf-8":
        return (f"The file is in {family(mark)}, which Actito doesn't read: it is sent as {family(target)}.",)
    return ("The file begins with a byte order mark, with which Actito refuses it: it is sent without.",)


def _tidied(found: Text) -> Text:
    """The text without what only some programs understand.

    Raises:
        BadArgument: its lines are written out as backslash and n.
    """
    text, notes = found.text, list(found.notes)
    if not re.search(r"[\r\n]", text.strip()) and re.search(r"\\[rn]", text):
        raise BadArgument(
            "All rows are in one line: it has a backslash and an n (\\n) written out where line breaks belong.",
            advice="Give the rows with real line breaks.",
        )
    line, separator = 1, ""
    if first := _SEPARATOR_LINE.match(text):
        text, line, separator = text[first.end() :], 2, first[1]
        notes.append(f"The first line, {first[0].strip()}, is for Excel alone: it is left out.")
    if "\n" not in text and "\r" in text:
        text = text.replace("\r", "\n")
        notes.append("Its lines end as on old Macs (CR): they are sent with LF.")
    return replace(found, text=text, line=line, separator=separator, notes=tuple(notes))
