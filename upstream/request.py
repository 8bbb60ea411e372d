"""Routes as typed data: one small class for each route, whose fields say where they travel.

    class RetireOffers(CampaignRequest[list[int]]):
        "Retire offers for good. Source: ..."

        method, path, operation, category = "POST", "/v1/offers/retire", "retireOffers", "offers-v1"
        offer_ids: Annotated[list[int], Form("offerids")]

The generic argument is the type of the answer. From these classes come the wire (`Request.wire`), the route table,
the contract test and the overrides of one installation (`Override`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, TypeAdapter

Answer = TypeVar("Answer")


class Risk(StrEnum):
    """What a request can do to the world outside. The last three need an approval (see `GUARDED`)."""

    READ = "read"
    WRITE = "write"
    CONSENT = "consent"
    REACHES_CUSTOMERS = "reaches_customers"
    DESTRUCTIVE = "destructive"


GUARDED = frozenset({Risk.CONSENT, Risk.REACHES_CUSTOMERS, Risk.DESTRUCTIVE})


@dataclass(frozen=True, slots=True)
class Api:
    """One web application of a campaign system: its name in the route list, and the path above all its routes."""

    name: str
    mount: str


Place = Literal["path", "query", "header", "form", "body", "part"]
Encoding = Literal["plain", "repeat", "bracket", "json"]


@dataclass(frozen=True, slots=True)
class At:
    """Where one field travels. `name` empty: the name of the field itself.

    Encodings: `plain` (one value), `repeat` (a list as name=a&name=b), `bracket` (a list as name=[a,b]),
    `json` (any value as JSON text).
    """

    place: Place
    name: str = ""
    encoding: Encoding = "plain"


def Path(name: str = "") -> At:
    return At("path", name)


def Query(name: str = "", encoding: Encoding = "plain") -> At:
    return At("query", name, encoding)


def Header(name: str) -> At:
    return At("header", name)


def Form(name: str = "", encoding: Encoding = "plain") -> At:
    return At("form", name, encoding)


def Body() -> At:
    """The field is the whole JSON body."""
    return At("body", "", "json")


@dataclass(frozen=True, slots=True)
class Override:
    """How one installation differs from the published pages for one route. Empty means: as published.

    `fields` maps a field of the request class (or its wire name) to where it travels instead.
    """

    method: str = ""
    path: str = ""
    fields: Mapping[str, At] = field(default_factory=dict)


@dataclass(slots=True)
class Wire:
    """A request in the form in which it leaves: `path` is encoded, values are text in the order of the fields."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    form: list[tuple[str, str]] | None = None
    content: bytes | None = None
    content_type: str = ""


class Request(BaseModel, Generic[Answer]):
    """One call of one route.

    A field that is None, or an empty list that is not required, does not travel. `targets` names the field with the
    ids of the objects that a guarded request acts on, and their kind, so that an approval can be held against them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    api: ClassVar[Api]
    method: ClassVar[str]
    path: ClassVar[str]
    operation: ClassVar[str]
    category: ClassVar[str]
    family: ClassVar[str] = ""
    """Routes that an installation has or lacks together, such as the offers of v1; empty: always there."""
    targets: ClassVar[tuple[str, str]] = ("", "")
    body_form: ClassVar[Literal["", "form", "json"]] = ""
    """The content type to send even when no field has a value; empty: only as the fields need it."""

    @classmethod
    @cache
    def places(cls) -> tuple[tuple[str, At], ...]:
        """Each field with where it travels, as published."""
        found = []
        for name, info in cls.model_fields.items():
            at = next((m for m in info.metadata if isinstance(m, At)), None)
            if at is None:
                raise TypeError(f"{cls.__name__}.{name} does not say where it travels")
            found.append((name, At(at.place, at.name or name, at.encoding)))
        return tuple(found)

    @classmethod
    @cache
    def reader(cls) -> TypeAdapter[Any]:
        """Reads the answer of the route into its type."""
        return TypeAdapter(cls.answer_type())

    @classmethod
    def answer_type(cls) -> Any:
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args")
            if arguments:
                return arguments[0]
        raise TypeError(f"{cls.__name__} does not say what it answers")

    @property
    def risk(self) -> Risk:
        """What this very request can do, from the one reviewed table."""
        from upstream.risk import risk_of

        return risk_of(self)

    def target_ids(self) -> frozenset[str]:
        """The objects that this request acts on, as `kind:id`."""
        kind, name = self.targets
        if not name:
            return frozenset()
        value = getattr(self, name)
        values = value if isinstance(value, list | tuple) else [value]
        return frozenset(f"{kind}:{each}" for each in values if each is not None)

    def wire(self, override: Override | None = None) -> Wire:
        """The request as it leaves, with the differences of this installation applied."""
        override = override or Override()
        wire = Wire(override.method or self.method, override.path or self.path)
        if self.body_form == "form":
            wire.form = []
        for name, published in self.places():
            at = override.fields.get(name) or override.fields.get(published.name) or published
            value = getattr(self, name)
            if value is None or (value == [] and at.place not in ("body", "path")):
                continue
            _PUT[at.place](wire, At(at.place, at.name or published.name, at.encoding), value)
        if wire.content is not None and not wire.form:
            wire.form = None
        return wire


def override_of(kind: type[Request[Any]], overrides: Mapping[str, Override]) -> Override | None:
    """The override of a route, given under its class name or its operation."""
    return overrides.get(kind.__name__) or overrides.get(kind.operation)


def _in_path(wire: Wire, at: At, value: Any) -> None:
    wire.path = wire.path.replace("{" + at.name + "}", quote(text(value), safe=""))


def _in_query(wire: Wire, at: At, value: Any) -> None:
    wire.query += _pairs(at, value)


def _in_header(wire: Wire, at: At, value: Any) -> None:
    wire.headers |= dict(_pairs(at, value))


def _in_form(wire: Wire, at: At, value: Any) -> None:
    wire.form = [*(wire.form or []), *_pairs(at, value)]


def _in_body(wire: Wire, at: At, value: Any) -> None:
    wire.content = json_text(value).encode()
    wire.content_type = "application/json"


_PUT: Mapping[str, Callable[[Wire, At, Any], None]] = {
    "path": _in_path,
    "query": _in_query,
    "header": _in_header,
    "form": _in_form,
    "body": _in_body,
}


def _pairs(at: At, value: Any) -> list[tuple[str, str]]:
    match at.encoding:
        case "json":
            return [(at.name, json_text(value))]
        case "repeat":
            return [(at.name, text(each)) for each in value]
        case "bracket":
            return [(at.name, "[" + ",".join(text(each) for each in value) + "]")]
        case _:
            return [(at.name, text(value))]


def text(value: Any) -> str:
    """One value as the systems write it: true and false in small letters, a moment as milliseconds since 1970."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(milliseconds(value))
    return str(value)


def json_text(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970; a moment without a zone is an error, for its meaning would depend on the machine."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return round(moment.astimezone(UTC).timestamp() * 1000)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {key: _plain(each) for key, each in value.model_dump(by_alias=True, exclude_unset=True).items()}
    if isinstance(value, datetime):
        return milliseconds(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
