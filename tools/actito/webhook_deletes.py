"""Deleting webhooks of Actito."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from tools.actito import SYSTEM
from tools.actito.deleting import delete_each
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.webhook_book import ROUTES as ELEMENT_ROUTES
from tools.actito.webhook_book import Names, called, facts
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from tools.names import is_id
from upstream.actito.webhooks import DeleteWebhook, GetWebhook, ListWebhooks, Webhook
from upstream.request import Risk

MOST_AT_ONCE = 50
LOOK = "Look for it with actito_webhooks_find."


@changes(DeleteWebhook, ListWebhooks, GetWebhook, *ELEMENT_ROUTES, *ROUTES, title="Delete webhooks")
async def actito_webhooks_delete(call: Call, webhooks: Annotated[list[str], "Ids"], entity: OfEntity = "") -> Plan:
    """Delete webhooks for good; to pause one, save it with active=no."""
    if not 0 < len(webhooks) <= MOST_AT_ONCE:
        raise BadArgument(f"Name 1 to {MOST_AT_ONCE} webhooks by id; {len(webhooks)} were named.")
    wrong = [each for each in webhooks if not is_id(each)]
    if wrong:
        raise BadArgument(f"{wrong[0].strip()[:40]!r} is no id of a webhook: they have no names.", advice=LOOK)
    where = await entity_of(call, entity)
    listed = {each.id: each for each in await call.send(ListWebhooks(entity=where)) if each.id is not None}
    numbers = list(dict.fromkeys(int(each) for each in webhooks))
    chosen = [listed[each] for each in numbers if each in listed]
    if not chosen:
        raise UnknownName(f"{where} has no webhook {', '.join(map(str, numbers[:20]))}.", advice=LOOK)
    names = await Names(call, where).learn(chosen)
    return Plan(
        [_deletion(where, each, names) for each in chosen],
        [_gone(where, each) for each in numbers if each not in listed],
        warnings=["The system at the address gets no more events, and is not told so."],
        final="a deleted webhook can only be made anew, with its secret headers.",
        safer="switch it off with actito_webhooks_save (active=no).",
    )


def _deletion(entity: str, webhook: Webhook, names: Names) -> Change:
    element = names.of(webhook)
    before: dict[str, Any] = {key: value for key, value in facts(webhook, element).items() if value is not None}
    name, number = called(webhook, element), str(webhook.id)
    target = f"{entity}/{number}"
    return Change(SYSTEM, "webhook", "delete", name, target, risk=Risk.DESTRUCTIVE, before=before, number=number)


def _gone(entity: str, number: int) -> Outcome:
    change = Change(
        SYSTEM, "webhook", "delete", str(number), f"{entity}/{number}", risk=Risk.DESTRUCTIVE, number=str(number)
    )
    return Outcome(change, "already", f"{entity} has no webhook of this id")


@actito_webhooks_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return await delete_each(
        call,
        changes,
        lambda entity, number: DeleteWebhook(entity=entity, webhook_id=int(number)),
        lambda entity, number: GetWebhook(entity=entity, webhook_id=int(number)),
    )
