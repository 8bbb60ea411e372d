"""ETL definitions, executions that advance when they are read, and the retired imports of v4."""

from __future__ import annotations

import io
import zipfile

import pytest

ETLS = "/mass-imports/v5/entities/MeridianBank/etls"
RUNS = "/mass-imports/v5/entities/MeridianBank/etl-executions"
V4 = "/mass-imports/v4/entity/MeridianBank"
PROFILES = "/profiles/v5/entities/MeridianBank/profile-tables/16/profiles"


def test_etls_are_listed_read_and_created(desk, refused):
    assert [etl["name"] for etl in desk.read(ETLS)["etls"]] == ["CustomerSync", "CardPaymentsDaily", "BranchUpload"]
    assert desk.read(f"{ETLS}/123458") == {
        "id": "123458",
        "name": "BranchUpload",
        "type": "TRIGGERED_BY_API",
        "active": False,
    }
    refused(desk.get(f"{ETLS}/123460"), 404)
    refused(desk.post(ETLS, {"name": "CustomerSync", "type": "SCHEDULED"}), 400, "already has")
    refused(desk.post(ETLS, {"type": "SCHEDULED"}), 400, "needs a name")
    refused(desk.post(ETLS, {"name": "X", "type": "WEEKLY"}), 400, "TRIGGERED_BY_API")


def test_executions_have_ended_well_with_errors_or_not_at_all(desk):
    runs = {run["id"]: run for run in desk.read(RUNS)["etlExecutions"]}
    assert runs["123654981"]["status"] == "SUCCESS"
    assert runs["123654982"]["status"] == "WITH_ERROR"
    assert runs["123654982"]["loadings"][0]["rowsInError"] == 3
    assert runs["123654983"]["status"] == "FAILED"
    assert runs["123654987"]["status"] == "RUNNING"
    assert "endMoment" not in runs["123654987"]


def test_an_execution_advances_by_being_read_and_not_by_being_listed(desk, parameters):
    id_ = desk.upload(RUNS, parameters=parameters(name="x")).json()["id"]
    assert isinstance(id_, str)

    def listed():
        return next(run["status"] for run in desk.read(RUNS)["etlExecutions"] if run["id"] == id_)

    assert [listed(), listed()] == ["PENDING", "PENDING"]
    assert [desk.read(f"{RUNS}/{id_}")["status"] for _ in range(4)] == ["PENDING", "RUNNING", "SUCCESS", "SUCCESS"]
    assert listed() == "SUCCESS"


def test_a_one_shot_execution_loads_its_file_and_tells_the_wrong_lines(desk, table, parameters):
    data = table(
        ("emailAddress", "firstName", "loyaltyPoints"),
        ("ada.larkin@example.org", "Ada Maria", "4300"),
        ("fresh@example.org", "Fresh", ""),
        ("not an address", "X", "1"),
        ("other@example.org", "X", "many"),
        ("short@example.org", "X"),
    )
    answer = desk.upload(RUNS, inputFile=("a.csv", data), parameters=parameters(targetTable="Customers"))
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"{RUNS}/{answer.json()['id']}")
    for _ in range(2):
        desk.read(f"{RUNS}/{answer.json()['id']}")
    run = desk.read(f"{RUNS}/{answer.json()['id']}")
    assert run["status"] == "WITH_ERROR"
    assert run["loadings"][0]["rows"] == 5
    assert [error["line"] for error in run["loadings"][0]["errors"]] == [4, 5, 6]
    assert desk.read(f"{PROFILES}/100001")["attributes"]["firstName"] == "Ada Maria"
    assert desk.read(f"{PROFILES}/emailAddress=fresh%40example.org")["attributes"]["loyaltyPoints"] is None
    assert desk.get(f"{PROFILES}/emailAddress=short%40example.org").status_code == 404


def test_a_one_shot_execution_loads_records_or_only_counts(desk, table, parameters):
    data = table(("branchCode", "name"), ("BR901", "New"), ("", "Nameless"))

    def loadings(**settings):
        answer = desk.upload(RUNS, inputFile=("a.csv", data), parameters=parameters(**settings))
        return [desk.read(f"{RUNS}/{answer.json()['id']}") for _ in range(3)][-1]["loadings"]

    assert loadings() == [{"rows": 2, "rowsInError": 0, "errors": []}]
    record = "/custom-data/v4/entity/MeridianBank/customTable/Branches/record/BR901"
    assert desk.get(record).status_code == 404
    assert (loadings(targetTable="Branches")[0]["rowsInError"], desk.get(record).status_code) == (1, 200)


@pytest.mark.parametrize("data", [b"", b"a" * 200_000])
def test_files_without_lines_that_can_be_read(desk, parameters, data):
    answer = desk.upload(RUNS, inputFile=("a.csv", data), parameters=parameters(targetTable="Branches"))
    assert [desk.read(f"{RUNS}/{answer.json()['id']}") for _ in range(3)][-1]["status"] == "FAILED"


def test_a_file_that_can_not_be_read_ends_as_failed(desk, parameters):
    answer = desk.upload(RUNS, inputFile=("a.csv", b"\xff\xfe"), parameters=parameters(targetTable="Customers"))
    states = [desk.read(f"{RUNS}/{answer.json()['id']}")["status"] for _ in range(3)]
    assert states == ["PENDING", "RUNNING", "FAILED"]


def test_definitions_that_are_none(desk, refused):
    refused(desk.upload(RUNS, parameters=("p.json", b"[]")), 400, "JSON object")
    refused(desk.upload(RUNS, parameters=("p.json", b"{")), 400, "JSON document")
    files = {"inputFile": ("a.csv", b"a"), "parameters": ("p.json", b'{"targetTable": "Nothing"}')}
    refused(desk.upload(RUNS, **files), 400, "has no table")
    desk.site.switch(actito_upload_max_bytes=0)
    refused(desk.upload(RUNS, inputFile=("a.csv", b"a"), parameters=("p.json", b"{}")), 400, "larger")


def test_a_v4_import_has_a_result_and_a_file_of_it(desk, zipped, table, parameters):
    data = table(
        ("branchCode", "name", "counters"), ("BR001", "Renamed", "3"), ("BR777", "New", "x"), ("BR778", "N", 1)
    )
    files = {"inputFile": ("b.zip", zipped({"b.csv": data})), "parameters": parameters(separator=";")}
    id_ = desk.upload(f"{V4}/customTable/Branches/import", **files).json()["id"]
    assert isinstance(id_, int)
    assert desk.read(f"{V4}/import/{id_}/result") == {"withErrors": True, "rowsInError": 1, "rows": 3}
    answer = desk.get(f"{V4}/import/{id_}/result-file")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (name,) = archive.namelist()
        assert archive.read(name).decode().splitlines()[1].startswith("3;Attribute 'counters'")
    branches = "/custom-data/v4/entity/MeridianBank/customTable/Branches/record"
    assert {"name": "name", "value": "Renamed"} in desk.read(f"{branches}/BR001")["properties"]
    assert desk.get(f"{branches}/BR777").status_code == 404
    assert desk.get(f"{branches}/BR778").status_code == 200


@pytest.mark.parametrize("content", [b"emailAddress\na@example.org", b"PK\x05\x06" + b"\0" * 18, b""])
def test_an_input_that_is_no_zip_with_one_file_is_400(desk, refused, parameters, content):
    files = {"inputFile": ("b.zip", content), "parameters": parameters()}
    refused(desk.upload(f"{V4}/table/Customers/import", **files), 400, "zip")


def test_the_demo_imports_and_unknown_ones(desk, refused):
    assert desk.read(f"{V4}/import/1000125/result")["rowsInError"] == 2
    assert desk.read(f"{V4}/import/1000126/result")["withErrors"] is False
    refused(desk.get(f"{V4}/import/1/result"), 404)
    refused(desk.get("/mass-imports/v4/entity/LarkDirect/import/1000125/result"), 404)


def test_a_line_of_several_profiles_changes_none_of_them(desk, table, parameters):
    data = table(("emailAddress", "customerNumber"), ("ada.larkin@example.org", "MB00000002"))
    answer = desk.upload(RUNS, inputFile=("a.csv", data), parameters=parameters(targetTable="Customers"))
    states = [desk.read(f"{RUNS}/{answer.json()['id']}") for _ in range(3)]
    assert "different profiles" in states[-1]["loadings"][0]["errors"][0]["message"]
    assert desk.read(f"{PROFILES}/customerNumber=MB00000002")["profileId"] == 100002
