"""Setting when a project of Unica Collaborate repeats."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.collaborate.kinds import OfKind, kind_of
from tools.collaborate.project_book import Found, Projects, changed, changing
from tools.collaborate.schedule import DAY_ENDS, WEEKDAYS, Repeat, Schedule, repeats
from tools.dates import read_moment
from tools.declare import changes
from tools.errors import BadArgument
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.collaborate.recurrence import GetRecurrence, Recurrence, RecurrenceInput, UpdateRecurrence, Weekday
from upstream.request import Risk
from upstream.zones import local

MOST_OFTEN = 999
NEVER = "never"


@changes(UpdateRecurrence, GetRecurrence, GetProject, GetProjects, title="Set recurrence")
async def recurrence_set(
    call: Call,
    project: Annotated[str, "Id or name"],
    kind: OfKind = "",
    repeat: Annotated[Literal["", "daily", "weekly", "monthly", "yearly", "never"], "How often"] = "",
    every: Annotated[int, "2: every second"] = 0,
    days: Annotated[list[str], "Weekdays, or day of month"] = [],
    start: Annotated[str, "Date and time"] = "",
    end: Annotated[str, "Date, 8 times, never"] = "",
    zone: Annotated[str, "Time zone"] = "",
) -> Plan:
    """Set when a project repeats; the rest stays."""
    given = _Given(call, repeat, every, days, start, end, zone)
    found = await call.kept(Projects).of(kind_of(kind)).one(call, project)
    read = await call.send(GetRecurrence(kind=found.kind, project_id=found.id))
    now = Schedule.of(read)
    change = _change(found, now, now)
    if found.over:
        return Plan([], [Outcome(change, "refused", f"it is {found.state}, and that is final")])
    wanted = given.applied_to(now)
    if wanted == now:
        why = "it is so already" if given.anything else "nothing to change was given"
        return Plan([], [Outcome(change, "already", why)])
    return Plan(
        [_change(found, now, wanted)],
        dependents=Dependents([wanted.words(call.time_zone) if wanted else "not at all"], label="Repeats then"),
        warnings=_warnings(found, read, wanted, call.now()),
    )


def _change(found: Found, now: Schedule | None, wanted: Schedule | None) -> Change:
    # The state decides whether it runs by itself at once: bound, though it does not change.
    before, after = {**_fields(now), "state": found.state}, _fields(wanted)
    return changing(found, "set recurrence of", Risk.REACHES_CUSTOMERS, before=before, after=after)


def _fields(schedule: Schedule | None) -> dict[str, Any]:
    """A schedule as plain data; of one that never repeats nothing else is set."""
    return schedule.fields() if schedule else dict.fromkeys(Schedule("").fields()) | {"repeat": NEVER}


def _warnings(found: Found, read: Recurrence, wanted: Schedule | None, now: datetime) -> list[str]:
    if wanted is None:
        return []
    warnings = []
    if found.project.project_status == "IN_PROGRESS":
        warnings.append("The project is in progress: the system runs it at these times by itself.")
    else:
        warnings.append("The project is not in progress: it repeats from when it is started or resumed.")
    if isinstance(wanted.start, datetime) and wanted.start < now:
        warnings.append("The start is in the past. Whether days that were missed run at once is not documented.")
    if isinstance(wanted.end, datetime) and wanted.end < now:
        warnings.append("The end is in the past: nothing would run any more.")
    completed = read.runs_completed or 0
    if wanted.times and completed:
        warnings.append(f"It has run {completed} times. Whether these count in the new series is not documented.")
    return warnings


class _Given:
    """What a call gives of a schedule, checked in itself. Raises BadArgument for what can't be meant."""

    def __init__(
        self,
        call: Call,
        repeat: str,
        every: int,
        days: Sequence[str],
        start: str,
        end: str,
        zone: str,
    ) -> None:
        if not 0 <= every <= MOST_OFTEN:
            raise BadArgument(f"every is a number from 1 to {MOST_OFTEN}, such as 2 for every second week.")
        self.repeat, self.every, self.start, self.end = repeat, every, start.strip(), end.strip()
        self.days, self.day_of_month = _days(days)
        self.times = _times(self.end)
        self.endless = self.end.casefold() in ("never", "none", "no end")
        self.zone = _zone_name(zone)
        self.usual_zone = call.time_zone
        rest = [name for name, value in self._said().items() if value and name != "repeat"]
        if repeat == NEVER and rest:
            raise BadArgument(f"A project that never repeats has no {', '.join(rest)}: leave that out.")

    @property
    def anything(self) -> bool:
        return any(self._said().values())

    def _said(self) -> Mapping[str, Any]:
        days = self.days or self.day_of_month
        return {
            "repeat": self.repeat,
            "every": self.every,
            "days": days,
            "start": self.start,
            "end": self.end,
            "zone": self.zone,
        }

    @property
    def _end_is_a_date(self) -> bool:
        return bool(self.end) and not self.endless and not self.times

    def applied_to(self, now: Schedule | None) -> Schedule | None:
        """The whole schedule as it shall be; None for never. Raises BadArgument for a contradiction or a gap."""
        if self.repeat == NEVER or (now is None and not self.anything):
            return None
        repeat = self.repeat or (now.repeat if now else "")
        if repeat not in get_args(Repeat):
            raise BadArgument(
                f"The project does not repeat {'in a known way ' if now else ''}yet: say how often.",
                advice=f"Give repeat: one of {', '.join(get_args(Repeat))}.",
            )
        base = now or Schedule(repeat)
        if repeat != base.repeat:
            # The unit is another: the second week and the second month have nothing in common.
            base = replace(base, every=1, days=(), day_of_month=0)
        zone = self._zone_of(now)
        wanted = replace(
            base,
            repeat=repeat,
            every=self.every or base.every,
            days=self.days or base.days,
            day_of_month=self.day_of_month or base.day_of_month,
            zone=zone,
        )
        wanted = self._with_moments(wanted)
        _check(wanted, self.usual_zone)
        return wanted

    def _zone_of(self, now: Schedule | None) -> str:
        """The zone that is given; else that of the schedule, or ours as soon as a time is given without one."""
        if self.zone:
            return self.zone
        if now is not None and (now.zone or not (self.start or self._end_is_a_date)):
            return now.zone
        return self.usual_zone.key

    def _with_moments(self, base: Schedule) -> Schedule:
        zone = base.zone_or(self.usual_zone)
        start = _kept(base.start, "start")
        if self.start:
            # A day alone moves the series and keeps the time of day at which it runs.
            at = local(start, zone).time() if start else time()
            start = read_moment(self.start, zone, at)
        if not self.end:
            return replace(base, start=start, end=_kept(base.end, "end"))
        end = read_moment(self.end, zone, DAY_ENDS) if self._end_is_a_date else None
        return replace(base, start=start, end=end, times=self.times)


def _check(wanted: Schedule, own: ZoneInfo) -> None:
    """Raises BadArgument for fields that contradict each other, or one that is missing."""
    if wanted.days and wanted.repeat != "weekly":
        raise BadArgument(f"Weekdays belong to weekly, and this repeats {wanted.repeat}.")
    if wanted.day_of_month and wanted.repeat != "monthly":
        raise BadArgument(f"A day of the month belongs to monthly, and this repeats {wanted.repeat}.")
    if wanted.repeat == "weekly" and not (wanted.days and set(wanted.days) <= set(WEEKDAYS)):
        raise BadArgument('A weekly project needs its days, such as days=["Monday", "Thursday"].')
    if wanted.repeat == "monthly" and not wanted.day_of_month:
        raise BadArgument('A monthly project needs its day, such as days=["31"] (the last day in shorter months).')
    if wanted.start is None:
        raise BadArgument('Say from when it repeats, such as start="2026-12-01 09:00".')
    if isinstance(wanted.end, datetime) and isinstance(wanted.start, datetime) and wanted.end <= wanted.start:
        raise BadArgument("The end must be after the start.", advice=f"As given it would be: {wanted.words(own)}.")


def _days(said: Sequence[str]) -> tuple[tuple[Weekday, ...], int]:
    """Weekdays in their order, or a day of the month. Raises BadArgument for anything else, and for both."""
    parts = [part.strip() for each in said for part in each.split(",") if part.strip()]
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit()]
    words = [part for part in parts if not (part.isascii() and part.isdigit())]
    weekdays = {day for word in words for day in _SEVERAL.get(word.casefold()) or (_weekday(word),)}
    if len(numbers) > 1 or (numbers and (weekdays or not 1 <= numbers[0] <= 31)):
        raise BadArgument("days are weekdays, or one day of the month from 1 to 31 (shorter months take their last).")
    return tuple(each for each in WEEKDAYS if each in weekdays), next(iter(numbers), 0)


_SEVERAL: Mapping[str, Sequence[Weekday]] = {
    **dict.fromkeys(("weekdays", "weekday", "workdays", "working days"), WEEKDAYS[:5]),
    **dict.fromkeys(("weekend", "weekends"), WEEKDAYS[5:]),
}

_TIMES = re.compile(r"(?:after\s+)?([0-9]{1,6})\s*(?:x|times|runs|occurrences|once)?", re.IGNORECASE)


def _times(end: str) -> int:
    """How often, where the end says so and names no date; else 0."""
    if end.casefold() == "once":
        return 1
    counted = _TIMES.fullmatch(end)
    if counted and int(counted[1]) == 0:
        raise BadArgument('A series has at least one run: write end="1 times", or repeat="never".')
    return int(counted[1]) if counted else 0


def _weekday(said: str) -> Weekday:
    text = said.strip().upper()
    found = [each for each in WEEKDAYS if len(text) >= 2 and each.startswith(text.removesuffix(".").removesuffix("S"))]
    if len(found) == 1:
        return found[0]
    near = difflib.get_close_matches(text, WEEKDAYS, 1)
    hint = f"did you mean {near[0].capitalize()}?" if near else "write Monday, Tuesday and so on, or Mon, Tue."
    raise BadArgument(f"{said[:30]!r} is no weekday: {hint}")


def _zone_name(said: str) -> str:
    if not said.strip():
        return ""
    names = {each.casefold(): each for each in available_timezones()}
    text = said.strip().replace(" ", "_").casefold()
    if text in names:
        return names[text]
    cities = {name.rpartition("/")[2]: name for name in names}
    if text in cities:
        return names[cities[text]]
    near = difflib.get_close_matches(text, [*names, *cities], 1)
    hint = f"did you mean {names[cities.get(near[0], near[0])]!r}?" if near else "write it like Europe/Brussels."
    raise BadArgument(f"{said[:40]!r} is no time zone: {hint}")


def _kept(moment: datetime | str | None, name: str) -> datetime | None:
    """A moment that stays. Raises BadArgument where the system has one that can't be understood."""
    if isinstance(moment, str):
        raise BadArgument(f"The {name} that the project has can't be understood: give {name}.")
    return moment


@recurrence_set.applies
async def _set(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> str:
        kind, number = changed(change), int(change.id)
        wanted = Schedule.from_fields(change.after)
        body = wanted.as_input() if wanted else RecurrenceInput(is_recurring=False)
        return await call.send(UpdateRecurrence(kind=kind, project_id=number, recurrence=body))

    async def look(change: Change, said: str | None) -> Outcome:
        kind, number = changed(change), int(change.id)
        read = await call.send(GetRecurrence(kind=kind, project_id=number))
        now, wanted = Schedule.of(read), Schedule.from_fields(change.after)
        after = repeats(read, call.time_zone)
        if now != wanted and (wanted is None or now != wanted.as_shown(call.session.dates(GetRecurrence.api.name))):
            return Outcome(change, "refused", "the system said so, but has another setting", after=after)
        told = [f"{key.replace('_', ' ')} {after[key]}" for key in after]
        told += ["the system does not show the whole time"] if now != wanted else []
        return Outcome(change, "done", "; ".join(told), after=after)

    return await one_by_one(changes, send, look)
