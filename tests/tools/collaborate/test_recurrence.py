"""Setting when projects repeat, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
BRUSSELS = {"UNICA__TIME_ZONE": "Europe/Brussels"}

ONCE, WEEKLY, MONTHLY, DAILY = "1000136", "1000121", "1000103", "1000138"
"""Projects in progress: one that does not repeat, and one of each rhythm."""


@pytest.mark.parametrize("era", ERAS)
async def test_the_question_says_it_in_words_and_in_before_and_after(assistant: Any, era: str) -> None:
    async with assistant(era=era, **BRUSSELS) as ask:
        done = await ask(
            "recurrence_set",
            project="Branch mailing Fernton",
            repeat="weekly",
            every=2,
            days=["thu", "MONDAYS"],
            start="2026-12-01 09:00",
            end="2027-03-31",
        )
        (question,) = ask.questions
        assert (
            "Repeats then: every 2 weeks on Monday and Thursday from 2026-12-01 09:00 until 2027-03-31, Europe/Brussels"
            in question
        )
        assert "repeat: never → weekly; every: 2; days: Monday, Thursday; start: 2026-12-01 09:00+01:00" in question
        assert "is in progress: the system runs it at these times by itself" in question
        assert (
            done.result["status"] == "done" and done.result["after"]["next_run"] == "2026-12-03 09:00 Europe/Brussels"
        )
        assert "repeats every 2 weeks on Monday and Thursday" in done.result["reason"]
        assert done.result["reason"].endswith("; next run 2026-12-03 09:00 Europe/Brussels")
        (now,) = (await ask("projects_find", projects=[ONCE], fields=["recurrence"])).items
        assert now["recurrence"] == "every 2 weeks on Monday and Thursday"
        assert now["series"] == "from 2026-12-01 09:00 until 2027-03-31, Europe/Brussels"


async def test_what_is_not_given_stays(assistant: Any, request_log: Log) -> None:
    async with assistant(**BRUSSELS) as ask:
        await ask("recurrence_set", project=DAILY, every=3)
        (now,) = (await ask("projects_find", projects=[DAILY], fields=["recurrence"])).items
        assert now["recurrence"] == "every 3 days"
        assert now["series"].startswith("from 2026-11-15 06:00 until 2027-01-19 10:00, shown in Europe/Brussels")
        again = await ask("recurrence_set", project=DAILY, every=3)
        assert again.result["status"] == "already"
        assert len(request_log(ask.sandbox, "updateOnDemandCampaignRecurrence")) == 1
        nothing = await ask("recurrence_set", project=DAILY)
        assert "nothing to change was given" in nothing.text


async def test_a_new_day_keeps_the_time_of_day_and_the_zone(assistant: Any) -> None:
    async with assistant(UNICA__TIME_ZONE="America/New_York") as ask:
        await ask("recurrence_set", project=MONTHLY, start="2026-12-31")
        assert "from 2026-12-31 09:00, without end, Europe/Berlin" in ask.questions[0]
        await ask("recurrence_set", project=WEEKLY, start="2026-12-07 06:00")
        assert "from 2026-12-07 06:00, 8 times, America/New_York" in ask.questions[1], "ours where there was none"
        assert "It has run 4 times" in ask.questions[1]


@pytest.mark.parametrize(
    ("end", "words"),
    [("8 times", ", 8 times"), ("3", ", 3 times"), ("2027-06-30", "until 2027-06-30"), ("never", ", without end")],
)
async def test_one_end_replaces_the_other(assistant: Any, end: str, words: str) -> None:
    async with assistant() as ask:
        done = await ask("recurrence_set", project=DAILY, end=end, zone="Europe/Brussels")
        assert done.result["status"] == "done" and words in done.result["after"]["repeats"]
        counted = await ask("recurrence_set", project=WEEKLY, end=end, zone="Europe/Brussels", every=2)
        assert counted.result["status"] == "done" and words in counted.result["after"]["repeats"]


async def test_another_rhythm_begins_anew(assistant: Any) -> None:
    async with assistant() as ask:
        done = await ask("recurrence_set", project=WEEKLY, repeat="monthly", days=["31"])
        assert done.result["status"] == "done"
        assert done.result["after"]["repeats"].startswith("every month on day 31 or the last from 2026-11-02")
        assert "days: Monday, Thursday → (empty)" in ask.questions[0]


async def test_weekdays_are_monday_to_friday(assistant: Any) -> None:
    async with assistant() as ask:
        seen = await ask("recurrence_set", project=WEEKLY, days=["weekdays"], dry_run=True)
        assert "every week on Monday, Tuesday, Wednesday, Thursday and Friday" in seen.text


async def test_never_stops_it(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        done = await ask("recurrence_set", project=WEEKLY, repeat="never")
        assert done.result["status"] == "done" and "Repeats then: not at all" in ask.questions[0]
        (now,) = (await ask("projects_find", projects=[WEEKLY], fields=["recurrence"])).items
        assert now["recurrence"] == "none: it does not repeat"
        assert (await ask("recurrence_set", project=WEEKLY, repeat="never")).result["status"] == "already"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"project": ONCE, "every": 2}, "does not repeat yet"),
        ({"project": ONCE, "repeat": "weekly", "start": "2026-12-01"}, "needs its days"),
        ({"project": ONCE, "repeat": "monthly", "start": "2026-12-01"}, "needs its day"),
        ({"project": ONCE, "repeat": "daily"}, "from when"),
        ({"project": ONCE, "repeat": "daily", "start": "2026-12-02", "end": "2026-12-01"}, "after the start"),
        ({"project": DAILY, "days": ["Mon"]}, "Weekdays belong to weekly"),
        ({"project": WEEKLY, "days": ["15"]}, "belongs to monthly"),
        ({"project": WEEKLY, "days": ["15", "Mon"]}, "one day of the month"),
        ({"project": WEEKLY, "days": ["32"]}, "from 1 to 31"),
        ({"project": WEEKLY, "days": ["Mnday"]}, "did you mean Monday"),
        ({"project": WEEKLY, "days": ["T"]}, "no weekday"),
        ({"project": WEEKLY, "every": 1000}, "from 1 to 999"),
        ({"project": WEEKLY, "repeat": "never", "every": 2}, "has no every"),
        ({"project": WEEKLY, "end": "0 times"}, "at least one run"),
        ({"project": WEEKLY, "end": "31.12.2027"}, "such as 2027-12-31"),
        ({"project": WEEKLY, "zone": "Europe/Brusels"}, "did you mean 'Europe/Brussels'"),
        ({"project": WEEKLY, "repeat": "hourly"}, "must be one of 'daily', 'weekly'"),
    ],
)
async def test_contradictions_are_told_before_the_call(
    assistant: Any, request_log: Log, arguments: dict[str, Any], said: str
) -> None:
    async with assistant() as ask:
        answer = await ask("recurrence_set", **arguments)
        assert answer.code == "bad_argument" and said in answer.text
        assert not ask.questions and not [each for each in request_log(ask.sandbox) if each["method"] == "PUT"]


async def test_one_that_is_over_is_refused_before_the_call(assistant: Any) -> None:
    async with assistant() as ask:
        refused = await ask("recurrence_set", project="1000137", repeat="daily", start="2026-12-01")
        assert refused.result["status"] == "refused" and "it is finished" in refused.text and not ask.questions


async def test_a_start_or_end_in_the_past_is_pointed_out(assistant: Any) -> None:
    async with assistant() as ask:
        seen = await ask("recurrence_set", project=DAILY, start="2020-01-01", end="2020-02-01", dry_run=True)
        assert "The start is in the past" in seen.text and "nothing would run any more" in seen.text
        paused = await ask("recurrence_set", project="1000139", repeat="daily", start="2099-01-01", dry_run=True)
        assert "from when it is started or resumed" in paused.text and "past" not in paused.text


async def test_a_lost_answer_is_looked_at(assistant: Any) -> None:
    path = f"/locals/{DAILY}/recurrence"
    for kind, status in (("drop_after", "done"), ("drop_before", "unknown")):
        async with assistant(faults=[{"kind": kind, "method": "PUT", "path": path, "times": 1}]) as ask:
            answer = await ask("recurrence_set", project=DAILY, every=5)
            assert answer.result["status"] == status and "answer was lost" in answer.text
