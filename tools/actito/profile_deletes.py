"""Erasing profiles of Actito with their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools.actito import SYSTEM, entity_book, profile_book, table_book
from tools.actito.entity_book import OfEntity, entity_of
from tools.actito.profile_book import FAMILY, Found
from tools.actito.profile_choice import OfProfiles, looked_up
from tools.actito.profile_rows import opted_in, segments
from tools.actito.profile_writes import Place, deletion, place_of, read
from tools.actito.table_book import OfTable, Tables
from tools.actito.table_structure import Kind, Table
from tools.actito.versions import learnt
from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, ToolProblem
from upstream.actito.profiles import DeleteProfile, DeleteProfileV4
from upstream.errors import Forbidden, NotFound, UpstreamError
from upstream.request import Risk

MOST_AT_ONCE = 50
"""Profiles of one call: each is read, erased and looked at again, and Actito slows down above 100 calls a minute."""


@changes(
    DeleteProfile,
    DeleteProfileV4,
    *profile_book.ROUTES,
    *entity_book.ROUTES,
    *table_book.PROFILE_ROUTES,
    *table_book.CUSTOM_ROUTES,
    title="Delete profiles",
)
async def actito_profiles_delete(
    call: Call,
    profiles: OfProfiles,
    table: OfTable = "",
    entity: OfEntity = "",
) -> Plan:
    """Erase profiles with their history for good; to stop messages, opt them out."""
    if not 0 < len(profiles) <= MOST_AT_ONCE:
        raise BadArgument(f"Name 1 to {MOST_AT_ONCE} profiles; {len(profiles)} were named.")
    where = await entity_of(call, entity)
    of = await call.kept(Tables).one(call, where, table, Kind.PROFILES)
    answers = await looked_up(call, of, profiles)
    found: dict[str, Found] = {}
    for each in answers.values():
        if isinstance(each, Found):
            found.setdefault(str(place_of(call, each)), each)
    if not found and (problem := next((each for each in answers.values() if isinstance(each, ToolProblem)), None)):
        raise problem
    return Plan(
        [_deletion(place, each) for place, each in found.items()],
        [_gone(of, called) for called, each in answers.items() if isinstance(each, ToolProblem)],
        await _records_of(call, of) if found else None,
        final="a profile goes with its whole history: contacts, clicks, participations. Nothing brings it back.",
        safer="opt it out (actito_subscriptions_set): it gets no more messages, and its history stays.",
    )


def _deletion(place: str, found: Found) -> Change:
    before: dict[str, Any] = {
        "called": found.called if found.called != found.id else None,
        "table": f"{found.table.name} ({found.table.entity})",
        "subscriptions": opted_in(found) or "none",
        "segments": segments(found),
    }
    shown = {name: value for name, value in before.items() if value is not None}
    return Change(SYSTEM, "profile", "delete", found.name, place, risk=Risk.DESTRUCTIVE, before=shown, number=found.id)


def _gone(table: Table, called: str) -> Outcome:
    change = Change(SYSTEM, "profile", "delete", called.strip(), risk=Risk.DESTRUCTIVE)
    reason = f"{table.name} of {table.entity} has nobody called so, or the key may not read it: is it spelt right?"
    return Outcome(change, "already", reason)


async def _records_of(call: Call, table: Table) -> Dependents:
    """The custom tables whose records name a profile of this table, and what becomes of them."""
    label, none = "Records", "no custom table names profiles of this table"
    try:
        known = await call.kept(Tables).all(call, table.entity, Kind.CUSTOM)
    except UpstreamError:
        return Dependents(["not known, since the custom tables could not be read"], label=label)
    unread = sum(not each.known for each in known)
    # v4 tells no id of a profile table, so any table of profiles may be the one that a key leads to.
    lines = [
        f"{each.name} names profiles{'' if table.id else f' of table {key.table_id}'} by {key.attribute}: "
        + _BECOMES.get(key.on_delete, _NOT_KNOWN)
        for each in known
        for key in each.foreign_keys
        if key.kind is Kind.PROFILES and (not table.id or key.table_id in (table.id, table.name))
    ]
    return Dependents(lines, len(known) - unread, len(known), "custom tables", label=label, none=none)


_BECOMES = {"CASCADE": "its records of the profile are deleted too"}
_NOT_KNOWN = "what becomes of its records is not known"


@actito_profiles_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> str:
        place = Place.of(change)
        try:
            await call.send(deletion(learnt(call, FAMILY), place))
        except NotFound as error:
            # It was there a moment ago: a 404 may hide a right that is missing, or a route.
            if await read(call, place) is None:
                raise
            raise Forbidden(
                "Actito answered 404, though the profile is there.",
                advice="Most likely the key lacks the right write_profiles.",
                status=404,
                operation=error.operation,
            ) from None
        return "said so"

    async def look(change: Change, said: str | None) -> Outcome:
        place = Place.of(change)
        if await read(call, place) is None:
            return Outcome(change, "done", id=place.number)
        reason = "the system reported success, but the profile can still be read: look again in a minute"
        return Outcome(change, "unknown", reason, place.number)

    return await one_by_one(changes, send, look)
