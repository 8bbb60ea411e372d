"""Finding attribute definitions of Unica Campaign, and the attribute values of one object."""

from __future__ import annotations

from typing import Annotated, Literal

from tools.call import Call
from tools.campaign.attribute_book import COLUMNS, OWNERS, AttributeBook, in_short, kind_of, options_of, row, type_of
from tools.campaign.attributed import ROUTES, Kind, find
from tools.campaign.custom_attributes import definitions
from tools.columns import choose, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, paged
from tools.parameters import Cursor, Fields, Limit
from upstream.campaign.attributes import GetAttributeDefinitions, GetAttributeDefinitionsByType, GetAttributeValues
from upstream.campaign.objects import AttributeMetadata

_VALUE_COLUMNS = ("name", "id", "value", "label", "type", "options", "required")


@finds(
    GetAttributeDefinitions,
    GetAttributeDefinitionsByType,
    GetAttributeValues,
    *ROUTES,
    title="Find attributes",
)
async def attributes_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    names: Annotated[list[str], "Exact names"] = [],
    kind: Annotated[Literal["any", "campaign", "offer", "cell", "offer_template"], "Of these objects"] = "any",
    of: Annotated[str, "Values of this object"] = "",
    fields: Fields = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find attribute definitions, or the values of one object (of)."""
    question = {"tool": "attributes_find", "what": [search, names, kind, of, fields]}

    async def look() -> Listing:
        if of:
            if kind == "any":
                raise BadArgument('Say what it is: kind="campaign", "offer", "cell" or "offer_template".')
            return await _values(call, kind, of, search, names, fields)
        everything = await _wanted(call, names, kind)
        found = [
            each
            for each in everything
            if words_in(search, each.name, each.display_name, each.description, *map(str, options_of(each)))
        ]
        usual = COLUMNS if names else ("name", "id", "label", "kind", "type", "select", "options", "required")
        rows = sorted((row(each) for each in found), key=lambda each: bool(each["system"]))
        return Listing("attributes", rows, choose(fields, COLUMNS, usual), COLUMNS, len(found))

    return await paged(call, question, cursor, limit, look)


async def _wanted(call: Call, names: list[str], kind: str) -> list[AttributeMetadata]:
    book: AttributeBook = call.kept(AttributeBook)
    if names:
        found = {each.name: each for each in [await book.one(call, name) for name in names]}
        suits = {kind, "offer"} if kind == "offer_template" else {kind}
        if strangers := [in_short(each) for each in found.values() if kind != "any" and kind_of(each) not in suits]:
            raise BadArgument(f"These are not attributes of {kind.replace('_', ' ')}s:", lines=strangers)
        return list(found.values())
    if kind == "any":
        return list(await book.all(call, fresh=True))
    return list((await definitions(call, OWNERS[kind])).values())


async def _values(call: Call, kind: Kind, of: str, search: str, names: list[str], fields: list[str]) -> Listing:
    found = await find(call, kind, of)
    book: AttributeBook = call.kept(AttributeBook)
    asked = [(await book.one(call, name)).name for name in names]
    values = await call.send(GetAttributeValues(owner=OWNERS[kind], object_id=found.id, names=asked))
    known = await definitions(call, OWNERS[kind])
    by_name = {name.casefold(): each for name, each in known.items()}
    rows = []
    dates = call.session.dates(GetAttributeValues.api.name)
    for each in values:
        definition = by_name.get(each.name.casefold()) or each.metadata
        value = (each.defined_by(definition, dates) if definition else each).value
        label = definition.display_name if definition else ""
        if not words_in(search, each.name, label, str(value)):
            continue
        rows.append(
            {
                "name": each.name,
                "id": definition.id if definition else None,
                "value": value,
                "label": label,
                "type": type_of(definition) if definition else "",
                "options": options_of(definition) if definition else [],
                "required": bool(definition and (definition.required or definition.mandatory)),
            }
        )
    shown = choose(fields, _VALUE_COLUMNS, ("name", "value", "label", "type"))
    absent = [name for name in asked if name.casefold() not in {each.name.casefold() for each in values}]
    whose = found.name if kind == "cell" else f"{kind.replace('_', ' ')} {found}"
    notes = [f"Values of {whose}; the ids are those of the attributes."]
    if absent:
        notes.append("It does not have " + ", ".join(absent) + ".")
    return Listing("attributes", rows, shown, _VALUE_COLUMNS, len(rows), notes=notes)
