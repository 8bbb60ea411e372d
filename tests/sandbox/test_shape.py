"""Comparing values with schemas, and what JSON is let through at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from sandbox import json_text
from sandbox.shape import Misshapen, Shapes

NAMED = {
    "Point": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}, "required": ["x"]},
    "JavaCalendar": {"type": "object", "properties": {"time": {"type": "integer"}}},
}
POINT = {"$ref": "#/components/schemas/Point"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (POINT, {"x": 1, "y": 2}),
        ({"type": "array", "items": POINT}, [{"x": 1}]),
        ({"type": ["string", "null"]}, None),
        ({"anyOf": [{"type": "integer"}, POINT]}, {"x": 1}),
        ({"allOf": [POINT]}, {"x": 1}),
        ({"$ref": "#/components/schemas/JavaCalendar"}, {"time": 1, "zone": "x"}),
        ({}, {"anything": [1, None]}),
        ({"type": "object"}, {"free": 1}),
        ({"type": "string", "const": "HTML"}, "HTML"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, {"a": True, "b": False}),
    ],
)
def test_values_that_fit(schema, value):
    assert Shapes(NAMED, strict=True).read(schema, value, "v") == value


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        (POINT, {"y": 1}, "v: the key 'x' is missing"),
        (POINT, {"x": 1, "z": 1}, "v: unknown key 'z'"),
        (POINT, {"x": True}, "v.x: must be integer, not boolean"),
        (POINT, {"x": 1.5}, "v.x: must be integer, not number"),
        ({"type": "array", "items": POINT}, [{"x": 1}, 5], r"v\[1\]: must be object, not integer"),
        ({"anyOf": [{"type": "integer"}, POINT]}, {"x": "a"}, "none of the 2 documented forms .*v.x"),
        ({"type": "string", "enum": ["a"]}, "b", "one of a"),
        ({"type": "string", "maxLength": 2}, "abc", "longer than 2"),
        ({"type": "string", "const": "HTML"}, "TEXT", "must be HTML"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, {"a": 1}, "v.a: must be boolean"),
        ({"type": "integer", "minimum": 1}, 0, "less than 1"),
    ],
)
def test_values_that_do_not_fit(schema, value, message):
    with pytest.raises(Misshapen, match=message):
        Shapes(NAMED, strict=True).read(schema, value, "v")


def test_whole_decimals_are_integers():
    read = Shapes(NAMED, strict=True).read({"type": "integer"}, 5.0, "v")
    assert (read, type(read)) == (5, int)


def test_lenient_shapes_drop_unknown_keys_and_mend_the_case():
    assert Shapes(NAMED, strict=False).read(POINT, {"X": 1, "z": 2}, "v") == {"x": 1}


@pytest.mark.parametrize("text", ["", "{", "NaN", "-Infinity", "1e400", "9" * 30, '"\\ud800"', "[" * 100 + "]" * 100])
def test_json_that_is_not_let_through(text):
    with pytest.raises(ValueError, match=r".+"):
        json_text.parse(text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    strategies.none()
    | strategies.booleans()
    | strategies.integers(-(2**63), 2**63 - 1)
    | strategies.text()
    | strategies.floats(allow_nan=False, allow_infinity=False)
    | strategies.lists(strategies.integers(0, 9))
)
def test_fast_scalars_are_the_same_json(value):
    assert json.loads(json_text.scalar(value)) == value
