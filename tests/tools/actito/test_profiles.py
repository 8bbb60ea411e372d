"""Finding profiles of Actito, driven by a real client against the sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
CUSTOMERS = {"entity": "MeridianBank", "table": "Customers"}
ADA, BO = "100001", "100002"

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"search": {"lastNme": "x"}}, "Nearest: lastName"),
    ({"search": {"motherLanguage": "DE"}}, "accepted are EN, FR, NL"),
    ({"search": {"LoyaltyLevel": "Diamond"}}, "Bronze, Silver, Gold, Platinum"),
    ({"search": {"loyaltyPoints": "many"}}, "whole number"),
    ({"search": {"loyaltyPoints": {"gt": 100}}}, '">=100 <200"'),
    ({"search": {"Newsletter": "maybe"}}, "true or false"),
    ({"search": {"Vip": ["yes", "Gold"]}}, "not by 'Gold'"),
    ({"search": {"subscriptions": "Newsletter"}}, "Newsletter, Promotions, BranchEvents"),
    ({"profiles": ["Ada"]}, "names no profile"),
    ({"profiles": ["lastName=Larkin"]}, "no unique attribute"),
    ({"fields": ["loyalty"]}, "did you mean"),
    ({"changed_since": "yesterday"}, "not a date"),
    ({"profiles": [str(number) for number in range(101)]}, "at most 100"),
]
"""Arguments that can't be meant, and what is said of them."""


@pytest.mark.parametrize("api", ["v5", "v4"])
async def test_profiles_by_what_people_call_them(assistant: Any, request_log: Log, api: str) -> None:
    async with assistant(ACTITO__API=api) as ask:
        called = ["ada.larkin@example.org", BO, "customerNumber=MB00000003", ADA, "no.one@example.org", "99"]
        found = await ask("actito_profiles_find", profiles=called, **CUSTOMERS)
        assert [(each["id"], each["name"]) for each in found.items] == [
            (ADA, "a***@example.org"),
            (BO, "b***@example.com"),
            ("100003", "c***@example.net"),
        ]
        assert found.items[0]["segments"] == ["LoyaltyLevel: Gold", "Vip"] and found.items[0]["language"] == "EN"
        assert found.data["about"] == {"table": "Customers", "entity": "MeridianBank"}
        assert (
            "Nobody in this table is called no.one@example.org, 99." in found.text and "lacks the right" in found.text
        )
        assert all(word not in found.text for word in ("Larkin", "1988", "ada.larkin", "MB0000"))
        (all_of_it,) = (await ask("actito_profiles_find", profiles=[ADA], fields=["all"], **CUSTOMERS)).items
        assert all_of_it["emailAddress"] == "ada.larkin@example.org" and all_of_it["loyaltyPoints"] == 4200
        assert all_of_it["mobileAppUser"] is True and all_of_it["interests"] == ["Cards", "Travel"]
        assert all_of_it["table"] == "Customers (MeridianBank)"
        reads = {"v5": "getProfile", "v4": "getProfileV4"}
        assert len(request_log(ask.sandbox, reads[api])) >= 6


async def test_v5_is_asked_for_values_and_the_rest_is_checked_here(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        points = {"lastname": "Larkin", "loyaltyPoints": ">4000", "Newsletter": "in"}
        found = await ask("actito_profiles_find", search=points, fields=["firstName", "loyaltyPoints"], **CUSTOMERS)
        assert found.items and all(each["loyaltyPoints"] > 4000 for each in found.items)
        assert set(found.items[0]) == {"name", "id", "firstName", "loyaltyPoints"}
        (sent,) = request_log(ask.sandbox, "searchProfiles")
        assert "lastName=Larkin" in str(sent) and "4000" not in str(sent)
        assert "Checked here among the 145 that were read, not by Actito: loyaltyPoints, Newsletter." in found.text
        gold = await ask(
            "actito_profiles_find", search={"homeBranch": "Elmbourne", "LoyaltyLevel": "gold"}, **CUSTOMERS
        )
        assert [each["id"] for each in gold.items] == [ADA]
        empty = await ask("actito_profiles_find", search={"birthDate": ""}, fields=["birthDate"], **CUSTOMERS)
        assert len(empty.items) == 4 and "Checked here" not in empty.text
        both = {"profiles": [ADA, BO], "search": {"Newsletter": "out"}, "fields": ["vip", "LoyaltyLevel"]}
        out = await ask("actito_profiles_find", **both, **CUSTOMERS)
        (bo,) = out.items
        assert bo["id"] == BO and bo["segments"] == ["LoyaltyLevel: Bronze"] and "updated" not in bo
        assert "do not fit: 1 of the 2 found" in out.text
        french = await ask("actito_profiles_find", search={"language": "FR"}, **CUSTOMERS)
        assert {each["language"] for each in french.items} == {"FR"}


async def test_v4_is_asked_for_one_value_and_a_day(assistant: Any, request_log: Log) -> None:
    async with assistant(ACTITO__API="v4") as ask:
        both = {"lastName": "Larkin", "customerNumber": "MB00000001"}
        found = await ask("actito_profiles_find", search=both, **CUSTOMERS)
        assert [each["id"] for each in found.items] == [ADA]
        assert "Checked here among the 1 that were read, not by Actito: lastName." in found.text
        recent = await ask(
            "actito_profiles_find", search={"lastName": "Larkin"}, changed_since="2026-06-01", **CUSTOMERS
        )
        assert recent.items and all(each["updated"] >= "2026-06-01" for each in recent.items)
        asked = [str(each) for each in request_log(ask.sandbox, "listProfilesV4")]
        many = await ask("actito_profiles_find", limit=1, **CUSTOMERS)
        assert "Possibly cut: exactly 1000" in many.text and many.data["at_least"]
        assert "customerNumber" in asked[0] and "dateFilter" in asked[1] and "2026-06-01" in asked[1]


async def test_what_v5_can_not_be_asked_is_said(assistant: Any) -> None:
    async with assistant(actito_most_rows=200) as ask:
        found = await ask("actito_profiles_find", changed_since="2026-08-01", limit=2, **CUSTOMERS)
        assert 0 < found.data["total"] < 200 and found.data["at_least"]
        assert "v5 can't be asked for moments: changed_since was checked among the 200 read" in found.text
        assert "Possibly cut: exactly 200 profiles were read" in found.text
        more = await ask("actito_profiles_find", changed_since="2026-08-01", cursor=found.data["cursor"], **CUSTOMERS)
        assert more.items and more.items[0]["id"] not in [each["id"] for each in found.items]
        few = await ask("actito_profiles_find", search={"lastName": "Nobody"}, **CUSTOMERS)
        assert few.data["total"] == 0 and not few.data["at_least"] and "Possibly" not in few.text
        for arguments, said in WRONG:
            answer = await ask("actito_profiles_find", **arguments, **CUSTOMERS)
            assert answer.failed and answer.code == "bad_argument" and said in answer.text, (arguments, answer.text)


async def test_a_key_without_structures_still_finds(assistant: Any) -> None:
    denied = {"path": "/profile-table-structure/*", "kind": "status", "status": 403}
    async with assistant(faults=[denied]) as ask:
        found = await ask(
            "actito_profiles_find", profiles=["ada.larkin@example.org"], entity="MeridianBank", table="16"
        )
        assert [each["id"] for each in found.items] == [ADA] and "may not read the structure" in found.text
        assert "Larkin" not in found.text
        search = {"lastName": "Larkin", "firstName": ["Ada", "Bo"]}
        named = await ask(
            "actito_profiles_find", search=search, entity="MeridianBank", table="16", fields=["firstName"]
        )
        assert {each["firstName"] for each in named.items} == {"Ada", "Bo"}
        unnamed = await ask("actito_scenarios_find", entity="MeridianBank")
        assert unnamed.code == "forbidden" and "Name the table" in unnamed.text
        assert (await ask("actito_scenarios_find", **CUSTOMERS)).items


async def test_a_single_read_that_is_missing_is_done_by_a_search(assistant: Any) -> None:
    missing = {"method": "GET", "path": "*/profile-tables/*/profiles/*", "kind": "status", "status": 404}
    async with assistant(faults=[missing]) as ask:
        found = await ask("actito_profiles_find", profiles=["ADA.LARKIN@example.org", BO, "99"], **CUSTOMERS)
        assert [each["id"] for each in found.items] == [ADA, BO] and "is called 99." in found.text
