"""Opt-ins and segments in the file of an import: the question speaks of consent, with the counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

pytestmark = pytest.mark.anyio

RUN = "actito_imports_run"
CUSTOMERS = {"entity": "MeridianBank", "definition": {"name": "Leads", "targetTable": "Customers"}}
ROWS = """emailAddress;Newsletter;LoyaltyLevel;Vip;firstName
a@example.org;Y;Gold;1;Ada
b@example.org;true;Gold;no;Bo
c@example.org;N;Diamond;;Cy
d@example.org; ;;maybe;Di
"""


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_the_question_speaks_of_consent_and_counts(assistant: Any, request_log: Any, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        answer = await ask(RUN, **CUSTOMERS, csv=ROWS)
        assert answer.data["status"] == "declined"
        (question,) = ask.questions
        assert "consent: Newsletter: 2 in, 1 out, 1 empty" in question
        assert "This changes consent. Opt-ins by row: Newsletter: 2 in, 1 out, 1 empty." in question
        assert "Opt in only who has consented" in question
        segments = "LoyaltyLevel: 2 Gold, 1 another value, 1 empty; Vip: 1 in, 1 out, 1 empty, 1 neither yes nor no"
        assert f"This changes segments, by row: {segments}." in question
        assert "Diamond" not in question and "maybe" not in question and "example.org" not in question
        assert not [each for each in request_log(ask.sandbox) if each["method"] == "POST"]
        plain = await ask(RUN, **CUSTOMERS, csv="emailAddress;firstName\na@example.org;Y\n", dry_run=True)
        assert "consent" not in plain.text


async def test_a_column_that_the_definition_maps_to_an_opt_in_counts(assistant: Any) -> None:
    async with assistant(ACTITO__ENTITY="MeridianBank") as ask:
        for mapping in (
            [{"column": "News", "subscription": "Newsletter"}],
            {"News": "Newsletter"},
            [["News", "Newsletter"]],
        ):
            definition = {"targetTable": "Customers", "mapping": mapping, "mail": "emailAddress"}
            seen = await ask(RUN, definition=definition, csv="mail,News\na@example.org,Y\n", dry_run=True)
            assert "Opt-ins by row: Newsletter: 1 in, 0 out." in seen.text
        apart = {"targetTable": "Customers", "columns": ["mail", "News"], "to": ["emailAddress", "Newsletter"]}
        seen = await ask(RUN, definition=apart, csv="mail,News\na@example.org,Y\n", dry_run=True)
        assert "speaks of Newsletter: consent may change" in seen.text
        remote = {"targetTable": "Customers", "location": "in", "map": {"News": "Newsletter"}}
        assert "in how many rows can't be seen" in (await ask(RUN, definition=remote, dry_run=True)).text


async def test_it_speaks_of_consent_where_columns_are_not_checked_and_in_v4(assistant: Any) -> None:
    several = {"load": [{"table": "Customers"}, {"table": "Branches"}]}
    rows = "emailAddress;NEWSLETTER \na@example.org;Y\n"
    async with assistant(ACTITO__ENTITY="MeridianBank") as ask:
        seen = await ask(RUN, definition=several, csv=rows, dry_run=True)
        assert "names 2 tables" in seen.text and "Newsletter: 1 in, 0 out" in seen.text
        none = await ask(RUN, definition={"mode": "x"}, csv=rows, dry_run=True)
        assert "opt-ins were not checked" in none.text
        old = await ask(RUN, definition={"mode": "x"}, csv=rows, table="Customers", dry_run=True)
        assert "Newsletter: 1 in, 0 out" in old.text


async def test_opt_ins_of_a_workbook_count_too(assistant: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["emailAddress", "newsletter "],
        ["a@example.org", True],
        ["b@example.org", 0],
        ["c@example.org", None],
    ):
        book.active.append(row)
    book.save(tmp_path / "leads.xlsx")
    async with assistant(UPLOAD_FOLDERS=str(tmp_path)) as ask:
        seen = await ask(RUN, **CUSTOMERS, files=["leads.xlsx"], dry_run=True)
        assert "Newsletter: 1 in, 1 out, 1 empty" in seen.text and "'newsletter ' as Newsletter" in seen.text
