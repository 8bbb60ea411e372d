"""Entities: to which one an argument means, asked of the licence and remembered for a while."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated

import anyio

from tools.actito.versions import read_either
from tools.call import Call
from tools.errors import Ambiguous, UnknownName
from tools.names import INDEX_SECONDS
from tools.nearest import nearest
from upstream.actito.entities import Entity, ListEntities, ListEntitiesV4
from upstream.errors import Forbidden, NotFound

OfEntity = Annotated[str, "Entity"]
"""Which entity; it can be left out where there is one, or a default in the settings."""

ROUTES = (ListEntities, ListEntitiesV4)
"""The routes that finding an entity may take; every tool with an `entity` has them."""

NO_ENTITY = "-"
"""What stands for the entity in licences without any. Source: Actito, older web service pages."""


class Entities:
    """The entities of the licence, remembered for some minutes."""

    def __init__(self) -> None:
        self._made = 0.0
        self._known: list[Entity] = []
        self._asking = anyio.Lock()

    async def all(self, call: Call, *, fresh: bool = False) -> Sequence[Entity]:
        """Every entity that the key may use."""
        # One asks for all that call at the same time.
        async with self._asking:
            if fresh or not self._known or time.monotonic() - self._made > INDEX_SECONDS:
                self._known = await read_either(call, "entities", ListEntities(), ListEntitiesV4())
                self._made = time.monotonic()
        return self._known


async def entity_of(call: Call, reference: str) -> str:
    """The technical name of the entity that is meant: by name or id, else that of the settings, else the only one.

    Raises:
        UnknownName: no entity has this name, with the nearest.
        Ambiguous: none was named and there are several.
        UpstreamError: the entities could not be read.
    """
    wanted = reference.strip() or call.options.get("actito_entity", "")
    if wanted == NO_ENTITY:
        return wanted
    book: Entities = call.kept(Entities)
    try:
        known = await book.all(call)
        if wanted and not _called(known, wanted):
            known = await book.all(call, fresh=True)
    except (Forbidden, NotFound):
        if wanted:
            return wanted
        raise
    if wanted:
        found = _called(known, wanted)
        if not found:
            near = nearest(wanted, [each.name for each in known])
            source = "" if reference.strip() else " (CAMPAIGN_MCP_ACTITO__ENTITY)"
            raise UnknownName(
                f"No entity is called {wanted[:60]!r}{source}.",
                advice="The nearest are shown." if near else "actito_entities_find lists those that the key may use.",
                lines=near,
            )
        return found[0].name
    if len(known) == 1:
        return known[0].name
    if not known:
        return NO_ENTITY
    raise Ambiguous(
        f"The licence has {len(known)} entities, and none was named.",
        advice="Give the one that is meant as entity.",
        lines=[each.name for each in known],
    )


def _called(known: Sequence[Entity], wanted: str) -> list[Entity]:
    """The entities of this name, or of this number; a spelling in other cases serves where only one has it."""
    exact = [each for each in known if each.name == wanted]
    loose = [each for each in known if each.name.casefold() == wanted.casefold()]
    return exact or (loose if len(loose) == 1 else []) or [each for each in known if str(each.id) == wanted]
