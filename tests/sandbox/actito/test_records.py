"""Records of custom tables."""

from __future__ import annotations

import pytest

BASE = "/custom-data/v4/entity/MeridianBank/customTable"
PAYMENTS = f"{BASE}/CardPayments/record"
BRANCHES = f"{BASE}/Branches/record"


def record(**values):
    return {"properties": [{"name": name, "value": value} for name, value in values.items()]}


def plain(answer):
    return {item["name"]: item["value"] for item in answer["properties"]}


@pytest.fixture(scope="module")
def shared(open_desk):
    return open_desk()


def test_a_record_is_read_by_key_or_technical_id_with_values_as_texts(shared):
    found = plain(shared.read(f"{PAYMENTS}/PAY-2026-000001"))
    assert found["customerId"] == "100001"
    assert isinstance(found["amount"], str)
    assert plain(shared.read(f"{PAYMENTS}/1001")) == found
    assert plain(shared.read(f"{BASE}/a4aa57cd-64c4-49bc-a17b-34ac8dfa76f8/record/BR001"))["name"] == "Branch 001"


def test_search_by_field_sorted_and_capped(shared):
    rows = [plain(row) for row in shared.read(PAYMENTS, searchField="customerId", searchValue="100001")["records"]]
    assert {row["customerId"] for row in rows} == {"100001"}
    query = {"searchField": "status", "searchValue": "REFUNDED", "sortedField": "amount", "number": 5}
    up = [float(plain(row)["amount"]) for row in shared.read(PAYMENTS, **query, ascending="true")["records"]]
    down = [float(plain(row)["amount"]) for row in shared.read(PAYMENTS, **query, ascending="false")["records"]]
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert len(up) == len(down) == 5
    assert down[0] > up[0]
    assert len(shared.read(PAYMENTS)["records"]) == 1000


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"searchField": "colour", "searchValue": "red"}, "does not exist"),
        ({"searchField": "status"}, "go together"),
        ({"searchValue": "x"}, "go together"),
        ({"searchField": "amount", "searchValue": "much"}, "takes a number"),
        ({"sortedField": "colour"}, "does not exist"),
        ({"number": -1}, "1 or more"),
    ],
)
def test_searches_that_fail(shared, query, word):
    answer = shared.get(PAYMENTS, **query)
    assert answer.status_code == 400
    assert word in answer.text


def test_upsert_creates_then_changes(desk):
    body = record(paymentId="P-1", customerId="100001", amount="12.5", status="BOOKED")
    assert desk.post(PAYMENTS, body).json() == {"businessKey": "P-1"}
    assert plain(desk.read(f"{PAYMENTS}/P-1"))["paymentMoment"].startswith("2026-11-20T09:")
    assert desk.post(PAYMENTS, record(paymentId="P-1", status="REFUNDED", merchant=None)).status_code == 200
    found = plain(desk.read(f"{PAYMENTS}/P-1"))
    assert (found["status"], found["amount"]) == ("REFUNDED", "12.5")


def test_update_and_delete(desk, refused):
    assert desk.put(f"{BRANCHES}/BR002", record(town="Newtown")).json() == {"businessKey": "BR002"}
    assert plain(desk.read(f"{BRANCHES}/BR002"))["town"] == "Newtown"
    refused(desk.put(f"{BRANCHES}/BR002", record(branchCode="BR999")), 400, "can't change")
    assert desk.put(f"{BRANCHES}/BR002", record(branchCode="BR002")).status_code == 200
    answer = desk.delete(f"{BRANCHES}/BR002")
    assert (answer.status_code, answer.content) == (200, b"")
    refused(desk.delete(f"{BRANCHES}/BR002"), 404)
    refused(desk.put(f"{BRANCHES}/BR002", record(town="x")), 404)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"paymentId": None, "amount": 1}, "business key"),
        ({"paymentId": "N"}, "'customerId' is mandatory"),
        ({"paymentId": "N", "customerId": 1, "amount": 1}, "nothing has the key 1"),
        ({"paymentId": "N", "customerId": 103801, "amount": 1}, "nothing has the key"),
        ({"paymentId": "N", "customerId": 100001, "amount": 1, "branchCode": "BR999"}, "nothing has the key"),
        ({"paymentId": "N", "customerId": 100001, "amount": "much"}, "takes a number"),
        ({"paymentId": "N", "customerId": 100001, "amount": 1, "status": "LOST"}, "none of AUTHORISED"),
        ({"paymentId": "N" * 21, "customerId": 100001, "amount": 1}, "more than 20"),
        ({"paymentId": "PAY-2026-000001", "amount": None}, "'amount' is mandatory"),
        ({"paymentId": "PAY-2026-000001", "colour": "red"}, "does not exist"),
    ],
)
def test_the_structure_is_kept(shared, values, word):
    answer = shared.post(PAYMENTS, record(**values))
    assert answer.status_code == 400, answer.text
    assert word in answer.text


def test_other_unique_attributes_are_kept_unique(desk, refused):
    column = {"name": "iban", "valueType": "STRING", "unique": True}
    path = "/custom-table-structure/v5/entities/MeridianBank/custom-tables/a4aa57cd-64c4-49bc-a17b-34ac8dfa76f8"
    change = {"type": "ADD_ATTRIBUTE", "attribute": column}
    assert desk.post(f"{path}/change-requests", change).status_code == 200
    for _ in range(2):
        assert desk.put(f"{BRANCHES}/BR001", record(iban="X1")).status_code == 200
    refused(desk.put(f"{BRANCHES}/BR002", record(iban="X1")), 400, "already has this value")
    refused(desk.post(BRANCHES, record(branchCode="BR900", name="x", iban="X1")), 400, "already has this value")


def test_unknown_tables_and_tables_of_the_other_brand_are_404(shared):
    assert shared.get(f"{BASE}/Nothing/record").status_code == 404
    assert shared.get("/custom-data/v4/entity/LarkDirect/customTable/Branches/record").status_code == 404
