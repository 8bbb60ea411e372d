"""Finding scenarios."""

from __future__ import annotations

from typing import Annotated

from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.scenario_book import scenarios_of
from tools.actito.table_book import PROFILE_ROUTES, OfTable
from tools.call import Call
from tools.columns import words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, narrowed_by, paged
from tools.parameters import PAGE, Cursor
from upstream.actito.scenarios import ListScenarios

COLUMNS = ("name", "display_name", "state", "table")

STARTABLE = (
    "Only a scenario that begins with the generic Start block can be started by API, and which ones do is to be seen "
    "in Actito's interface alone, where scenarios are also made and changed."
)


@finds(ListScenarios, *PROFILE_ROUTES, *ROUTES, title="Find scenarios")
async def actito_scenarios_find(
    call: Call,
    table: OfTable = "",
    state: Annotated[str, "Such as running"] = "",
    search: Annotated[str, "Words"] = "",
    entity: OfEntity = "",
    cursor: Cursor = "",
) -> Listing:
    """Find scenarios (journeys) of one or all profile tables."""
    question = {"tool": "actito_scenarios_find", "what": [table, state, search, entity]}

    async def look() -> Listing:
        where = await entity_of(call, entity)
        known, left_out = await scenarios_of(call, where, table)
        states = list(dict.fromkeys(each.state for each in known if each.state))
        wanted = state.strip().replace("_", " ").lower()
        if wanted and known and wanted not in states:
            raise BadArgument(f"No scenario is {wanted[:40]!r}.", advice="The states are shown.", lines=states)
        rows = [
            {
                "name": each.scenario.name,
                "display_name": each.scenario.display_name or None,
                "state": each.state or None,
                "table": each.table.name,
            }
            for each in known
            if wanted in ("", each.state) and words_in(search, each.scenario.name, each.scenario.display_name)
        ]
        notes = [*narrowed_by(search, rows), STARTABLE]
        if left_out:
            notes.insert(0, f"Of {', '.join(left_out)} they could not be read: the key may lack the right.")
        return Listing("scenarios", rows, COLUMNS, COLUMNS, len(rows), notes=notes)

    return await paged(call, question, cursor, PAGE, look)
