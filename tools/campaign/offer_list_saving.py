"""Creating and changing offer lists of Unica Campaign. Members are only ever added here: taking out is guarded."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from tools.batches import one_by_one
from tools.call import Call
from tools.campaign.offer_book import OfferBook, offer_forms
from tools.campaign.offer_list_book import OfferListBook, called, row
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from upstream.campaign import offers as offers_v1
from upstream.campaign import offers_v2
from upstream.campaign.offer_lists import (
    CreateOfferList,
    CreateSmartOfferList,
    GetOfferLists,
    OfferListInfo,
    SmartListInfo,
    UpdateOfferList,
)
from upstream.campaign.offer_models import OfferInfo
from upstream.errors import Refused, UpstreamError

TRIED = 500
"""Offers read at most to show what a query finds."""

_CLEARABLE = ("description", "max_size", "search_folders")
_SMART = ("query", "max_size", "search_folders", "subfolders")


@changes(
    CreateOfferList,
    CreateSmartOfferList,
    UpdateOfferList,
    GetOfferLists,
    offers_v1.GetOffers,
    offers_v2.GetOffersByIds,
    offers_v2.GetOffer,
    offers_v2.GetOffersV2Index,
    offers_v2.SearchOffers,
    title="Create or change an offer list",
    repeatable=False,
)
async def offer_lists_save(
    call: Call,
    offer_list: Annotated[str, "To change"] = "",
    name: Annotated[str, "New, unique"] = "",
    description: Annotated[str, "Text"] = "",
    offers: Annotated[list[str], "To add"] = [],
    query: Annotated[str, "Smart: channel = 'Email' AND cost < 1"] = "",
    max_size: Annotated[int, "Smart: at most"] = 0,
    search_folders: Annotated[list[int], "Smart: folder ids"] = [],
    subfolders: Annotated[Literal["keep", "yes", "no"], "Those below too"] = "keep",
    folder: Annotated[int, "Of a new list"] = 0,
    clear: Annotated[list[str], "What to empty"] = [],
) -> Plan:
    """Create an offer list, static with offers or smart with a query, or change one."""
    smart: dict[str, Any] = {
        "query": query.strip(),
        "max_size": max_size,
        "search_folders": list(search_folders),
        "subfolders": {"yes": True, "no": False}.get(subfolders),
    }
    smart = {key: value for key, value in smart.items() if value is False or value not in ("", 0, [], None)}
    if odd := [each for each in clear if each not in _CLEARABLE]:
        raise BadArgument(f"clear takes {', '.join(_CLEARABLE)}, not {odd[0]!r}.")
    if max_size < 0:
        raise BadArgument("max_size is a number of offers, 1 or more.")
    if offers and smart:
        raise BadArgument("A list has either chosen offers (static) or a query (smart), not both.")
    if not offer_list:
        if clear:
            raise BadArgument("clear is for changing a list: say which with offer_list.")
        return await _plan_new(call, name.strip(), description, offers, smart, folder)
    if folder:
        raise BadArgument("The API can't move a list to another folder; folder is for new lists.")
    found = await call.kept(OfferListBook).one(call, offer_list)
    texts = {key: value for key, value in (("name", name.strip()), ("description", description)) if value}
    return await _plan_change(call, found, texts, offers, smart, clear)


async def _plan_new(
    call: Call, name: str, description: str, references: list[str], smart: dict[str, Any], folder: int
) -> Plan:
    if not name:
        raise BadArgument('A new offer list needs a name, such as name="Spring 2027 showcase".')
    if smart and "query" not in smart:
        raise BadArgument("A smart list needs a query, such as query=\"channel = 'Email' AND cost < 1\".")
    asks = await _twins(call, name)
    about = {key: value for key, value in (("description", description), ("folder", folder)) if value}
    if smart:
        after = {"kind": "smart", **about, **smart}
        return Plan(
            [Change("unica", "offer_list", "create", name, after=after)], warnings=await _try(call, smart), asks=asks
        )
    chosen = await _offers(call, references)
    after = {"kind": "static", **about, "members": len(chosen), "adds": _named(chosen)}
    warnings = [] if chosen else ["It starts without members."]
    return Plan([Change("unica", "offer_list", "create", name, after=after)], warnings=warnings, asks=asks)


async def _plan_change(
    call: Call,
    found: OfferListInfo,
    texts: Mapping[str, str],
    references: list[str],
    smart: dict[str, Any],
    clear: Sequence[str],
) -> Plan:
    this = f"{found.name} (id {found.id})"
    if found.retired_list:
        raise BadArgument(f"{this} is retired: a retired list can't be changed any more.", advice="Create a new one.")
    if found.smart_list and references:
        raise BadArgument(f"{this} is a smart list: its query finds its offers, none can be added. Change the query.")
    if not found.smart_list and (smart or set(clear) & set(_SMART)):
        raise BadArgument(
            f"{this} is a static list of {len(found.static_list_members)} offers. "
            "It is not turned into a smart one, since that would drop them.",
            advice="Create a smart list beside it: the same call without offer_list and with a new name.",
        )
    if both := [each for each in clear if each in texts or each in smart]:
        raise BadArgument(f"{both[0]} is both given and to be emptied.")
    asks = await _twins(call, texts["name"], found.id) if "name" in texts else ""
    chosen = await _offers(call, references)
    inside = [each for each in chosen if each.id in found.static_list_members]
    adds = [each for each in chosen if each.id not in found.static_list_members]
    emptied: dict[str, Any] = {
        each: [] if each == "search_folders" else "" if each == "description" else None for each in clear
    }
    wanted = {**texts, **smart, **emptied}
    now = row(found)
    changed = {key: value for key, value in wanted.items() if (now[key] or None) != (value or None)}
    before = {key: now[key] for key in changed}
    after: dict[str, Any] = dict(changed)
    if adds:
        before["members"] = len(found.static_list_members)
        after |= {"members": len(found.static_list_members) + len(adds), "adds": _named(adds)}
    warnings = [f"In the list already: {called(each)}" for each in inside]
    change = Change("unica", "offer_list", "update", found.name, str(found.id), before=before, after=after)
    if not after:
        why = "all these offers are in the list already" if inside else "it is so already"
        return Plan([], [Outcome(change, "already", why)])
    if changed.keys() & {"query", "search_folders", "subfolders"}:
        warnings += await _try(call, {**{key: now[key] for key in _SMART}, **wanted})
    return Plan([change], warnings=warnings, asks=asks)


async def _twins(call: Call, name: str, own: int = 0) -> str:
    """Refuses a name that is taken; a name that differs only in its capitals is worth a question."""
    book: OfferListBook = call.kept(OfferListBook)
    await book.index(call, newer_than=time.monotonic())
    twins = [each for each in await book.twins(call, name) if each.id != own]
    if same := [str(each) for each in twins if each.name == name]:
        raise BadArgument(
            f"An offer list is called {name!r} already, and the system takes a name once.",
            advice="Change that one by giving its id as offer_list, or choose another name.",
            lines=same,
        )
    return f"{twins[0]} differs only in capitals or spaces. Use this name too?" if twins else ""


async def _offers(call: Call, references: list[str]) -> list[OfferInfo]:
    """The offers to add; the system adds all of them or none, so what can't be added is told before."""
    if not references:
        return []
    book: OfferBook = call.kept(OfferBook)
    found, missing = await book.find(call, references)
    if missing:
        raise BadArgument("No offer has the id " + ", ".join(missing[:20]) + ". Nothing was added.")
    if retired := [called(each) for each in found if each.retired]:
        raise BadArgument(
            "Retired offers can't be added to a list, and these are:",
            advice="Leave them out, or add copies of them (offers_create copy_of).",
            lines=retired,
        )
    return found


def _named(chosen: Sequence[OfferInfo]) -> dict[str, str]:
    return {str(each.id): each.name for each in chosen}


async def _try(call: Call, smart: Mapping[str, Any]) -> list[str]:
    """What the query finds now, in a sentence.

    Raises:
        BadArgument: the system can't read the query, or does not know a folder.
    """
    try:
        found = await offer_forms(call).search(
            smart.get("query") or "",
            smart.get("search_folders") or [],
            subfolders=smart.get("subfolders") is not False,
            max_size=TRIED,
        )
    except Refused as error:
        raise BadArgument(f"The system does not take this query: {error.message}") from error
    except UpstreamError as error:
        return [f"The query could not be tried: {error.message}"]
    active = sum(not each.retired for each in found)
    least = "at least " if len(found) >= TRIED else ""
    most = smart.get("max_size") or 0
    cut = f", of which the list gives {most}" if most and active > most else ""
    return [f"The query finds {least}{active} offers now that are not retired{cut}."]


@offer_lists_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> None:
        await (_create(call, change) if change.verb == "create" else _update(call, change))

    async def look(change: Change, said: None) -> Outcome:
        return _found_again(change, await call.kept(OfferListBook).everything(call))

    outcomes = await one_by_one(changes, send, look)
    call.kept(OfferListBook).forget()
    return outcomes


async def _create(call: Call, change: Change) -> None:
    after = change.after
    if after["kind"] == "static":
        members = [int(each) for each in after["adds"]]
        await call.send(
            CreateOfferList(
                name=change.name,
                description=after.get("description"),
                parent_folder_id=after.get("folder"),
                list_members=members,
            )
        )
        return
    await call.send(
        CreateSmartOfferList(
            name=change.name,
            smart_list=_smart_info(SmartListInfo(include_sub_folder=True), after),
            description=after.get("description"),
            parent_folder_id=after.get("folder"),
        )
    )


async def _update(call: Call, change: Change) -> None:
    after = change.after
    smart = None
    if after.keys() & set(_SMART):
        now = await call.kept(OfferListBook).one(call, change.id)
        smart = _smart_info(now.smart_list_info or SmartListInfo(), after)
    await call.send(
        UpdateOfferList(
            list_id=int(change.id),
            name=after.get("name"),
            description=after.get("description"),
            list_members=[int(each) for each in after.get("adds", {})],
            smart_list=smart,
            # That members stay when it is left out is an inference; what is said is sure.
            clear_existing=False,
        )
    )


def _smart_info(now: SmartListInfo, after: Mapping[str, Any]) -> SmartListInfo:
    """The definition with its changes; what the server said besides is sent back as it came."""
    changed = {key: after[key] for key in ("query", "max_size") if key in after}
    if "search_folders" in after:
        changed["scope_folders"] = after["search_folders"]
    if "subfolders" in after:
        changed["include_sub_folder"] = after["subfolders"]
    fields = {key: getattr(now, key) for key in now.model_fields_set if key not in (now.model_extra or {})}
    sent = {**fields, **changed}
    return SmartListInfo(**{key: value for key, value in sent.items() if value is not None}, **(now.model_extra or {}))


def _found_again(change: Change, lists: Sequence[OfferListInfo]) -> Outcome:
    """The list as it is among all after the write, whose own answer is a bare text."""
    name = change.after.get("name", change.name)
    found = [each for each in lists if (each.id == int(change.id) if change.id else each.name == name)]
    if len(found) != 1:
        return Outcome(change, "unknown", f"the system said yes, but {len(found)} lists of this name are found")
    (now,) = found
    absent = [
        name for number, name in change.after.get("adds", {}).items() if int(number) not in now.static_list_members
    ]
    shown = {
        key: value for key, value in row(now).items() if key in change.after or key in ("name", "smart", "members")
    }
    if absent:
        return Outcome(change, "refused", "the system said yes, but did not add " + ", ".join(absent), str(now.id))
    expected = {key: value for key, value in change.after.items() if key in shown and key != "members"}
    if differs := [key for key, value in expected.items() if (shown[key] or None) != (value or None)]:
        return Outcome(
            change, "refused", f"the system said yes, but kept its {', '.join(differs)}", str(now.id), after=shown
        )
    return Outcome(change, "done", id=str(now.id), after=shown)
