"""What depends on an object, looked for before a person is asked whether it may go.

The API has no such question, so lists and cells are searched: within the time of the call, the campaigns that ran last
first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime

from tools.call import Call
from tools.change import Dependents
from tools.search import Searches
from upstream.campaign.campaigns import CampaignInfo, GetCampaigns
from upstream.campaign.offer_lists import GetOfferLists, OfferListInfo
from upstream.campaign.target_cells import GetTargetCells, TargetCellInfo
from upstream.errors import NotFound
from upstream.zones import local


async def usage_of_offers(call: Call, names: Mapping[int, str]) -> Dependents:
    """The offer lists, target cells and campaigns that use these offers (id -> name)."""
    lists = [each for each in await _offer_lists(call) if set(each.static_list_members) & set(names)]
    in_lists = {each.id: each for each in lists}

    def uses(cell: TargetCellInfo) -> list[int]:
        through = [offer for each in lists_of(cell) if each in in_lists for offer in in_lists[each].static_list_members]
        return [each for each in dict.fromkeys([*_offers_of(cell), *through]) if each in names]

    cells, looked_at, of = await cells_that(call, ("offer", *sorted(names)), lambda cell: bool(uses(cell)))
    lines = []
    for number, name in names.items():
        places = [f"offer list {each.name}" for each in lists if number in each.static_list_members]
        places += _places(call, [campaign for campaign, cell in cells if number in uses(cell)])
        if places:
            lines.append(f"{name}: " + ", ".join(places))
    return Dependents(lines, looked_at, of, "campaigns")


async def usage_of_lists(call: Call, names: Mapping[int, str]) -> Dependents:
    """The target cells and campaigns that have these offer lists (id -> name) assigned."""
    key = ("offer_list", *sorted(names))
    cells, looked_at, of = await cells_that(call, key, lambda cell: not names.keys().isdisjoint(lists_of(cell)))
    lines = []
    for number, name in names.items():
        if places := _places(call, [campaign for campaign, cell in cells if number in lists_of(cell)]):
            lines.append(f"{name}: " + ", ".join(places))
    return Dependents(lines, looked_at, of, "campaigns")


def lists_of(cell: TargetCellInfo) -> list[int]:
    """The ids of the offer lists that are assigned to a cell."""
    return [each.id for each in cell.offer_info if each.reference.component_type_enum == "OFFER_LIST"]


def _offers_of(cell: TargetCellInfo) -> list[int]:
    return [each.id for each in cell.offer_info if each.reference.component_type_enum != "OFFER_LIST"]


def _places(call: Call, campaigns: Sequence[CampaignInfo]) -> list[str]:
    """One entry for each campaign, given once for each of its cells."""
    counts = Counter(each.id for each in campaigns)
    by_id = {each.id: each for each in campaigns}
    return [
        f"{count} {'cell' if count == 1 else 'cells'} of {campaign_line(by_id[number], call.now())}"
        for number, count in counts.items()
    ]


async def cells_that(
    call: Call, key: Hashable, wanted: Callable[[TargetCellInfo], bool]
) -> tuple[list[tuple[CampaignInfo, TargetCellInfo]], int, int]:
    """The cells of all campaigns that are wanted, with how many campaigns were looked at and how many there are.

    Campaigns that ran last come first, as `Searches` does it for this `key`. One whose cells can't be read counts as
    not looked at: it does not hold up what is to happen elsewhere. Raises what was wrong when none can be read.
    """
    campaigns = sorted(await campaigns_of(call), key=_last_run, reverse=True)
    by_id = {each.id: each for each in campaigns}

    async def look(campaign_id: int) -> list[TargetCellInfo]:
        try:
            cells = await call.send(GetTargetCells(campaign_id=campaign_id))
        except NotFound:
            return []
        return [each for each in cells if wanted(each)]

    searches: Searches = call.kept(Searches)
    searched = await searches.each(call, key, by_id, look)
    if searched.failure and not searched.found:
        raise searched.failure
    cells = [(by_id[number], cell) for number, found in searched.found.items() for cell in found]
    return cells, searched.looked_at, searched.of


def campaign_line(campaign: CampaignInfo, now: datetime) -> str:
    """A campaign in a few words: name, code, and how it stands by its dates at this moment."""
    return f"{campaign.name} ({campaign.campaign_code}, {standing(campaign, now)})"


UNCLEAR = "not understood"


def standing(campaign: CampaignInfo, now: datetime) -> str:
    """planned, running or ended, by the dates of the campaign at this moment. Nothing says it directly.

    It is undated when it has no start, and `UNCLEAR` where a date that decides could not be understood. An end is a
    day, in the zone of `now`: the campaign runs until that day is over.
    """
    start, end = campaign.start_date, campaign.end_date
    if isinstance(end, datetime) and local(end, now.tzinfo or UTC).date() < now.date():
        return "ended"
    if isinstance(start, datetime) and start > now:
        return "planned"
    if isinstance(start, str) or isinstance(end, str):
        return UNCLEAR
    return "running" if start else "undated"


def _last_run(campaign: CampaignInfo) -> float:
    moment = campaign.last_run_date or campaign.start_date
    return moment.timestamp() if isinstance(moment, datetime) else 0.0


async def campaigns_of(call: Call) -> Sequence[CampaignInfo]:
    """Every campaign."""
    try:
        return await call.send(GetCampaigns())
    except NotFound:
        return []


async def _offer_lists(call: Call) -> Sequence[OfferListInfo]:
    try:
        return await call.send(GetOfferLists())
    except NotFound:
        return []
