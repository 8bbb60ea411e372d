"""Records of custom tables, in the API custom data: orders, visits, shops. A write can start scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from upstream.actito.objects import ByName, NamedValue, Outcome, Stored, Wrapped, named
from upstream.actito.routes import CustomTableRequest
from upstream.actito.segments import Segment
from upstream.record import Entry, Many, Record
from upstream.request import Body, Path, Query

_RECORDS = "/custom-data/v4/entity/{entity}/customTable/{customTable}/record"


class CustomRecord(Record):
    """A record: its values by name. Source: the Actito SDK."""

    properties: Annotated[dict[str, Any], ByName] = {}


class RecordInput(Entry):
    """A record as it is sent. Source: the Actito SDK."""

    properties: list[NamedValue]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> RecordInput:
        """A record with these values by name."""
        return cls(properties=named(values))


class SearchRecords(CustomTableRequest[Annotated[Many[CustomRecord], Wrapped("records")]]):
    """Search records by the value of one field, `number` of them at most.

    Neither offset nor total is known: an answer of `number` records may be cut.

    Source: the Actito SDK, a public client. Inferred: that there is no more than `number`.
    """

    method, path, operation, category = "GET", _RECORDS, "searchRecords", "custom-data"
    confidence, right = "observed", "read_custom_data"

    search_field: Annotated[str | None, Query("searchField")] = None
    search_value: Annotated[str | None, Query("searchValue")] = None
    sorted_field: Annotated[str | None, Query("sortedField")] = None
    ascending: Annotated[bool | None, Query()] = None
    number: Annotated[int | None, Query()] = None


class UpsertRecord(CustomTableRequest[Stored]):
    """Create a record, or change the one with the same business key.

    Source: Actito, data synchronisation of custom tables. Inferred: the status of the answer.
    """

    method, path, operation, category = "POST", _RECORDS, "upsertRecord", "custom-data"
    confidence, right = "documented", "write_custom_data"

    record: Annotated[RecordInput, Body()]


class GetRecord(CustomTableRequest[CustomRecord]):
    """Read a record by the value of its business key, or its technical id.

    Source: Actito, data synchronisation of custom tables; the code of a public client.
    """

    method, path, operation, category = "GET", _RECORDS + "/{recordId}", "getRecord", "custom-data"
    confidence, right = "observed", "read_custom_data"

    record_id: Annotated[Segment, Path("recordId")]


class UpdateRecord(CustomTableRequest[Stored]):
    """Change a record.

    Source: the Actito SDK, a public client. Inferred: the answer.
    """

    method, path, operation, category = "PUT", _RECORDS + "/{recordId}", "updateRecord", "custom-data"
    confidence, right = "observed", "write_custom_data"

    record_id: Annotated[Segment, Path("recordId")]
    record: Annotated[RecordInput, Body()]


class DeleteRecord(CustomTableRequest[Outcome]):
    """Delete a record.

    Source: Actito, data synchronisation of custom tables; the code of a public client.
    """

    method, path, operation, category = "DELETE", _RECORDS + "/{recordId}", "deleteRecord", "custom-data"
    confidence, right = "observed", "write_custom_data"
    targets = ("record", "entity", "custom_table", "record_id")

    record_id: Annotated[Segment, Path("recordId")]
