"""Dates of Actito: whatever form they come in, and at the ends of the calendar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

PAYMENTS = {"entity": "MeridianBank", "table": "CardPayments"}
CUSTOMERS = {"entity": "MeridianBank", "table": "Customers"}
ZONES = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland")

WRITTEN: Mapping[str, str] = {
    "2025-02-19T21:20:00Z": "2025-02-19 22:20",
    "2025-02-19T22:20:00": "2025-02-19 22:20",
    "2025-02-19 22:20": "2025-02-19 22:20",
    "2025-02-19": "2025-02-19",
    "03/04/2025": "2025-04-03",
    "19/02/2025 22:20": "2025-02-19 22:20",
    "1740000000": "2025-02-19 22:20",
    "1740000000000": "2025-02-19 22:20",
    "2027-10-31T00:30:00Z": "2027-10-31 02:30 (+02:00, the first of two)",
    "9999-12-31T23:59:59Z": "9999-12-31 23:59",
    "0001-01-01T00:00:00+05:00": "0001-01-01",
    "9000000000000000000": "9000000000000000000 (not understood)",
    "2025-02-30": "2025-02-30 (not understood)",
    "soon": "soon (not understood)",
}


def found(*moments: str) -> dict[str, Any]:
    """An installation whose search for payments answers these moments."""
    records = [
        {"properties": [{"name": "paymentId", "value": f"P{place}"}, {"name": "paymentMoment", "value": moment}]}
        for place, moment in enumerate(moments)
    ]
    return fault("status", "GET", "*/record*", status=200, body=json.dumps({"records": records}))


async def test_a_moment_is_read_in_whatever_form_it_comes(assistant: Any) -> None:
    async with assistant(ACTITO__TIME_ZONE="Europe/Berlin", faults=[found(*WRITTEN)]) as ask:
        records = await ask("actito_records_find", **PAYMENTS, fields=["paymentMoment"], limit=50)
        assert [each["paymentMoment"] for each in records.items] == list(WRITTEN.values())
        assert "Dates that are not understood stand as they came" in records.text


@pytest.mark.parametrize("zone", ZONES)
async def test_records_at_the_ends_of_the_calendar_and_in_an_hour_that_comes_twice(assistant: Any, zone: str) -> None:
    async with assistant(ACTITO__TIME_ZONE=zone) as ask:
        new = {"amount": 1, "customerId": "100001", "branchCode": "BR001"}
        for place, moment in enumerate(("0001-01-01", "9999-12-31", "2027-10-31 02:30", "2027-11-07 01:30")):
            values = {**new, "paymentMoment": moment}
            made = await ask("actito_records_save", **PAYMENTS, record=f"END{place}", values=values)
            assert made.result["status"] == "done", made.text
            again = await ask("actito_records_save", **PAYMENTS, record=f"END{place}", values=values)
            assert again.result["status"] == "already"
            (now,) = (await ask("actito_records_find", **PAYMENTS, records=[f"END{place}"])).items
            assert now["paymentMoment"].startswith(moment)


async def test_a_time_that_does_not_exist_is_refused_with_what_it_becomes(assistant: Any) -> None:
    async with assistant(ACTITO__TIME_ZONE="Europe/Berlin") as ask:
        values = {"paymentMoment": "2027-03-28 02:30"}
        refused = await ask("actito_records_save", **PAYMENTS, record="END9", values=values)
        assert refused.code == "bad_argument" and "does not exist in Europe/Berlin" in refused.text


async def test_profiles_are_searched_by_dates_that_may_not_be_understood(assistant: Any) -> None:
    moments = ["03/04/2025", "19/02/2025", "2025-02-19T22:20:00", "2025-02-30", None]
    profiles = [
        {
            "attributes": {"profileId": str(place), "updateMoment": moment, "customerSince": moment},
            "subscriptions": {},
            "segmentations": {},
        }
        for place, moment in enumerate(moments, start=1)
    ]
    answer = fault("status", "*", "*/profiles*", status=200, body=json.dumps({"profiles": profiles}))
    async with assistant(ACTITO__API="v5", ACTITO__TIME_ZONE="Europe/Berlin", faults=[answer]) as ask:
        since = await ask("actito_profiles_find", **CUSTOMERS, search={"customerSince": ">=2025-01-01"})
        assert [each["id"] for each in since.items] == ["1", "2", "3"]
        assert "1 left out, since customerSince could not be understood" in since.text
        changed = await ask("actito_profiles_find", **CUSTOMERS, changed_since="2025-03-01")
        assert [each["id"] for each in changed.items] == ["1"]
        assert "1 left out, since when they were changed could not be understood" in changed.text
