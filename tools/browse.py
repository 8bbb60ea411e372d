"""Browsing places as a tool, for clients whose models never read resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from tools.call import Call
from tools.content import Content
from tools.declare import finds
from tools.listing import Listing, paged
from tools.parameters import PAGE, Cursor
from tools.places import actito, campaign, collaborate
from tools.places.opening import open_place
from tools.places.place import Link, Place, Section

COLUMNS = ("name", "id", "kind", "detail")


@finds(*collaborate.ROUTES, *campaign.ROUTES, *actito.ROUTES, title="Browse folders, templates and tables")
async def browse(
    call: Call,
    address: Annotated[str, "unica://…, actito://…; empty: roots"] = "",
    cursor: Cursor = "",
) -> Listing:
    """Click through folders, templates, forms, attributes, tables: a row's id is the next address."""

    async def look() -> Listing:
        found = await open_place(call, address)
        if isinstance(found, Content):
            return _file(found)
        rows = [row for section in found.sections for row in _rows(section)]
        # What has no address can't be opened, so that its own tool is named.
        notes = [f"{each.title} alone: {each.more}." for each in found.sections if each.rows and each.more]
        return Listing(
            "places", rows, COLUMNS, total=len(rows), notes=notes, about=_about(found), counts=_counts(found)
        )

    return await paged(call, {"tool": "browse", "address": address}, cursor, PAGE, look)


def _file(found: Content) -> Listing:
    row = {"name": found.name, "id": found.address, "kind": "attachment", "detail": found.media_type}
    return Listing("places", [row], COLUMNS, total=1, files=[found])


def _about(place: Place) -> Mapping[str, Any]:
    """The place itself, and the way back from it."""
    above = [f"{each.name} ({each.address})" for each in place.path]
    facts = {"name": place.name, "address": place.address, "kind": place.kind, **place.facts, "above": above}
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def _counts(place: Place) -> str:
    """`Template folder: 2 subfolders, 1 template`."""
    kind = place.kind[:1].upper() + place.kind[1:]
    if not place.sections:
        return kind
    return f"{kind}: {', '.join(_counted(each) for each in place.sections if each.total) or 'empty'}"


def _counted(section: Section) -> str:
    title = section.title.lower()
    return f"{section.total} {title if section.total > 1 else _one(title)}"


def _one(title: str) -> str:
    """A title in the singular."""
    return f"{title[:-3]}y" if title.endswith("ies") else title.removesuffix("s")


def _rows(section: Section) -> list[Mapping[str, Any]]:
    return [*map(_row, section.links), *(_fact(section, each) for each in section.rows)]


def _row(link: Link) -> Mapping[str, Any]:
    return {"name": link.name, "id": link.address, "kind": link.kind, "detail": link.detail or None}


def _fact(section: Section, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Something without an address: a row of a section, its number first in the detail."""
    known = {"id": row.get("id"), **{name: value for name, value in row.items() if name not in ("name", "id")}}
    detail = {name: value for name, value in known.items() if value not in (None, "", [])}
    return {"name": row["name"], "id": None, "kind": _one(section.title.lower()), "detail": detail}
