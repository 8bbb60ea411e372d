"""Excel workbooks as the file of an import: what a person sees in the cells is what is sent, or it is an error."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tools.actito import import_watch, import_workbook
from tools.actito.import_file import Sheet, sheet_of
from tools.errors import BadArgument
from tools.uploads import Picked

pytestmark = pytest.mark.anyio

Fill = Callable[[Any], None]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST = '<row r="1"><c r="A1" t="inlineStr"><is><t>emailAddress</t></is></c></row>'


def workbook(fill: Fill) -> bytes:
    book = openpyxl.Workbook()
    fill(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def written(rows: str) -> bytes:
    """A workbook whose only sheet has exactly these rows, in its own language."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(lambda sheet: None))) as empty,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for entry in empty.infolist():
            content = empty.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
            archive.writestr(entry.filename, content)
    return target.getvalue()


def read(content: bytes, **definition: str) -> Sheet:
    return sheet_of(Picked("leads.xlsx", content, "a test"), definition)


def refused(content: bytes) -> str:
    with pytest.raises(BadArgument) as caught:
        read(content)
    return f"{caught.value.message} {caught.value.advice}"


@pytest.mark.parametrize(
    ("value", "form", "sent", "told"),
    [
        ("00123", "General", "00123", ""),
        ('a "b", c', "General", '"a ""b"", c"', ""),
        (123, "General", "123", ""),
        (123.0, "#,##0.00", "123", ""),
        (123, "00000", "00123", "numbers keep the leading zeros that they are shown with (column B)"),
        (0.1 + 0.2, "General", "0.3", ""),
        (1e-7, "General", "0.0000001", ""),
        (-1234567.5, "#,##0.00", "-1234567.5", ""),
        (0.25, "0%", "0.25", "percentages are sent as fractions"),
        (True, "General", "TRUE", ""),
        (date(2026, 3, 4), "dd/mm/yyyy", "2026-03-04", "days are sent as yyyy-mm-dd (column B)"),
        (datetime(2026, 3, 4, 5, 6, 7), "dd/mm/yyyy", "2026-03-04", "days are sent"),
        (datetime(2026, 3, 4, 5, 6, 7), "dd/mm/yyyy hh:mm", "2026-03-04 05:06:07", "moments are sent"),
        (datetime(2026, 3, 4), "[$-en-US]d mmmm yyyy", "2026-03-04", "days are sent"),
        (time(5, 6, 7), "hh:mm", "05:06:07", "times are sent"),
        (timedelta(hours=30), "[h]:mm:ss", '"1 day, 6:00:00"', "durations are sent"),
    ],
)
def test_cells_are_sent_as_they_are_shown(value: Any, form: str, sent: str, told: str) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["emailAddress", "x"])
        sheet.append(["a@example.org", value])
        sheet["B2"].number_format = form

    sheet = read(workbook(fill))
    assert sheet.content.decode() == f"emailAddress,x\na@example.org,{sent}\n" and sheet.rows == 1
    assert sheet.name == "leads.csv" and "The sheet 'Sheet' of the workbook is sent as CSV." in sheet.notes[0]
    assert told in " ".join(sheet.notes) and len(sheet.notes) == (2 if told else 1)


def test_a_workbook_is_sent_as_its_definition_says() -> None:
    content = workbook(lambda sheet: [sheet.append(row) for row in (["a", "b"], ["é;", 1])])
    sheet = read(content, separator=";", encoding="ISO-8859-1")
    assert sheet.content == 'a;b\n"é;";1\n'.encode("latin-1") and sheet.separator == ";"


def test_empty_rows_hidden_sheets_merged_cells_and_formulas_are_told() -> None:
    def fill(sheet: Any) -> None:
        sheet.title = "Leads"
        sheet["A2"], sheet["B2"] = "emailAddress", "points"
        sheet["A4"] = "a@example.org"
        sheet["A5"], sheet["C5"] = " ", "\u00a0"
        sheet["A6"] = "merged@example.org"
        sheet.merge_cells("A6:B6")
        sheet.parent.create_sheet("Empty")
        sheet.parent.create_sheet("Old").append(["x"])
        sheet.parent["Old"].sheet_state = "hidden"

    sheet = read(workbook(fill))
    assert sheet.content == b"emailAddress,points\na@example.org,\nmerged@example.org,\n"
    told = " ".join(sheet.notes)
    assert "'Leads'" in told and "hidden ones are left out ('Old')" in told and "left out: 1, 3, 5" in told
    assert "A6:B6" in told and "only the first of them" in told and "Of formulas" not in told
    assert "hidden, by" not in told
    filtered = '<row r="2" hidden="1"><c r="A2" t="str"><v>a@example.org</v></c></row>'
    assert "has rows that are hidden, by a filter or by hand: they are sent" in " ".join(
        read(written(FIRST + filtered)).notes
    )
    formula = '<row r="2"><c r="A2" t="str"><f>B9</f><v>a@example.org</v></c></row>'
    assert "result is sent that was calculated last" in " ".join(read(written(FIRST + formula)).notes)


def test_what_can_not_be_sent_as_it_is_shown_is_an_error_that_names_the_cell() -> None:
    def two_sheets(sheet: Any) -> None:
        sheet.append(["a"])
        sheet.parent.create_sheet("Other").append(["a"])

    assert "has values in 2 sheets: 'Sheet', 'Other'" in refused(workbook(two_sheets))
    assert "no visible sheet with values" in refused(workbook(lambda sheet: None))
    error = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
    assert "Sheet!A2 has the error #N/A" in refused(written(FIRST + error))
    for uncalculated in ("<f>B1</f>", "<f>B1</f><v/>", "<f>B1</f><v></v>", '<f t="shared" si="0"/>'):
        cell = f'<row r="2"><c r="A2">{uncalculated}</c></row>'
        assert "formulas that were never calculated" in refused(written(FIRST + cell))
    long = '<row r="2"><c r="A2"><v>1234567890123456</v></c></row>'
    assert "Sheet!A2 has a number of more than 15 digits" in refused(written(FIRST + long))
    beyond = '<row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>1</v></c></row>'
    assert "names 1 columns, and the cell Sheet!C2" in refused(written(FIRST + beyond))
    assert "needs at least one row" in refused(written(FIRST))
    unnamed = workbook(lambda sheet: [sheet.append(row) for row in (["a", None, "c"], [1, 2, 3])])
    assert "no name for column 2" in refused(unnamed)


def test_a_workbook_is_read_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stray value at the end of the largest sheet, and one that unpacks to more than it seems."""
    far = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert "the cell Sheet!XFD1048576 has a value" in refused(written(FIRST + far))
    endless = '<row r="999999999999"><c r="A999999999999"><v>2</v></c></row>'
    assert "more rows than Excel has" in refused(written(FIRST + endless)), "to make them all takes for ever"
    wide = "".join(f'<c r="{import_workbook.get_column_letter(each)}1"><v>{each}</v></c>' for each in range(1, 502))
    assert "names 500 columns, and the cell Sheet!SG1" in refused(written(f'<row r="1">{wide}</row>'))
    monkeypatch.setattr(import_workbook, "MOST_UNPACKED", 100_000)
    assert "more bytes than may be unpacked" in refused(written(FIRST + " " * 100_000))


def test_nothing_is_printed_where_a_client_may_listen(capsys: pytest.CaptureFixture[str]) -> None:
    odd = '<row r="2"><c r="A2" s="0"><v>1</v></c></row>'
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(FIRST + odd))) as good, zipfile.ZipFile(target, "w") as archive:
        for entry in good.infolist():
            content = good.read(entry)
            if entry.filename == "xl/styles.xml":
                content = re.sub(rb"(<cellStyleXfs.*?</cellStyleXfs>)", b"", content, flags=re.DOTALL)
            archive.writestr(entry.filename, content)
    assert "can't be read as an Excel workbook" in refused(target.getvalue())
    said = capsys.readouterr()
    assert said.out == "" and "out of range" in said.err, "the library still prints: else this is not needed"


def test_a_workbook_that_is_none_is_an_error() -> None:
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<no workbook")
    assert "can't be read as an Excel workbook" in refused(broken.getvalue())
    assert "can't be read as an Excel workbook" in refused(written("<row"))
    good = bytearray(written(FIRST + '<row r="2"><c r="A2"><v>1</v></c></row>'))
    place = good.find(b"sheet1.xml") + 60
    good[place] ^= 0xFF
    assert "is no zip, or is damaged" in refused(bytes(good))


async def test_a_workbook_of_an_allowed_folder_is_imported(
    assistant: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_watch, "POLL_SECONDS", 0.01)

    def fill(sheet: Any) -> None:
        sheet.append(["emailAddress ", "customerNumber", "birthDate"])
        sheet.append(["new.one@example.org", 4711, date(1990, 3, 4)])
        sheet["B2"].number_format = "00000000"

    (tmp_path / "leads.xlsx").write_bytes(workbook(fill))
    definition = {"name": "Leads", "targetTable": "Customers"}
    async with assistant(UPLOAD_FOLDERS=str(tmp_path), ACTITO__ENTITY="MeridianBank") as ask:
        done = await ask("actito_imports_run", definition=definition, files=["leads.xlsx"])
        (question,) = ask.questions
        assert "rows: 1" in question and "'Sheet' of the workbook" in question and "new.one" not in question
        assert done.text.splitlines()[0].endswith(": 1 succeeded."), done.text
        found = await ask(
            "actito_profiles_find",
            table="Customers",
            profiles=["new.one@example.org"],
            fields=["customerNumber", "birthDate"],
        )
        assert found.items[0]["customerNumber"] == "00004711" and found.items[0]["birthDate"] == "1990-03-04"
