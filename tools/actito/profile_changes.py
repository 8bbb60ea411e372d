"""Creating profiles of Actito, and changing their attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito import SYSTEM, entity_book, profile_book, table_book
from tools.actito.entity_book import OfEntity, entity_of
from tools.actito.privacy import masked, without_people
from tools.actito.profile_book import Found, OfProfile, profile_of
from tools.actito.profile_writes import WRITES, Place, change, create, place_of, read, table_reference
from tools.actito.table_book import OfTable, Tables
from tools.actito.table_structure import Attribute, Kind, Table
from tools.actito.values import changed, checked_values, for_actito, for_people, missing
from tools.batches import CHECK
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from tools.nearest import spelt
from upstream.actito.segments import reference
from upstream.errors import Forbidden, NotFound, OutcomeUnknown, Refused, RouteMissing, UpstreamError

MAY_SEND = "Writing a profile can start scenarios of this table, and so send messages."
REFUSALS = (Refused, NotFound, Forbidden, RouteMissing)
"""Answers after which nothing was written, and a second try would get the same."""
NO_OPT_IN = "A new profile has no opt-in: actito_subscriptions_set gives one, where the person agreed."


@changes(
    *WRITES,
    *profile_book.ROUTES,
    *entity_book.ROUTES,
    *table_book.PROFILE_ROUTES,
    title="Create or change a profile",
    repeatable=False,
)
async def actito_profiles_save(
    call: Call,
    values: Annotated[dict[str, Any], "Attribute: value"] = {},
    profile: OfProfile = "",
    clear: Annotated[list[str], "Attributes to empty"] = [],
    table: OfTable = "",
    entity: OfEntity = "",
) -> Plan:
    """Create a profile, or change attributes of the one named. No opt-ins, no segments."""
    where = await entity_of(call, entity)
    of = await call.kept(Tables).one(call, where, table, Kind.PROFILES)
    _attributes_only(of, [*values, *clear])
    wanted = checked_values(of, values, clear, zone=call.time_zone)
    if profile.strip():
        return await _plan_change(call, of, profile, wanted)
    if clear:
        raise BadArgument("clear is for a profile that exists: name it in profile.")
    return await _plan_new(call, of, wanted)


def _attributes_only(table: Table, names: Sequence[str]) -> None:
    """Raises BadArgument for an opt-in or a segment, which are consent and no attributes."""
    for kind, tool, known in (
        ("subscription", "actito_subscriptions_set", ["subscriptions", *table.subscriptions]),
        ("segmentation", "actito_segments_set", ["segmentations", "segments", *table.segmentations]),
    ):
        found = [each for each in names if spelt(each, known) and not spelt(each, table.attributes)]
        if found:
            raise BadArgument(f"{', '.join(found)} is no attribute but a {kind}.", advice=f"Use {tool} for it.")


async def _plan_change(call: Call, table: Table, called: str, wanted: Mapping[str, Any]) -> Plan:
    found = await profile_of(call, table, called)
    current = found.attributes
    after = changed(table, current, wanted)
    key = _key_of(found, after)
    before = for_people(table, {name: current.get(name) for name in after})
    shown = for_people(table, after)
    # The key stands beside what changes, so that a yes is bound to it and the write can name the profile by it.
    place = str(place_of(call, found))
    one = Change(SYSTEM, "profile", "update", found.name, place, before={**key, **before}, after=shown, number=found.id)
    if not after:
        why = "it is so already" if wanted else "nothing to change was given"
        return Plan([], [Outcome(one, "already", why, found.id)])
    uniques = {
        name: value for name, value in after.items() if value is not None and _tells_apart(table.attributes.get(name))
    }
    twin = await _twin(call, table, uniques)
    if twin is not None and twin[1].id != found.id:
        why = f"another profile has this {twin[0]} already: {twin[1].name}, id {twin[1].id}"
        return Plan([], [Outcome(one, "refused", why, found.id)])
    return Plan([one], warnings=[MAY_SEND])


def _key_of(found: Found, after: Mapping[str, Any]) -> dict[str, Any]:
    """A unique attribute with its value now, rather one that stays; without a structure the one it was called by."""
    names = [each.name for each in found.table.attributes.values() if _tells_apart(each)]
    if not found.table.known:
        name, equals, _ = found.called.partition("=")
        names = [name.strip()] if equals and "@" not in name else ["emailAddress"] if "@" in found.called else []
    current = found.attributes
    usable = sorted((name for name in names if current.get(name) not in (None, "")), key=lambda name: name in after)
    return {name: current[name] for name in usable[:1]}


def _tells_apart(attribute: Attribute | None) -> bool:
    """Whether a profile can be found by its value of this attribute, and by no other profile's."""
    return attribute is not None and attribute.unique and not attribute.technical and not attribute.several


async def _plan_new(call: Call, table: Table, wanted: Mapping[str, Any]) -> Plan:
    uniques = _uniques(table, wanted)
    lacking = missing(table, wanted)
    if lacking:
        raise BadArgument(f"A new profile of {table.name} needs {', '.join(lacking)}: give it in values.")
    twin = await _twin(call, table, uniques)
    shown = for_people(table, wanted)
    name = masked(next(iter(uniques.values()))) or "new profile"
    place = Place(table.entity, table_reference(call, table), "")
    if twin is not None:
        there = twin[1]
        one = Change(SYSTEM, "profile", "create", there.name, str(place_of(call, there)), after=shown, number=there.id)
        why = f"a profile with this {twin[0]} exists already: give {there.id or 'it'} as profile to change it"
        return Plan([], [Outcome(one, "refused", why, there.id)])
    return Plan(
        [Change(SYSTEM, "profile", "create", name, str(place), after=shown, number="")],
        warnings=[MAY_SEND, NO_OPT_IN],
    )


def _uniques(table: Table, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The values by which a new profile can be told from all others. Raises BadArgument where there is none."""
    known = [each.name for each in table.attributes.values() if _tells_apart(each)]
    if not table.known:
        known = ["emailAddress"]
    found = {name: wanted[name] for name in known if wanted.get(name) is not None}
    if not found:
        raise BadArgument(
            f"A new profile of {table.name} needs a unique attribute ({', '.join(known)}): give it in values, "
            "or name in profile whom to change.",
        )
    return found


async def _twin(call: Call, table: Table, uniques: Mapping[str, Any]) -> tuple[str, Found] | None:
    """A profile that has one of these unique values, and which."""
    for name, value in uniques.items():
        try:
            return name, await profile_of(call, table, reference(name, value))
        except UnknownName:
            continue
    return None


@actito_profiles_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return [await (_create if each.verb == "create" else _change)(call, each) for each in changes]


async def _create(call: Call, made: Change) -> Outcome:
    place = Place.of(made)
    table: Table = await call.kept(Tables).one(call, place.entity, place.table, Kind.PROFILES)
    values = for_actito(made.after)
    (name, value), *_ = _uniques(table, values).items()
    number, loss = "", None
    try:
        number = await create(call, place, {name: value}, values)
    except OutcomeUnknown as error:
        loss = error
    except REFUSALS as error:
        return Outcome(made, "refused", f"Not created: {without_people(str(error))}")
    if not number:
        try:
            number = (await profile_of(call, table, reference(name, value))).id
        except (UnknownName, UpstreamError) as error:
            if loss is not None:
                return Outcome(made, "unknown", f"{CHECK} {without_people(loss.message)}")
            if isinstance(error, UnknownName):
                reason = f"the system said so, but nobody has this {name}: look again in a minute"
                return Outcome(made, "unknown", reason)
            return Outcome(made, "done", f"the system said so; its id could not be read ({error.message})")
    return Outcome(made, "done", "the answer was lost, but the profile is there" if loss else "", number)


async def _change(call: Call, made: Change) -> Outcome:
    place = Place.of(made)
    table: Table = await call.kept(Tables).one(call, place.entity, place.table, Kind.PROFILES)
    try:
        await change(call, place, _key_in(made, table), for_actito(made.after))
    except OutcomeUnknown as error:
        return await _after_a_loss(call, made, table, error)
    except REFUSALS as error:
        return Outcome(made, "refused", f"Not changed: {without_people(str(error))}", place.number)
    return Outcome(made, "done", id=place.number)


def _key_in(made: Change, table: Table) -> dict[str, Any]:
    """The unique attribute in a change: the one that stays, else one that changes."""
    beside = {name: value for name, value in made.before.items() if name not in made.after}
    own = {name: value for name, value in made.before.items() if _tells_apart(table.attributes.get(name))}
    return beside or {name: value for name, value in own.items() if value not in (None, "")}


async def _after_a_loss(call: Call, made: Change, table: Table, loss: OutcomeUnknown) -> Outcome:
    """What the profile shows after the answer to its change was lost."""
    place = Place.of(made)
    unknown = Outcome(made, "unknown", f"{CHECK} {without_people(loss.message)}", place.number)
    try:
        now = await read(call, place)
    except UpstreamError:
        return unknown
    if now is None or changed(table, now.attributes, made.after):
        return unknown
    return Outcome(made, "done", "the answer was lost, but the change is there", place.number)
