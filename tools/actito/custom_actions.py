"""Finding custom actions of Actito: blocks of a scenario that call a system of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito.custom_action_book import actions_of, listeners, one, parameters_of
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.call import Call
from tools.columns import choose, words_in
from tools.declare import finds
from tools.listing import Listing, left_out, narrowed_by, paged
from tools.parameters import Cursor, Fields, Limit
from upstream.actito.custom_actions import CustomAction, GetCustomAction, ListCustomActions
from upstream.actito.webhooks import ListWebhooks

COLUMNS = ("name", "id", "parameters", "webhooks")
SHOWN = ("name", "id", "parameters")


@finds(ListCustomActions, GetCustomAction, ListWebhooks, *ROUTES, title="Find custom actions")
async def actito_actions_find(
    call: Call,
    action: Annotated[str, "Id or name"] = "",
    search: Annotated[str, "Words"] = "",
    entity: OfEntity = "",
    fields: Fields = [],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing:
    """Find custom actions of scenarios with their parameters, and the webhooks that listen to them."""
    question = {"tool": "actito_actions_find", "what": [action, search, entity, fields]}

    async def look() -> Listing:
        where = await entity_of(call, entity)
        found: Sequence[CustomAction] = await actions_of(call, where)
        default: Sequence[str] = SHOWN
        if action.strip():
            chosen = one(found, action)
            found, default = [await call.send(GetCustomAction(entity=where, custom_action_id=chosen.id))], COLUMNS
        shown = choose(fields, _columns(found), default)
        heard = await listeners(call, where) if "webhooks" in shown else {}
        rows = [_row(each, heard) for each in found]
        rows = [each for each in rows if words_in(search, each["name"], *(each["parameters"] or []))]
        notes = [] if heard is not None else ["The webhooks could not be read, so what listens is not known."]
        notes += narrowed_by(search, rows)
        if action.strip():
            notes += left_out(len(rows), len(found))
            notes.append("Which scenarios use it can't be read: Actito's interface shows it.")
        return Listing("custom actions", rows, shown, _columns(found), len(rows), notes=notes)

    return await paged(call, question, cursor, limit, look)


def _columns(found: Sequence[CustomAction]) -> list[str]:
    """What custom actions have: fields that no page describes come behind the known ones."""
    return list(dict.fromkeys([*COLUMNS, *(key for each in found for key in each.model_extra or {})]))


def _row(action: CustomAction, heard: Mapping[str, list[str]] | None) -> dict[str, Any]:
    parameters = [f"{name}: {kind.lower()}" if kind else name for name, kind in parameters_of(action).items()]
    return {
        **(action.model_extra or {}),
        "name": action.name,
        "id": action.id,
        "parameters": parameters or None,
        "webhooks": (heard or {}).get(action.id),
    }
