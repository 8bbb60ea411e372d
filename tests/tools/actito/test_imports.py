"""Finding imports and creating their definitions, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tools.actito.import_book import Loading, counted_today, errors_in_groups, latest_first, state_of
from tools.actito.import_reports import UNPACKED_BYTES, columns_of, members_of, rows_with
from tools.actito.privacy import without_people
from upstream.actito.imports import Etl, EtlExecution
from upstream.replies import File

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
BANK = {"entity": "MeridianBank"}


@pytest.mark.parametrize("paths", ["old", "prefixed"])
async def test_executions_are_listed_latest_first_in_words(assistant: Any, paths: str) -> None:
    async with assistant(actito_paths=paths, ACTITO__TIME_ZONE="Europe/Brussels") as ask:
        found = await ask("actito_imports_find", **BANK)
        assert [each["state"] for each in found.items] == [
            "running",
            "with errors",
            "succeeded",
            "failed",
            "with errors",
            "succeeded",
        ]
        newest, second, *_ = found.items
        assert (newest["name"], newest["id"], "rows" in newest) == ("CustomerSync", "123654987", False)
        assert second["rows"] == 3400 and second["in_error"] == 12 and second["started"] == "2026-11-18 03:00"
        assert "Europe/Brussels" in found.text
        assert (await ask("actito_imports_find", **BANK, state="running")).ids() == ["123654987"]
        assert (await ask("actito_imports_find", **BANK, state="failed")).ids() == ["123654983"]


async def test_a_definition_comes_with_its_executions(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        every = await ask("actito_imports_find", **BANK, what="definitions")
        assert [(each["name"], each["starts"], each["active"]) for each in every.items] == [
            ("CustomerSync", "by a schedule", True),
            ("CardPaymentsDaily", "by a file", True),
            ("BranchUpload", "by the API", False),
        ]
        for called in ("customersync", "123456"):
            one = await ask("actito_imports_find", **BANK, what="definitions", item=called)
            assert one.ids() == ["123654987", "123654986", "123654981"] and "starts: by a schedule" in one.text
        assert len(request_log(ask.sandbox, "getEtl")) == 2
        wrong = await ask("actito_imports_find", **BANK, what="definitions", item="CustomrSync")
        assert wrong.code == "not_found" and "CustomerSync (id 123456" in wrong.text
        elsewhere = await ask("actito_imports_find", entity="LarkDirect", what="definitions", item="123456")
        assert elsewhere.code == "not_found"
        both = await ask("actito_imports_find", **BANK, what="definitions", state="failed")
        assert both.code == "bad_argument"


async def test_an_execution_shows_its_errors_by_kind(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("actito_imports_find", **BANK, item="123654986")
        (kind,) = found.items
        assert kind["rows"] == 12 and kind["table"] == "Customers" and kind["lines"][:2] == [2, 9]
        assert kind["name"].startswith("Attribute 'emailAddress'") and "message" not in kind
        for said in ("state: with errors", "loaded: Customers: 3,400 rows, 12 in error", 'fields=["message"]'):
            assert said in found.text, found.text
        unknown = await ask("actito_imports_find", **BANK, item="99")
        assert unknown.code == "not_found" and "lacks the right" in unknown.text


async def test_the_report_of_a_v4_import_is_read(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        found = await ask("actito_imports_find", **BANK, what="v4", item="1000125")
        assert [each["line"] for each in found.items] == ["4", "9"] and "error" not in found.items[0]
        assert "rows: 120" in found.text and "state: with errors" in found.text
        assert "import-1000125-errors.csv (92 bytes, 2 lines)" in found.text
        named = await ask("actito_imports_find", **BANK, what="v4", item="1000125", fields=["error"])
        assert named.items[0]["error"] == "Attribute 'emailAddress' is mandatory"
        whole = await ask("actito_imports_find", **BANK, what="v4", item="1000125", fields=["file"])
        assert "9;The line has 3 columns" in whole.data["files"][0]["text"]
        good = await ask("actito_imports_find", **BANK, what="v4", item="1000126")
        assert "state: succeeded" in good.text and not good.items
        assert (await ask("actito_imports_find", **BANK, what="v4", item="7")).code == "not_found"
        assert (await ask("actito_imports_find", **BANK, what="v4")).code == "bad_argument"
        assert len(request_log(ask.sandbox, "getImportResultFileV4")) == 4


async def test_a_key_without_the_right_is_told_so(assistant: Any) -> None:
    async with assistant(ACTITO__API_KEY="sandbox-key-profiles", actito_mask_denied=True) as ask:
        answer = await ask("actito_imports_find", **BANK)
        assert answer.failed and "read_imports" in answer.text


def test_values_of_people_are_masked_in_messages() -> None:
    said = "bo.stone+x@example.com, phone +32 470 12 34 56 and 'Ada Larkin' don't fit 'lastName'"
    assert without_people(said) == "b***@example.com, phone ***56 and '***in' don't fit 'lastName'"
    errors = [{"line": 2, "message": "ada@example.org is no address"}, {"row": 9, "reason": "bo@example.org is none"}]
    loading = Loading.of({"tableName": "T", "total rows": 5, "rowsInError": 2, "errors": [*errors, "bare"], "x": 1})
    assert (loading.table, loading.rows, loading.in_error, loading.more) == ("T", 5, 2, {"x": 1})
    names = [row["name"] for row in errors_in_groups([loading], whole=False)]
    assert names == ["a***@example.org is no address", "b***@example.org is none", "bare"]
    assert "ada@" in errors_in_groups([loading], whole=True)[0]["name"]


def test_the_order_and_the_count_of_a_day() -> None:
    def execution(number: str, began: str, definition: str = "") -> EtlExecution:
        return EtlExecution(id=number, start_moment=began, etl_id=definition, status="LOADED_ODDLY")

    some = [
        execution("8", "2026-11-20T23:30:00Z"),
        execution("9", "2026-11-20T10:00:00Z", "1"),
        execution("10", ""),
        execution("11", "2026-11-20 09:00:00", "2"),
        execution("7", "20/11 at nine", "2"),
    ]
    assert [each.id for each in latest_first(some)] == ["10", "8", "9", "11", "7"], "of which nothing is known last"
    definitions = {"1": Etl(id="1", type="SCHEDULED"), "2": Etl(id="2", type="TRIGGERED")}
    today, unclear = counted_today(some, definitions, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert [each.id for each in today] == ["8", "11"] and unclear == 1
    assert state_of(some[0]) == "loaded oddly"


def test_reports_are_read_within_bounds_and_no_first_line_of_values_is_taken_for_names() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/rejected.csv", "ada@example.org;Ada\nbo@example.com;Bo\n")
        archive.writestr("huge.txt", b"a" * (3 * UNPACKED_BYTES))
        archive.writestr("errors.csv", "row,message\n7,ada@example.org is known\n")
    members = members_of(File(buffer.getvalue()))
    assert [each.name for each in members] == ["rejected.csv", "huge.txt", "errors.csv"]
    assert members[0].columns == ["column 1", "column 2"] and len(members[0].rows) == 2
    assert members[1].cut and len(members[1].data) == UNPACKED_BYTES
    columns, shown = columns_of(members)
    assert "row" in shown and "column 1" in columns and "column 1" not in shown
    rows = rows_with(members, shown)
    assert "example.org'" not in str(rows) and "Ada" not in str(rows)
    assert rows[-1]["name"] == "a***@example.org is known"
    assert rows_with(members, ["column 2"])[0]["column 2"] == "Ada"
    lines = "row,message\n7,Zé\n".encode()
    (member,) = members_of(File(lines + b"\n" * (UNPACKED_BYTES - len(lines) - 1) + "é".encode(), name="cut.csv"))
    assert member.data.endswith(b"\n\xc3") and member.rows[0]["message"] == "Zé", "it is cut within a letter"
    (broken,) = members_of(File(b"PK\x03\x04 no zip"))
    assert broken.problem and members_of(File(b"")) == []


# definitions


async def test_a_definition_is_created_inactive_and_without_a_question(assistant: Any, request_log: Log) -> None:
    settings = {"targetTable": "CardPayments", "fileNamePattern": "payments_*.csv"}
    made = {"name": "PaymentsWeekly", "starts": "schedule", "settings": settings, **BANK}
    async with assistant(TOOLSETS="all") as ask:
        done = await ask("actito_import_definitions_save", **made)
        assert done.result["status"] == "done" and "inactive" in done.result["reason"] and not ask.questions
        again = await ask("actito_import_definitions_save", **made)
        assert again.result["status"] == "already" and again.result["id"] == done.result["id"]
        assert len(request_log(ask.sandbox, "createEtl")) == 1
        seen = await ask("actito_imports_find", **BANK, what="definitions", item="PaymentsWeekly", fields=["settings"])
        assert "payments_*.csv" in seen.text and "active: no" in seen.text
        masked = await ask("actito_imports_find", **BANK, what="definitions", item="PaymentsWeekly")
        every = await ask("actito_imports_find", **BANK, what="definitions", item="PaymentsWeekly", fields=["all"])
        assert "are masked" in masked.text and "are masked" not in every.text
        one = await ask("actito_imports_find", **BANK, item="123654985", state="failed")
        assert one.code == "bad_argument" and "leave it out" in one.text
        own = await ask("actito_import_definitions_save", **{**made, "settings": {"type": "SCHEDULED"}})
        assert own.code == "bad_argument" and "as name, starts and active" in own.text


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_an_active_definition_or_a_second_of_a_name_asks(assistant: Any, request_log: Log, era: str) -> None:
    made = {"name": "Nightly", "starts": "file", "settings": {"targetTable": "Customers"}, **BANK}
    async with assistant(era=era, TOOLSETS="all") as ask:
        done = await ask("actito_import_definitions_save", **made, active=True)
        assert done.result["status"] == "done" and "imports by itself" in ask.questions[0]
        twin = await ask("actito_import_definitions_save", **made)
        assert "has a definition of this name" in ask.questions[1] and twin.data["status"] == "refused"
    async with assistant(era=era, reply="decline", TOOLSETS="all") as ask:
        declined = await ask("actito_import_definitions_save", **made, active=True)
        assert declined.data["status"] == "declined" and not request_log(ask.sandbox, "createEtl")


async def test_a_definition_whose_answer_is_lost_is_looked_for(assistant: Any, request_log: Log) -> None:
    made = {"name": "Lost", "starts": "api", "settings": {"targetTable": "Customers"}, **BANK}
    for kind, status in (("drop_after", "done"), ("drop_before", "unknown")):
        fault = {"kind": kind, "method": "POST", "path": "*/etls", "times": 1}
        async with assistant(TOOLSETS="all", faults=[fault]) as ask:
            done = await ask("actito_import_definitions_save", **made)
            assert done.result["status"] == status, done.text
            assert len(request_log(ask.sandbox, "createEtl")) == 1
