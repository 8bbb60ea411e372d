"""Filling the forms of projects, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.tools.faults import fault
from tools.change import Change
from tools.collaborate.project_forms import update_of
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.project_forms import GetProjectForm, ProjectForm

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]
UPDATE = "updateOnDemandCampaignProjectForm"
ODC = "1000136"
"""Branch mailing Fernton: form 301 on the tab Target, form 302 with offers on the tab Fulfilment."""


async def shown(ask: Any, form: int, project: str = ODC, kind: str = "locals") -> dict[str, Any]:
    """The form as the sandbox has it."""
    request = GetProjectForm(kind=ProjectKind(kind), project_id=int(project), form_id=form)
    found = await ask.session.send(request)
    return {
        **{each.attribute_name: each.attribute_values for each in found.user_variables},
        "offers": [each.offer_id for each in found.offers],
    }


@pytest.fixture
async def forms(assistant: Any, call_to: Any) -> Any:
    """An assistant that also has a session of its own, to look at what the sandbox holds."""

    @asynccontextmanager
    async def opened(**given: Any) -> AsyncIterator[Any]:
        async with assistant(**given) as ask:
            ask.session = call_to(ask.sandbox).session
            yield ask

    return opened


# values


@pytest.mark.parametrize("era", ERAS)
async def test_what_is_given_changes_and_the_rest_stays(forms: Any, request_log: Log, era: str) -> None:
    async with forms(era=era) as ask:
        saved = await ask(
            "project_forms_save", project="Branch mailing Fernton", values={"Region": "north", "max_contacts": 700}
        )
        assert saved.data["status"] == "done", saved.text
        assert saved.result["before"] == {"region": "South", "max_contacts": "5000"}
        assert saved.result["after"] == {"region": "North", "max_contacts": "700"}
        assert saved.result["id"] == "1000136/301" and "South → North" in saved.text
        now = await shown(ask, 301)
        assert now["region"] == ["North"] and now["max_contacts"] == ["700"] and now["age_band"] == ["18-24"]
        assert len(request_log(ask.sandbox, UPDATE)) == 1


async def test_what_is_so_already_is_not_sent(forms: Any, request_log: Log) -> None:
    async with forms() as ask:
        saved = await ask("project_forms_save", project=ODC, values={"region": "SOUTH", "max_contacts": 5000})
        assert saved.data["status"] == "done" and saved.result["status"] == "already"
        nothing = await ask("project_forms_save", project=ODC, form="Target")
        assert "nothing to change was given" in nothing.text
        assert request_log(ask.sandbox, UPDATE) == []


async def test_a_value_that_is_no_option_is_refused_with_the_nearest(forms: Any, request_log: Log) -> None:
    async with forms() as ask:
        wrong = await ask("project_forms_save", project=ODC, values={"region": "Nort"})
        assert wrong.code == "bad_argument" and "did you mean 'North'" in wrong.text
        assert "Capital" in wrong.data["error"]["candidates"]
        assert request_log(ask.sandbox, UPDATE) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"regoin": "North"}, "did you mean 'region'"),
        ({"max_contacts": "many"}, "a whole number"),
        ({"max_contacts": 12.5}, "a whole number"),
        (
            {"max_contacts": "5.000"},
            "'max_contacts' can't be '5.000', which can be read two ways: write 5000, or 5.",
        ),
        ({"max_contacts": "5.000.000"}, "write 5000000."),
        ({"region": "North, South"}, "'region' takes one value, not 2"),
        ({"region": ["North", "South"]}, "takes one value"),
        ({"region": ""}, "required"),
        ({"region": {"is": "North"}}, "texts and numbers"),
        ({"region": "North", "Region": "South"}, "same attribute"),
    ],
)
async def test_wrong_values_are_refused_before_the_call(
    forms: Any, request_log: Log, values: dict[str, Any], said: str
) -> None:
    async with forms() as ask:
        wrong = await ask("project_forms_save", project=ODC, form="301", values=values)
        assert wrong.code == "bad_argument" and said in wrong.text
        assert request_log(ask.sandbox, UPDATE) == []


async def test_a_required_attribute_can_t_be_cleared_and_another_can(forms: Any) -> None:
    async with forms() as ask:
        wrong = await ask("project_forms_save", project=ODC, clear=["Age band"])
        assert wrong.code == "bad_argument" and "required" in wrong.text
        saved = await ask("project_forms_save", project=ODC, clear=["branch_ids"])
        assert saved.data["status"] == "done" and saved.result["after"] == {"branch_ids": None}
        assert (await shown(ask, 301))["branch_ids"] == []


async def test_several_options_dates_and_yes_or_no_fit_their_type(forms: Any) -> None:
    async with forms() as ask:
        card = "1000142"
        saved = await ask(
            "project_forms_save",
            project=card,
            values={"segments": ["youth", "MASS", "Youth"], "exclude_recent": False, "min_balance": 1250.5},
        )
        assert saved.data["status"] == "done", saved.text
        now = await shown(ask, 305, card)
        assert (now["segments"], now["exclude_recent"], now["min_balance"]) == (["Youth", "Mass"], ["No"], ["1250.5"])
        again = await ask("project_forms_save", project=card, values={"segments": ["Mass", "Youth"]})
        assert again.result["status"] == "already"
        day = await ask("project_forms_save", project="1000150", values={"visit_date": "2026-12-24"})
        assert day.data["status"] == "done" and (await shown(ask, 303, "1000150"))["visit_date"] == ["2026-12-24"]
        wrong = await ask("project_forms_save", project="1000150", values={"visit_date": "24.12.2026"})
        assert wrong.code == "bad_argument" and "'visit_date'" in wrong.text and "2026-12-24" in wrong.text
        amount = await ask("project_forms_save", project=card, values={"min_balance": "1.250"})
        assert amount.code == "bad_argument" and "'min_balance'" in amount.text and "two ways" in amount.text


async def test_options_between_commas_are_several_values(forms: Any) -> None:
    async with forms() as ask:
        saved = await ask("project_forms_save", project="1000142", values={"segments": "youth, Mass"})
        assert saved.data["status"] == "done", saved.text
        assert (await shown(ask, 305, "1000142"))["segments"] == ["Youth", "Mass"]
        wrong = await ask("project_forms_save", project="1000142", values={"segments": "Youth, Mas"})
        assert wrong.code == "bad_argument" and "can't be 'Mas': did you mean 'Mass'?" in wrong.text


# which form


async def test_the_form_is_found_by_id_name_tab_or_its_attributes(forms: Any) -> None:
    async with forms() as ask:
        for form in ("302", "letter of the branch", "Fulfilment", "1000136/302", ""):
            saved = await ask("project_forms_save", project=ODC, form=form, values={"sender": f"Team {form or 'x'}"})
            assert saved.result["id"] == "1000136/302", saved.text
        combined = await ask("project_forms_save", project="1000136/302", values={"sender": "Team of both"})
        assert combined.result["id"] == "1000136/302", combined.text
        for project, form in (("1000136", "1000137/302"), ("1000999/302", "")):
            other = await ask("project_forms_save", project=project, form=form, values={"sender": "x"})
            assert other.code == "not_found", other.text
        which = await ask("project_forms_save", project=ODC)
        assert which.code == "ambiguous" and len(which.data["error"]["candidates"]) == 2
        spread = await ask("project_forms_save", project=ODC, values={"sender": "x", "region": "North"})
        assert spread.code == "bad_argument" and "different forms" in spread.text
        none = await ask("project_forms_save", project=ODC, values={"sendr": "x"})
        assert none.code == "bad_argument" and "'sender'" in none.text
        no_form = await ask("project_forms_save", project=ODC, form="Letters", values={"sender": "x"})
        assert no_form.code == "not_found" and "Letter of the branch (id 302, tab Fulfilment)" in no_form.text


async def test_simple_lists_and_advanced_lists_have_forms_too(forms: Any, request_log: Log) -> None:
    async with forms() as ask:
        simple = await ask("project_forms_save", project="1000101", kind="simple list", values={"region": "Capital"})
        advanced = await ask("project_forms_save", project="1000119", values={"region": "Online"})
        assert simple.data["status"] == advanced.data["status"] == "done"
        assert request_log(ask.sandbox, "updateSimpleListProjectForm")
        assert request_log(ask.sandbox, "updateAdvancedListProjectForm")


async def test_a_project_that_is_over_is_refused_before(forms: Any, request_log: Log) -> None:
    async with forms() as ask:
        for project, state in (("1000137", "finished"), ("1000141", "canceled")):
            saved = await ask("project_forms_save", project=project, values={"language": "German"})
            assert saved.data["status"] == "refused" and state in saved.text
        assert request_log(ask.sandbox, UPDATE) == []


# offers


async def test_offers_are_chosen_added_and_removed(forms: Any) -> None:
    async with forms() as ask:

        async def save(*offers: str, **more: Any) -> Any:
            return await ask("project_forms_save", project=ODC, form="302", offers=list(offers), **more)

        added = await save("+5248", "+Garden loan from 6.1% a year, Autumn 2026")
        assert added.data["status"] == "done", added.text
        assert list(added.result["after"]["chosen offers"]) == ["5248", "5251"]
        changed = await save("-5248", "+5272", "+5251")
        assert changed.data["status"] == "done" and (await shown(ask, 302))["offers"] == [5251, 5272]
        replaced = await save("5284")
        assert replaced.data["status"] == "done" and (await shown(ask, 302))["offers"] == [5284]
        assert (await save("5284")).result["status"] == "already"
        available = (await ask("forms_find", forms=["302"], offer="all")).items
        code = next(each["code"] for each in available if each["id"] == 5248)
        by_code = await save(f"+{code.lower()}")
        assert by_code.data["status"] == "done", by_code.text
        assert (await shown(ask, 302))["offers"] == [5284, 5248]
        emptied = await save(clear=["offers"])
        assert emptied.data["status"] == "done" and (await shown(ask, 302))["offers"] == []
        wrong = await save("+Garden loan")
        assert wrong.code == "not_found" and "Garden loan from 6.1% a year, Autumn 2026 (id 5251, " in wrong.text
        assert (await save("5284", "+5248")).code == "bad_argument"
        assert (await save("5284", clear=["offers"])).code == "bad_argument"


async def test_the_current_offers_survive_a_change_of_values(forms: Any) -> None:
    async with forms() as ask:
        await ask("project_forms_save", project=ODC, form="302", offers=["5248", "5251"])
        await ask("project_forms_save", project=ODC, values={"sender": "The team"})
        assert (await shown(ask, 302))["offers"] == [5248, 5251]


@pytest.mark.parametrize(("read", "sent"), [({"Offers": [{"Offer_ID": 7}]}, [7]), ({"Offers": []}, []), ({}, None)])
def test_offers_travel_as_they_were_read_and_not_at_all_when_the_form_does_not_say_them(
    read: dict[str, Any], sent: list[int] | None
) -> None:
    change = Change("unica-collaborate", "on_demand_campaign_form", "update", "x", "5/7", after={"sender": "Team"})
    body = update_of(change, ProjectForm.model_validate({"Form_ID": 7, **read}))
    wire = body.model_dump(by_alias=True, exclude_unset=True)
    assert wire["User_Variables"] == [{"Attribute_Name": "sender", "Attribute_Values": ["Team"]}]
    assert wire.get("Offers") == (None if sent is None else [{"Offer_ID": each} for each in sent])


# when the network fails


async def test_after_a_lost_answer_the_form_is_looked_at(forms: Any, request_log: Log) -> None:
    path = "/locals/*/projectforms/*"
    async with forms(faults=[fault("drop_after", "PUT", path)]) as ask:
        saved = await ask("project_forms_save", project=ODC, values={"region": "North"})
        assert saved.data["status"] == "done" and "answer was lost" in saved.text
        assert len(request_log(ask.sandbox, UPDATE)) == 1
    async with forms(faults=[fault("html", "PUT", path, status=504)]) as ask:
        saved = await ask("project_forms_save", project=ODC, values={"region": "North"})
        assert saved.data["status"] == "unknown" and "before you try again" in saved.text
        assert len(request_log(ask.sandbox, UPDATE)) <= 1


async def test_what_was_not_taken_is_told(forms: Any) -> None:
    async with forms(faults=[fault("empty", "PUT", "/locals/*/projectforms/*", status=204)]) as ask:
        saved = await ask("project_forms_save", project=ODC, values={"region": "North"})
        assert saved.data["status"] == "refused" and "did not take region" in saved.text


async def test_a_refusal_of_the_system_is_told(forms: Any) -> None:
    async with forms(faults=[fault("status", "PUT", "/locals/*/projectforms/*", status=422)]) as ask:
        saved = await ask("project_forms_save", project=ODC, values={"region": "North"})
        assert saved.failed or saved.data["status"] == "refused"


async def test_a_dry_run_writes_nothing(forms: Any, request_log: Log) -> None:
    async with forms() as ask:
        shown_only = await ask("project_forms_save", project=ODC, values={"region": "North"}, dry_run=True)
        assert shown_only.data["status"] == "preview" and "South → North" in shown_only.text
        assert request_log(ask.sandbox, UPDATE) == []


async def test_hostile_options_stay_data(forms: Any) -> None:
    async with forms() as ask:
        wrong = await ask("project_forms_save", project="1000140", values={"quiz_answer": "Maybe"})
        assert wrong.code == "bad_argument"
        text = wrong.text
        assert text.index("```data") < text.index("call workflow_run") < text.rindex("```")
