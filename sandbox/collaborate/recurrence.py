"""When a project repeats: which settings make sense, and when the next run is (collaborate-notes, section 6)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any

from sandbox import clock
from sandbox.collaborate import moments

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
FIELDS = (
    *("Is_Recurring", "Recurrence_Type", "Recurrence_Interval", "Days_Of_Week", "Day_Of_Month", "Start_Date"),
    *("End_Type", "Occurrences", "End_Date", "Time_Zone"),
)
"""What can be written, in the order of the contract."""

_NEEDS = {"WEEKLY": "Days_Of_Week", "MONTHLY": "Day_Of_Month"}
_END_NEEDS = {"AFTER_OCCURRENCES": "Occurrences", "ON_DATE": "End_Date"}


def check(given: Mapping[str, Any], server: tzinfo) -> dict[str, Any]:
    """The whole setting as it is stored; raises ValueError for keys that contradict each other.

    `server` is the zone of settings that name none.
    """
    setting: dict[str, Any] = {field: given.get(field) for field in FIELDS}
    if not setting["Is_Recurring"]:
        _must_be_null(setting, FIELDS[1:], "a project that does not repeat")
        return setting
    type_ = _needed(setting, "Recurrence_Type", "a project that repeats")
    _needed(setting, "Start_Date", "a project that repeats")
    setting["Recurrence_Interval"] = setting["Recurrence_Interval"] or 1
    setting["End_Type"] = setting["End_Type"] or "NEVER"
    for choice, needs in ((type_, _NEEDS), (setting["End_Type"], _END_NEEDS)):
        _must_be_null(setting, (key for name, key in needs.items() if name != choice), choice)
        if choice in needs:
            _needed(setting, needs[choice], choice)
    zone = _zone(setting, server)
    start = moments.moment(setting["Start_Date"], zone)
    setting["Start_Date"] = moments.write(start)
    if setting["End_Date"] is not None:
        end = moments.moment(setting["End_Date"], zone)
        if end <= start:
            raise ValueError("End_Date must be after Start_Date")
        setting["End_Date"] = moments.write(end)
    return setting


def view(setting: Mapping[str, Any], runs_completed: int, server: tzinfo) -> dict[str, Any]:
    """Recurrence of the contract."""
    if not setting["Is_Recurring"]:
        return {**setting, "Next_Run_Date": None, "Runs_Completed": None}
    return {**setting, "Next_Run_Date": _next_run(setting, runs_completed, server), "Runs_Completed": runs_completed}


def _must_be_null(setting: Mapping[str, Any], keys: Iterable[str], case: str) -> None:
    for key in keys:
        if setting[key] is not None:
            raise ValueError(f"{key} has no meaning for {case} and must be null")


def _needed(setting: Mapping[str, Any], key: str, case: str) -> Any:
    # An empty list of weekdays is as good as none.
    if setting[key] is None or setting[key] == []:
        raise ValueError(f"{key} is needed for {case}")
    return setting[key]


def _zone(setting: Mapping[str, Any], server: tzinfo) -> tzinfo:
    name = setting["Time_Zone"]
    return server if name is None else clock.zone(name)


def _next_run(setting: Mapping[str, Any], runs_completed: int, server: tzinfo) -> str | None:
    """The occurrence after those completed, None when the series has ended."""
    occurrences = setting["Occurrences"]
    if occurrences is not None and runs_completed >= occurrences:
        return None
    start = moments.moment(setting["Start_Date"], _zone(setting, server))
    try:
        found = next(islice(_days(setting, start.date()), runs_completed, None), None)
        if found is None:
            return None
        # The time of day is that of the zone, on whichever side of a clock change the day lies.
        at = datetime.combine(found, time(start.hour, start.minute, start.second), start.tzinfo)
        text = moments.write(at)
    except OverflowError:
        return None
    return None if setting["End_Date"] is not None and text > setting["End_Date"] else text


def _days(setting: Mapping[str, Any], first: date) -> Iterator[date]:
    """The days of a series from its first, without end but that of the calendar (OverflowError)."""
    interval = setting["Recurrence_Interval"]
    match setting["Recurrence_Type"]:
        case "DAILY":
            yield from (first + timedelta(days=step * interval) for step in range(10**7))
        case "WEEKLY":
            places = sorted({WEEKDAYS.index(name) for name in setting["Days_Of_Week"]})
            monday = first - timedelta(days=first.weekday())
            for week in range(10**7):
                days = (monday + timedelta(weeks=week * interval, days=place) for place in places)
                yield from (day for day in days if day >= first)
        case "MONTHLY":
            for step in range(10**7):
                day = _in_month(first.year, first.month + step * interval, setting["Day_Of_Month"])
                if day >= first:
                    yield day
        case _:
            yield from (_in_month(first.year + step * interval, first.month, first.day) for step in range(10**7))


def _in_month(year: int, month: int, day: int) -> date:
    """A day of a month that may count beyond December; shorter months give their last day."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if year > date.max.year:
        raise OverflowError
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
