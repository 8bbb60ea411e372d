"""Loading the rows of a CSV file into a table, each under the rules of a single write.

The layout of import definitions is not documented. Understood are `separator` and `encoding`, which the notes name in
words; the first line of the file has the names of the attributes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import json_text
from sandbox.actito import profiles, records
from sandbox.actito.profiles import Change
from sandbox.actito.structure import CustomTable, ProfileTable
from sandbox.actito.work import Work, invalid
from sandbox.multipart import Part
from sandbox.refusals import Refused

Table = ProfileTable | CustomTable


@dataclass(frozen=True)
class Loaded:
    """How many rows a file had, and the line and reason of each that was not loaded."""

    rows: int
    errors: list[tuple[int, str]]


def definition(part: Part) -> dict[str, Any]:
    """The JSON object in the part `parameters`; 400 for anything else."""
    try:
        content = json_text.parse(part.content.decode("utf-8"))
    except ValueError:
        raise invalid("The part parameters is not a JSON document") from None
    if not isinstance(content, dict):
        raise invalid("The part parameters is not a JSON object")
    return content


def check_size(work: Work, part: Part) -> None:
    """400 for a file above the limit (contract: E400)."""
    if len(part.content) > work.switches.actito_upload_max_bytes:
        raise invalid(f"The file is larger than {work.switches.actito_upload_max_bytes} bytes")


def load(work: Work, table: Table, data: bytes, settings: Mapping[str, Any]) -> Loaded:
    """Load a file; rows that break a rule are left out and told. 400 for a file that can't be read at all."""
    encoding = settings.get("encoding", "utf-8")
    separator = settings.get("separator")
    try:
        text = data.decode(encoding if isinstance(encoding, str) else "utf-8").removeprefix("\ufeff")
    except (LookupError, ValueError):
        raise invalid("The file does not have the encoding of its definition") from None
    if not isinstance(separator, str) or len(separator) != 1:
        separator = ";" if ";" in text.partition("\n")[0] else ","
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if line]
    except (csv.Error, ValueError, TypeError):
        raise invalid("The file is no CSV file") from None
    if not lines:
        raise invalid("The file has no line with the names of the attributes")
    names, *rows = lines
    errors = []
    for number, row in enumerate(rows, start=2):
        try:
            _load_row(work, table, names, row)
        except Refused as refused:
            errors.append((number, refused.message))
    return Loaded(len(rows), errors)


def _load_row(work: Work, table: Table, names: list[str], row: list[str]) -> None:
    if len(row) != len(names):
        raise invalid(f"The line has {len(row)} columns instead of {len(names)}")
    if isinstance(table, CustomTable):
        properties = [{"name": name, "value": text} for name, text in zip(names, row, strict=True)]
        records.save(work, table, records.given(table, {"properties": properties}))
        return
    change = Change()
    for name, text in zip(names, row, strict=True):
        change.set_attribute(table, name, text)
    profiles.save(work, table, change)
