"""Operations that read target cells."""

from __future__ import annotations

import sqlite3
from contextlib import closing


def test_cells_come_in_the_order_of_the_spreadsheet_with_their_control_cell(site):
    cells = site.cells(2001)
    assert [cell["cellDisplayOrder"] for cell in cells] == sorted(cell["cellDisplayOrder"] for cell in cells)
    by_id = {cell["reference"]["id"]: cell for cell in cells}
    treated = by_id[8002]
    control = by_id[8001]
    assert treated["controlCellReference"] == control["reference"]
    assert treated["controlCellCode"] == control["cellCode"]
    assert treated["controlCellName"] == control["name"]
    assert treated["controlCellDispOrder"] == control["cellDisplayOrder"]
    assert (control["isControlCell"], control["controlCellReference"], control["offerInfo"]) == (True, None, [])
    assert treated["flowChart"] == {"componentTypeEnum": "FLOWCHART", "id": 902}
    assert treated["offerInfo"][0] == site.offer(5013)
    assert treated["attributes"][0]["name"] == "target_size"
    assert site.get("/v1/targetcells", campaignid=999).status_code == 404


def test_run_results_have_the_latest_run_of_each_cell_that_ran(site):
    answer = site.get("/v1/targetcells/runresults", cellid=[8002, 8001])
    assert [result["sourceReference"]["id"] for result in answer.json()] == [8002, 8001]
    assert answer.json()[1]["runId"] >= 70001
    assert answer.json()[1]["statusEnum"] == "SUCCEEDED"
    new = site.new_cell(2001, name="Never ran")["reference"]["id"]
    assert site.get("/v1/targetcells/runresults", cellid=new).json() == []
    assert site.get("/v1/targetcells/runresults", cellid=[8001, 9]).status_code == 404


def test_of_several_runs_the_latest_counts(start, tmp_path):
    file = tmp_path / "sandbox.sqlite"
    first = start(database=str(file))
    before = first.get("/v1/targetcells/runresults", cellid=8001).json()[0]
    first.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO runs (id, cell_id, type, status) VALUES (99999, 8001, 'TEST_PROCESS', 'RUNNING')"
        )
    after = start(database=str(file)).get("/v1/targetcells/runresults", cellid=8001).json()
    assert [result["runId"] for result in after] == [99999]
    assert (after[0]["statusEnum"], after[0]["count"], before["statusEnum"]) == ("RUNNING", None, "SUCCEEDED")
