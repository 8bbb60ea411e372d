"""Browsing places as a tool, for clients whose models never read resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from tools.call import Call
from tools.columns import choose
from tools.content import Content
from tools.declare import finds
from tools.listing import Listing, paged
from tools.parameters import PAGE, Cursor
from tools.places import campaign, collaborate
from tools.places.opening import open_place
from tools.places.place import Link, Place, Section

COLUMNS = ("name", "id", "kind", "detail")


@finds(*collaborate.ROUTES, *campaign.ROUTES, title="Browse folders and templates")
async def browse(
    call: Call,
    address: Annotated[str, "unica://… or a path; empty: roots"] = "",
    cursor: Cursor = "",
) -> Listing:
    """Click through folders, templates, forms, offer templates and attributes: a row's id is the next address."""

    async def look() -> Listing:
        found = await open_place(call, address)
        if isinstance(found, Content):
            return _file(found)
        rows = _rows(found)
        notes = [
            f"{each.missing} of {each.total} {each.title.lower()} are not shown: use {each.more}."
            for each in found.sections
            if each.missing
        ]
        return Listing("places", rows, choose([], COLUMNS, COLUMNS), COLUMNS, len(rows), notes=notes)

    return await paged(call, {"tool": "browse", "address": address}, cursor, PAGE, look)


def _file(found: Content) -> Listing:
    row = {"name": found.name, "id": found.address, "kind": "attachment", "detail": found.media_type}
    return Listing("places", [row], COLUMNS, COLUMNS, 1, files=[found])


def _rows(place: Place) -> list[Mapping[str, Any]]:
    """The place itself, then those above it, then what is in it."""
    facts = {name: value for name, value in place.facts.items() if value not in (None, "", [])}
    rows: list[Mapping[str, Any]] = [_row(place.link, facts)]
    rows += [_row(Link(each.name, each.address, f"above: {each.kind}"), None) for each in reversed(place.path)]
    for section in place.sections:
        rows += [_row(each, each.detail) for each in section.links]
        rows += [_fact(section, each) for each in section.rows]
    return rows


def _row(link: Link, detail: Any) -> Mapping[str, Any]:
    return {"name": link.name, "id": link.address, "kind": link.kind, "detail": detail or None}


def _fact(section: Section, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Something without an address: a row of a section."""
    rest = {name: value for name, value in row.items() if name not in ("name", "id") and value not in (None, "", [])}
    return {"name": row["name"], "id": None, "kind": section.title.lower().removesuffix("s"), "detail": rest}
