"""Finding profile tables and custom tables of Actito, and reading their structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.table_book import CUSTOM_ROUTES, PROFILE_ROUTES, Tables
from tools.actito.table_structure import Attribute, ForeignKey, Kind, Table
from tools.call import Call
from tools.columns import choose, words_in
from tools.declare import finds
from tools.listing import Listing, narrowed_by, paged
from tools.parameters import PAGE, Cursor, Fields
from upstream.errors import Forbidden, NotFound, UpstreamError

COLUMNS = ("name", "id", "kind", "attributes", "unique", "subscriptions", "segmentations", "key", "type", "events")
SHOWN = ("name", "id", "kind", "attributes", "subscriptions", "segmentations")

ATTRIBUTE_COLUMNS = (
    "name",
    "id",
    "type",
    "rules",
    "accepted",
    "meaning",
    "label",
    "unique",
    "mandatory",
    "several",
    "shortest",
    "longest",
)
ATTRIBUTES_SHOWN = ("name", "type", "rules", "accepted")

UNREAD = (
    "The structure could not be read (the key may lack the right), so this doesn't tell whether there is such a table."
)

_KINDS: Mapping[str, Sequence[Kind]] = {"": tuple(Kind), "profile": (Kind.PROFILES,), "custom": (Kind.CUSTOM,)}


@finds(*ROUTES, *PROFILE_ROUTES, *CUSTOM_ROUTES, title="Find tables")
async def actito_tables_find(
    call: Call,
    table: Annotated[str, "Name or id: its structure"] = "",
    kind: Annotated[Literal["", "profile", "custom"], "Kind"] = "",
    search: Annotated[str, "Words"] = "",
    entity: OfEntity = "",
    fields: Fields = [],
    cursor: Cursor = "",
) -> Listing:
    """Find the tables of an entity; of one table its attributes with accepted values, opt-ins and segments."""
    question = {"tool": "actito_tables_find", "what": [table, kind, search, entity, fields]}

    async def look() -> Listing:
        where = await entity_of(call, entity)
        if table.strip():
            found = await call.kept(Tables).either(call, where, table, _KINDS[kind])
            return structure(call, found, search, fields)
        known, notes = await _all(call, where, _KINDS[kind])
        rows = [row(each) for each in known if words_in(search, each.name, *each.attributes)]
        notes += narrowed_by(search, rows)
        return Listing("tables", rows, choose(fields, COLUMNS, SHOWN), COLUMNS, len(rows), notes=notes)

    return await paged(call, question, cursor, PAGE, look)


async def _all(call: Call, entity: str, kinds: Sequence[Kind]) -> tuple[list[Table], list[str]]:
    """The tables of these kinds; one of two that the key may not read is said."""
    found: list[Table] = []
    problems: dict[Kind, UpstreamError] = {}
    for kind in kinds:
        try:
            found += await call.kept(Tables).all(call, entity, kind, fresh=True)
        except (Forbidden, NotFound) as problem:
            problems[kind] = problem
    if len(problems) == len(kinds):
        raise problems[kinds[-1]]
    return found, [f"The {kind}s could not be read: {problem}" for kind, problem in problems.items()]


def row(table: Table) -> dict[str, Any]:
    """A table as a row."""
    return {
        "name": table.name,
        "id": table.id or None,
        "kind": table.kind.value,
        "attributes": len(table.attributes) if table.known else None,
        "unique": [each.name for each in table.attributes.values() if each.unique] or None,
        "subscriptions": list(table.subscriptions) or None,
        "segmentations": list(table.segmentations) or None,
        "key": table.key or None,
        "type": table.more.get("type") or None,
        "events": table.more.get("events") or None,
    }


def structure(call: Call, table: Table, search: str = "", fields: Sequence[str] = ()) -> Listing:
    """The structure of a table: a row for each attribute, and what it is about."""
    rows = [
        attribute_row(each, table.key)
        for each in table.attributes.values()
        if words_in(search, each.name, each.label, each.type)
    ]
    notes = [] if table.known else [UNREAD]
    matching = " matching the words" if search.strip() else ""
    return Listing(
        "attributes",
        rows,
        choose(fields, ATTRIBUTE_COLUMNS, ATTRIBUTES_SHOWN),
        ATTRIBUTE_COLUMNS,
        len(rows),
        notes=[*notes, *narrowed_by(search, rows)],
        about=about(call, table),
        counts=(
            f"{table.kind.value.capitalize()} with {len(rows)} attribute{'' if len(rows) == 1 else 's'}{matching}"
            if table.known
            else f"{table.kind.value.capitalize()} of unknown structure"
        ),
    )


def about(call: Call, table: Table) -> dict[str, Any]:
    """The facts of a table besides its attributes; those that it doesn't have are left out."""
    facts = {
        "name": table.name,
        "id": table.id,
        "entity": table.entity,
        "key": table.key,
        "subscriptions": list(table.subscriptions),
        "segmentations": [
            f"{name} ({', '.join(categories) or 'yes or no'})" for name, categories in table.segmentations.items()
        ],
        "foreign_keys": [foreign_key(call, table, each) for each in table.foreign_keys],
        **table.more,
    }
    return {name: value for name, value in facts.items() if value}


def foreign_key(call: Call, table: Table, key: ForeignKey) -> str:
    """A foreign key in words, such as `branchCode -> Branches (on delete: cascade)`."""
    leads = f"{key.attribute} -> {call.kept(Tables).led_to(table.entity, key)}"
    return f"{leads} (on delete: {key.on_delete.lower()})" if key.on_delete else leads


def attribute_row(attribute: Attribute, key: str = "") -> dict[str, Any]:
    """An attribute as a row; `rules` are the words for what holds of it, `key` is the attribute that names a record."""
    rules = [
        word
        for word, holds in (
            ("written by Actito", attribute.technical),
            ("key", attribute.name == key),
            ("unique", attribute.unique and not attribute.technical and attribute.name != key),
            ("mandatory", attribute.mandatory and not attribute.technical),
            ("several values", attribute.several),
            (f"at least {attribute.shortest} characters", attribute.shortest),
            (f"at most {attribute.longest} characters", attribute.longest),
        )
        if holds
    ]
    return {
        "name": attribute.name,
        "id": None,
        "type": attribute.type.lower(),
        "rules": ", ".join(rules) or None,
        "accepted": list(attribute.accepted) or None,
        "meaning": None if attribute.kind == "CUSTOM" else attribute.kind.replace("_", " ").lower(),
        "label": attribute.label or None,
        "unique": attribute.unique,
        "mandatory": attribute.mandatory,
        "several": attribute.several,
        "shortest": attribute.shortest,
        "longest": attribute.longest,
    }
