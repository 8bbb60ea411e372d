"""A bounded run of generated requests over the contract of Actito: no 5xx, no status that it does not have."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

import sandbox
from sandbox import contract

_EXAMPLES = 5
_RESET_EVERY = 12
"""Operations between two resets; each reset makes all people anew."""
_KNOWN: dict[str, list[Any]] = {
    "entity": ["MeridianBank", "MeridianBank", "LarkDirect"],
    "profileTableId": ["16", "17", "18"],
    "table": ["Customers", "Prospects"],
    "customTableId": ["5b0c2f6e-1c57-4a33-8f0e-2e3f1d0a9b11"],
    "customTable": ["CardPayments", "Branches"],
    "recordId": ["PAY-2026-000001", "BR001", "1001"],
    "profile": ["100001", "emailAddress=ada.larkin@example.org", "customerNumber=MB00000002"],
    "subscription": ["Newsletter", "Promotions"],
    "segmentation": ["LoyaltyLevel", "Vip"],
    "etlId": ["123456"],
    "etlExecutionId": ["123654981", "123654987"],
    "importId": [1000125],
    "campaign": ["201", "206", "Welcome_Series", "Card_Blocked_Notice", "Lark_For_Customers"],
    "scenario": ["scn_welcome_2026", "scn_birthday"],
    "customActionId": ["700101"],
    "webhookId": [123789601, 123789602],
    "date": ["2026-11-18"],
    "form": ["12", "contest_autumn"],
    "participationId": [4711, 4712],
    "name": ["Fresh_One", "Fresh_Two", "Autumn_Newsletter_2026"],
    "type": ["SCHEDULED", "INTERACTIONS", "ADD_ATTRIBUTE", "MASS_SENDING"],
    "attribute": [{"type": "CUSTOM", "name": "coupon", "valueType": "STRING"}],
    "answers": [[{"name": "favouriteColour", "value": "red"}]],
    "profileId": [100001],
    "from": ["Meridian Bank"],
    "replyTo": ["hello@example.org"],
    "sendingMode": ["MASS"],
    "webhookPushType": ["BULK"],
    "maxBlockSize": [10],
    "creationTimeAttribute": ["id"],
    "foreignKeys": [[]],
    "displayOptions": [{}],
    "dataCollectionInformation": [{"date": "03/11/2025 09:30:00"}],
    "charset": ["utf8"],
    "filter": [{"lastName": "Larkin"}, {"loyaltyPoints": "4200"}, {"interests": "Cards"}, {"homeBranch": ""}],
    "dateFilter": ["2026-11-01"],
    "number": [5, 1],
    "searchValue": ["100001", "BOOKED"],
    "entityOfTarget": ["MeridianBank"],
    "targetTable": ["Customers"],
    "supportedLanguages": [["EN"]],
    "encoding": ["utf-8"],
    "on": ["PROFILE_TABLE"],
    "onElementId": ["16"],
    "eventType": ["UPDATE"],
    "targetUrl": ["https://hooks.example.org/x"],
    "primaryKeyAttribute": ["id"],
    "key": [{"emailAddress": "ada.larkin@example.org"}, {"customerNumber": "MB99999999"}],
    "properties": [[{"name": "branchCode", "value": "BR001"}, {"name": "counters", "value": "2"}]],
    "contacts": [[{"profileId": 100001}]],
    "searchField": ["customerId", "status"],
    "sortedField": ["amount"],
    "search": ["lastName=Larkin"],
}
_COLUMNS = [{"type": "EMAIL_ADDRESS", "name": "mail", "unique": True}]
_FLAT = {
    "attributes": [{"firstName": "Ada"}],
    "subscriptions": [{"Newsletter": True}],
    "segmentations": [{"LoyaltyLevel": "Gold"}],
}
_NAMED = {
    "attributes": [[{"name": "emailAddress", "value": "ada.larkin@example.org"}]],
    "subscriptions": [[{"name": "Newsletter", "subscribe": False}]],
    "segmentations": [[{"name": "LoyaltyLevel", "category": "Gold"}]],
    "profile": [{"attributes": [{"name": "emailAddress", "value": "new@example.org"}]}],
    "parameters": [[{"key": "coupon", "values": ["A"]}]],
}
_BODIES: dict[str, dict[str, list[Any]]] = {
    "/custom-table-structure/": {"attributes": [[{"name": "id", "valueType": "STRING", "unique": True}]]},
    "/profile-table-structure/": {"attributes": [_COLUMNS], "subscriptions": [[]], "segmentations": [[]]},
    "/profiles/v5/": _FLAT,
    "/profiles/v4/": _NAMED,
    "/email-campaigns/": _NAMED,
}


@functools.cache
def _schema() -> Any:
    return schemathesis.openapi.from_path(contract.contract_folder() / "actito.openapi.yaml")


def _operations() -> list[tuple[str, str, GenerationMode]]:
    found = []
    for operation in contract.load_actito().operations.values():
        found.append((operation.method, operation.path, GenerationMode.POSITIVE))
        if operation.json_body is not None or operation.has_parts:
            found.append((operation.method, operation.path, GenerationMode.NEGATIVE))
    return found


def _known(path: str, part: str, name: str, generated: Any) -> strategies.SearchStrategy[Any]:
    """Values of the demo data four times in five, the generated value otherwise."""
    values = _KNOWN.get(name, [])
    if part == "body":
        own = next((bodies for prefix, bodies in _BODIES.items() if path.startswith(prefix)), {})
        values = own.get(name, values)
    if not values:
        return strategies.just(generated)
    return strategies.integers(0, 4).flatmap(
        lambda draw: strategies.sampled_from(values) if draw else strategies.just(generated)
    )


@pytest.fixture(scope="module")
def running() -> Iterator[sandbox.Sandbox]:
    with sandbox.start(switches={"authentication": False, "actito_etl_per_day": 1000}) as site:
        yield site


@pytest.fixture(scope="module")
def reached() -> set[str]:
    """Operations that answered a generated request with success."""
    return set()


@pytest.mark.parametrize(("place", "method", "path", "mode"), [(i, *found) for i, found in enumerate(_operations())])
def test_generated_requests_meet_no_server_error(
    running: sandbox.Sandbox, reached: set[str], place: int, method: str, path: str, mode: GenerationMode
) -> None:
    if place % _RESET_EVERY == 0:
        httpx.post(f"{running.url}/sandbox/reset", verify=False, timeout=120).raise_for_status()

    @hypothesis.settings(
        max_examples=_EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=_schema()[path][method].as_strategy(generation_mode=mode), data=strategies.data())
    def run(case: schemathesis.Case, data: strategies.DataObject) -> None:
        for part in ("path_parameters", "query", "body"):
            values = getattr(case, part)
            if isinstance(values, Mapping):
                drawn = {name: _known(path, part, str(name), value) for name, value in values.items()}
                setattr(case, part, data.draw(strategies.fixed_dictionaries(drawn)))
        response = case.call(base_url=running.url + contract.ACTITO_MOUNT, timeout=120)
        case.validate_response(response, checks=[not_a_server_error, status_code_conformance])

    run()
    entries = httpx.get(f"{running.url}/sandbox/log", verify=False, timeout=120).json()["entries"]
    reached.update(entry["operation"] for entry in entries if entry["status"] in (200, 201, 204))


def test_the_generated_requests_reach_the_work(reached: set[str]) -> None:
    """The run above would say nothing if the stand-in refused everything: many operations have to succeed in it."""
    if not reached:
        pytest.skip("needs the run above")
    assert len(reached) >= 30
