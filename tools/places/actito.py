"""Places of Actito: the entities, and the structure of their profile tables and custom tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.actito.entity_book import ROUTES as ENTITY_ROUTES
from tools.actito.entity_book import Entities, entity_of
from tools.actito.table_book import CUSTOM_ROUTES, PROFILE_ROUTES, Tables
from tools.actito.table_structure import Kind, Table
from tools.actito.tables import about, attribute_row
from tools.call import Call
from tools.places.address import ACTITO, ACTITO_SCHEME, SHELVES, SYSTEMS, Address, address
from tools.places.place import Link, Place, Section
from upstream.request import Request

ROUTES: tuple[type[Request[Any]], ...] = (*ENTITY_ROUTES, *PROFILE_ROUTES, *CUSTOM_ROUTES)
"""The routes that places of Actito are read by."""

KINDS = {"profile-tables": Kind.PROFILES, "custom-tables": Kind.CUSTOM}
_TOP = Link(SYSTEMS[ACTITO], ACTITO_SCHEME, "entities")
_SHOWN = ("name", "type", "rules", "accepted", "meaning", "label")


async def place(call: Call, where: Address) -> Place:
    """What is at an address of Actito: all entities, an entity, its tables, or one table with its structure.

    Raises:
        UnknownName: nothing is there.
    """
    if not where.keys:
        entities = await call.kept(Entities).all(call)
        links = [_entity_link(each.name, each.comment) for each in entities]
        return Place(ACTITO_SCHEME, SYSTEMS[ACTITO], "entities", sections=[Section("Entities", links)])
    entity = await entity_of(call, where.keys[0])
    if not where.word:
        shelves = [Link(SHELVES[word].title, address(word, entity), SHELVES[word].title.lower()) for word in KINDS]
        return Place(_entity_link(entity).address, entity, "entity", [_TOP], sections=[Section("Places", shelves)])
    book: Tables = call.kept(Tables)
    if len(where.keys) == 1:
        return _shelf(entity, where.word, await book.all(call, entity, KINDS[where.word]))
    return _table(call, where.word, await book.one(call, entity, where.keys[1], KINDS[where.word]))


def tables(entity: str, word: str, found: Iterable[Table]) -> list[Link]:
    """Tables as links, in the order of their names."""
    return [
        Link(each.name, address(word, entity, each.reference), each.kind.value, f"{len(each.attributes)} attributes")
        for each in sorted(found, key=lambda each: each.name.casefold())
    ]


def _entity_link(entity: str, comment: str = "") -> Link:
    return Link(entity, str(Address(ACTITO, "", (entity,))), "entity", comment)


def _shelf(entity: str, word: str, found: Iterable[Table]) -> Place:
    shelf = SHELVES[word]
    more = f'{shelf.finder} with entity="{entity}"'
    sections = [Section(shelf.title, tables(entity, word, found), more=more)]
    path = [_TOP, _entity_link(entity)]
    return Place(address(word, entity), f"{shelf.title} of {entity}", shelf.title.lower(), path, sections=sections)


def _table(call: Call, word: str, table: Table) -> Place:
    shelf = SHELVES[word]
    rows = [{name: attribute_row(each, table.key)[name] for name in _SHOWN} for each in table.attributes.values()]
    facts = {name: value for name, value in about(call, table).items() if name not in ("name", "entity")}
    return Place(
        address(word, table.entity, table.reference),
        table.name,
        table.kind.value,
        [_TOP, _entity_link(table.entity), Link(shelf.title, address(word, table.entity), shelf.title.lower())],
        facts,
        [Section("Attributes", rows=rows, more=f'{shelf.finder} with table="{table.reference}"')],
    )
