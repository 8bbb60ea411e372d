"""Creating, changing and erasing profiles of Actito, driven by a real client against the sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
CUSTOMERS = {"entity": "MeridianBank", "table": "Customers"}
ADA, BO = "100001", "100002"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"values": {"homeBranc": "x", "motherLanguage": "DE", "profileId": 3}, "profile": ADA}, "homeBranch"),
    ({"values": {"loyaltyPoints": "many"}, "profile": ADA}, "whole number"),
    ({"values": {"lastName": ["a", "b"]}, "profile": ADA}, "not several"),
    ({"values": {"customerNumber": "1"}, "profile": ADA}, "at least 8"),
    ({"clear": ["emailAddress"], "profile": ADA}, "mandatory"),
    ({"values": {"Newsletter": True}, "profile": ADA}, "actito_subscriptions_set"),
    ({"values": {"LoyaltyLevel": "Gold"}, "profile": ADA}, "actito_segments_set"),
    ({"values": {"newsletter": True}, "profile": ADA}, "actito_subscriptions_set"),
    ({"values": {"profileid": 3}, "profile": ADA}, "profileId is written by Actito itself"),
    ({"values": {"firstName": "New"}}, "unique attribute"),
    ({"values": {"customerNumber": "MB99999999"}}, "needs emailAddress"),
    ({"clear": ["lastName"]}, "for a profile that exists"),
    ({"values": {"firstName": "New"}, "profile": "99"}, "no profile '99'"),
    ({"values": {"firstName": "New"}, "profile": "Ada <ada.larkin@example.org>"}, "is no e-mail address"),
    ({"values": {"firstName": "New"}, "profile": "customerNumber="}, "value is missing"),
]
"""Arguments that can't be meant, and what is said of them."""

CREATIONS = {"createProfile", "createOrUpdateProfileV4"}
WRITES = {*CREATIONS, "upsertProfile", "patchProfile", "updateProfileV4"}


def operations(log: Log, sandbox: Any, among: set[str]) -> list[str]:
    return [each["operation"] for each in log(sandbox) if each["operation"] in among]


async def values(ask: Any, profile: str, *fields: str) -> dict[str, Any]:
    (row,) = (await ask("actito_profiles_find", profiles=[profile], fields=list(fields), **CUSTOMERS)).items
    return {name: row.get(name) for name in fields}


@pytest.mark.parametrize(
    ("api", "write", "create"),
    [("v5", "upsertProfile", "createProfile"), ("v4", "updateProfileV4", "createOrUpdateProfileV4")],
)
async def test_only_what_changes_is_sent(assistant: Any, request_log: Log, api: str, write: str, create: str) -> None:
    async with assistant(ACTITO__API=api) as ask:
        given = {"homebranch": "Fernton", "loyaltyPoints": "4300", "lastName": "Larkin", "mobileAppUser": "yes"}
        done = await ask("actito_profiles_save", profile=ADA, values=given, clear=["birthDate"], **CUSTOMERS)
        assert done.result["status"] == "done" and done.result["id"] == ADA
        assert done.result["before"] == {"homeBranch": "Elmbourne", "loyaltyPoints": 4200, "birthDate": "1988-02-29"}
        assert done.result["after"] == {"homeBranch": "Fernton", "loyaltyPoints": 4300, "birthDate": None}
        assert "can start scenarios" in done.text and ask.questions == [] and "ada.larkin" not in done.text
        assert operations(request_log, ask.sandbox, WRITES) == [write]
        again = await ask("actito_profiles_save", profile="ada.larkin@example.org", values=given, **CUSTOMERS)
        assert again.result["status"] == "already" and operations(request_log, ask.sandbox, WRITES) == [write]
        assert await values(ask, ADA, "homeBranch", "birthDate") == {"homeBranch": "Fernton", "birthDate": None}
        doubled = {"interests": ["Travel", "travel", "Cards", "Travel"]}
        several = await ask("actito_profiles_save", profile=BO, values=doubled, **CUSTOMERS)
        assert several.result["after"] == {"interests": ["Travel", "Cards"]}
        assert (await values(ask, BO, "interests"))["interests"] == ["Travel", "Cards"]
        before = len(request_log(ask.sandbox))
        await ask("actito_profiles_save", profile=ADA, values={"loyaltyPoints": 1}, **CUSTOMERS)
        assert len(request_log(ask.sandbox)) == before + 2, "one read and one write"
        new = {"emailAddress": "new.one@example.org", "firstName": "New"}
        preview = await ask("actito_profiles_save", values=new, dry_run=True, **CUSTOMERS)
        assert "n***@example.org" in preview.text and operations(request_log, ask.sandbox, CREATIONS) == []
        done = await ask("actito_profiles_save", values=new, **CUSTOMERS)
        assert done.result["status"] == "done" and done.result["id"] == "105001"
        assert operations(request_log, ask.sandbox, CREATIONS) == [create] and "has no opt-in" in done.text
        assert api == "v5" or "allowUpdate=false" in str(request_log(ask.sandbox, create))
        twin = await ask("actito_profiles_save", values=new | {"firstName": "Other"}, **CUSTOMERS)
        assert twin.result["status"] == "refused" and "exists already: give 105001 as profile" in twin.result["reason"]
        assert (await values(ask, "105001", "firstName"))["firstName"] == "New"


@pytest.mark.parametrize("api", ["v5", "v4"])
async def test_a_moment_is_read_and_written_in_the_time_zone(assistant: Any, api: str) -> None:
    # The server takes the creation and does nothing.
    lost = {"method": "POST", "path": "*/profile*", "kind": "empty", "status": 200}
    async with assistant(ACTITO__API=api, ACTITO__TIME_ZONE="Europe/Brussels", faults=[lost]) as ask:
        later = {"customerSince": "2015-05-02 12:30"}
        done = await ask("actito_profiles_save", profile="CUSTOMERNUMBER=MB00000001", values=later, **CUSTOMERS)
        assert "customerSince: 2014-05-02 12:30 → 2015-05-02 12:30" in done.text
        assert await values(ask, ADA, "customerSince") == later
        new = await ask("actito_profiles_save", values={**later, "emailAddress": "new@example.org"}, **CUSTOMERS)
        assert new.result["status"] == "unknown" and "nobody has this emailAddress" in new.result["reason"]


async def test_an_address_is_changed_where_nobody_has_the_new_one(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        taken = {"emailAddress": "bo.stone+bank@example.com"}
        refused = await ask("actito_profiles_save", profile=ADA, values=taken, **CUSTOMERS)
        assert refused.result["status"] == "refused" and BO in refused.result["reason"]
        assert operations(request_log, ask.sandbox, WRITES) == []
        done = await ask("actito_profiles_save", profile=ADA, values={"emailAddress": "ada@example.net"}, **CUSTOMERS)
        assert done.result["status"] == "done"
        prospect = {"entity": "MeridianBank", "table": "Prospects", "profile": "103500"}
        await ask("actito_profiles_save", values={"emailAddress": "x@example.net"}, **prospect)
        assert operations(request_log, ask.sandbox, WRITES) == ["upsertProfile", "patchProfile"]
        assert (await values(ask, ADA, "emailAddress"))["emailAddress"] == "ada@example.net"
        for arguments, said in WRONG:
            answer = await ask("actito_profiles_save", **arguments, **CUSTOMERS)
            assert answer.failed and said in answer.text, (arguments, answer.text)


async def test_another_form_serves_where_a_route_is_missing(assistant: Any, request_log: Log) -> None:
    missing = [
        {"method": "POST", "path": "*/profiles", "kind": "status", "status": 405},
        {"method": "PUT", "path": "*/profiles", "skip": 1, "times": 1, "kind": "status", "status": 404},
    ]
    async with assistant(faults=missing) as ask:
        made = await ask("actito_profiles_save", values={"emailAddress": "new.one@example.org"}, **CUSTOMERS)
        assert made.result["status"] == "done" and made.result["id"] == "105001", "by the upsert"
        changed = await ask("actito_profiles_save", profile="105001", values={"firstName": "New"}, **CUSTOMERS)
        assert changed.result["status"] == "done", "by the patch"
        assert (await values(ask, "105001", "firstName"))["firstName"] == "New"


async def test_a_refusal_is_told(assistant: Any) -> None:
    async with assistant(ACTITO__API_KEY="sandbox-key-read", actito_mask_denied=True) as ask:
        new = await ask("actito_profiles_save", values={"emailAddress": "new.one@example.org"}, **CUSTOMERS)
        assert new.result["status"] == "refused" and "lacks the right write_profiles" in new.result["reason"]
        old = await ask("actito_profiles_save", profile=ADA, values={"lastName": "Lark"}, **CUSTOMERS)
        assert old.result["status"] == "refused" and "write_profiles" in old.result["reason"]
        erased = await ask("actito_profiles_delete", profiles=[ADA], **CUSTOMERS)
        assert erased.result["status"] == "refused" and "though the profile is there" in erased.result["reason"]


@pytest.mark.parametrize(("kind", "status"), [("drop_after", "done"), ("drop_before", "unknown")])
async def test_a_lost_answer_is_looked_at_again(assistant: Any, request_log: Log, kind: str, status: str) -> None:
    faults = [{"method": verb, "path": "*/profiles", "kind": kind} for verb in ("PUT", "POST")]
    faults += [{"method": "DELETE", "path": "*", "kind": kind}]
    async with assistant(faults=faults) as ask:
        changed = await ask("actito_profiles_save", profile=ADA, values={"lastName": "Lark"}, **CUSTOMERS)
        assert changed.result["status"] == status
        new = await ask("actito_profiles_save", values={"emailAddress": "new.one@example.org"}, **CUSTOMERS)
        assert new.result["status"] == status and (new.result.get("id") == "105001") == (status == "done")
        erased = await ask("actito_profiles_delete", profiles=[BO], **CUSTOMERS)
        assert erased.result["status"] == status and erased.result["id"].endswith(BO)
        if status == "done":
            assert all("the answer was lost, but" in each.result["reason"] for each in (changed, new, erased))


async def test_a_key_without_structures_still_writes(assistant: Any, request_log: Log) -> None:
    here = {"entity": "MeridianBank", "table": "16"}
    denied = {"path": "/profile-table-structure/*", "kind": "status", "status": 403}
    async with assistant(ACTITO__API_KEY="sandbox-key-profiles", faults=[denied]) as ask:
        called = "ada.larkin@example.org"
        assert (await ask("actito_profiles_save", profile=called, values={"lastName": "Lark"}, **here)).result[
            "id"
        ] == ADA
        assert (await ask("actito_profiles_save", profile=ADA, values={"lastName": "Lar"}, **here)).result["id"] == ADA
        assert operations(request_log, ask.sandbox, WRITES) == ["upsertProfile", "patchProfile"]
        made = await ask("actito_profiles_save", values={"emailAddress": "new.one@example.org"}, **here)
        assert made.result["id"] == "105001"
        erased = await ask("actito_profiles_delete", profiles=["105001"], **here)
        assert erased.result["status"] == "done"
        assert "Records: not known, since the custom tables could not be read" in ask.questions[0]


@pytest.mark.parametrize(("era", "api"), [("auto", "v5"), ("legacy", "v4")])
async def test_erasing_asks_and_says_what_goes(assistant: Any, request_log: Log, era: str, api: str) -> None:
    async with assistant(era=era, ACTITO__API=api) as ask:
        called = ["ada.larkin@example.org", BO, ADA, "no.one@example.org"]
        done = await ask("actito_profiles_delete", profiles=called, **CUSTOMERS)
        (question,) = ask.questions
        assert "Delete 2 profiles in Actito (environment: sandbox)?" in question
        assert "a***@example.org" in question and "called: ada.larkin@example.org" in question
        assert "subscriptions: BranchEvents, Newsletter; segments: LoyaltyLevel: Gold, Vip" in question
        assert "Left alone: no.one@example.org" in question and "whole history" in question and "opt it out" in question
        of = "" if api == "v5" else " of table 16"
        assert f"CardPayments names profiles{of} by customerId: its records of the profile are deleted too" in question
        assert done.data["counts"] == {"done": 2, "already": 1}
        again = await ask("actito_profiles_delete", profiles=[ADA], **CUSTOMERS)
        assert again.code == "not_found", "an erasure that names nobody is no success"
        erase = {"v5": "deleteProfile", "v4": "deleteProfileV4"}[api]
        assert len(request_log(ask.sandbox, erase)) == 2


async def test_a_no_erases_nobody(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        answer = await ask("actito_profiles_delete", profiles=[ADA], **CUSTOMERS)
        assert answer.data["status"] == "declined" and request_log(ask.sandbox, "deleteProfile") == []
