"""Routes as typed data: one small class for each route, whose fields say where they travel.

    class RetireOffers(CampaignRequest[list[int]]):
        "Retire offers for good. Source: ..."

        method, path, operation, category = "POST", "/v1/offers/retire", "retireOffers", "offers-v1"
        offer_ids: Annotated[list[int], Form("offerids")]

The generic argument is the type of the answer. From these classes come the wire (`Request.wire`), the route table,
the contract test and the overrides of one installation (`Override`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from upstream.moment import Dates
from upstream.wire import At, Body, Form, Header, Matrix, Part, Path, Query, Text, Wire, put
from upstream.written import text

__all__ = [
    "GUARDED",
    "Answer",
    "Api",
    "At",
    "Body",
    "Confidence",
    "Form",
    "Header",
    "Matrix",
    "Operation",
    "Override",
    "Part",
    "Path",
    "Query",
    "Request",
    "Risk",
    "Text",
    "Variant",
    "Wire",
    "override_of",
]

Answer = TypeVar("Answer")
Confidence = Literal["", "documented", "observed", "inferred"]


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

    `busy_before_work`: a 429 is answered by a limiter before any work starts, so that it proves that nothing happened.
    `rights_by_401`: a 401 may also mean that the account lacks a right, not only that the token is dead.
    """

    name: str
    mount: str
    busy_before_work: bool = False
    rights_by_401: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """How one installation differs from the published pages for one route. Empty means: as published.

    `fields` maps a field of the request class (or its wire name) to where it travels instead.
    """

    method: str = ""
    path: str = ""
    fields: Mapping[str, At] = field(default_factory=dict)


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

    # A value that does not fit is no part of the error: it may be a person's, and errors get into logs.
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, defer_build=True, hide_input_in_errors=True
    )

    api: ClassVar[Api]
    method: ClassVar[str]
    path: ClassVar[str]
    operation: ClassVar[str]
    category: ClassVar[str]
    family: ClassVar[str] = ""
    """Routes that an installation has or lacks together, such as the offers of v1; empty: always there."""
    chooser: ClassVar[str] = ""
    variants: ClassVar[Mapping[str, Variant]] = {}
    belongs_to: ClassVar[str] = ""
    """The field that says whose objects are meant and names none of them. A query beside it narrows, it names none."""
    collection: ClassVar[bool] = False
    """Whether a 404 may mean that there is nothing to list."""
    targets: ClassVar[tuple[str, ...]] = ()
    most_bytes: ClassVar[int] = 512 * 1024 * 1024
    """Bytes of an answer at most, unpacked. 30,000 offers of the sandbox, with their attributes, are 144 MB."""
    body_form: ClassVar[Literal["", "form", "json"]] = ""
    """The content type to send even when no field has a value; empty: only as the fields need it."""
    styled: ClassVar[bool] = False
    """Whether the path begins with a category that an installation may lack or name otherwise (`upstream.styles`)."""
    right: ClassVar[str] = ""
    """The right that the account needs, where the system names its rights."""
    confidence: ClassVar[Confidence] = ""
    """How well the route is known, where the contract says it."""

    def cheap_read(self) -> Request[Any] | None:
        """A read of the same category, which shows in which style of paths an installation answers it.

        It names as little as can be of what may be unknown. None where the category has no such read.
        """
        return None

    def taken_back(self, answer: Answer) -> Request[Any] | None:
        """The request that deletes what this one has made, as the answer names it.

        None where the answer does not say what was made, and for all requests that make nothing or nothing that may be
        deleted unasked when a later step of the same call fails.
        """
        return None

    def secrets(self) -> tuple[str, ...]:
        """The texts in this request that no error may say again, should the system quote them."""
        return ()

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

    def wire(self, override: Override | None = None, dates: Dates | None = None) -> Wire:
        """The request as it leaves, with the differences of this installation applied.

        Raises Lossy where the way in which the installation writes dates can't hold a moment.
        """
        override = override or Override()
        wire = Wire(override.method or self.method, override.path or self.path, dates or Dates())
        if self.body_form == "form":
            wire.form = []
        for name, published in self.places():
            at = override.fields.get(name) or override.fields.get(published.name) or published
            value = getattr(self, name)
            if value is None or (value in ([], {}) and at.place not in ("body", "path")):
                continue
            put(wire, At(at.place, at.name or published.name, at.encoding), value)
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
