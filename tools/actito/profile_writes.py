"""Writing one profile in the version that the installation has, and in another form of it where a route is missing.

Of v5 the upsert alone is observed; creating, patching and deleting are inferred. A 404 or 405 is a refusal of a write
that did nothing, so another form may follow it, never one that could make somebody who was deleted anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.actito.profile_book import FAMILY, Found, profile_of
from tools.actito.table_book import Tables
from tools.actito.table_structure import Kind, Table
from tools.actito.versions import Version, learnt
from tools.call import Call
from tools.change import Change
from tools.errors import UnknownName
from upstream.actito.profile import ProfileInput, ProfilePatch, as_v4
from upstream.actito.profiles import (
    CreateOrUpdateProfileV4,
    CreateProfile,
    DeleteProfile,
    DeleteProfileV4,
    PatchProfile,
    UpdateProfileV4,
    UpsertProfile,
)
from upstream.errors import NotFound, RouteMissing
from upstream.request import Request

WRITES = (UpsertProfile, CreateProfile, PatchProfile, CreateOrUpdateProfileV4, UpdateProfileV4)
"""The routes by which a profile is created or changed."""


@dataclass(frozen=True)
class Place:
    """Where a profile is: entity, table as the version calls it, and its number (or what else names it)."""

    entity: str
    table: str
    profile: str

    @classmethod
    def of(cls, change: Change) -> Place:
        """The place that the id of a change names."""
        return cls(*change.id.split("/", 2))

    @property
    def number(self) -> str:
        """The number of the profile; empty where it is not known."""
        return self.profile if self.profile.isascii() and self.profile.isdigit() else ""

    def __str__(self) -> str:
        return f"{self.entity}/{self.table}/{self.profile}"


def place_of(call: Call, found: Found) -> Place:
    """Where a profile is that was read, in the words of the version that answered."""
    return Place(found.table.entity, table_reference(call, found.table), found.reference)


def table_reference(call: Call, table: Table) -> str:
    """What stands for a table in the addresses of the version that a read has learnt."""
    return table.name if learnt(call, FAMILY) == "v4" else table.reference


async def create(call: Call, place: Place, key: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Make a profile that nobody has found, and answer its number where it is said; `key` is one of the `values`.

    Raises:
        UpstreamError: as a session does; Refused where there is one already.
    """
    if learnt(call, FAMILY) == "v4":
        body = as_v4(values)
        made = await call.send(
            CreateOrUpdateProfileV4(entity=place.entity, table=place.table, body=body, allow_update=False)
        )
        return made.id
    whole = ProfileInput(key=dict(key), attributes=dict(values))
    at = {"entity": place.entity, "profile_table_id": place.table}
    forms = [CreateProfile(**at, body=whole), UpsertProfile(**at, body=whole)]
    return _number(await _first(call, forms))


async def change(call: Call, place: Place, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Change these values of a profile. `key` is a unique attribute as it is, empty where none is known.

    Raises:
        UpstreamError: as a session does; NotFound where it is gone, or the key may not write it.
    """

    async def there() -> bool:
        return await read(call, place) is not None

    keyed = dict(key)
    forms: list[Request[Any]]
    if learnt(call, FAMILY) == "v4":
        whole = {"entity": place.entity, "table": place.table}
        forms = [UpdateProfileV4(**whole, profile=place.profile, body=as_v4(values))]
        if keyed and not keyed.keys() & values.keys():
            forms.append(CreateOrUpdateProfileV4(**whole, body=as_v4({**keyed, **values}), allow_update=True))
    else:
        at = {"entity": place.entity, "profile_table_id": place.table}
        patch = PatchProfile(**at, profile=place.profile, body=ProfilePatch(attributes=dict(values)))
        forms = [patch]
        if keyed:
            upsert = UpsertProfile(**at, body=ProfileInput(key=keyed, attributes=dict(values)))
            # Whether the key itself can be changed by an upsert is not known.
            forms = [patch, upsert] if keyed.keys() & values.keys() else [upsert, patch]
    await _first(call, forms, there)


async def read(call: Call, place: Place) -> Found | None:
    """The profile as it is now; None where it is gone."""
    table: Table = await call.kept(Tables).one(call, place.entity, place.table, Kind.PROFILES)
    try:
        return await profile_of(call, table, place.profile)
    except UnknownName:
        return None


def deletion(version: Version, place: Place) -> Request[Any]:
    """The request that erases a profile."""
    if version == "v4":
        return DeleteProfileV4(entity=place.entity, table=place.table, profile=place.profile)
    return DeleteProfile(entity=place.entity, profile_table_id=place.table, profile=place.profile)


async def _first(call: Call, forms: Sequence[Request[Any]], there: Callable[[], Awaitable[bool]] | None = None) -> Any:
    """Send the first form that the installation has; after a 404 the next one only while the profile is `there`."""
    first: NotFound | RouteMissing | None = None
    for form in forms:
        try:
            return await call.send(form)
        except (NotFound, RouteMissing) as error:
            first = first or error
            if isinstance(error, NotFound) and there is not None and not await there():
                raise
    assert first is not None, "there is at least one form"
    raise first


def _number(said: Any) -> str:
    """The number of the profile in an answer whose shape is not documented; empty where there is none."""
    known = said.model_extra or {}
    found = next((known[name] for name in ("profileId", "id", "message") if name in known), "")
    return str(found) if str(found).isascii() and str(found).isdigit() else ""
