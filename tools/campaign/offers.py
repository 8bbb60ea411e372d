"""Finding offers and offer templates of Unica Campaign (v1 and v2 of the routes do the same job)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from tools.call import Call
from tools.campaign.offer_book import (
    SHOWN,
    OfferBook,
    TemplateBook,
    TemplateGuess,
    columns,
    is_list,
    offer_forms,
    row,
    template_definitions,
    validated,
)
from tools.campaign.offer_list_book import OfferListBook, members
from tools.columns import choose, conditions, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, paged
from tools.parameters import PAGE, Cursor, Fields, Limit, References
from upstream.campaign import offer_lists, offers, offers_v2
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.offer_models import OfferInfo
from upstream.errors import UpstreamError


@finds(
    offers.GetOffers,
    offers.ValidateOffers,
    offers_v2.GetOffersByIds,
    offers_v2.GetOffer,
    offers_v2.GetOffersV2Index,
    offers_v2.SearchOffers,
    offers_v2.ValidateOffersV2,
    offers_v2.ValidateOffersV2Index,
    offer_lists.GetOfferLists,
    title="Find offers",
)
async def offers_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    offers: References = [],
    template: Annotated[str, "Id or name"] = "",
    offer_list: Annotated[str, "Its members"] = "",
    folder: Annotated[int, "Id, with subfolders"] = 0,
    retired: Annotated[Literal["any", "yes", "no"], "Only those"] = "any",
    attributes: Annotated[dict[str, Any], 'Like {"channel": "Email", "cost": "<2"}'] = {},
    check: Annotated[list[str], "Codes, names: taken?"] = [],
    fields: Fields = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find offers, with attributes as columns; or check whether codes and names are free."""
    if check:
        return await _validated(call, check)
    question = {
        "tool": "offers_find",
        "what": [search, offers, template, offer_list, folder, retired, attributes, fields],
    }

    async def look() -> Listing:
        notes: list[str] = []
        found = await _candidates(call, offers, offer_list, folder, notes)
        names = columns(found)
        asked = {name.strip().casefold() for name in attributes}
        shown = [name for name in names if name != "template"] if offers else SHOWN
        usual = [name for name in names if name in shown or name.casefold() in asked]
        chosen = choose(fields, names, usual)
        guess = None
        if template or "template" in {*chosen, *asked}:
            guess = TemplateGuess(await offer_forms(call).templates())
            notes.append("Which template an offer has is inferred from its attributes and code.")
        wanted = (await call.kept(TemplateBook).one(call, template)).id if template else 0
        meets = conditions(attributes, names, call.time_zone) if attributes else None
        rows = []
        for offer in found:
            if retired != "any" and offer.retired is not (retired == "yes"):
                continue
            if search and not words_in(search, offer.name, offer.offer_code, offer.description):
                continue
            origin = guess.of(offer) if guess else None
            if wanted and (origin is None or origin.id != wanted):
                continue
            line = row(offer, origin.name if origin else None)
            if meets is None or meets(line):
                rows.append(line)
        notes += meets.left_out() if meets else []
        return Listing("offers", rows, chosen, names, len(rows), notes=notes)

    return await paged(call, question, cursor, limit, look)


async def _candidates(
    call: Call, references: list[str], offer_list: str, folder: int, notes: list[str]
) -> list[OfferInfo]:
    book: OfferBook = call.kept(OfferBook)
    if references:
        found, missing = await book.find(call, references)
        if missing:
            notes.append("No offer has the id " + ", ".join(missing) + ".")
        if folder:
            inside = {each.id for each in await offer_forms(call).search(folder_ids=[folder])}
            found = [each for each in found if each.id in inside]
    elif folder:
        found = await offer_forms(call).search(folder_ids=[folder])
    elif not offer_list:
        found = await offer_forms(call).everything()
        book.learn(found)
    else:
        return await members(call, await call.kept(OfferListBook).one(call, offer_list), notes)
    if offer_list:
        listed = await members(call, await call.kept(OfferListBook).one(call, offer_list), notes)
        keep = {each.id for each in listed}
        found = [each for each in found if each.id in keep]
    return found


async def _validated(call: Call, inputs: list[str]) -> Listing:
    """Each input is checked as a code and as a name: the routes say which offer it means, or why none."""
    if len(inputs) > 100:
        raise BadArgument("At most 100 codes or names can be checked at once.")
    if not all(each.strip() for each in inputs):
        raise BadArgument("A code or name to check can't be empty.")
    rows = []
    for text, verdict in zip(inputs, await validated(call, inputs), strict=False):
        match = verdict.of_code or verdict.called
        named = f"of one {_kind(verdict.called)}" if verdict.called else "free"
        rows.append(
            {
                "name": text,
                "id": match.id if match else None,
                "code": "taken" if verdict.of_code else "free",
                "name_is": "of several objects" if verdict.several else named,
            }
        )
    notes = [] if len(rows) == len(inputs) else [f"The system answered for {len(rows)} of {len(inputs)}."]
    return Listing("checks", rows, ["name", "id", "code", "name_is"], total=len(rows), notes=notes)


def _kind(match: OfferInfo) -> str:
    return "offer list" if is_list(match) else "offer"


@finds(
    offers.GetOfferTemplates,
    offers_v2.GetOfferTemplatesV2,
    offers_v2.GetOfferTemplatesV2Index,
    offers.GenerateOfferCodes,
    offers_v2.GenerateOfferCodesV2,
    GetAttributeDefinitionsByType,
    title="Find offer templates",
)
async def offer_templates_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    template: Annotated[str, "Id or name: its attributes"] = "",
    cursor: Cursor = "",
) -> Listing:
    """Find offer templates, or the attributes of one with type, options and default."""
    if template:
        return await _attributes_of(call, template)

    async def look() -> Listing:
        found = await offer_forms(call).templates()
        call.kept(TemplateBook).learn(found)
        shown = ["name", "id", "description", "code_format", "retired", "attributes"]
        rows = [
            {
                "name": each.name,
                "id": each.id,
                "description": each.description,
                "code_format": each.offer_code_format,
                "retired": each.retired,
                "attributes": [attribute.name for attribute in each.attributes],
            }
            for each in found
            if words_in(search, each.name, each.description)
        ]
        return Listing("offer templates", rows, shown, shown, len(rows))

    return await paged(call, {"tool": "offer_templates_find", "search": search}, cursor, PAGE, look)


async def _attributes_of(call: Call, reference: str) -> Listing:
    template = await call.kept(TemplateBook).one(call, reference)
    known = await template_definitions(call, template)
    rows = []
    for each in template.attributes:
        definition = known[each.name]
        rows.append(
            {
                "name": each.name,
                "id": definition.id if definition else None,
                "label": definition.display_name if definition else "",
                "type": definition.type_enum if definition else "",
                "required": bool(definition and (definition.required or definition.mandatory)),
                "options": [option.value for option in definition.options] if definition else [],
                "default": each.value,
            }
        )
    try:
        drawn = f"a free one now is {await offer_forms(call).draw_code(template.id)}"
    except UpstreamError as error:
        drawn = f"none could be drawn now ({error.message})"
    notes = [f"Template {template.id}: codes like {template.offer_code_format or 'nnnnnnnnn'}, {drawn}."]
    return Listing("attributes", rows, ["name", "label", "type", "required", "options", "default"], notes=notes)
