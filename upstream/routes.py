"""The table of routes, drawn from the request classes, and the check of an installation's overrides against it.

The modules of the categories are imported when the table is first asked for, not before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, get_args

from upstream.request import At, Encoding, Override, Place, Request, Risk
from upstream.risk import rule_of

_MODULES = (
    "upstream.platform",
    "upstream.campaign.attributes",
    "upstream.campaign.campaigns",
    "upstream.campaign.offers",
    "upstream.campaign.offers_v2",
    "upstream.campaign.offer_lists",
    "upstream.campaign.target_cells",
)

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PLACES = tuple(place for place in get_args(Place) if place != "part")
_ENCODINGS = get_args(Encoding)


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table. `risk` is the usual one; `worst` differs in the case that `worst_when` says."""

    system: str
    category: str
    method: str
    path: str
    operation: str
    request: type[Request[Any]]
    risk: Risk
    worst: Risk
    worst_when: str


def routes() -> list[Route]:
    """Every route that has a request class, by category. Imports all of them, so it costs some milliseconds once."""
    found = []
    for name in _MODULES:
        for each in vars(import_module(name)).values():
            if isinstance(each, type) and issubclass(each, Request) and each.__module__ == name and _is_route(each):
                found.append(_row(each))
    return found


def find(name: str) -> Route:
    """The route of that class name or operation id, in any case.

    Raises:
        ValueError: there is none; the text has the nearest names.
    """
    table = routes()
    for route in table:
        if name.casefold() in (route.request.__name__.casefold(), route.operation.casefold()):
            return route
    raise ValueError(_unknown("route", name, (route.request.__name__ for route in table)))


def check_override(name: str, settings: Mapping[str, Any]) -> Override:
    """Read the override of one route, as settings have it, and hold it against the request class.

    `settings` may have `method`, `path` and `fields`. A field is named as in the class or on the wire; what it gets
    is its new wire name, or a table of `name`, `place` (path, query, header, form, body) and `encoding` (plain,
    repeat, bracket, json). What is left out stays as published.

    Raises:
        ValueError: an unknown route, key, field, place, encoding or verb (with the nearest names), or a request that
            could not be sent that way, such as a path without the place for a field that travels in it.
    """
    route = find(name)
    where = f"routes.{route.request.__name__}"
    _known_keys(where, settings, ("method", "path", "fields"))
    method = _one_of(where, "verb", str(settings.get("method", "")).upper(), ("", *_VERBS))
    published = dict(route.request.places())
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
    _can_be_sent(where, route, override, published | fields)
    return override


def overrides(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Override]:
    """Operation id -> override, for all overrides of one system. Raises ValueError as `check_override` does."""
    read: dict[str, Override] = {}
    for name, each in settings.items():
        operation = find(name).operation
        if operation in read:
            raise ValueError(f"routes.{name}: the route {operation} has two overrides.")
        read[operation] = check_override(name, each)
    return read


def _is_route(request: type[Request[Any]]) -> bool:
    return "operation" in vars(request)


def _row(request: type[Request[Any]]) -> Route:
    rule = rule_of(request)
    return Route(
        request.api.name,
        request.category,
        request.method,
        request.path,
        request.operation,
        request,
        rule.usual,
        rule.worst or rule.usual,
        rule.worst_when,
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
    place = _one_of(where, "place", str(table.get("place", published.place)), _PLACES)
    encoding = _one_of(where, "encoding", str(table.get("encoding", published.encoding)), _ENCODINGS)
    if place == "body":
        encoding = "json"
    elif published.place == "body" and not table.get("name"):
        raise ValueError(f"{where}: {field} was the whole body; say the `name` under which it travels now.")
    if encoding == "plain" and published.encoding != "plain":
        raise ValueError(f"{where}: {field} is not a single value; its encoding is repeat, bracket or json.")
    if encoding in ("repeat", "bracket") and published.encoding == "plain":
        raise ValueError(f"{where}: {field} is a single value; its encoding is plain or json.")
    return At(place, str(table.get("name", "")) or published.name, encoding)


def _can_be_sent(where: str, route: Route, override: Override, places: Mapping[str, At]) -> None:
    path, method = override.path or route.path, override.method or route.method
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
    if {"form", "body"} <= used:
        raise ValueError(f"{where}: a request has a form or a JSON body, not both; move the other fields too.")
    if method == "GET" and used & {"form", "body"}:
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
