"""Deleting target cells of a campaign."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

from tools.batches import in_batches
from tools.call import Call
from tools.campaign.cell_book import Cell, cells_in, cells_of, look_up, row
from tools.campaign.target_cells import run_results
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from tools.search import Searches
from upstream.campaign import target_cells as routes
from upstream.campaign.campaigns import GetCampaign, GetCampaigns
from upstream.campaign.target_cells import RunResults, TargetCellInfo
from upstream.request import Risk

MOST_AT_ONCE = 200

_RUNS = 0
"""The place of the results of runs among the ids of campaigns, none of which is 0."""


@changes(
    routes.DeleteTargetCell,
    routes.DeleteTargetCells,
    routes.GetTargetCells,
    routes.GetRunResults,
    GetCampaign,
    GetCampaigns,
    title="Delete target cells",
)
async def target_cells_delete(
    call: Call,
    cells: Annotated[list[str], "Ids, codes, names"],
    campaign: Annotated[str, "Unless seen before"] = "",
) -> Plan:
    """Delete target cells with their run results."""
    if not cells:
        raise BadArgument("Name at least one target cell by id, code or name.")
    if len(cells) > MOST_AT_ONCE:
        raise BadArgument(f"At most {MOST_AT_ONCE} target cells at once; {len(cells)} were named.")
    found, missing = await look_up(call, cells, campaign)
    if not found:
        raise UnknownName(
            "No target cell there has the id " + ", ".join(missing[:20]) + ".",
            advice="Look with target_cells_find, by campaign.",
        )
    free = [each for each in found if not each.info.is_cell_read_only]
    settled = [
        Outcome(_deletion(each), "refused", "read-only: it belongs to its flowchart")
        for each in found
        if each.info.is_cell_read_only
    ]
    settled += [
        Outcome(
            Change("unica", "target_cell", "delete", each, each, risk=Risk.DESTRUCTIVE), "already", "the cell is gone"
        )
        for each in missing
    ]
    return Plan(
        [_deletion(each) for each in free],
        settled,
        await _use(call, free) if free else None,
        final="the cells are gone from the spreadsheet, with their run results and what was assigned.",
    )


def _deletion(cell: Cell) -> Change:
    line = row(cell)
    first = ("campaign", "control", "offers", "control_cell", "flowchart", "approved")
    rest = [key for key in line if key not in (*first, "name", "id", "code")]
    before = {key: line[key] for key in (*first, *rest)} | {"campaign": {str(cell.campaign_id): cell.campaign}}
    return Change(
        "unica", "target_cell", "delete", cell.info.name, str(cell.id), cell.info.cell_code, Risk.DESTRUCTIVE, before
    )


async def _use(call: Call, cells: Sequence[Cell]) -> Dependents:
    """Cells that lose their control cell, and run results that go."""
    going = sorted(each.id for each in cells)
    searches: Searches = call.kept(Searches)
    places = [*sorted({each.campaign_id for each in cells}), _RUNS]

    async def look(place: int) -> tuple[list[TargetCellInfo], dict[int, list[RunResults]]]:
        return ([], await run_results(call, going)) if place == _RUNS else (await cells_in(call, place), {})

    searched = await searches.each(call, ("target_cell", *going), places, look)
    siblings = {place: found for place, (found, _) in searched.found.items()}
    _, results = searched.found.get(_RUNS, ([], {}))
    lines = []
    for cell in cells:
        loses = [
            each.name
            for each in siblings.get(cell.campaign_id, [])
            if each.control_cell_reference and each.control_cell_reference.id == cell.id and each.id not in going
        ]
        if loses:
            lines.append(f"{cell.info.name}: control cell of {', '.join(loses)}, which then have none")
        for run in results.get(cell.id, ())[:1]:
            status = run.status_enum.replace("_", " ").lower() or "unknown state"
            lines.append(f"{cell.info.name}: results of a run ({status}, {run.count or 0} customers) go with it")
    looked_at = len(cells) if searched.looked_at == searched.of else 0
    return Dependents(lines, looked_at, len(cells), "target cells", label="Affected", none="nothing found")


@target_cells_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    places = {int(each.id): int(next(iter(each.before["campaign"]))) for each in changes}

    async def send(batch: Sequence[Change]) -> None:
        numbers = [int(each.id) for each in batch]
        if len(numbers) == 1:
            await call.send(routes.DeleteTargetCell(cell_id=numbers[0]))
        else:
            await call.send(routes.DeleteTargetCells(cell_ids=numbers))

    async def remaining(ids: Sequence[int]) -> Collection[int]:
        cells = await cells_of(call, {places[each] for each in ids})
        return {each.id for of in cells.values() for each in of} & set(ids)

    refusal = "the system reported success, but it is still there"
    return await in_batches(changes, send, refusal, remaining=remaining)
