"""A bounded run of generated requests over the contract of Collaborate: no 5xx, no status that it does not have."""

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

_EXAMPLES = 3
_KNOWN = {
    "advlists": [1000119, 1000130],
    "attachmentId": [9001, 9004, 9005],
    "attrID": [7001],
    "formId": [301, 302, 311, 313, 314, 315],
    "lists": [1000101, 1000107],
    "locals": [1000138, 1000136],
    "offerID": [5272],
    "parentFolderId": [101, 201],
    "rowId": [20001, 20007, 20021, 20122],
    "templateId": [401, 412],
    "Form_ID": [301],
    "Attribute_Name": ["region", "campaign_note"],
    "Template_DB_ID": [401, 406, "412"],
    "jobId": ["40001", "40033"],
}
_FOLDERS = {"templatefolders": [101, 120], "formfolders": [203, 211], "lists": [8501], "advlists": [8525]}


@functools.cache
def _schema() -> Any:
    return schemathesis.openapi.from_path(contract.contract_folder() / "unica-collaborate.openapi.yaml")


def _operations() -> list[tuple[str, str, GenerationMode]]:
    found = []
    for operation in contract.load().operations.values():
        if operation.system == contract.COLLABORATE:
            found.append((operation.method, operation.path, GenerationMode.POSITIVE))
            if operation.takes_body:
                found.append((operation.method, operation.path, GenerationMode.NEGATIVE))
    return found


def _known(path: str, name: str, generated: Any) -> strategies.SearchStrategy[Any]:
    """Values of the demo data two times in three, the generated value otherwise."""
    root = path.split("/")[1]
    values: list[Any] = _KNOWN.get(root if name == "projectId" else name, [])
    if name == "folderId":
        values = _FOLDERS.get(root, [8556])
    if not values:
        return strategies.just(generated)
    return strategies.integers(0, 2).flatmap(
        lambda draw: strategies.sampled_from(values) if draw else strategies.just(generated)
    )


@pytest.fixture(scope="module")
def running() -> Iterator[sandbox.Sandbox]:
    with sandbox.start(switches={"authentication": False}) as site:
        yield site


@pytest.mark.parametrize(("method", "path", "mode"), _operations())
def test_generated_requests_meet_no_server_error(
    running: sandbox.Sandbox, method: str, path: str, mode: GenerationMode
) -> None:
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
                drawn = {name: _known(path, str(name), value) for name, value in values.items()}
                setattr(case, part, data.draw(strategies.fixed_dictionaries(drawn)))
        response = case.call(base_url=running.url + contract.COLLABORATE_MOUNT, timeout=120)
        case.validate_response(response, checks=[not_a_server_error, status_code_conformance])

    run()
