"""Finding entities and tables of Actito, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
BANK = "MeridianBank"


def denied(path: str, status: int = 403) -> dict[str, Any]:
    return {"kind": "status", "method": "GET", "path": path, "status": status}


@pytest.mark.parametrize("version", ["v5", "v4"])
async def test_entities_and_tables_are_found_with_their_structure(
    assistant: Any, request_log: Log, version: str
) -> None:
    async with assistant(ACTITO__API=version, actito_paths="old" if version == "v4" else "both") as ask:
        entities = await ask("actito_entities_find")
        assert entities.items == [{"name": BANK, "id": 1}, {"name": "LarkDirect", "id": 4, "comment": "Online brand"}]
        assert [each["name"] for each in (await ask("actito_entities_find", search="lark")).items] == ["LarkDirect"]

        found = await ask("actito_tables_find", entity=BANK)
        customers = found.items[0]
        assert customers["name"] == "Customers" and customers["attributes"] == 15
        assert customers["subscriptions"] == ["Newsletter", "Promotions", "BranchEvents"]
        assert [each["kind"] for each in found.items] == ["profile table"] * 3 + ["custom table"] * 2
        assert [each["name"] for each in (await ask("actito_tables_find", entity=BANK, kind="custom")).items] == [
            "Branches",
            "CardPayments",
        ]

        whole = await ask("actito_tables_find", entity=BANK, table="Customers")
        assert whole.text.startswith("Profile table with 15 attributes in sandbox.")
        assert "LoyaltyLevel (Bronze, Silver, Gold, Platinum)" in whole.text and "Vip (yes or no)" in whole.text
        rules = {each["name"]: each for each in whole.items}
        assert rules["profileId"]["rules"] == "written by Actito"
        assert rules["motherLanguage"]["accepted"] == ["EN", "FR", "NL"]
        assert rules["customerNumber"]["rules"] == "unique, at least 8 characters, at most 12 characters"
        assert rules["birthDate"]["type"] == "date" and rules["interests"]["rules"] == "several values"

        payments = await ask("actito_tables_find", entity=BANK, table="CardPayments")
        about = payments.data["about"]
        assert about["key"] == "paymentId" and about["events"] == ["refunded"]
        assert about["foreign_keys"][0].startswith("customerId -> ")
        assert about["foreign_keys"][1].startswith("branchCode -> Branches")
        one = await ask("actito_tables_find", entity=BANK, table="CardPayments", search="status")
        assert one.text.startswith("Custom table with 1 attribute matching the words") and one.items[0]["accepted"]

        asked = {each["operation"] for each in request_log(ask.sandbox)}
        v5 = {"listEntities", "listProfileTables", "getProfileTable", "listCustomTables", "getCustomTable"}
        v4 = {
            "listEntitiesV4",
            "listProfileTableNamesV4",
            "getProfileTableV4",
            "listCustomTablesV4",
            "getCustomTableV4",
        }
        assert v5 <= asked and not v4 & asked if version == "v5" else v4 <= asked and not v5 & asked


async def test_the_entity_is_named_or_the_default_or_the_only_one(assistant: Any) -> None:
    async with assistant() as ask:
        which = await ask("actito_tables_find")
        assert which.code == "ambiguous" and BANK in which.text and "LarkDirect" in which.text
        near = await ask("actito_tables_find", entity="MeridianBnk")
        assert near.code == "not_found" and BANK in near.text
        for called in ("meridianbank", "1"):
            assert (await ask("actito_tables_find", entity=called)).data["total"] == 5
    async with assistant(ACTITO__ENTITY="LarkDirect") as ask:
        assert [each["name"] for each in (await ask("actito_tables_find")).items] == ["Members"]
        assert "LarkDirect is meant" in (await ask("actito_entities_find")).text
        assert (await ask("actito_tables_find", entity=BANK)).data["total"] == 5
    async with assistant(ACTITO__API_KEY="sandbox-key-lark") as ask:
        assert [each["name"] for each in (await ask("actito_tables_find")).items] == ["Members"]
        # What a key may not see it is not told of either.
        assert (await ask("actito_tables_find", entity=BANK)).code == "not_found"
        assert (await ask("browse", address="actito://")).text.startswith("Entities: 1 entity")
    async with assistant(ACTITO__ENTITY="Nobody") as ask:
        assert "'Nobody' (CAMPAIGN_MCP_ACTITO__ENTITY)" in (await ask("actito_tables_find")).text


async def test_a_table_is_called_by_name_or_id_of_either_kind(assistant: Any) -> None:
    async with assistant() as ask:
        for called in ("16", "customers", "Customers"):
            assert (await ask("actito_tables_find", entity=BANK, table=called)).data["about"]["id"] == "16"
        near = await ask("actito_tables_find", entity=BANK, table="Card_Payments")
        assert near.code == "not_found" and "CardPayments" in near.text and "has no table" in near.text
        other = await ask("actito_tables_find", entity=BANK, table="16", kind="custom")
        assert "has no custom table '16', but a profile table of this name" in other.text
        wrong = await ask("actito_tables_find", entity=BANK, fields=["nme"])
        assert wrong.code == "bad_argument" and "'name'" in wrong.text


@pytest.mark.parametrize("masked", [False, True])
async def test_what_the_key_may_not_read_is_said(assistant: Any, masked: bool) -> None:
    async with assistant(actito_mask_denied=masked, ACTITO__API_KEY="sandbox-key-profiles") as ask:
        found = await ask("actito_tables_find", entity=BANK)
        assert [each["name"] for each in found.items] == ["Customers", "Prospects", "ServiceContacts"]
        assert "custom tables could not be read" in found.text and "lacks the right" in found.text
        assert (await ask("actito_tables_find", entity=BANK, kind="custom")).failed
        unread = await ask("actito_tables_find", entity=BANK, table="CardPayments")
        assert not unread.items and "doesn't tell whether there is such a table" in unread.text
        assert unread.text.startswith("Custom table of unknown structure")
        near = await ask("actito_tables_find", entity=BANK, table="Custommers")
        assert near.code == "not_found" and "\nCustomers\n" in near.text
        assert "its custom tables can't" in near.text and "give its id" in near.text
        for tool, arguments in (("actito_imports_find", {}), ("actito_emails_find", {"kind": "mass"})):
            denied = await ask(tool, entity=BANK, **arguments)
            assert " id " not in denied.text and "entity" in denied.text and "the right read_" in denied.text


async def test_a_custom_table_is_found_though_profile_tables_may_not_be_read(assistant: Any) -> None:
    async with assistant(faults=[denied("*/profile-tables*")]) as ask:
        found = await ask("actito_tables_find", entity=BANK, table="Branches")
        assert found.text.startswith("Custom table with 5 attributes")
        payments = await ask("actito_tables_find", entity=BANK, table="CardPayments")
        assert "customerId -> profile table 16" in payments.text


async def test_an_entity_that_is_named_serves_though_entities_may_not_be_read(assistant: Any) -> None:
    async with assistant(faults=[denied("*/entities")]) as ask:
        assert (await ask("actito_tables_find", entity=BANK)).data["total"] == 5
        assert (await ask("actito_tables_find")).code == "forbidden"
