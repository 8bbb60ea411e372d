"""Scenarios, which are only listed and started."""

from __future__ import annotations

from sandbox.actito import profiles
from sandbox.actito.messages import record
from sandbox.actito.structure import profile_table_by_name
from sandbox.actito.work import Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments

GENERIC_START = "START"
"""The start block that lets the API in; the answers do not tell it."""


@operation("listScenarios")
def list_scenarios(work: Work, arguments: Arguments) -> Answer:
    """GET .../scenario: those of a profile table, in every state."""
    table = profile_table_by_name(work, arguments["table"])
    rows = work.rows("SELECT * FROM actito_scenarios WHERE table_id = ? ORDER BY id", table.id)
    found = [{"name": row["name"], "displayName": row["display_name"], "state": row["state"]} for row in rows]
    return one({"scenarios": found})


@operation("triggerScenario")
def trigger_scenario(work: Work, arguments: Arguments) -> Answer:
    """POST .../scenario/{scenario}/profile/{profile}: 400 unless it runs and begins with the generic Start."""
    table = profile_table_by_name(work, arguments["table"])
    name = arguments["scenario"]
    row = work.row("SELECT * FROM actito_scenarios WHERE table_id = ? AND name = ?", table.id, name)
    if row is None:
        raise not_found("Scenario", name)
    if row["state"] != "RUNNING":
        raise invalid(f"The scenario {name} is {row['state']}")
    if row["start"] != GENERIC_START:
        raise invalid(f"The scenario {name} does not begin with the generic Start block")
    profile = profiles.find(work, table, arguments["profile"])
    record(work, name, table, profile["id"], arguments[BODY])
    return one({"scenario": name, "profileId": profile["id"]})
