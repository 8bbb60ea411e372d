"""Operations that read target cells and their run results."""

from __future__ import annotations

import sqlite3

from sandbox import json_text
from sandbox.campaign import attribute_values, offer_views
from sandbox.campaign.work import Work, operation
from sandbox.reading import Arguments


@operation("getTCSList")
def list_cells(work: Work, arguments: Arguments) -> str:
    """GET /v1/targetcells: the rows of the target cell spreadsheet of a campaign, in its order."""
    campaign = work.known("campaigns", "Campaign", [arguments["campaignid"]])[0]
    query = "SELECT * FROM cells WHERE campaign_id = ? ORDER BY display_order, id"
    rows = work.connection.execute(query, (campaign["id"],)).fetchall()
    by_id = {row["id"]: row for row in rows}
    return f"[{','.join([_view(work, row, by_id.get(row['control_cell_id'])) for row in rows])}]"


@operation("getRunResults")
def get_run_results(work: Work, arguments: Arguments) -> str:
    """GET /v1/targetcells/runresults: the latest run of each cell that has been run; 404 for unknown cells."""
    results = []
    for cell in work.known("cells", "Target cell", arguments["cellid"]):
        query = "SELECT * FROM runs WHERE cell_id = ? ORDER BY id DESC LIMIT 1"
        row = work.connection.execute(query, (cell["id"],)).fetchone()
        if row is not None:
            results.append(
                {
                    "sourceReference": {"componentTypeEnum": "TCS_CELL", "id": cell["id"]},
                    "flowchartName": row["flowchart_name"],
                    "flowchartId": row["flowchart_id"],
                    "runId": row["id"],
                    "typeEnum": row["type"],
                    "statusEnum": row["status"],
                    "statusCode": row["status_code"],
                    "statusMessage": row["status_message"],
                    "startDate": work.moment(row["start_ms"]),
                    "endDate": work.moment(row["end_ms"]),
                    "count": row["count"],
                }
            )
    return json_text.dump(results)


def _view(work: Work, row: sqlite3.Row, control: sqlite3.Row | None) -> str:
    """JSON text of a TargetCellInfo."""
    flowchart = row["flowchart_id"]
    head = {
        "reference": {"componentTypeEnum": "TCS_CELL", "id": row["id"]},
        "name": row["name"],
        "description": row["description"],
        "cellCode": row["code"],
        "isControlCell": bool(row["is_control"]),
        "controlCellReference": {"componentTypeEnum": "TCS_CELL", "id": control["id"]} if control else None,
        "controlCellCode": control["code"] if control else None,
        "controlCellName": control["name"] if control else None,
        "controlCellDispOrder": control["display_order"] if control else None,
        "isCellReadOnly": bool(row["read_only"]),
        "isCellTopDown": bool(row["top_down"]),
        "cellStatus": bool(row["status"]),
        "cellApproved": row["approved"],
        "cellDisplayOrder": row["display_order"],
        "flowChart": {"componentTypeEnum": "FLOWCHART", "id": flowchart} if flowchart is not None else None,
        "flowchartName": row["flowchart_name"],
    }
    attributes = attribute_values.text(work, row["attributes"])
    return f'{json_text.dump(head)[:-1]},"offerInfo":{_assigned(work, row["id"])},"attributes":{attributes}}}'


def _assigned(work: Work, cell_id: int) -> str:
    texts = []
    query = "SELECT kind, object_id FROM cell_offers WHERE cell_id = ? ORDER BY position"
    for kind, object_id in work.connection.execute(query, (cell_id,)).fetchall():
        table, view = ("offers", offer_views.offer) if kind == "OFFER" else ("offer_lists", offer_views.list_as_offer)
        row = work.row(table, object_id)
        if row is not None:
            texts.append(view(work, row))
    return f"[{','.join(texts)}]"
