"""The 400 target cells: every campaign but one has two audiences, each with its own control cell."""

import json
from typing import Final, NamedTuple

from sandbox.bank import hostile
from sandbox.bank.campaigns import Campaign
from sandbox.bank.offer_lists import USED, OfferListRow
from sandbox.bank.offers import Offer
from sandbox.bank.volume import channel_share, volume

FIRST_ID: Final = 8001
WITHOUT_CELLS: Final = "Winter 2026 Personal Loan"
CONTROL_PERCENT: Final = {"cards": 10, "savings": 10, "mortgages": 5, "protection": 10, "letters": 5, "app": 10}
_LONGER_CAMPAIGNS: Final = 24  # nine cells instead of eight, which makes 400 in all

_AUDIENCES: Final = {
    "cards": ("Active card holders", "Sleeping card holders"),
    "savings": ("Savers below 5,000", "Savers above 5,000"),
    "mortgages": ("Rate ends within a year", "Tenants with savings"),
    "protection": ("Home owners", "Drivers under 40"),
    "letters": ("Not seen online", "Branch visitors"),
    "app": ("Existing customers", "New customers"),
}
_VARIANTS: Final = {
    "Direct mail": (("Letter", "Letter with leaflet", "Postcard", "Self-mailer"), ("Letter", "Postcard", "Catalogue")),
    "Mobile app": (("Push", "In-app banner", "Inbox message", "Widget"), ("Push", "In-app banner", "Inbox message")),
}
_MIXED: Final = (("Email", "Mobile app", "Direct mail", "Web"), ("Direct mail", "Mobile app"))
_TEMPLATES: Final = {"cards": (31,), "savings": (32,), "mortgages": (33,), "letters": (36, 31, 32), "app": (36, 31, 34)}
# Assigned by hand: campaign and position of the cell, and how the name of the offer begins.
_EXTRA_OFFERS: Final = {
    ("Spring 2026 Gold Card Cashback", 1): "Gold card 3% cashback, Spring 2026",
    ("Letters to Families, Autumn 2026", 2): "Supplier fair points",
    ("Letters to Families, Autumn 2026", 3): "Meridian Day double points",
    ("App Moments Autumn 2026", 2): "New app welcome",
    ("Autumn 2026 Home and Car Cover", 5): hostile.FENCE_BREAKER,
    ("Back to School Junior Saver 2026", 6): "Come back voucher",
}


class CellRow(NamedTuple):
    """A row of `cells`."""

    id: int
    campaign_id: int
    name: str
    description: str
    code: str
    is_control: int
    control_cell_id: int | None
    read_only: int
    top_down: int
    status: int
    approved: int
    display_order: int
    flowchart_id: int | None
    flowchart_name: str | None
    attributes: str


class CellOfferRow(NamedTuple):
    """A row of `cell_offers`."""

    cell_id: int
    position: int
    kind: str
    object_id: int


class Cell(NamedTuple):
    """A cell and the customers planned for it; `channel` is empty for a control cell."""

    row: CellRow
    campaign: Campaign
    channel: str
    size: int


class _Draft(NamedTuple):
    name: str
    channel: str
    size: int


def _audience(campaign: Campaign, group: int, targets: int) -> list[_Draft]:
    """The target cells of one audience, before they have ids."""
    series, season = campaign.series, campaign.season
    audience = _AUDIENCES[series.key][group]
    if series.channel:
        ways = [(way, series.channel) for way in _VARIANTS[series.channel][group][:targets]]
    elif group == 0:
        ways = [(way, way) for way in _MIXED[0][:targets]]
    else:
        last = ("Call centre", "Branch")[season.number % 2]
        ways = [(way, way) for way in (*_MIXED[1], last)]
    planned = volume(series.key, season.number)
    drafts = []
    for order, (way, channel) in enumerate(ways):
        share = 100 // (targets + 3) if series.channel else channel_share(channel, season.number) // 2
        drafts.append(_Draft(f"{audience}, {way}", channel, planned * share // 100 + 37 * order + 11 * group))
    return drafts


class _Builder:
    def __init__(self, offers: list[Offer], lists: list[OfferListRow]) -> None:
        self.cells: list[Cell] = []
        self.assigned: list[CellOfferRow] = []
        self._offers = {
            (offer.template.id, offer.season.number, offer.channel): offer.row for offer in offers if not offer.pilot
        }
        self._named = {offer.row.name: offer.row for offer in offers}
        self._lists = {one.name: one.id for one in lists}

    def add_audience(self, campaign: Campaign, group: int, drafts: list[_Draft], first_order: int) -> None:
        """A control cell and its target cells; the control cell comes first so that the others can refer to it."""
        percent = CONTROL_PERCENT[campaign.series.key]
        audience = _AUDIENCES[campaign.series.key][group]
        held_out = sum(draft.size for draft in drafts) * percent // (100 - percent)
        control = self._add(
            campaign, group, _Draft(f"{audience}, holdout {percent}%", "", held_out), first_order + len(drafts), None
        )
        for order, draft in enumerate(drafts, first_order):
            self._assign(self._add(campaign, group, draft, order, control.row.id), order)

    def _add(self, campaign: Campaign, group: int, draft: _Draft, order: int, control: int | None) -> Cell:
        number = FIRST_ID + len(self.cells)
        planned = campaign.season.state == "planned"
        bottom_up = not planned and group == 1 and campaign.row.id % 2 == 0
        hit = campaign.row.name == "App Moments Autumn 2026" and order == 1
        values: dict[str, object] = {"target_size": draft.size}
        if not draft.channel:
            values["holdout_percent"] = float(CONTROL_PERCENT[campaign.series.key])
        row = CellRow(
            number,
            campaign.row.id,
            hostile.CELL_NAME if hit else draft.name,
            hostile.CELL_DESCRIPTION if hit else "" if draft.channel else "Not contacted, measures the uplift",
            f"A{number:09d}",
            int(not draft.channel),
            control,
            int(bottom_up),
            int(not bottom_up),
            1,
            int(not planned),
            order,
            None if planned else (campaign.row.id - 1550) * 2 + group,
            None if planned else f"{campaign.series.initiative} {('select', 'follow-up')[group]}",
            json.dumps(values),
        )
        cell = Cell(row, campaign, draft.channel, draft.size)
        self.cells.append(cell)
        return cell

    def _assign(self, cell: Cell, order: int) -> None:
        campaign = cell.campaign
        season = campaign.season.number
        own = _TEMPLATES.get(campaign.series.key) or ((34,) if season % 2 else (35,))
        chosen = [self._offers[own[order % len(own)], season, cell.channel].id]
        if order % 3 == 0 and 36 not in own:
            chosen.append(self._offers[36, season, cell.channel].id)
        extra = _EXTRA_OFFERS.get((campaign.row.name, order))
        if extra:
            chosen.append(next(row.id for name, row in self._named.items() if name.startswith(extra)))
        self.assigned += [CellOfferRow(cell.row.id, place, "OFFER", offer) for place, offer in enumerate(chosen, 1)]
        if order == 2:
            lists = [name for name, (number, keys) in USED.items() if number == season and campaign.series.key in keys]
            self.assigned += [
                CellOfferRow(cell.row.id, place, "OFFER_LIST", self._lists[name])
                for place, name in enumerate(lists, len(chosen) + 1)
            ]


def cells(
    campaigns: list[Campaign], offers: list[Offer], lists: list[OfferListRow]
) -> tuple[list[Cell], list[CellOfferRow]]:
    """The cells, control cells before the cells they belong to, and what is assigned to them."""
    builder = _Builder(offers, lists)
    for place, campaign in enumerate(campaigns):
        if campaign.row.name == WITHOUT_CELLS:
            continue
        targets = 4 if place < _LONGER_CAMPAIGNS else 3
        builder.add_audience(campaign, 0, _audience(campaign, 0, targets), 1)
        builder.add_audience(campaign, 1, _audience(campaign, 1, 3), targets + 2)
    return builder.cells, builder.assigned
