"""When projects repeat: rules by type, replacement, and the next run."""

from __future__ import annotations

import pytest

PATH = "/locals/1000136/recurrence"
DAILY = {"Is_Recurring": True, "Recurrence_Type": "DAILY", "Start_Date": "2026-12-01T06:00:00Z"}
WEEKLY = {**DAILY, "Recurrence_Type": "WEEKLY", "Days_Of_Week": ["FRIDAY", "MONDAY"]}
MONTHLY = {**DAILY, "Recurrence_Type": "MONTHLY", "Day_Of_Month": 31}


def test_a_project_that_does_not_repeat_has_nothing_but_nulls(desk):
    found = desk.read(PATH)
    assert found.pop("Is_Recurring") is False
    assert set(found.values()) == {None}
    assert len(found) == 11


@pytest.mark.parametrize(
    ("setting", "following"),
    [
        (DAILY, "2026-12-01T06:00:00Z"),
        (WEEKLY, "2026-12-04T06:00:00Z"),
        (MONTHLY, "2026-12-31T06:00:00Z"),
        ({**MONTHLY, "Start_Date": "2027-02-03T06:00:00Z"}, "2027-02-28T06:00:00Z"),
        ({**MONTHLY, "Day_Of_Month": 1, "Start_Date": "2026-12-05T06:00:00Z"}, "2027-01-01T06:00:00Z"),
        ({**DAILY, "Recurrence_Type": "YEARLY"}, "2026-12-01T06:00:00Z"),
        ({**DAILY, "Time_Zone": "Europe/Paris", "Start_Date": "2026-12-01T06:00"}, "2026-12-01T05:00:00Z"),
        ({**DAILY, "Start_Date": "2026-12-01T06:00:00+02:00"}, "2026-12-01T04:00:00Z"),
        ({**MONTHLY, "End_Type": "ON_DATE", "End_Date": "2026-12-05T00:00:00Z"}, None),
    ],
)
def test_the_next_run_is_computed(desk, setting, following):
    assert desk.put(PATH, **setting).status_code == 204
    assert desk.read(PATH)["Next_Run_Date"] == following


def test_a_put_replaces_everything(desk):
    assert desk.put(PATH, **WEEKLY, End_Type="AFTER_OCCURRENCES", Occurrences=3).status_code == 204
    assert desk.put(PATH, **DAILY, Recurrence_Interval=2, Next_Run_Date=None, Runs_Completed=7).status_code == 204
    found = desk.read(PATH)
    assert (found["Days_Of_Week"], found["Occurrences"], found["End_Type"]) == (None, None, "NEVER")
    assert (found["Recurrence_Interval"], found["Runs_Completed"]) == (2, 0)
    assert desk.put(PATH, **found).status_code == 204
    assert desk.read(PATH) == found


def test_series_of_the_demo_go_on(desk):
    weekly = desk.read("/advlists/1000121/recurrence")
    assert (weekly["Runs_Completed"], weekly["Next_Run_Date"]) == (4, "2026-11-16T06:00:00Z")
    monthly = desk.read("/locals/1000143/recurrence")
    assert monthly["Next_Run_Date"] == "2026-09-30T07:00:00Z"


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ({"Is_Recurring": True}, "Recurrence_Type"),
        ({"Is_Recurring": True, "Recurrence_Type": "DAILY"}, "Start_Date"),
        ({"Is_Recurring": False, "Recurrence_Type": "DAILY"}, "Recurrence_Type"),
        ({**DAILY, "Days_Of_Week": ["MONDAY"]}, "Days_Of_Week"),
        ({**DAILY, "Day_Of_Month": 3}, "Day_Of_Month"),
        ({**WEEKLY, "Days_Of_Week": None}, "Days_Of_Week"),
        ({**WEEKLY, "Days_Of_Week": []}, "Days_Of_Week"),
        ({**WEEKLY, "Days_Of_Week": ["FUNDAY"]}, "Days_Of_Week"),
        ({**MONTHLY, "Day_Of_Month": None}, "Day_Of_Month"),
        ({**MONTHLY, "Day_Of_Month": 32}, "Day_Of_Month"),
        ({**DAILY, "Recurrence_Interval": 0}, "Recurrence_Interval"),
        ({**DAILY, "Recurrence_Interval": 1000}, "Recurrence_Interval"),
        ({**DAILY, "Recurrence_Type": "HOURLY"}, "Recurrence_Type"),
        ({**DAILY, "End_Type": "AFTER_OCCURRENCES"}, "Occurrences"),
        ({**DAILY, "Occurrences": 3}, "Occurrences"),
        ({**DAILY, "End_Type": "ON_DATE"}, "End_Date"),
        ({**DAILY, "End_Type": "ON_DATE", "End_Date": "2026-12-01T06:00:00Z"}, "End_Date"),
        ({**DAILY, "Start_Date": "tomorrow"}, "tomorrow"),
        ({**DAILY, "Start_Date": "2026-12-01"}, "2026-12-01"),
        ({**DAILY, "Start_Date": "2026-02-30T06:00:00Z"}, "2026-02-30"),
        ({**DAILY, "Time_Zone": "Mars/Olympus"}, "Mars"),
        ({**DAILY, "Time_Zone": "../etc/passwd"}, "time zone"),
        ({**DAILY, "Time_Zone": "America"}, "America"),
    ],
)
def test_what_makes_no_sense_is_422_and_changes_nothing(desk, code, setting, word):
    before = desk.read(PATH)
    answer = desk.put(PATH, **setting)
    assert code(answer) == (422, "INVALID_DATA")
    assert word in answer.json()["Error_Message"]
    assert desk.read(PATH) == before


def test_the_shape_is_checked_first(desk, code):
    assert code(desk.put(PATH, Recurrence_Type="DAILY")) == (400, "BAD_REQUEST")
    assert code(desk.put(PATH, Is_Recurring="yes")) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("first", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("zone", [None, "Pacific/Auckland", "America/New_York"])
def test_either_end_of_the_calendar_breaks_nothing(desk, first, zone):
    for setting in (DAILY, WEEKLY, MONTHLY):
        change = {**setting, "Start_Date": first, "Recurrence_Interval": 999, "Time_Zone": zone}
        assert desk.put(PATH, **change).status_code in (204, 422)
        assert desk.get(PATH).status_code == 200
