"""Dates of Collaborate: in every form in which they may come, where clocks change, and at the ends of the calendar."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.tools.faults import fault
from tools.collaborate.form_values import as_wanted, same
from upstream.collaborate.forms import FormAttribute
from upstream.moment import Dates

pytestmark = pytest.mark.anyio

ZONES = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland")
FORMS = ("milliseconds", "day", "local", "slashes", "seconds", "offset")
ONCE = "1000136"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zone", ZONES)
async def test_whatever_the_form_rows_filters_and_saves_hold(assistant: Any, zone: str, form: str) -> None:
    async with assistant(time_zone=zone, date_form=form) as ask:
        (found,) = (await ask("projects_find", projects=["1000136"])).items
        assert found["start"] == "2026-11-24" and "not understood" not in str(found)
        late = await ask("projects_find", where={"start": "2026-11-24"})
        assert 1000136 in late.ids() and {each["start"] for each in late.items} == {"2026-11-24"}
        done = await ask("projects_save", project="1000136", start="2026-11-25", end="2027-02-03")
        assert done.result["status"] == "done", done.text
        same = await ask("projects_save", project="1000136", start="2026-11-25", end="2027-02-03")
        assert same.result["status"] == "already"


@pytest.mark.parametrize("zone", ZONES)
async def test_a_project_without_an_end_is_a_row_like_others(assistant: Any, zone: str) -> None:
    async with assistant(time_zone=zone) as ask:
        done = await ask("projects_save", project="1000136", start="0001-01-01", end="9999-12-31")
        assert done.result["status"] == "done"
        found = await ask("projects_find", where={"end": ">=9999-12-31"})
        assert [(each["start"], each["end"]) for each in found.items] == [("0001-01-01", "9999-12-31")]
        assert (await ask("projects_find", limit=100)).data["total"] == 60


async def test_a_date_that_is_no_date_is_told_in_its_row(assistant: Any) -> None:
    odd = [9 * 10**18, "31/02/2026", "03/04/2026", {"year": 2026}, "9999-12-31T23:59:59-12:00"]
    rows = [
        {"Project_ID": 1000101 + place, "Project_Name": f"P{place}", "Start_Date": each, "Created_Date": each}
        for place, each in enumerate(odd)
    ]
    lists = fault("status", "GET", "/lists", status=200, body=json.dumps(rows))
    async with assistant(time_zone="Europe/Berlin", faults=[lists]) as ask:
        found = await ask("projects_find", kind="simple list")
        assert [each["start"] for each in found.items] == [
            "9000000000000000000 (not understood)",
            "31/02/2026 (not understood)",
            "03/04/2026 (not understood)",
            '{"year": 2026} (not understood)',
            "9999-12-31 23:59",
        ]
        early = await ask("projects_find", kind="simple list", where={"start": "<2027-01-01"})
        assert early.items == [] and "4 left out, since start could not be understood" in early.text


@pytest.mark.parametrize("form", ["milliseconds", "slashes", "seconds", "offset"])
@pytest.mark.parametrize(
    ("zone", "twice", "never"),
    [
        ("Europe/Berlin", "2027-10-31 02:30", "2027-03-28 02:30"),
        ("America/Los_Angeles", "2027-11-07 01:30", "2027-03-14 02:30"),
    ],
)
async def test_a_series_that_begins_in_an_hour_that_comes_twice(
    assistant: Any, zone: str, twice: str, never: str, form: str
) -> None:
    async with assistant(time_zone=zone, date_form=form) as ask:
        daily = {"project": ONCE, "repeat": "daily", "end": "9999-12-30"}
        done = await ask("recurrence_set", start=twice, **daily)
        assert done.result["status"] == "done" and "the first of two" in ask.questions[0], done.text
        again = await ask("recurrence_set", start=twice, **daily)
        assert again.result["status"] == "already"
        refused = await ask("recurrence_set", start=never, **daily)
        assert f"{never} does not exist in {zone}" in refused.text
        (read,) = (await ask("projects_find", projects=[ONCE], fields=["recurrence"])).items
        assert f"from {twice}" in read["series"] and "until 9999-12-30" in read["series"]


@pytest.mark.parametrize("zone", ZONES)
async def test_a_series_may_go_on_to_the_ends_of_the_calendar(assistant: Any, zone: str) -> None:
    async with assistant(time_zone=zone) as ask:
        series = {"project": ONCE, "repeat": "yearly", "start": "0001-01-01", "end": "9999-12-31"}
        done = await ask("recurrence_set", **series)
        assert done.result["status"] == "done", done.text
        assert (await ask("recurrence_set", **series)).result["status"] == "already"
        listed = await ask("projects_find", projects=[ONCE], fields=["recurrence"])
        assert "9999-12-31" in listed.text


async def test_a_time_that_the_system_does_not_show_is_no_refusal(assistant: Any) -> None:
    async with assistant(time_zone="Europe/Berlin", date_form="day") as ask:
        done = await ask("recurrence_set", project=ONCE, repeat="daily", start="2026-12-01 09:00", end="never")
        assert done.result["status"] == "done" and "does not show the whole time" in done.result["reason"]
        again = await ask("recurrence_set", project=ONCE, start="2026-12-01 09:00")
        assert again.result["status"] == "done", "whether it has this time is not known"


async def test_a_series_that_is_over_is_told_by_the_clock_of_the_call(assistant: Any) -> None:
    async with assistant(date="2026-12-05") as ask:
        done = await ask("recurrence_set", project=ONCE, repeat="daily", start="2026-12-01", end="2026-12-04")
        assert "The start is in the past" in done.text and "The end is in the past" in done.text
    async with assistant(date="2026-11-30") as ask:
        done = await ask("recurrence_set", project=ONCE, repeat="daily", start="2026-12-01", end="2026-12-04")
        assert "in the past" not in done.text


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        ("24/12/2026", "2026-12-24"),
        ("2026-12-24T00:00:00", "2026-12-24"),
        ("1798066800000", "2026-12-24"),
        ("2026-12-24 10:00", "2026-12-24 10:00"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_a_day_in_a_form_is_the_same_however_it_is_written(now: str, seen: str) -> None:
    dates = Dates(ZoneInfo("Europe/Berlin"))
    assert as_wanted(["2026-12-24"], [now], dates) == [seen]
    assert as_wanted(["24 December"], [now], dates) == [now], "where no day is wanted nothing is read as one"
    attribute = FormAttribute(attribute_id=1, internal_name="visit_date", attribute_type="date")
    assert same(["2026-12-24"], [now], attribute, dates) is (seen == "2026-12-24")
