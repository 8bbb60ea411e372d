"""Mass imports: definitions (ETL) and their executions, and the bulk imports of v4, which Actito wanted to end in 2025.

An import overwrites in bulk, and what it changes can start scenarios. Actito takes 24 executions a day.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from upstream.actito.objects import OpenObject, Stored, Wrapped
from upstream.actito.routes import CustomTableRequest, EntityRequest, TableRequest
from upstream.actito.segments import Segment
from upstream.moment import Moment
from upstream.parts import Upload
from upstream.record import Many, Record
from upstream.replies import File
from upstream.request import Body, Part, Path

_ETLS = "/mass-imports/v5/entities/{entity}/etls"
_EXECUTIONS = "/mass-imports/v5/entities/{entity}/etl-executions"
_ACTIVE = re.compile(r"activ|enabl|^(state|status)$", re.IGNORECASE)


class Etl(Record):
    """The definition of an import, read and sent alike. `type` is SCHEDULED, TRIGGERED (by a file) or TRIGGERED_BY_API.

    Source: Actito, ETL for profile and custom tables, in words. Inferred: the names; all else is unknown.
    """

    id: str = ""
    name: str = ""
    type: str = ""
    active: bool | None = None

    @property
    def may_activate(self) -> list[str]:
        """The names besides `active` that may make it run by itself too: which name Actito heeds is inferred."""
        return [name for name in self.model_extra or {} if _ACTIVE.search(name)]


class EtlExecution(Record):
    """One run of an import. `status` is SUCCESS or WITH_ERROR in the end.

    Source: Actito, webhook triggers (id and these two). Inferred: PENDING, RUNNING, FAILED, the moments, the loadings.
    """

    id: str = ""
    etl_id: str = ""
    status: str = ""
    start_moment: Moment = None
    end_moment: Moment = None
    loadings: Many[OpenObject] = []


class ImportResult(Record):
    """The outcome of a v4 import. Source: the code of a public client, which reads these two."""

    with_errors: bool | None = None
    rows_in_error: int | None = None


class ListEtls(EntityRequest[Annotated[Many[Etl], Wrapped("etls")]]):
    """List the definitions of imports.

    Source: Actito, web services. Inferred: the key of the list.
    """

    method, path, operation, category = "GET", _ETLS, "listEtls", "mass-imports"
    confidence, right = "documented", "read_imports"


class CreateEtl(EntityRequest[Stored]):
    """Create the definition of an import; unless it is inactive, it runs by its schedule or with the next file.

    Source: Actito, ETL for profile and custom tables (that it can be done). Inferred: verb, path and body.
    """

    method, path, operation, category = "POST", _ETLS, "createEtl", "mass-imports"
    confidence, right = "inferred", "write_imports"
    targets = ("etl", "entity", "etl_name")

    etl: Annotated[Etl, Body()]

    @property
    def etl_name(self) -> str:
        return self.etl.name


class GetEtl(EntityRequest[Etl]):
    """Read the definition of an import.

    Source: Actito, webhook triggers (the address, as a link). Inferred: the verb.
    """

    method, path, operation, category = "GET", _ETLS + "/{etlId}", "getEtl", "mass-imports"
    confidence, right = "documented", "read_imports"

    etl_id: Annotated[Segment, Path("etlId")]


class CreateOneShotEtlExecution(EntityRequest[Stored]):
    """Run an import at once: a definition (JSON file), with the data (CSV) unless the definition says where they are.

    Source: Actito, v4 mass imports and migrating v4 imports. Inferred: the names of the parts, the answer.
    """

    method, path, operation, category = "POST", _EXECUTIONS, "createOneShotEtlExecution", "mass-imports"
    confidence, right = "documented", "write_imports"
    targets = ("import", "entity", "digest")

    parameters: Annotated[Upload, Part("parameters", "file")]
    input_file: Annotated[Upload | None, Part("inputFile", "file")] = None

    @property
    def digest(self) -> str:
        """What definition and data come down to."""
        return _digest(self.parameters, self.input_file)


class ListEtlExecutions(EntityRequest[Annotated[Many[EtlExecution], Wrapped("etlExecutions")]]):
    """List the runs of imports.

    Source: Actito, principle of ETL (that results can be retrieved). Inferred: verb, path, the key of the list.
    """

    method, path, operation, category = "GET", _EXECUTIONS, "listEtlExecutions", "mass-imports"
    confidence, right = "inferred", "read_imports"


class GetEtlExecution(EntityRequest[EtlExecution]):
    """Read the state of a run.

    Source: Actito, webhook triggers (the address, as a link). Inferred: the verb.
    """

    method, path, operation, category = "GET", _EXECUTIONS + "/{etlExecutionId}", "getEtlExecution", "mass-imports"
    confidence, right = "documented", "read_imports"

    etl_execution_id: Annotated[Segment, Path("etlExecutionId")]


class ImportProfilesV4(TableRequest[Stored]):
    """Import a zipped CSV (100 MB at most) into a profile table, by a definition that is a JSON file.

    Source: Actito, migrating v4 imports.
    """

    method, path, operation, category = (
        "POST",
        "/mass-imports/v4/entity/{entity}/table/{table}/import",
        "importProfilesV4",
        "mass-imports",
    )
    confidence, right = "documented", "write_imports"
    targets = ("profile_import", "entity", "table", "digest")

    input_file: Annotated[Upload, Part("inputFile", "file")]
    parameters: Annotated[Upload, Part("parameters", "file")]

    @property
    def digest(self) -> str:
        """What definition and data come down to."""
        return _digest(self.parameters, self.input_file)


class ImportRecordsV4(CustomTableRequest[Stored]):
    """Import a zipped CSV (100 MB at most) into a custom table, by a definition that is a JSON file.

    Source: Actito, v4 mass imports.
    """

    method, path, operation, category = (
        "POST",
        "/mass-imports/v4/entity/{entity}/customTable/{customTable}/import",
        "importRecordsV4",
        "mass-imports",
    )
    confidence, right = "documented", "write_imports"
    targets = ("record_import", "entity", "custom_table", "digest")

    input_file: Annotated[Upload, Part("inputFile", "file")]
    parameters: Annotated[Upload, Part("parameters", "file")]

    @property
    def digest(self) -> str:
        """What definition and data come down to."""
        return _digest(self.parameters, self.input_file)


class GetImportResultV4(EntityRequest[ImportResult]):
    """Read the outcome of a v4 import.

    Source: Actito, v4 mass imports; the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = (
        "GET",
        "/mass-imports/v4/entity/{entity}/import/{importId}/result",
        "getImportResultV4",
        "mass-imports",
    )
    confidence, right = "observed", "read_imports"

    import_id: Annotated[int, Path("importId")]


class GetImportResultFileV4(EntityRequest[File]):
    """Download the report of a v4 import, a zip.

    Source: Actito, v4 mass imports; the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = (
        "GET",
        "/mass-imports/v4/entity/{entity}/import/{importId}/result-file",
        "getImportResultFileV4",
        "mass-imports",
    )
    confidence, right = "observed", "read_imports"

    import_id: Annotated[int, Path("importId")]


def _digest(*files: Upload | None) -> str:
    known = hashlib.sha256()
    for each in files:
        known.update(hashlib.sha256(each.content).digest() if each else b"-")
    return known.hexdigest()[:32]
