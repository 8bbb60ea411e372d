"""The retired bulk imports of v4, and the reading of their results."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile

from sandbox import json_text
from sandbox.actito.loading import Table, check_size, definition, load
from sandbox.actito.structure import custom_table, profile_table_by_name
from sandbox.actito.work import Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.multipart import Part
from sandbox.reading import Arguments
from sandbox.refusals import Refused

_DATE = (2026, 11, 20, 9, 0, 0)


@operation("importProfilesV4")
def import_profiles(work: Work, arguments: Arguments) -> Answer:
    """POST .../table/{table}/import."""
    return _import(work, profile_table_by_name(work, arguments["table"]), arguments)


@operation("importRecordsV4")
def import_records(work: Work, arguments: Arguments) -> Answer:
    """POST .../customTable/{customTable}/import."""
    return _import(work, custom_table(work, arguments["customTable"], by_name=True), arguments)


@operation("getImportResultV4")
def get_result(work: Work, arguments: Arguments) -> Answer:
    """GET .../import/{importId}/result: there at once; only the first two keys are documented."""
    row = _found(work, arguments)
    errors = json_text.parse(row["errors"])
    return one({"withErrors": bool(errors), "rowsInError": len(errors), "rows": row["row_count"]})


@operation("getImportResultFileV4")
def get_result_file(work: Work, arguments: Arguments) -> Answer:
    """GET .../import/{importId}/result-file: a zip with a CSV file of the lines in error."""
    row = _found(work, arguments)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("line", "error"))
    writer.writerows(json_text.parse(row["errors"]))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"import-{row['id']}-errors.csv", _DATE), text.getvalue())
    name = f"import-{row['id']}-result.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Answer(200, buffer.getvalue(), "application/zip", headers)


def _import(work: Work, table: Table, arguments: Arguments) -> Answer:
    target = f"{type(table).__name__} {table.id}"
    done = work.rows("SELECT 1 FROM actito_imports WHERE target = ? AND by_api", target)
    if len(done) >= work.switches.actito_bulk_per_day:
        raise Refused(429, f"The table {table.name} has had its {len(done)} bulk calls of the day")
    settings = definition(arguments["parameters"])
    check_size(work, arguments["inputFile"])
    loaded = load(work, table, _unzipped(work, arguments["inputFile"]), settings)
    id_ = work.insert(
        "actito_imports",
        entity=work.entity,
        target=target,
        row_count=loaded.rows,
        errors=json_text.dump(loaded.errors),
        by_api=1,
    )
    return one({"id": id_})


def _unzipped(work: Work, part: Part) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(part.content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) != 1 or entries[0].file_size > work.switches.actito_upload_max_bytes:
                raise invalid("inputFile has to be a zip with one CSV file")
            return archive.read(entries[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise invalid("inputFile is no zip file") from None


def _found(work: Work, arguments: Arguments) -> sqlite3.Row:
    row = work.row("SELECT * FROM actito_imports WHERE entity = ? AND id = ?", work.entity, arguments["importId"])
    if row is None:
        raise not_found("Import", arguments["importId"])
    return row
