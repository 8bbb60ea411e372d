"""What may be put together in a target cell, checked before anything is sent.

A control cell has neither offers nor a control cell of its own; a control cell belongs to the same campaign; retired
offers and lists can't be assigned anew. Source: target cells and offers of the notes, section 6 (SOAP rules).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.call import Call
from tools.campaign.cell_book import Cell, match, unknown
from tools.campaign.offer_book import OfferBook
from tools.campaign.offer_list_book import OfferListBook
from tools.errors import Ambiguous, BadArgument, UnknownName
from upstream.campaign.offer_lists import OfferListInfo
from upstream.campaign.offer_models import OfferInfo


@dataclass(frozen=True)
class Assigned:
    """Offers and offer lists that a cell shall have."""

    offers: Sequence[OfferInfo]
    offer_lists: Sequence[OfferListInfo]


async def wanted_offers(call: Call, offers: Sequence[str], offer_lists: Sequence[str]) -> Assigned:
    """What these ids, codes and names mean. Raises UnknownName and Ambiguous."""
    offer_book: OfferBook = call.kept(OfferBook)
    list_book: OfferListBook = call.kept(OfferListBook)
    found, missing = await offer_book.find(call, offers) if offers else ([], [])
    if missing:
        raise UnknownName("No offer has the id " + ", ".join(missing) + ".", advice="Look with offers_find.")
    lists, missing = await list_book.find(call, offer_lists) if offer_lists else ([], [])
    if missing:
        raise UnknownName("No offer list has the id " + ", ".join(missing) + ".", advice="Look with offer_lists_find.")
    return Assigned(found, lists)


def assignable(assigned: Assigned, old: Cell | None) -> None:
    """Raises BadArgument with the offers and lists that are retired and not assigned to the cell already."""
    have = {each.id for each in old.offers} if old else set()
    have_lists = {each.id for each in old.offer_lists} if old else set()
    retired = [f"{each.name} (id {each.id})" for each in assigned.offers if each.retired and each.id not in have]
    retired += [
        f"offer list {each.name} (id {each.id})"
        for each in assigned.offer_lists
        if each.retired_list and each.id not in have_lists
    ]
    if retired:
        raise BadArgument(
            "Retired offers and lists can't be assigned any more.",
            advice="Leave out those shown, or copy the offer (offers_create, copy_of) and assign the copy.",
            lines=retired,
        )


def control_cell_of(cells: Sequence[Cell], reference: str, place: Mapping[str, str]) -> dict[str, str]:
    """The control cell of the campaign that this means, as id -> name.

    Raises:
        UnknownName, Ambiguous: there is none, or several.
        BadArgument: the cell is not a control cell; with those that are.
    """
    campaign = next(iter(place.values()))
    found = match(cells, reference)
    if not found:
        raise unknown(cells, reference, campaign)
    if len(found) > 1:
        raise Ambiguous(
            f"{len(found)} cells are called {reference!r}.",
            advice="Use the id of the one that is meant.",
            lines=[str(each.named) for each in found],
        )
    if not found[0].info.is_control_cell:
        controls = [str(each.named) for each in cells if each.info.is_control_cell]
        raise BadArgument(
            f"{found[0].named} is not a control cell.",
            advice="Control cells of the campaign are shown." if controls else "The campaign has no control cell yet.",
            lines=controls,
        )
    return {str(found[0].id): found[0].info.name}


def check_rules(fields: Mapping[str, Any], old: Cell | None, others: Sequence[Cell]) -> None:
    """Hold what the cell would be against the rules.

    Raises:
        BadArgument: the first rule that is broken, and how to mend it.
    """
    control = fields.get("control", old.info.is_control_cell if old else False)
    if control:
        offers = [*_then(fields, "offers", old.offers if old else ())]
        offers += _then(fields, "offer_lists", old.offer_lists if old else ())
        if offers:
            hint = f"Take them away in the same call: {_clear('offers', 'offer_lists', old=old)}." if old else ""
            raise BadArgument(
                "A control cell is held out: it has no offers.", advice=hint or "Leave out offers.", lines=offers
            )
        controlled = fields.get("control_cell", old.control_id if old else None)
        if controlled:
            raise BadArgument(
                "A control cell has no control cell of its own.",
                advice='Take it away in the same call: clear=["control_cell"].' if old else "Leave out control_cell.",
            )
    if old is None:
        return
    if str(old.id) in fields.get("control_cell", {}):
        raise BadArgument("A cell can't be its own control cell.")
    used_by = [str(each.named) for each in others if each.control_id == old.id]
    if used_by and not control:
        raise BadArgument(
            f"{old.named} has to stay a control cell: it is that of the cells shown.",
            advice="Give them another control cell first.",
            lines=used_by,
        )


def _then(fields: Mapping[str, Any], key: str, now: Sequence[OfferInfo]) -> list[str]:
    """The names of what would be assigned."""
    return [*fields[key].values()] if key in fields else [each.name for each in now]


def _clear(*kinds: str, old: Cell | None) -> str:
    present = [kind for kind in kinds if old is not None and getattr(old, kind)]
    return "clear=[" + ", ".join(f'"{kind}"' for kind in present or kinds[:1]) + "]"
