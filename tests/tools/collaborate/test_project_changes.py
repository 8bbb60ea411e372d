"""Creating and changing projects, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]


# new ones


@pytest.mark.parametrize(
    ("template", "kind", "state", "route"),
    [
        ("Regional list", "simple list", "in progress", "createSimpleList"),
        ("svl10", "advanced list", "not started", "createAdvancedList"),
        ("412", "on-demand campaign", "not started", "createOnDemandCampaign"),
    ],
)
async def test_the_template_decides_the_kind(
    assistant: Any, request_log: Log, template: str, kind: str, state: str, route: str
) -> None:
    async with assistant() as ask:
        dates = {"start": "2026-12-01", "end": "2026-12-01"}
        made = await ask("projects_save", template=template, name="Autumn in Fernton", **dates)
        assert made.data["status"] == "done" and made.result["id"] == "1000161"
        assert made.result["after"]["kind"] == kind and made.result["after"]["state"] == state
        assert made.result["after"]["start"] == "2026-12-01" and made.result["after"]["policy"]
        assert kind in made.text and state in made.text
        steps = made.result["reason"].partition("; next: ")[2]
        start = ", then start it (projects_change_state)" if state == "not started" else ""
        assert steps == f"fill its forms (project_forms_save){start}"
        assert len(request_log(ask.sandbox, route)) == 1
        assert len(ask.questions) == (kind == "simple list"), "only a list is in progress at once, so that asks"
        (found,) = (await ask("projects_find", projects=["Autumn in Fernton"])).items
        assert found["id"] == 1000161 and found["end"] == "2026-12-01"


async def test_a_new_list_asks_because_it_is_in_progress_and_repeats(assistant: Any) -> None:
    async with assistant() as ask:
        made = await ask("projects_save", template="List by balance", name="Balance in Fernton")
        (question,) = ask.questions
        assert "in progress from its creation, and repeats by itself when its template does" in question
        assert "simple list, in progress; it repeats every month on day" in made.result["reason"]
        assert ", next run 20" in made.result["reason"]


async def test_what_can_not_be_read_of_a_new_one_is_said_and_forms_that_it_lacks_are_not(assistant: Any) -> None:
    lacks = fault("status", "GET", "/locals/1000161/projectforms", status=404)
    unread = fault("status", "GET", "/locals/1000161/recurrence", status=500)
    async with assistant(faults=[lacks, unread]) as ask:
        made = await ask("projects_save", template="412", name="Autumn in Fernton")
        assert made.result["reason"] == (
            "on-demand campaign, not started; whether it repeats could not be read; "
            "next: start it (projects_change_state)"
        )


async def test_a_dry_run_creates_nothing(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        seen = await ask("projects_save", template="412", name="Autumn", description="Letters", dry_run=True)
        assert seen.data["status"] == "preview" and "template: Branch mailing" in seen.text
        assert not request_log(ask.sandbox, "createOnDemandCampaign")


async def test_a_kind_that_the_template_does_not_make_is_told(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        wrong = await ask("projects_save", template="Gold card upgrade", name="X", kind="simple list")
        assert wrong.code == "bad_argument" and "on-demand campaign" in wrong.text
        assert "Regional list (id 401" in wrong.text, "templates of the kind that was said"
        corporate = await ask("projects_save", template="Brand campaign", name="X")
        assert corporate.code == "bad_argument" and "no list or on-demand campaign" in corporate.text
        assert not request_log(ask.sandbox, "createOnDemandCampaign")


async def test_a_disabled_template_is_told_before_the_call(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        disabled = await ask("projects_save", template="List by age (2025)", name="X")
        assert disabled.code == "bad_argument" and "disabled" in disabled.text
        (first, *_) = disabled.data["error"]["candidates"]
        assert first == "List by age (id 402, agl02)"
        assert not any("2025" in each for each in disabled.data["error"]["candidates"])
        assert not request_log(ask.sandbox, "createSimpleList")


@pytest.mark.parametrize("era", ERAS)
async def test_a_twin_of_the_kind_asks_first(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        made = await ask("projects_save", template="412", name="branch mailing FERNTON")
        assert made.data["status"] == "done" and made.result["id"] == "1000161"
        (question,) = ask.questions
        assert "on-demand campaign: id 1000136, BRM1000136, in progress, created 20" in question
        assert "Create another?" in question
        await ask("projects_save", template="svl10", name="Branch mailing Elmstead")
        assert len(ask.questions) == 1, "a name is unique within its kind"


async def test_a_twin_is_not_made_without_a_yes(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        declined = await ask("projects_save", template="412", name="Branch mailing Fernton")
        assert declined.data["status"] == "declined"
        assert not request_log(ask.sandbox, "createOnDemandCampaign")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": "X"}, "needs a template"),
        ({"template": "412"}, "needs a name"),
        ({"template": "412", "name": "X", "start": "2026-12-02", "end": "2026-12-01"}, "before the start"),
        ({"template": "412", "name": "X", "start": "1.12.2026"}, "such as 2026-12-01"),
        ({"template": "412", "name": "X", "start": "2026-12-01 10:00"}, "takes a day alone: write 2026-12-01"),
        ({"template": "412", "name": "X" * 256}, "at most 255"),
        ({"template": "412", "name": "Bad\u202ename"}, "name holds control or invisible characters"),
        ({"project": "1000136", "name": "Bad\nname"}, "name is one line"),
        ({"project": "1000136", "description": "A\nB\u2066"}, "description holds control"),
        ({"template": "412", "name": "X", "clear": ["end"]}, "a project that exists"),
        ({"template": "412", "project": "1000136"}, "keeps its template"),
        ({"project": "1000136", "clear": ["name"]}, "can't be emptied"),
        ({"project": "1000136", "end": "2027-01-01", "clear": ["end"]}, "leave one out"),
        ({"project": "1000136", "end": "2026-11-01"}, "before the start (2026-11-24)"),
    ],
)
async def test_what_can_not_be_meant_is_told_before_the_call(
    assistant: Any, request_log: Log, arguments: dict[str, Any], said: str
) -> None:
    async with assistant() as ask:
        answer = await ask("projects_save", **arguments)
        assert answer.code == "bad_argument" and said in answer.text
        writes = {each["operation"] for each in request_log(ask.sandbox) if each["method"] != "GET"}
        assert writes <= {"login"}


async def test_a_new_one_is_found_without_a_location(assistant: Any) -> None:
    async with assistant(location=False) as ask:
        first = await ask("projects_save", template="412", name="Autumn in Fernton")
        assert first.data["status"] == "done" and first.result["id"] == "1000161"
        twin = await ask("projects_save", template="412", name="Autumn in Fernton")
        assert twin.data["status"] == "done" and twin.result["id"] == "1000162", "the new one, not the old"


async def test_a_new_one_that_can_not_be_seen_is_said(assistant: Any) -> None:
    async with assistant(location=False, drop_range=True) as ask:
        made = await ask("projects_save", template="412", name="Autumn in Fernton")
        assert made.data["status"] == "done" and "id" not in made.result
        assert "not in the list that can be seen" in made.text and "drop the header Range" in made.text


@pytest.mark.parametrize("era", ERAS)
async def test_a_creation_whose_answer_was_lost_is_looked_for(assistant: Any, era: str) -> None:
    async with assistant(era=era, faults=[fault("drop_after", "POST", "/lists", times=1)]) as ask:
        made = await ask("projects_save", template="401", name="Autumn in Fernton")
        assert made.data["status"] == "done" and made.result["id"] == "1000161" and "answer was lost" in made.text
    async with assistant(era=era, faults=[fault("drop_before", "POST", "/lists", times=1)]) as ask:
        lost = await ask("projects_save", template="401", name="Autumn in Fernton")
        assert lost.data["status"] == "unknown" and "projects_find(kind='simple list')" in lost.text


async def test_one_that_was_made_is_found_by_name_where_not_all_can_be_listed(assistant: Any) -> None:
    async with assistant(drop_range=True) as ask:
        assert (await ask("projects_save", template="412", name="Autumn in Fernton")).result["id"] == "1000161"
        assert (await ask("projects_find", projects=["Autumn in Fernton"])).ids() == [1000161]
        await ask("projects_save", project="1000161", name="Winter in Fernton")
        assert (await ask("projects_find", projects=["Winter in Fernton"])).ids() == [1000161]
        assert (await ask("projects_find", projects=["Autumn in Fernton"])).code == "not_found"


async def test_a_refusal_of_the_system_is_told(assistant: Any) -> None:
    async with assistant() as ask:
        for target in ({"template": "412", "name": "X"}, {"project": "1000136"}):
            seen = await ask("projects_save", **target, policy="Brnach network", dry_run=True)
            assert "no policy 'Brnach network'" in seen.text and "it has 'Branch network'" in seen.text
        fitting = await ask("projects_save", template="412", name="X", policy="Branch network", dry_run=True)
        assert "no policy" not in fitting.text
        refused = await ask("projects_save", template="412", name="X", policy="Nonsense")
        assert refused.data["status"] == "refused" and "no security policy" in refused.text


# changes


async def test_only_what_is_given_changes(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        changed = await ask("projects_save", project="Branch mailing Fernton", description="Letters", end="2027-02-01")
        assert changed.data["status"] == "done" and not ask.questions
        assert changed.result["before"] == {"description": "For the branches around Fernton", "end": "2027-01-16"}
        assert changed.result["after"] == {"description": "Letters", "end": "2027-02-01"}
        (sent,) = request_log(ask.sandbox, "updateOnDemandCampaign")
        assert sent["status"] == 204
        (now,) = (await ask("projects_find", projects=["1000136"])).items
        assert now["end"] == "2027-02-01" and now["start"] == "2026-11-24" and now["name"] == "Branch mailing Fernton"
        again = await ask("projects_save", project="1000136", end="2027-02-01", description="Letters")
        assert again.result["status"] == "already" and len(request_log(ask.sandbox, "updateOnDemandCampaign")) == 1
        nothing = await ask("projects_save", project="1000136")
        assert "nothing to change was given" in nothing.text


async def test_fields_are_emptied(assistant: Any) -> None:
    async with assistant() as ask:
        emptied = await ask("projects_save", project="1000136", clear=["start", "End", "description"])
        assert emptied.data["status"] == "done" and "2027-01-16 → (empty)" in emptied.text
        (now,) = (await ask("projects_find", projects=["1000136"])).items
        assert not {"start", "end", "description"} & set(now)


async def test_a_new_name_is_found_at_once_and_a_taken_one_asks(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("projects_find", projects=["Branch mailing Fernton"])
        renamed = await ask("projects_save", project="Branch mailing Fernton", name="Letters to Fernton")
        assert renamed.data["status"] == "done" and not ask.questions
        assert (await ask("projects_find", projects=["Branch mailing Fernton"])).code == "not_found"
        assert (await ask("projects_find", projects=["Letters to Fernton"])).ids() == [1000136]
        await ask("projects_save", project="1000136", name="Branch quiz Millcliff")
        assert "campaign: id 1000140" in ask.questions[0] and "same name?" in ask.questions[0]


@pytest.mark.parametrize(("project", "state"), [("1000137", "finished"), ("1000141", "canceled")])
async def test_one_that_is_over_is_refused_before_the_call(
    assistant: Any, request_log: Log, project: str, state: str
) -> None:
    async with assistant() as ask:
        refused = await ask("projects_save", project=project, description="x")
        assert refused.result["status"] == "refused" and f"it is {state}" in refused.text
        assert not request_log(ask.sandbox, "updateOnDemandCampaign")


async def test_a_change_whose_answer_was_lost_is_looked_at(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_after", "PUT", "/locals/1000136", times=1)]) as ask:
        done = await ask("projects_save", project="1000136", description="x")
        assert done.data["status"] == "done" and "the answer was lost, but the change is there" in done.text
    async with assistant(faults=[fault("drop_before", "PUT", "/locals/1000136", times=1)]) as ask:
        lost = await ask("projects_save", project="1000136", description="x")
        assert lost.data["status"] == "unknown" and "still has the old description" in lost.text
