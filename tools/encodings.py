"""Text in files: the character set of bytes by their marks and by what a page claims, never by a guess at the language.

Source: WHATWG, Encoding Standard (what a label means) and HTML, determining the character encoding (what wins).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import webencodings

from tools.errors import BadArgument

CLAIM_CHARACTERS = 16_384
"""How far into a page its claim is looked for."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; that of UTF-32 begins as that of UTF-16 does."""

_WIDER = {"gbk": "gb18030", "x-user-defined": "cp1252"}
"""What a page of this character set is read as, where the standard's reader knows more than Python's codec."""

_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_CLAIMS = re.compile(
    r"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*(?P<meta>[^\s"'/>;]+)"""
    r"""|^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["'](?P<xml>[^"'<>]+)""",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_READ_TWICE = re.compile(f"(?:[ÂÃ]|â€)[{re.escape(bytes(range(0x80, 0xC0)).decode('cp1252', 'ignore'))}]")


def by_mark(data: bytes) -> str:
    """The Unicode encoding that bytes show by a mark at their beginning or by their zeros; empty where they don't."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    start = data[:4096]
    zeros = [start[place::4].count(0) for place in range(4)]
    groups = len(start) // 4
    if not any(zeros) or not groups:
        return ""
    if zeros[3] >= groups and zeros[2] >= 0.9 * groups and not zeros[0]:
        return "utf-32-le"
    if zeros[0] >= groups and zeros[1] >= 0.9 * groups and not zeros[3]:
        return "utf-32-be"
    odd, even = zeros[1] + zeros[3], zeros[0] + zeros[2]
    if max(odd, even) >= 0.4 * 2 * groups and not min(odd, even):
        return "utf-16-le" if odd else "utf-16-be"
    return ""


def family(encoding: str) -> str:
    """A Unicode encoding as people call it, without the order of its bytes: `UTF-16`."""
    return encoding.removesuffix("-le").removesuffix("-be").upper()


def decoded(data: bytes, encoding: str, what: str, named: str) -> str:
    """The text of bytes, without a byte order mark; `named` is what an error calls the encoding.

    Raises:
        BadArgument: they are not in this encoding, with the place of the first byte that isn't.
    """
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        place = place_of(data, min(error.start, len(data) - 1))
        raise BadArgument(
            f"{what} is not in {named}: {place} is no character of it.", advice="Save the file anew as UTF-8."
        ) from None


def place_of(data: bytes, position: int) -> str:
    """A byte as a person finds it: `byte 0xE9 in line 12 (position 340)`."""
    before = data[:position]
    line = max(before.count(b"\n"), before.count(b"\r")) + 1
    return f"byte 0x{data[position]:02X} in line {line:,} (position {position + 1:,})"


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are valid UTF-8, which text of another encoding beyond ASCII practically never is."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def page_text(data: bytes, what: str = "The HTML file") -> tuple[str, str]:
    """The text of an HTML page, and the character set that it was read in, as the standard calls it.

    A byte order mark wins, then what is valid UTF-8, then what the page claims: `iso-8859-1`, `latin1` and `ascii` mean
    windows-1252, as in mail programs.

    Raises:
        BadArgument: it is in none of these, with the byte that shows it.
    """
    if mark := by_mark(data):
        return decoded(data, mark, what, f"{family(mark)}, as its first bytes say"), family(mark).lower()
    label = claim_in(data[:CLAIM_CHARACTERS].decode("latin-1"))
    claimed = webencodings.lookup(label)
    in_seven_bits = claimed is not None and claimed.name == "iso-2022-jp"
    if not in_seven_bits and is_utf8(data):
        return data.decode("utf-8"), "utf-8"
    if not label:
        raise BadArgument(
            f"{what} is not in UTF-8 ({_first_bad_byte(data)}), and does not claim another character set.",
            advice='Save it anew as UTF-8, or let it say what it is: <meta charset="windows-1252">.',
        )
    if claimed is None or claimed.name == "replacement":
        raise BadArgument(
            f"{what} is not in UTF-8 ({_first_bad_byte(data)}), and claims {label[:40]!r}, a character set that no "
            "browser reads.",
            advice="Save it anew as UTF-8.",
        )
    # A page that can be searched for its claim byte by byte is not UTF-16, whatever it claims.
    name = "utf-8" if claimed.name.startswith("utf-16") else claimed.name
    codec = _WIDER.get(name) or claimed.codec_info.name
    return decoded(data, codec, what, f"{name}, as it claims ({label[:40]})"), name


def claim_in(page: str) -> str:
    """The character set that a page claims by a meta tag or an XML declaration; empty where it claims none."""
    found = next(_claims_in(page), None)
    return found[0] if found else ""


def claiming_utf8(page: str) -> tuple[str, str]:
    """The page with every claim of another character set than UTF-8 corrected, and the first that was; empty if none.

    What is sent is UTF-8, so a page that goes on claiming something else is read wrongly.
    """
    others = [each for each in _claims_in(page) if not _means_utf8(each[0])]
    for _, start, end in reversed(others):
        page = f"{page[:start]}utf-8{page[end:]}"
    return page, others[0][0] if others else ""


def _claims_in(page: str) -> Iterator[tuple[str, int, int]]:
    """Label, start and end of each claim; what is commented out claims nothing."""
    head = _COMMENT.sub(lambda comment: " " * len(comment[0]), page[:CLAIM_CHARACTERS])
    for found in _CLAIMS.finditer(head):
        group = "meta" if found["meta"] else "xml"
        yield found[group].strip(), found.start(group), found.end(group)


def _means_utf8(label: str) -> bool:
    known = webencodings.lookup(label)
    return known is not None and known.name == "utf-8"


def refuse_controls(text: str, what: str) -> None:
    """Let only characters pass that a text can have.

    Raises:
        BadArgument: it holds a control character besides tabs, page feeds and line breaks, or half a character.
    """
    if found := _CONTROL.search(text) or _HALF.search(text):
        line = _line_of(text, found.start())
        code = ord(found[0])
        if code == 0:
            why = "a zero byte, so it is no text or was damaged on its way"
        elif 0x80 <= code <= 0x9F:
            why = f"the control character U+{code:04X}, which is what a wrongly converted letter turns into"
        else:
            why = f"the control character U+{code:04X}" if code < 0x80 else f"half a character (U+{code:04X})"
        raise BadArgument(f"{what} has {why}, first in line {line:,}.", advice="Take it out, or save the text anew.")


def doubts_about(text: str) -> list[str]:
    """What in a text shows that letters were lost or read wrongly before it came here."""
    found = []
    if lost := text.count("\ufffd"):
        found.append(f"{lost:,} {'letter was' if lost == 1 else 'letters were'} lost before: � stands in the place.")
    if twice := _READ_TWICE.findall(text):
        found.append(
            f"{twice[0]!r} and the like stand in it {len(twice):,} times, as if UTF-8 had been read as windows-1252 "
            "before: look at the accents."
        )
    return found


def _first_bad_byte(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return place_of(data, error.start)
    return "its bytes are of seven bits"


def _line_of(text: str, position: int) -> int:
    before = text[:position]
    return max(before.count("\n"), before.count("\r")) + 1
