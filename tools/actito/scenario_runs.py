"""Starting a scenario for profiles. What it sends and when is its own; no route stops it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from tools.actito import SYSTEM, profile_book
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.message_parts import parameters_of
from tools.actito.profile_choice import NOT_FOUND, OfProfiles, chosen, whom
from tools.actito.scenario_book import RUNNING, Listed, one
from tools.actito.table_book import PROFILE_ROUTES, OfTable
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from upstream.actito.messages import Parameter
from upstream.actito.scenarios import ListScenarios, TriggerScenario
from upstream.errors import NotFound, OutcomeUnknown, Refused, UpstreamError
from upstream.request import Risk

MOST = 50
"""Profiles in one call: each is a start of its own."""

KIND, VERB = "scenario_for_profile", "start a scenario for"

_PARAMETER = "parameter "
"""Before the name of a parameter among the fields of a change."""

CHECK = (
    "Look in Actito's interface, at the scenario's statistics or the profile's history, before anyone starts it again."
)


@changes(
    TriggerScenario,
    ListScenarios,
    *profile_book.ROUTES,
    *PROFILE_ROUTES,
    *ROUTES,
    title="Start a scenario",
    repeatable=False,
)
async def actito_scenarios_run(
    call: Call,
    scenario: Annotated[str, "Name or display name"],
    profiles: OfProfiles,
    parameters: Annotated[dict[str, Any], "Name: value or list"] = {},
    table: OfTable = "",
    entity: OfEntity = "",
) -> Plan:
    """Start a scenario for profiles: it may send them messages, and can't be stopped."""
    values = {_PARAMETER + each.key: each.values for each in parameters_of(parameters)}
    where = await entity_of(call, entity)
    listed = await one(call, where, table, scenario)
    people = await chosen(call, listed.table, profiles, MOST)
    about = {"scenario": listed.name, "state": listed.state or "not said", "table": listed.table.name}
    return Plan(
        [
            Change(
                SYSTEM,
                KIND,
                VERB,
                whom(each),
                "/".join((where, listed.table.name, listed.scenario.name, each.reference)),
                listed.scenario.name,
                Risk.REACHES_CUSTOMERS,
                after={**about, **values},
                number=each.id,
            )
            for each in people.found
        ],
        [Outcome(Change(SYSTEM, KIND, VERB, each), "refused", NOT_FOUND) for each in people.missing],
        warnings=_warnings(listed),
        final="no route takes a profile out of a scenario again, or calls back what it has sent.",
    )


def _warnings(listed: Listed) -> list[str]:
    warnings = []
    if listed.state != RUNNING:
        warnings.append("The scenario does not say that it is running: Actito will most likely refuse to start it.")
    return [
        *warnings,
        "Its marketing messages heed opt-ins, its transactional ones don't. It starts only where it begins with the "
        "generic Start block, which can't be seen by API.",
    ]


@actito_scenarios_run.applies
async def _run(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    """Each start once. After a lost answer, or trouble that is not the profile's, the rest is not tried."""
    outcomes: list[Outcome] = []
    for place, change in enumerate(changes):
        await call.progress(place, len(changes), f"{place} of {len(changes)} starts")
        try:
            await call.send(_trigger(change))
        except OutcomeUnknown as loss:
            lost = f"The answer was lost: it may have been started. {CHECK} {loss.message}"
            outcomes.append(Outcome(change, "unknown", lost))
            return outcomes + _untried(changes[place + 1 :])
        except (Refused, NotFound) as error:
            outcomes.append(Outcome(change, "refused", f"Not started: {error}"))
        except UpstreamError as error:
            outcomes.append(Outcome(change, "refused", f"Not started: {error}"))
            return outcomes + _untried(changes[place + 1 :])
        else:
            outcomes.append(Outcome(change, "done"))
    return outcomes


def _trigger(change: Change) -> TriggerScenario:
    # A technical name holds no slash, the reference to a profile may.
    entity, table, scenario, profile = change.id.split("/", 3)
    parameters = [
        Parameter(key=name.removeprefix(_PARAMETER), values=values)
        for name, values in change.after.items()
        if name.startswith(_PARAMETER)
    ]
    return TriggerScenario(entity=entity, table=table, scenario=scenario, profile=profile, parameters=parameters)


def _untried(changes: Sequence[Change]) -> list[Outcome]:
    return [Outcome(each, "refused", "not tried, because of the trouble before it") for each in changes]
