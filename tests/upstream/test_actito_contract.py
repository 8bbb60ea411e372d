"""Every request class of Actito against its operation in contracts/actito.openapi.yaml, and no class for a guess."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel

from upstream.actito.environments import ENVIRONMENTS
from upstream.actito.objects import ByName, OpenObject, Outcome, Stored, Wrapped
from upstream.actito.prefixes import PREFIXES
from upstream.actito.profile import Profile
from upstream.record import Entry, Record
from upstream.replies import Content, File
from upstream.request import Request
from upstream.routes import Route, routes
from upstream.styles import PathStyle, styled_path

CONTRACT = Path(__file__).parents[2] / "contracts" / "actito.openapi.yaml"
JSON, PARTS, TEXT = "application/json", "multipart/form-data", "text/plain"

NOT_SENT = {"ParticipationInput": {"id"}}
"""Properties that an answer carries and an input never needs."""

READ_AND_SENT = {"ProfileTable", "CustomTable", "Etl", "CustomActionInput"}
"""Models whose unknown fields travel as well, with all that they hold: their schemas are open."""

JSON_PARTS = {("sendTransactionalEmailWithAttachment", "contact")}
"""Text that the contract describes as a JSON document."""

OWN_CATEGORY = {"scenarios": "custom-actions"}
"""Tag -> category of the operations below it that may get a prefix of their own."""


@cache
def contract() -> dict[str, Any]:
    text = CONTRACT.read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


def operations(guesses: bool = False) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in contract()["paths"].items():
        for verb, operation in verbs.items():
            if (operation["x-confidence"] == "guess") is guesses:
                yield verb.upper(), path, operation


def operation_of(route: Route) -> tuple[str, str, dict[str, Any]]:
    return next(each for each in operations() if each[2]["operationId"] == route.operation)


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        _, section, name = schema["$ref"].rsplit("/", 2)
        schema = contract()["components"][section][name]
    return schema


def body_of(operation: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return "", {}
    ((kind, described),) = content.items()
    return kind, resolve(described["schema"])


def success(route: Route) -> tuple[str, str, dict[str, Any]]:
    """Status, media type and schema of the answer to a success."""
    ((status, described),) = [
        (status, resolve(each))
        for status, each in operation_of(route)[2]["responses"].items()
        if status.startswith("2")
    ]
    content = described.get("content", {})
    if not content:
        return status, "", {}
    ((kind, answer),) = content.items()
    return status, kind, resolve(answer["schema"])


def declared(route: Route) -> dict[tuple[str, str], tuple[bool, str]]:
    """(place, wire name) -> (required, encoding), as the contract has it."""
    operation = operation_of(route)[2]
    found: dict[tuple[str, str], tuple[bool, str]] = {}
    for written in operation.get("parameters", []):
        parameter = resolve(written)
        encoding = "plain"
        if parameter["schema"]["type"] == "object":
            assert (parameter["style"], parameter["explode"]) == ("form", True)
            encoding = "spread"
        elif "attribute=value" in parameter["description"] and parameter["in"] == "path":
            encoding = "reference"
        if ";category=" in parameter["description"]:
            found["matrix", "category"] = (False, "plain")
        found[parameter["in"], parameter["name"]] = (parameter["required"], encoding)
    kind, schema = body_of(operation)
    if kind in (JSON, TEXT):
        found["body", ""] = (operation["requestBody"]["required"], "json" if kind == JSON else "plain")
    for name, each in schema.get("properties", {}).items() if kind == PARTS else []:
        binary = (each.get("items") or each).get("format") == "binary"
        encoding = "file" if binary else "json" if (route.operation, name) in JSON_PARTS else "plain"
        required = name in schema.get("required", []) or (route.operation, name) in JSON_PARTS
        found["part", name] = (required, encoding)
    if operation.get("security") == [{"apiKey": []}]:
        scheme = contract()["components"]["securitySchemes"]["apiKey"]
        found[scheme["in"], scheme["name"]] = (True, "plain")
    return found


def wire_names(model: type[BaseModel]) -> dict[str, Any]:
    model.model_rebuild()
    return {info.alias or name: info for name, info in model.model_fields.items()}


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        arguments = arguments[:1]
    return [model for each in arguments for model in models_in(each)]


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    """The properties of an object schema, or of the items of a list of objects."""
    schema = resolve(schema)
    if "items" in schema:
        return properties(schema["items"])
    found: dict[str, Any] = schema.get("properties", {})
    return found


def compare(schema: dict[str, Any], annotation: Any, at: str, base: type[BaseModel]) -> int:
    """Hold a type against a schema, down to the leaves. Answers how many models were compared."""
    expected = properties(schema)
    models = [each for each in models_in(annotation) if not issubclass(each, OpenObject)]
    if not expected:
        assert not models, f"{at}: the contract leaves it open"
        return 0
    assert len(models) == 1, f"{at}: {annotation} should hold one model with {sorted(expected)}"
    model, fields = models[0], wire_names(models[0])
    assert issubclass(model, Record if model.__name__ in READ_AND_SENT else base), f"{at}: {model.__name__}"
    assert set(fields) == set(expected) - NOT_SENT.get(model.__name__, set()), f"{at}: {model.__name__}"
    if base is Entry and issubclass(model, Entry):
        written = resolve(schema)
        required = set(resolve(written.get("items", written)).get("required", []))
        sent = {name for name, info in fields.items() if info.is_required()}
        assert required - NOT_SENT.get(model.__name__, set()) == sent, f"{at}: {model.__name__}"
    inner_base = Record if model.__name__ in READ_AND_SENT else base
    inner = [
        compare(expected[name], info.annotation, f"{at}.{name}", inner_base)
        for name, info in fields.items()
        if ByName not in info.metadata and not says_nothing(info.annotation)
    ]
    return 1 + sum(inner)


def says_nothing(annotation: Any) -> bool:
    return not models_in(annotation) and "Any" in str(annotation)


ROUTES = [route for route in routes() if route.system == "actito"]
IDS = [route.operation for route in ROUTES]
each_route = pytest.mark.parametrize("route", ROUTES, ids=IDS)


def test_every_operation_has_one_class_and_every_class_an_operation() -> None:
    assert sorted(IDS) == sorted(operation["operationId"] for _, _, operation in operations())
    assert len(IDS) >= 77


def test_the_guesses_have_no_class() -> None:
    guesses = list(operations(guesses=True))
    assert len(guesses) == 17
    assert not {operation["operationId"] for _, _, operation in guesses} & set(IDS)
    assert not {(verb, path) for verb, path, _ in guesses} & {(each.method, each.path) for each in ROUTES}


@each_route
def test_verb_path_and_name(route: Route) -> None:
    verb, path, _ = operation_of(route)
    assert (route.method, route.path) == (verb, path)
    assert route.operation == route.request.operation
    assert route.request.__name__ == route.operation[0].upper() + route.operation[1:]


@each_route
def test_the_older_path_and_the_prefix_of_the_category(route: Route) -> None:
    _, path, operation = operation_of(route)
    legacy = operation.get("x-legacy-path")
    assert route.request.styled == (legacy is not None)
    if legacy is None:
        return
    assert styled_path(route.path, PathStyle.LEGACY) == legacy
    assert styled_path(route.path, PathStyle.PREFIXED) == path
    assert styled_path(route.path, PathStyle.PREFIXED, "elsewhere") == f"/elsewhere{legacy}"
    assert path == f"/{PREFIXES[route.category]}{legacy}"


@each_route
def test_category_confidence_and_right(route: Route) -> None:
    operation = operation_of(route)[2]
    tag = operation["tags"][0].lower().replace(" ", "-")
    assert route.category in (tag, OWN_CATEGORY.get(tag))
    assert (route.category == "custom-actions") == ("custom-action" in route.path)
    assert route.confidence == route.request.confidence == operation["x-confidence"]
    assert route.request.right == operation.get("x-access-right", "")


def test_the_prefixes_and_hosts_are_those_of_the_contract() -> None:
    policy = contract()["info"]["x-path-policy"]
    known = {*policy["confirmed-prefixes"], *policy["inferred-prefixes"]} - {"sms-campaigns", "targetings"}
    assert set(PREFIXES.values()) == known
    assert set(PREFIXES) == {route.category for route in ROUTES} - {"authentication"}
    assert set(ENVIRONMENTS.values()) == {server["url"] for server in contract()["servers"]}


@each_route
def test_names_places_required_and_encodings(route: Route) -> None:
    travelling = {
        (at.place, "" if at.place == "body" else at.name): (
            route.request.model_fields[name].is_required(),
            at.encoding,
        )
        for name, at in route.request.places()
    }
    assert travelling == declared(route)


def sent_as(request: type[Request[Any]]) -> Any:
    return next((request.model_fields[name].annotation for name, at in request.places() if at.place == "body"), None)


@each_route
def test_input_models_have_the_properties_of_the_contract(route: Route) -> None:
    kind, schema = body_of(operation_of(route)[2])
    annotation = sent_as(route.request)
    assert (annotation is not None) == (kind in (JSON, TEXT))
    if kind == TEXT:
        assert annotation is str
    elif kind == JSON:
        compared = compare(schema, annotation, route.operation, Entry)
        assert bool(compared) == bool(properties(schema))
        if not compared:
            assert annotation == dict[str, Any]


@each_route
def test_answers_know_every_property_of_the_contract(route: Route) -> None:
    status, media, schema = success(route)
    kind = route.request.answer_type()
    if media in ("application/zip", "text/html"):
        assert kind is (File if media == "application/zip" else Content)
    elif not media:
        assert status in ("200", "204") and kind is Outcome
    elif kind is Stored:
        assert len(properties(schema)) == 1 and not operation_of(route)[2]["x-readonly"]
    elif kind in (Outcome, OpenObject):
        assert not properties(schema)
        assert (kind is Outcome) != operation_of(route)[2]["x-readonly"]
    elif wrapped := next((each for each in get_args(kind) if isinstance(each, Wrapped)), None):
        ((key, items),) = properties(schema).items()
        assert wrapped.keys[0] == key and resolve(items)["type"] == "array"
        if models_in(kind) == [Profile]:
            assert set(properties(items)) <= set(wire_names(Profile))
        elif models_in(kind):
            compare(items, kind, route.operation, Record)
    elif kind is Profile:
        assert set(properties(schema)) <= set(wire_names(Profile))
    else:
        assert compare(schema, kind, route.operation, Record) > 0


@each_route
def test_examples_of_the_contract_are_read(route: Route) -> None:
    _, media, schema = success(route)
    if media != JSON or route.request.answer_type() is Stored:
        return
    for example in schema.get("examples", []):
        read = route.request.reader().validate_python(example)
        assert read not in (None, [], {})
        models = read if isinstance(read, list) else [read]
        assert not [each for each in models if isinstance(each, BaseModel) and each.model_extra and not open_(each)]


def open_(model: BaseModel) -> bool:
    return isinstance(model, OpenObject)


@each_route
def test_the_docstring_names_its_source(route: Route) -> None:
    said = " ".join((route.request.__doc__ or "").split())
    operation = operation_of(route)[2]
    assert (
        "Source: Actito, " in said or "Source: the code of a public client" in said or "Source: the Actito SDK" in said
    )
    if operation["x-confidence"] == "documented":
        assert "Source: Actito, " in said
    if operation["x-confidence"] == "observed":
        assert "public client" in said
    if "x-inferred" in operation:
        assert "Inferred: " in said


def test_each_class_says_in_which_read_its_style_shows() -> None:
    known = {at.name: "x" for route in ROUTES for _, at in route.request.places() if at.place == "path"}
    for route in ROUTES:
        fields = {
            name: 7 if at.name in ("importId", "webhookId", "participationId") else "x"
            for name, at in route.request.places()
            if at.place == "path" and at.name in known
        }
        probe = route.request.model_construct(**fields).cheap_read()
        if route.category == "authentication":
            assert probe is None
            continue
        assert probe is not None and probe.risk == "read"
        assert PREFIXES[probe.category] == PREFIXES[route.category]
        assert probe.category == route.category or route.category == "transactional-messages"
        named = {at.name for _, at in probe.places() if at.place == "path"}
        assert named <= {"entity", "table", "profileTableId", "customTable", "form"}
