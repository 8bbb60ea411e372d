"""Where the fields of a request travel, and the request in the form in which it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from upstream.moment import Dates
from upstream.parts import Upload
from upstream.written import json_text, text

Place = Literal["path", "matrix", "query", "header", "form", "body", "part"]
Encoding = Literal["plain", "reference", "repeat", "bracket", "spread", "json", "file"]


@dataclass(frozen=True, slots=True)
class At:
    """Where one field travels. `name` empty: the name of the field itself.

    Encodings: `plain` (one value), `reference` (one value in a path, or name=value, whose first equals sign stays as it
    is), `repeat` (a list as name=a&name=b), `bracket` (a list as name=[a,b]), `spread` (a mapping, each entry under its
    own name), `json` (any value as JSON text), `file` (an `Upload` or a list of them, which only a part can carry).
    """

    place: Place
    name: str = ""
    encoding: Encoding = "plain"


def Path(name: str = "", encoding: Literal["plain", "reference"] = "plain") -> At:
    return At("path", name, encoding)


def Matrix(name: str) -> At:
    """The field is a matrix parameter of the last segment of the path, as in `/segmentation/Level;category=Gold`."""
    return At("matrix", name)


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


def Text() -> At:
    """The field is the whole body, as plain text."""
    return At("body", "", "plain")


@dataclass(slots=True)
class Wire:
    """A request in the form in which it leaves: `path` is encoded, values are text in the order of the fields.

    `dates` writes the moments in JSON.
    """

    method: str
    path: str
    dates: Dates = field(default_factory=Dates, repr=False)
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    form: list[tuple[str, str]] | None = None
    parts: list[tuple[str, str | Upload]] | None = None
    content: bytes | None = None
    content_type: str = ""


def put(wire: Wire, at: At, value: Any) -> None:
    """Write one value into a request."""
    _PUT[at.place](wire, at, value)


def _in_path(wire: Wire, at: At, value: Any) -> None:
    written = text(value)
    name, equals, rest = written.partition("=") if at.encoding == "reference" else ("", "", written)
    wire.path = wire.path.replace("{" + at.name + "}", quote(name, safe="") + equals + quote(rest, safe=""))


def _in_matrix(wire: Wire, at: At, value: Any) -> None:
    wire.path += f";{at.name}={quote(text(value), safe='')}"


def _in_query(wire: Wire, at: At, value: Any) -> None:
    wire.query += _pairs(wire, at, value)


def _in_header(wire: Wire, at: At, value: Any) -> None:
    wire.headers |= dict(_pairs(wire, at, value))


def _in_form(wire: Wire, at: At, value: Any) -> None:
    wire.form = [*(wire.form or []), *_pairs(wire, at, value)]


def _in_part(wire: Wire, at: At, value: Any) -> None:
    carried: list[tuple[str, str | Upload]]
    match at.encoding:
        case "file":
            carried = [(at.name, each) for each in (value if isinstance(value, list | tuple) else [value])]
        case "json":
            # A server that reads a part into an object goes by the media type of the part.
            carried = [(at.name, Upload("", json_text(value, wire.dates).encode(), "application/json"))]
        case _:
            carried = [*_pairs(wire, at, value)]
    wire.parts = [*(wire.parts or []), *carried]


def _in_body(wire: Wire, at: At, value: Any) -> None:
    if at.encoding == "plain":
        wire.content, wire.content_type = text(value).encode(), "text/plain; charset=UTF-8"
    else:
        wire.content, wire.content_type = json_text(value, wire.dates).encode(), "application/json"


_PUT: Mapping[str, Callable[[Wire, At, Any], None]] = {
    "path": _in_path,
    "matrix": _in_matrix,
    "query": _in_query,
    "header": _in_header,
    "form": _in_form,
    "part": _in_part,
    "body": _in_body,
}


def _pairs(wire: Wire, at: At, value: Any) -> list[tuple[str, str]]:
    match at.encoding:
        case "json":
            return [(at.name, json_text(value, wire.dates))]
        case "repeat":
            return [(at.name, text(each)) for each in value]
        case "bracket":
            return [(at.name, "[" + ",".join(text(each) for each in value) + "]")]
        case "spread":
            return [(name, text(each)) for name, each in value.items()]
        case _:
            return [(at.name, text(value))]
