"""Comparing JSON values with the schemas of a contract.

Only what the contracts use is understood: type, properties, required, items, enum, const, anyOf, allOf, minLength,
maxLength, minimum, maximum, minProperties, schemas of additionalProperties and `$ref` to a named schema. The contracts
leave most objects open (`additionalProperties: true`) because the real fields are partly unknown; for a request that
would hide every misspelt key, so strict checking closes each object that lists its properties. Four stay open: the
contract names only the beginning of the bean JavaCalendar, says that unknown keys of FolderInput are ignored, and
describes most of Etl and CustomActionWrite in words alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.contract import Schema
from sandbox.json_text import INT64_MAX, INT64_MIN

_OPEN = frozenset({"JavaCalendar", "FolderInput", "Etl", "CustomActionWrite"})


class Misshapen(ValueError):
    """A value does not fit its schema; the text says where and why.

    `limit` is True for a value of the right type that lies outside of what the schema allows.
    """

    def __init__(self, where: str, reason: str, *, limit: bool = False) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.limit = limit


class Shapes:
    """Checks values against schemas; with `strict` unknown keys are refused, else dropped and letter case ignored."""

    def __init__(self, schemas: Mapping[str, Schema], strict: bool) -> None:
        self._schemas = schemas
        self._strict = strict

    def read(self, schema: Schema, value: Any, where: str) -> Any:
        """The value, with the documented spelling of its keys; raises Misshapen."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return self._by_type(self._schemas[name], value, where, closed=name not in _OPEN)
        return self._by_type(schema, value, where, closed=True)

    def resolve(self, schema: Schema) -> Schema:
        """The schema itself, or the named one it refers to."""
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def _by_type(self, schema: Schema, value: Any, where: str, closed: bool) -> Any:
        for part in schema.get("allOf", ()):
            value = self.read(part, value, where)
        if "anyOf" in schema:
            return self._any_of(schema["anyOf"], value, where)
        declared = schema.get("type")
        if declared is None:
            return value
        types = [declared] if isinstance(declared, str) else list(declared)
        for name in types:
            if _is_type(value, name):
                break
        else:
            raise Misshapen(where, f"must be {' or '.join(types)}, not {_type_name(value)}")
        if isinstance(value, dict):
            return self._object(schema, value, where, closed)
        if isinstance(value, list):
            return [
                self.read(schema.get("items", {}), item, f"{where}[{position}]") for position, item in enumerate(value)
            ]
        return _limits(schema, int(value) if name == "integer" else value, where)

    def _any_of(self, schemas: list[Schema], value: Any, where: str) -> Any:
        deepest: Misshapen | None = None
        for schema in schemas:
            try:
                return self.read(schema, value, where)
            except Misshapen as error:
                if deepest is None or len(error.where) > len(deepest.where):
                    deepest = error
        assert deepest is not None
        raise Misshapen(where, f"fits none of the {len(schemas)} documented forms ({deepest})")

    def _object(self, schema: Schema, value: dict[str, Any], where: str, closed: bool) -> dict[str, Any]:
        properties: Mapping[str, Schema] = schema.get("properties", {})
        spelling = {} if self._strict else {name.lower(): name for name in properties}
        result: dict[str, Any] = {}
        for key, item in value.items():
            name = spelling.get(key.lower(), key)
            if name in properties:
                result[name] = self.read(properties[name], item, f"{where}.{name}")
            elif not properties or not closed:
                more = schema.get("additionalProperties")
                result[key] = self.read(more, item, f"{where}.{key}") if isinstance(more, Mapping) else item
            elif self._strict:
                raise Misshapen(where, f"unknown key {key!r}")
        for name in schema.get("required", ()):
            if name not in result:
                raise Misshapen(where, f"the key {name!r} is missing")
        if len(value) < schema.get("minProperties", 0):
            raise Misshapen(where, "is empty", limit=True)
        return result


def _is_type(value: Any, name: str) -> bool:
    match name:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return not isinstance(value, bool) and (
                isinstance(value, int)
                or (isinstance(value, float) and value.is_integer() and INT64_MIN <= value < INT64_MAX)
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)


def _limits(schema: Schema, value: Any, where: str) -> Any:
    if "enum" in schema and value not in schema["enum"]:
        raise Misshapen(where, f"must be one of {', '.join(map(str, schema['enum']))}", limit=True)
    if "const" in schema and value != schema["const"]:
        raise Misshapen(where, f"must be {schema['const']}", limit=True)
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        raise Misshapen(where, f"longer than {schema['maxLength']} characters", limit=True)
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        raise Misshapen(where, "must not be empty", limit=True)
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        raise Misshapen(where, f"less than {schema['minimum']}", limit=True)
    if isinstance(value, int | float) and value > schema.get("maximum", value):
        raise Misshapen(where, f"more than {schema['maximum']}", limit=True)
    return value


def _type_name(value: Any) -> str:
    for name in ("null", "boolean", "integer", "number", "string", "array"):
        if _is_type(value, name):
            return name
    return "object"
