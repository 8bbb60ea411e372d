"""Webhooks of an entity in words: what each listens to, and where it pushes, without its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from tools.actito.privacy import MASK
from tools.actito.table_book import CUSTOM_ROUTES, PROFILE_ROUTES, Tables
from tools.actito.table_structure import Kind, Table
from tools.call import Call
from tools.errors import Ambiguous, UnknownName
from tools.nearest import nearest
from upstream.actito.custom_actions import ListCustomActions
from upstream.actito.imports import ListEtls
from upstream.actito.webhooks import GetWebhook, Webhook, WebhookInput
from upstream.errors import Forbidden, NotFound, RouteMissing, UpstreamError

OnWhat = Literal["", "profile table", "custom table", "import", "export", "custom action"]
Event = Literal[
    "",
    "created",
    "updated",
    "deleted",
    "subscription changed",
    "segment changed",
    "started",
    "finished",
    "triggered",
]

ROUTES = (*PROFILE_ROUTES, *CUSTOM_ROUTES, ListEtls, ListCustomActions)
"""The routes that naming what a webhook listens to may take."""

KINDS: Mapping[str, str] = {
    "profile table": "PROFILE_TABLE",
    "custom table": "CUSTOM_TABLE",
    "import": "ETL",
    "export": "EXPORT",
    "custom action": "CUSTOM_ACTION",
}
"""What a webhook listens to, as people say it and as it is sent. Inferred: all but PROFILE_TABLE."""

EVENTS: Mapping[str, str] = {
    "created": "CREATE",
    "updated": "UPDATE",
    "deleted": "DELETE",
    "subscription changed": "UPDATED_SUBSCRIPTION",
    "segment changed": "UPDATED_SEGMENT",
    "started": "STARTED",
    "finished": "FINISHED",
    "triggered": "TRIGGER",
}
"""Events as people say them and as they are sent. Source: Actito, webhook triggers."""

_OF_TABLES = ("created", "updated", "deleted")
_OF_RUNS = ("started", "finished")
EVENTS_OF: Mapping[str, Sequence[str]] = {
    "profile table": (*_OF_TABLES, "subscription changed", "segment changed"),
    "custom table": _OF_TABLES,
    "import": _OF_RUNS,
    "export": _OF_RUNS,
    "custom action": ("triggered",),
}
"""What can happen to each. Source: Actito, webhook triggers. Inferred: that nothing else can."""

_KIND_WORDS = {sent: said for said, sent in KINDS.items()}
_EVENT_WORDS = {sent: said for said, sent in EVENTS.items()}
_TABLES = {"PROFILE_TABLE": Kind.PROFILES, "CUSTOM_TABLE": Kind.CUSTOM}
_HIDDEN = (Forbidden, NotFound, RouteMissing)
"""What a list answers that the key may not read; a 404 may hide a missing right."""


@dataclass(frozen=True)
class Element:
    """What a webhook listens to. `listed` tells whether it was found among those that there are."""

    on: str
    id: str
    name: str
    table: Table | None = None
    listed: bool = True

    @property
    def words(self) -> str:
        """`profile table Customers`, or with its id where no name is known."""
        return f"{kind_words(self.on)} {self.name or self.id}"


async def elements(call: Call, entity: str, on: str) -> list[Element] | None:
    """Everything of a kind that can be listened to; None where the key can't list it, or no route does (exports)."""
    try:
        if kind := _TABLES.get(on):
            tables = await call.kept(Tables).all(call, entity, kind)
            return [Element(on, each.id, each.name, each) for each in tables]
        if on == "ETL":
            return [Element(on, each.id, each.name) for each in await call.send(ListEtls(entity=entity))]
        if on == "CUSTOM_ACTION":
            return [Element(on, each.id, each.name) for each in await call.send(ListCustomActions(entity=entity))]
    except _HIDDEN:
        return None
    return None


async def element_of(call: Call, entity: str, on: str, reference: str) -> Element:
    """What is meant by id or name; an id serves unchecked where what there is can't be listed, or has no ids.

    Raises:
        UnknownName: there is none, with the nearest, or a name that can't be looked up.
        Ambiguous: several have the name.
    """
    wanted = reference.strip()
    known = await elements(call, entity, on)
    called = [each for each in known or [] if wanted and each.id == wanted] or [
        each for each in known or [] if each.name.casefold() == wanted.casefold()
    ]
    called = [each for each in called if each.name == wanted] or called
    if len(called) > 1:
        lines = [f"{each.name} (id {each.id})" for each in called]
        raise Ambiguous(f"Several are called {wanted[:60]!r}.", advice="Give the id of the one meant.", lines=lines)
    if called and called[0].id:
        return called[0]
    nameless = known is None or not any(each.id for each in known)
    if nameless and wanted and any(each.isdigit() for each in wanted):
        return Element(on, wanted, "", listed=False)
    if nameless:
        why = "no public route lists exports" if on == "EXPORT" else "the key may lack the right to list them"
        raise UnknownName(
            f"Which id the {kind_words(on)} {wanted[:60]!r} has can't be read: {why}.",
            advice="Give its id, which Actito's interface shows.",
        )
    near = nearest(wanted, [each.name for each in known or []])
    raise UnknownName(
        f"{entity} has no {kind_words(on)} {wanted[:60]!r}.",
        advice="The nearest are shown." if near else "Give its id or exact name.",
        lines=near or [each.name for each in known or []][:20],
    )


async def webhook_of(call: Call, entity: str, number: int) -> Webhook:
    """The webhook of this id.

    Raises:
        UnknownName: the entity has none, or the key may not read it: Actito may answer both alike.
        UpstreamError: it could not be read.
    """
    try:
        return await call.send(GetWebhook(entity=entity, webhook_id=number))
    except NotFound:
        raise UnknownName(
            f"{entity} has no webhook {number}, or the key lacks the right to read it.",
            advice="actito_webhooks_find lists them; it may belong to another entity.",
        ) from None


class Names:
    """The names of what webhooks listen to, each kind asked for once."""

    def __init__(self, call: Call, entity: str) -> None:
        self._call = call
        self._entity = entity
        self._known: dict[str, dict[str, Element]] = {}

    async def learn(self, webhooks: Iterable[Webhook | WebhookInput]) -> Names:
        """Ask for the kinds that occur; what can't be read stays without names."""
        for on in dict.fromkeys(each.on for each in webhooks if each.on in _KIND_WORDS and each.on not in self._known):
            try:
                found = await elements(self._call, self._entity, on) or []
            except UpstreamError:
                found = []
            self._known[on] = {each.id: each for each in found if each.id}
        return self

    def of(self, webhook: Webhook | WebhookInput) -> Element:
        """What a webhook listens to."""
        found = self._known.get(webhook.on, {}).get(webhook.on_element_id)
        return found or Element(webhook.on, webhook.on_element_id, "", listed=False)


def kind_words(on: str) -> str:
    """What a webhook listens to as people say it; one that is not known here in small letters."""
    return _KIND_WORDS.get(on) or on.replace("_", " ").lower() or "something"


def event_words(event: str) -> str:
    """An event as people say it; one that is not known here in small letters."""
    return _EVENT_WORDS.get(event) or event.replace("_", " ").lower()


def called(webhook: Webhook | WebhookInput, element: Element) -> str:
    """What people may call a webhook, which has no name: `Customers: subscription changed (Newsletter)`."""
    of = f" ({', '.join(webhook.on_fields)})" if webhook.on_fields else ""
    return f"{element.name or element.words}: {event_words(webhook.event_type)}{of}"


def facts(webhook: Webhook | WebhookInput, element: Element) -> dict[str, Any]:
    """The fields of a webhook as they are shown; of headers the names alone, for their values are secrets."""
    bulk = f"bulk of {webhook.max_block_size}" if webhook.max_block_size else "bulk"
    return {
        "on": element.words,
        "event": event_words(webhook.event_type),
        "only_fields": list(webhook.on_fields or []) or None,
        "address": shown_address(webhook.target_url) or None,
        "push": bulk if webhook.webhook_push_type == "BULK" else "one by one",
        "active": webhook.is_active,
        "headers": sorted(webhook.headers or {}) or None,
    }


def host_of(address: str) -> str:
    """The host of an address with a port that is not the usual one; empty when it can't be told."""
    try:
        parts = urlsplit(address)
        return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return ""


def shown_address(address: str) -> str:
    """An address without what may be a secret in it: no account, of its query the names alone, and no key in its path.

    Many services take a push from whoever knows a long segment of letters and digits.
    """
    try:
        parts = urlsplit(address)
        query = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    except ValueError:
        return MASK
    asked = "?" + "&".join(f"{name}={MASK}" for name in query) if query else ""
    path = "/".join(f"{each[:2]}{MASK}" if _SECRET.fullmatch(each) else each for each in parts.path.split("/"))
    return f"{parts.scheme}://{host_of(address) or MASK}{path}{asked}" if address else ""


_SECRET = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.~%+=-]{16,}|[\w.~%+=-]{40,}")
