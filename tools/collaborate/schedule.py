"""When a project repeats: one value, as the system has it, as people say it, and as it is sent.

All of it is inferred: the pages confirm only that projects can repeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo

from tools.dates import in_words, with_time
from upstream.collaborate.recurrence import Recurrence, RecurrenceInput, Weekday
from upstream.moment import Dates
from upstream.zones import local, with_offset

Repeat = Literal["daily", "weekly", "monthly", "yearly"]

WEEKDAYS: Sequence[Weekday] = get_args(Weekday)

_TYPES: Mapping[Repeat, Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]] = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "yearly": "YEARLY",
}
_UNITS: Mapping[str, str] = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}

_UTC = ZoneInfo("UTC")

DAY_ENDS = time(23, 59)
"""When a series ends that was given only a day: what falls on that day still runs."""


@dataclass(frozen=True)
class Schedule:
    """A series of days: every `every`-th day, week, month or year from `start` on.

    `days` belong to weeks, `day_of_month` to months. `end` and `times` exclude each other; without both it goes on.
    `start` and `end` are moments, `zone` is an IANA name and empty for the zone of the server. A start or end that
    could not be understood is the text that the server answered.
    """

    repeat: str
    every: int = 1
    days: tuple[str, ...] = ()
    day_of_month: int = 0
    start: datetime | str | None = None
    end: datetime | str | None = None
    times: int = 0
    zone: str = ""

    @classmethod
    def of(cls, found: Recurrence) -> Schedule | None:
        """What the system answered; None where nothing repeats."""
        if not found.is_recurring:
            return None
        ends = found.end_type.upper()
        return cls(
            found.recurrence_type.lower(),
            found.recurrence_interval or 1,
            tuple(_in_order(found.days_of_week)),
            found.day_of_month or 0,
            found.start_date,
            found.end_date if ends != "AFTER_OCCURRENCES" else None,
            (found.occurrences or 0) if ends != "ON_DATE" else 0,
            found.time_zone,
        )

    def fields(self) -> dict[str, Any]:
        """Plain data under the names that the tool uses; what is not set is None. Moments have their offset."""
        return {
            "repeat": self.repeat,
            "every": self.every,
            "days": [each.capitalize() for each in self.days] or None,
            "day_of_month": self.day_of_month or None,
            "start": self._local(self.start) or None,
            "end": self._local(self.end) or None,
            "times": self.times or None,
            "zone": self.zone or None,
        }

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Schedule | None:
        """The schedule that `fields` was made from; None for one that never repeats."""
        if fields["repeat"] == "never":
            return None
        return cls(
            fields["repeat"],
            fields["every"],
            tuple(each.upper() for each in fields["days"] or ()),
            fields["day_of_month"] or 0,
            _moment(fields["start"]),
            _moment(fields["end"]),
            fields["times"] or 0,
            fields["zone"] or "",
        )

    def as_shown(self, dates: Dates) -> Schedule:
        """The schedule as far as the installation shows it: some write days without a time."""

        def shown(moment: datetime | str | None, name: str) -> datetime | str | None:
            return dates.as_shown(moment, name) if isinstance(moment, datetime) else moment

        return replace(self, start=shown(self.start, "start_date"), end=shown(self.end, "end_date"))

    def words(self, own: ZoneInfo) -> str:
        """`every 2 weeks on Monday and Thursday from 2026-12-01 09:00, 8 times, Europe/Brussels`.

        Where the schedule has no zone its moments are shown in `own`, and that is said.
        """
        return f"{self.rhythm()} {self.series(own)}".strip()

    def series(self, own: ZoneInfo) -> str:
        """`from 2026-12-01 09:00 until 2027-03-31, Europe/Brussels`."""
        text = f"from {self._shown(self.start, own)}" if self.start else ""
        if self.times:
            text += ", once" if self.times == 1 else f", {self.times} times"
        else:
            text += f" until {self._shown(self.end, own, DAY_ENDS)}" if self.end else ", without end"
        zone = self.zone or f"shown in {own.key}: the time zone of the server decides the days"
        return f"{text}, {zone}".removeprefix(", ")

    def moment(self, moment: datetime | str, own: ZoneInfo) -> str:
        """A moment in the zone of the schedule, or in `own`: `2026-12-03 09:00 Europe/Brussels`."""
        if not isinstance(moment, datetime):
            return in_words(moment, own)
        zone = self.zone_or(own)
        return f"{with_time(moment, zone)} {zone.key}"

    def rhythm(self) -> str:
        """`every 2 weeks on Monday and Thursday`."""
        unit = _UNITS.get(self.repeat, self.repeat or "time")
        text = f"every {unit}" if self.every == 1 else f"every {self.every} {unit}s"
        if self.days:
            text += " on " + _and([each.capitalize() for each in self.days])
        if self.day_of_month:
            text += f" on day {self.day_of_month}" + (" or the last" if self.day_of_month > 28 else "")
        return text

    def as_input(self) -> RecurrenceInput:
        """The body of the request; what has no meaning for this schedule does not travel."""
        repeat = cast(Repeat, self.repeat)
        given: dict[str, Any] = {
            "is_recurring": True,
            "recurrence_type": _TYPES[repeat],
            "recurrence_interval": self.every,
            "start_date": self._in_zone(self.start),
            "end_type": "AFTER_OCCURRENCES" if self.times else "ON_DATE" if self.end else "NEVER",
        }
        optional = {
            "days_of_week": list(self.days),
            "day_of_month": self.day_of_month,
            "occurrences": self.times,
            "end_date": self._in_zone(self.end),
            "time_zone": self.zone,
        }
        return RecurrenceInput(**given, **{name: value for name, value in optional.items() if value})

    def _in_zone(self, moment: datetime | str | None) -> datetime | str | None:
        return with_offset(moment, self.zone_or(_UTC)) if isinstance(moment, datetime) else moment

    def _local(self, moment: datetime | str | None) -> str:
        shown = self._in_zone(moment)
        if isinstance(shown, datetime):
            return shown.isoformat(" ", "minutes" if not shown.second else "seconds")
        return shown or ""

    def _shown(self, moment: datetime | str, own: ZoneInfo, whole_day: time | None = None) -> str:
        if not isinstance(moment, datetime):
            return in_words(moment, own)
        zone = self.zone_or(own)
        shown = local(moment, zone)
        whole = shown.time().replace(second=0, microsecond=0) == whole_day
        return shown.date().isoformat() if whole else with_time(moment, zone)

    def zone_or(self, other: ZoneInfo) -> ZoneInfo:
        """The zone of the schedule, the other one where it has none or one that is unknown here."""
        try:
            return ZoneInfo(self.zone) if self.zone else other
        except (LookupError, ValueError, OSError):
            return other


def repeats(found: Recurrence, own: ZoneInfo) -> dict[str, str]:
    """`repeats` in words, `not at all` where it does not; and when next as `next_run`, where that is known."""
    schedule = Schedule.of(found)
    if schedule is None:
        return {"repeats": "not at all"}
    next_run = {"next_run": schedule.moment(found.next_run_date, own)} if found.next_run_date else {}
    return {"repeats": schedule.words(own), **next_run}


def _in_order(days: Sequence[str]) -> list[str]:
    said = [each.strip().upper() for each in days]
    return [each for each in WEEKDAYS if each in said] + [each for each in said if each not in WEEKDAYS]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
