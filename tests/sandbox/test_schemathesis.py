"""A bounded run of generated requests over the contracts of Platform and Campaign: no 5xx, no status they do not have.

schemathesis does not look into JSON text inside form fields, and random ids hit nothing; so such fields are generated
from their own schemas, and ids are drawn from the demo data half of the time.
"""

from __future__ import annotations

import functools
import json
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

_MOUNTS = {"unica-campaign.openapi.yaml": contract.CAMPAIGN_MOUNT, "unica-platform.openapi.yaml": ""}
_EXAMPLES = 4
_NEVER_WRONG = {"validateOffers"}
"""Forms of optional texts only: nothing wrong can be generated for them."""
_KNOWN_IDS = {
    "campaignid": [2001, 2048],
    "cellid": [8001, 8002, 8400],
    "folderId": [12, 13],
    "folderid": [81, 83],
    "id": [2001, 5001, 8001, 31],
    "listMembers": [5001, 5002],
    "listRefID": [601, 602, 609, 612],
    "offerId": [5001],
    "offerids": [5001, 5002, 5013],
    "parentFolderId": [83],
    "templateid": [31, 33],
    "templateids": [31, 32],
}
_KNOWN_TEXTS = {
    "name": ["sales_region", "channel", "uacName", "needs_consent", "fresh_one"],
    "offerIds": ["[5001,5002]", "[]"],
    "query": ["name LIKE '%gold%'", "discount_rate > 1 AND NOT retired = TRUE", "(channel IN ('Email', 'x')"],
    "scopeFolders": ["[83]", "[81,83]"],
    "sort": ["-name", "+endDate"],
    "templateName": ["Savings bonus rate"],
    "type": ["campaign", "OFFER", "tcs_cell", "offer_template"],
}


@functools.cache
def _schema(file: str) -> Any:
    return schemathesis.openapi.from_path(contract.contract_folder() / file)


def _cases() -> list[tuple[bool, str, str, str, GenerationMode]]:
    """Strictness of the sandbox, operation, and whether the requests fit: what fits goes the same way when lenient."""
    found: list[tuple[bool, str, str, str, GenerationMode]] = []
    for operation in contract.load().operations.values():
        if f"{operation.system}.openapi.yaml" not in _MOUNTS:
            continue
        file = f"{operation.system}.openapi.yaml"
        found.append((True, file, operation.method, operation.path, GenerationMode.POSITIVE))
        if (operation.fields or operation.json_body) and operation.operation_id not in _NEVER_WRONG:
            for strict in (True, False):
                found.append((strict, file, operation.method, operation.path, GenerationMode.NEGATIVE))
    return found


def _known(name: str, generated: Any) -> strategies.SearchStrategy[Any]:
    values: list[Any] = _KNOWN_IDS.get(name) or _KNOWN_TEXTS.get(name) or []
    if not values:
        return strategies.just(generated)
    choice = strategies.sampled_from(values)
    known = strategies.lists(choice, min_size=1, max_size=3) if isinstance(generated, list) else choice
    return strategies.booleans().flatmap(lambda draw: known if draw else strategies.just(generated))


def _with_known(values: Any, operation: contract.Operation) -> strategies.SearchStrategy[Any]:
    """Generated values with some of the demo data and with JSON text where the contract has it."""
    if not isinstance(values, Mapping):
        return strategies.just(values)
    parts = {name: _known(str(name), value) for name, value in values.items()}
    for field in operation.place("form"):
        if field.content_schema is not None and field.name in values:
            generated = strategies.just(values[field.name])
            parts[field.name] = strategies.integers(0, 4).flatmap(
                lambda draw, made=_json_text(field.content_schema), plain=generated: made if draw else plain
            )
    return strategies.fixed_dictionaries(parts)


def _json_text(schema: Mapping[str, Any]) -> strategies.SearchStrategy[str]:
    return _fitting(schema, "").map(json.dumps)


def _fitting(schema: Mapping[str, Any], name: str, depth: int = 0) -> strategies.SearchStrategy[Any]:
    """Values that fit a schema of the contract, with texts and ids that occur in the demo data among them."""
    if "$ref" in schema:
        return _fitting(contract.load().schemas[schema["$ref"].rsplit("/", 1)[1]], name, depth + 1)
    if "anyOf" in schema:
        return strategies.one_of([_fitting(part, name, depth + 1) for part in schema["anyOf"]])
    if "allOf" in schema:
        return _fitting(schema["allOf"][0], name, depth + 1)
    declared = schema.get("type", ["null", "string", "number"])
    types = [declared] if isinstance(declared, str) else declared
    return strategies.one_of([_of_type(type_, schema, name, depth) for type_ in types])


def _of_type(type_: str, schema: Mapping[str, Any], name: str, depth: int) -> strategies.SearchStrategy[Any]:
    match type_:
        case "null":
            return strategies.none()
        case "boolean":
            return strategies.booleans()
        case "integer":
            known = (
                [2001, 5001, 5013, 8001, 8002, 601, 31, 83, 13] if name == "id" or name.endswith("Id") else [0, 1, -1]
            )
            return strategies.sampled_from(known) | strategies.integers()
        case "number":
            return strategies.floats(allow_nan=False, allow_infinity=False) | strategies.integers()
        case "string":
            texts = schema.get("enum") or schema.get("x-known-values") or _KNOWN_TEXTS.get(name) or ["x", "2026-01-01"]
            return strategies.sampled_from(texts) | strategies.text(max_size=20)
        case "array":
            if depth > 8:
                return strategies.just([])
            return strategies.lists(_fitting(schema.get("items", {}), name, depth + 1), max_size=2)
        case _:
            properties = schema.get("properties", {})
            if depth > 8:
                properties = {key: part for key, part in properties.items() if key in schema.get("required", ())}
            fields = {key: _fitting(part, key, depth + 1) for key, part in properties.items()}
            required = {key: fields.pop(key) for key in schema.get("required", ())}
            return strategies.fixed_dictionaries(required, optional=fields)


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest) -> Iterator[sandbox.Sandbox]:
    with sandbox.start(switches={"authentication": False, "strict": request.param}) as site:
        yield site


@pytest.mark.parametrize(("running", "file", "method", "path", "mode"), _cases(), indirect=["running"])
def test_generated_requests_meet_no_server_error(
    running: sandbox.Sandbox, file: str, method: str, path: str, mode: GenerationMode
) -> None:
    httpx.post(f"{running.url}/sandbox/reset", verify=False, timeout=120).raise_for_status()
    operation = _schema(file)[path][method]
    documented = next(o for o in contract.load().operations.values() if (o.path, o.method) == (path, method))

    @hypothesis.settings(
        max_examples=_EXAMPLES * (1 + any(field.content_schema for field in documented.fields)),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), data=strategies.data())
    def run(case: schemathesis.Case, data: strategies.DataObject) -> None:
        for part in ("path_parameters", "query", "body"):
            values = getattr(case, part)
            if isinstance(values, Mapping):
                setattr(case, part, data.draw(_with_known(values, documented)))
        response = case.call(base_url=running.url + _MOUNTS[file], timeout=120)
        case.validate_response(response, checks=[not_a_server_error, status_code_conformance])

    run()
