"""Operations on campaigns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.campaign import attribute_values, folders, standard_attributes
from sandbox.campaign.codes import LONGEST
from sandbox.campaign.definitions import CAMPAIGN
from sandbox.campaign.work import Work, operation
from sandbox.json_text import quote
from sandbox.reading import BODY, Arguments
from sandbox.refusals import invalid

_SORTABLE = {
    "id": "id",
    "name": "name",
    "description": "description",
    "campaignCode": "code",
    "initiative": "initiative",
    "objectives": "objectives",
    "securityPolicy": "security_policy",
    "creatorFlag": "creator",
    "createByUserId": "created_by_id",
    "createdByUser": "created_by",
    "createDate": "create_ms",
    "startDate": "start_ms",
    "endDate": "end_ms",
    "lastRunDate": "last_run_ms",
    "projectID": "project_id",
}
"""Field of CampaignInfo to column; which fields the product sorts on is not documented, any scalar is assumed."""

_PLAIN = {
    "description": "description",
    "initiative": "initiative",
    "objectives": "objectives",
    "securityPolicy": "security_policy",
}


@operation("getCampaigns")
def list_campaigns(work: Work, arguments: Arguments) -> str:
    """GET /v1/campaigns: all, or those with a code or in a folder; an unknown code gives an empty array."""
    conditions, values = _in_folder(work, arguments)
    if "code" in arguments:
        conditions.append("code = ?")
        values.append(arguments["code"])
    return _array(work, _select(work, conditions, values, arguments.get("sort")))


@operation("searchCampaigns")
def search_campaigns(work: Work, arguments: Arguments) -> str:
    """POST /v1/campaigns/search: campaigns that meet all criteria.

    A criterion is met when the campaign has one of its values, exactly; without values, when it has none.
    """
    conditions, values = _in_folder(work, arguments)
    tests = [_test(work, attribute) for attribute in arguments.get("attributes", ())]
    rows = _select(work, conditions, values, arguments.get("sort"))
    return _array(work, (row for row in rows if all(test(row) for test in tests)))


@operation("getCampaign")
def get_campaign(work: Work, arguments: Arguments) -> str:
    """GET /v1/campaigns/{campaignid}."""
    return view(work, _row(work, arguments["campaignid"]))


@operation("generateCampaignCode")
def generate_code(work: Work, arguments: Arguments) -> str:
    """GET /v1/campaigns/code: a free code, another one at each call."""
    return quote(work.codes.campaign())


@operation("getCampaignMetrics")
def get_metrics(work: Work, arguments: Arguments) -> str:
    """GET /v1/campaigns/metrics: contacts and responses by type; none for a campaign that never ran."""
    row = _row(work, arguments["campaignid"])
    total = work.connection.execute("SELECT total_contacts FROM metrics WHERE campaign_id = ?", (row["id"],)).fetchone()
    responses = work.connection.execute(
        "SELECT * FROM metric_responses WHERE campaign_id = ? ORDER BY position", (row["id"],)
    )
    return json_text.dump(
        {
            "totalContacts": total["total_contacts"] if total else 0,
            "responses": [
                {"responseType": r["response_type"], "displayName": r["display_name"], "count": r["count"]}
                for r in responses
            ],
        }
    )


@operation("createCampaign")
def create_campaign(work: Work, arguments: Arguments) -> str:
    """POST /v1/campaigns: the new campaign; a code is generated unless one is given."""
    given = arguments["campaign"] if "campaign" in arguments else arguments[BODY]
    if "name" not in given:
        raise invalid("A campaign needs a name")
    columns = {"security_policy": "Global", "start_ms": None, "end_ms": None, **_columns(work, given)}
    _check_dates(columns["start_ms"], columns["end_ms"])
    columns.setdefault("code", work.codes.campaign() if "campaignCode" not in given else None)
    columns["attributes"] = json_text.dump(attribute_values.read(work, given.get("attributes", ()), CAMPAIGN))
    columns |= {
        "create_ms": work.clock.milliseconds(),
        "created_by_id": work.account.user_id,
        "created_by": work.account.name,
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    id_ = work.connection.execute(
        f"INSERT INTO campaigns ({names}) VALUES ({marks})",
        tuple(columns.values()),
    ).lastrowid
    assert id_ is not None
    return view(work, _row(work, id_))


@operation("updateCampaign")
def update_campaign(work: Work, arguments: Arguments) -> str:
    """PUT /v1/campaigns/{campaignid}: the campaign after the change; fields left out keep their value."""
    row = _row(work, arguments["campaignid"])
    given = arguments["campaign"] if "campaign" in arguments else arguments[BODY]
    columns = _columns(work, given, row["id"])
    _check_dates(columns.get("start_ms", row["start_ms"]), columns.get("end_ms", row["end_ms"]))
    if "attributes" in given:
        values = {**json_text.parse(row["attributes"]), **attribute_values.read(work, given["attributes"], CAMPAIGN)}
        columns["attributes"] = json_text.dump(values)
    for name, value in columns.items():
        work.connection.execute(f"UPDATE campaigns SET {name} = ? WHERE id = ?", (value, row["id"]))
    return view(work, _row(work, row["id"]))


@operation("deleteCampaign")
def delete_campaign(work: Work, arguments: Arguments) -> str:
    """DELETE /v1/campaigns/{campaignid}: the campaign with its cells, runs and metrics."""
    return _delete(work, [arguments["campaignid"]])


@operation("deleteCampaigns")
def delete_campaigns(work: Work, arguments: Arguments) -> str:
    """POST /v1/campaigns/delete: all of them, or none when one is unknown."""
    return _delete(work, arguments["campaignid"])


def check_dates_of(row: sqlite3.Row, column: str, value: int | None) -> None:
    """400 when a new start or end would leave a campaign that ends before it starts."""
    moments = {"start_ms": row["start_ms"], "end_ms": row["end_ms"], column: value}
    _check_dates(moments["start_ms"], moments["end_ms"])


def view(work: Work, row: sqlite3.Row) -> str:
    """JSON text of a CampaignInfo."""
    head = {
        "id": row["id"],
        "reference": {"componentTypeEnum": "CAMPAIGN", "id": row["id"]},
        "name": row["name"],
        "description": row["description"],
        "campaignCode": row["code"],
        "initiative": row["initiative"],
        "objectives": row["objectives"],
        "securityPolicy": row["security_policy"],
        "creatorFlag": row["creator"],
        "createByUserId": row["created_by_id"],
        "createdByUser": row["created_by"],
        "createDate": work.moment(row["create_ms"]),
        "startDate": work.moment(row["start_ms"]),
        "endDate": work.moment(row["end_ms"]),
        "lastRunDate": work.moment(row["last_run_ms"]),
        "projectID": row["project_id"],
    }
    return f'{json_text.dump(head)[:-1]},"attributes":{attribute_values.text(work, row["attributes"])}}}'


def _array(work: Work, rows: Iterable[sqlite3.Row]) -> str:
    return f"[{','.join([view(work, row) for row in rows])}]"


def _row(work: Work, id_: int) -> sqlite3.Row:
    return work.known("campaigns", "Campaign", [id_])[0]


def _in_folder(work: Work, arguments: Arguments) -> tuple[list[str], list[Any]]:
    folder_id = folders.check(work, arguments.get("folderId"), "campaign")
    return ([], []) if folder_id is None else (["folder_id = ?"], [folder_id])


def _select(work: Work, conditions: list[str], values: list[Any], sort: str | None) -> list[sqlite3.Row]:
    order = "id"
    if sort is not None:
        name = sort.lstrip("+-")
        if name not in _SORTABLE:
            raise invalid(f"Campaigns can't be sorted on {name[:40]!r}; there are: {', '.join(_SORTABLE)}")
        order = f"{_SORTABLE[name]} {'DESC' if sort.startswith('-') else 'ASC'}, id"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return work.connection.execute(f"SELECT * FROM campaigns {where} ORDER BY {order}", values).fetchall()


def _test(work: Work, attribute: Mapping[str, Any]) -> Callable[[sqlite3.Row], bool]:
    definition = attribute_values.required_definition(work, attribute["name"], CAMPAIGN)
    wanted = [
        attribute_values.typed(definition.metadata, v, work.dates) for v in attribute_values.given_values(attribute)
    ]
    column = standard_attributes.column(CAMPAIGN, definition.name)

    def test(row: sqlite3.Row) -> bool:
        stored = row[column] if column else json_text.parse(row["attributes"]).get(definition.name)
        values = stored if isinstance(stored, list) else [] if stored is None else [stored]
        return any(value in wanted for value in values) if wanted else not values

    return test


def _columns(work: Work, given: Mapping[str, Any], id_: int | None = None) -> dict[str, Any]:
    """The columns that the given fields set; 400 for a value that can't be."""
    columns: dict[str, Any] = {column: given[field] for field, column in _PLAIN.items() if field in given}
    if "name" in given:
        if not given["name"].strip():
            raise invalid("A campaign needs a name")
        columns["name"] = given["name"]
    if "campaignCode" in given:
        code = given["campaignCode"]
        if not code.strip() or len(code) > LONGEST:
            raise invalid(f"A campaign code has 1 to {LONGEST} characters")
        if work.exists("SELECT 1 FROM campaigns WHERE code = ? AND id IS NOT ?", code, id_):
            raise invalid(f"The campaign code {code} is taken", "CODE_TAKEN")
        columns["code"] = code
    if "folderId" in given:
        columns["folder_id"] = folders.check(work, given["folderId"], "campaign")
    for field, column in (("startDate", "start_ms"), ("endDate", "end_ms")):
        if field in given:
            try:
                columns[column] = work.dates.read(given[field])
            except ValueError as error:
                raise invalid(f"{field}: {error}") from None
    return columns


def _check_dates(start: int | None, end: int | None) -> None:
    if start is not None and end is not None and end <= start:
        raise invalid("endDate must be after startDate", "INVALID_ATTRIBUTE")


def _delete(work: Work, ids: Iterable[int]) -> str:
    rows = work.known("campaigns", "Campaign", ids)
    for row in rows:
        work.connection.execute("DELETE FROM campaigns WHERE id = ?", (row["id"],))
    return quote(f"Campaigns deleted: {len(rows)}")
