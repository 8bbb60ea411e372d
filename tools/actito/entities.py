"""Finding the entities of an Actito licence."""

from __future__ import annotations

from typing import Annotated

from tools.actito.entity_book import ROUTES, Entities
from tools.call import Call
from tools.columns import words_in
from tools.declare import finds
from tools.listing import Listing, narrowed_by

COLUMNS = ("name", "id", "comment")


@finds(*ROUTES, title="Find entities")
async def actito_entities_find(call: Call, search: Annotated[str, "Words"] = "") -> Listing:
    """Find the entities (brands, countries) of the licence: everything else in Actito belongs to one."""
    known = await call.kept(Entities).all(call, fresh=True)
    rows = [
        {"name": each.name, "id": each.id, "comment": each.comment or None}
        for each in known
        if words_in(search, each.name, each.comment)
    ]
    default = call.options.get("actito_entity", "")
    notes = [f"Where no entity is named, {default} is meant (CAMPAIGN_MCP_ACTITO__ENTITY)."] if default else []
    return Listing("entities", rows, COLUMNS, COLUMNS, len(rows), notes=[*notes, *narrowed_by(search, rows)])
