"""Reading a request the way its route says: each documented name to its value, or a refusal.

In strict mode everything the contract does not have is refused. In lenient mode unknown names are ignored, letter
case of names does not matter and ids may be separated by commas; values of a wrong type are refused all the same.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from sandbox import json_text, multipart
from sandbox.contract import COLLABORATE, FORM, JSON, MULTIPART, TEXT, Field, Operation, Schema
from sandbox.json_text import INT64_MAX, INT64_MIN
from sandbox.refusals import Refused
from sandbox.shape import Misshapen, Shapes

Arguments = Mapping[str, Any]
"""Values by documented name; a JSON body is under `body`. Absent fields are absent keys."""

BODY = "body"

_PATH_STATUS = {COLLABORATE: 404}
"""Contract of Collaborate, NotFound: also an id that is not a number."""

_LIMIT_STATUS = {COLLABORATE: 422}
"""Contract of Collaborate: 400 for what can't be parsed, 422 for what is understood and not acceptable."""


@dataclass(frozen=True)
class Request:
    """A request as it came; header names are lowercase, the path and query undecoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def without_header(self, name: str) -> Request:
        """The request as it comes through a proxy that drops a header."""
        return dataclasses.replace(self, headers={key: text for key, text in self.headers.items() if key != name})


class Reader:
    """Reads requests in strict or lenient mode; raises Refused, marked as a breach in strict mode.

    The status is 400, but for Collaborate 404 for a wrong id in the path and 422 for a value outside of its limits.
    """

    def __init__(self, schemas: Mapping[str, Schema], strict: bool) -> None:
        self._strict = strict
        self._shapes = Shapes(schemas, strict)

    def read(self, operation: Operation, request: Request, path_values: Mapping[str, str]) -> Arguments:
        """All values of a request, typed as the contract says."""
        values: dict[str, Any] = {}
        for field in operation.place("path"):
            if field.wire_name in path_values:
                try:
                    values[field.name] = self._value(field, path_values[field.wire_name])
                except Refused as refused:
                    raise self._refuse(refused.message, _PATH_STATUS.get(operation.system, 400)) from None
        self._pairs(operation, "query", self._decode(request.query, "query"), values)
        if operation.operation_id != "login":
            for field in operation.place("header"):
                text = request.headers.get(field.wire_name.lower())
                if text is not None:
                    values[field.name] = self._value(field, text)
                elif field.required:
                    raise self._refuse(f"the header {field.wire_name!r} is missing")
        self._body(operation, request, values)
        return values

    def _body(self, operation: Operation, request: Request, values: dict[str, Any]) -> None:
        media_type, _, parameters = request.headers.get("content-type", "").partition(";")
        media_type = media_type.strip().lower()
        if not operation.takes_body:
            if request.body:
                raise self._refuse("a body where the contract has none")
            return
        if not request.body and not (media_type == FORM and operation.has_form):
            if operation.body_required and not operation.has_form:
                raise self._refuse("the body is missing")
            if (operation.has_form and operation.json_body is None) or operation.body_required:
                self._pairs(operation, "form", [], values)
            return
        charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
        if charset and charset.group(1).lower() not in ("utf-8", "utf8"):
            raise self._refuse(f"the charset {charset.group(1)!r} is not UTF-8")
        if media_type == FORM and operation.has_form:
            try:
                text = request.body.decode("utf-8")
            except UnicodeDecodeError:
                raise self._refuse("the form is not UTF-8") from None
            self._pairs(operation, "form", self._decode(text, "form"), values)
        elif media_type == JSON and operation.json_body is not None:
            status = _LIMIT_STATUS.get(operation.system, 400)
            values[BODY] = self._json(operation.json_body, request.body, "body", status)
        elif media_type == MULTIPART and operation.has_parts:
            self._parts(operation, parameters, request.body, values)
        elif media_type == TEXT and operation.text_body is not None:
            try:
                values[BODY] = self._plain(operation.text_body, BODY, request.body.decode("utf-8"))
            except UnicodeDecodeError:
                raise self._refuse("the text is not UTF-8") from None
        else:
            known = {
                FORM: operation.has_form,
                JSON: operation.json_body is not None,
                MULTIPART: operation.has_parts,
                TEXT: operation.text_body is not None,
            }
            wanted = " or ".join(name for name, taken in known.items() if taken)
            raise self._refuse(f"the content type must be {wanted}, not {media_type[:80] or 'absent'}")

    def _parts(self, operation: Operation, parameters: str, body: bytes, values: dict[str, Any]) -> None:
        """Plain parts as their values, a file as the `multipart.Part` itself, repeated files as a list of them."""
        files = {self._spelling(field.wire_name): field for field in operation.place("file")}
        try:
            parts = multipart.read(parameters, body)
            texts = [(p.name, p.content.decode("utf-8")) for p in parts if self._spelling(p.name) not in files]
        except UnicodeDecodeError:
            raise self._refuse("a part is not UTF-8") from None
        except ValueError as error:
            raise self._refuse(f"the body is not multipart: {error}") from None
        for part in parts:
            field = files.get(self._spelling(part.name))
            if field is None:
                continue
            if not part.file_name:
                raise self._refuse(f"the part {part.name!r} has no file name")
            if field.schema.get("type") == "array":
                values.setdefault(field.name, []).append(part)
                continue
            if field.name in values:
                raise self._refuse(f"the part {part.name!r} is given more than once")
            values[field.name] = part
        missing = [field.wire_name for field in files.values() if field.required and field.name not in values]
        if missing:
            raise self._refuse(f"the part {missing[0]!r} is missing")
        self._pairs(operation, "part", texts, values)

    def _decode(self, text: str, place: str) -> list[tuple[str, str]]:
        try:
            return parse_qsl(text, keep_blank_values=True, errors="strict")
        except ValueError:
            raise self._refuse(f"the {place} is not UTF-8") from None

    def _pairs(self, operation: Operation, place: str, pairs: list[tuple[str, str]], values: dict[str, Any]) -> None:
        placed = operation.place(place)
        fields = {self._spelling(field.wire_name): field for field in placed if not field.open_ended}
        rest = next((field for field in placed if field.open_ended), None)
        given: dict[str, list[str]] = {}
        for name, text in pairs:
            if rest is not None and self._spelling(name) not in fields:
                if name in values.setdefault(rest.name, {}):
                    raise self._refuse(f"{name[:80]!r} is given more than once")
                values[rest.name][name] = text
                continue
            name = self._spelling(name)
            if name in fields:
                given.setdefault(name, []).append(text)
            elif self._strict:
                raise self._refuse(self._unknown(operation, place, name))
        for name, field in fields.items():
            if name in given:
                values[field.name] = self._values(field, given[name])
            elif field.required:
                raise self._refuse(f"the {place} field {field.wire_name!r} is missing")

    def _unknown(self, operation: Operation, place: str, name: str) -> str:
        elsewhere = [field.place for field in operation.fields if field.wire_name == name]
        if elsewhere:
            return f"{name!r} belongs into the {elsewhere[0]}, not into the {place}"
        return f"unknown {place} field {name[:80]!r}"

    def _values(self, field: Field, texts: list[str]) -> Any:
        schema = self._shapes.resolve(field.schema)
        if schema.get("type") == "array":
            items = self._shapes.resolve(schema.get("items", {}))
            if not self._strict and items.get("type") == "integer":
                texts = [part for text in texts for part in text.split(",")]
            return [self._plain(items, field.wire_name, text) for text in texts]
        if len(texts) > 1:
            raise self._refuse(f"{field.wire_name!r} is given {len(texts)} times")
        return self._value(field, texts[0])

    def _value(self, field: Field, text: str) -> Any:
        if field.content_schema is not None:
            return self._json(field.content_schema, text.encode("utf-8"), field.wire_name)
        if field.name == "sort":
            return self._sort(text)
        return self._plain(self._shapes.resolve(field.schema), field.wire_name, text)

    def _plain(self, schema: Schema, name: str, text: str) -> Any:
        value: Any = text
        if schema.get("type") == "integer":
            bare = text if self._strict else text.strip()
            if not re.fullmatch(r"-?[0-9]{1,19}", bare) or not INT64_MIN <= int(bare) <= INT64_MAX:
                raise self._refuse(f"{name!r} must be a whole number of 64 bits, not {text[:40]!r}")
            value = int(bare)
        elif schema.get("type") == "boolean":
            bare = text if self._strict else text.strip().lower()
            if bare not in ("true", "false"):
                raise self._refuse(f"{name!r} must be true or false, not {text[:40]!r}")
            value = bare == "true"
        if "pattern" in schema and not re.fullmatch(schema["pattern"], text, re.ASCII):
            raise self._refuse(f"{name!r} does not look like {schema['pattern']}")
        if schema.get("format") == "date" and not _is_day(text):
            raise self._refuse(f"{name!r} must be a day such as 2026-11-20, not {text[:40]!r}")
        try:
            return self._shapes.read(schema, value, name)
        except Misshapen as error:
            raise self._refuse(str(error)) from None

    def _sort(self, text: str) -> str:
        """Contract: `-field` or `%2Bfield`. A bare plus sign arrives as a space."""
        if text.startswith(" ") and not self._strict:
            return "+" + text[1:]
        if text.startswith(" "):
            raise self._refuse("'sort' begins with a space: the plus sign has to be encoded as %2B")
        if not text.startswith(("-", "+")) and self._strict:
            raise self._refuse("'sort' needs a field name after - or an encoded +")
        return text

    def _json(self, schema: Schema, data: bytes, where: str, limit_status: int = 400) -> Any:
        try:
            return self._shapes.read(schema, json_text.parse(data.decode("utf-8")), where)
        except Misshapen as error:
            raise self._refuse(str(error), limit_status if error.limit else 400) from None
        except ValueError as error:
            raise self._refuse(f"{where} is not valid JSON: {error}") from None

    def _spelling(self, name: str) -> str:
        return name if self._strict else name.lower()

    def _refuse(self, message: str, status: int = 400) -> Refused:
        return Refused(status, message, code="INVALID_REQUEST", breach=self._strict)


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
