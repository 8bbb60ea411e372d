"""Writing one webhook, and looking what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from tools.actito.ready import GONE
from tools.batches import CHECK, one_by_one
from tools.call import Call
from tools.change import Change, Outcome
from upstream.actito.webhooks import (
    CreateWebhook,
    GetWebhook,
    ListWebhooks,
    UpdateWebhook,
    Webhook,
    WebhookInput,
)


@dataclass(frozen=True)
class Sending:
    """What a change sends, and the ids of the webhooks that were there before."""

    request: CreateWebhook | UpdateWebhook
    known: frozenset[int | None]


async def write(call: Call, change: Change, sending: Sending | None) -> list[Outcome]:
    """The outcome of creating or changing a webhook; `sending` is None where nothing is kept for the change."""
    if sending is None:
        return [Outcome(change, "refused", f"Not saved: {GONE}")]

    async def send(_: Change) -> str:
        request = sending.request
        if isinstance(request, CreateWebhook):
            return (await call.send(request)).id
        await call.send(request)
        return ""

    async def look(_: Change, said: str | None) -> Outcome:
        return await _looked_at(call, change, sending, said or "")

    return await one_by_one([change], send, look)


def same_push(one: Webhook, other: WebhookInput) -> bool:
    """Whether both push the same events to the same address."""
    return (one.on, one.on_element_id, one.event_type, one.target_url) == (
        other.on,
        other.on_element_id,
        other.event_type,
        other.target_url,
    )


async def _looked_at(call: Call, change: Change, sending: Sending, said: str) -> Outcome:
    """What became of a webhook, by how it is now; a new one without a known id is the one that was not there before."""
    request = sending.request
    number = request.webhook_id if isinstance(request, UpdateWebhook) else int(said) if said.isdigit() else 0
    if number:
        found = await call.send(GetWebhook(entity=request.entity, webhook_id=number))
        if _as_sent(found, request.webhook):
            return Outcome(change, "done", id=str(number))
        return Outcome(change, "refused", "the system said so, but has the webhook otherwise", id=str(number))
    there = await call.send(ListWebhooks(entity=request.entity))
    new = [each for each in there if each.id not in sending.known and same_push(each, request.webhook)]
    if len(new) == 1 and _as_sent(new[0], request.webhook):
        return Outcome(change, "done", id=str(new[0].id))
    return Outcome(change, "unknown", f"the new webhook is not listed. {CHECK}")


def _as_sent(found: Webhook, sent: WebhookInput) -> bool:
    """Whether a webhook is as it was sent; values of headers may come back masked, the push type may be the usual."""
    return (
        same_push(found, sent)
        and found.is_active in (sent.is_active, None)
        and sorted(found.on_fields) == sorted(sent.on_fields or [])
        and found.webhook_push_type in (sent.webhook_push_type or "ONE_BY_ONE", "")
        and (not found.headers or set(found.headers) == set(sent.headers or {}))
    )
