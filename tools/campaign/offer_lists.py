"""Finding offer lists of Unica Campaign: static ones with members, smart ones with a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from tools.call import Call
from tools.campaign.offer_book import OfferBook
from tools.campaign.offer_list_book import COLUMNS, OfferListBook, called, members, row
from tools.columns import choose, words_in
from tools.declare import finds
from tools.listing import Listing, Row, paged
from tools.parameters import Cursor, Fields, Limit
from upstream.campaign import offers, offers_v2
from upstream.campaign.offer_lists import GetOfferLists, OfferListInfo
from upstream.errors import UpstreamError

MEMBERS_SHOWN = 50
SMART_TRIED = 20
"""Smart lists that are resolved to see whether an offer is in them; each costs a search."""


@finds(
    GetOfferLists,
    offers.GetOffers,
    offers_v2.GetOffersByIds,
    offers_v2.GetOffer,
    offers_v2.GetOffersV2Index,
    offers_v2.SearchOffers,
    title="Find offer lists",
)
async def offer_lists_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    offer_lists: Annotated[list[str], "Ids or names"] = [],
    offer: Annotated[str, "That contain it"] = "",
    kind: Annotated[Literal["any", "static", "smart"], "Chosen, or by query"] = "any",
    retired: Annotated[Literal["any", "yes", "no"], "Only those"] = "any",
    fields: Fields = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find offer lists; a named one with its members."""
    question = {"tool": "offer_lists_find", "what": [search, offer_lists, offer, kind, retired, fields]}

    async def look() -> Listing:
        notes: list[str] = []
        columns = (*COLUMNS, "offers") if offer_lists else COLUMNS
        usual = [*columns] if offer_lists else ["name", "id", "smart", "retired", "members", "description"]
        shown = choose(fields, columns, usual)
        found = [
            each
            for each in await _candidates(call, offer_lists, notes)
            if (kind == "any" or each.smart_list is (kind == "smart"))
            and (retired == "any" or each.retired_list is (retired == "yes"))
            and words_in(
                search, each.name, each.description, each.smart_list_info.query if each.smart_list_info else ""
            )
        ]
        if offer:
            found = await _containing(call, offer, found, notes)
        rows: list[Row] = [row(each) for each in found]
        if "offers" in shown:
            rows = [await _with_offers(call, each, notes) for each in found]
        return Listing("offer lists", rows, shown, columns, len(rows), notes=notes)

    return await paged(call, question, cursor, limit, look)


async def _candidates(call: Call, references: list[str], notes: list[str]) -> Sequence[OfferListInfo]:
    book: OfferListBook = call.kept(OfferListBook)
    if references:
        found, missing = await book.find(call, references)
        if missing:
            notes.append("No offer list has the id " + ", ".join(missing) + ".")
        return found
    everything = await book.everything(call)
    book.learn(everything)
    return everything


async def _with_offers(call: Call, offer_list: OfferListInfo, notes: list[str]) -> dict[str, Any]:
    if offer_list.smart_list:
        notes.append(f"What list {offer_list.id} finds now: offers_find with offer_list={offer_list.id}.")
        return {**row(offer_list), "offers": None}
    ids = offer_list.static_list_members
    book: OfferBook = call.kept(OfferBook)
    named = {each.id: called(each) for each in await book.read(call, ids[:MEMBERS_SHOWN])}
    if len(ids) > MEMBERS_SHOWN:
        notes.append(
            f"The first {MEMBERS_SHOWN} of {len(ids)} members of list {offer_list.id} are named; "
            f"all of them: offers_find with offer_list={offer_list.id}."
        )
    return {**row(offer_list), "offers": [named.get(each, f"id {each} (gone)") for each in ids[:MEMBERS_SHOWN]]}


async def _containing(
    call: Call, reference: str, lists: Sequence[OfferListInfo], notes: list[str]
) -> list[OfferListInfo]:
    book: OfferBook = call.kept(OfferBook)
    offer = await book.one(call, reference)
    found, tried = [], 0
    smart = [each for each in lists if each.smart_list]
    for each in lists:
        if not each.smart_list:
            inside = offer.id in each.static_list_members
        elif tried == SMART_TRIED or call.seconds_left() <= 0:
            continue
        else:
            try:
                inside = offer.id in {member.id for member in await members(call, each, [])}
            except UpstreamError as error:
                notes.append(f"Smart lists could not be looked into: {error.message}")
                tried, smart = SMART_TRIED, []
                continue
            tried += 1
        if inside:
            found.append(each)
    if tried < len(smart):
        notes.append(f"Looked into {tried} of {len(smart)} smart lists.")
    return found
