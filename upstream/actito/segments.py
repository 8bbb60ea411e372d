"""What names something in a path of Actito: technical names, ids, and references to a profile."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from upstream.written import text

Segment = Annotated[str, Field(pattern=r"[^.]", coerce_numbers_to_str=True)]
"""A technical name or an id: one segment of a path. No empty text and no dots alone, which would leave the route."""

Reference = Segment
"""A profile: its number, or `attribute=value` with an attribute that is unique, such as `emailAddress=ada@example.org`.

Source: contract, from public client code; the first equals sign travels as it is, everything around it encoded.
"""


def reference(attribute: str, value: object) -> str:
    """A profile by a unique attribute, as the `profile` of a request takes it."""
    return f"{attribute}={text(value)}"
