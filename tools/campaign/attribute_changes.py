"""Setting the attribute values of one object of Unica Campaign, and deleting attribute definitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from tools.batches import one_by_one
from tools.call import Call
from tools.campaign.attribute_book import OWNERS, AttributeBook, is_system, kind_of, needed, type_of
from tools.campaign.attribute_values import fit, known_name, new_option_lines
from tools.campaign.attributed import ROUTES, Kind, find
from tools.campaign.campaign_book import CampaignBook
from tools.campaign.custom_attributes import definitions
from tools.campaign.offer_book import OfferBook, offer_forms
from tools.campaign.offer_list_book import OfferListBook
from tools.campaign.usage import campaigns_of, cells_that
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from tools.search import Searches
from upstream.campaign.attributes import (
    DeleteAttributeDefinition,
    GetAttributeDefinitions,
    GetAttributeDefinitionsByType,
    GetAttributeValues,
    SetAttributeValues,
)
from upstream.campaign.objects import Attributed, AttributeMetadata, TypedAttribute, TypedAttributeInput
from upstream.campaign.offer_lists import GetOfferLists, OfferListInfo
from upstream.campaign.target_cells import GetTargetCells
from upstream.request import Risk

_KINDS: Mapping[Kind, str] = {"campaign": "campaign", "offer": "offer", "cell": "target_cell"}
_SAVED_BY: Mapping[Kind, str] = {"campaign": "campaigns_save", "cell": "target_cells_save"}
"""The tool that changes the fields which standard attributes stand for, and checks names, codes and dates for it."""


@changes(
    SetAttributeValues,
    GetAttributeValues,
    GetAttributeDefinitionsByType,
    *ROUTES,
    title="Set attribute values",
)
async def attributes_set(
    call: Call,
    kind: Annotated[Literal["campaign", "offer", "cell"], "What it is"],
    of: Annotated[str, "Id, code, name; cells: id"],
    values: Annotated[dict[str, Any], 'Like {"channel": "Email"}'] = {},
    clear: Annotated[list[str], "What to empty"] = [],
) -> Plan:
    """Change attribute values of one object; others stay."""
    if not values and not clear:
        raise BadArgument('Say what to set: values={"channel": "Email"}, or clear=["channel"].')
    known = await definitions(call, OWNERS[kind])
    wanted = _wanted(call, known, values, clear)
    if kind in _SAVED_BY and (own := [name for name in wanted if is_system(known[name])]):
        raise BadArgument(f"{own[0]} stands for a field of the {kind}: change it with {_SAVED_BY[kind]}.")
    found = await find(call, kind, of)
    now = {each.name: each for each in await call.send(GetAttributeValues(owner=OWNERS[kind], object_id=found.id))}
    before = {name: _value(call, now.get(name), known[name]) for name in wanted}
    changed = {name: value for name, value in wanted.items() if _listed(before[name]) != _listed(value)}
    change = Change(
        "unica",
        _KINDS[kind],
        "update",
        found.name,
        str(found.id),
        found.code,
        before={name: before[name] for name in changed},
        after=changed,
    )
    if not changed:
        return Plan([], [Outcome(change, "already", "it has these values already")])
    return Plan([change], asks=" ".join(new_option_lines(known, changed, call.time_zone)))


def _wanted(
    call: Call, known: Mapping[str, AttributeMetadata], values: Mapping[str, Any], clear: Sequence[str]
) -> dict[str, Any]:
    """The values as their definitions want them, None for those to empty."""
    wanted: dict[str, Any] = {}
    for given, value in [*values.items(), *((each, None) for each in clear)]:
        name = known_name(given, known)
        if name in wanted:
            raise BadArgument(f"{name} is given twice.")
        definition = known[name]
        if definition.generated or definition.access_type_enum == "READ_ONLY":
            raise BadArgument(f"{name} can't be set: it is {'generated' if definition.generated else 'read-only'}.")
        fitting = fit(name, value, definition, call.time_zone)
        if fitting in (None, []) and needed(definition):
            raise BadArgument(f"{name} can't be emptied: it is required.")
        wanted[name] = None if fitting == [] else fitting
    return wanted


def _value(call: Call, attribute: TypedAttribute | None, definition: AttributeMetadata) -> Any:
    if attribute is None:
        return None
    value = attribute.defined_by(definition, call.session.dates(GetAttributeValues.api.name)).value
    return None if value == [] else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


@attributes_set.applies
async def _set(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    owners = {kind: OWNERS[word] for word, kind in _KINDS.items()}

    async def send(change: Change) -> Sequence[TypedAttribute]:
        inputs = [TypedAttributeInput.of(name, value) for name, value in change.after.items()]
        return await call.send(
            SetAttributeValues(
                owner=owners[change.kind], object_id=int(change.id), attributes=inputs, allow_create=False
            )
        )

    async def look(change: Change, said: Sequence[TypedAttribute] | None) -> Outcome:
        if said is None:
            said = await call.send(GetAttributeValues(owner=owners[change.kind], object_id=int(change.id)))
            if not any(each.name in change.after for each in said):
                return Outcome(change, "unknown")
        return _compared(call, change, said)

    outcomes = await one_by_one(changes, send, look)
    call.kept(AttributeBook).forget()
    call.kept(OfferBook).forget()
    call.kept(CampaignBook).forget()
    return outcomes


def _compared(call: Call, change: Change, said: Sequence[TypedAttribute]) -> Outcome:
    """The answer holds the attributes after the change: whether they are what was asked for."""
    now = {each.name.casefold(): each.value for each in said}
    dates = call.session.dates(SetAttributeValues.api.name)

    def value(name: str) -> Any:
        """The value now, as a moment where one was set: the answer may leave the definition out."""
        moments = any(isinstance(each, datetime) for each in _listed(change.after[name]))
        found = now[name.casefold()]
        return [dates.read(each) for each in _listed(found)] if moments else found

    told = {name: value(name) for name in change.after if name.casefold() in now}
    if not told:
        return Outcome(change, "done", "the answer does not show the values: attributes_find does")
    kept = [name for name, value in told.items() if _listed(value) != _listed(change.after[name])]
    if kept:
        return Outcome(change, "refused", f"the system said yes, but these are not so: {', '.join(kept)}", after=told)
    return Outcome(change, "done", after=told)


@changes(
    DeleteAttributeDefinition,
    GetAttributeDefinitions,
    GetOfferLists,
    GetTargetCells,
    *ROUTES,
    title="Delete an attribute",
)
async def attributes_delete(call: Call, name: Annotated[str, "Name or label"]) -> Plan:
    """Delete an attribute definition, and with it its value on every object."""
    found = await call.kept(AttributeBook).one(call, name)
    if is_system(found):
        raise BadArgument(f"{found.name} is a standard attribute of the product: it can't be deleted.")
    before = {"label": found.display_name, "kind": kind_of(found), "type": type_of(found)}
    change = Change("unica", "attribute", "delete", found.name, found.name, risk=Risk.DESTRUCTIVE, before=before)
    return Plan(
        [change],
        dependents=await _carriers(call, found),
        final="the definition is gone, and so is its value on every object that has one.",
    )


async def _carriers(call: Call, definition: AttributeMetadata) -> Dependents:
    """How many objects carry a value of it, and who is among them."""
    name = definition.name.casefold()

    def carries(item: Attributed) -> bool:
        return any(each.name.casefold() == name and each.value not in (None, "", []) for each in item.attributes)

    match kind_of(definition):
        case "cell":
            cells, looked_at, of = await cells_that(call, ("attribute", name), carries)
            return Dependents(_line([cell.name for _, cell in cells], "target cells"), looked_at, of, "campaigns")
        case "campaign":
            names = [each.name for each in await campaigns_of(call) if carries(each)]
            return Dependents(_line(names, "campaigns"))
        case "offer" | "offer_template":
            return await _offers_that(call, name, carries)
        case other:
            return Dependents((), 0, 1, f"kinds of object, which is {other}")


async def _offers_that(call: Call, name: str, carries: Callable[[Attributed], bool]) -> Dependents:
    """Templates, smart lists and offers, the last being the ones whose reading can take longer than there is time."""
    forms = offer_forms(call)

    async def look(place: str) -> list[str]:
        match place:
            case "offer templates":
                templates = await forms.templates()
                having = [each.name for each in templates if any(of.name.casefold() == name for of in each.attributes)]
                return _line(having, place, "have it")
            case "smart lists":
                return _line([each.name for each in await _lists_that_ask(call, name)], place, "ask for it")
            case _:
                return _line([each.name for each in await forms.everything() if carries(each)], place)

    places = ("offer templates", "smart lists", "offers")
    searches: Searches = call.kept(Searches)
    searched = await searches.each(call, ("attribute", name), places, look, passes_over=(), at_once=1)
    lines = [line for found in searched.found.values() for line in found]
    return Dependents(lines, searched.looked_at, searched.of, f"({', '.join(places)})")


async def _lists_that_ask(call: Call, name: str) -> list[OfferListInfo]:
    word = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    lists = await call.kept(OfferListBook).everything(call)
    return [each for each in lists if each.smart_list_info and word.search(each.smart_list_info.query)]


def _line(names: Sequence[str], noun: str, what: str = "have a value") -> list[str]:
    if not names:
        return []
    if len(names) == 1:
        return [f"1 {noun[:-1]}: {names[0][:60]}"]
    return [f"{len(names)} {noun} {what}, such as {names[0][:60]}"]


@attributes_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    book: AttributeBook = call.kept(AttributeBook)

    async def send(change: Change) -> None:
        await call.send(DeleteAttributeDefinition(name=change.id))

    async def look(change: Change, said: None) -> Outcome:
        if await book.named(call, change.id) is None:
            return Outcome(change, "done")
        return Outcome(change, "refused", "the system said yes, but the attribute is still defined")

    outcomes = await one_by_one(changes, send, look)
    book.forget()
    return outcomes
