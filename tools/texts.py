"""Texts that a campaign system is to keep: what a person can't see in them is refused, never stored."""

from __future__ import annotations

import unicodedata

from tools.errors import BadArgument


def stored_text(value: str, what: str, *, lines: bool = False) -> str:
    """The text without white space around it, if it may be stored; `what` names the argument.

    Control, bidirectional and other invisible characters are refused; line breaks and tabs too, unless `lines`.

    Raises:
        BadArgument: it holds such a character, or is not one line.
    """
    text = value.strip()
    if any(unicodedata.category(each)[0] == "C" and each not in "\n\r\t" for each in text):
        raise BadArgument(f"{what} holds control or invisible characters: write the text anew.")
    if not lines and any(each in "\n\r\t\u2028\u2029" for each in text):
        raise BadArgument(f"{what} is one line, without tabs.")
    return text
