"""Dates of Campaign: at the ends of the calendar, where clocks change, and in every form in which they may come."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]

ZONES = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland")
FORMS = ("milliseconds", "text", "bean", "day", "local", "slashes", "seconds", "offset")


def campaigns(*said: dict[str, Any]) -> dict[str, Any]:
    """An installation whose list of campaigns has these, each with an id and a name."""
    rows = [{"id": 3000 + place, "name": f"Campaign {place}", **each} for place, each in enumerate(said)]
    return fault("status", "GET", "/v1/campaigns", status=200, body=json.dumps(rows))


# the ends of the calendar


@pytest.mark.parametrize("zone", ZONES)
async def test_a_campaign_without_an_end_is_made_found_changed_and_deleted(assistant: Any, zone: str) -> None:
    async with assistant(time_zone=zone) as ask:
        made = await ask("campaigns_save", name="Always on", start="0001-01-01", end="9999-12-31")
        assert made.result["status"] == "done" and made.result["after"]["end"] == "9999-12-31"
        everything = await ask("campaigns_find", limit=100)
        assert everything.data["total"] == 49 and everything.items[-1]["standing"] == "running"
        (found,) = (await ask("campaigns_find", search="always", attributes={"end": ">=9999-12-31"})).items
        assert (found["start"], found["end"]) == ("0001-01-01", "9999-12-31")
        assert (await ask("campaigns_find", search="always", attributes={"end": "<9999-12-31"})).items == []
        same = await ask("campaigns_save", campaign="Always on", start="0001-01-01", end="9999-12-31")
        assert same.result["status"] == "already"
        late = await ask("campaigns_save", campaign="Always on", end="9999-12-31 23:59")
        assert late.result["status"] == "done"
        assert (await ask("campaigns_find", limit=5, sort="-end")).items[0]["name"] == "Always on"
        deleted = await ask("campaigns_delete", campaigns=["Always on"])
        assert deleted.result["status"] == "done" and "standing: running" in ask.questions[-1]


@pytest.mark.parametrize("zone", ZONES)
async def test_what_can_not_be_worked_out_takes_nothing_down(assistant: Any, zone: str) -> None:
    odd = [9 * 10**18, -(10**17), 253402329599000, -62135600008000, "9999-12-31T23:59:59-12:00", {"time": 1e300}]
    rows = [{"startDate": each, "endDate": each, "createDate": each, "lastRunDate": each} for each in odd]
    async with assistant(time_zone=zone, faults=[campaigns(*rows, {"startDate": 1740003600000})]) as ask:
        found = await ask("campaigns_find", fields=["all"], sort="start")
        assert found.data["total"] == 7 and found.items[0]["name"] == "Campaign 3"
        by_name = {each["name"]: each for each in found.items}
        assert by_name["Campaign 6"]["standing"] == "running"
        assert by_name["Campaign 0"]["start"] == "9000000000000000000 (not understood)"
        assert {by_name[f"Campaign {place}"]["standing"] for place in (0, 1, 5)} == {"not understood"}
        assert "Dates that are not understood stand as they came" in found.text
        narrowed = await ask("campaigns_find", attributes={"start": ">=2025-01-01 <9999-01-01", "end": ""})
        assert [each["name"] for each in narrowed.items] == ["Campaign 6"]


# where clocks change


@pytest.mark.parametrize(
    ("zone", "twice", "shown", "never", "becomes"),
    [
        ("Europe/Berlin", "2027-10-31 02:30", "+02:00", "2027-03-28 02:30", "2027-03-28 03:30"),
        ("America/Los_Angeles", "2027-11-07 01:30", "-07:00", "2027-03-14 02:30", "2027-03-14 03:30"),
        ("Pacific/Auckland", "2028-04-02 02:30", "+13:00", "2027-09-26 02:30", "2027-09-26 03:30"),
    ],
)
async def test_a_time_that_comes_twice_or_never(
    assistant: Any, zone: str, twice: str, shown: str, never: str, becomes: str
) -> None:
    async with assistant(time_zone=zone) as ask:
        done = await ask("campaigns_save", campaign="2046", end=twice)
        assert done.result["status"] == "done" and f"{twice} ({shown}, the first of two)" in done.text
        same = await ask("campaigns_save", campaign="2046", end=twice)
        assert same.result["status"] == "already"
        (found,) = (await ask("campaigns_find", campaigns=["2046"])).items
        assert found["end"] == f"{twice} ({shown}, the first of two)"
        refused = await ask("campaigns_save", campaign="2046", end=never)
        assert f"{never} does not exist in {zone}" in refused.text and becomes in refused.text
        done = await ask("campaigns_save", campaign="2046", end=becomes)
        assert done.result["status"] == "done"
        assert (await ask("campaigns_save", campaign="2046", end=becomes)).result["status"] == "already"


async def test_the_second_of_two_hours_is_another_moment(assistant: Any) -> None:
    async with assistant(time_zone="Europe/Berlin") as ask:
        await ask("campaigns_save", campaign="2046", end="2027-10-31 02:30")
        done = await ask("campaigns_save", campaign="2046", end="2027-10-31 02:30+01:00")
        assert "(+02:00, the first of two) → 2027-10-31 02:30 (+01:00, the second of two)" in done.text
        again = await ask("campaigns_save", campaign="2046", end="2027-10-31 02:30+01:00")
        assert again.result["status"] == "already"


async def test_a_day_that_begins_at_one_is_a_day(assistant: Any) -> None:
    async with assistant(time_zone="Africa/Cairo") as ask:
        done = await ask("campaigns_save", campaign="2046", end="2027-04-30")
        assert done.result["after"]["end"] == "2027-04-30"
        assert (await ask("campaigns_save", campaign="2046", end="2027-04-30")).result["status"] == "already"


@pytest.mark.parametrize(("kind", "of", "name"), [("offer", "5158", "expiry_date"), ("campaign", "2046", "launched")])
async def test_dates_among_attributes_are_moments_too(assistant: Any, kind: str, of: str, name: str) -> None:
    async with assistant(time_zone="Europe/Berlin") as ask:
        if kind == "campaign":
            await ask("attributes_define", name=name, kind=kind, type="date")
        for given in ("2027-10-31 02:30", "9999-12-31", "0001-01-01"):
            done = await ask("attributes_set", kind=kind, of=of, values={name: given})
            assert done.result["status"] == "done" and given in done.text, done.text
            again = await ask("attributes_set", kind=kind, of=of, values={name: given})
            assert again.result["status"] == "already"
        listed = await ask(
            "offers_find" if kind == "offer" else "campaigns_find",
            attributes={name: "<1970-01-01"},
            fields=["id", name],
        )
        assert [each[name] for each in listed.items] == ["0001-01-01"]


async def test_dates_to_choose_from_are_met_however_they_are_written(assistant: Any) -> None:
    async with assistant(time_zone="Europe/Berlin", date_form="slashes") as ask:
        made = await ask(
            "attributes_define",
            name="wave",
            kind="offer",
            type="date",
            options=["2027-03-01", "2027-04-05"],
            default="2027-04-05",
        )
        assert made.result["status"] == "done"
        (defined,) = (await ask("attributes_find", names=["wave"], fields=["options", "default"])).items
        assert defined["options"] == ["2027-03-01", "2027-04-05"] and defined["default"] == "2027-04-05"
        more = await ask("attributes_define", name="wave", options=["2027-03-01", "2027-05-01"])
        assert more.result["status"] == "done" and more.result["after"]["options"][2:] == ["2027-05-01"]
        done = await ask("attributes_set", kind="offer", of="5158", values={"wave": "2027-03-01"})
        assert done.result["status"] == "done"
        wrong = await ask("attributes_set", kind="offer", of="5158", values={"wave": "2027-03-02"})
        assert "it takes 2027-03-01, 2027-04-05, 2027-05-01" in wrong.text


# how an installation writes them


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zone", ZONES)
async def test_whatever_the_form_rows_filters_standing_and_saves_hold(assistant: Any, zone: str, form: str) -> None:
    async with assistant(time_zone=zone, date_form=form) as ask:
        found = await ask("campaigns_find", campaigns=["2025", "2046"], fields=["standing", "start", "end"])
        assert [each["standing"] for each in found.items] == ["ended", "planned"]
        assert "not understood" not in found.text and "undated" not in found.text and "1970" not in found.text
        assert found.items[1]["start"][:7] in ("2026-11", "2026-12")
        planned = await ask("campaigns_find", attributes={"standing": "planned", "start": ">=2026-11-30"})
        assert planned.ids() == [2043, 2044, 2045, 2046, 2047, 2048]
        done = await ask("campaigns_save", campaign="2046", end="2027-04-03")
        assert done.result["status"] == "done" and "→ 2027-04-03" in done.text
        assert (await ask("campaigns_save", campaign="2046", end="2027-04-03")).result["status"] == "already"
        made = await ask("campaigns_save", name="Next", start="2027-04-03", end="2027-05-04")
        assert made.result["status"] == "done"
        (next_one,) = (await ask("campaigns_find", campaigns=["Next"])).items
        assert (next_one["start"], next_one["end"]) == ("2027-04-03", "2027-05-04")
        offer = await ask("attributes_set", kind="offer", of="5158", values={"expiry_date": "2027-06-05"})
        assert offer.result["status"] == "done"
        listed = await ask("offers_find", attributes={"expiry_date": "2027-06-05"})
        assert listed.ids() == [5158]


async def test_a_setting_says_how_dates_are_written(assistant: Any) -> None:
    async with assistant(date_form="slashes", UNICA__DATE_FORM="milliseconds") as ask:
        done = await ask("campaigns_save", campaign="2046", end="2027-04-03")
        assert done.result["status"] == "done"
    async with assistant(UNICA__DATE_FORM="dd/mm/yyyy") as ask:
        refused = await ask("campaigns_save", campaign="2046", end="2027-04-03")
        assert refused.result["status"] == "refused" and "03/04/2027 00:00" in refused.text, "the system takes no other"


async def test_a_time_that_days_alone_would_lose_is_not_sent(assistant: Any, request_log: Log) -> None:
    async with assistant(date_form="day") as ask:
        refused = await ask("campaigns_save", campaign="2046", end="2027-04-03 18:00")
        assert refused.result["status"] == "refused" and "2027-04-03 18:00:00 has a time" in refused.text
        assert "CAMPAIGN_MCP_UNICA__DATE_FORM" in refused.text and not request_log(ask.sandbox, "updateCampaign")
    async with assistant(date_form="day", UNICA__DATE_FORM="local") as ask:
        told = await ask("campaigns_save", campaign="2046", end="2027-04-03 18:00")
        assert told.result["status"] == "refused" and "did not take end" in told.text, "it shows the day alone"


async def test_dates_that_have_two_meanings_are_not_understood_until_others_show_the_order(assistant: Any) -> None:
    unclear = campaigns({"startDate": "03/04/2026", "endDate": "05/06/2026"}, {"startDate": "", "endDate": None})
    one = {"id": 3000, "name": "Campaign 0", "startDate": "03/04/2026", "endDate": "05/06/2026"}
    alone = fault("status", "GET", "/v1/campaigns/3000", status=200, body=json.dumps(one))
    async with assistant(faults=[unclear, alone]) as ask:
        found = await ask("campaigns_find")
        first, second = found.items
        assert first["start"] == "03/04/2026 (not understood)" and first["standing"] == "not understood"
        assert second["standing"] == "undated" and "the setting DATE_FORM tells how to read them" in found.text
        narrowed = await ask("campaigns_find", attributes={"start": ">=2026-01-01"})
        assert narrowed.items == [] and "1 left out, since start could not be understood" in narrowed.text
        contrary = await ask("campaigns_find", attributes={"start": "!=2026-01-01", "end": ">2026-01-01"})
        assert "1 left out, since start" in contrary.text and "1 left out, since end" in contrary.text
        running = await ask("campaigns_find", attributes={"standing": "running"})
        assert running.items == [] and "How 1 stand could not be told" in running.text
        dry = await ask("campaigns_save", campaign="3000", end="2026-07-01", dry_run=True)
        assert "end: 05/06/2026 (not understood) → 2026-07-01" in dry.text
    async with assistant(faults=[unclear], UNICA__DATE_FORM="dd/mm/yyyy") as ask:
        assert (await ask("campaigns_find")).items[0]["start"] == "2026-04-03"
    clear = campaigns({"startDate": "03/04/2026"}, {"startDate": "04/19/2026"})
    async with assistant(faults=[clear]) as ask:
        assert (await ask("campaigns_find")).items[0]["start"] == "2026-03-04"


async def test_garbage_among_dates_is_told_beside_dates(assistant: Any) -> None:
    garbage = ["soon", "2026-02-30", "19/02/25", {"lenient": True}, True, 47, "Mon Jul 06 18:23:35 IST 2015"]
    rows = campaigns(*({"startDate": each} for each in garbage), {"startDate": "1740003600000"})
    async with assistant(faults=[rows]) as ask:
        found = await ask("campaigns_find", sort="-start")
        assert found.items[0]["start"] == "2025-02-19 22:20", "what is known comes first"
        assert all("(not understood)" in each["start"] for each in found.items[1:])
        assert {each["standing"] for each in found.items[1:]} == {"not understood"}
        assert (await ask("campaigns_find", attributes={"start": "soon"})).code == "bad_argument"
        without = await ask("campaigns_find", attributes={"start": ""})
        assert without.items == [], "a date that is not understood is a date"
