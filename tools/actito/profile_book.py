"""One profile: from what a person calls it to what v5 or v4 answers of it, with values in the types of its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from tools.actito.privacy import masked
from tools.actito.table_structure import Table
from tools.actito.values import ADDRESS
from tools.actito.versions import read_either
from tools.call import Call
from tools.errors import BadArgument, UnknownName
from tools.nearest import spelt
from upstream.actito.profile import Profile
from upstream.actito.profiles import GetProfile, GetProfileV4, ListProfilesV4, SearchProfiles
from upstream.actito.segments import reference
from upstream.errors import NotFound
from upstream.request import Request
from upstream.written import text

FAMILY = "profiles"
ROUTES = (GetProfile, GetProfileV4, SearchProfiles, ListProfilesV4)
"""The routes that reading one profile may take."""

OfProfile = Annotated[str, "Id or e-mail"]
"""Which profile: its number, its e-mail address, or `attribute=value` with an attribute that is unique."""


@dataclass(frozen=True)
class Found:
    """A profile as it is. `id` is its number as text, `called` what the caller called it."""

    table: Table
    id: str
    called: str
    profile: Profile

    @property
    def attributes(self) -> dict[str, Any]:
        """Values by name in the types of the table's structure."""
        return self.table.typed(self.profile.attributes)

    @property
    def name(self) -> str:
        """What an answer calls the profile unasked: its e-mail address, masked."""
        return masked(self.address) or f"profile {self.id}"

    @property
    def reference(self) -> str:
        """What stands for the profile in a write: its number where it is known, so that nothing personal does."""
        return self.id or named_by(self.table, self.called)

    @property
    def address(self) -> str:
        """The e-mail address; empty where there is none."""
        return str(self.profile.attributes.get(self.table.address or "emailAddress") or "")

    @property
    def language(self) -> str:
        """The language as Actito writes it, such as `EN`; empty where there is none."""
        return str(self.profile.attributes.get(self.table.language or "motherLanguage") or "")


def named_by(table: Table, called: str) -> str:
    """What stands for a profile in an address: its number, or `attribute=value`; an e-mail address by itself is one.

    Raises:
        BadArgument: nothing was said, or an attribute that the table doesn't have or that is not unique.
    """
    said = called.strip()
    if not said:
        raise BadArgument("Name the profile: by id, e-mail address, or attribute=value with a unique attribute.")
    if said.isascii() and said.isdigit():
        return said
    attribute, equals, value = said.partition("=")
    if not equals or "@" in attribute:
        if "@" not in said:
            raise BadArgument(
                f"{said[:60]!r} names no profile.",
                advice="Write its id, its e-mail address, or attribute=value with a unique attribute.",
            )
        if not ADDRESS.fullmatch(said):
            raise BadArgument(f"{said[:60]!r} is no e-mail address.", advice="Write the address alone.")
        return reference(table.address or "emailAddress", said)
    unique = [each.name for each in table.attributes.values() if each.unique]
    known = spelt(attribute, unique)
    if table.known and not known:
        raise BadArgument(
            f"{attribute.strip()[:60]!r} is no unique attribute of {table.name}.",
            advice=f"Unique are: {', '.join(unique)}.",
        )
    if not value.strip():
        raise BadArgument(f"{said[:60]!r} names no profile: the value is missing.")
    return reference(known or attribute.strip(), value.strip())


async def profile_of(call: Call, table: Table, called: str) -> Found:
    """The profile that is meant.

    Raises:
        BadArgument: it can't name a profile.
        UnknownName: no profile is called so, or the key may not read it: Actito answers both alike.
        UpstreamError: it could not be read.
    """
    name = named_by(table, called)
    try:
        profile = await read_either(call, FAMILY, *_by(table, name), probe=_probe(table))
    except NotFound:
        profile = await _searched(call, table, name)
    if profile is None:
        raise UnknownName(
            f"The profile table {table.name} of {table.entity} has no profile {called.strip()[:80]!r}.",
            advice="It may be in another table or entity; Actito also answers so when the key lacks the right.",
        )
    return Found(table, profile.id or (name if "=" not in name else ""), called.strip(), profile)


async def _searched(call: Call, table: Table, name: str) -> Profile | None:
    """The profile as a search of v5 finds it: that route is observed, reading a single profile is only inferred."""
    if call.session.form(FAMILY) != "v5":
        return None
    attribute, _, value = name.partition("=") if "=" in name else ("profileId", "=", name)
    search = SearchProfiles(entity=table.entity, profile_table_id=table.reference, filter={attribute: value})
    try:
        answer = await call.send(search)
    except NotFound:
        return None
    # A search that does not understand its filter would answer anybody.
    fits = [each for each in answer if _says(each, attribute) == value.casefold()]
    return fits[0] if len(fits) == 1 else None


def _says(profile: Profile, attribute: str) -> str:
    return text({"profileId": profile.id, **profile.attributes}.get(attribute)).casefold()


def _by(table: Table, name: str) -> tuple[Request[Any], Request[Any]]:
    return (
        GetProfile(entity=table.entity, profile_table_id=table.reference, profile=name),
        GetProfileV4(entity=table.entity, table=table.name, profile=name),
    )


def _probe(table: Table) -> tuple[Request[Any], Request[Any]]:
    """A search that finds nobody: it is answered where the version exists."""
    return (
        SearchProfiles(entity=table.entity, profile_table_id=table.reference, filter={"profileId": "0"}),
        ListProfilesV4(entity=table.entity, table=table.name, search="profileId=0", number=1),
    )
