"""Custom tables: how the business data around profiles are built."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from upstream.actito.objects import OpenObject, Outcome, Stored, Wrapped
from upstream.actito.routes import CustomTableRequest, EntityRequest
from upstream.actito.segments import Segment
from upstream.actito.structure import ValueRestriction
from upstream.record import Many, Record
from upstream.request import Body, Path


class CustomAttribute(Record):
    """An attribute of a custom table; `value_type` is STRING, LONG, NUMBER or TIMESTAMP.

    Source: Actito, custom tables.
    """

    name: str = ""
    value_type: str = ""
    mandatory: bool = False
    indexed: bool = False
    unique: bool = False
    value_restriction: ValueRestriction | None = None


class Referenced(Record):
    """What a foreign key leads to: an attribute of a PROFILE_TABLE or CUSTOM_TABLE. Source: Actito, custom tables."""

    table_type: str = ""
    table_id: str = ""
    attribute: str = ""


class ForeignKey(Record):
    """A link to another table. Source: Actito, custom tables."""

    name: str = ""
    attribute: str = ""
    reference: Referenced | None = None
    on_delete: str = ""


class TriggerRule(Record):
    """When a change of a record triggers an event. Source: Actito, custom tables."""

    on_operation: str = ""
    on_any_attribute: Many[str] = []
    matching_conditions: dict[str, Any] = {}


class TableEvent(Record):
    """An event that changes of records trigger, and that scenarios wait for. Source: Actito, custom tables."""

    name: str = ""
    trigger_rules: Many[TriggerRule] = []


class CustomTable(Record):
    """A custom table, read and sent alike; `id` is a UUID, given by Actito.

    Source: Actito, custom tables. Inferred: the name of the cleaning rules.
    """

    id: str = ""
    name: str = ""
    type: str = ""
    primary_key_attribute: str = ""
    creation_time_attribute: str = ""
    big_table: bool = False
    attributes: Many[CustomAttribute] = []
    foreign_keys: Many[ForeignKey] = []
    events_to_trigger: Many[TableEvent] = []
    cleaning_rules: Many[OpenObject] = []


class ListCustomTables(EntityRequest[Annotated[Many[CustomTable], Wrapped("customTables")]]):
    """List the custom tables of an entity with their structure.

    Source: Actito, custom tables. Inferred: the key of the list.
    """

    method, path, operation, category = (
        "GET",
        "/custom-table-structure/v5/entities/{entity}/custom-tables",
        "listCustomTables",
        "custom-table-structure",
    )
    confidence, right = "documented", "read_custom_table_structure"


class CreateCustomTable(EntityRequest[Stored]):
    """Create a custom table. No route drops one.

    Source: the code of a public client. Inferred: the answer.
    """

    method, path, operation, category = (
        "POST",
        "/custom-table-structure/v5/entities/{entity}/custom-tables",
        "createCustomTable",
        "custom-table-structure",
    )
    confidence, right = "observed", "write_custom_table_structure"
    targets = ("custom_table", "entity", "table_name")

    table: Annotated[CustomTable, Body()]

    @property
    def table_name(self) -> str:
        return self.table.name


class GetCustomTable(EntityRequest[CustomTable]):
    """Read the structure of a custom table.

    Source: Actito, custom tables.
    """

    method, path, operation, category = (
        "GET",
        "/custom-table-structure/v5/entities/{entity}/custom-tables/{customTableId}",
        "getCustomTable",
        "custom-table-structure",
    )
    confidence, right = "documented", "read_custom_table_structure"

    custom_table_id: Annotated[Segment, Path("customTableId")]


class RequestCustomTableChange(EntityRequest[Outcome]):
    """Ask for a change of the structure of a custom table, such as `{"type": "ADD_ATTRIBUTE", "attribute": {...}}`.

    It can break what feeds and reads the table. Tables of the e-commerce add-on belong to their connector.

    Source: the code of a public client. Inferred: body and answer.
    """

    method, path, operation, category = (
        "POST",
        "/custom-table-structure/v5/entities/{entity}/custom-tables/{customTableId}/change-requests",
        "requestCustomTableChange",
        "custom-table-structure",
    )
    confidence, right = "observed", "write_custom_table_structure"
    targets = ("custom_table", "entity", "custom_table_id")

    custom_table_id: Annotated[Segment, Path("customTableId")]
    change: Annotated[dict[str, Any], Body(), Field(min_length=1)]


class ListCustomTablesV4(EntityRequest[OpenObject]):
    """List the custom tables of an entity, by the older route.

    Source: Actito, web services related to custom tables. Inferred: the prefix; the answer is unknown.
    """

    method, path, operation, category = (
        "GET",
        "/custom-table-structure/v4/entity/{entity}/customTable",
        "listCustomTablesV4",
        "custom-table-structure",
    )
    confidence, right = "inferred", "read_custom_table_structure"


class GetCustomTableV4(CustomTableRequest[OpenObject]):
    """Read the structure of a custom table, by the older route.

    Source: Actito, web services related to custom tables; the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = (
        "GET",
        "/custom-table-structure/v4/entity/{entity}/customTable/{customTable}",
        "getCustomTableV4",
        "custom-table-structure",
    )
    confidence, right = "observed", "read_custom_table_structure"
