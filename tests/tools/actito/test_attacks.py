"""What must not get out, and what must not happen unasked, however it is tried."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tools.actito.webhook_book import shown_address
from upstream.actito.imports import CreateEtl, Etl
from upstream.actito.webhooks import CreateWebhook, WebhookInput
from upstream.answers import Sent, failure
from upstream.http import Reply
from upstream.request import Risk

pytestmark = pytest.mark.anyio

CUSTOMERS = {"entity": "MeridianBank", "table": "Customers"}


async def test_in_production_no_code_changes_what_somebody_agreed_to(assistant: Any) -> None:
    async with assistant(CHANNELS="code", ENVIRONMENT="production") as ask:
        answer = await ask("actito_subscriptions_set", profiles=["100001"], opt_in=["Promotions"], **CUSTOMERS)
    assert answer.data["status"] == "refused" and "nobody can be asked" in answer.text


async def test_an_import_is_not_made_active_by_another_word(assistant: Any) -> None:
    settings = {"targetTable": "Customers", "isActive": True}
    assert CreateEtl(entity="E", etl=Etl(name="A", active=False, **settings)).risk is Risk.REACHES_CUSTOMERS
    async with assistant(reply="accept", TOOLSETS="all") as ask:
        answer = await ask(
            "actito_import_definitions_save", name="A", starts="file", settings=settings, entity="MeridianBank"
        )
        assert answer.failed and "isActive" in answer.text and ask.questions == []


async def test_nobody_is_named_in_logs_and_in_the_database(
    assistant: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    for logger in ("", "httpx", "mcp"):
        caplog.set_level(logging.DEBUG, logger)
    record = {"entity": "MeridianBank", "table": "Branches"}
    async with assistant(reply="accept", STATE_URL=f"sqlite:///{tmp_path / 'state.db'}") as ask:
        found = await ask("actito_profiles_find", profiles=["ada.larkin@example.org"], **CUSTOMERS)
        await ask("actito_records_save", record="lea@x.io", values={"name": "Ashwick", "town": "Ashwick"}, **record)
        gone = await ask("actito_records_delete", records=["lea@x.io"], **record)
        refused = await ask("actito_records_find", records=["../../auth/token"], **record)
    assert found.items and gone.data["status"] == "done"
    assert refused.failed and "Not sent" in refused.text
    with closing(sqlite3.connect(tmp_path / "state.db")) as database, database:
        stored = "\n".join(database.iterdump())
    assert "record:MeridianBank/Branches/(" in stored
    logged = "\n".join(f"{each.getMessage()} {each.exc_text or ''}" for each in caplog.records)
    for text in (stored, logged):
        assert not any(name in text for name in ("ada.larkin", "lea@", "lea%40"))


def test_a_refusal_says_no_secret_of_a_webhook_and_no_address_of_a_person() -> None:
    webhook = WebhookInput(
        on="PROFILE_TABLE",
        on_element_id="16",
        event_type="UPDATE",
        target_url="https://hooks.example.org/T0/abcd1234efgh5678?key=q-secret",
        is_active=True,
        headers={"X-Shared": "k3y-of-hooks"},
    )
    assert shown_address(webhook.target_url) == "https://hooks.example.org/T0/ab***?key=***"
    sent = Sent.of(CreateWebhook(entity="E", webhook=webhook), "actito", "https://api.actito.com")
    body = f"ada.larkin@example.org may not use {webhook.target_url}, q-secret, k3y-of-hooks".encode()
    refusal = failure(sent, Reply(400, {"content-type": "text/plain"}, body))
    assert str(refusal).startswith(
        'createWebhook was refused (400) and said "a***@example.org may not use ***, ***, ***"'
    )
