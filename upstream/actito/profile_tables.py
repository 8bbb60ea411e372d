"""Profile tables: how the data of the people one can contact are built."""

from __future__ import annotations

from typing import Annotated, Any

from upstream.actito.objects import OpenObject, Outcome, Stored, Wrapped
from upstream.actito.routes import EntityRequest, ProfileTableRequest, TableRequest
from upstream.actito.structure import ValueRestriction
from upstream.record import Many, Record
from upstream.request import Body


class ProfileAttribute(Record):
    """An attribute of a profile table. `type` is predefined (EMAIL_ADDRESS, MOTHER_LANGUAGE, ...) or CUSTOM.

    `value_type` (INTEGER, STRING, TIMESTAMP, ...) is there for CUSTOM only. Source: Actito, profile tables.
    """

    type: str = ""
    name: str = ""
    unique: bool = False
    mandatory: bool = False
    value_type: str = ""
    multi_valued: bool = False
    value_restriction: ValueRestriction | None = None


class DisplayedAttribute(Record):
    """How an attribute is shown in the interface. Source: Actito, profile tables."""

    name: str = ""
    display_name: str = ""
    description: str = ""


class DisplayOptions(Record):
    """How a table is shown in the interface. Source: Actito, profile tables."""

    for_attributes: Many[DisplayedAttribute] = []


class ProfileTable(Record):
    """A profile table, read and sent alike; `id` is a number as text, given by Actito.

    Source: Actito, profile tables. Inferred: the shape of subscriptions and segmentations, of which only the names are
    certain to be there.
    """

    id: str = ""
    name: str = ""
    attributes: Many[ProfileAttribute] = []
    subscriptions: Many[OpenObject] = []
    segmentations: Many[OpenObject] = []
    display_options: DisplayOptions | None = None


class TableName(Record):
    """The name of a profile table. Source: the code of a public client."""

    name: str = ""


class ListProfileTables(EntityRequest[Annotated[Many[ProfileTable], Wrapped("profileTables")]]):
    """List the profile tables of an entity with their structure.

    Source: Actito, profile tables. Inferred: the key of the list.
    """

    method, path, operation, category = (
        "GET",
        "/profile-table-structure/v5/entities/{entity}/profile-tables",
        "listProfileTables",
        "profile-table-structure",
    )
    confidence, right = "documented", "read_profile_table_structure"


class CreateProfileTable(EntityRequest[Stored]):
    """Create a profile table. No route drops one.

    Source: Actito, profile tables (that it can be done). Inferred: verb and path, after the custom tables.
    """

    method, path, operation, category = (
        "POST",
        "/profile-table-structure/v5/entities/{entity}/profile-tables",
        "createProfileTable",
        "profile-table-structure",
    )
    confidence, right = "inferred", "write_profile_table_structure"
    targets = ("profile_table", "entity", "table_name")

    table: Annotated[ProfileTable, Body()]

    @property
    def table_name(self) -> str:
        return self.table.name


class GetProfileTable(ProfileTableRequest[ProfileTable]):
    """Read the structure of a profile table.

    Source: Actito, profile tables.
    """

    method, path, operation, category = (
        "GET",
        "/profile-table-structure/v5/entities/{entity}/profile-tables/{profileTableId}",
        "getProfileTable",
        "profile-table-structure",
    )
    confidence, right = "documented", "read_profile_table_structure"


class RequestProfileTableChange(ProfileTableRequest[Outcome]):
    """Ask for a change of the structure of a profile table, such as `{"type": "ADD_ATTRIBUTE", "attribute": {...}}`.

    It can break what feeds and reads the table. Source: Actito, data model management (that it can be done). Inferred:
    verb, path and body, after the custom tables.
    """

    method, path, operation, category = (
        "POST",
        "/profile-table-structure/v5/entities/{entity}/profile-tables/{profileTableId}/change-requests",
        "requestProfileTableChange",
        "profile-table-structure",
    )
    confidence, right = "inferred", "write_profile_table_structure"
    targets = ("profile_table", "entity", "profile_table_id")

    change: Annotated[dict[str, Any], Body()]


class ListProfileTableNamesV4(EntityRequest[Annotated[Many[TableName], Wrapped("profileTableNames")]]):
    """List the names of the profile tables of an entity.

    Source: the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = (
        "GET",
        "/profile-table-structure/v4/entity/{entity}/table",
        "listProfileTableNamesV4",
        "profile-table-structure",
    )
    confidence, right = "observed", "read_profile_table_structure"


class GetProfileTableV4(TableRequest[OpenObject]):
    """Read the structure of a profile table, by the older route.

    Source: Actito, web services related to profiles (that it can be done). Inferred: the path; the answer is unknown.
    """

    method, path, operation, category = (
        "GET",
        "/profile-table-structure/v4/entity/{entity}/table/{table}",
        "getProfileTableV4",
        "profile-table-structure",
    )
    confidence, right = "inferred", "read_profile_table_structure"
