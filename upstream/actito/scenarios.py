"""Scenarios: automated journeys, made in the interface alone. Those with the generic Start block can be started."""

from __future__ import annotations

from typing import Annotated

from upstream.actito.messages import Parameter
from upstream.actito.objects import Outcome, Wrapped
from upstream.actito.routes import TableRequest
from upstream.actito.segments import Reference, Segment
from upstream.record import Many, Record
from upstream.request import Body, Path

_SCENARIOS = "/scenarios/v4/entity/{entity}/table/{table}/scenario"


class Scenario(Record):
    """A scenario; `name` is technical and differs from the label.

    Source: Actito, web services related to scenarios, in words. Inferred: the names.
    """

    name: str = ""
    display_name: str = ""
    state: str = ""


class ListScenarios(TableRequest[Annotated[Many[Scenario], Wrapped("scenarios")]]):
    """List the scenarios of a profile table.

    Source: Actito, web services related to scenarios. Inferred: the prefix, the key of the list.
    """

    method, path, operation, category = "GET", _SCENARIOS, "listScenarios", "scenarios"
    confidence, right = "documented", "read_scenarios"


class TriggerScenario(TableRequest[Outcome]):
    """Start a scenario for a profile, with all the messages that it may send.

    Source: Actito, web services related to scenarios (that it can be done). Inferred: path and body.
    """

    method, path, operation, category = (
        "POST",
        _SCENARIOS + "/{scenario}/profile/{profile}",
        "triggerScenario",
        "scenarios",
    )
    confidence, right = "inferred", "write_scenarios"
    targets = ("scenario_for_profile", "entity", "table", "scenario", "profile")

    scenario: Annotated[Segment, Path()]
    profile: Annotated[Reference, Path("profile", "reference")]
    parameters: Annotated[list[Parameter], Body()]
