"""The file of an import: whatever is given is read and put right, or named; what is checked is what leaves."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.actito import import_watch
from tools.actito.import_file import Sheet, sheet_of
from tools.actito.import_rows import separator_in
from tools.actito.import_target import fitted
from tools.actito.table_structure import Attribute, Kind, Table
from tools.errors import BadArgument
from tools.uploads import Picked

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
RUN = "createOneShotEtlExecution"
CUSTOMERS = {"entity": "MeridianBank", "definition": {"name": "Leads", "targetTable": "Customers"}}
ROWS = "emailAddress;firstName\nzoe@example.org;Zoé\n"
LONE_MARK = "\ufeff"


def read(content: str | bytes, name: str = "a.csv", **definition: str) -> Sheet:
    data = content if isinstance(content, bytes) else content.encode()
    return sheet_of(Picked(name, data, "a test"), definition)


def refused(content: str | bytes, **definition: str) -> str:
    with pytest.raises(BadArgument) as caught:
        read(content, **definition)
    return f"{caught.value.message} {caught.value.advice}"


# what is put right and told


@pytest.mark.parametrize(
    ("content", "sent", "told"),
    [
        (LONE_MARK + ROWS, ROWS, "byte order mark"),
        (2 * LONE_MARK + ROWS, ROWS, "byte order mark"),
        (ROWS.encode("utf-16"), ROWS, "in UTF-16"),
        ((LONE_MARK + ROWS).encode("utf-16-be"), ROWS, "in UTF-16"),
        (ROWS.encode("utf-16-le"), ROWS, "in UTF-16"),
        (ROWS.encode("utf-16-be"), ROWS, "in UTF-16"),
        (ROWS.encode("utf-32"), ROWS, "in UTF-32"),
        (ROWS.encode("utf-32-le"), ROWS, "in UTF-32"),
        (ROWS.encode("utf-32-be"), ROWS, "in UTF-32"),
        (ROWS.replace("é", "é €").encode("cp1252"), ROWS.replace("é", "é €"), "letters are right: é €"),
        ("sep=;\r\n" + ROWS, ROWS, "The first line, sep=;, is for Excel alone"),
        (LONE_MARK + '"SEP=;"\n' + ROWS, ROWS, "for Excel alone"),
        (ROWS.replace("\n", "\r"), ROWS, "old Macs"),
        ("a;b\n1;2\n;\n \u00a0; \n\n3;4\n", "a;b\n1;2\n3;4\n", "2 rows without any value are left out (in line 3, 4)"),
        ("sep=;\n;;\na;b;c\n1;2;3\n;;\n", "a;b;c\n1;2;3\n", "2 rows without any value are left out (in line 2, 5)"),
    ],
)
def test_what_can_be_put_right_without_a_doubt_is_and_is_told(content: str | bytes, sent: str, told: str) -> None:
    sheet = read(content)
    assert sheet.content == sent.encode() and told in " ".join(sheet.notes)
    again = read(sheet.content)
    assert (again.columns, again.rows, again.notes) == (sheet.columns, sheet.rows, []), "what leaves needs no more"


def test_a_file_that_is_right_leaves_as_it_came() -> None:
    for content in (ROWS, ROWS.replace("\n", "\r\n"), 'a,"b;\n ""c"" "\r\n1,2', "a\n1\n\n"):
        sheet = read(content)
        assert sheet.content == content.rstrip("\n").encode() + (b"\n" if content.endswith("\n") else b"")
        assert not sheet.notes


def test_a_file_leaves_in_the_encoding_of_its_definition() -> None:
    sheet = read(LONE_MARK + ROWS, encoding="ISO-8859-1")
    assert sheet.content == ROWS.encode("latin-1") and "sent without" in sheet.notes[0]
    assert read(ROWS.encode("utf-16"), charset="UTF-8").content == ROWS.encode()
    assert read(ROWS.encode("latin-1"), encoding="latin1").notes == []
    assert "documents UTF-8 and ISO-8859-1 alone" in read(ROWS.encode("cp1252"), encoding="windows-1252").notes[0]


def test_letters_that_were_lost_before_are_told() -> None:
    assert "'Ã©'" in read(ROWS.replace("é", "Ã©")).notes[0]
    assert "1 letter was lost" in read(ROWS.replace("é", "\ufffd")).notes[0]
    assert not read(ROWS.replace("é", "JOÃO Â à â")).notes


# what is named


def packed(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (OLD_OFFICE, "an old Excel"),
        (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "an Office file with a password"),
        (packed(xl__workbook_bin=b""), "a binary Excel workbook"),
        (packed(mimetype=b"", **{"META-INF__manifest_xml": b""}), "an OpenDocument file"),
        (packed(word__document_xml=b""), "a Word document"),
        (packed(Index__Document_iwa=b""), "a Numbers"),
        (packed(a_csv=ROWS.encode()), "a zip archive"),
        (packed(), "an empty zip archive"),
        (b"PK\x03\x04 cut", "a damaged zip archive"),
        (gzip.compress(ROWS.encode(), mtime=0), "a gzip archive"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><table><tr><td>a;b</td></tr></table>", "an HTML page"),
        (b"<table><tr><td>a</td></tr></table>", "an HTML page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b' [{"a": 1},\n {"a": 2}]\n', "JSON"),
        (b'{"a": 1}\n{"a": 2}\n', "JSON"),
        (b"{\\rtf1 a}", "an RTF document"),
        (b"PAR1....", "a Parquet file"),
    ],
)
def test_a_file_that_is_something_else_is_named(content: bytes, named: str) -> None:
    said = refused(content)
    assert f"'a.csv' is {named}" in said and "no CSV" in said and "CSV UTF-8" in said


@pytest.mark.parametrize(
    ("content", "definition", "named"),
    [
        ("a;b\\n1;2\\n", {}, "written out where line breaks belong"),
        ("a;b\\r\\n1;2\n", {}, "written out"),
        ("a;b\n1;2\0\n", {}, "zero byte, so it is no text or was damaged on its way, first in line 2"),
        ("a;b\n1;2\x1a\n", {}, "U+001A, first in line 2"),
        ("a;b\n1;2\u0080\n", {}, "U+0080, which is what a wrongly converted letter turns into, first in line 2"),
        (b"a;b\n1;\x81\n", {}, "not in windows-1252 either: byte 0x81 in line 2 (position 7)"),
        (b"a;b\n1;\xe9\n", {"encoding": "UTF-8"}, "not in utf-8, as the definition says: byte 0xE9 in line 2"),
        (ROWS, {"encoding": "ISO-8859-1"}, "in UTF-8, not in iso8859-1"),
        (b"a;b\n1;\x80\n", {"encoding": "latin1"}, "those of windows-1252"),
        (LONE_MARK + "a;b\n1;€\n", {"encoding": "latin1"}, "which has no '€' (first in line 2)"),
        (b"\xff\xfea;b\n1;23\n", {}, "not in UTF-16, as its first bytes say: byte 0x0A in line 2 (position 11)"),
        ("a;b\n1\n2;3\n4;5;6\n", {}, "2 of 3 rows have more or fewer values: line 2 has 1, line 4 has 3"),
        ("sep=;\na;b\n;\n1;2;3\n", {}, "1 of 1 rows have more or fewer values: line 4 has 3"),
        ("a;b\n" + "1\n" * 9, {}, "line 6 has 1, and 4 more"),
        ('a;b\n"1\n2";3\n4\n', {}, "line 4 has 1"),
        ('a;b\n1;2\n3;"4\n', {}, "quotes don't fit, in the row that begins in line 3"),
        ('a;b\n1;"2"x\n', {}, "quotes don't fit, in the row that begins in line 2"),
        ("a;b\n1;" + 140_000 * "x", {}, "a value is too long, in the row that begins in line 2"),
        ("a;;c\n1;2;3\n", {}, "no name for column 2"),
        ("a; \u200b;c\u00ad\n1;2;3\n", {}, "no name for column 2"),
        ("a;b;a\u00a0\n1;2;3\n", {}, "Columns 1, 3 have the same name"),
        (" ;\n;\n", {}, "The CSV is empty"),
        ('"a;b"\n"1;2"\n', {}, "whole lines are in quotes"),
        ("a;b\n;\n", {}, "needs at least one row"),
        ("a;b\n1;2\n", {"separator": ","}, "says that commas separate the values; in the file it is semicolons"),
        ("sep=;\na,b;c\n1,2;3\n", {"separator": "comma"}, "in the file it is semicolons"),
    ],
)
def test_what_would_be_lost_is_an_error_that_names_the_place(
    content: str | bytes, definition: dict[str, str], named: str
) -> None:
    assert named in refused(content, **definition)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_by_which_rows_are_even(separator: str) -> None:
    rows = [["name", "note"], ["Ada, Countess", "a;b"], ["Bo", "tab\there | there"]]
    text = "\n".join(separator.join(f'"{each}"' if separator in each else each for each in row) for row in rows)
    assert separator_in(text) == separator and read(text).columns == rows[0]
    assert read(f"{text}\n;,\n{separator}\n").rows == 2
    assert separator_in("name;note, or, not\nAda;b\nBo;c, d\n") == ";"


def test_one_column_and_definitions_that_say_how_the_file_is_written() -> None:
    assert read("name\nLarkin, Ada\nQuill; Zoe\n").rows == 2
    assert read("a|b;c\n1|2\n", delimiter="|").columns == ["a", "b;c"]
    assert read("a\tb\n1\t2\n", separator="\\t").columns == ["a", "b"]
    assert read("a;b\n1;'2;3'\n", quoteChar="'").rows == 1
    assert read("a~b\n1~2\n", separator="~").columns == ["a", "b"]


# names of columns


def table(*attributes: str) -> Table:
    return Table(
        Kind.PROFILES, "E", "1", "T", {each: Attribute(each) for each in attributes}, ["Newsletter"], {"Vip": ()}
    )


@pytest.mark.parametrize(
    "column",
    [
        "firstName ",
        " firstName",
        "\u00a0firstName",
        "firstName\u200b",
        "\ufefffirstName",
        "first\u00adName",
        "ｆirstName",
        "FIRSTNAME",
        '"firstName "',
    ],
)
def test_a_column_that_differs_in_what_nobody_sees_is_renamed_in_what_is_sent(column: str) -> None:
    sheet, warnings = fitted(table("emailAddress", "firstName"), read(f"emailAddress;{column}\r\na@x.org;A\r\n"), {})
    assert sheet.content == b"emailAddress;firstName\r\na@x.org;A\r\n" and sheet.columns == [
        "emailAddress",
        "firstName",
    ]
    assert "as firstName" in warnings[0]


def test_columns_that_are_right_or_that_the_definition_speaks_of_stay_to_the_letter() -> None:
    sheet, warnings = fitted(
        table("emailAddress", "a"), read('"emailAddress","First name ",A\n1,2,3\n'), {"x": ["First name ", "A"]}
    )
    assert sheet.content == b'"emailAddress","First name ",A\n1,2,3\n' and not warnings


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("emailAddress;first Name", "no attribute 'first Name' (nearest: firstName)"),
        ("emailAddress;“firstName”", "(nearest: firstName)"),
        ("emailAddress; 'firstName'", "(nearest: firstName)"),
        ("firstName;FIRSTNAME", "2 columns are firstName"),
        ("a@example.org;Ada", "None of the 2 columns"),
        ("emailAddress;Creationmoment ", "creationMoment is written by Actito itself"),
    ],
)
def test_a_column_that_is_none_is_refused(columns: str, named: str) -> None:
    known = table("emailAddress", "firstName", "creationMoment")
    with pytest.raises(BadArgument) as caught:
        fitted(known, read(f"{columns}\n1;2\n"), {})
    assert named in caught.value.message and "example.org" not in caught.value.message


@given(
    st.lists(st.sampled_from(["a", " b ", "\u00a0c", "d d", "é", "Ä\u200b"]), min_size=1, max_size=6, unique=True),
    st.lists(
        st.lists(st.text(st.sampled_from('ab é;,|"\n\t€ '), max_size=6), min_size=6, max_size=6), min_size=1, max_size=6
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_what_leaves_reads_as_what_was_checked(
    columns: list[str], rows: list[list[str]], separator: str, encoding: str
) -> None:
    quoted = [[f'"{each.replace(chr(34), 2 * chr(34))}"' for each in row[: len(columns)]] for row in [columns, *rows]]
    text = "\n".join(separator.join(row) for row in quoted)
    try:
        sheet = read(text.encode(encoding), separator=separator)
    except BadArgument as error:
        assert "at least one row" in error.message
        return
    filled = [row for row in rows if any(each.strip(" \n\t,;|") for each in row[: len(columns)])]
    assert [list(each) for each in sheet.values()] == [row[: len(columns)] for row in filled]
    again = read(sheet.content, separator=separator)
    assert (again.columns, again.rows, again.content) == (sheet.columns, sheet.rows, sheet.content)


# with Actito


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_watch, "POLL_SECONDS", 0.01)


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_no_run_is_lost_by_what_could_be_seen_before(
    assistant: Any, request_log: Log, tmp_path: Path, era: str
) -> None:
    rows = "sep=;\nEmailAddress ;\u00a0firstName\nada.larkin@example.org;Adé\n;\n"
    (tmp_path / "leads.csv").write_bytes(rows.encode("utf-16"))
    (tmp_path / "etl.json").write_text(json.dumps(CUSTOMERS["definition"]), encoding="utf-8")
    async with assistant(era=era, UPLOAD_FOLDERS=str(tmp_path)) as ask:
        done = await ask("actito_imports_run", entity="MeridianBank", files=["etl.json", "leads.csv"])
        assert done.text.splitlines()[0].endswith(": 1 succeeded."), done.text
        (question,) = ask.questions
        for said in (
            "rows: 1; size: 51 bytes",
            "file: UTF-8, values separated by semicolons",
            "is in UTF-16",
            "sep=;, is for Excel alone",
            "1 row without any value is left out (in line 4)",
            "'EmailAddress ' as emailAddress",
        ):
            assert said in question, question
        (stored,) = (
            await ask(
                "actito_profiles_find",
                entity="MeridianBank",
                table="Customers",
                profiles=["ada.larkin@example.org"],
                fields=["firstName"],
            )
        ).items
        assert stored["firstName"] == "Adé" and len(request_log(ask.sandbox, RUN)) == 1


async def test_a_file_that_changes_while_the_person_thinks_is_asked_about_again(
    assistant: Any, request_log: Log, tmp_path: Path
) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("emailAddress\na@example.org\n", encoding="utf-8")

    async def other_bytes() -> None:
        leads.write_text("emailAddress\nb@example.org\n", encoding="utf-8")

    for era in ("auto", "legacy"):
        async with assistant(era=era, UPLOAD_FOLDERS=str(tmp_path), before_yes=other_bytes) as ask:
            answer = await ask("actito_imports_run", **CUSTOMERS, files=["leads.csv"])
            sent = len(request_log(ask.sandbox, RUN))
            assert sent == len(ask.questions) - 1, answer.text
        leads.write_text("emailAddress\na@example.org\n", encoding="utf-8")


async def test_what_is_given_in_a_call_is_named_too(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for csv, named in (
            ('[{"emailAddress": "a@example.org"}]', "csv is JSON, no CSV"),
            ("<table></table>", "csv is an HTML page"),
            ("emailAddress;firstName\\na@example.org;A\\n", "written out"),
            ("emailAddress;firstName\na@example.org\n", "line 2 has 1"),
        ):
            answer = await ask("actito_imports_run", **CUSTOMERS, csv=csv)
            assert answer.code == "bad_argument" and named in answer.text and "example.org" not in answer.text
        assert not ask.questions and not request_log(ask.sandbox, RUN)
        latin = {"targetTable": "Customers", "encoding": "ISO-8859-1"}
        seen = await ask("actito_imports_run", entity="MeridianBank", definition=latin, csv=ROWS, dry_run=True)
        assert "size: 43 bytes" in seen.text and "file: ISO-8859-1" in seen.text
