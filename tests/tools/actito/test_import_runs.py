"""Running imports, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.server.mcpserver import Context

from tools.actito import import_watch
from tools.actito.import_watch import Reading, Started, told
from tools.actito.zips import zipped
from tools.change import Change, Outcome

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
BANK = {"entity": "MeridianBank"}
RUN = "createOneShotEtlExecution"
ROWS = "emailAddress;firstName\nada.larkin@example.org;Ada\nzoe.quill@example.org;Zoe\n"
GOOD = {**BANK, "definition": {"name": "Spring leads", "targetTable": "Customers"}, "csv": ROWS}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_watch, "POLL_SECONDS", 0.01)


def fault(kind: str, path: str = "*/etl-executions", method: str = "POST", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "method": method, "path": path, "times": 1, **more}


@pytest.mark.parametrize("era", ERAS)
async def test_the_question_counts_and_shows_nobody_and_the_import_is_watched(
    assistant: Any, request_log: Log, caplog: pytest.LogCaptureFixture, era: str
) -> None:
    caplog.set_level(logging.DEBUG)
    async with assistant(era=era) as ask:
        done = await ask("actito_imports_run", **GOOD)
        (question,) = ask.questions
        for said in (
            "- Spring leads: entity: MeridianBank",
            "table: Customers; rows: 2; size:",
            "columns: 2 (emailAddress, firstName)",
            "a licence has 24 a day",
            "Import 123654987 is running",
            "can start scenarios",
            "no import can be stopped",
        ):
            assert said in question, question
        assert done.text.splitlines()[0].endswith(": 1 succeeded."), done.text
        assert done.result["after"]["rows"] == 2 and "succeeded: 2 rows, none in error" in done.result["reason"]
        assert len(request_log(ask.sandbox, RUN)) == 1
        assert len(request_log(ask.sandbox, "getEtlExecution")) == 3, "seen under way, so the first end is believed"
        listed = await ask("actito_imports_find", **BANK)
        assert any(each["name"] == "one-shot import" and each["id"] == done.result["id"] for each in listed.items)
        for said in (question, done.text, str(done.data), caplog.text):
            assert "larkin" not in said and "Zoe" not in said


async def test_rows_in_error_are_told_by_kind_and_all_of_them_are_a_failure(assistant: Any) -> None:
    async with assistant() as ask:
        some = await ask("actito_imports_run", **{**GOOD, "csv": ROWS + "nobody;Bo\n"})
        assert some.text.splitlines()[0].endswith(": 1 with errors.") and some.data["status"] == "done"
        assert "1 of 3 rows were not loaded" in some.result["reason"] and "takes an e-mail" in some.result["reason"]
        assert f'item="{some.result["id"]}"' in some.result["reason"]
        stored = await ask("actito_profiles_find", **BANK, table="Customers", profiles=["zoe.quill@example.org"])
        assert len(stored.items) == 1
        none = await ask("actito_imports_run", **{**GOOD, "csv": "emailAddress\nnobody\n"})
        assert none.data["status"] == "refused" and none.text.splitlines()[0].endswith(": 1 failed.")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"csv": "emailAdress;firstName\nada@example.org;Ada\n"}, "nearest: emailAddress"),
    ({"csv": "ada@example.org;Ada\nbo@example.com;Bo\n"}, "None of the 2 columns"),
    ({"csv": "emailAddress;updateMoment\na@example.org;x\n"}, "written by Actito itself"),
    ({"csv": "emailAddress\n"}, "needs at least one row"),
    ({"csv": "emailAddress;emailAddress\na;b\n"}, "Columns 1, 2 have the same name"),
    ({"definition": {}}, "A stored definition runs by its schedule"),
    ({"definition": {"targetTable": "Customers", "encoding": "utf-9"}}, "not known: 'utf-9'"),
    ({"files": ["rows.csv"]}, "Give the rows once"),
    ({"csv": "", "files": ["rows.csv"]}, "give the rows in csv"),
    ({"csv": 'emailAddress;firstName\n"a@example.org;Ada\nb@example.org;Bo\n'}, "its quotes don't fit"),
    ({"table": "Custmers"}, "Customers"),
]


async def test_what_can_not_go_well_is_told_before_anything_is_sent(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for change, said in REFUSED:
            answer = await ask("actito_imports_run", **{**GOOD, **change})
            assert answer.code in ("bad_argument", "not_found") and said in answer.text, answer.text
            assert "example.org" not in answer.text and not ask.questions
        assert not [each for each in request_log(ask.sandbox) if each["method"] == "POST"]


async def test_columns_that_the_definition_maps_fit(assistant: Any) -> None:
    mapped = {"load": [{"target": "CardPayments", "mapping": [{"column": "Number", "attribute": "paymentId"}]}]}
    async with assistant() as ask:
        seen = await ask("actito_imports_run", **BANK, definition=mapped, csv="Number\nPAY-1\n", dry_run=True)
        assert "table: CardPayments" in seen.text and "Mandatory for new rows" in seen.text
        assert "No column identifies" not in seen.text
        other = {"location": "sftp://files.example.org/in"}
        loose = await ask("actito_imports_run", **BANK, definition=other, csv="Ada;Larkin \nx;y\n", dry_run=True)
        assert "names no table" in loose.text and "Larkin" not in loose.text and "with them: column 2" in loose.text
        remote = await ask("actito_imports_run", **BANK, definition=other, dry_run=True)
        assert "rows: where the definition says" in remote.text


async def test_files_of_an_allowed_folder_are_sent(assistant: Any, tmp_path: Path, request_log: Log) -> None:
    (tmp_path / "etl.json").write_text(json.dumps(GOOD["definition"]), encoding="utf-8")
    (tmp_path / "leads.csv").write_bytes("emailAddress;firstName\nzoé@example.org;Zoé\n".encode("latin-1"))
    async with assistant(UPLOAD_FOLDERS=str(tmp_path)) as ask:
        seen = await ask("actito_imports_run", **BANK, files=["etl.json", "leads.csv"], dry_run=True)
        assert "table: Customers; rows: 1" in seen.text and "is not UTF-8" in seen.text and "right: é" in seen.text
        alone = await ask("actito_imports_run", **BANK, files=["leads.csv"])
        assert alone.code == "bad_argument" and not request_log(ask.sandbox, RUN)
        (tmp_path / "etl.json").write_text("[]", encoding="utf-8")
        assert "one JSON object" in (await ask("actito_imports_run", **BANK, files=["etl.json"])).text


@pytest.mark.parametrize(("settings", "table"), [({}, "Customers"), ({"ACTITO__API": "v4"}, "")])
async def test_v4_imports_go_zipped_into_the_table(
    assistant: Any, request_log: Log, settings: dict[str, str], table: str
) -> None:
    async with assistant(**settings) as ask:
        done = await ask("actito_imports_run", **{**GOOD, "csv": ROWS + "nobody;Bo\n", "table": table})
        assert "by: v4 import" in ask.questions[0] and "12 a day for a table" in ask.questions[0]
        assert "1 of 3 rows were not loaded" in done.text and 'what="v4"' in done.text
        assert request_log(ask.sandbox, "importProfilesV4") and not request_log(ask.sandbox, RUN)
        assert len(request_log(ask.sandbox, "getImportResultV4")) == 2, "two readings in a row tell the same"
        records = {"definition": {"mode": "x"}, "csv": "branchCode;name\nBR001;Ashwick\n", "table": "Branches"}
        sent = await ask("actito_imports_run", **BANK, **records)
        assert sent.data["status"] == "done" and len(request_log(ask.sandbox, "importRecordsV4")) == 1, sent.text


async def test_the_settings_can_demand_v5(assistant: Any) -> None:
    async with assistant(ACTITO__API="v5") as ask:
        assert "leave table out" in (await ask("actito_imports_run", **{**GOOD, "table": "Customers"})).text


async def test_nothing_runs_without_a_yes_or_when_the_day_is_used_up(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        assert (await ask("actito_imports_run", **GOOD)).data["status"] == "declined"
        assert not request_log(ask.sandbox, RUN)
    async with assistant(actito_etl_per_day=0) as ask:
        full = await ask("actito_imports_run", **GOOD)
        assert full.data["status"] == "refused" and "24 one-shot and triggered executions a day" in full.text
        assert len(request_log(ask.sandbox, RUN)) == 1, "what reaches customers is not sent again, not even after a 429"
    async with assistant(faults=[fault("status", status=409)]) as ask:
        assert "under way may hold it up" in (await ask("actito_imports_run", **GOOD)).text
    async with assistant(faults=[fault("status", "*/table/Customers/import", status=404)]) as ask:
        assert "to end in June 2025" in (await ask("actito_imports_run", **GOOD, table="Customers")).result["reason"]


async def test_a_lost_answer_is_never_sent_again(assistant: Any, request_log: Log) -> None:
    for kind, status, said in (
        ("drop_after", "done", "the answer was lost, but most likely import 123654988 succeeded"),
        ("drop_before", "unknown", "no new execution is there now"),
    ):
        async with assistant(faults=[fault(kind)]) as ask:
            done = await ask("actito_imports_run", **GOOD)
            assert done.data["status"] == status and said in done.text, done.text
            assert len(request_log(ask.sandbox, RUN)) == 1
    async with assistant(faults=[fault("drop_after", "*/table/Customers/import")]) as ask:
        old = await ask("actito_imports_run", **GOOD, table="Customers")
        assert old.data["status"] == "unknown" and "no list of imports" in old.text


async def test_readings_that_fail_and_tokens_that_die_do_not_end_the_watching(
    assistant: Any, monkeypatch: pytest.MonkeyPatch, request_log: Log
) -> None:
    monkeypatch.setattr(import_watch, "POLL_SECONDS", 0.15)
    path = "*/etl-executions/*"
    faults = [fault("status", path, "GET", status=404), fault("html", path, "GET", skip=1)]
    async with assistant(actito_token_life=0.12, faults=faults) as ask:
        done = await ask("actito_imports_run", **GOOD)
        assert "succeeded" in done.text.splitlines()[0], done.text
        assert len(request_log(ask.sandbox, "getAccessToken")) > 1


async def test_watching_ends_while_the_import_is_known_to_go_on(
    assistant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_watch, "WATCH_SECONDS", 0.2)
    monkeypatch.setattr(import_watch, "POLL_SECONDS", 0.15)
    async with assistant() as ask:
        done = await ask("actito_imports_run", **GOOD)
        assert done.data["status"] == "done" and "not over yet (waiting)" in done.text
        started = await ask("actito_imports_run", **GOOD, wait=False)
        assert "started as import" in started.text and "actito_imports_find(item=" in started.text


@pytest.mark.parametrize("era", ERAS)
async def test_a_cancellation_ends_the_watching_and_not_the_import(
    assistant: Any, monkeypatch: pytest.MonkeyPatch, request_log: Log, era: str
) -> None:
    """The server's side of the progress is heard: a client that has cancelled hears no more."""
    first, last = anyio.Event(), anyio.Event()
    words: list[str] = []
    report = Context.report_progress

    async def heard(self: Any, done: float, total: float | None = None, message: str | None = None) -> None:
        await report(self, done, total, message)
        words.append(message or "")
        monkeypatch.setattr(import_watch, "POLL_SECONDS", 300.0)
        (last if "no longer watched" in words[-1] else first).set()

    monkeypatch.setattr(Context, "report_progress", heard)
    async with assistant(era=era) as ask:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask.client.call_tool, "actito_imports_run", GOOD)
                await first.wait()
                tasks.cancel_scope.cancel()
            await last.wait()
        assert "It goes on" in words[-1] and 'item="123654988"' in words[-1]
        assert len(request_log(ask.sandbox, RUN)) == 1


def test_what_is_told_of_ends_that_are_odd() -> None:
    started = Outcome(Change("actito", "import", "run", "x", "E/1"), "done", id="7")

    def of(reading: Reading | None, sent: int | None = 2, ends: int = 2, **after: Any) -> Outcome:
        outcome = Outcome(started.change, "done", "guessed.", "7", after=after)
        return told(outcome, Started("E", "7", reading=reading, ends=ends), None, sent)

    assert of(None).status == "unknown"
    odd = of(Reading("archived", ended=False), ends=0)
    assert "'archived', a state not known here" in odd.reason and odd.status == "done" and not odd.ended
    assert "checking once more" in of(Reading("succeeded", ended=True), ends=1).reason
    fewer = of(Reading("succeeded", ended=True, rows=1, in_error=0))
    assert "it read 1 rows, the file has 2" in fewer.reason and fewer.ended == "succeeded"
    assert of(Reading("succeeded", ended=True, rows=1), answer="lost").status == "unknown"
    assert of(Reading("failed", ended=True, failed=True)).status == "refused"


def test_the_same_rows_are_the_same_zip() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped([("a.csv", b"x\n1\n")]))) as archive:
        (entry,) = archive.infolist()
        assert entry.date_time == (1980, 1, 1, 0, 0, 0) and archive.read(entry) == b"x\n1\n"
