"""Files in an answer: what a client can show besides text and data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Content:
    """A file as it is stored. `address` is where it can be read again as a resource, `name` is what people call it."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    address: str = ""
