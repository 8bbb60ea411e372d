"""What names something in a path of Actito: technical names, ids, and references to a profile."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, Field

from upstream.errors import Refused
from upstream.written import text


def _one_segment(value: str) -> str:
    """The value itself. A gateway may decode an address before it looks where that leads, so nothing in it may.

    Raises:
        Refused: it is empty, dots alone, has dots alone between slashes, or a control character.
    """
    pieces = [piece.partition(";")[0].strip() for said in (value, unquote(value)) for piece in re.split(r"[/\\]", said)]
    if (
        not value.strip(".")
        or any(piece in (".", "..") for piece in pieces)
        or any(ord(each) < 32 or ord(each) == 127 for each in value)
    ):
        raise Refused(
            "Not sent: no name or id is empty, has . or .. alone or between slashes, or a control character.",
            advice="Write it as Actito shows it.",
        )
    return value


Segment = Annotated[str, Field(coerce_numbers_to_str=True), AfterValidator(_one_segment)]
"""A technical name or an id: one segment of a path. No empty text and no dots alone, which would leave the route."""

Reference = Segment
"""A profile: its number, or `attribute=value` with an attribute that is unique, such as `emailAddress=ada@example.org`.

Source: contract, from public client code; the first equals sign travels as it is, everything around it encoded.
"""


def reference(attribute: str, value: object) -> str:
    """A profile by a unique attribute, as the `profile` of a request takes it."""
    return f"{attribute}={text(value)}"
