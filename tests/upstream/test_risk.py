"""The risk table against the contracts, and what of it can be approved."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from upstream.campaign import CampaignRequest
from upstream.campaign.offer_lists import UpdateOfferList
from upstream.campaign.offers import RetireOffers
from upstream.collaborate.attachments import DeleteAttachment
from upstream.collaborate.folders import DeleteFolder
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import ChangeProjectState, ProjectAction, StateChange
from upstream.collaborate.recurrence import UpdateRecurrence
from upstream.collaborate.workflow import RunWorkflowRow
from upstream.request import GUARDED, Request, Risk
from upstream.risk import RISKS, risk_of, rule_of
from upstream.routes import Route, routes

CONTRACTS = Path(__file__).parents[2] / "contracts"
FLAGS: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation
    for file in ("unica-campaign.openapi.yaml", "unica-platform.openapi.yaml", "unica-collaborate.openapi.yaml")
    for verbs in yaml.safe_load((CONTRACTS / file).read_text(encoding="utf-8"))["paths"].values()
    for operation in verbs.values()
    if "collaborate" not in file or operation["x-seed"] or operation["operationId"] == "downloadSimpleListAttachment"
}
ROUTES = [route for route in routes() if route.system != "actito"]
IDS = [route.operation for route in ROUTES]


class Forgotten(CampaignRequest[str]):
    """A request that nobody has put into the table."""

    method, path, operation, category = "POST", "/v1/forgotten", "forgotten", "campaigns"
    targets: ClassVar[tuple[str, ...]] = ()


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    rows = {system: set(rules) for system, rules in RISKS.items() if system != "actito"}
    assert rows == {
        system: {route.request.operation for route in ROUTES if route.system == system}
        for system in ("unica-platform", "unica-campaign", "unica-collaborate")
    }
    assert {route.operation for route in ROUTES} == set(FLAGS)


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_the_table_is_at_least_as_strict_as_the_flags_of_the_contract(route: Route) -> None:
    flags = FLAGS[route.operation]
    if flags.get("x-destructive"):
        assert route.risk is Risk.DESTRUCTIVE
    if "x-destructive-when" in flags:
        assert route.worst is Risk.DESTRUCTIVE
    if "x-caution" in flags:
        assert route.worst in GUARDED
    if route.risk is Risk.READ:
        assert flags["x-readonly"] is True
        assert route.worst is Risk.READ
    else:
        assert flags.get("x-readonly", False) is False


@pytest.mark.parametrize("route", [route for route in ROUTES if route.worst in GUARDED])
def test_what_is_guarded_names_its_targets(route: Route) -> None:
    kind, *fields = route.request.targets
    if route.system == "unica-collaborate":
        assert kind in {"{tree}", "{kind}", "{kind}_row", "{kind}_attachment"}
    else:
        assert kind in {"offer", "campaign", "offer_list", "target_cell", "attribute"}
    assert fields and all(route.request.model_fields[field].is_required() for field in fields)


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_a_case_that_is_worse_is_said(route: Route) -> None:
    rule = rule_of(route.request)
    assert bool(rule.cases) == bool(route.worst_when)
    assert all(each.said in route.worst_when and each.risk.value in route.worst_when for each in rule.cases)
    assert list(Risk).index(route.worst) >= list(Risk).index(route.risk)


@pytest.mark.parametrize(
    ("changes", "risk"),
    [
        ({"list_members": [1]}, Risk.WRITE),
        ({"list_members": [1], "clear_existing": False}, Risk.WRITE),
        ({"clear_existing": True}, Risk.DESTRUCTIVE),
        ({"is_smart_list": True, "smart_list": {"query": "a = 1"}}, Risk.DESTRUCTIVE),
        ({"is_smart_list": False}, Risk.DESTRUCTIVE),
        ({"smart_list": {"query": "a = 1"}}, Risk.WRITE),
    ],
)
def test_a_change_of_an_offer_list_destroys_when_it_clears_or_turns_it(changes: dict[str, Any], risk: Risk) -> None:
    request = UpdateOfferList(list_id=640, **changes)
    assert request.risk is risk
    assert request.target_ids() == {"offer_list:640"}


@pytest.mark.parametrize("kind", ProjectKind)
@pytest.mark.parametrize(
    ("action", "risk"),
    [
        ("START", Risk.REACHES_CUSTOMERS),
        ("RESUME", Risk.REACHES_CUSTOMERS),
        ("PAUSE", Risk.WRITE),
        ("CANCEL", Risk.DESTRUCTIVE),
        ("FINISH", Risk.DESTRUCTIVE),
    ],
)
def test_a_change_of_state_is_as_bad_as_its_action(kind: ProjectKind, action: ProjectAction, risk: Risk) -> None:
    request = ChangeProjectState(kind=kind, project_id=5, change=StateChange(action=action))
    assert request.risk is risk
    assert {each.operation: each.worst for each in ROUTES}[request.operation_id] is Risk.DESTRUCTIVE


def test_every_action_has_been_thought_about() -> None:
    assert set(ProjectAction) == {"START", "RESUME", "PAUSE", "CANCEL", "FINISH"}


def test_what_is_guarded_in_collaborate() -> None:
    guarded = {route.request.operation: route.worst for route in ROUTES if route.worst in GUARDED}
    assert {name: risk for name, risk in guarded.items() if "{" in name} == {
        "delete{tree}Folder": Risk.DESTRUCTIVE,
        "change{kind}State": Risk.DESTRUCTIVE,
        "run{kind}WorkflowRow": Risk.REACHES_CUSTOMERS,
        "update{kind}Recurrence": Risk.REACHES_CUSTOMERS,
        "delete{kind}Attachment": Risk.DESTRUCTIVE,
    }


def test_targets_tell_kinds_trees_and_owners_apart() -> None:
    wanted: list[tuple[Request[Any], str]] = [
        (DeleteFolder(tree="templatefolders", folder_id=12), "template_folder:12"),
        (DeleteFolder(tree="formfolders", folder_id=12), "form_folder:12"),
        (UpdateRecurrence(kind="lists", project_id=5, recurrence={"is_recurring": False}), "simple_list:5"),
        (UpdateRecurrence(kind="advlists", project_id=5, recurrence={"is_recurring": False}), "advanced_list:5"),
        (RunWorkflowRow(kind="locals", project_id=5, row_id=7), "on_demand_campaign_row:5/7"),
        (DeleteAttachment(kind="lists", project_id=5, attachment_id=7), "simple_list_attachment:5/7"),
    ]
    for request, target in wanted:
        assert request.risk in GUARDED
        assert request.target_ids() == {target}


def test_the_targets_of_a_guarded_request() -> None:
    request = RetireOffers(offer_ids=[5, 6])
    assert risk_of(request) is Risk.DESTRUCTIVE
    assert request.target_ids() == {"offer:5", "offer:6"}


def test_an_operation_without_a_row_is_refused() -> None:
    with pytest.raises(LookupError, match="forgotten of unica-campaign has no row"):
        risk_of(Forgotten())
