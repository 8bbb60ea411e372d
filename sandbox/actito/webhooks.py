"""Webhook subscriptions. Nothing is ever pushed from here: a stand-in sends no data anywhere."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import urlsplit

from sandbox import json_text
from sandbox.actito import moments
from sandbox.actito.work import DONE, Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments

_TABLE_EVENTS = ("CREATE", "UPDATE", "DELETE")
_EVENTS = {
    "PROFILE_TABLE": (*_TABLE_EVENTS, "UPDATED_SUBSCRIPTION", "UPDATED_SEGMENT"),
    "CUSTOM_TABLE": _TABLE_EVENTS,
    "ETL": ("STARTED", "FINISHED"),
    "EXPORT": ("STARTED", "FINISHED"),
    "CUSTOM_ACTION": ("TRIGGER",),
}
"""Events by what they happen to (contract: WebhookWrite; all but PROFILE_TABLE are assumed)."""

_ELEMENTS = {
    "PROFILE_TABLE": "actito_profile_tables",
    "CUSTOM_TABLE": "actito_custom_tables",
    "ETL": "actito_etls",
    "CUSTOM_ACTION": "actito_custom_actions",
}


@operation("listWebhooks")
def list_webhooks(work: Work, arguments: Arguments) -> Answer:
    """GET .../webhookSubscription."""
    rows = work.rows("SELECT * FROM actito_webhooks WHERE entity = ? ORDER BY id", work.entity)
    return one({"webhookSubscriptions": [view(row) for row in rows]})


@operation("createWebhook")
def create_webhook(work: Work, arguments: Arguments) -> Answer:
    """POST .../webhookSubscription."""
    definition = _checked(work, arguments[BODY])
    return one({"id": work.insert("actito_webhooks", entity=work.entity, definition=json_text.dump(definition))})


@operation("getWebhook")
def get_webhook(work: Work, arguments: Arguments) -> Answer:
    """GET .../webhookSubscription/{webhookId}."""
    return one(view(_found(work, arguments)))


@operation("updateWebhook")
def update_webhook(work: Work, arguments: Arguments) -> Answer:
    """PUT .../webhookSubscription/{webhookId}: replaces the subscription."""
    row = _found(work, arguments)
    definition = _checked(work, arguments[BODY])
    work.update("actito_webhooks", row["id"], definition=json_text.dump(definition))
    return one({"id": row["id"], **definition})


@operation("deleteWebhook")
def delete_webhook(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../webhookSubscription/{webhookId}."""
    work.connection.execute("DELETE FROM actito_webhooks WHERE id = ?", (_found(work, arguments)["id"],))
    return DONE


@operation("getWebhookDailyErrors")
def get_daily_errors(work: Work, arguments: Arguments) -> Answer:
    """GET .../webhookSubscription/{webhookId}/{date}: the failed pushes of a day; the shape is inferred."""
    row = _found(work, arguments)
    try:
        day = moments.day(arguments["date"])
    except ValueError as error:
        raise invalid(str(error)) from None
    errors = work.rows("SELECT * FROM actito_webhook_errors WHERE webhook_id = ? AND day = ?", row["id"], day)
    return one({"errors": [json_text.parse(error["error"]) for error in errors]})


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Webhook of the contract."""
    return {"id": row["id"], **json_text.parse(row["definition"])}


def _checked(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    on, event = body["on"], body["eventType"]
    if on not in _EVENTS:
        raise invalid(f"on is one of {', '.join(_EVENTS)}")
    if event not in _EVENTS[on]:
        raise invalid(f"eventType on {on} is one of {', '.join(_EVENTS[on])}")
    if on in _ELEMENTS:
        query = f"SELECT 1 FROM {_ELEMENTS[on]} WHERE entity = ? AND CAST(id AS TEXT) = ?"
        if work.row(query, work.entity, body["onElementId"]) is None:
            raise invalid(f"onElementId: {work.entity} has no {on} {body['onElementId'][:60]!r}")
    try:
        url = urlsplit(body["targetUrl"])
        host = url.hostname
    except ValueError:
        raise invalid("targetUrl is no address") from None
    if url.scheme != "https" or not host:
        raise invalid("targetUrl has to be an HTTPS address")
    push = body.get("webhookPushType", "ONE_BY_ONE")
    if "maxBlockSize" in body and (push != "BULK" or body["maxBlockSize"] < 1):
        raise invalid("maxBlockSize is 1 or more, and for BULK alone")
    return {**body, "webhookPushType": push}


def _found(work: Work, arguments: Arguments) -> sqlite3.Row:
    row = work.row("SELECT * FROM actito_webhooks WHERE entity = ? AND id = ?", work.entity, arguments["webhookId"])
    if row is None:
        raise not_found("Webhook", arguments["webhookId"])
    return row
