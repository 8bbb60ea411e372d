"""Creating and changing target cells of a campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from tools.batches import CHECK
from tools.call import Call
from tools.campaign.attribute_values import as_inputs
from tools.campaign.campaign_book import CampaignBook
from tools.campaign.cell_book import Cell, by_id, cells_of, in_campaign, look_up, row
from tools.campaign.cell_rules import assignable, check_rules, control_cell_of, wanted_offers
from tools.campaign.custom_attributes import asked, emptied, given
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from upstream.campaign import offer_lists, offers, offers_v2
from upstream.campaign import target_cells as routes
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.campaigns import GetCampaign, GetCampaigns
from upstream.campaign.objects import Reference
from upstream.campaign.offer_models import OfferInfo
from upstream.campaign.target_cells import TargetCellInfo, TargetCellInput
from upstream.errors import OutcomeUnknown, UpstreamError

CODE_LENGTH = 32
CAN_BE_EMPTIED = ("description", "control_cell", "offers", "offer_lists")
OWN = (*CAN_BE_EMPTIED, "name", "code", "control")


@changes(
    routes.CreateTargetCell,
    routes.UpdateTargetCell,
    routes.GetTargetCells,
    GetCampaign,
    GetCampaigns,
    GetAttributeDefinitionsByType,
    offers.GetOffers,
    offers_v2.GetOffersByIds,
    offers_v2.SearchOffers,
    offer_lists.GetOfferLists,
    title="Create or change a target cell",
    repeatable=False,
)
async def target_cells_save(
    call: Call,
    cell: Annotated[str, "To change"] = "",
    campaign: Annotated[str, "For a new one"] = "",
    name: Annotated[str, "For a new one"] = "",
    code: Annotated[str, "Own code"] = "",
    description: Annotated[str, "Text"] = "",
    control: Annotated[Literal["", "yes", "no"], "Held out, no offers"] = "",
    control_cell: Annotated[str, "Of the campaign"] = "",
    offers: Annotated[list[str], "Replace assigned ones"] = [],
    offer_lists: Annotated[list[str], "Likewise"] = [],
    attributes: Annotated[dict[str, Any], 'Like {"target_size": 5000}'] = {},
    clear: Annotated[list[str], "What to empty"] = [],
) -> Plan:
    """Create a target or control cell, or change one: what is left out stays."""
    texts = {"name": name.strip(), "code": code.strip(), "description": description}
    fields: dict[str, Any] = {key: value for key, value in texts.items() if value}
    if len(fields.get("code", "")) > CODE_LENGTH:
        raise BadArgument(f"A cell code has at most {CODE_LENGTH} characters.")
    if control:
        fields["control"] = control == "yes"
    references = {"control_cell": control_cell, "offers": offers, "offer_lists": offer_lists}
    set_now = {*fields, *(key for key, value in references.items() if value)}
    own_emptied, attributes_emptied = emptied(clear, set_now, OWN, CAN_BE_EMPTIED)
    checked = await given(call, "TCS_CELL", attributes, attributes_emptied)
    if clear and not cell:
        raise BadArgument("clear is for a cell that exists: name it in cell.")
    old, others, place = await _places(call, cell, campaign)
    if old is not None and old.info.is_cell_read_only:
        raise BadArgument(
            f"{old.named} is read-only and can't be changed.", advice="Read-only cells are changed in their flowchart."
        )
    assigned = await wanted_offers(call, offers, offer_lists)
    fields |= {key: None for key in own_emptied if key == "description"}
    if control_cell or "control_cell" in own_emptied:
        fields["control_cell"] = control_cell_of(others, control_cell, place) if control_cell else {}
    if offers or "offers" in own_emptied:
        fields["offers"] = by_id(assigned.offers)
    if offer_lists or "offer_lists" in own_emptied:
        fields["offer_lists"] = by_id(assigned.offer_lists)
    if checked.values:
        fields["attributes"] = dict(checked.values)
    check_rules(fields, old, others)
    assignable(assigned, old)
    if old is not None:
        return _plan_change(old, others, fields, checked.asks)
    return _plan_new(others, place, fields, checked.asks)


async def _places(call: Call, cell: str, campaign: str) -> tuple[Cell | None, list[Cell], dict[str, str]]:
    """The cell to change if there is one, all cells of its campaign, and the campaign as id -> name."""
    if not cell:
        if not campaign:
            raise BadArgument("Name the campaign of the new cell, or the cell to change.")
        book: CampaignBook = call.kept(CampaignBook)
        target = await book.one(call, campaign)
        return None, await in_campaign(call, target), {str(target.id): target.name}
    found, missing = await look_up(call, [cell], campaign)
    if missing:
        raise UnknownName(
            f"No target cell has the id {missing[0]!r} there.", advice="Look with target_cells_find, by its campaign."
        )
    (old,) = found
    cells = (await cells_of(call, [old.campaign_id]))[old.campaign_id]
    return old, [Cell(each, old.campaign_id, old.campaign) for each in cells], {str(old.campaign_id): old.campaign}


def _plan_new(others: Sequence[Cell], place: Mapping[str, str], fields: dict[str, Any], reasons: Sequence[str]) -> Plan:
    if "name" not in fields:
        raise BadArgument('A new cell needs a name, such as name="Savers, email".')
    after = {"campaign": dict(place), **{key: value for key, value in fields.items() if key not in ("name", "code")}}
    change = Change("unica", "target_cell", "create", fields["name"], code=fields.get("code", ""), after=after)
    return Plan([change], asks=" ".join([*reasons, _twins(others, fields["name"], None)]).strip())


def _plan_change(old: Cell, others: Sequence[Cell], fields: dict[str, Any], reasons: Sequence[str]) -> Plan:
    now = state(old)
    wanted = fields.pop("attributes", {})
    before = {key: now[key] for key, value in fields.items() if not _same(now[key], value)}
    if not {"offers", "offer_lists"}.isdisjoint(before):
        # What is assigned travels as one list, so the kind that stays travels too.
        before |= {"offers": now["offers"], "offer_lists": now["offer_lists"]}
    after = {key: fields.get(key, now[key]) for key in before}
    values = old.info.attribute_values
    if changed := {name: value for name, value in wanted.items() if values.get(name) != value}:
        before["attributes"], after["attributes"] = {name: values.get(name) for name in changed}, changed
    place = {str(old.campaign_id): old.campaign}
    change = Change(
        "unica",
        "target_cell",
        "update",
        old.info.name,
        str(old.id),
        old.info.cell_code,
        before={"campaign": place, **before},
        after={"campaign": place, **after},
    )
    if not after:
        why = "nothing to change was given" if not fields and not wanted else "it is so already"
        return Plan([], [Outcome(change, "already", why)])
    return Plan([change], asks=" ".join([*reasons, _twins(others, after.get("name", ""), old)]).strip())


def state(cell: Cell) -> dict[str, Any]:
    """The fields of a cell that can be set, in the form of a change: what is assigned as id -> name."""
    info = cell.info
    return {
        "name": info.name,
        "code": info.cell_code,
        "description": info.description or None,
        "control": info.is_control_cell,
        "control_cell": {str(cell.control_id): info.control_cell_name} if cell.control_id else {},
        "offers": by_id(cell.offers),
        "offer_lists": by_id(cell.offer_lists),
    }


def _same(old: Any, new: Any) -> bool:
    """Whether two values of a field are the same: of what is assigned, the ids count."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return set(old) == set(new)
    return (old or None) == (new or None)


def _twins(others: Sequence[Cell], name: str, own: Cell | None) -> str:
    same = [each for each in others if name and each.info.name.strip().casefold() == name.casefold()]
    twins = [str(each.named) for each in same if own is None or each.id != own.id]
    verb = "Give this one the same name?" if own else "Create another?"
    return f"A cell of this name is in the campaign already: {', '.join(twins[:5])}. {verb}" if twins else ""


@target_cells_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    outcomes = [await (_create if each.verb == "create" else _update)(call, each) for each in changes]
    return outcomes


async def _create(call: Call, change: Change) -> Outcome:
    campaign = int(next(iter(change.after["campaign"])))
    loss: OutcomeUnknown | None = None
    try:
        known = {each.id for each in (await cells_of(call, [campaign]))[campaign]}
        fields = {**change.after, "name": change.name, **({"code": change.code} if change.code else {})}
        entry = _input(fields, is_cell_top_down=True)
        await call.send(routes.CreateTargetCell(campaign_id=campaign, cell=entry))
    except OutcomeUnknown as error:
        loss = error
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not created: {error}")
    look = f'look with target_cells_find(campaign="{campaign}") before you try again'
    try:
        cells = (await cells_of(call, [campaign]))[campaign]
    except UpstreamError as error:
        if loss is None:
            return Outcome(change, "done", f"created, but not read again ({error.message})")
        return Outcome(change, "unknown", f"{look}. {loss.message}")
    return _found(change, [each for each in cells if each.id not in known], loss, look)


def _found(change: Change, new: Sequence[TargetCellInfo], loss: OutcomeUnknown | None, look: str) -> Outcome:
    """The cell that is new since before, has the name and, where one was given, the code."""
    ours = [
        each
        for each in new
        if each.name.strip() == change.name and (not change.code or each.cell_code.casefold() == change.code.casefold())
    ]
    if len(ours) == 1:
        cell = Cell(ours[0], int(next(iter(change.after["campaign"]))), next(iter(change.after["campaign"].values())))
        reason = "the answer was lost, but the cell is there" if loss else ""
        shown = {key: value for key, value in row(cell).items() if value is not None and key not in ("id", "code")}
        return Outcome(change, "done", reason, str(cell.id), cell.info.cell_code, shown)
    if ours:
        numbers = ", ".join(str(each.id) for each in ours)
        return Outcome(change, "unknown", f"several new cells have this name ({numbers}): {look}")
    why = loss.message if loss else "The system reported success, but no new cell of this name is in the campaign."
    return Outcome(change, "unknown", f"not there now: {look}. {why}")


async def _update(call: Call, change: Change) -> Outcome:
    campaign, number = int(next(iter(change.after["campaign"]))), int(change.id)
    reference = Reference(component_type_enum="TCS_CELL", id=number)
    loss: OutcomeUnknown | None = None
    try:
        await call.send(routes.UpdateTargetCell(campaign_id=campaign, cell=_input(change.after, reference=reference)))
    except OutcomeUnknown as error:
        loss = error
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not changed: {error}")
    try:
        now = next((each for each in (await cells_of(call, [campaign]))[campaign] if each.id == number), None)
    except UpstreamError as error:
        if loss is not None:
            return Outcome(change, "unknown", f"{loss.message} {CHECK}")
        return Outcome(change, "done", f"the system said so; it could not be read again ({error.message})")
    if now is None:
        return Outcome(change, "unknown", "the cell is not in its campaign any more")
    cell = Cell(now, campaign, next(iter(change.after["campaign"].values())))
    missed = _missed(change, cell)
    if missed and loss is not None:
        return Outcome(
            change,
            "unknown",
            f"it still has the old {', '.join(missed)}: look again before you repeat it. {loss.message}",
        )
    if loss is not None:
        return Outcome(change, "done", "the answer was lost, but the change is there")
    if missed:
        said = f"the system reported success, but did not take {', '.join(missed)}"
        return Outcome(change, "refused" if len(missed) == asked(change) else "done", said)
    return Outcome(change, "done", code=now.cell_code)


def _missed(change: Change, cell: Cell) -> list[str]:
    """The fields that don't have the value they should have."""
    now, values = state(cell), cell.info.attribute_values
    missed = [key for key, value in change.after.items() if key in now and not _same(now[key], value)]
    return missed + [name for name, value in change.after.get("attributes", {}).items() if values.get(name) != value]


def _input(fields: Mapping[str, Any], **fixed: Any) -> TargetCellInput:
    """Only what is given travels; an emptied text as an empty text."""
    sent: dict[str, Any] = dict(fixed)
    for key, wire in (("name", "name"), ("code", "cell_code"), ("control", "is_control_cell")):
        if key in fields:
            sent[wire] = fields[key]
    if "description" in fields:
        sent["description"] = fields["description"] or ""
    if "control_cell" in fields:
        numbers = [int(each) for each in fields["control_cell"]]
        sent["control_cell_reference"] = Reference(component_type_enum="TCS_CELL", id=numbers[0]) if numbers else None
    if "offers" in fields or "offer_lists" in fields:
        sent["offer_info"] = [
            OfferInfo(reference=Reference(component_type_enum=kind, id=int(number)), name=name)
            for kind, key in (("OFFER", "offers"), ("OFFER_LIST", "offer_lists"))
            for number, name in fields.get(key, {}).items()
        ]
    if "attributes" in fields:
        sent["attributes"] = as_inputs(fields["attributes"], None, None)
    return TargetCellInput(**sent)
