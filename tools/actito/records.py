"""Finding records of a custom table of Actito."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.privacy import masked, personal_names
from tools.actito.record_book import OR_NOT_ALLOWED, Found, OfRecords, found, records_of, table_of
from tools.actito.record_book import ROUTES as RECORD_ROUTES
from tools.actito.table_book import OfCustomTable
from tools.actito.table_structure import Table
from tools.actito.values import attribute_of, checked, dated, learn
from tools.call import Call
from tools.columns import choose
from tools.declare import finds
from tools.errors import BadArgument, UnknownName
from tools.listing import Listing, paged
from tools.parameters import Cursor, Fields, Limit
from upstream.actito.records import SearchRecords

MOST = 1000
"""Records asked for at once: no route gives the rest, so this is as far as a search sees."""

ROUND = 50
"""An answer of a multiple of so many records may have been cut by the installation, whatever was asked for."""

MOST_KEYS = 100
DEFAULT_COLUMNS = 7


@finds(*ROUTES, *RECORD_ROUTES, SearchRecords, title="Find records")
async def actito_records_find(
    call: Call,
    table: OfCustomTable,
    records: OfRecords = [],
    where: Annotated[str, "attribute=value, one"] = "",
    sort: Annotated[str, "Attribute, -attribute"] = "",
    entity: OfEntity = "",
    fields: Fields = [],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing:
    """Find records of a custom table: by key, or by the value of one attribute."""
    question = {"tool": "actito_records_find", "what": [table, records, where, sort, entity, fields]}
    if records and (where.strip() or sort.strip()):
        raise BadArgument("records names them, where and sort search: give one of the two.")
    if len(records) > MOST_KEYS:
        raise BadArgument(f"Name up to {MOST_KEYS} records; {len(records)} were named.")

    async def look() -> Listing:
        of = await table_of(call, await entity_of(call, entity), table)
        notes = [] if of.known else ["The structure of the table could not be read: values are as they came."]
        if records:
            there, missing = await records_of(call, of, records)
            if not there:
                raise UnknownName(f"{of.name} has no record {', '.join(missing)[:200]!r}.", advice=OR_NOT_ALLOWED)
            notes += [f"No record has the key {', '.join(missing)}. {OR_NOT_ALLOWED}"] if missing else []
            return _listing(of, there, fields, notes)
        request = _search(call, of, where, sort)
        if "*" in where:
            notes.append("Actito most likely compares whole values, so that * stands for itself.")
        there = [found(of, each) for each in await call.send(request)]
        return _listing(of, there, fields, [*notes, *_cut(len(there))], at_least=len(there) >= MOST)

    return await paged(call, question, cursor, limit, look)


def _search(call: Call, table: Table, where: str, sort: str) -> SearchRecords:
    request = SearchRecords(entity=table.entity, custom_table=table.name, number=MOST)
    changes: dict[str, Any] = {}
    if where.strip():
        name, equals, value = where.partition("=")
        if not (name.strip() and equals and value.strip()) or name.strip()[-1] in "<>!":
            raise BadArgument(f"{where[:60]!r} is no condition here: write attribute=value, such as status=BOOKED.")
        attribute = attribute_of(table, name)
        if attribute.type == "TIMESTAMP" and ":" not in value:
            raise BadArgument(
                f"{attribute.name} is a moment: a day alone would be asked as its very midnight.",
                advice=f"Give its time too (yyyy-mm-dd hh:mm), or see the latest with sort=-{attribute.name}.",
            )
        sought = checked(attribute, value.strip(), call.time_zone) if table.known else value.strip()
        said = str(sought[0] if isinstance(sought, list) else sought)
        changes |= {
            "search_field": attribute.name,
            "search_value": said.lower() if isinstance(sought, bool) else said,
        }
    if sort.strip():
        name = sort.strip()
        changes |= {
            "sorted_field": attribute_of(table, name.removeprefix("-")).name,
            "ascending": not name.startswith("-"),
        }
    return request.model_copy(update=changes)


def _cut(count: int) -> list[str]:
    """What to say of an answer that may not be all there is."""
    if count >= MOST:
        said = f"Possibly cut: Actito was asked for {MOST} and gave {count}, and no route gives the rest."
    elif count and count % ROUND == 0:
        said = f"Possibly cut: {count} is a round number, at which this installation may stop."
    else:
        return []
    return [f"{said} Narrow it with where, or sort it the other way to see the other end."]


def _listing(
    table: Table, there: Sequence[Found], fields: Sequence[str], notes: list[str], *, at_least: bool = False
) -> Listing:
    columns = list(table.attributes) or list(dict.fromkeys(name for each in there for name in each.values))
    personal = personal_names(columns)
    default = [name for name in columns if name not in personal and name not in ("name", table.key)]
    shown = choose(fields, columns, ([table.key] if "name" in columns else []) + default[:DEFAULT_COLUMNS])
    hidden = sorted(personal - set(shown), key=columns.index)
    learn(table, (each.values for each in there))
    if hidden and there:
        notes.append(f"Personal data, only if needed and by name in fields: {', '.join(hidden)}.")
    return Listing(
        "records",
        [_row(table, each, personal - set(shown)) for each in there],
        shown,
        columns,
        None if at_least else len(there),
        at_least=at_least,
        notes=notes,
    )


def _row(table: Table, record: Found, hidden: frozenset[str]) -> Mapping[str, Any]:
    """A record as a row: called by its `name` if it has one that is shown, else by its key."""
    row = {
        name: masked(value) if name in hidden else dated(table.attributes.get(name), value, table.dates)
        for name, value in record.values.items()
    }
    key = masked(record.key) if table.key in hidden else record.key
    return {**row, "name": row.get("name") or key}
