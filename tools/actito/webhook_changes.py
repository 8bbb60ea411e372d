"""Creating and changing webhooks of Actito, which send personal data out of the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from tools.actito import SYSTEM
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.ready import Ready
from tools.actito.webhook_book import (
    EVENTS,
    KINDS,
    Element,
    Event,
    Names,
    OnWhat,
    called,
    element_of,
    facts,
    host_of,
    kind_words,
    webhook_of,
)
from tools.actito.webhook_book import ROUTES as ELEMENT_ROUTES
from tools.actito.webhook_checks import check_event, checked_address, checked_fields, checked_headers, is_masked
from tools.actito.webhook_data import what_leaves
from tools.actito.webhook_writing import Sending, same_push, write
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from upstream.actito.webhooks import (
    CreateWebhook,
    GetWebhook,
    ListWebhooks,
    UpdateWebhook,
    Webhook,
    WebhookInput,
)
from upstream.request import Risk

CAN_BE_EMPTIED = ("only_fields", "headers")
CALLED_BACK = "data that was pushed can't be called back."


@changes(
    CreateWebhook,
    UpdateWebhook,
    GetWebhook,
    ListWebhooks,
    *ELEMENT_ROUTES,
    *ROUTES,
    title="Create or change a webhook",
    repeatable=False,
)
async def actito_webhooks_save(
    call: Call,
    webhook: Annotated[int, "Id, to change"] = 0,
    kind: Annotated[OnWhat, "Listens to"] = "",
    of: Annotated[str, "Name or id of that"] = "",
    event: Annotated[Event, "What happens"] = "",
    only_fields: Annotated[list[str], "Only if changed"] = [],
    url: Annotated[str, "https address"] = "",
    headers: Annotated[dict[str, Any], "Shared secret"] = {},
    bulk: Annotated[int, "Events per push"] = 0,
    active: Annotated[Literal["", "yes", "no"], "On"] = "",
    clear: Annotated[list[str], "only_fields, headers"] = [],
    entity: OfEntity = "",
) -> Plan:
    """Create a webhook, which sends personal data to an address, or change one: what is left out stays."""
    if wrong := [each for each in clear if each not in CAN_BE_EMPTIED]:
        raise BadArgument(f"clear takes {' and '.join(CAN_BE_EMPTIED)}, not {wrong[0][:40]!r}.")
    if "only_fields" in clear and only_fields:
        raise BadArgument("only_fields is given and cleared: say one of the two.")
    where = await entity_of(call, entity)
    there = await call.send(ListWebhooks(entity=where))
    now: Webhook | None = None
    if webhook:
        now = await webhook_of(call, where, webhook)
    else:
        _complete(kind, of, event, url)
    names = await Names(call, where).learn([now] if now else [])
    on = KINDS.get(kind) or (now.on if now else "")
    if of.strip():
        element = await element_of(call, where, on, of)
    elif now is not None and on == now.on:
        element = names.of(now)
    else:
        raise BadArgument(f"Say which {kind}: by name or id in of.")
    happens = EVENTS.get(event) or (now.event_type if now else "")
    check_event(element, happens)
    fields = list(only_fields) or ([] if "only_fields" in clear or now is None else list(now.on_fields))
    if only_fields or now is None or (now.on, now.on_element_id, now.event_type) != (element.on, element.id, happens):
        # Fields of another table or event mean nothing: what stays is checked as well.
        fields = checked_fields(element, happens, fields)
    how, most = _push(now, bulk)
    values = {
        "on": element.on,
        "on_element_id": element.id,
        "event_type": happens,
        "target_url": checked_address(url) if url.strip() or now is None else now.target_url,
        "is_active": active == "yes" if active else now is None or bool(now.is_active),
        "on_fields": fields or None,
        "headers": _headers(now, checked_headers(headers), clear) or None,
        "webhook_push_type": how,
        "max_block_size": most,
    }
    body = WebhookInput.model_validate({name: value for name, value in values.items() if value is not None})
    return _plan(call, where, webhook, now, names, element, body, there)


def _complete(kind: str, of: str, event: str, url: str) -> None:
    """Raises BadArgument where something of a new webhook is missing."""
    given = {"kind": kind, "of": of.strip(), "event": event, "url": url.strip()}
    if missing := [name for name, value in given.items() if not value]:
        raise BadArgument(
            f"A new webhook needs {', '.join(missing)}.",
            advice='Such as kind="profile table", of="Customers", event="updated", url="https://hooks.example.org/a".',
        )


def _push(now: Webhook | None, bulk: int) -> tuple[str, int | None]:
    """How it pushes, and at most how many events at once: one by one, unless it is said or so already."""
    if bulk < 0:
        raise BadArgument("bulk is how many events a push holds at most: 1 for one by one, or more.")
    if not bulk and now is not None and now.webhook_push_type == "BULK":
        return "BULK", now.max_block_size
    return ("BULK", bulk) if bulk > 1 else ("ONE_BY_ONE", None)


def _headers(now: Webhook | None, given: dict[str, str], clear: Sequence[str]) -> dict[str, str]:
    """All headers as they shall be: a change replaces all, so those that stay are sent again as they were read.

    Raises:
        BadArgument: the installation shows no values, so that those that stay can't be sent again.
    """
    stays = {} if now is None or "headers" in clear else dict(now.headers)
    # Names of headers are the same in any case: the spelling that is there stays.
    spelt = {name.casefold(): name for name in stays}
    given = {spelt.get(name.casefold(), name): value for name, value in given.items()}
    stays = {name: value for name, value in stays.items() if name not in given}
    if masked := sorted(name for name, value in stays.items() if is_masked(value)):
        raise BadArgument(
            "This installation hides the values of headers, and a change sends all of them again.",
            advice="Give these headers with their values, or clear headers.",
            lines=masked,
        )
    return {**stays, **given}


def _plan(
    call: Call,
    entity: str,
    number: int,
    now: Webhook | None,
    names: Names,
    element: Element,
    body: WebhookInput,
    there: Sequence[Webhook],
) -> Plan:
    after = facts(body, element)
    before = facts(now, names.of(now)) if now else {}
    if now is not None:
        _name_new_values(after, now, body)
    changed = {key: value for key, value in after.items() if value != before.get(key)}
    if now is not None and now.target_url != body.target_url and "address" not in changed:
        changed["address"] = f"{after['address']} (with other values)"
    request = (
        UpdateWebhook(entity=entity, webhook_id=number, webhook=body)
        if now is not None
        else CreateWebhook(entity=entity, webhook=body)
    )
    (target,) = request.target_ids()
    change = Change(
        SYSTEM,
        "webhook",
        "update" if now is not None else "create",
        called(now, names.of(now)) if now is not None else called(body, element),
        target.removeprefix("webhook:"),
        risk=Risk.REACHES_CUSTOMERS,
        number=str(number) if now is not None else "",
        before={key: before.get(key) for key in changed} if now is not None else {},
        after=changed if now is not None else {key: value for key, value in changed.items() if value is not None},
    )
    if not changed:
        return Plan([], [Outcome(change, "already", "it is so already, or nothing to change was given", str(number))])
    ready: Ready = call.kept(Ready)
    others = [each for each in there if each.id != number or now is None]
    host = host_of(body.target_url)
    return Plan(
        [ready.keep(change, Sending(request, frozenset(each.id for each in there)))],
        dependents=Dependents([host if body.is_active else f"{host}, once it is active"], label="Data goes to"),
        warnings=[*what_leaves(element, body), *_warnings(now, body, element, others)],
        final=CALLED_BACK if body.is_active else "",
        safer="save it with active=no until the address is sure." if body.is_active and now is None else "",
    )


def _name_new_values(after: dict[str, Any], now: Webhook, body: WebhookInput) -> None:
    """Say which headers get another value, without saying any."""
    new = {name for name, value in (body.headers or {}).items() if name in now.headers and now.headers[name] != value}
    if new:
        after["headers"] = [f"{name} (new value)" if name in new else name for name in after["headers"] or []]


def _warnings(now: Webhook | None, body: WebhookInput, element: Element, others: Sequence[Webhook]) -> list[str]:
    warnings = []
    host = host_of(body.target_url)
    same = [each.id for each in others if same_push(each, body)]
    if same:
        warnings.append(f"Webhook {same[0]} pushes the same to this address already: each event would come twice.")
    if now is None or host_of(now.target_url) != host:
        if host not in {host_of(each.target_url) for each in others}:
            warnings.append(f"No other webhook of the entity sends to {host}.")
        if now is not None and (sent := _staying(now, body)):
            warnings.append(f"The headers that stay go to the new address too, with their values: {', '.join(sent)}.")
    if not body.headers:
        warnings.append("It has no header with a shared secret, and Actito signs nothing: anybody could feign a push.")
    if now is not None and "headers" not in now.model_fields_set:
        warnings.append("No headers were shown. If Actito hides some, they would be lost: then give them in headers.")
    if now is not None and now.model_extra:
        warnings.append(f"Fields unknown to this product would be lost: {', '.join(sorted(now.model_extra))}.")
    if body.event_type == "DELETE":
        warnings.append("Only older pages of Actito have the event of a deletion: it may be refused.")
    if not element.listed:
        warnings.append(f"Whether the {kind_words(element.on)} {element.id} exists could not be checked.")
    return warnings


def _staying(now: Webhook, body: WebhookInput) -> list[str]:
    """The headers whose value stays: a secret between Actito and whoever has been getting the pushes."""
    return [name for name, value in (body.headers or {}).items() if now.headers.get(name) == value]


@actito_webhooks_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    ready: Ready = call.kept(Ready)
    (change,) = changes
    return await write(call, change, ready.of(change))
