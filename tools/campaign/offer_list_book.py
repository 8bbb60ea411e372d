"""Offer lists as tools see them, and the offers that are in one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tools.call import Call
from tools.campaign.offer_book import OfferBook, offer_forms
from tools.names import Book, Named
from upstream.campaign.objects import Reference
from upstream.campaign.offer_lists import GetOfferLists, OfferListInfo, SmartListInfo
from upstream.campaign.offer_models import OfferInfo
from upstream.errors import NotFound


class OfferListBook(Book[OfferListInfo]):
    """All offer lists by id and name."""

    noun = "offer lists"

    async def everything(self, call: Call) -> Sequence[OfferListInfo]:
        try:
            return await call.send(GetOfferLists())
        except NotFound:
            return []

    async def read(self, call: Call, ids: Sequence[int]) -> list[OfferListInfo]:
        if not ids:
            return []
        try:
            return await call.send(GetOfferLists(list_ids=list(ids)))
        except NotFound:
            if len(ids) == 1:
                return []
            half = len(ids) // 2
            return [*await self.read(call, ids[:half]), *await self.read(call, ids[half:])]

    def named(self, item: OfferListInfo) -> Named:
        return Named(item.id, item.name, item.component_code)


async def members(call: Call, offer_list: OfferListInfo, notes: list[str]) -> list[OfferInfo]:
    """The offers in a list: of a static one its members, retired ones too; of a smart one what its condition finds."""
    if not offer_list.smart_list:
        book: OfferBook = call.kept(OfferBook)
        return await book.read(call, offer_list.static_list_members)
    info = offer_list.smart_list_info
    if info is None:
        return []
    found = await offer_forms(call).search(info.query, search_folders(info), subfolders=info.include_sub_folder)
    notes.append("A smart list: its offers are those that meet its condition now and are not retired.")
    active = [each for each in found if not each.retired]
    return active[: info.max_size] if info.max_size else active


def search_folders(info: SmartListInfo) -> list[int]:
    """The ids of the folders that a smart list looks in, whichever of the forms the server writes them in."""
    found = [_folder(each) for each in info.scope_folders]
    return [each for each in found if each is not None]


def _folder(written: Reference | int | str) -> int | None:
    if isinstance(written, Reference):
        return written.id
    if isinstance(written, int):
        return written
    if written.strip().isdecimal():
        return int(written)
    try:
        read = json.loads(written)
    except ValueError:
        return None
    return int(read["id"]) if isinstance(read, dict) and str(read.get("id", "")).isdecimal() else None


COLUMNS = (
    "name",
    "id",
    "smart",
    "retired",
    "members",
    "description",
    "policy",
    "folder",
    "query",
    "max_size",
    "search_folders",
    "subfolders",
)


def row(offer_list: OfferListInfo) -> dict[str, Any]:
    """A list as a row; `members` counts those of a static list, a smart one has none of its own."""
    info = offer_list.smart_list_info if offer_list.smart_list else None
    return {
        "name": offer_list.name,
        "id": offer_list.id,
        "smart": offer_list.smart_list,
        "retired": offer_list.retired_list,
        "members": None if offer_list.smart_list else len(offer_list.static_list_members),
        "description": offer_list.description,
        "policy": offer_list.security_policy,
        "folder": offer_list.parent_folder_id,
        "query": info.query if info else None,
        "max_size": info.max_size if info else None,
        "search_folders": search_folders(info) if info else None,
        "subfolders": info.include_sub_folder if info else None,
    }


def called(offer: OfferInfo) -> str:
    """An offer in a line: name, id and code, and whether it is retired."""
    known = ", ".join(part for part in (f"id {offer.id}", offer.offer_code, "retired" if offer.retired else "") if part)
    return f"{offer.name} ({known})"
