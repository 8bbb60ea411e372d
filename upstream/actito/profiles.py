"""Profiles: the people that can be contacted. A write can start scenarios, hence send messages."""

from __future__ import annotations

from typing import Annotated, Any

from upstream.actito.objects import Outcome, Stored, Wrapped
from upstream.actito.profile import Profile, ProfileInput, ProfilePatch, ProfileV4Input
from upstream.actito.routes import ProfileRequest, ProfileRequestV4, ProfileTableRequest, TableRequest
from upstream.actito.segments import reference
from upstream.record import Many
from upstream.request import Body, Query

_PROFILES = "/profiles/v5/entities/{entity}/profile-tables/{profileTableId}/profiles"
_PROFILES_V4 = "/profiles/v4/entity/{entity}/table/{table}/profile"


class SearchProfiles(ProfileTableRequest[Annotated[Many[Profile], Wrapped("profiles")]]):
    """Search profiles; each entry of `filter` is an attribute with the value wanted.

    Neither offset nor total is known, so the answer may be cut.

    Source: the code of a public client; Actito, changelog 2024-11 (nested fields and null values). Inferred: the
    prefix, the grammar of the filter, the key of the list.
    """

    method, path, operation, category = "GET", _PROFILES, "searchProfiles", "profiles"
    confidence, right = "observed", "read_profiles"

    filter: Annotated[dict[str, Any], Query("filter", "spread")] = {}


class UpsertProfile(ProfileTableRequest[Outcome]):
    """Create the profile of a key, or change only what is given of it.

    Source: the code of a public client. Inferred: the prefix; the answer is unknown.
    """

    method, path, operation, category = "PUT", _PROFILES, "upsertProfile", "profiles"
    confidence, right = "observed", "write_profiles"
    targets = ("profile", "entity", "profile_table_id", "profile")

    body: Annotated[ProfileInput, Body()]

    @property
    def profile(self) -> str:
        """The profile that the key names, as a reference."""
        return _keyed(self.body)


class CreateProfile(ProfileTableRequest[Outcome]):
    """Create a profile; 409 where there is one with the key.

    Source: Actito, changelog 2025-01 (that there is such a route). Inferred: path, prefix, body and answer.
    """

    method, path, operation, category = "POST", _PROFILES, "createProfile", "profiles"
    confidence, right = "inferred", "write_profiles"
    targets = ("profile", "entity", "profile_table_id", "profile")

    body: Annotated[ProfileInput, Body()]

    @property
    def profile(self) -> str:
        """The profile that the key names, as a reference."""
        return _keyed(self.body)


class GetProfile(ProfileRequest[Profile]):
    """Read a profile. A 404 may also hide that the key lacks the right.

    Source: Actito, changelog 2025-01 (that there is such a route). Inferred: the path, and references as in v4.
    """

    method, path, operation, category = "GET", _PROFILES + "/{profile}", "getProfile", "profiles"
    confidence, right = "inferred", "read_profiles"


class PatchProfile(ProfileRequest[Outcome]):
    """Change what is given of a profile.

    Source: Actito, changelog 2025-01 (that there is such a route). Inferred: path and body.
    """

    method, path, operation, category = "PATCH", _PROFILES + "/{profile}", "patchProfile", "profiles"
    confidence, right = "inferred", "write_profiles"
    targets = ("profile", "entity", "profile_table_id", "profile")

    body: Annotated[ProfilePatch, Body()]


class DeleteProfile(ProfileRequest[Outcome]):
    """Erase a profile with its history.

    Source: Actito, changelog 2025-01 (that there is such a route). Inferred: the path.
    """

    method, path, operation, category = "DELETE", _PROFILES + "/{profile}", "deleteProfile", "profiles"
    confidence, right = "inferred", "write_profiles"
    targets = ("profile", "entity", "profile_table_id", "profile")


class CreateOrUpdateProfileV4(TableRequest[Stored]):
    """Create a profile, or change what is given of it when `allow_update` is true. Deprecated by Actito.

    Source: Actito, data synchronisation of profile tables. Inferred: the prefix; what holds without
    `allow_update` is unknown.
    """

    method, path, operation, category = "POST", _PROFILES_V4, "createOrUpdateProfileV4", "profiles"
    confidence, right = "documented", "write_profiles"
    targets = ("profile", "entity", "table", "profile")

    body: Annotated[ProfileV4Input, Body()]
    allow_update: Annotated[bool | None, Query("allowUpdate")] = None

    @property
    def profile(self) -> str:
        """All values that may say which profile it is: v4 has no key."""
        return "&".join(reference(each.name, each.value) for each in self.body.attributes or [])


class ListProfilesV4(TableRequest[Annotated[Many[Profile], Wrapped("profiles")]]):
    """List profiles by the older route, which Actito wanted to end in 2022. `search` is `attribute=value`.

    Source: the Actito SDK, a public client. Inferred: the prefix.
    """

    method, path, operation, category = "GET", _PROFILES_V4, "listProfilesV4", "profiles"
    confidence, right = "observed", "read_profiles"

    search: Annotated[str | None, Query()] = None
    date_filter: Annotated[str | None, Query("dateFilter")] = None
    number: Annotated[int | None, Query()] = None


class GetProfileV4(ProfileRequestV4[Profile]):
    """Read a profile by its number or a unique attribute. Deprecated by Actito; a 404 may hide a missing right.

    Source: the Actito SDK, a public client. Inferred: the prefix.
    """

    method, path, operation, category = "GET", _PROFILES_V4 + "/{profile}", "getProfileV4", "profiles"
    confidence, right = "observed", "read_profiles"


class UpdateProfileV4(ProfileRequestV4[Stored]):
    """Change what is given of a profile. Deprecated by Actito.

    Source: the Actito SDK, a public client. Inferred: the prefix.
    """

    method, path, operation, category = "PUT", _PROFILES_V4 + "/{profile}", "updateProfileV4", "profiles"
    confidence, right = "observed", "write_profiles"
    targets = ("profile", "entity", "table", "profile")

    body: Annotated[ProfileV4Input, Body()]


class DeleteProfileV4(ProfileRequestV4[Outcome]):
    """Erase a profile with its history. Deprecated by Actito.

    Source: Actito, data synchronisation of profile tables; the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = "DELETE", _PROFILES_V4 + "/{profile}", "deleteProfileV4", "profiles"
    confidence, right = "observed", "write_profiles"
    targets = ("profile", "entity", "table", "profile")


def _keyed(body: ProfileInput) -> str:
    return "&".join(reference(name, value) for name, value in body.key.items())
