"""Deleting campaigns of Unica Campaign, with all that they hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from tools.batches import in_batches
from tools.call import Call
from tools.campaign.campaign_book import CampaignBook, row
from tools.campaign.campaign_changes import forget
from tools.campaign.cell_book import cells_in
from tools.change import Change, Dependents, Outcome, Plan, gone
from tools.dates import in_words
from tools.declare import changes
from tools.parameters import References
from tools.search import Searches
from upstream.campaign import campaigns as routes
from upstream.campaign.campaigns import CampaignInfo
from upstream.campaign.target_cells import GetTargetCells
from upstream.request import Risk

MOST_AT_ONCE = 200


@changes(
    routes.DeleteCampaign,
    routes.DeleteCampaigns,
    routes.GetCampaign,
    routes.GetCampaigns,
    GetTargetCells,
    title="Delete campaigns",
)
async def campaigns_delete(call: Call, campaigns: References) -> Plan:
    """Delete campaigns with their target cells, run history and metrics."""
    book: CampaignBook = call.kept(CampaignBook)
    found, missing = await book.chosen(call, campaigns, MOST_AT_ONCE)
    return Plan(
        [_deletion(each, call.now()) for each in found],
        [gone("campaign", "delete", each) for each in missing],
        await _holdings(call, found),
        final="target cells, run history, contact and response counts go with the campaign.",
        safer="give it an end date (campaigns_save): nothing is lost, and reports keep their numbers.",
    )


def _deletion(campaign: CampaignInfo, now: datetime) -> Change:
    before = {key: value for key, value in row(campaign, now).items() if key not in ("name", "id", "code")}
    first = ("standing", "start", "end", "last_run", "initiative")
    ordered = {key: before[key] for key in (*first, *(each for each in before if each not in first))}
    number, code = str(campaign.id), campaign.campaign_code
    return Change("unica", "campaign", "delete", campaign.name, number, code, Risk.DESTRUCTIVE, ordered)


async def _holdings(call: Call, campaigns: Sequence[CampaignInfo]) -> Dependents:
    """What goes with the campaigns: their cells, and that they ran."""
    numbers = sorted(each.id for each in campaigns)
    searches: Searches = call.kept(Searches)
    searched = await searches.each(call, ("campaign", *numbers), numbers, partial(cells_in, call))
    cells = searched.found
    lines = []
    for campaign in campaigns:
        of = cells.get(campaign.id, [])
        controls = sum(each.is_control_cell for each in of)
        parts = [_cells(len(of), controls)] if of else []
        if last := campaign.last_run_date:
            parts.append(f"the history of its runs, the last on {in_words(last, call.time_zone)}")
        if parts:
            lines.append(f"{campaign.name}: {', and '.join(parts)}")
    return Dependents(lines, searched.looked_at, searched.of, "campaigns", label="Goes with it", none="nothing found")


def _cells(number: int, controls: int) -> str:
    held_out = f", {'1 of them a control cell' if controls == 1 else f'{controls} of them control cells'}"
    return f"{number} target {'cell' if number == 1 else 'cells'}{held_out if controls else ''}"


@campaigns_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(batch: Sequence[Change]) -> None:
        numbers = [int(each.id) for each in batch]
        if len(numbers) == 1:
            await call.send(routes.DeleteCampaign(campaign_id=numbers[0]))
        else:
            await call.send(routes.DeleteCampaigns(campaign_ids=numbers))

    async def remaining(ids: Sequence[int]) -> Collection[int]:
        book: CampaignBook = call.kept(CampaignBook)
        return {each.id for each in await book.read(call, ids)}

    refusal = "the system reported success, but it is still there"
    outcomes = await in_batches(changes, send, refusal, remaining=remaining)
    forget(call)
    return outcomes
