"""Routes as typed data: one small class for each route, whose fields say where they travel.

    class RetireOffers(CampaignRequest[list[int]]):
        "Retire offers for good. Source: ..."

        method, path, operation, category = "POST", "/v1/offers/retire", "retireOffers", "offers-v1"
        offer_ids: Annotated[list[int], Form("offerids")]

The generic argument is the type of the answer. From these classes come the wire (`Request.wire`), the route table,
the contract test and the overrides of one installation (`Override`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, TypeAdapter

from upstream.parts import Upload
from upstream.written import json_text, text

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
    """One web application of a campaign system: its name in the route list, and the path above all its routes.

    `rights_by_401`: a 401 may also mean that the account lacks a right, not only that the token is dead.
    """

    name: str
    mount: str
    rights_by_401: bool = False


Place = Literal["path", "query", "header", "form", "body", "part"]
Encoding = Literal["plain", "repeat", "bracket", "json", "file"]


@dataclass(frozen=True, slots=True)
class At:
    """Where one field travels. `name` empty: the name of the field itself.

    Encodings: `plain` (one value), `repeat` (a list as name=a&name=b), `bracket` (a list as name=[a,b]),
    `json` (any value as JSON text), `file` (an `Upload`, which only a part can carry).
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


def Part(name: str = "", encoding: Encoding = "plain") -> At:
    """The field is one part of a multipart body."""
    return At("part", name, encoding)


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
    parts: list[tuple[str, str | Upload]] | None = None
    content: bytes | None = None
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several operations that a class stands for: the word in its operation id, its category, its target."""

    noun: str
    category: str
    target: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a contract, and the value of the field that chooses it (see `Request.chooser`)."""

    name: str
    path: str
    category: str
    choice: str = ""


class Request(BaseModel, Generic[Answer]):
    """One call of one route.

    A field that is None, or an empty list that is not required, does not travel. `targets` names the kind of object
    that a guarded request acts on and the field with the ids, so that an approval can be held against them; several
    fields name one object together, as in `row:1000115/7`.

    A class may stand for several operations that differ in one segment of the path alone: `chooser` is the field that
    holds the segment, `variants` has its values, and `{chooser}` in `operation` and in the kind of `targets` is filled
    from the variant. `operation_id` is then the operation of one request, `operations()` has all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    api: ClassVar[Api]
    method: ClassVar[str]
    path: ClassVar[str]
    operation: ClassVar[str]
    category: ClassVar[str]
    family: ClassVar[str] = ""
    """Routes that an installation has or lacks together, such as the offers of v1; empty: always there."""
    chooser: ClassVar[str] = ""
    variants: ClassVar[Mapping[str, Variant]] = {}
    collection: ClassVar[bool] = False
    """Whether a 404 may mean that there is nothing to list."""
    targets: ClassVar[tuple[str, ...]] = ()
    most_bytes: ClassVar[int] = 512 * 1024 * 1024
    """Bytes of an answer at most, unpacked. 30,000 offers of the sandbox, with their attributes, are 144 MB."""
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

    @classmethod
    def operations(cls) -> tuple[Operation, ...]:
        """What the class stands for: one operation, or one for each variant."""
        if not cls.variants:
            return (Operation(cls.operation, cls.path, cls.category),)
        hole = "{" + cls.chooser + "}"
        return tuple(
            Operation(cls.operation.replace(hole, each.noun), cls.path.replace(hole, choice), each.category, choice)
            for choice, each in cls.variants.items()
        )

    @property
    def operation_id(self) -> str:
        """The operation of this very request."""
        return self._filled(self.operation, "noun")

    @property
    def risk(self) -> Risk:
        """What this very request can do, from the one reviewed table."""
        from upstream.risk import risk_of

        return risk_of(self)

    def target_ids(self) -> frozenset[str]:
        """The objects that this request acts on, as `kind:id`."""
        kind, *names = self.targets or ("",)
        if not names:
            return frozenset()
        values = [getattr(self, name) for name in names]
        if len(values) > 1:
            values = ["/".join(text(each) for each in values)]
        elif isinstance(values[0], list | tuple):
            values = list(values[0])
        return frozenset(f"{self._filled(kind, 'target')}:{each}" for each in values if each is not None)

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

    def _filled(self, pattern: str, what: Literal["noun", "target"]) -> str:
        if not self.variants:
            return pattern
        return pattern.replace("{" + self.chooser + "}", getattr(self.variants[getattr(self, self.chooser)], what))


def override_of(request: Request[Any] | type[Request[Any]], overrides: Mapping[str, Override]) -> Override | None:
    """The override of a route, given under its operation or its class name."""
    kind, operation = (
        (request, request.operation) if isinstance(request, type) else (type(request), request.operation_id)
    )
    return overrides.get(operation) or overrides.get(kind.__name__)


def _in_path(wire: Wire, at: At, value: Any) -> None:
    wire.path = wire.path.replace("{" + at.name + "}", quote(text(value), safe=""))


def _in_query(wire: Wire, at: At, value: Any) -> None:
    wire.query += _pairs(at, value)


def _in_header(wire: Wire, at: At, value: Any) -> None:
    wire.headers |= dict(_pairs(at, value))


def _in_form(wire: Wire, at: At, value: Any) -> None:
    wire.form = [*(wire.form or []), *_pairs(at, value)]


def _in_part(wire: Wire, at: At, value: Any) -> None:
    carried = [(at.name, value)] if at.encoding == "file" else _pairs(at, value)
    wire.parts = [*(wire.parts or []), *carried]


def _in_body(wire: Wire, at: At, value: Any) -> None:
    wire.content = json_text(value).encode()
    wire.content_type = "application/json"


_PUT: Mapping[str, Callable[[Wire, At, Any], None]] = {
    "path": _in_path,
    "query": _in_query,
    "header": _in_header,
    "form": _in_form,
    "part": _in_part,
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
