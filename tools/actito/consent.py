"""What a profile has agreed to, opt-ins and segments: how either is read, changed and looked at again.

v4 has a route for each opt-in and each segment, and v5 no twin of it. Where an installation lacks these routes, or the
settings demand v5, the change goes with the profile itself: which of the two is decided by a read, never by a write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools import reads
from tools.actito import SYSTEM
from tools.actito.profile_book import FAMILY, Found
from tools.actito.profile_choice import whom
from tools.actito.profile_writes import Place, place_of
from tools.actito.versions import learnt, read_either
from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Outcome
from upstream.actito.profile import Profile, ProfilePatch, as_v4
from upstream.actito.profiles import GetProfile, GetProfileV4, PatchProfile, UpdateProfileV4
from upstream.actito.routes import ProfileRequestV4
from upstream.errors import Forbidden, NotFound, RouteMissing
from upstream.request import Request, Risk

ROUTES = (PatchProfile, UpdateProfileV4)
"""The routes by which a change goes with the profile itself."""

MOST = 100
"""Profiles in one call: each change is sent and looked at on its own."""

WHOLE = "profile"
"""The kind of a change that goes with the profile itself."""


@dataclass(frozen=True)
class Aspect:
    """Opt-ins or segments. `kind` is that of a single change, `field` where a profile has them, `words` what they are.

    `read` reads them alone, `one` is the change of one of them: of which name, from which state, to which. `said` puts
    a state into the words of a change, `meant` takes it out of them.
    """

    kind: str
    field: str
    words: str
    read: type[ProfileRequestV4[Any]]
    one: Callable[[Place, str, Any, Any], Request[Any]]
    said: Callable[[Any], Any]
    meant: Callable[[Any], Any]

    def of(self, profile: Profile) -> Mapping[str, Any]:
        """State by name, as the profile itself tells it."""
        found: Mapping[str, Any] = getattr(profile, self.field)
        return found


@dataclass(frozen=True)
class Standing:
    """A profile with its states by name. `single` tells whether this installation changes them one by one."""

    found: Found
    states: Mapping[str, Any]
    single: bool


async def standings(call: Call, aspect: Aspect, found: Sequence[Found]) -> list[Standing]:
    """How each profile stands now. What is read alone counts before what the profile tells of itself.

    That the single routes answer nothing for a profile which was read a moment ago shows that they are missing: the
    right to read is the same.

    Raises:
        UpstreamError: they could not be read.
    """
    if call.options.get("actito_api") == "v5":
        return [Standing(each, aspect.of(each.profile), False) for each in found]

    async def read(place: int) -> Mapping[str, Any] | None:
        try:
            return await _alone(call, aspect, _single_place(found[place]))
        except (NotFound, RouteMissing):
            return None

    alone = await reads.each(range(len(found)), read)
    single = any(each is not None for each in alone.values())
    return [
        Standing(each, {**aspect.of(each.profile), **(alone[place] or {})}, single) for place, each in enumerate(found)
    ]


def _single_place(found: Found) -> Place:
    """Where the single routes find a profile: they are those of v4, which name a table."""
    return Place(found.table.entity, found.table.name, found.reference)


def changes_of(
    call: Call, aspect: Aspect, standing: Standing, wanted: Mapping[str, Any], verb: Callable[[Any], str]
) -> tuple[list[Change], list[Outcome]]:
    """What is to be changed of a profile so that it stands as wanted, and what stands so already.

    Raises:
        RouteMissing: the changes go with the profile itself, and no read has shown by which route.
    """
    found, states = standing.found, standing.states
    ahead: list[Change] = []
    settled: list[Outcome] = []
    left: dict[str, Any] = {}
    for name, state in wanted.items():
        change = _single(aspect, standing, verb(state), name, state)
        if name in states and reached(state, states[name]):
            settled.append(Outcome(change, "already", f"{name}: {aspect.said(state)} already"))
        else:
            ahead.append(change)
            left[name] = state
    if standing.single or not left:
        return ahead, settled
    change = Change(
        SYSTEM,
        WHOLE,
        f"change the {aspect.words} of",
        whom(found),
        str(place_of(call, found)),
        risk=Risk.CONSENT,
        before={name: aspect.said(states.get(name)) for name in left},
        after={name: aspect.said(state) for name, state in left.items()},
        number=found.id,
    )
    return [change], settled


def _single(aspect: Aspect, standing: Standing, verb: str, name: str, state: Any) -> Change:
    found = standing.found
    return Change(
        SYSTEM,
        aspect.kind,
        verb,
        whom(found),
        f"{_single_place(found)}/{name}",
        risk=Risk.CONSENT,
        before={name: aspect.said(standing.states.get(name))},
        after={name: aspect.said(state)},
        number=found.id,
    )


def refused(called: str, verb: str, reason: str) -> Outcome:
    """What becomes of a profile for which nothing can be done."""
    return Outcome(Change(SYSTEM, WHOLE, verb, called, risk=Risk.CONSENT), "refused", reason)


def reached(wanted: Any, state: Any) -> bool:
    """Whether a state is the one that is wanted; to be opted out, or in no segment, may be told by silence."""
    return (wanted or None) == (state or None)


async def write(call: Call, aspect: Aspect, changes: Sequence[Change]) -> list[Outcome]:
    """Make the changes one after another, each looked at again."""
    sent = 0

    async def send(change: Change) -> Any:
        nonlocal sent
        await call.progress(sent, len(changes), f"{sent} of {len(changes)} changes")
        sent += 1
        if change.kind == WHOLE:
            return await call.send(_whole(call, aspect, change))
        ((name, after),) = change.after.items()
        return await call.send(
            aspect.one(_place(change), name, aspect.meant(change.before.get(name)), aspect.meant(after))
        )

    async def look(change: Change, said: Any) -> Outcome:
        now = await _states(call, aspect, _place(change))
        if all(reached(aspect.meant(wanted), now.get(name)) for name, wanted in change.after.items()):
            return Outcome(change, "done")
        after = {name: aspect.said(now.get(name)) for name in change.after}
        return Outcome(change, "refused", "Actito said that it is done, but shows another state", after=after)

    return await one_by_one(changes, send, look)


def _place(change: Change) -> Place:
    """Where a change goes. A technical name holds no slash, the reference to a profile may."""
    if change.kind == WHOLE:
        return Place.of(change)
    ((name, _),) = change.after.items()
    return Place(*change.id.removesuffix(f"/{name}").split("/", 2))


def _whole(call: Call, aspect: Aspect, change: Change) -> Request[Any]:
    place = _place(change)
    parts: dict[str, Any] = {aspect.field: {name: aspect.meant(value) for name, value in change.after.items()}}
    if learnt(call, FAMILY) == "v4":
        return UpdateProfileV4(entity=place.entity, table=place.table, profile=place.profile, body=as_v4(**parts))
    patch = ProfilePatch(**parts)
    return PatchProfile(entity=place.entity, profile_table_id=place.table, profile=place.profile, body=patch)


async def _alone(call: Call, aspect: Aspect, place: Place) -> Mapping[str, Any]:
    read = aspect.read(entity=place.entity, table=place.table, profile=place.profile)
    found: Mapping[str, Any] = await call.send(read)
    return found


async def _states(call: Call, aspect: Aspect, place: Place) -> Mapping[str, Any]:
    """State by name as it is now, read alone or else with the profile."""
    try:
        if call.options.get("actito_api") != "v5":
            return await _alone(call, aspect, place)
    except (Forbidden, NotFound, RouteMissing):
        pass
    profile: Profile = await read_either(
        call,
        FAMILY,
        GetProfile(entity=place.entity, profile_table_id=place.table, profile=place.profile),
        GetProfileV4(entity=place.entity, table=place.table, profile=place.profile),
    )
    return aspect.of(profile)
