"""Deleting custom actions of Actito."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from tools.actito import SYSTEM
from tools.actito.custom_action_book import actions_of, listeners, parameters_of, pick
from tools.actito.deleting import delete_each
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from upstream.actito.custom_actions import CustomAction, DeleteCustomAction, GetCustomAction, ListCustomActions
from upstream.actito.webhooks import ListWebhooks
from upstream.request import Risk

MOST_AT_ONCE = 50


@changes(DeleteCustomAction, ListCustomActions, GetCustomAction, ListWebhooks, *ROUTES, title="Delete custom actions")
async def actito_actions_delete(
    call: Call, actions: Annotated[list[str], "Ids or names"], entity: OfEntity = ""
) -> Plan:
    """Delete custom actions for good; which scenarios use them can't be seen."""
    if not 0 < len(actions) <= MOST_AT_ONCE:
        raise BadArgument(f"Name 1 to {MOST_AT_ONCE} custom actions by id or name; {len(actions)} were named.")
    where = await entity_of(call, entity)
    known = await actions_of(call, where)
    chosen: dict[str, CustomAction] = {}
    missing: list[str] = []
    for reference in actions:
        if (found := pick(known, reference)) is not None:
            chosen[found.id] = found
        else:
            missing.append(reference.strip())
    if not chosen:
        raise UnknownName(
            f"No custom action has the id {', '.join(missing[:20])}.", advice="Look for it with actito_actions_find."
        )
    heard = await listeners(call, where)
    lines = [f"{each.name}: {line}" for each in chosen.values() for line in (heard or {}).get(each.id, [])]
    unread = [] if heard is not None else ["Which webhooks listen to them could not be read."]
    return Plan(
        [_deletion(where, each) for each in chosen.values()],
        [_gone(where, each) for each in missing],
        Dependents(lines, label="Listens to it", none="no webhook found") if heard is not None else None,
        warnings=["Scenarios may use them, which no route shows: look in Actito's interface first.", *unread],
        final="no route brings a custom action back.",
    )


def _deletion(entity: str, action: CustomAction) -> Change:
    before = {"parameters": list(parameters_of(action))} if action.parameters else {}
    name = action.name or "(without a name)"
    return Change(
        SYSTEM,
        "custom_action",
        "delete",
        name,
        f"{entity}/{action.id}",
        risk=Risk.DESTRUCTIVE,
        before=before,
        number=action.id,
    )


def _gone(entity: str, reference: str) -> Outcome:
    change = Change(SYSTEM, "custom_action", "delete", reference, f"{entity}/{reference}", risk=Risk.DESTRUCTIVE)
    return Outcome(change, "already", "no custom action has this id")


@actito_actions_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return await delete_each(
        call,
        changes,
        lambda entity, number: DeleteCustomAction(entity=entity, custom_action_id=number),
        lambda entity, number: GetCustomAction(entity=entity, custom_action_id=number),
    )
