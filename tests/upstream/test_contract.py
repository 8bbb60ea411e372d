"""Every request class of Unica against its operation in contracts/: verb, path, fields, required, encodings, models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
import yaml
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from upstream.collaborate.kinds import ProjectKind
from upstream.record import Entry, Message, Record
from upstream.replies import Created, File
from upstream.request import At, Request
from upstream.routes import Route, routes

CONTRACTS = Path(__file__).parents[2] / "contracts"
SYSTEMS = ("unica-campaign", "unica-platform", "unica-collaborate")

JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"

STRICTER = {("updateOfferList", "listRefID")}
"""Optional in the contract, demanded by the class: the contract itself says that a call without it is a 400."""

ALTERNATIVES = {"createCampaign", "updateCampaign"}
"""Operations with a second body to try; the class sends the form, an override moves it to the body."""

NOT_SENT = {
    "TypedAttributeInput": {"metadata"},
    "UserVariableInput": {"Attribute_ID"},
    "RecurrenceInput": {"Next_Run_Date", "Runs_Completed"},
}
"""Properties that an answer carries and an input never needs."""

ALSO_TAKEN = {"downloadSimpleListAttachment"}
"""Operations of older pages that are no part of the list to cover, and have a class all the same."""

READ_AND_SENT = {"Reference", "SmartListInfo", "OfferInfo", "ProjectFormOffer", "AttributeValue"}
"""Answer models that are sent back as they were read."""


@cache
def contract(system: str) -> dict[str, Any]:
    text = (CONTRACTS / f"{system}.openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


def operations(system: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in contract(system)["paths"].items():
        for verb, operation in verbs.items():
            if system != "unica-collaborate" or operation["x-seed"] or operation["operationId"] in ALSO_TAKEN:
                yield verb.upper(), path, operation


def operation_of(route: Route) -> tuple[str, str, dict[str, Any]]:
    return next(each for each in operations(route.system) if each[2]["operationId"] == route.operation)


def body_of(operation: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Content type, schema and encoding of the body: the form where there are two to choose from."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return "", {}, {}
    kind = next(kind for kind in (FORM, PARTS, JSON) if kind in content)
    return kind, content[kind]["schema"], content[kind].get("encoding", {})


def resolve(system: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, parameter or response itself, where a reference stands for it."""
    while "$ref" in schema:
        _, section, name = schema["$ref"].rsplit("/", 2)
        schema = contract(system)["components"][section][name]
    return schema


def success(route: Route) -> tuple[str, dict[str, Any]]:
    """Status and description of the answer to a success."""
    (found,) = [
        (status, resolve(route.system, each))
        for status, each in operation_of(route)[2]["responses"].items()
        if status.startswith("2")
    ]
    return found


def is_list(schema: dict[str, Any]) -> bool:
    kind = schema.get("type")
    return kind == "array" or (isinstance(kind, list) and "array" in kind)


def declared(system: str, operation: dict[str, Any]) -> dict[tuple[str, str], tuple[bool, str]]:
    """(place, wire name) -> (required, encoding), as the contract has it."""
    found: dict[tuple[str, str], tuple[bool, str]] = {}
    for written in operation.get("parameters", []):
        parameter = resolve(system, written)
        encoding = "plain"
        if is_list(parameter["schema"]):
            assert parameter.get("explode") is True and parameter.get("style") == "form"
            encoding = "repeat"
        elif str(parameter.get("example", "")).startswith("["):
            encoding = "bracket"
        found[parameter["in"], parameter["name"]] = (parameter.get("required", False), encoding)
    kind, written, encodings = body_of(operation)
    if kind == JSON:
        found["body", ""] = (operation["requestBody"]["required"], "json")
    schema = resolve(system, written)
    for name, each in schema.get("properties", {}).items() if kind in (FORM, PARTS) else []:
        encoding = {"application/json": "json", "application/octet-stream": "file"}.get(
            each.get("contentMediaType", ""), "plain"
        )
        if is_list(each):
            assert encodings[name] == {"style": "form", "explode": True}
            encoding = "repeat"
        found["form" if kind == FORM else "part", name] = (name in schema.get("required", []), encoding)
    return found


def travelling(request: type[Request[Any]]) -> dict[tuple[str, str], tuple[bool, str]]:
    """(place, wire name) -> (required, encoding), as the class has it; what chooses the operation is no parameter."""
    return {
        (at.place, "" if at.place == "body" else at.name): (always_sent(request.model_fields[name]), at.encoding)
        for name, at in request.places()
        if name != request.chooser
    }


def always_sent(field: FieldInfo) -> bool:
    return field.is_required() or isinstance(field.default, Entry)


def field_for(request: type[Request[Any]], wanted: At) -> Any:
    name = next(n for n, at in request.places() if (at.place, at.name) == (wanted.place, wanted.name))
    return request.model_fields[name].annotation


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        arguments = arguments[:1]
    return [model for each in arguments for model in models_in(each)]


def wire_names(model: type[BaseModel]) -> dict[str, Any]:
    """Wire name -> type of the field."""
    model.model_rebuild()
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def variants(system: str, schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The object schemas that a schema stands for, through references, lists, maps and alternatives."""
    schema = resolve(system, schema)
    inner = [each for kind in ("anyOf", "oneOf", "allOf") for each in schema.get(kind, [])]
    if "items" in schema:
        inner.append(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        inner.append(schema["additionalProperties"])
    own = [schema] if "properties" in schema else []
    return own + [each for schema in inner for each in variants(system, schema)]


def properties(system: str, schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: each for variant in variants(system, schema) for name, each in variant["properties"].items()}


def is_date(schema: dict[str, Any]) -> bool:
    return str(schema.get("$ref", "")).endswith("/DateValue") or schema.get("format") in ("date", "date-time")


def scalar_fits(schema: dict[str, Any], annotation: Any) -> bool:
    """Whether a simple property has a type that its values fit."""
    kinds = schema.get("type")
    kinds = {kinds} if isinstance(kinds, str) else set(kinds or ())
    fitting = {"integer": int, "boolean": bool, "string": str}
    wanted = {fitting[kind] for kind in kinds & set(fitting)}
    return not wanted or any(issubclass(leaf, kind) for leaf in leaves(annotation) for kind in wanted)


def leaves(annotation: Any) -> set[type]:
    """The simple types that a type is made of; of literals the type of their values."""
    if get_origin(annotation) is Literal:
        return {type(each) for each in get_args(annotation)}
    if isinstance(annotation, type):
        return {annotation}
    arguments = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    return set().union(*(leaves(each) for each in arguments))


def says_nothing(annotation: Any) -> bool:
    """Whether a type is left open (Any, or a list of Any), as the values of attributes are."""
    return not models_in(annotation) and "Any" in str(annotation)


def compare(system: str, schema: dict[str, Any], annotation: Any, at: str, base: type[BaseModel]) -> int:
    """Hold a type against a schema, down to the leaves. Answers how many models were compared."""
    expected = properties(system, schema)
    if not expected:
        return 0
    models = [model for model in models_in(annotation) if set(wire_names(model)) & set(expected)]
    assert len(models) == 1, f"{at}: {annotation} should hold one model with {sorted(expected)}"
    model, fields = models[0], wire_names(models[0])
    if model.__name__ in READ_AND_SENT:
        base = Record
    assert issubclass(model, base), f"{at}: {model.__name__} is not a {base.__name__}"
    assert set(fields) == set(expected) - NOT_SENT.get(model.__name__, set()), f"{at}: {model.__name__}"
    if system == "unica-collaborate":
        for name, kind in fields.items():
            if is_date(expected[name]):
                assert leaves(kind) & {date, datetime, AwareDatetime}, f"{at}.{name}"
            else:
                assert scalar_fits(expected[name], kind), f"{at}.{name}"
    inner = [
        compare(system, expected[name], kind, f"{at}.{name}", base)
        for name, kind in fields.items()
        if not says_nothing(kind) and not is_date(expected[name])
    ]
    return 1 + sum(inner)


def name(route: Route) -> str:
    return route.operation


ROUTES = [route for route in routes() if route.system in SYSTEMS]
IDS = [route.operation for route in ROUTES]


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_operation_has_one_class_and_every_class_an_operation(system: str) -> None:
    classes = [route.operation for route in ROUTES if route.system == system]
    assert sorted(classes) == sorted(operation["operationId"] for _, _, operation in operations(system))


def test_no_operation_was_lost_from_the_contracts() -> None:
    counts = [sum(1 for _ in operations(system)) for system in SYSTEMS]
    assert all(count >= least for count, least in zip(counts, (49, 2, 90), strict=True)), counts


@pytest.mark.parametrize("route", [route for route in ROUTES if route.system == "unica-collaborate"], ids=name)
def test_a_category_is_the_tag_and_a_choice_the_first_segment(route: Route) -> None:
    assert operation_of(route)[2]["tags"] == [route.category]
    if route.request.variants:
        (choice,) = route.choice.values()
        assert choice == route.path.split("/")[1] and list(route.choice) == [route.request.chooser]
        made = route.request.model_construct(**route.choice)
        assert made.operation_id == route.operation


def test_kinds_differ_as_the_contract_says() -> None:
    said = {each["topic"]: each for each in contract("unica-collaborate")["x-kind-differences"]}
    for kind in ProjectKind:
        assert said["state after creation"][kind.value] == kind.facts.first_state
        assert ("no Workflow tab" in said["workflow"][kind.value]) != kind.facts.own_workflow
        count = sum(1 for route in ROUTES if route.choice == {"kind": kind} and route.operation not in ALSO_TAKEN)
        assert said["seed operations"][kind.value] == count
    known = contract("unica-collaborate")["components"]["schemas"]["Project"]["properties"]["Project_Type"]
    assert [kind.facts.template_type for kind in ProjectKind] == known["x-known-values"]


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_verb_and_path(route: Route) -> None:
    verb, path, _ = operation_of(route)
    assert (route.method, route.path) == (verb, path)


@pytest.mark.parametrize("system", SYSTEMS)
def test_mount(system: str) -> None:
    address = contract(system)["servers"][0]["url"]
    assert {"{base}" + route.request.api.mount for route in ROUTES if route.system == system} == {address}


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_names_places_required_and_encodings(route: Route) -> None:
    expected = declared(route.system, operation_of(route)[2])
    for place_and_name in list(expected):
        if (route.operation, place_and_name[1]) in STRICTER:
            assert expected[place_and_name][0] is False, "no longer stricter than the contract"
            expected[place_and_name] = (True, expected[place_and_name][1])
    assert travelling(route.request) == expected


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_content_type_of_the_body(route: Route) -> None:
    operation = operation_of(route)[2]
    kind, _, _ = body_of(operation)
    places = {at.place for _, at in route.request.places()}
    sent = next((kind for place, kind in {"body": JSON, "form": FORM, "part": PARTS}.items() if place in places), "")
    assert sent == kind
    assert (len(operation.get("requestBody", {}).get("content", {})) > 1) == (route.operation in ALTERNATIVES)
    if route.request.body_form:
        assert sent and route.request.body_form == "form"
    no_field_needed = sent.endswith("urlencoded") and not any(
        info.is_required() for info in route.request.model_fields.values()
    )
    assert bool(route.request.body_form) == no_field_needed, "an empty form still needs its content type"


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_input_models_have_the_properties_of_the_contract(route: Route) -> None:
    kind, schema, _ = body_of(operation_of(route)[2])
    if kind == JSON:
        compared = compare(route.system, schema, field_for_body(route.request), route.operation, Entry)
        assert bool(compared) == bool(properties(route.system, schema))
    elif kind:
        for name, each in resolve(route.system, schema)["properties"].items():
            if "contentSchema" in each:
                annotation = field_for(route.request, At("form", name))
                base = each["contentSchema"]
                assert compare(route.system, base, annotation, f"{route.operation}.{name}", Entry) >= 1


def field_for_body(request: type[Request[Any]]) -> Any:
    name = next(n for n, at in request.places() if at.place == "body")
    return request.model_fields[name].annotation


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_answer_models_know_every_property_of_the_contract(route: Route) -> None:
    status, described = success(route)
    answer = described.get("content", {}).get(JSON, {}).get("schema")
    kind = route.request.answer_type()
    if answer is None:
        assert models_in(kind) == []
        bodiless = kind if kind in (Created, File) else None
        assert (bodiless is Created) == ("Location" in described.get("headers", {})) == (status == "201")
        assert (bodiless is File) == ("application/octet-stream" in described.get("content", {}))
        assert bodiless or kind == Message
        return
    compared = compare(route.system, answer, kind, route.operation, Record)
    assert (compared > 0) == bool(properties(route.system, answer)) == bool(models_in(kind))
    if "oneOf" in answer or is_list(resolve(route.system, answer)):
        assert get_origin(get_args(kind)[0] if get_origin(kind) is Annotated else kind) is list
    if resolve(route.system, answer).get("type") == "string":
        assert get_origin(kind) is not Union and get_origin(kind) is not UnionType


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_examples_of_the_contract_are_read(route: Route) -> None:
    content = success(route)[1].get("content", {}).get(JSON, {})
    for example in examples(route.system, content):
        read = route.request.reader().validate_python(example)
        if isinstance(read, list):
            assert len(read) == (len(example) if isinstance(example, list) else 1)
        kinds = models_in(route.request.answer_type())
        if kinds and isinstance(example, list):
            assert all(isinstance(each, kinds[0]) and not each.model_extra for each in read)


def examples(system: str, content: dict[str, Any]) -> list[Any]:
    found = [content["example"]] if "example" in content else []
    for each in content.get("examples", {}).values():
        while "$ref" in each:
            each = contract(system)["components"]["examples"][each["$ref"].rsplit("/", 1)[1]]
        found.append(each["value"])
    return found


@pytest.mark.parametrize("route", [route for route in ROUTES if route.system == "unica-collaborate"], ids=name)
def test_a_list_that_may_be_empty_says_so(route: Route) -> None:
    missing = operation_of(route)[2]["responses"].get("404", {}).get("$ref", "")
    assert route.request.collection == missing.endswith("/NoResults")


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_the_docstring_names_its_source(route: Route) -> None:
    said = " ".join((route.request.__doc__ or "").split())
    operation = operation_of(route)[2]
    if evidence := operation.get("x-evidence"):
        assert "Source: Collaborate REST API 1" in said
        assert ("Inferred: " in said) or "inferred" not in evidence.values()
        assert ("a public client" in said) or "observed" not in evidence.values()
        return
    status = operation.get("x-doc-status")
    assert ("Inferred: " in said) or status == "documented"
    assert ("Source: " in said) or status == "inferred"
