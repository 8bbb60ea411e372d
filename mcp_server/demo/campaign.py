"""The chapters on Unica Campaign: a marketer's offers and campaigns."""

from __future__ import annotations

from mcp_server.demo.teller import Teller

SEASON = "Spring 2026"
LAST_SEASON = "Summer 2025"
CAMPAIGN = "Spring 2026 Gold Card Cashback"


async def tell(teller: Teller) -> None:
    """Find, read, create, retire, decline a delete, and make a mistake."""
    await _find_offers(teller)
    await _read_campaign(teller)
    await _create_campaign(teller)
    await _retire_offers(teller)
    await _decline_a_delete(teller)
    await _wrong_argument(teller)


async def _find_offers(teller: Teller) -> None:
    teller.page.chapter(f"Which e-mail offers did we have in {SEASON}?")
    found = await teller.call(
        "offers_find",
        attributes={"season": SEASON, "channel": "Email"},
        fields=["code", "retired", "segment", "cost", "expiry_date"],
    )
    teller.expect(found["total"] > 0, f"no offers of {SEASON} were found")


async def _read_campaign(teller: Teller) -> None:
    teller.page.chapter(f"How did {CAMPAIGN} do?")
    found = await teller.call("campaigns_find", campaigns=[CAMPAIGN])
    teller.expect(found["total"] == 1, "the campaign was not found")
    await teller.call("target_cells_find", campaign=CAMPAIGN)
    await teller.call("campaigns_metrics", campaigns=[CAMPAIGN])


async def _create_campaign(teller: Teller) -> None:
    teller.page.chapter("Plan the follow-up for next spring, with a cell for the gold card holders")
    made = await teller.call(
        "campaigns_save",
        name="Spring 2027 Gold Card Cashback",
        description="Follow-up of Spring 2026 for gold card holders",
        initiative="Digital first",
        start="2027-03-01",
        end="2027-05-31",
    )
    teller.expect(made["status"] == "done", "the campaign was not created")
    cell = await teller.call(
        "target_cells_save",
        campaign="Spring 2027 Gold Card Cashback",
        name="Gold card holders, no cashback offer yet",
    )
    teller.expect(cell["status"] == "done", "the cell was not created")


async def _retire_offers(teller: Teller) -> None:
    teller.page.chapter(f"Retire the offers of {LAST_SEASON} that are still open")
    found = await teller.call("offers_find", search=LAST_SEASON, retired="no", limit=5)
    await teller.ask("offers_retire", scripted=True, offers=[str(each["id"]) for each in found["items"]])


async def _decline_a_delete(teller: Teller) -> None:
    teller.page.chapter("Delete a campaign? The person thinks again")
    agreed = await teller.ask("campaigns_delete", scripted=False, campaigns=["Spring 2027 Gold Card Cashback"])
    there = await teller.call("campaigns_find", search="Spring 2027 Gold")
    teller.expect(there["total"] == (0 if agreed else 1), "the campaign is not as the person decided")
    teller.page.tell("It is gone, as the person said." if agreed else "It is still there: a no changes nothing.")


async def _wrong_argument(teller: Teller) -> None:
    teller.page.chapter("The assistant makes a mistake, and reads what to do")
    await teller.err("offers_find", atributes={"season": SEASON}, limit=5000)
