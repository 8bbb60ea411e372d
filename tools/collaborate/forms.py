"""Finding forms of Unica Collaborate, with their attributes and offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools import reads
from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import FormFolders
from tools.collaborate.folder_contents import below, chosen_folders, forms_in, in_folders, named_among, named_in
from tools.collaborate.form_book import (
    ATTRIBUTE_COLUMNS,
    COLUMNS,
    OFFER_COLUMNS,
    FormBook,
    attribute_row,
    attributes_of,
    form_of,
    offer_row,
    offers_of,
    row,
)
from tools.collaborate.form_parts import attribute_line, chosen_attributes, chosen_offers, offer_line
from tools.columns import choose, conditions, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, narrowed_by, paged
from tools.parameters import Cursor, Limit, References
from upstream.collaborate import forms as routes
from upstream.collaborate.folders import Folder, GetFolder, GetFolders
from upstream.collaborate.forms import Form
from upstream.collaborate.kinds import FolderTree
from upstream.errors import NotFound, Refused

SHOWN = ("name", "id", "state", "published", "folder")
PARTS = ("attributes", "offers")

WITH_PARTS = 15
"""Forms whose attributes and offers one call shows: each costs up to two requests."""


@finds(
    routes.GetForms,
    routes.GetForm,
    routes.GetFormAttributes,
    routes.GetFormAttribute,
    routes.GetFormOffers,
    routes.GetFormOffer,
    routes.GetFormsInFolder,
    routes.GetFormInFolder,
    routes.GetFormAttributesInFolder,
    routes.GetFormAttributeInFolder,
    routes.GetFormOffersInFolder,
    routes.GetFormOfferInFolder,
    GetFolders,
    GetFolder,
    title="Find forms",
)
async def forms_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    forms: References = [],
    folder: Annotated[str, "Id, name or path"] = "",
    subfolders: Annotated[bool, "Those below too"] = False,
    where: Annotated[dict[str, Any], 'Like {"published": true}'] = {},
    attribute: Annotated[str, "Name or all"] = "",
    offer: Annotated[str, "Name or all"] = "",
    fields: Annotated[list[str], "Columns, attributes, offers"] = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find forms; a single one shows its attributes and offers."""
    what = [search, forms, folder, subfolders, where, attribute, offer, fields]

    async def look() -> Listing:
        notes: list[str] = []
        wanted = {name: _truth(name, value) for name, value in where.items()}
        inside = await chosen_folders(call, FolderTree.FORMS, folder, subfolders) if folder else []
        if forms:
            found = await _named(call, forms, inside, subfolders, notes)
        elif inside:
            found = await in_folders(inside, lambda number: forms_in(call, number))
            notes += [] if subfolders else await below(call, FolderTree.FORMS, inside[0])
        else:
            found = await _listed(call, wanted)
        parts = [each for each in PARTS if any(each == asked.strip().casefold() for asked in fields)]
        columns = [each for each in fields if each.strip().casefold() not in PARTS]
        single = bool(attribute or offer)
        usual = ("name", "id") if parts else COLUMNS if forms else SHOWN
        chosen = [] if single else choose(columns, COLUMNS, usual)
        meets = conditions(wanted, COLUMNS, call.time_zone)
        tree = None
        if found and ("folder" in chosen or any(each.strip().casefold() == "folder" for each in wanted)):
            book: FormFolders = call.kept(FormFolders)
            tree = await book.recent(call, *(each.folder_id for each in found))
        rows = [
            line
            for each in found
            if words_in(search, each.form_name, each.description) and meets(line := row(each, tree))
        ]
        notes += [*meets.left_out(), *narrowed_by(search, rows)]
        through = inside[0].folder_id if inside and not subfolders else None
        if single:
            return await _part(call, rows, through, attribute, offer, fields, notes)
        if forms and len(rows) == 1 and not fields:
            parts = list(PARTS)
        if parts:
            rows = await _with_parts(call, rows, parts, through)
        return Listing("forms", rows, [*chosen, *parts], [*COLUMNS, *PARTS], len(rows), notes=notes)

    return await paged(call, {"tool": "forms_find", "what": what}, cursor, limit, look)


def _truth(name: str, value: Any) -> Any:
    """What a person may write for whether a form is published, as a truth value; all else as it is."""
    if name.strip().casefold() != "published" or not isinstance(value, str):
        return value
    words = {"published": True, "yes": True, "true": True, "unpublished": False, "no": False, "false": False}
    if value.strip().casefold() not in words:
        raise BadArgument(f"published is true or false, not {value[:40]!r}.")
    return words[value.strip().casefold()]


async def _listed(call: Call, where: Mapping[str, Any]) -> list[Form]:
    """All forms, or those that the server's filters leave; the rest of the conditions is met here.

    Days are compared here only: the person's zone decides which day a moment is in.
    """
    book: FormBook = call.kept(FormBook)
    asked = {name.strip().casefold(): str(value).strip().casefold() for name, value in where.items()}
    state = asked.get("state", "")
    published = {"true": "PUBLISHED", "false": "UNPUBLISHED"}.get(asked.get("published", ""))
    if state in ("enabled", "disabled") or published:
        known = state.upper() if state in ("enabled", "disabled") else None
        try:
            if found := await listed(call, routes.GetForms(state=known, publish_status=published)):
                return found
        except Refused:
            # The values of the filters are inferred; without them the same forms are found here.
            pass
    everything = list(await book.everything(call))
    book.learn(everything)
    return everything


async def _named(
    call: Call, references: Sequence[str], folders: Sequence[Folder], deep: bool, notes: list[str]
) -> list[Form]:
    book: FormBook = call.kept(FormBook)
    if not folders:
        found, missing = await book.find(call, references)
        if missing:
            notes.append("No form has the id " + ", ".join(missing) + ".")
        return found
    if deep:
        there = await in_folders(folders, lambda number: forms_in(call, number))
        return await named_among(call, book, references, there, notes)

    async def through(number: int) -> Form | None:
        try:
            return await form_of(call, number, folders[0].folder_id)
        except NotFound:
            return None

    return await named_in(call, book, references, through, notes)


async def _with_parts(
    call: Call, rows: Sequence[dict[str, Any]], parts: Sequence[str], through: int | None
) -> list[dict[str, Any]]:
    """The rows with what their forms ask and make available, each part as short lines."""
    if len(rows) > WITH_PARTS:
        raise BadArgument(
            f"Attributes and offers are shown for at most {WITH_PARTS} forms, and this finds {len(rows)}.",
            advice="Narrow it, or name one form.",
        )

    async def read(number: int) -> dict[str, list[str]]:
        found = {}
        if "attributes" in parts:
            found["attributes"] = [attribute_line(each) for each in await attributes_of(call, number, through)]
        if "offers" in parts:
            found["offers"] = [offer_line(each, call.time_zone) for each in await offers_of(call, number, through)]
        return found

    read_of = await reads.each([each["id"] for each in rows], read)
    return [{**each, **read_of[each["id"]]} for each in rows]


async def _part(
    call: Call,
    rows: Sequence[Mapping[str, Any]],
    through: int | None,
    attribute: str,
    offer: str,
    fields: Sequence[str],
    notes: list[str],
) -> Listing:
    """One attribute or offer of a form as a row of its own, or all of them."""
    if attribute and offer:
        raise BadArgument("Ask for an attribute or for an offer, one of the two.")
    if len(rows) != 1:
        raise BadArgument(
            f"attribute and offer need one form, and this finds {len(rows)}.", advice="Name the form in forms."
        )
    number = int(rows[0]["id"])
    if attribute:
        found = [attribute_row(each) for each in await chosen_attributes(call, number, attribute, through)]
        noun, columns = "form attributes", ATTRIBUTE_COLUMNS
    else:
        found = [offer_row(each) for each in await chosen_offers(call, number, offer, through)]
        noun, columns = "form offers", OFFER_COLUMNS
    return Listing(noun, found, choose(fields, columns, columns), columns, len(found), notes=notes)
