"""Putting profiles into segments, and taking them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito import consent, profile_book
from tools.actito.consent import Aspect, Standing, changes_of, standings
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.profile_choice import NOT_FOUND, OfProfiles, chosen, whom
from tools.actito.profile_writes import Place
from tools.actito.table_book import PROFILE_ROUTES, OfTable, Tables
from tools.actito.table_structure import Kind, Table
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from tools.nearest import nearest, spelt
from upstream.actito.segmentations import (
    ListProfileSegmentationsV4,
    RemoveProfileSegmentationV4,
    SetProfileSegmentationV4,
)
from upstream.request import Request


def _one(place: Place, name: str, before: Any, after: Any) -> Request[Any]:
    """The category travels where there is one: to get into, or to be taken out of."""
    route, category = (SetProfileSegmentationV4, after) if after else (RemoveProfileSegmentationV4, before)
    return route(
        entity=place.entity,
        table=place.table,
        profile=place.profile,
        segmentation=name,
        of_category=category if isinstance(category, str) else None,
    )


def _same(state: Any) -> Any:
    return state


SEGMENTS = Aspect("segmentation", "segmentations", "segments", ListProfileSegmentationsV4, _one, _same, _same)


@changes(
    SetProfileSegmentationV4,
    RemoveProfileSegmentationV4,
    ListProfileSegmentationsV4,
    *consent.ROUTES,
    *profile_book.ROUTES,
    *PROFILE_ROUTES,
    *ROUTES,
    title="Set segments",
)
async def actito_segments_set(
    call: Call,
    profiles: OfProfiles,
    set: Annotated[dict[str, Any], "Segmentation: category, or true"] = {},
    leave: Annotated[list[str], "Segmentations"] = [],
    table: OfTable = "",
    entity: OfEntity = "",
) -> Plan:
    """Put profiles into segments, or take them out. Scenarios may fire."""
    where = await entity_of(call, entity)
    of = await call.kept(Tables).one(call, where, table, Kind.PROFILES)
    wanted = _wanted(of, set, leave)
    people = await chosen(call, of, profiles, consent.MOST)
    ahead: list[Change] = []
    settled = [consent.refused(each, _verb(set), NOT_FOUND) for each in people.missing]
    for standing in await standings(call, SEGMENTS, people.found):
        stays = _can_not_leave(standing, wanted)
        settled += [consent.refused(f"{whom(standing.found)}: {each}", "leave", _NO_WAY_OUT) for each in stays]
        possible = {name: state for name, state in wanted.items() if name not in stays}
        some, so_already = changes_of(call, SEGMENTS, _told(of, standing, possible), possible, _verb)
        ahead += some
        settled += so_already
    return Plan(ahead, settled, warnings=_warnings(of))


_NO_WAY_OUT = (
    "no route is known here by which a profile leaves an exclusive segmentation: do it in Actito's interface, on the "
    "page of the profile"
)


def _can_not_leave(standing: Standing, wanted: Mapping[str, Any]) -> list[str]:
    """What a change that goes with the profile itself can't do: how it says so is not documented."""
    if standing.single:
        return []
    return [name for name, state in wanted.items() if not state and isinstance(standing.states.get(name), str)]


def _verb(state: Any) -> str:
    return "set" if state else "leave"


def _told(table: Table, standing: Standing, wanted: Mapping[str, Any]) -> Standing:
    """A segmentation that is not told of a profile has it in none of its segments. Inferred."""
    silent = {name: None if table.segmentations.get(name) else False for name in wanted}
    return Standing(standing.found, {**silent, **standing.states}, standing.single)


def _warnings(table: Table) -> list[str]:
    warnings = ["Segments decide who is targeted, and scenarios that wait for a changed profile may start."]
    if not table.known:
        warnings.append("The key may not read the structure of the table, so names and categories were not checked.")
    return warnings


def _wanted(table: Table, given: Mapping[str, Any], leave: Sequence[str]) -> dict[str, Any]:
    """Segmentation -> the category to be in, True for being in a simple one; None or False for being in neither.

    Raises:
        BadArgument: nothing was given, or what the segmentation can't take.
        UnknownName: the table has no such segmentation, with the nearest.
    """
    wanted: dict[str, Any] = {}
    for name, value in given.items():
        known = _name(table, name)
        wanted[known] = _state(table, known, value)
    for name in (each for each in leave if each.strip()):
        known = _name(table, name)
        if wanted.get(known):
            raise BadArgument(f"{known} can't be set and left at once.")
        wanted[known] = None if table.segmentations.get(known) else False
    if not wanted:
        raise BadArgument('Name the segments: set={"Segmentation": "category"}, or leave=["Segmentation"].')
    return wanted


def _name(table: Table, said: str) -> str:
    name = said.strip()
    if not table.known:
        return name
    if found := spelt(name, table.segmentations):
        return found
    raise UnknownName(
        f"The profile table {table.name} has no segmentation {name[:60]!r}.",
        advice="Its nearest segmentations are shown, or all.",
        lines=nearest(name, table.segmentations) or list(table.segmentations),
    )


def _state(table: Table, name: str, value: Any) -> Any:
    """The state that a value means: of an exclusive segmentation one of its categories, of a simple one yes or no."""
    accepted = table.segmentations.get(name, ())
    said = value.strip() if isinstance(value, str) else value
    truth = {"true": True, "yes": True, "false": False, "no": False}.get(str(said).casefold())
    if not table.known and isinstance(said, str | bool) and said != "":
        return said
    if not accepted:
        if truth is None:
            raise BadArgument(f"{name} is a simple segmentation: it takes true or false, no category.")
        return truth
    if found := spelt(str(said), accepted):
        return found
    if truth is False or said in ("", None):
        raise BadArgument(f"{name} is exclusive: to be in none of its segments give it as leave.")
    near = nearest(str(said), accepted)
    raise BadArgument(
        f"{name} is exclusive and has no category {str(said)[:60]!r}.",
        advice="The nearest are shown." if near else "All its categories are shown.",
        lines=near or list(accepted),
    )


@actito_segments_set.applies
async def _set(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return await consent.write(call, SEGMENTS, changes)
