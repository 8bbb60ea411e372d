"""Finding the target cells of a campaign, and what the runs of its flowcharts gave for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from tools.call import Call
from tools.campaign.campaign_book import CampaignBook
from tools.campaign.cell_book import SHOWN, Cell, columns, in_campaign, look_up, row
from tools.columns import choose, conditions, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, paged
from tools.parameters import Cursor, Fields, Limit
from upstream.campaign.campaigns import GetCampaign, GetCampaigns
from upstream.campaign.target_cells import GetRunResults, GetTargetCells, RunResults
from upstream.errors import NotFound

OfCampaign = Annotated[str, "Id, code or name"]
Cells = Annotated[list[str], "Ids, codes, names"]

CELLS_IN_A_REQUEST = 100


@finds(GetTargetCells, GetCampaign, GetCampaigns, title="Find target cells")
async def target_cells_find(
    call: Call,
    campaign: OfCampaign = "",
    cells: Cells = [],
    search: Annotated[str, "Words"] = "",
    offer: Annotated[str, "Assigned one, or none"] = "",
    attributes: Annotated[dict[str, Any], 'Or columns: {"control": "no"}'] = {},
    fields: Fields = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find target and control cells of a campaign, with their offers."""
    asked = [campaign, cells, search, offer, attributes, fields]

    async def look() -> Listing:
        notes: list[str] = []
        found = await _cells(call, campaign, cells, notes)
        names = columns(found)
        meets = conditions(attributes, names, call.time_zone)
        wanted = {*SHOWN, *map(str.casefold, attributes)}
        if len({each.campaign_id for each in found}) > 1:
            wanted.add("campaign")
        usual = names if cells else [each for each in names if each.casefold() in wanted]
        chosen = choose(fields, names, usual)
        rows = [
            line
            for each in found
            if (not offer or _has(each, offer))
            and words_in(search, each.info.name, each.info.cell_code, each.info.description)
            and meets(line := row(each))
        ]
        notes += meets.left_out()
        if offer and offer.strip().casefold() != "none" and not any(_has(each, offer) for each in found):
            notes.append(f"None of the {len(found)} cells has an offer or list with the id, code or name {offer!r}.")
        return Listing("target cells", rows, chosen, names, len(rows), notes=notes)

    return await paged(call, {"tool": "target_cells_find", "what": asked}, cursor, limit, look)


async def _cells(call: Call, campaign: str, references: Sequence[str], notes: list[str]) -> list[Cell]:
    """All cells of the campaign, or those that are named."""
    if references:
        found, missing = await look_up(call, references, campaign)
        if missing:
            notes.append("No longer there, or in another campaign: " + ", ".join(missing) + ".")
        return found
    if not campaign:
        raise BadArgument("Name a campaign: the system lists target cells by campaign only.")
    book: CampaignBook = call.kept(CampaignBook)
    return await in_campaign(call, await book.one(call, campaign))


def _has(cell: Cell, offer: str) -> bool:
    """Whether an offer or list that is called so is assigned to the cell; `none`: whether nothing is."""
    wanted = offer.strip().casefold()
    called = {text.casefold() for each in cell.info.offer_info for text in (str(each.id), each.offer_code, each.name)}
    return wanted in called or (wanted == "none" and not called)


@finds(GetRunResults, GetTargetCells, GetCampaign, GetCampaigns, title="Run results of target cells")
async def target_cells_results(
    call: Call, campaign: OfCampaign = "", cells: Cells = [], limit: Limit = 20, cursor: Cursor = ""
) -> Listing:
    """Latest flowchart run of cells: status, times, customers counted."""

    async def look() -> Listing:
        notes: list[str] = []
        found = await _cells(call, campaign, cells, notes)
        results = await run_results(call, [each.id for each in found])
        rows = [_result(each, result) for each in found for result in results.get(each.id, ())]
        if silent := [each for each in found if each.id not in results]:
            named = ", ".join(f"{each.info.name} ({each.id})" for each in silent[:5])
            more = f" and {len(silent) - 5} more" if len(silent) > 5 else ""
            notes.append(f"Without a run yet: {named}{more}.")
        several = len({each.campaign_id for each in found}) > 1
        shown = [name for name in _RESULT if several or name != "campaign"]
        if not any(line["message"] for line in rows):
            shown.remove("message")
        return Listing("run results", rows, shown, _RESULT, len(rows), notes=notes)

    return await paged(call, {"tool": "target_cells_results", "what": [campaign, cells]}, cursor, limit, look)


_RESULT = ("name", "id", "campaign", "run", "kind", "flowchart", "status", "started", "ended", "count", "message")


def _result(cell: Cell, result: RunResults) -> dict[str, Any]:
    return {
        "name": cell.info.name,
        "id": cell.id,
        "campaign": f"{cell.campaign} ({cell.campaign_id})",
        "run": result.run_id,
        "kind": result.type_enum.replace("_", " ").lower() or None,
        "flowchart": result.flowchart_name or None,
        "status": result.status_enum.replace("_", " ").lower() or None,
        "started": result.start_date,
        "ended": result.end_date,
        "count": result.count,
        "message": " ".join(str(each) for each in (result.status_code, result.status_message) if each) or None,
    }


async def run_results(call: Call, cells: Sequence[int]) -> dict[int, list[RunResults]]:
    """Cell id -> its run results; a cell that never ran is missing."""
    found: dict[int, list[RunResults]] = {}
    for start in range(0, len(cells), CELLS_IN_A_REQUEST):
        for result in await _results(call, cells[start : start + CELLS_IN_A_REQUEST]):
            if result.source_reference is not None:
                found.setdefault(result.source_reference.id, []).append(result)
    return found


async def _results(call: Call, cells: Sequence[int]) -> list[RunResults]:
    """One cell that has gone meanwhile makes the whole request a 404: then the halves are asked for."""
    try:
        return await call.send(GetRunResults(cell_ids=list(cells)))
    except NotFound:
        if len(cells) == 1:
            return []
        half = len(cells) // 2
        return [*await _results(call, cells[:half]), *await _results(call, cells[half:])]
