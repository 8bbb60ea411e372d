"""What profiles are searched for: which conditions Actito is asked, and which are checked among what it answers.

Actito can be asked whether an attribute has a value; v5 for several attributes at once and for empty ones, v4 for one.
Anything else (lists, comparisons, `*`, moments, opt-ins, segments) is checked here. The grammar of either version is
not documented, so that what was asked is checked once more: a search that ignores it would answer anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tools import columns
from tools.actito.table_structure import Attribute, Table
from tools.actito.values import checked, listed
from tools.errors import BadArgument
from tools.nearest import nearest, spelt
from upstream.actito.segments import reference
from upstream.written import text


@dataclass(frozen=True)
class Conditions:
    """All conditions of a search by the name that the table knows; `holds` checks them among `values` of a profile.

    `equal` and `empty` are those that v5 can be asked, the value as text; `best` is the one that v4 is asked, or none.
    """

    wanted: Mapping[str, Any]
    equal: Mapping[str, str]
    empty: Sequence[str]
    best: str
    holds: columns.Conditions

    @property
    def filter(self) -> dict[str, Any]:
        """What v5 is asked. Inferred: the empty text stands for null."""
        return {**self.equal, **dict.fromkeys(self.empty, "")}

    @property
    def search(self) -> str | None:
        """What v4 is asked: one attribute, a unique one where there is one."""
        return reference(self.best, self.equal[self.best]) if self.best else None

    def here(self, version: Literal["v4", "v5"]) -> list[str]:
        """The names of those that Actito was not asked."""
        asked = self.filter if version == "v5" else {self.best: ""}
        return [name for name in self.wanted if name not in asked]


def conditions_of(table: Table, search: Mapping[str, Any], zone: ZoneInfo) -> Conditions:
    """The conditions, checked against the structure where it is known.

    Raises:
        BadArgument: an attribute, opt-in or segmentation that the table doesn't have, with the nearest; or a value
            that its attribute can't have.
    """
    known = [*table.attributes, *table.subscriptions, *table.segmentations]
    wanted: dict[str, Any] = {}
    equal: dict[str, str] = {}
    for given, value in search.items():
        name = _name(table, given, known)
        if name in wanted:
            raise BadArgument(f"{name} is given twice.")
        if isinstance(value, Mapping):
            raise BadArgument(f'{name} takes a value, a list of values, or a text such as ">=100 <200".')
        wanted[name] = _category(table, name, value)
        attribute = table.attributes.get(name)
        can_be_asked = _plain(value) and (attribute is not None or not table.known)
        if can_be_asked and (asked := _asked(attribute, value, zone)) is not None:
            equal[name] = asked
    unique = [name for name in equal if name in table.attributes and table.attributes[name].unique]
    return Conditions(
        wanted,
        equal,
        [name for name, value in wanted.items() if value in (None, "") and name in (table.attributes or wanted)],
        next(iter([*unique, *equal]), ""),
        columns.conditions(wanted, known if table.known else wanted, zone),
    )


def _name(table: Table, given: str, known: Sequence[str]) -> str:
    name = given.strip()
    if not table.known:
        return name
    shown = {"id": "profileId", "language": table.language, "updated": "updateMoment", "created": "creationMoment"}
    if found := spelt(name, known) or spelt(shown.get(name.casefold(), ""), known):
        return found
    of = {"subscriptions": table.subscriptions, "segments": table.segmentations}.get(name.casefold())
    if of is not None:
        said = f"{name} are searched one by one."
        raise BadArgument(said, advice="Name the one that is meant.", lines=listed("There are:", list(of)))
    near = nearest(name, known)
    raise BadArgument(
        f"{table.name} has no attribute, subscription or segmentation {name[:60]!r}.",
        advice="The nearest are shown." if near else "What it has is shown.",
        lines=listed("Nearest:" if near else "It has:", near or known),
    )


def _plain(value: Any) -> bool:
    """Whether the condition is that an attribute has this very value."""
    if isinstance(value, str):
        return bool(value.strip()) and "*" not in value and value.strip()[0] not in "<>!="
    return isinstance(value, bool | int | float)


def _asked(attribute: Attribute | None, value: Any, zone: ZoneInfo) -> str | None:
    """The value as Actito is asked for it; None for a moment, of which a search rarely means the very second."""
    if attribute is None or attribute.name == "profileId":
        return text(value).strip()
    if attribute.type == "TIMESTAMP":
        return None
    found = checked(attribute, value, zone)
    return text(found[0] if isinstance(found, list) else found)


_YES_OR_NO = {"true": True, "yes": True, "in": True, "false": False, "no": False, "out": False, "": False}


def _category(table: Table, name: str, value: Any) -> Any:
    """The condition as it is, that of an opt-in or a simple segment as yes or no.

    Raises BadArgument for a category that an exclusive segmentation doesn't have, and where yes or no is not told.
    """
    categories = [] if name in table.attributes else table.segmentations.get(name, ())
    if name not in table.attributes and not categories and (name in table.subscriptions or name in table.segmentations):
        said = ["" if each is None else text(each).strip() for each in (value if isinstance(value, list) else [value])]
        if unclear := [each for each in said if each.casefold() not in _YES_OR_NO]:
            raise BadArgument(f"{name} is searched by true or false, not by {unclear[0][:60]!r}.")
        return [_YES_OR_NO[each.casefold()] for each in said]
    for each in value if isinstance(value, list) else [value]:
        if categories and _plain(each) and text(each).casefold() not in [one.casefold() for one in categories]:
            raise BadArgument(f"{name} has no category {text(each)[:60]!r}.", lines=listed("It has:", categories))
    return value
