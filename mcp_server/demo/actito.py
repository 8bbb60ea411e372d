"""The chapters on Actito: a colleague of customer service, and the next newsletter."""

from __future__ import annotations

from typing import Any

from mcp_server.demo.teller import Teller

HERE: dict[str, Any] = {"entity": "MeridianBank", "table": "Customers"}
CUSTOMER = "ada.larkin@example.org"
DRAFT = "Winter newsletter 2026"
CAMPAIGN = "Welcome_Series"


async def tell(teller: Teller) -> None:
    """Find a customer, end an opt-in, prepare a newsletter, and send one message or not."""
    await _find(teller)
    await _opt_out(teller)
    await _prepare(teller)
    await _send(teller)


async def _find(teller: Teller) -> None:
    teller.page.chapter("In Actito: a customer calls, and wants no more newsletters")
    found = await teller.call("actito_profiles_find", profiles=[CUSTOMER], **HERE)
    teller.expect(found["total"] == 1, f"{CUSTOMER} was not found")
    teller.expect(CUSTOMER not in str(found["items"]), "an address was shown that nobody asked for")


async def _opt_out(teller: Teller) -> None:
    teller.page.chapter("Opt her out: the assistant misspells the subscription first; consent is a person's decision")
    said = await teller.err("actito_subscriptions_set", profiles=[CUSTOMER], opt_out=["News letter"], **HERE)
    teller.expect("Newsletter" in said, "the nearest subscription was not named")
    agreed = await teller.ask(
        "actito_subscriptions_set", scripted=True, profiles=[CUSTOMER], opt_out=["Newsletter"], **HERE
    )
    now = await teller.call("actito_profiles_find", profiles=[CUSTOMER], fields=["subscriptions"], **HERE)
    opted_in = "Newsletter" in str(now["items"])
    teller.expect(opted_in is not agreed, "the opt-in is not what the person decided")


async def _prepare(teller: Teller) -> None:
    teller.page.chapter("Prepare the winter newsletter from the one of autumn")
    made = await teller.call(
        "actito_emails_save",
        entity=HERE["entity"],
        copy_of="Autumn newsletter 2026",
        label=DRAFT,
        subject="Warm rates for cold days",
    )
    teller.expect(made["status"] == "done", "the draft was not made")
    found = await teller.call("actito_emails_find", entity=HERE["entity"], search="newsletter", fields=["state"])
    teller.expect(any(each["name"] == DRAFT for each in found["items"]), "the draft is not in the list")


async def _send(teller: Teller) -> None:
    teller.page.chapter("Send her the welcome mail once more?")
    if not await teller.ask(
        "actito_messages_send", scripted=False, campaign=CAMPAIGN, profiles=[CUSTOMER], entity=HERE["entity"]
    ):
        teller.page.tell("Nothing was sent: a no sends nothing.")
