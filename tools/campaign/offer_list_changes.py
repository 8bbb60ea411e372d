"""Clearing, retiring and deleting offer lists of Unica Campaign. The answers are bare texts: lists are read again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Annotated, Any

from tools.batches import in_batches
from tools.call import Call
from tools.campaign.offer_book import OfferBook
from tools.campaign.offer_list_book import OfferListBook, called
from tools.campaign.usage import usage_of_lists
from tools.change import Change, Outcome, Plan, gone
from tools.declare import changes
from tools.errors import BadArgument
from upstream.campaign import offers, offers_v2
from upstream.campaign.offer_lists import (
    DeleteOfferLists,
    GetOfferLists,
    OfferListInfo,
    RetireOfferLists,
    UpdateOfferList,
)
from upstream.campaign.target_cells import GetTargetCells
from upstream.errors import Refused
from upstream.request import Risk

MOST_AT_ONCE = 200
NAMED = 18
"""Members named one by one before they leave; the others are counted."""


def _change(each: OfferListInfo, verb: str, before: dict[str, Any], after: dict[str, Any]) -> Change:
    return Change("unica", "offer_list", verb, each.name, str(each.id), "", Risk.DESTRUCTIVE, before, after)


async def _find(call: Call, references: list[str]) -> tuple[list[OfferListInfo], list[str]]:
    book: OfferListBook = call.kept(OfferListBook)
    return await book.chosen(call, references, MOST_AT_ONCE)


@changes(
    UpdateOfferList,
    GetOfferLists,
    GetTargetCells,
    offers.GetOffers,
    offers_v2.GetOffersByIds,
    offers_v2.GetOffer,
    offers_v2.GetOffersV2Index,
    title="Clear an offer list",
    worst=Risk.DESTRUCTIVE,
)
async def offer_lists_clear(
    call: Call,
    offer_list: Annotated[str, "Id or name"],
    keep: Annotated[list[str], "Members that stay"] = [],
) -> Plan:
    """Take the members out of a static list, all or all but keep."""
    found = await call.kept(OfferListBook).one(call, offer_list)
    if found.smart_list:
        raise BadArgument(
            f"{found.name} (id {found.id}) is a smart list: its query finds its offers, it has no members to take out.",
            advice="Change its query with offer_lists_save.",
        )
    if found.retired_list:
        raise BadArgument(f"{found.name} (id {found.id}) is retired: a retired list can't be changed any more.")
    ids = found.static_list_members
    book: OfferBook = call.kept(OfferBook)
    kept = await _members_to_keep(call, keep, ids)
    leaving = [each for each in ids if each not in kept]
    if not leaving:
        why = "it has no members" if not ids else "all its members are to stay"
        return Plan([], [Outcome(_change(found, "clear", {}, {}), "already", why)])
    names = {each.id: called(each) for each in await book.read(call, leaving)}
    change = _change(found, "clear", {"members": len(ids), "ids": list(ids)}, {"members": len(kept), "ids": kept})
    return Plan(
        [change],
        dependents=await usage_of_lists(call, {found.id: found.name}),
        warnings=_leaving([names.get(each, f"id {each} (gone)") for each in leaving]),
        final="the list forgets who left. offer_lists_save can add them again, but not those that are retired.",
    )


def _leaving(names: Sequence[str]) -> list[str]:
    lines = [f"Leaves the list: {each}" for each in names[:NAMED]]
    return lines if len(names) <= NAMED else [*lines, f"and {len(names) - NAMED} more leave it"]


async def _members_to_keep(call: Call, references: list[str], ids: Sequence[int]) -> list[int]:
    if not references:
        return []
    found, missing = await call.kept(OfferBook).find(call, references)
    strangers = [*missing, *(called(each) for each in found if each.id not in ids)]
    if strangers:
        raise BadArgument("These are not members of the list, so they can't stay:", lines=strangers)
    if retired := [called(each) for each in found if each.retired]:
        raise BadArgument(
            "These are retired: the system does not put a retired offer back, so they can't stay.",
            advice="Leave them out of keep if they may go.",
            lines=retired,
        )
    wanted = {each.id for each in found}
    return [each for each in ids if each in wanted]


@offer_lists_clear.applies
async def _clear(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(batch: Sequence[Change]) -> None:
        (change,) = batch
        await call.send(UpdateOfferList(list_id=int(change.id), list_members=change.after["ids"], clear_existing=True))

    wanted = {int(each.id): set(each.after["ids"]) for each in changes}
    outcomes = await in_batches(
        changes,
        send,
        "the system said yes, but the list does not have the members that it should; look with offer_lists_find",
        size=1,
        remaining=_still(call, lambda now: now is None or set(now.static_list_members) != wanted[now.id]),
    )
    return _forget(call, outcomes)


@changes(RetireOfferLists, GetOfferLists, GetTargetCells, title="Retire offer lists")
async def offer_lists_retire(call: Call, offer_lists: Annotated[list[str], "Ids or names"]) -> Plan:
    """Retire offer lists for good: never assigned again, and no longer given out where they are."""
    found, missing = await _find(call, offer_lists)
    active = [each for each in found if not each.retired_list]
    already = [
        Outcome(_change(each, "retire", {}, {}), "already", "retired before") for each in found if each.retired_list
    ]
    return Plan(
        [_change(each, "retire", {"retired": False}, {"retired": True}) for each in active],
        [*already, *(gone("offer_list", "retire", each) for each in missing)],
        await usage_of_lists(call, {each.id: each.name for each in active}) if active else None,
        final="a retired list can never be assigned or changed again, and cells that have it stop giving it out.",
    )


@offer_lists_retire.applies
async def _retire(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(batch: Sequence[Change]) -> None:
        await call.send(RetireOfferLists(list_ids=[int(each.id) for each in batch]))

    refusal = "the system said yes, but the list is not retired"
    still = _still(call, lambda now: now is None or not now.retired_list)
    return _forget(call, await in_batches(changes, send, refusal, remaining=still))


@changes(DeleteOfferLists, GetOfferLists, GetTargetCells, title="Delete offer lists")
async def offer_lists_delete(call: Call, offer_lists: Annotated[list[str], "Ids or names"]) -> Plan:
    """Delete offer lists that were never used; their offers stay. A used one is refused: retire it."""
    found, missing = await _find(call, offer_lists)
    return Plan(
        [_change(each, "delete", _what(each), {}) for each in found],
        [gone("offer_list", "delete", each) for each in missing],
        await usage_of_lists(call, {each.id: each.name for each in found}),
        final="the lists are gone, with the choice of their members or their query; the offers themselves stay.",
        safer="retire them (offer_lists_retire): they stay readable, and nobody can assign them any more.",
    )


def _what(each: OfferListInfo) -> dict[str, Any]:
    if each.smart_list:
        return {"query": each.smart_list_info.query if each.smart_list_info else "", "retired": each.retired_list}
    return {"members": len(each.static_list_members), "retired": each.retired_list}


@offer_lists_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(batch: Sequence[Change]) -> None:
        try:
            await call.send(DeleteOfferLists(list_ids=[int(each.id) for each in batch]))
        except Refused as error:
            raise Refused(f"{error.message} A used list can only be retired (offer_lists_retire).") from error

    refusal = "the system said yes, but the list is still there"
    still = _still(call, lambda now: now is not None)
    return _forget(call, await in_batches(changes, send, refusal, remaining=still))


def _still(
    call: Call, undone: Callable[[OfferListInfo | None], bool]
) -> Callable[[Sequence[int]], Awaitable[Collection[int]]]:
    """Reads which lists have not become what they should. All lists are read: an id that is gone would be a 404."""

    async def remaining(ids: Sequence[int]) -> list[int]:
        lists = {each.id: each for each in await call.kept(OfferListBook).everything(call)}
        return [each for each in ids if undone(lists.get(each))]

    return remaining


def _forget(call: Call, outcomes: list[Outcome]) -> list[Outcome]:
    call.kept(OfferListBook).forget()
    return outcomes
