"""The risk table against the contracts, and what of it can be approved."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from upstream.campaign import CampaignRequest
from upstream.campaign.offer_lists import UpdateOfferList
from upstream.campaign.offers import RetireOffers
from upstream.request import GUARDED, Risk
from upstream.risk import RISKS, risk_of, rule_of
from upstream.routes import Route, routes

CONTRACTS = Path(__file__).parents[2] / "contracts"
FLAGS: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation
    for file in ("unica-campaign.openapi.yaml", "unica-platform.openapi.yaml")
    for verbs in yaml.safe_load((CONTRACTS / file).read_text(encoding="utf-8"))["paths"].values()
    for operation in verbs.values()
}
ROUTES = routes()
IDS = [route.request.__name__ for route in ROUTES]


class Forgotten(CampaignRequest[str]):
    """A request that nobody has put into the table."""

    method, path, operation, category = "POST", "/v1/forgotten", "forgotten", "campaigns"
    targets: ClassVar[tuple[str, str]] = ("", "")


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    rows = {system: set(rules) for system, rules in RISKS.items()}
    assert rows == {
        system: {route.operation for route in ROUTES if route.system == system}
        for system in ("unica-platform", "unica-campaign")
    }
    assert set().union(*rows.values()) == set(FLAGS)
    assert len(FLAGS) == 51


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_the_table_is_at_least_as_strict_as_the_flags_of_the_contract(route: Route) -> None:
    flags = FLAGS[route.operation]
    if flags["x-destructive"]:
        assert route.risk is Risk.DESTRUCTIVE
    if "x-destructive-when" in flags:
        assert route.worst is Risk.DESTRUCTIVE
    if route.risk is Risk.READ:
        assert flags["x-readonly"] is True
        assert route.worst is Risk.READ
    else:
        assert flags["x-readonly"] is False


@pytest.mark.parametrize("route", [route for route in ROUTES if route.worst in GUARDED])
def test_what_is_guarded_names_its_targets(route: Route) -> None:
    kind, field = route.request.targets
    assert kind in {"offer", "campaign", "offer_list", "target_cell", "attribute"}
    assert route.request.model_fields[field].is_required()


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_a_case_that_is_worse_is_said(route: Route) -> None:
    rule = rule_of(route.request)
    assert (rule.worst is None) == (rule.worse is None) == (rule.worst_when == "")
    assert route.worst is (rule.worst or rule.usual)


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


def test_the_targets_of_a_guarded_request() -> None:
    request = RetireOffers(offer_ids=[5, 6])
    assert risk_of(request) is Risk.DESTRUCTIVE
    assert request.target_ids() == {"offer:5", "offer:6"}


def test_an_operation_without_a_row_is_refused() -> None:
    with pytest.raises(LookupError, match="forgotten of unica-campaign has no row"):
        risk_of(Forgotten())
