"""One record of a custom table: from its business key to its values in the types of the structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from tools import reads
from tools.actito.privacy import masked, personal_names
from tools.actito.table_book import CUSTOM_ROUTES, Tables
from tools.actito.table_structure import Kind, Table
from tools.call import Call
from tools.errors import BadArgument
from upstream.actito.records import CustomRecord, GetRecord
from upstream.errors import NotFound

ROUTES = (*CUSTOM_ROUTES, GetRecord)
"""The routes that reading one record may take."""

OfRecords = Annotated[list[str], "Keys"]
"""Which records, by their business keys."""

KIND = "record"

OR_NOT_ALLOWED = "Actito also answers so when the key may not read records, or when there is no such table."


@dataclass(frozen=True)
class Found:
    """A record as it is: its business key, and its values by name."""

    table: Table
    key: str
    values: Mapping[str, Any]

    @property
    def target(self) -> str:
        """The record as an approval names it."""
        return target(self.table, self.key)


def target(table: Table, key: str) -> str:
    """The id of a record within the licence: entity, table and business key."""
    return f"{table.entity}/{table.name}/{key}"


async def table_of(call: Call, entity: str, reference: str) -> Table:
    """The custom table that is meant.

    Raises:
        UnknownName, Ambiguous, UpstreamError: as the book of tables does.
    """
    book: Tables = call.kept(Tables)
    return await book.one(call, entity, reference, Kind.CUSTOM)


async def record_of(call: Call, table: Table, key: str) -> Found | None:
    """The record of a business key as it is now, or of a technical id; None where Actito says that there is none.

    Raises:
        UpstreamError: it could not be read.
    """
    try:
        read = await call.send(GetRecord(entity=table.entity, custom_table=table.name, record_id=key))
    except NotFound:
        return None
    return found(table, read, key)


async def records_of(call: Call, table: Table, keys: Sequence[str]) -> tuple[list[Found], list[str]]:
    """The records of these keys, each once, and the keys that no record has.

    Raises:
        BadArgument: an empty key.
        UpstreamError: one of them could not be read.
    """
    wanted = list(dict.fromkeys(checked_key(each) for each in keys))
    read = await reads.each(wanted, lambda key: record_of(call, table, key))
    there = {record.key: record for record in read.values() if record is not None}
    return list(there.values()), [key for key in wanted if read[key] is None]


def checked_key(key: str) -> str:
    """A business key as it can stand in an address.

    Raises:
        BadArgument: it can't.
    """
    said = key.strip()
    if not said.strip("."):
        raise BadArgument(f"{key!r} can't be the key of a record.")
    return said


def found(table: Table, record: CustomRecord, called: str = "") -> Found:
    """A record as it came; `called` stands for its key where the structure doesn't tell which attribute that is."""
    values = table.typed(record.properties)
    return Found(table, str(values.get(table.key) or called) if table.key else called, values)


def without_personal(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with those masked that speak of a person."""
    personal = personal_names([*table.attributes, *values])
    return {name: masked(value) if name in personal else value for name, value in values.items()}
