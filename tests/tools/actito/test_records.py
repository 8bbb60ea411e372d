"""Finding, saving and deleting records of custom tables, driven by a real client against the strict sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tools.actito.privacy import personal_names
from tools.actito.table_structure import Attribute, Kind, Table
from tools.actito.values import changed, checked, checked_values
from tools.errors import BadArgument

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
BANK = {"entity": "MeridianBank"}
PAYMENTS = {**BANK, "table": "CardPayments"}
FIRST, NEW = "PAY-2026-000001", "PAY-2026-990001"
BRUSSELS = {"ACTITO__TIME_ZONE": "Europe/Brussels"}


def fault(kind: str, method: str, path: str = "*/record*", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "method": method, "path": path, **more}


def writes(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in log if each["method"] != "GET" and "record" in each["path"]]


async def test_records_are_found_by_key_and_by_one_condition(assistant: Any, request_log: Log) -> None:
    async with assistant(**BRUSSELS) as ask:
        named = await ask("actito_records_find", **PAYMENTS, records=[FIRST, "PAY-9"])
        (payment,) = named.items
        assert payment["name"] == FIRST and payment["amount"] == 111.18 and payment["customerId"] == 100001
        assert payment["paymentMoment"] == "2026-01-02 15:42" and "Times are in Europe/Brussels" in named.text
        assert "No record has the key PAY-9" in named.text and "may not read records" in named.text
        assert (await ask("actito_records_find", **PAYMENTS, records=["PAY-9"])).code == "not_found"

        found = await ask("actito_records_find", **PAYMENTS, where="CUSTOMERID=100001", sort="-amount")
        amounts = [each["amount"] for each in found.items]
        assert len(amounts) > 1 and amounts == sorted(amounts, reverse=True)
        assert all(each["customerId"] == 100001 for each in found.items)
        assert "cut" not in found.text

        shops = await ask("actito_records_find", **BANK, table="Branches", records=["BR001"], fields=["opened"])
        assert shops.items == [{"name": "Branch 001", "opened": "1963-11-01 09:00"}]
        assert (await ask("actito_records_find", **BANK, table="Branches", records=["BR001"])).items[0][
            "branchCode"
        ] == "BR001"


async def test_an_answer_that_may_be_cut_says_so(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        first = await ask("actito_records_find", **PAYMENTS, limit=2)
        assert first.data["at_least"] and "Possibly cut: Actito was asked for 1000" in first.text
        second = await ask("actito_records_find", **PAYMENTS, limit=2, cursor=first.data["cursor"])
        assert [each["name"] for each in second.items] == ["PAY-2026-000003", "PAY-2026-000004"]
        assert len(request_log(ask.sandbox, "searchRecords")) == 1, "later pages come from what was found"
    async with assistant(actito_most_rows=150) as ask:
        capped = await ask("actito_records_find", **PAYMENTS, limit=2)
        assert capped.data["total"] == 150 and "150 is a round number" in capped.text


CANNOT_BE_FOUND: list[tuple[dict[str, Any], str]] = [
    ({"where": "BOOKED"}, "write attribute=value"),
    ({"where": "amount>=100"}, "write attribute=value"),
    ({"where": "status=paid"}, "accepted are AUTHORISED, BOOKED, REFUNDED"),
    ({"where": "amount=a lot"}, "a number such as 12.5"),
    ({"where": "merchnt=Oak"}, "nearest: merchant"),
    ({"where": "paymentMoment=2026-01-02"}, "sort=-paymentMoment"),
    ({"sort": "-amont"}, "nearest: amount"),
    ({"records": ["A"], "where": "status=BOOKED"}, "one of the two"),
    ({"records": [".."]}, "can't be the key"),
    ({"fields": ["merchnt"]}, "'merchant'"),
]


async def test_what_cannot_be_found_so_is_told(assistant: Any) -> None:
    async with assistant() as ask:
        for arguments, said in CANNOT_BE_FOUND:
            answer = await ask("actito_records_find", **PAYMENTS, **arguments)
            assert answer.code == "bad_argument" and said in answer.text
        stars = await ask("actito_records_find", **PAYMENTS, where="merchant=Oak*")
        assert stars.data["total"] == 0 and "* stands for itself" in stars.text
        await ask("actito_tables_find", **BANK)
        customers = await ask("actito_records_find", **BANK, table="Customers")
        assert customers.code == "not_found" and "but a profile table of this name" in customers.text


async def test_a_record_is_created_changed_and_left_as_it_is(assistant: Any, request_log: Log) -> None:
    async with assistant(**BRUSSELS) as ask:
        values = {"amount": "12.50", "customerId": "100001", "branchCode": "BR001", "paymentMoment": "2026-11-01 10:00"}
        seen = await ask("actito_records_save", **PAYMENTS, record=NEW, values=values, dry_run=True)
        assert "Create 1 record" in seen.text and "can start scenarios" in seen.text and "refunded" in seen.text
        assert "branchCode names a row of Branches" in seen.text and not writes(request_log(ask.sandbox))
        made = await ask("actito_records_save", **PAYMENTS, record=NEW, values=values)
        assert made.result["status"] == "done" and made.result["reason"] == "created"
        assert "paymentMoment: 2026-11-01 10:00" in seen.text
        (now,) = (await ask("actito_records_find", **PAYMENTS, records=[NEW])).items
        assert now["amount"] == 12.5 and now["paymentMoment"] == "2026-11-01 10:00"

        same = {**values, "paymentMoment": "2026-11-01T09:00:00Z", "amount": 12.5}
        again = await ask("actito_records_save", **PAYMENTS, record=NEW, values=same)
        assert again.result["status"] == "already" and len(writes(request_log(ask.sandbox))) == 1

        changes = {"status": "refunded", "amount": 12.5}
        done = await ask("actito_records_save", **PAYMENTS, record=NEW, values=changes, clear=["branchCode"])
        assert done.result["before"] == {"branchCode": "BR001"}, "what was empty has no before"
        assert done.result["after"] == {"status": "REFUNDED", "branchCode": None}
        (now,) = (await ask("actito_records_find", **PAYMENTS, records=[NEW])).items
        assert now["status"] == "REFUNDED" and now["amount"] == 12.5 and "branchCode" not in now
        assert [each["operation"] for each in writes(request_log(ask.sandbox))] == ["upsertRecord"] * 2
        assert not ask.questions


CANNOT_BE_SAVED: list[tuple[str, dict[str, Any], str]] = [
    (FIRST, {"values": {"status": "paid", "merchnt": "x", "amount": "1.250"}}, "two ways"),
    (FIRST, {"values": {"status": "paid", "merchnt": "x"}}, "nearest: merchant"),
    (FIRST, {"values": {"merchant": "x" * 121}}, "at most 120"),
    (FIRST, {"values": {"merchant": ""}}, "name it in clear"),
    (FIRST, {"clear": ["amount"]}, "mandatory"),
    (FIRST, {"clear": ["merchant"], "values": {"merchant": "x"}}, "both values and clear"),
    (FIRST, {"values": {"paymentId": "PAY-2"}}, "can't change"),
    (NEW, {"values": {"status": "BOOKED"}}, "also needs customerId, amount"),
    ("1001", {"values": {"status": "BOOKED"}}, f"call it {FIRST}"),
]


async def test_values_are_checked_before_anything_is_sent(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for record, given, said in CANNOT_BE_SAVED:
            answer = await ask("actito_records_save", **PAYMENTS, record=record, **given)
            assert answer.code == "bad_argument" and said in answer.text
        assert not writes(request_log(ask.sandbox))


async def test_a_lost_answer_is_looked_after_and_never_sent_again(assistant: Any, request_log: Log) -> None:
    change: dict[str, Any] = {**PAYMENTS, "record": FIRST, "values": {"status": "REFUNDED"}}
    async with assistant(faults=[fault("drop_after", "POST")]) as ask:
        done = await ask("actito_records_save", **change)
        assert done.result["status"] == "done" and "the answer was lost" in done.text
        assert len(writes(request_log(ask.sandbox))) == 1
    async with assistant(faults=[fault("drop_before", "POST")]) as ask:
        lost = await ask("actito_records_save", **change)
        assert lost.result["status"] == "unknown" and "Look at the object" in lost.text


async def test_without_the_right_to_read_structures_records_are_still_changed(assistant: Any, request_log: Log) -> None:
    async with assistant(faults=[fault("status", "GET", "*/custom-tables*", status=403)]) as ask:
        found = await ask("actito_records_find", **PAYMENTS, records=[FIRST])
        assert found.items[0]["amount"] == "111.18" and "structure of the table could not be read" in found.text
        done = await ask("actito_records_save", **PAYMENTS, record=FIRST, values={"status": "REFUNDED"})
        assert done.result["status"] == "done" and "values go unchecked" in done.text
        assert [each["operation"] for each in writes(request_log(ask.sandbox))] == ["updateRecord"]
        missing = await ask("actito_records_save", **PAYMENTS, record=NEW, values={"status": "BOOKED"})
        assert missing.code == "not_found" and "can't be checked" in missing.text


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_deletion_shows_what_goes_and_what_leads_there(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        shop = await ask("actito_records_delete", **BANK, table="Branches", records=["BR001", "BR001", "BR999"])
        (question,) = ask.questions
        assert "Delete 1 record in Actito" in question and "town: Oakfield" in question
        assert "BR999 (no record has this key)" in question and "nothing brings a deleted record back" in question
        assert "of CardPayments by branchCode" in question
        assert shop.data["counts"] == {"done": 1, "already": 1}
        assert (await ask("actito_records_find", **BANK, table="Branches", records=["BR001"])).code == "not_found"
        assert (await ask("actito_records_delete", **BANK, table="Branches", records=["BR001"])).code == "not_found"
        assert len(writes(request_log(ask.sandbox))) == 1


async def test_a_missing_right_that_looks_like_a_missing_record_is_no_deletion(
    assistant: Any, request_log: Log
) -> None:
    async with assistant(actito_mask_denied=True, ACTITO__API_KEY="sandbox-key-read") as ask:
        refused = await ask("actito_records_delete", **PAYMENTS, records=[FIRST])
        assert refused.result["status"] == "refused" and "may lack the right" in refused.text
        unsaved = await ask("actito_records_save", **PAYMENTS, record=FIRST, values={"status": "REFUNDED"})
        assert unsaved.result["status"] == "refused"
    async with assistant(reply="decline") as ask:
        names = {each.name for each in (await ask.client.list_tools()).tools}
        assert "actito_records_delete" in names and "actito_tables_save" not in names, "that is listed on demand"
        await ask("actito_records_delete", **PAYMENTS, records=[FIRST])
        assert not writes(request_log(ask.sandbox))
        assert (await ask("actito_records_delete", **PAYMENTS, records=[])).code == "bad_argument"
        by_id = await ask("actito_records_delete", **PAYMENTS, records=["PAY-2026-000002", "1001"])
        assert by_id.code == "bad_argument" and FIRST in by_id.text and "technical ids" in by_id.text


def test_names_that_speak_of_a_person_are_told_from_others() -> None:
    assert personal_names(["branchCode", "name", "town", "merchant", "emailCampaign_id"]) >= {"emailCampaign_id"}
    assert not personal_names(["branchCode", "name", "town", "counters", "merchant", "paymentMoment"])
    assert personal_names(
        ["name", "contactEmail", "MobilePhone", "birth_date", "homeAddress", "lastName", "visits"]
    ) == {
        "name",
        "contactEmail",
        "MobilePhone",
        "birth_date",
        "homeAddress",
        "lastName",
    }


def test_values_are_read_in_the_types_of_the_structure() -> None:
    zone = ZoneInfo("Europe/Brussels")
    kinds = {"s": "STRING", "i": "INTEGER", "n": "NUMBER", "b": "BOOLEAN", "t": "TIMESTAMP", "d": "DATE"}
    attributes = {name: Attribute(name, type=kind) for name, kind in kinds.items()}
    attributes |= {
        "m": Attribute("m", several=True, accepted=("Red", "Blue")),
        "e": Attribute("e", kind="EMAIL_ADDRESS"),
        "profileId": Attribute("profileId", technical=True),
    }
    table = Table(Kind.PROFILES, "E", "1", "T", attributes)
    given = {"s": 5, "i": "7", "n": "2.50", "b": "Yes", "t": "2026-07-01 10:00", "d": "2026-07-01", "m": ["red"]}
    sent = checked_values(table, {**given, "e": "a@b.example"}, zone=zone)
    assert sent == {
        "s": "5",
        "i": 7,
        "n": 2.5,
        "b": True,
        "t": "2026-07-01T08:00:00Z",
        "d": "2026-07-01",
        "m": ["Red"],
        "e": "a@b.example",
    }
    stored = {
        "s": "5",
        "i": "7",
        "n": "2.5",
        "b": "true",
        "t": "2026-07-01T10:00:00+02:00",
        "d": "2026-07-01",
        "m": "Red",
    }
    assert changed(table, {**stored, "m": ["Red"], "e": "a@b.example"}, sent) == {}
    assert changed(table, {**stored, "b": "false", "t": "01/07/2026 10:00:00"}, sent).keys() == {"b", "t", "m", "e"}
    for name, wrong in [
        ("i", 1.5),
        ("i", True),
        ("i", "9" * 30),
        ("n", "NaN"),
        ("b", "maybe"),
        ("t", "01.07.2026"),
        ("d", "soon"),
        ("e", "ada"),
        ("s", {"a": 1}),
        ("s", ["a"]),
        ("s", "a\u202eb"),
        ("m", "Green"),
        ("profileId", 5),
    ]:
        with pytest.raises(BadArgument, match=name):
            checked_values(table, {name: wrong}, zone=zone)
    assert checked(attributes["m"], "blue", zone) == ["Blue"]
