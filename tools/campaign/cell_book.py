"""Target cells as tools see them. They are only listed by campaign, so the session remembers where each was seen."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tools import reads
from tools.call import Call
from tools.campaign.campaign_book import CampaignBook
from tools.errors import Ambiguous, BadArgument, UnknownName
from tools.names import Named
from upstream.campaign.campaigns import CampaignInfo
from upstream.campaign.offer_lists import OfferListInfo
from upstream.campaign.offer_models import OfferInfo
from upstream.campaign.target_cells import GetTargetCells, TargetCellInfo
from upstream.errors import NotFound

SHOWN = ("name", "id", "code", "control", "control_cell", "offers", "flowchart")
FIXED = (*SHOWN, "approved", "read_only", "top_down", "status", "description", "campaign")

MOST_SEEN = 5_000
"""Campaigns whose cells are remembered in one session, about 10 MB; then the longest unread is forgotten."""


@dataclass(frozen=True)
class Cell:
    """A target cell with the campaign it belongs to, which its own record doesn't say."""

    info: TargetCellInfo
    campaign_id: int
    campaign: str = ""

    @property
    def id(self) -> int:
        return self.info.id

    @property
    def named(self) -> Named:
        return Named(self.id, self.info.name, self.info.cell_code)

    @property
    def offers(self) -> list[OfferInfo]:
        """The offers that are assigned one by one."""
        return [each for each in self.info.offer_info if each.reference.component_type_enum != "OFFER_LIST"]

    @property
    def offer_lists(self) -> list[OfferInfo]:
        """The offer lists that are assigned; they come in the shape of offers."""
        return [each for each in self.info.offer_info if each.reference.component_type_enum == "OFFER_LIST"]

    @property
    def control_id(self) -> int | None:
        reference = self.info.control_cell_reference
        return reference.id if reference else None


class CellBook:
    """In which campaigns this session has seen cells of an id, code or name (`call.kept`)."""

    def __init__(self) -> None:
        self._seen: dict[int, frozenset[str]] = {}

    def learn(self, campaign_id: int, cells: Iterable[TargetCellInfo]) -> None:
        """Remember what the cells of a campaign are called; its list is complete."""
        self._seen.pop(campaign_id, None)
        self._seen[campaign_id] = frozenset(
            _key(each) for cell in cells for each in (str(cell.id), cell.cell_code, cell.name) if each
        )
        while len(self._seen) > MOST_SEEN:
            del self._seen[next(iter(self._seen))]

    def campaigns_of(self, references: Sequence[str]) -> list[int]:
        """The campaigns where cells that are called so were seen.

        Raises:
            BadArgument: a cell that was not seen.
        """
        found: dict[int, None] = {}
        for reference in references:
            places = [number for number, called in self._seen.items() if _key(reference) in called]
            if not places:
                raise BadArgument(
                    f"The target cell {reference!r} was not seen yet.",
                    advice="Name its campaign too: the system lists cells by campaign only.",
                )
            found.update(dict.fromkeys(places))
        return list(found)


async def cells_of(
    call: Call, campaigns: Iterable[int], *, until: float = float("inf")
) -> dict[int, list[TargetCellInfo]]:
    """Campaign id -> its cells as they are now, in their order; those not read before `until` are missing."""
    return await reads.each(campaigns, partial(cells_in, call), until=until)


async def cells_in(call: Call, campaign_id: int) -> list[TargetCellInfo]:
    """The cells of a campaign as they are now, in their order; none as well when there is no such campaign."""
    book: CellBook = call.kept(CellBook)
    try:
        cells = await call.send(GetTargetCells(campaign_id=campaign_id))
    except NotFound:
        cells = []
    book.learn(campaign_id, cells)
    return cells


async def in_campaign(call: Call, campaign: CampaignInfo) -> list[Cell]:
    """The cells of one campaign as they are now."""
    found = await cells_of(call, [campaign.id])
    return [Cell(each, campaign.id, campaign.name) for each in found[campaign.id]]


async def look_up(call: Call, references: Sequence[str], campaign: str = "") -> tuple[list[Cell], list[str]]:
    """The cells that these ids, codes or names mean, and the references that mean none any more.

    They are looked for in the campaign, or else where this session has seen them.

    Raises:
        UnknownName: the campaign has no such cell.
        Ambiguous: several cells have this name or code.
        BadArgument: no campaign was named, and the cell was not seen.
    """
    campaigns: CampaignBook = call.kept(CampaignBook)
    if campaign:
        places = [await campaigns.one(call, campaign)]
    else:
        book: CellBook = call.kept(CellBook)
        places = await campaigns.read(call, book.campaigns_of(references))
    everywhere = await cells_of(call, [each.id for each in places])
    cells = [Cell(info, each.id, each.name) for each in places for info in everywhere[each.id]]
    found: dict[int, Cell] = {}
    missing = []
    for reference in references:
        matches = match(cells, reference)
        if len(matches) > 1:
            raise Ambiguous(
                f"{len(matches)} target cells are called {reference!r}.",
                advice="Ask which one is meant and use its id.",
                lines=[f"{each.named} in {each.campaign}" for each in matches],
            )
        if matches:
            found[matches[0].id] = matches[0]
        elif campaign and not reference.strip().isdigit():
            raise unknown(cells, reference, places[0].name)
        else:
            missing.append(reference)
    return list(found.values()), missing


def match(cells: Iterable[Cell], reference: str) -> list[Cell]:
    """The cell with this id or, if there is none, the cells with this code or name."""
    known = list(cells)
    wanted = _key(reference)
    numbered = [each for each in known if str(each.id) == wanted]
    return numbered or [each for each in known if wanted in (_key(each.info.name), _key(each.info.cell_code))]


def unknown(cells: Iterable[Cell], reference: str, campaign: str) -> UnknownName:
    """No cell of the campaign answers to this; the nearest are shown."""
    named = [each.named for each in cells]
    near = difflib.get_close_matches(reference.casefold(), [each.name.casefold() for each in named], 5, 0.4)
    lines = [str(each) for each in named if each.name.casefold() in near] or [str(each) for each in named[:20]]
    return UnknownName(
        f"No target cell of {campaign} has the id, code or name {reference!r}.",
        advice="It has those shown." if lines else "It has no target cells.",
        lines=lines,
    )


def _key(text: str) -> str:
    return text.strip().casefold()


def row(cell: Cell) -> dict[str, Any]:
    """A cell as a row: its own fields, then its attributes by name; what is empty is None."""
    info = cell.info
    control = f"{info.control_cell_name or info.control_cell_code} ({cell.control_id})" if cell.control_id else None
    fixed = {
        "name": info.name,
        "id": info.id,
        "code": info.cell_code,
        "control": info.is_control_cell,
        "control_cell": control,
        "offers": [offer_line(each) for each in info.offer_info] or None,
        "flowchart": info.flowchart_name or None,
        "approved": None if info.cell_approved is None else bool(info.cell_approved),
        "read_only": info.is_cell_read_only,
        "top_down": info.is_cell_top_down,
        "status": info.cell_status,
        "description": info.description or None,
        "campaign": f"{cell.campaign} ({cell.campaign_id})",
    }
    return {**info.attribute_values, **fixed}


def offer_line(offer: OfferInfo) -> str:
    """An assigned offer or offer list in a few words, with its id."""
    kind = "offer list " if offer.reference.component_type_enum == "OFFER_LIST" else ""
    return f"{offer.name} ({kind}{offer.id}{', retired' if offer.retired else ''})"


def by_id(objects: Iterable[OfferInfo | OfferListInfo]) -> dict[str, str]:
    """Id -> name, the form in which changes hold what is assigned: it can be shown, stored and sent."""
    return {str(each.id): each.name for each in objects}


def columns(cells: Iterable[Cell]) -> list[str]:
    """The columns that these cells have together."""
    names = dict.fromkeys(FIXED)
    for cell in cells:
        names.update(dict.fromkeys(each.name for each in cell.info.attributes))
    return list(names)
