"""The table of routes, drawn from the request classes, and the check of an installation's overrides against it.

The modules of the categories are imported when the table is first asked for, not before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, get_args

from upstream.request import At, Confidence, Operation, Override, Request, Risk
from upstream.risk import rule_of
from upstream.wire import Encoding, Place

_MODULES = (
    "upstream.platform",
    "upstream.campaign.attributes",
    "upstream.campaign.campaigns",
    "upstream.campaign.offers",
    "upstream.campaign.offers_v2",
    "upstream.campaign.offer_lists",
    "upstream.campaign.target_cells",
    "upstream.collaborate.templates",
    "upstream.collaborate.folders",
    "upstream.collaborate.forms",
    "upstream.collaborate.projects",
    "upstream.collaborate.project_forms",
    "upstream.collaborate.workflow",
    "upstream.collaborate.recurrence",
    "upstream.collaborate.attachments",
    "upstream.actito.token",
    "upstream.actito.entities",
    "upstream.actito.profile_tables",
    "upstream.actito.custom_tables",
    "upstream.actito.profiles",
    "upstream.actito.subscriptions",
    "upstream.actito.segmentations",
    "upstream.actito.records",
    "upstream.actito.imports",
    "upstream.actito.emails",
    "upstream.actito.messages",
    "upstream.actito.scenarios",
    "upstream.actito.custom_actions",
    "upstream.actito.webhooks",
    "upstream.actito.forms",
)

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PLACES = tuple(place for place in get_args(Place) if place not in ("part", "matrix"))
_ENCODINGS = tuple(encoding for encoding in get_args(Encoding) if encoding not in ("file", "reference", "spread"))


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table. `risk` is the usual one; `worst` differs in the cases that `worst_when` says.

    `choice` is what makes the request class stand for this operation, such as {"kind": "lists"}; usually empty.
    `confidence` tells how well the route is known, where its contract does.
    """

    system: str
    category: str
    method: str
    path: str
    operation: str
    request: type[Request[Any]]
    risk: Risk
    worst: Risk
    worst_when: str
    choice: Mapping[str, str]
    confidence: Confidence = ""


def routes() -> list[Route]:
    """Every route that has a request class, by category. Imports all of them, so it costs some milliseconds once."""
    return [_row(each, operation) for each in requests() for operation in each.operations()]


def requests() -> Iterator[type[Request[Any]]]:
    """The class of every route, in the order of the modules."""
    for name in _MODULES:
        for each in vars(import_module(name)).values():
            if isinstance(each, type) and issubclass(each, Request) and each.__module__ == name and _is_route(each):
                yield each


def find(name: str) -> Route:
    """The route of that class name or operation id, in any case; of a class with several operations the first.

    Raises:
        ValueError: there is none; the text has the nearest names.
    """
    return _called(name)[0]


def _called(name: str, system: str = "") -> list[Route]:
    """The routes that a name stands for: all of a class, or one by its operation. Raises as `find` does.

    `system` is that of a session, such as `unica`, whose applications are systems of the table; empty means any.
    """
    table = [each for each in routes() if system in ("", each.system, each.system.partition("-")[0])]
    found = [each for each in table if name.casefold() == each.operation.casefold()] or [
        each for each in table if name.casefold() == each.request.__name__.casefold()
    ]
    if not found:
        raise ValueError(_unknown("route", name, dict.fromkeys(route.request.__name__ for route in table)))
    return found


def check_override(name: str, settings: Mapping[str, Any], system: str = "") -> Override:
    """Read the override of one route, as settings have it, and hold it against the request class.

    `settings` may have `method`, `path` and `fields`. A field is named as in the class or on the wire; what it gets
    is its new wire name, or a table of `name`, `place` (path, query, header, form, body) and `encoding` (plain,
    repeat, bracket, json). What is left out stays as published. A class that stands for several operations is
    overridden for all of them, its path with the place for what chooses, such as {kind}; an operation for itself.
    `system` is the one whose settings these are, such as `unica`; without it routes of all systems are known.

    Raises:
        ValueError: an unknown route, key, field, place, encoding or verb (with the nearest names), or a request that
            could not be sent that way, such as a path without the place for a field that travels in it.
    """
    route, *others = _called(name, system)
    where = f"routes.{route.operation if route.choice and not others else route.request.__name__}"
    _known_keys(where, settings, ("method", "path", "fields"))
    method = _one_of(where, "verb", str(settings.get("method", "")).upper(), ("", *_VERBS))
    places = dict(route.request.places())
    published = {field: at for field, at in places.items() if field not in route.choice}
    wanted = settings.get("fields", {})
    if not isinstance(wanted, Mapping):
        raise ValueError(f"{where}.fields: a table of fields is expected.")
    fields = {}
    for key, value in wanted.items():
        field = _field(where, key, published)
        if field in fields:
            raise ValueError(f"{where}.fields: {key!r} and another key name the same field.")
        fields[field] = _read_at(f"{where}.fields.{key}", value, published[field], field)
    override = Override(method, str(settings.get("path", "")), fields)
    path = override.path or route.request.path
    chosen = {field: at for field, at in places.items() if field in route.choice and (others or f"{{{field}}}" in path)}
    _can_be_sent(where, override.method or route.method, path, chosen | published | fields)
    return override


def overrides(settings: Mapping[str, Mapping[str, Any]], system: str = "") -> dict[str, Override]:
    """Operation id -> override, for all overrides of one system. Raises ValueError as `check_override` does."""
    read: dict[str, Override] = {}
    for name, each in settings.items():
        override = check_override(name, each, system)
        for route in _called(name, system):
            if route.operation in read:
                raise ValueError(f"routes.{name}: the route {route.operation} has two overrides.")
            read[route.operation] = override
    return read


def _is_route(request: type[Request[Any]]) -> bool:
    return "operation" in vars(request)


def _row(request: type[Request[Any]], operation: Operation) -> Route:
    rule = rule_of(request)
    return Route(
        request.api.name,
        operation.category,
        request.method,
        operation.path,
        operation.name,
        request,
        rule.usual,
        rule.worst,
        rule.worst_when,
        {request.chooser: operation.choice} if operation.choice else {},
        request.confidence,
    )


def _field(where: str, key: str, published: Mapping[str, At]) -> str:
    for field, at in published.items():
        if key in (field, at.name):
            return field
    raise ValueError(_unknown(f"{where}.fields: field", key, [*published, *(at.name for at in published.values())]))


def _read_at(where: str, value: object, published: At, field: str) -> At:
    table = {"name": value} if isinstance(value, str) else value
    if not isinstance(table, Mapping):
        raise ValueError(f"{where}: a wire name, or a table of name, place and encoding, is expected.")
    _known_keys(where, table, ("name", "place", "encoding"))
    places = (*_PLACES, published.place) if published.place in ("part", "matrix") else _PLACES
    place = _one_of(where, "place", str(table.get("place", published.place)), places)
    if published.encoding == "file":
        if place != "part" or "encoding" in table:
            raise ValueError(f"{where}: {field} is a file; it travels as a part, and only its name can differ.")
        return At("part", str(table.get("name", "")) or published.name, "file")
    encodings = dict.fromkeys((*_ENCODINGS, published.encoding))
    encoding = _one_of(where, "encoding", str(table.get("encoding", published.encoding)), tuple(encodings))
    if encoding == "reference" and place != "path":
        encoding = "plain"
    if place == "body":
        encoding = published.encoding if published.place == "body" else "json"
    elif published.place == "body" and not table.get("name"):
        raise ValueError(f"{where}: {field} was the whole body; say the `name` under which it travels now.")
    if encoding == "plain" and published.encoding not in ("plain", "reference"):
        raise ValueError(f"{where}: {field} is not a single value; its encoding is repeat, bracket or json.")
    if encoding in ("repeat", "bracket") and published.encoding in ("plain", "reference"):
        raise ValueError(f"{where}: {field} is a single value; its encoding is plain or json.")
    return At(place, str(table.get("name", "")) or published.name, encoding)


def _can_be_sent(where: str, method: str, path: str, places: Mapping[str, At]) -> None:
    if not path.startswith("/"):
        raise ValueError(f"{where}.path: {path!r} has to begin with a slash.")
    in_path = {at.name for at in places.values() if at.place == "path"}
    holes = set(re.findall(r"{([^{}]*)}", path))
    if holes != in_path:
        odd = ", ".join(sorted(holes ^ in_path))
        raise ValueError(
            f"{where}: path and fields do not fit ({odd}): each field in the path needs its {{name}} there."
        )
    taken = [(at.place, "" if at.place == "body" else at.name) for at in places.values()]
    for place, name in taken:
        if taken.count((place, name)) > 1:
            raise ValueError(f"{where}: two fields would travel in the {place} under the same name {name!r}.")
    used = {place for place, _ in taken}
    if len(used & {"form", "body", "part"}) > 1:
        raise ValueError(f"{where}: a request has a form, a JSON body or parts, not two; move the other fields too.")
    if method == "GET" and used & {"form", "body", "part"}:
        raise ValueError(f"{where}: a GET carries no form or body; move its fields to the query.")


def _known_keys(where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise ValueError(_unknown(f"{where}: key", key, known))


def _one_of(where: str, what: str, value: str, known: tuple[Any, ...]) -> Any:
    if value not in known:
        raise ValueError(_unknown(f"{where}: {what}", value, known))
    return value


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    """`known` in order; compared without regard to case, so that a name with small letters finds its own."""
    names = {each.casefold(): each for each in known if each}
    near = get_close_matches(name.casefold(), names, n=3, cutoff=0.5)
    hint = f"nearest: {', '.join(names[each] for each in near)}" if near else f"there are: {', '.join(names.values())}"
    return f"{what} {name!r} is unknown; {hint}."
