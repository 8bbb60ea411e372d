"""Creating tables and changing their structure, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools.actito.table_definition import attribute_input, attribute_words
from tools.actito.table_structure import Kind
from tools.errors import BadArgument

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
BANK = {"entity": "MeridianBank"}
LISTED = {"TOOLSETS": "default,actito_structure"}

VISIT = {"visitId": "string", "state": {"accepted": ["open", "over"]}, "at": "timestamp", "branch": "string, mandatory"}
BRANCHES = "a4aa57cd-64c4-49bc-a17b-34ac8dfa76f8"
LINK = {
    "attribute": "branch",
    "reference": {"tableType": "CUSTOM_TABLE", "tableId": BRANCHES, "attribute": "branchCode"},
    "onDelete": "CASCADE",
}


def posts(log: list[dict[str, Any]]) -> list[str]:
    return [each["operation"] for each in log if each["method"] == "POST"]


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_tables_are_created_after_a_question_that_shows_every_attribute(assistant: Any, era: str) -> None:
    async with assistant(era=era, **LISTED) as ask:
        more = {"creationTimeAttribute": "at", "foreignKeys": [LINK]}
        made = await ask(
            "actito_tables_save", **BANK, table="Visits", new="custom", key="visitId", attributes=VISIT, more=more
        )
        (question,) = ask.questions
        assert "Create 1 custom table in Actito" in question and "type: INTERACTIONS" in question
        assert "Attribute: visitId: string, unique, mandatory" in question
        assert "Attribute: state: string; accepted open, over" in question
        assert "no route drops a table" in question
        assert made.result["status"] == "done" and made.result["id"]
        visits = await ask("actito_tables_find", **BANK, table="Visits")
        assert visits.data["about"]["foreign_keys"] == ["branch -> Branches (on delete: cascade)"]
        assert visits.items[1]["accepted"] == ["open", "over"] and visits.items[3]["rules"] == "mandatory"

        attributes = {"email": "email, unique, mandatory", "lang": "language", "points": "integer"}
        news = {"subscriptions": [{"name": "News"}]}
        fans = await ask("actito_tables_save", **BANK, table="Fans", new="profile", attributes=attributes, more=news)
        assert fans.result["status"] == "done"
        fans = await ask("actito_tables_find", **BANK, table="Fans", fields=["meaning", "type"])
        assert fans.data["about"]["subscriptions"] == ["News"]
        assert {each["name"]: each.get("meaning") for each in fans.items if each["name"] in attributes} == {
            "email": "email address",
            "lang": "mother language",
            "points": None,
        }


async def test_attributes_are_added_to_either_kind_of_table(assistant: Any, request_log: Log) -> None:
    async with assistant(**LISTED) as ask:
        added = await ask(
            "actito_tables_save", **BANK, table="branches", attributes={"manager": "string", "TOWN": "string"}
        )
        (question,) = ask.questions
        assert "Add manager to 1 custom table in Actito" in question and "it has the attribute town" in question
        assert "may have to follow" in question and "e-commerce add-on" in question
        assert "Attribute: manager: string" in question
        assert added.data["counts"] == {"done": 1, "already": 1} and "manager is in the structure" in added.text
        profile = await ask("actito_tables_save", **BANK, table="Prospects", attributes={"score": {"type": "number"}})
        assert profile.result["status"] == "done"
        assert posts(request_log(ask.sandbox)) == ["requestCustomTableChange", "requestProfileTableChange"]
        # The new attribute serves at once: what was known of the tables is forgotten.
        values = {"manager": "Bo"}
        saved = await ask("actito_records_save", **BANK, table="Branches", record="BR001", values=values)
        assert saved.result["status"] == "done"
        again = await ask("actito_tables_save", **BANK, table="Prospects", attributes={"score": "number"})
        assert again.result["status"] == "already"


async def test_another_change_request_is_passed_on_as_it_is(assistant: Any, request_log: Log) -> None:
    async with assistant(**LISTED) as ask:
        other = {"type": "DROP_MANDATORY", "attribute": "name"}
        refused = await ask("actito_tables_save", **BANK, table="Branches", change=other)
        assert "Only ADD_ATTRIBUTE has a known shape" in ask.questions[0] and "DROP_MANDATORY" in ask.questions[0]
        assert refused.result["status"] == "refused" and "was refused (400)" in refused.text
        raw = {"type": "ADD_ATTRIBUTE", "attribute": {"name": "zip", "valueType": "STRING"}}
        done = await ask("actito_tables_save", **BANK, table="Branches", change=raw)
        assert "zip is in the structure" in done.text and len(posts(request_log(ask.sandbox))) == 2


CANNOT_BE: list[tuple[dict[str, Any], str]] = [
    ({"table": "Brunches", "attributes": {"a": "string"}}, "To create a table, say new"),
    ({"table": "Branches"}, "Give attributes to add"),
    ({"table": "Branches", "attributes": {"a": "string"}, "change": {"type": "X"}}, "Give attributes to add"),
    ({"table": "Branches", "change": {"kind": "X"}}, "has a type"),
    ({"table": "Branches", "attributes": {"a": "string"}, "key": "a"}, "for a new table"),
    ({"table": "Branches", "attributes": {"a": "sting"}}, "did you mean 'string'"),
    ({"table": "Branches", "attributes": {"a": "string, longest 9"}}, '{"type": "string", "longest": 10}'),
    ({"table": "Branches", "attributes": {"a-b": "string"}}, "letters, digits and underscores"),
    ({"table": "Branches", "attributes": {"a": "string, several"}}, "one value"),
    ({"table": "Customers", "attributes": {"profileId": "integer"}}, "written by Actito itself"),
    ({"table": "New", "new": "custom", "attributes": {"a": "string"}}, "as key"),
    ({"table": "New", "new": "custom"}, "needs attributes"),
    ({"table": "New", "new": "profile", "attributes": {"a": "string"}}, "a unique attribute"),
    ({"table": "New", "new": "profile", "attributes": {"a": "email, unique"}, "key": "a"}, "has no key"),
    ({"table": "customers", "new": "profile", "attributes": {"a": "email, unique"}}, "already has a profile table"),
    ({"table": "New", "new": "profile", "attributes": {"a": "email, unique"}, "more": {"name": "B"}}, "can't stand in"),
    ({"table": "New", "new": "profile", "change": {"type": "X"}}, "leave out new"),
]


async def test_what_cannot_be_done_is_told_before_anybody_is_asked(assistant: Any, request_log: Log) -> None:
    async with assistant(**LISTED) as ask:
        for arguments, said in CANNOT_BE:
            answer = await ask("actito_tables_save", **BANK, **arguments)
            assert answer.code in ("bad_argument", "not_found") and said in answer.text, arguments
        assert not ask.questions and not posts(request_log(ask.sandbox))


async def test_a_lost_answer_is_looked_after_and_never_sent_again(assistant: Any, request_log: Log) -> None:
    lost = {"kind": "drop_after", "method": "POST", "path": "*-tables*"}
    async with assistant(faults=[lost], **LISTED) as ask:
        added = await ask("actito_tables_save", **BANK, table="Branches", attributes={"manager": "string"})
        assert added.result["status"] == "done" and "the answer was lost" in added.text
        made = await ask("actito_tables_save", **BANK, table="V", new="custom", key="a", attributes={"a": "string"})
        assert made.result["status"] == "done"
        assert len(posts(request_log(ask.sandbox))) == 2
    async with assistant(faults=[{**lost, "kind": "drop_before"}], reply="accept", **LISTED) as ask:
        added = await ask("actito_tables_save", **BANK, table="Branches", attributes={"manager": "string"})
        assert added.result["status"] == "unknown"
    async with assistant(reply="decline", **LISTED) as ask:
        await ask("actito_tables_save", **BANK, table="Branches", attributes={"manager": "string"})
        assert ask.questions and not posts(request_log(ask.sandbox))


def test_an_attribute_is_described_in_words() -> None:
    described = {"type": "string, mandatory", "indexed": True, "accepted": ["A", "B"], "longest": 3}
    made = attribute_input("state", described, Kind.CUSTOM)
    assert made == {
        "name": "state",
        "valueType": "STRING",
        "mandatory": True,
        "indexed": True,
        "valueRestriction": {"acceptedValues": ["A", "B"], "maxLength": 3},
    }
    assert attribute_words(made) == "state: string, mandatory, indexed; accepted A, B; longest 3"
    tags = attribute_input("tags", {"several": True}, Kind.PROFILES)
    assert tags == {"type": "CUSTOM", "name": "tags", "valueType": "STRING", "multiValued": True}
    raw = {"valueType": "GEO", "mandatory": False}
    assert attribute_input("place", raw, Kind.CUSTOM) == {"name": "place", **raw}
    for wrong in ("email", 5, {"accepted": "A"}, {"longest": True}, {"unique": "yes"}, {"color": "red"}):
        with pytest.raises(BadArgument, match="state"):
            attribute_input("state", wrong, Kind.CUSTOM)
