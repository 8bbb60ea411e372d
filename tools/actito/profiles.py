"""Finding profiles of Actito: those that are named, or those of a table that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from tools.actito import entity_book, profile_book, table_book
from tools.actito.entity_book import OfEntity, entity_of
from tools.actito.profile_book import FAMILY, Found
from tools.actito.profile_choice import looked_up
from tools.actito.profile_conditions import Conditions, conditions_of
from tools.actito.profile_rows import SHOWN, columns, row, values
from tools.actito.table_book import OfTable, Tables
from tools.actito.table_structure import Kind, Table
from tools.actito.values import learn
from tools.actito.versions import learnt, read_either
from tools.call import Call
from tools.columns import choose
from tools.dates import read_moment
from tools.declare import finds
from tools.errors import BadArgument, ToolProblem
from tools.listing import Listing, left_out, paged
from tools.nearest import spelt
from tools.parameters import Cursor, Fields, Limit
from upstream.actito.profile import Profile
from upstream.actito.profiles import ListProfilesV4, SearchProfiles
from upstream.moment import NotUnderstood

MOST_NAMED = 100
"""Profiles that one call reads one by one: as many as Actito takes in a minute before it slows down."""

MOST_READ = 1000
"""How many profiles v4 is asked for; v5 can't be told a number."""

ROUND = 100
"""Actito says nowhere how many profiles it answers at most; a multiple of this looks like such a limit."""


@dataclass
class _Read:
    """The profiles that fit, how many were `read` for them, whether more may be there, and what is to be said."""

    found: Sequence[Found]
    read: int
    cut: bool = False
    notes: list[str] = field(default_factory=list)


@finds(*entity_book.ROUTES, *table_book.PROFILE_ROUTES, *profile_book.ROUTES, title="Find profiles")
async def actito_profiles_find(
    call: Call,
    profiles: Annotated[list[str], "Ids, e-mails, attribute=value"] = [],
    search: Annotated[dict[str, Any], "Attribute, opt-in or segment: value"] = {},
    changed_since: Annotated[str, "yyyy-mm-dd"] = "",
    table: OfTable = "",
    entity: OfEntity = "",
    fields: Fields = [],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing:
    """Find profiles of a table. Personal data shows only where fields name it."""
    if len(profiles) > MOST_NAMED:
        raise BadArgument(f"Name at most {MOST_NAMED} profiles in one call; {len(profiles)} were named.")
    question = {"tool": "actito_profiles_find", "what": [profiles, search, changed_since, table, entity, fields]}

    async def look() -> Listing:
        where = await entity_of(call, entity)
        of = await call.kept(Tables).one(call, where, table, Kind.PROFILES)
        wanted = conditions_of(of, search, call.time_zone)
        since = read_moment(changed_since, call.time_zone) if changed_since.strip() else None
        result = await (_named(call, of, profiles) if profiles else _searched(call, of, wanted, since))
        learn(of, (each.attributes for each in result.found))
        _narrow(result, wanted, since, call, named=bool(profiles))
        return _listing(result, of, fields)

    return await paged(call, question, cursor, limit, look)


async def _named(call: Call, table: Table, called: Sequence[str]) -> _Read:
    """The profiles that are called so, each once; those that nothing matched are noted."""
    answers = await looked_up(call, table, called)
    found = {each.id or each.called: each for each in answers.values() if isinstance(each, Found)}
    missing = [reference.strip()[:80] for reference, each in answers.items() if isinstance(each, ToolProblem)]
    notes = []
    if missing:
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        notes.append(f"Nobody in this table is called {', '.join(missing[:10])}{more}.")
        notes.append("Actito also answers so when the key lacks the right to read profiles.")
    return _Read(list(found.values()), len(found), notes=notes)


async def _searched(call: Call, table: Table, wanted: Conditions, since: datetime | None) -> _Read:
    """What Actito answers to the part of the search that it can be asked."""
    moment = since.date().isoformat() if since else None
    answer: Sequence[Profile] = await read_either(
        call,
        FAMILY,
        SearchProfiles(entity=table.entity, profile_table_id=table.reference, filter=wanted.filter),
        ListProfilesV4(
            entity=table.entity, table=table.name, search=wanted.search, date_filter=moment, number=MOST_READ
        ),
    )
    version = learnt(call, FAMILY)
    count = len(answer)
    cut = count > 0 and count % ROUND == 0
    notes = []
    if cut:
        notes.append(
            f"Possibly cut: exactly {count} profiles were read, and Actito has no next page. Narrow the search."
        )
    here = wanted.here(version)
    if here:
        notes.append(f"Checked here among the {count} that were read, not by Actito: {', '.join(here)}.")
    if since and version == "v5":
        notes.append(f"Actito's v5 can't be asked for moments: changed_since was checked among the {count} read.")
    found = [Found(table, each.id, "", each) for each in answer]
    return _Read(found, count, cut, notes)


def _narrow(result: _Read, wanted: Conditions, since: datetime | None, call: Call, *, named: bool) -> None:
    """Keep those that fit all conditions, also those that Actito was asked."""
    asked = bool(wanted.wanted) and not named and not wanted.here(learnt(call, FAMILY))
    kept = [each for each in result.found if wanted.holds(values(each))]
    result.notes += wanted.holds.left_out()
    if asked and len(kept) < result.read:
        result.notes.append(
            f"Actito answered {result.read} profiles, of which {result.read - len(kept)} do not fit and were left out: "
            "its search may not understand this condition."
        )
    if since is not None:
        by_actito = not named and learnt(call, FAMILY) == "v4"
        unclear = [each for each in kept if isinstance(row(each)["updated"], NotUnderstood)]
        kept = [each for each in kept if _changed(each, since, unknown=by_actito)]
        if unclear and not by_actito:
            result.notes.append(f"{len(unclear)} left out, since when they were changed could not be understood.")
    if named:
        result.notes += left_out(len(kept), result.read)
    result.found = kept


def _changed(found: Found, since: datetime, *, unknown: bool) -> bool:
    moment = row(found)["updated"]
    return moment >= since if isinstance(moment, datetime) else unknown


def _shelf(table: Table, field: str) -> str:
    """The column that tells of an opt-in or a segment; another field as it is."""
    if spelt(field, table.attributes):
        return field
    if spelt(field, table.subscriptions):
        return "subscriptions"
    return "segments" if spelt(field, table.segmentations) else field


def _listing(result: _Read, table: Table, fields: Sequence[str]) -> Listing:
    rows: list[Mapping[str, Any]] = [row(each) for each in result.found]
    known = columns(table, rows)
    usual = [name for name in SHOWN if not rows or any(each.get(name) is not None for each in rows)]
    shown = list(dict.fromkeys(choose([_shelf(table, each) for each in fields], known, usual)))
    notes = result.notes
    if not table.known:
        notes = [*notes, "The key may not read the structure of the table, so nothing was checked against it."]
    if len(rows) == 1:
        shown, about = list(dict.fromkeys([*shown, "table"])), {}
    else:
        about = {"table": table.name, "entity": table.entity}
    return Listing("profiles", rows, shown, known, len(rows), at_least=result.cut, notes=notes, about=about)
