"""What several categories share: how names and dates are written, and values by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, PlainSerializer

from upstream.record import Entry, Many, Record


def wire_name(name: str) -> str:
    """`template_db_id` as Collaborate writes it: `Template_DB_ID`.

    Source: the code of a public client (Project_Name, Template_DB_ID, Form_ID); the other names follow it.
    """
    return "_".join(word.upper() if word in ("id", "db") else word.capitalize() for word in name.split("_"))


class CollaborateRecord(Record):
    """An object as Collaborate answers it. Numbers may also come as their decimal text."""

    model_config = ConfigDict(alias_generator=wire_name)


class CollaborateEntry(Entry):
    """An object as Collaborate is sent it."""

    model_config = ConfigDict(alias_generator=wire_name)


Day = Annotated[date, PlainSerializer(date.isoformat)]
"""A day, sent as yyyy-MM-dd. Source: Collaborate REST API 10.1.0, forms page, for the filters; inferred elsewhere."""

Instant = Annotated[AwareDatetime, PlainSerializer(datetime.isoformat)]
"""A moment, sent as ISO 8601 with its offset. Inferred: ISO is assumed wherever Collaborate has dates with a time."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a collection to read: `size` items from `offset` on. Sent as `offset-size`, not as first-last.

    Source: Collaborate REST API 10.1.0, lists page (10-4 means from 10 up to 14). Inferred: that the end is exclusive.
    """

    offset: int = 0
    size: int = 10

    def __post_init__(self) -> None:
        if self.offset < 0 or self.size < 1:
            raise ValueError("a window begins at 0 or later and holds at least one item")

    def __str__(self) -> str:
        return f"{self.offset}-{self.size}"


class AttributeValue(CollaborateRecord):
    """A parameter of an offer with its values, read and sent alike. Inferred: the shape of a user variable."""

    attribute_name: str = ""
    attribute_values: Many[str] = []
