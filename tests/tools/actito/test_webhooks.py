"""Webhooks, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tools.actito.webhook_book import shown_address
from tools.actito.webhook_checks import checked_address, is_masked
from tools.errors import BadArgument

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
ALL = {"TOOLSETS": "all", "ACTITO__ENTITY": "MeridianBank"}
NEWSLETTER, IMPORT, WALLET, PAYMENTS = 123789601, 123789602, 123789603, 123789604
SECRET = "sandbox-webhook-secret"
NEW = {
    "kind": "profile table",
    "of": "customers",
    "event": "updated",
    "url": "https://crm.example.com/in?token=abc",
}


async def test_webhooks_are_found_in_words_and_never_with_the_value_of_a_header(assistant: Any) -> None:
    async with assistant(actito_paths="old", **ALL) as ask:
        found = await ask("actito_webhooks_find", fields=["all"])
        names = {each["id"]: each["name"] for each in found.items}
        assert names == {
            NEWSLETTER: "Customers: subscription changed (Newsletter)",
            IMPORT: "CustomerSync: finished",
            WALLET: "UpdateWalletPass: triggered",
            PAYMENTS: "CardPayments: created",
        }
        rows = {each["id"]: each for each in found.items}
        assert rows[WALLET]["headers"] == ["X-Shared-Secret"] and rows[PAYMENTS]["push"] == "bulk of 100"
        one = await ask("actito_webhooks_find", webhook=WALLET, fields=["all"])
        assert one.items[0]["on"] == "custom action UpdateWalletPass" and one.items[0]["active"] is True
        assert SECRET not in found.text + str(found.data) + one.text + str(one.data)
        narrowed = await ask("actito_webhooks_find", search="customersync")
        assert narrowed.ids() == [IMPORT]
        named = await ask("actito_webhooks_find", webhook=WALLET, search="customersync")
        assert named.ids() == [] and "do not fit: 1 of the 1" in named.text
        other = await ask("actito_webhooks_find", entity="LarkDirect")
        assert other.items[0]["name"] == "Members: updated" and other.items[0]["active"] is False


async def test_failed_pushes_are_counted_and_their_values_wait_until_asked_for(assistant: Any) -> None:
    async with assistant(**ALL) as ask:
        failed = await ask("actito_webhooks_find", webhook=NEWSLETTER, failed_on="2026-11-18")
        assert failed.text.startswith("2 failed pushes in sandbox")
        assert [each["moment"] for each in failed.items] == ["2026-11-18 11:00", "2026-11-18 12:00"]
        assert "100002" not in failed.text + str(failed.data) and "profileId" in failed.data["about"]["more columns"]
        asked = await ask("actito_webhooks_find", webhook=NEWSLETTER, failed_on="2026-11-18", fields=["profileId"])
        assert [each["profileId"] for each in asked.items] == [100002, 100003]
        none = await ask("actito_webhooks_find", webhook=NEWSLETTER, failed_on="2026-11-17")
        assert none.text.startswith("0 failed pushes")
        alone = await ask("actito_webhooks_find", failed_on="2026-11-18")
        words = await ask("actito_webhooks_find", webhook=NEWSLETTER, failed_on="2026-11-18", search="x")
        assert alone.code == words.code == "bad_argument"
    path = f"*/webhookSubscription/{NEWSLETTER}/2026-11-18"
    async with assistant(faults=[{"kind": "status", "status": 404, "method": "GET", "path": path}], **ALL) as ask:
        missing = await ask("actito_webhooks_find", webhook=NEWSLETTER, failed_on="2026-11-18")
        assert missing.code == "route_missing" and "The webhook itself is there" in missing.text


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_new_webhook_is_asked_for_with_its_host_and_what_leaves(
    assistant: Any, request_log: Log, era: str
) -> None:
    async with assistant(era=era, **ALL) as ask:
        given = {**NEW, "only_fields": ["lastname"], "headers": {"X-Secret": "tell-nobody"}, "bulk": 50}
        done = await ask("actito_webhooks_save", **given)
        (question,) = ask.questions
        assert "Data goes to: crm.example.com" in question and "No other webhook of the entity sends to" in question
        assert "unique keys of the profile (profileId, emailAddress, customerNumber)" in question
        assert "Personal data among it: emailAddress, lastName;" in question
        assert "token=***" in question and "headers: X-Secret" in question and "push: bulk of 50" in question
        assert "can't be called back" in question and "active=no" in question
        assert done.result["status"] == "done"
        told = question + done.text + str(done.data)
        assert "tell-nobody" not in told and "token=abc" not in told
        (made,) = (await ask("actito_webhooks_find", webhook=int(done.result["id"]), fields=["all"])).items
        assert made["only_fields"] == ["lastName"] and made["active"] is True and made["headers"] == ["X-Secret"]
        twice = await ask("actito_webhooks_save", **NEW, active="no", dry_run=True)
        assert "each event would come twice" in twice.text and "once it is active" in twice.text
        assert len(request_log(ask.sandbox, "createWebhook")) == 1


async def test_a_change_sends_what_stays_again(assistant: Any, request_log: Log) -> None:
    async with assistant(**ALL) as ask:
        off = await ask("actito_webhooks_save", webhook=WALLET, active="no")
        assert off.result["status"] == "done" and "active: yes → no" in ask.questions[0]
        assert "headers" not in ask.questions[0].split("Mind")[0]
        sent = (
            '{"on":"CUSTOM_ACTION","onElementId":"700101","eventType":"TRIGGER",'
            '"targetUrl":"https://hooks.example.org/actito/3","isActive":false,'
            f'"headers":{{"X-Shared-Secret":"{SECRET}"}},"webhookPushType":"ONE_BY_ONE"}}'
        )
        (entry,) = request_log(ask.sandbox, "updateWebhook")
        assert entry["body_digest"] == hashlib.sha256(sent.encode()).hexdigest(), "the secret goes back unseen"
        new = await ask("actito_webhooks_save", webhook=WALLET, headers={"x-shared-secret": "another"})
        assert new.result["status"] == "done" and "X-Shared-Secret (new value)" in ask.questions[1]
        assert SECRET not in "".join(ask.questions) and "another" not in ask.questions[1]
        same = await ask("actito_webhooks_save", webhook=WALLET, headers={"X-Shared-Secret": "another"}, active="no")
        assert same.result["status"] == "already" and len(ask.questions) == 2
        bare = await ask("actito_webhooks_save", webhook=WALLET, clear=["headers"], active="yes", dry_run=True)
        assert "anybody could feign a push" in bare.text
        away = await ask("actito_webhooks_save", webhook=WALLET, url="https://h3.example.org/x", dry_run=True)
        assert "headers that stay go to the new address too, with their values: X-Shared-Secret" in away.text
        moved = await ask("actito_webhooks_save", webhook=PAYMENTS, bulk=1, url="https://h2.example.org/x")
        assert moved.result["status"] == "done"
        assert (
            "push: bulk of 100 → one by one" in ask.questions[2] and "Data goes to: h2.example.org" in ask.questions[2]
        )
        assert "unique keys of the record (paymentId" in ask.questions[2]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "profile table"}, "needs of, event, url"),
    ({**NEW, "url": "http://crm.example.com/in"}, "has to begin with https://"),
    ({**NEW, "url": "https://ada:pw@crm.example.com/in"}, "account or password"),
    ({**NEW, "of": "Custommers"}, "no profile table"),
    ({**NEW, "event": "triggered"}, "it can be created, updated"),
    ({**NEW, "only_fields": ["lastNam"]}, "lastName"),
    ({**NEW, "event": "subscription changed", "only_fields": ["lastName"]}, "Newsletter"),
    ({**NEW, "kind": "import", "of": "CustomerSync", "event": "started", "only_fields": ["x"]}, "for tables"),
    ({**NEW, "headers": {"Content-Type": "text/plain"}}, "ignores a header Content-Type"),
    ({**NEW, "headers": {"X-A": "a\r\nX-B: b"}}, "in one line"),
    ({"webhook": NEWSLETTER, "event": "segment changed"}, "LoyaltyLevel"),
    ({"webhook": NEWSLETTER, "kind": "custom table"}, "Say which custom table"),
    ({"webhook": NEWSLETTER, "clear": ["url"]}, "clear takes only_fields and headers"),
    ({"webhook": 5, "active": "no"}, "MeridianBank has no webhook 5, or the key lacks the right"),
    ({**NEW, "kind": "export", "of": "Weekly", "event": "finished"}, "no public route lists exports"),
]


async def test_what_can_not_be_meant_is_told_before_the_call(assistant: Any, request_log: Log) -> None:
    async with assistant(**ALL) as ask:
        for arguments, said in WRONG:
            answer = await ask("actito_webhooks_save", **arguments)
            assert answer.failed and said in answer.text, (arguments, answer.text)
        assert not ask.questions and not request_log(ask.sandbox, "createWebhook")


def test_addresses_that_hide_where_they_lead_are_refused() -> None:
    for wrong in (
        "https://",
        "https://b\u00fccher.example/x",
        "https://a.example/x#y",
        "https://10.0.0.7/x",
        "//x.org",
        "https://localhost:8443/x",
        "https://2130706433/x",
        "https://127.1/x",
        "https://intranet/x",
        "https://crm.local./x",
        "https://a.example\\@b.example/",
        "https://a.example:99999/",
        "https:x",
    ):
        with pytest.raises(BadArgument):
            checked_address(wrong)
    assert checked_address(" HTTPS://hooks.example.org:8443/a?b=c ") == "https://hooks.example.org:8443/a?b=c"
    assert shown_address("https://hooks.example.org:8443/a?key=s3cret&b=") == (
        "https://hooks.example.org:8443/a?key=***&b=***"
    )
    assert shown_address("https://ada:pw@hooks.example.org/a") == "https://hooks.example.org/a"
    assert [is_masked(each) for each in ("***", "", "xxxx", "\u2022\u2022\u2022", SECRET)] == [True] * 4 + [False]


@pytest.mark.parametrize(("kind", "status"), [("drop_after", "done"), ("drop_before", "unknown")])
async def test_a_lost_answer_is_looked_at_and_nothing_sent_twice(
    assistant: Any, request_log: Log, kind: str, status: str
) -> None:
    faults = [{"kind": kind, "method": verb, "path": "*/webhookSubscription*", "times": 1} for verb in ("POST", "PUT")]
    async with assistant(faults=faults, **ALL) as ask:
        lost = await ask("actito_webhooks_save", **NEW)
        assert lost.result["status"] == status and "answer was lost" in lost.text
        changed = await ask("actito_webhooks_save", webhook=WALLET, active="no")
        assert changed.result["status"] == status and "answer was lost" in changed.text
        written = [each["operation"] for each in request_log(ask.sandbox) if each["method"] in ("POST", "PUT")]
        assert written == ["createWebhook", "updateWebhook"]


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_webhooks_are_deleted_after_a_yes(assistant: Any, era: str) -> None:
    async with assistant(era=era, **ALL) as ask:
        done = await ask("actito_webhooks_delete", webhooks=[str(NEWSLETTER), str(WALLET), "5"])
        (question,) = ask.questions
        assert "Customers: subscription changed (Newsletter)" in question and "active=no" in question
        assert "Left alone: 5 (MeridianBank has no webhook of this id)" in question and SECRET not in question
        assert done.data["counts"] == {"done": 2, "already": 1}
        assert (await ask("actito_webhooks_find")).ids() == [IMPORT, PAYMENTS]
        named = await ask("actito_webhooks_delete", webhooks=["CustomerSync"])
        assert named.code == "bad_argument" and "no id of a webhook" in named.text
