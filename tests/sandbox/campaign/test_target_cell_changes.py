"""Operations that create, change and delete target cells."""

from __future__ import annotations

import pytest


def reference(kind, id_):
    return {"componentTypeEnum": kind, "id": id_}


def offers(*ids):
    return [{"reference": reference("OFFER", id_), "name": "x"} for id_ in ids]


def update(site, id_, campaignid=None, **cell):
    more = {} if campaignid is None else {"campaignid": campaignid}
    return site.form(
        "PUT", "/v1/targetcells/update", targetcell={"reference": reference("TCS_CELL", id_), **cell}, **more
    )


def test_creating_with_the_least(site):
    answer = site.form("POST", "/v1/targetcells", campaignid=2001, targetcell={"name": "Plain"})
    assert isinstance(answer.json(), str)
    cell = site.cells(2001)[-1]
    assert (cell["name"], cell["isControlCell"], cell["isCellTopDown"], cell["isCellReadOnly"]) == (
        "Plain",
        False,
        True,
        False,
    )
    assert cell["cellCode"] == "A000008401"
    assert cell["offerInfo"] == cell["attributes"] == []


def test_creating_with_everything(site):
    cell = site.new_cell(
        2001,
        name="Full",
        description="d",
        cellCode="OWN",
        controlCellReference=reference("TCS_CELL", 8001),
        isCellTopDown=False,
        cellStatus=False,
        cellApproved=2,
        cellDisplayOrder=99,
        flowChart=reference("FLOWCHART", 911),
        flowchartName="Select",
        offerInfo=offers(5002, 5001, 5002),
        attributes=[{"name": "target_size", "valueAsObject": 10}],
    )
    assert (cell["cellCode"], cell["description"], cell["flowchartName"]) == ("OWN", "d", "Select")
    assert (cell["isCellTopDown"], cell["cellStatus"], cell["cellApproved"], cell["cellDisplayOrder"]) == (
        False,
        False,
        2,
        99,
    )
    assert cell["controlCellReference"] == reference("TCS_CELL", 8001)
    assert [offer["reference"]["id"] for offer in cell["offerInfo"]] == [5002, 5001]
    assert cell["attributes"][0]["valueAsObject"] == 10


@pytest.mark.parametrize(
    "cell",
    [
        {"name": ""},
        {"cellCode": "A000008001"},
        {"cellCode": "x" * 33},
        {"isControlCell": True, "offerInfo": offers(5001)},
        {"isControlCell": True, "controlCellReference": reference("TCS_CELL", 8001)},
        {"controlCellReference": reference("TCS_CELL", 8002)},
        {"controlCellReference": reference("TCS_CELL", 8010)},
        {"controlCellReference": reference("OFFER", 8001)},
        {"offerInfo": offers(9)},
        {"offerInfo": offers(5004)},
        {"offerInfo": [{"reference": reference("CAMPAIGN", 2001), "name": "x"}]},
        {"flowChart": reference("OFFER", 1)},
        {"attributes": [{"name": "budget", "valueAsObject": 1}]},
        {"attributes": "x"},
    ],
)
def test_a_cell_that_can_not_be_is_400_and_not_created(site, cell):
    site.form("POST", "/v1/offers/retire", offerids=[5004])
    before = len(site.cells(2001))
    assert site.form("POST", "/v1/targetcells", campaignid=2001, targetcell={"name": "x", **cell}).status_code == 400
    assert len(site.cells(2001)) == before


def test_the_control_cell_of_the_refused_example_belongs_to_another_campaign(site):
    control = next(cell for cell in site.cells(2002) if cell["isControlCell"])
    assert control["reference"]["id"] == 8010


def test_the_campaign_must_exist_and_the_name_be_given(site):
    assert site.form("POST", "/v1/targetcells", campaignid=9, targetcell={"name": "x"}).status_code == 404
    assert site.form("POST", "/v1/targetcells", campaignid=2001, targetcell={"description": "x"}).status_code == 400


def test_a_code_is_unique_within_its_campaign_only(site):
    assert site.new_cell(2002, name="Other campaign", cellCode="A000008001")["cellCode"] == "A000008001"


def test_changing_keeps_what_is_left_out(site):
    before = {cell["reference"]["id"]: cell for cell in site.cells(2001)}[8002]
    assert isinstance(update(site, 8002, description="Other").json(), str)
    after = {cell["reference"]["id"]: cell for cell in site.cells(2001)}[8002]
    assert after == {**before, "description": "Other"}
    assert site.form("PUT", "/v1/targetcells/update", targetcell=after, campaignid=2001).status_code == 200
    assert {cell["reference"]["id"]: cell for cell in site.cells(2001)}[8002] == after


def test_offers_are_replaced_and_retired_ones_stay_assigned(site):
    site.form("POST", "/v1/offers/retire", offerids=[5013, 5014])
    assert update(site, 8002, offerInfo=offers(5013, 5001)).status_code == 200
    assert update(site, 8002, offerInfo=offers(5014)).status_code == 400
    cell = {cell["reference"]["id"]: cell for cell in site.cells(2001)}[8002]
    assert [offer["reference"]["id"] for offer in cell["offerInfo"]] == [5013, 5001]
    assert update(site, 8002, offerInfo=[]).status_code == 200
    assert {cell["reference"]["id"]: cell for cell in site.cells(2001)}[8002]["offerInfo"] == []


def test_changes_that_can_not_be(site):
    assert update(site, 9, name="x").status_code == 404
    assert update(site, 8002, campaignid=2002, name="x").status_code == 400
    assert update(site, 8002, isControlCell=True).status_code == 400
    assert update(site, 8001, isControlCell=False).status_code == 400
    assert update(site, 8002, cellCode="A000008001").status_code == 400
    assert update(site, 8002, name=" ").status_code == 400
    assert site.form("PUT", "/v1/targetcells/update", targetcell={"name": "x"}).status_code == 400
    wrong = {"reference": reference("OFFER", 8002)}
    assert site.form("PUT", "/v1/targetcells/update", targetcell=wrong).status_code == 400


def test_read_only_cells_can_neither_change_nor_go(site):
    cell = site.new_cell(2001, name="Fixed", isCellReadOnly=True)["reference"]["id"]
    assert update(site, cell, description="x").status_code == 400
    assert site.delete(f"/v1/targetcells/{cell}").status_code == 400
    assert site.form("POST", "/v1/targetcells/delete", cellid=[8002, cell]).status_code == 400
    values = [{"name": "target_size", "valueAsObject": 1}]
    assert site.form("PUT", f"/v1/attributes/update/TCS_CELL/{cell}", attributes=values).status_code == 400
    assert 8002 in [found["reference"]["id"] for found in site.cells(2001)]


def test_deleting_one_and_several(site):
    assert isinstance(site.delete("/v1/targetcells/8002").json(), str)
    assert site.delete("/v1/targetcells/8002").status_code == 404
    assert site.form("POST", "/v1/targetcells/delete", cellid=[8003, 9]).status_code == 404
    assert site.form("POST", "/v1/targetcells/delete", cellid=[8003, 8004]).status_code == 200
    assert not {8002, 8003, 8004} & {cell["reference"]["id"] for cell in site.cells(2001)}


def test_cells_outlive_their_control_cell(site):
    assert site.delete("/v1/targetcells/8001").status_code == 200
    cell = {cell["reference"]["id"]: cell for cell in site.cells(2001)}[8002]
    assert (cell["controlCellReference"], cell["controlCellCode"]) == (None, None)
