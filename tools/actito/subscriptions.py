"""Opting profiles in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito import consent, profile_book
from tools.actito.consent import Aspect, changes_of, standings
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.profile_choice import NOT_FOUND, OfProfiles, chosen
from tools.actito.profile_writes import Place
from tools.actito.table_book import PROFILE_ROUTES, OfTable, Tables
from tools.actito.table_structure import Kind, Table
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from tools.nearest import nearest, spelt
from upstream.actito.subscriptions import ListProfileSubscriptionsV4, SubscribeProfileV4, UnsubscribeProfileV4
from upstream.request import Request

_WORDS: Mapping[bool | None, str] = {True: "in", False: "out", None: "not said"}
_MEANT: Mapping[str | None, bool | None] = {word: state for state, word in _WORDS.items()}


def _one(place: Place, name: str, before: Any, after: Any) -> Request[Any]:
    route = SubscribeProfileV4 if after else UnsubscribeProfileV4
    return route(entity=place.entity, table=place.table, profile=place.profile, subscription=name)


OPT_INS = Aspect(
    "subscription", "subscriptions", "opt-ins", ListProfileSubscriptionsV4, _one, _WORDS.__getitem__, _MEANT.get
)


@changes(
    SubscribeProfileV4,
    UnsubscribeProfileV4,
    ListProfileSubscriptionsV4,
    *consent.ROUTES,
    *profile_book.ROUTES,
    *PROFILE_ROUTES,
    *ROUTES,
    title="Set opt-ins",
)
async def actito_subscriptions_set(
    call: Call,
    profiles: OfProfiles,
    opt_in: Annotated[list[str], "Subscriptions"] = [],
    opt_out: Annotated[list[str], "Subscriptions"] = [],
    table: OfTable = "",
    entity: OfEntity = "",
) -> Plan:
    """Opt profiles in or out. Opt in only who has consented; scenarios may fire."""
    if not any(each.strip() for each in (*opt_in, *opt_out)):
        raise BadArgument("Name the subscriptions: those to opt in as opt_in, those to opt out as opt_out.")
    where = await entity_of(call, entity)
    of = await call.kept(Tables).one(call, where, table, Kind.PROFILES)
    into, out_of = _names(of, opt_in), _names(of, opt_out)
    if both := [each for each in into if each in out_of]:
        raise BadArgument(f"{', '.join(both)} can't be opted in and out at once.")
    wanted = {**dict.fromkeys(into, True), **dict.fromkeys(out_of, False)}
    people = await chosen(call, of, profiles, consent.MOST)
    ahead: list[Change] = []
    settled = [consent.refused(each, _verb(into), NOT_FOUND) for each in people.missing]
    for standing in await standings(call, OPT_INS, people.found):
        some, so_already = changes_of(call, OPT_INS, standing, wanted, _verb)
        ahead += some
        settled += so_already
    return Plan(ahead, settled, warnings=_warnings(of, ahead))


def _verb(state: Any) -> str:
    return "opt in" if state else "opt out"


def _warnings(table: Table, ahead: Sequence[Change]) -> list[str]:
    warnings = []
    if any("in" in change.after.values() for change in ahead):
        warnings.append("An opt-in must have been given by the person: nobody else can consent for them.")
    warnings.append("Scenarios that wait for a changed opt-in may start by it, and send messages.")
    if not table.known:
        warnings.append("The key may not read the structure of the table, so the names were not checked.")
    return warnings


def _names(table: Table, said: Sequence[str]) -> list[str]:
    """The subscriptions that are meant, by their technical names.

    Raises:
        UnknownName: the table has none of this name, with the nearest.
    """
    names = [each.strip() for each in said if each.strip()]
    if not table.known:
        return names
    for name in names:
        if not spelt(name, table.subscriptions):
            raise UnknownName(
                f"The profile table {table.name} has no subscription {name[:60]!r}.",
                advice="Its nearest subscriptions are shown, or all.",
                lines=nearest(name, table.subscriptions) or list(table.subscriptions),
            )
    return [spelt(name, table.subscriptions) for name in names]


@actito_subscriptions_set.applies
async def _set(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return await consent.write(call, OPT_INS, changes)
