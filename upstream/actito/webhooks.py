"""Webhooks: what happens in a table, an import or a scenario is sent to an address. Personal data travel along."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Generic, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field

from upstream.actito.objects import OpenObject, Outcome, Stored, Wrapped
from upstream.actito.routes import EntityRequest
from upstream.record import Entry, Many, Record
from upstream.request import Answer, Body, Path

_WEBHOOKS = "/webhooks/v4/entity/{entity}/webhookSubscription"


class Webhook(Record):
    """A webhook. `headers` often hold a shared secret: they are not for showing.

    Source: Actito, webhook protocol. Inferred: what is answered, after what is sent.
    """

    id: int | None = None
    on: str = ""
    on_element_id: str = ""
    event_type: str = ""
    on_fields: Many[str] = []
    target_url: str = ""
    headers: dict[str, str] = Field({}, repr=False)
    webhook_push_type: str = ""
    max_block_size: int | None = None
    is_active: bool | None = None


class WebhookInput(Entry):
    """A webhook as it is sent. `on` is PROFILE_TABLE, or (inferred) CUSTOM_TABLE, ETL, EXPORT, CUSTOM_ACTION.

    `event_type` is CREATE, UPDATE, UPDATED_SUBSCRIPTION, UPDATED_SEGMENT, STARTED, FINISHED or TRIGGER; older pages
    have DELETE. `target_url` must be https. Source: Actito, webhook protocol. Inferred: what is required.
    """

    on: str
    on_element_id: str
    event_type: str
    target_url: Annotated[str, Field(pattern="^https://")]
    is_active: bool
    on_fields: list[str] | None = None
    headers: dict[str, str] | None = Field(None, repr=False)
    webhook_push_type: Literal["ONE_BY_ONE", "BULK"] | None = None
    max_block_size: int | None = None

    def secrets(self) -> tuple[str, ...]:
        """The address, the values in its query, and those of the headers."""
        asked = [value for _, value in parse_qsl(urlsplit(self.target_url).query)]
        return (self.target_url, *filter(None, asked), *filter(None, (self.headers or {}).values()))

    @property
    def flow(self) -> str:
        """What goes where: `PROFILE_TABLE 16 > hooks.example.org 3f1c08d2a1b94c77`.

        The address is the host and a digest of all of it: what names an approval is stored, and addresses hold secrets.
        """
        host = urlsplit(self.target_url).hostname or ""
        return f"{self.on} {self.on_element_id} > {host} {hashlib.sha256(self.target_url.encode()).hexdigest()[:16]}"


class WebhookRequest(EntityRequest[Answer], Generic[Answer]):
    """A route of one webhook."""

    webhook_id: Annotated[int, Path("webhookId")]


class ListWebhooks(EntityRequest[Annotated[Many[Webhook], Wrapped("webhookSubscriptions")]]):
    """List the webhooks of an entity.

    Source: the code of a public client. Inferred: the key of the list.
    """

    method, path, operation, category = "GET", _WEBHOOKS, "listWebhooks", "webhooks"
    confidence, right = "observed", "read_webhooks"


class CreateWebhook(EntityRequest[Stored]):
    """Send events to an address from now on.

    Source: Actito, webhook protocol. Inferred: the status of the answer; its id is in the tests of the Actito SDK.
    """

    method, path, operation, category = "POST", _WEBHOOKS, "createWebhook", "webhooks"
    confidence, right = "documented", "write_webhooks"
    targets = ("webhook", "entity", "flow")

    webhook: Annotated[WebhookInput, Body()]

    def secrets(self) -> tuple[str, ...]:
        return self.webhook.secrets()

    @property
    def flow(self) -> str:
        return self.webhook.flow


class GetWebhook(WebhookRequest[Webhook]):
    """Read a webhook.

    Source: Actito, webhook protocol (the address, as a link). Inferred: the answer.
    """

    method, path, operation, category = "GET", _WEBHOOKS + "/{webhookId}", "getWebhook", "webhooks"
    confidence, right = "documented", "read_webhooks"


class UpdateWebhook(WebhookRequest[Outcome]):
    """Replace a webhook.

    Source: the code of a public client.
    """

    method, path, operation, category = "PUT", _WEBHOOKS + "/{webhookId}", "updateWebhook", "webhooks"
    confidence, right = "observed", "write_webhooks"
    targets = ("webhook", "entity", "webhook_id", "flow")

    webhook: Annotated[WebhookInput, Body()]

    def secrets(self) -> tuple[str, ...]:
        return self.webhook.secrets()

    @property
    def flow(self) -> str:
        return self.webhook.flow


class DeleteWebhook(WebhookRequest[Outcome]):
    """Delete a webhook.

    Source: the code of a public client.
    """

    method, path, operation, category = "DELETE", _WEBHOOKS + "/{webhookId}", "deleteWebhook", "webhooks"
    confidence, right = "observed", "write_webhooks"
    targets = ("webhook", "entity", "webhook_id")


class GetWebhookDailyErrors(WebhookRequest[OpenObject]):
    """Read the pushes of a day that failed.

    Source: the code of a public client. Inferred: the real path may have one segment more; the answer is unknown.
    """

    method, path, operation, category = "GET", _WEBHOOKS + "/{webhookId}/{date}", "getWebhookDailyErrors", "webhooks"
    confidence, right = "observed", "read_webhooks"

    day: Annotated[date, Path("date")]
