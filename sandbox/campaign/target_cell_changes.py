"""Operations that create, change and delete target cells.

Rules (notes, section 6): a control cell has neither offers nor a control cell of its own; a control cell belongs to
the same campaign; read-only cells can't be changed or deleted; codes are unique within a campaign; retired offers
and lists can't be assigned anew, while those already assigned stay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.campaign import attribute_values
from sandbox.campaign.definitions import TCS_CELL
from sandbox.campaign.work import Work, operation
from sandbox.json_text import quote
from sandbox.reading import Arguments
from sandbox.refusals import Refused, invalid

_TABLES = {"OFFER": "offers", "OFFER_LIST": "offer_lists"}
_FLAGS = {
    "isControlCell": "is_control",
    "isCellReadOnly": "read_only",
    "isCellTopDown": "top_down",
    "cellStatus": "status",
}
_PLAIN = {"cellApproved": "approved", "cellDisplayOrder": "display_order"}

_Assigned = list[tuple[str, int]]


@operation("createTargetCells")
def create_cell(work: Work, arguments: Arguments) -> str:
    """POST /v1/targetcells: one cell at the end of the spreadsheet unless it says where; its code is generated."""
    campaign = work.known("campaigns", "Campaign", [arguments["campaignid"]])[0]
    given = arguments["targetcell"]
    if "name" not in given:
        raise invalid("A target cell needs a name")
    query = "SELECT coalesce(max(display_order), 0) + 1 FROM cells WHERE campaign_id = ?"
    order = work.connection.execute(query, (campaign["id"],)).fetchone()[0]
    columns = {"display_order": order, "campaign_id": campaign["id"], **_columns(work, given, campaign["id"])}
    if "code" not in columns:
        columns["code"] = work.codes.cell()
    assigned = _assigned(work, given, present=())
    _check_control(columns.get("is_control"), columns.get("control_cell_id"), assigned)
    columns["attributes"] = json_text.dump(_attributes(work, given))
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    id_ = work.connection.execute(
        f"INSERT INTO cells ({names}) VALUES ({marks})",
        tuple(columns.values()),
    ).lastrowid
    assert id_ is not None
    _assign(work, id_, assigned)
    return quote(f"Target cell created: {given['name']}")


@operation("updateTargetCells")
def update_cell(work: Work, arguments: Arguments) -> str:
    """PUT /v1/targetcells/update: the cell `reference` names; fields left out keep their value."""
    given = arguments["targetcell"]
    reference = given.get("reference")
    if not reference or reference["componentTypeEnum"] != TCS_CELL:
        raise invalid("reference must name the target cell to change")
    row = work.known("cells", "Target cell", [reference["id"]])[0]
    if arguments.get("campaignid", row["campaign_id"]) != row["campaign_id"]:
        raise invalid(f"Target cell {row['id']} does not belong to campaign {arguments['campaignid']}")
    _check_writable(row)
    columns = _columns(work, given, row["campaign_id"], row)
    query = "SELECT kind, object_id FROM cell_offers WHERE cell_id = ? ORDER BY position"
    present: _Assigned = [(kind, id_) for kind, id_ in work.connection.execute(query, (row["id"],))]
    assigned = _assigned(work, given, present) if "offerInfo" in given else present
    _check_control(
        columns.get("is_control", row["is_control"]),
        columns.get("control_cell_id", row["control_cell_id"]),
        assigned,
    )
    controls = work.exists("SELECT 1 FROM cells WHERE control_cell_id = ?", row["id"])
    if controls and not columns.get("is_control", row["is_control"]):
        raise invalid(f"Target cell {row['id']} is the control cell of others")
    columns["attributes"] = json_text.dump({**json_text.parse(row["attributes"]), **_attributes(work, given)})
    for column, value in columns.items():
        work.connection.execute(f"UPDATE cells SET {column} = ? WHERE id = ?", (value, row["id"]))
    work.connection.execute("DELETE FROM cell_offers WHERE cell_id = ?", (row["id"],))
    _assign(work, row["id"], assigned)
    return quote(f"Target cell updated: {row['id']}")


@operation("deleteTargetCell")
def delete_cell(work: Work, arguments: Arguments) -> str:
    """DELETE /v1/targetcells/{cellid}."""
    return _delete(work, [arguments["cellid"]])


@operation("deleteTargetCells")
def delete_cells(work: Work, arguments: Arguments) -> str:
    """POST /v1/targetcells/delete: all of them, or none when one is unknown (404) or read-only (400)."""
    return _delete(work, arguments["cellid"])


def _delete(work: Work, ids: Iterable[int]) -> str:
    rows = work.known("cells", "Target cell", ids)
    for row in rows:
        _check_writable(row)
    for row in rows:
        work.connection.execute("UPDATE cells SET control_cell_id = NULL WHERE control_cell_id = ?", (row["id"],))
        work.connection.execute("DELETE FROM cells WHERE id = ?", (row["id"],))
    return quote(f"Target cells deleted: {len(rows)}")


def _check_writable(row: sqlite3.Row) -> None:
    if row["read_only"]:
        raise invalid(f"Target cell {row['id']} is read-only", "READ_ONLY")


def _check_control(is_control: Any, control_cell_id: int | None, assigned: _Assigned) -> None:
    if is_control and assigned:
        raise invalid("A control cell has no offers")
    if is_control and control_cell_id is not None:
        raise invalid("A control cell has no control cell of its own")


def _columns(work: Work, given: Mapping[str, Any], campaign_id: int, row: sqlite3.Row | None = None) -> dict[str, Any]:
    """The columns that the given fields set. Code, name and order of the control cell are derived, hence ignored."""
    columns: dict[str, Any] = {column: int(given[f]) for f, column in _FLAGS.items() if given.get(f) is not None}
    columns |= {column: given[field] for field, column in _PLAIN.items() if given.get(field) is not None}
    if "name" in given:
        if not given["name"].strip():
            raise invalid("A target cell needs a name")
        columns["name"] = given["name"]
    if "description" in given:
        columns["description"] = given["description"]
    if given.get("cellCode"):
        query = "SELECT 1 FROM cells WHERE campaign_id = ? AND code = ? AND id IS NOT ?"
        if work.exists(query, campaign_id, given["cellCode"], row["id"] if row else None):
            raise invalid(f"The cell code {given['cellCode']} is taken in this campaign", "CODE_TAKEN")
        columns["code"] = given["cellCode"]
    if "controlCellReference" in given:
        columns["control_cell_id"] = _control(work, given["controlCellReference"], campaign_id, row)
    if "flowChart" in given:
        flowchart = given["flowChart"]
        if flowchart is not None and flowchart["componentTypeEnum"] != "FLOWCHART":
            raise invalid("flowChart must refer to a FLOWCHART")
        columns["flowchart_id"] = flowchart["id"] if flowchart else None
    if "flowchartName" in given:
        columns["flowchart_name"] = given["flowchartName"]
    return columns


def _control(work: Work, reference: Mapping[str, Any] | None, campaign_id: int, row: sqlite3.Row | None) -> int | None:
    if reference is None:
        return None
    control = work.row("cells", reference["id"]) if reference["componentTypeEnum"] == TCS_CELL else None
    if control is None or control["campaign_id"] != campaign_id or not control["is_control"]:
        raise invalid("controlCellReference must be a control cell of the same campaign")
    if row is not None and control["id"] == row["id"]:
        raise invalid("A target cell can't be its own control cell")
    control_id: int = control["id"]
    return control_id


def _attributes(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    attributes = given.get("attributes")
    if isinstance(attributes, str) and attributes.strip():
        raise invalid("attributes must be an array")
    return attribute_values.read(work, attributes or (), TCS_CELL)


def _assigned(work: Work, given: Mapping[str, Any], present: Iterable[tuple[str, int]]) -> _Assigned:
    """Offers and lists to assign; 400 for unknown ones and for retired ones that were not assigned before."""
    before = set(present)
    assigned: _Assigned = []
    for item in given.get("offerInfo") or ():
        kind, id_ = item["reference"]["componentTypeEnum"], item["reference"]["id"]
        if kind not in _TABLES:
            raise invalid(f"offerInfo takes offers and offer lists, not {kind}")
        row = work.row(_TABLES[kind], id_)
        if row is None:
            raise invalid(f"There is no {kind} {id_}")
        if row["retired"] and (kind, id_) not in before:
            raise _retired(kind, id_)
        if (kind, id_) not in assigned:
            assigned.append((kind, id_))
    return assigned


def _retired(kind: str, id_: int) -> Refused:
    return invalid(f"{kind} {id_} is retired and can't be assigned", "RETIRED_OFFER")


def _assign(work: Work, cell_id: int, assigned: _Assigned) -> None:
    work.connection.executemany(
        "INSERT INTO cell_offers (cell_id, position, kind, object_id) VALUES (?, ?, ?, ?)",
        [(cell_id, position, kind, id_) for position, (kind, id_) in enumerate(assigned, start=1)],
    )
