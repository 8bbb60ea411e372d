"""Text from a campaign system is data: how it is made harmless before a person or a model reads it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.dates import as_text, in_words
from upstream.moment import NotUnderstood

NAME_LENGTH = 80
"""Longest text of a campaign system in a question to a person."""

_STEERING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def one_line(value: object, length: int = NAME_LENGTH) -> str:
    """A text as one line without control or bidirectional characters, cut to `length`."""
    text = str(value)
    if len(text) <= length and text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return text
    # What lies far behind the cut need not be read: a value can be of any size.
    line = " ".join(clean(text[: 4 * length]).split())
    return cut(line if len(text) <= 4 * length else line + "…", length)


def clean(text: str) -> str:
    """A text without characters that steer a terminal, hide, or turn the order of reading; line ends stay."""
    return text if text.isascii() and text.isprintable() else text.translate(_HARMLESS)


SCRIPTS = 0x3000
"""Characters below are remembered: alphabets, signs and punctuation. All there are would take 80 MB."""


class _Harmless(dict[int, int]):
    """What becomes of each character, found out when it is first seen: values can be long."""

    def __missing__(self, code: int) -> int:
        steers = unicodedata.category(chr(code)) in _STEERING and chr(code) not in "\n\t"
        # The second block of variation selectors is invisible and can carry a whole hidden text.
        found = ord(" ") if steers or 0xE0100 <= code <= 0xE01EF else code
        if code < SCRIPTS:
            self[code] = found
        return found


_HARMLESS = _Harmless()


def cut(text: str, length: int) -> str:
    """A text of at most `length` characters, which ends in … when something is missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def fenced(content: str) -> str:
    """Content in a fence that it can't close: longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}data\n{content}\n{fence}"


def plain(value: Any, zone: ZoneInfo, length: int) -> Any:
    """A value as typed data: moments as text in `zone`, texts cleaned and cut to `length`, long lists cut too."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime():
            return as_text(value, zone)
        case NotUnderstood():
            return one_line(in_words(value, zone), length)
        case Mapping():
            return {one_line(key): plain(each, zone, length) for key, each in value.items()}
        case list() | tuple():
            most = max(3, length // 10)
            kept = [plain(each, zone, length) for each in value[:most]]
            return kept if len(value) <= most else [*kept, f"… and {len(value) - most} more"]
        case _:
            return cut(clean(str(value)[: length + 1]), length)


def shown(value: Any, zone: ZoneInfo, length: int) -> str:
    """A value as a person reads it, in one line of at most `length` characters."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return as_text(value, zone)
        case NotUnderstood():
            text = in_words(value, zone)
        case Mapping():
            text = "; ".join(f"{key}: {shown(each, zone, length)}" for key, each in value.items())
        case list() | tuple():
            text = ", ".join(shown(each, zone, length) for each in value[:length])
        case float() if value.is_integer():
            text = str(int(value))
        case _:
            text = str(value)
    return one_line(text, length)


def counted(number: int, noun: str) -> str:
    """`1 offer`, `3 offers`; nouns are given in the plural."""
    singular = noun[:-3] + "y" if noun.endswith("ies") else noun[:-1]
    return f"{number} {singular if number == 1 else noun}"


def table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: a bar between the columns, and no bar within one. Cells are lines already."""
    head = [one_line(name) for name in names]
    return [" | ".join(cell.replace("|", "¦") for cell in row) for row in [head, *rows]]
