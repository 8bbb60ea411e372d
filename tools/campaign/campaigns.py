"""Finding campaigns of Unica Campaign, and reading what they brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from tools import reads
from tools.call import Call
from tools.campaign.attribute_values import fit
from tools.campaign.campaign_book import FIXED, SHOWN, STANDARD, WIRE, CampaignBook, columns, row
from tools.campaign.cell_book import cells_of
from tools.campaign.custom_attributes import definitions
from tools.campaign.usage import UNCLEAR, standing
from tools.columns import choose, conditions, words_in
from tools.declare import finds
from tools.errors import BadArgument, UnknownName
from tools.listing import Listing, paged
from tools.parameters import PAGE, Cursor, Limit, References
from upstream.campaign import campaigns as routes
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.campaigns import CampaignInfo, MetricsInfo
from upstream.campaign.objects import AttributeMetadata, TypedAttributeInput
from upstream.campaign.target_cells import GetTargetCells, TargetCellInfo
from upstream.errors import NotFound, Refused, RouteMissing, UpstreamError
from upstream.moment import NotUnderstood

WITH_CELLS = 20
"""Campaigns whose cells one call shows: each costs a request."""

WITH_METRICS = 100
"""Campaigns whose metrics one call reads: each costs a request."""


@finds(
    routes.GetCampaigns,
    routes.SearchCampaigns,
    routes.GetCampaign,
    GetAttributeDefinitionsByType,
    GetTargetCells,
    title="Find campaigns",
)
async def campaigns_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    campaigns: References = [],
    folder: Annotated[int, "Folder id"] = 0,
    attributes: Annotated[dict[str, Any], 'Or columns: {"start": ">=2026-09-01"}'] = {},
    sort: Annotated[str, "Column; -column descends"] = "",
    fields: Annotated[list[str], "Columns, all, cells"] = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find campaigns; standing is planned, running, ended, undated or not understood."""
    question = {"tool": "campaigns_find", "what": [search, campaigns, folder, attributes, sort, fields]}

    async def look() -> Listing:
        notes: list[str] = []
        asked = {name: value for name, value in attributes.items() if name.casefold() not in _FIXED}
        known = await _definitions(call) if asked else {}
        found, sorted_there = await _candidates(call, campaigns, folder, _criteria(call, asked, known), sort, notes)
        names = list(dict.fromkeys([*columns(found), *(name for name in known if name.casefold() not in STANDARD)]))
        conditioned = {STANDARD.get(name.casefold(), name): value for name, value in attributes.items()}
        meets = conditions(conditioned, names, call.time_zone)
        cells = any(each.casefold() == "cells" for each in fields)
        wanted = {*SHOWN, *map(str.casefold, conditioned), sort.lstrip("+-").casefold()}
        usual = names if campaigns else [each for each in names if each.casefold() in wanted]
        chosen = choose([each for each in fields if each.casefold() != "cells"], names, usual)
        now = call.now()
        rows = [
            line
            for each in found
            if words_in(search, each.name, each.campaign_code, each.description, each.initiative)
            and meets(line := row(each, now))
        ]
        notes += meets.left_out()
        unclear = any(isinstance(value, NotUnderstood) for line in rows for value in line.values())
        if sort and (not sorted_there or unclear):
            rows = _sorted(rows, sort, names)
        if cells:
            rows, chosen = await _with_cells(call, rows), [*chosen, "cells"]
        if (rows and "standing" in chosen) or "standing" in conditioned:
            notes.append("Standing is inferred from the dates: no campaign says it itself.")
        if "standing" in conditioned and (untold := sum(standing(each, now) == UNCLEAR for each in found)):
            notes.append(f"How {untold} stand could not be told: their dates were not understood.")
        return Listing("campaigns", rows, chosen, [*names, "cells"], len(rows), notes=notes)

    return await paged(call, question, cursor, limit, look)


_FIXED = frozenset(FIXED)


async def _candidates(
    call: Call,
    references: Sequence[str],
    folder: int,
    criteria: Sequence[TypedAttributeInput],
    sort: str,
    notes: list[str],
) -> tuple[list[CampaignInfo], bool]:
    """The campaigns among which the answer is, and whether the server has sorted them."""
    book: CampaignBook = call.kept(CampaignBook)
    within = folder or None
    if references:
        found, missing = await book.find(call, references)
        if missing:
            notes.append("No campaign has the id " + ", ".join(missing) + ".")
        if folder:
            inside = {each.id for each in await _listed(call, within, None)}
            found = [each for each in found if each.id in inside]
        return found, False
    order = _wire_order(sort)
    if criteria:
        try:
            request = routes.SearchCampaigns(attributes=list(criteria), folder_id=within, sort=order)
            return await call.send(request), order is not None
        except (Refused, RouteMissing, NotFound):
            # How criteria are sent is inferred. The rows are compared here as well, so the whole list does it too.
            pass
    try:
        found = await _listed(call, within, order)
    except Refused:
        if order is None:
            raise
        found, order = await _listed(call, within, None), None
    if not folder:
        book.learn(found)
    return found, order is not None


async def _listed(call: Call, folder: int | None, order: str | None) -> list[CampaignInfo]:
    try:
        return await call.send(routes.GetCampaigns(folder_id=folder, sort=order))
    except NotFound:
        return []


async def _definitions(call: Call) -> dict[str, AttributeMetadata]:
    """The definitions of attributes; none where the installation doesn't show them, for they only save work here."""
    try:
        return await definitions(call, "CAMPAIGN")
    except (Refused, RouteMissing):
        return {}


def _criteria(
    call: Call, asked: Mapping[str, Any], known: Mapping[str, AttributeMetadata]
) -> list[TypedAttributeInput]:
    """The conditions that the server can meet: exact values, in the spelling that it has for them."""
    by_name = {name.casefold(): definition for name, definition in known.items()}
    criteria = []
    for name, value in asked.items():
        definition = by_name.get(name.strip().casefold())
        if definition is None or isinstance(value, list | dict) or value in ("", None) or str(value)[0] in "<>=!":
            continue
        options = {str(option.value).casefold(): option.value for option in definition.options}
        if options:
            if str(value).casefold() in options:
                criteria.append(TypedAttributeInput.of(definition.name, options[str(value).casefold()]))
        elif definition.type_enum in ("INTEGER", "DECIMAL", "CURRENCY", "BOOLEAN") or (
            # A date means a whole day, and the server compares moments.
            definition.name.casefold() in STANDARD and definition.type_enum != "CALENDAR" and "*" not in str(value)
        ):
            criteria.append(TypedAttributeInput.of(definition.name, fit(name, value, definition, call.time_zone)))
    return criteria


def _wire_order(sort: str) -> str | None:
    """`-start` as the server wants it, `-startDate`; None for a column that only we know."""
    field = next((wire for name, wire in WIRE.items() if sort.lstrip("+-").casefold() in (name, wire.casefold())), None)
    return f"{'-' if sort.startswith('-') else '+'}{field}" if field else None


def _sorted(rows: Sequence[dict[str, Any]], sort: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Rows in the order of a column; those without a value that is understood last, whatever the direction."""
    wire = {each.casefold(): name for name, each in WIRE.items()}
    (name,) = choose([wire.get(sort.lstrip("+-").casefold(), sort.lstrip("+-"))], names, ())
    nothing = (type(None), NotUnderstood)
    filled = [each for each in rows if not isinstance(each.get(name), nothing)]
    empty = [each for each in rows if isinstance(each.get(name), nothing)]
    return [*sorted(filled, key=lambda each: _rank(each[name]), reverse=sort.startswith("-")), *empty]


def _rank(value: Any) -> tuple[int, int | float, str]:
    if isinstance(value, datetime):
        return 0, value.timestamp(), ""
    if isinstance(value, int | float):
        return 0, value, ""
    return 1, 0.0, str(value).casefold()


async def _with_cells(call: Call, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) > WITH_CELLS:
        raise BadArgument(
            f"Cells are shown for at most {WITH_CELLS} campaigns, and this finds {len(rows)}.",
            advice="Narrow it, or look at one campaign with target_cells_find.",
        )

    found = await cells_of(call, [each["id"] for each in rows])
    return [{**each, "cells": [_short(cell) for cell in found[each["id"]]] or None} for each in rows]


def _short(cell: TargetCellInfo) -> str:
    return f"{cell.name} ({cell.id}, control)" if cell.is_control_cell else f"{cell.name} ({cell.id})"


@finds(routes.GetCampaignMetrics, routes.GetCampaign, routes.GetCampaigns, title="Campaign metrics")
async def campaigns_metrics(call: Call, campaigns: References, cursor: Cursor = "") -> Listing:
    """Contacts and responses by type, with rates in percent of contacts."""
    if not campaigns:
        raise BadArgument('Name at least one campaign, such as campaigns=["2025"].')
    if len(campaigns) > WITH_METRICS:
        raise BadArgument(f"At most {WITH_METRICS} campaigns at once; {len(campaigns)} were named.")

    async def look() -> Listing:
        book: CampaignBook = call.kept(CampaignBook)
        found, missing = await book.find(call, campaigns)
        if not found:
            raise UnknownName("No campaign has the id " + ", ".join(missing) + ".", advice="Look with campaigns_find.")
        notes = ["No campaign has the id " + ", ".join(missing) + "."] if missing else []
        measured = await _metrics(call, found, notes)
        labels = _labels(measured.values())
        rows = [_metrics_row(each, measured[each.id], labels) for each in found if each.id in measured]
        if silent := [line for line in rows if not line["contacts"]]:
            notes.append("No contacts yet: " + ", ".join(f"{line['name']} (id {line['id']})" for line in silent) + ".")
        shown = ["name", "id", "contacts", *(each for label in labels.values() for each in (label, f"{label} %"))]
        return Listing("campaigns", rows, shown, shown, len(rows), notes=notes)

    return await paged(call, {"tool": "campaigns_metrics", "what": campaigns}, cursor, PAGE, look)


async def _metrics(call: Call, found: Sequence[CampaignInfo], notes: list[str]) -> dict[int, MetricsInfo]:
    """Campaign id -> metrics. One that can't be read is told and does not take the others with it."""

    async def read(number: int) -> MetricsInfo | UpstreamError:
        try:
            return await call.send(routes.GetCampaignMetrics(campaign_id=number))
        except NotFound:
            return MetricsInfo()
        except UpstreamError as error:
            return error

    answers = await reads.each([each.id for each in found], read)
    failures = {number: answer for number, answer in answers.items() if isinstance(answer, UpstreamError)}
    if len(failures) == len(answers):
        raise next(iter(failures.values()))
    notes += [f"Campaign {number} could not be measured: {error}" for number, error in failures.items()]
    return {number: answer for number, answer in answers.items() if isinstance(answer, MetricsInfo)}


def _labels(measured: Any) -> dict[str, str]:
    """Response type -> the column of its counts: its name for people, or the type where a name is missing or shared."""
    named: dict[str, str] = {}
    for metrics in measured:
        for each in metrics.responses:
            name = "".join(letter if letter.isprintable() else " " for letter in each.display_name).strip()[:40]
            named.setdefault(each.response_type, name)
    names = list(named.values())
    return {
        kind: name if name and names.count(name) == 1 else f"{name} ({kind})" if name else kind or "responses"
        for kind, name in named.items()
    }


def _metrics_row(campaign: CampaignInfo, metrics: MetricsInfo, labels: Mapping[str, str]) -> dict[str, Any]:
    line: dict[str, Any] = {"name": campaign.name, "id": campaign.id, "contacts": metrics.total_contacts}
    for each in metrics.responses:
        label = labels[each.response_type]
        line[label] = each.count
        if metrics.total_contacts:
            line[f"{label} %"] = round(100 * each.count / metrics.total_contacts, 2)
    return line
