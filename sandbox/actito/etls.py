"""ETL definitions and executions. An execution is shown as pending, then as running, then as what it came to.

The state advances when the execution itself is read, not when it is listed and not by the clock. The layout of a
definition is not documented: one-shot executions load their file where the definition names a table of the entity in
`targetTable`, as campaigns do, and else only count its rows.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox import json_text
from sandbox.actito.loading import Loaded, Table, check_size, definition, load
from sandbox.actito.structure import CustomTable, find_profile_table
from sandbox.actito.work import Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments
from sandbox.refusals import Refused

TYPES = ("SCHEDULED", "TRIGGERED", "TRIGGERED_BY_API")
_UNDER_WAY = ("PENDING", "RUNNING")


@operation("listEtls")
def list_etls(work: Work, arguments: Arguments) -> Answer:
    """GET .../etls."""
    rows = work.rows("SELECT * FROM actito_etls WHERE entity = ? ORDER BY id", work.entity)
    return one({"etls": [view(row) for row in rows]})


@operation("getEtl")
def get_etl(work: Work, arguments: Arguments) -> Answer:
    """GET .../etls/{etlId}."""
    return one(view(_found(work, "actito_etls", "ETL", arguments["etlId"])))


@operation("createEtl")
def create_etl(work: Work, arguments: Arguments) -> Answer:
    """POST .../etls: name and type are needed, all other keys are kept as they come."""
    body = arguments[BODY]
    name = body.get("name")
    if not name or body.get("type") not in TYPES:
        raise invalid(f"An ETL needs a name, and a type out of {', '.join(TYPES)}")
    if work.row("SELECT 1 FROM actito_etls WHERE entity = ? AND name = ?", work.entity, name) is not None:
        raise invalid(f"The entity already has an ETL {name[:60]!r}")
    kept = {"active": True, **{key: value for key, value in body.items() if key not in ("id", "name")}}
    id_ = work.insert("actito_etls", entity=work.entity, name=name, definition=json_text.dump(kept))
    return work.created(f"/mass-imports/v5/entities/{work.entity}/etls/{id_}", str(id_))


@operation("createOneShotEtlExecution")
def run_one_shot(work: Work, arguments: Arguments) -> Answer:
    """POST .../etl-executions: what it comes to is settled at once and told step by step."""
    done = work.rows("SELECT 1 FROM actito_etl_executions WHERE one_shot")
    if len(done) >= work.switches.actito_etl_per_day:
        raise Refused(429, f"The licence has had its {len(done)} ETL executions of the day")
    settings = definition(arguments["parameters"])
    status, loadings = "SUCCESS", []
    if "inputFile" in arguments:
        check_size(work, arguments["inputFile"])
        table = _target(work, settings)
        if table is not None:
            try:
                loaded = load(work, table, arguments["inputFile"].content, settings)
            except Refused as refused:
                loaded = Loaded(0, [(1, refused.message)])
                status = "FAILED"
            else:
                status = "WITH_ERROR" if loaded.errors else "SUCCESS"
            loadings = [_loading(table.name, loaded)]
        else:
            rows = max(len(arguments["inputFile"].content.splitlines()) - 1, 0)
            loadings = [{"rows": rows, "rowsInError": 0, "errors": []}]
    id_ = work.insert(
        "actito_etl_executions",
        entity=work.entity,
        etl_id=None,
        status=status,
        started=work.now(),
        ended=None,
        loadings=json_text.dump(loadings),
        one_shot=1,
    )
    return work.created(f"/mass-imports/v5/entities/{work.entity}/etl-executions/{id_}", str(id_))


@operation("listEtlExecutions")
def list_executions(work: Work, arguments: Arguments) -> Answer:
    """GET .../etl-executions: the newest first; reading the list does not make them advance."""
    rows = work.rows("SELECT * FROM actito_etl_executions WHERE entity = ? ORDER BY id DESC", work.entity)
    return one({"etlExecutions": [execution_view(row, row["readings"]) for row in rows]})


@operation("getEtlExecution")
def get_execution(work: Work, arguments: Arguments) -> Answer:
    """GET .../etl-executions/{etlExecutionId}: each reading takes it a step on."""
    row = _found(work, "actito_etl_executions", "ETL execution", arguments["etlExecutionId"])
    readings, ended = row["readings"] + 1, row["ended"]
    if readings >= len(_UNDER_WAY):
        ended = ended or work.now()
    work.update("actito_etl_executions", row["id"], readings=readings, ended=ended)
    return one(execution_view(row, row["readings"]))


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Etl of the contract."""
    return {"id": str(row["id"]), "name": row["name"], **json_text.parse(row["definition"])}


def execution_view(row: sqlite3.Row, readings: int) -> dict[str, Any]:
    """EtlExecution of the contract, as it is after so many readings."""
    answer: dict[str, Any] = {"id": str(row["id"])}
    if row["etl_id"] is not None:
        answer["etlId"] = str(row["etl_id"])
    if readings < len(_UNDER_WAY):
        return {**answer, "status": _UNDER_WAY[readings], "startMoment": row["started"]}
    return {
        **answer,
        "status": row["status"],
        "startMoment": row["started"],
        "endMoment": row["ended"],
        "loadings": json_text.parse(row["loadings"]),
    }


def _target(work: Work, settings: dict[str, Any]) -> Table | None:
    name = settings.get("targetTable")
    if name is None:
        return None
    if not isinstance(name, str):
        raise invalid("targetTable is the name of a table")
    profile_table = find_profile_table(work, work.entity, name)
    if profile_table is not None:
        return profile_table
    row = work.row("SELECT * FROM actito_custom_tables WHERE entity = ? AND name = ?", work.entity, name)
    if row is None:
        raise invalid(f"The entity {work.entity} has no table {name[:60]!r}")
    return CustomTable.read(row)


def _loading(table: str, loaded: Loaded) -> dict[str, Any]:
    return {
        "table": table,
        "rows": loaded.rows,
        "rowsInError": len(loaded.errors),
        "errors": [{"line": line, "message": reason} for line, reason in loaded.errors[:100]],
    }


def _found(work: Work, table: str, kind: str, id_: str) -> sqlite3.Row:
    row = work.row(f"SELECT * FROM {table} WHERE entity = ? AND CAST(id AS TEXT) = ?", work.entity, id_)
    if row is None:
        raise not_found(kind, id_)
    return row
