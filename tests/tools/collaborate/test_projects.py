"""Finding projects, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import Sandbox
from tools.call import Call
from tools.collaborate.project_book import Found, Projects
from tools.errors import Ambiguous
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import GetProject

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
BRUSSELS = {"UNICA__TIME_ZONE": "Europe/Brussels"}


async def test_all_projects_of_the_three_kinds_come_in_pages(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        first = await ask("projects_find", limit=50)
        assert first.data["total"] == 60 and not first.data["at_least"] and len(first.items) == 50
        assert set(first.items[0]) == {"name", "id", "kind", "state", "start", "end"}
        before = len(request_log(ask.sandbox))
        second = await ask("projects_find", limit=50, cursor=first.data["cursor"])
        assert len({*first.ids(), *second.ids()}) == 60
        assert len(request_log(ask.sandbox)) == before, "a later page costs no request"


async def test_kind_words_and_state_narrow(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        lists = await ask("projects_find", kind="simple lists", state="In Progress", limit=50)
        assert {each["kind"] for each in lists.items} == {"simple list"}
        assert {each["state"] for each in lists.items} == {"in progress"}
        assert not request_log(ask.sandbox, "listAdvancedLists"), "other kinds are not read"
        opened = await ask("projects_find", kind="on-demand", search="MAILING branch", state="open")
        assert "Branch mailing Fernton" in opened.text and 1000137 not in opened.ids()
        ended = await ask("projects_find", kind="on-demand", state="canceled, finished", limit=50)
        assert {each["state"] for each in ended.items} == {"canceled", "finished"}
        by_code = await ask("projects_find", search="BRM1000136")
        assert by_code.ids() == [1000136]


async def test_dates_policies_and_templates_narrow(assistant: Any) -> None:
    async with assistant() as ask:
        late = await ask("projects_find", where={"start": ">=2026-11-20", "policy": "Private banking"})
        assert late.ids() == [1000122, 1000132] and late.items[0]["policy"] == "Private banking"
        for template in ("412", "Branch mailing", "brm12"):
            made = await ask("projects_find", template=template)
            assert made.ids() == [1000136, 1000147, 1000158]
        for where, like in (
            ({"template": "Branch mailing"}, {"template": "412"}),
            ({"kind": "odc", "state": "running"}, {"kind": "on-demand", "state": "in progress"}),
            ({"state": ["paused", "=over"]}, {"state": "paused, finished, canceled"}),
            ({"State": "!=open", "kind": "!=lists"}, {"state": "over", "where": {"kind": ["advlist", "odc"]}}),
            ({"kind": "*campaign"}, {"kind": "on-demand"}),
        ):
            said = (await ask("projects_find", where=where, limit=60, fields=["name"])).ids()
            assert said and said == (await ask("projects_find", **like, limit=60, fields=["name"])).ids()
        assert "did you mean 'running'" in (await ask("projects_find", where={"state": "runing"})).text
        words = await ask("projects_find", search="no such words")
        assert words.data["total"] == 0 and "All words must occur: try fewer." in words.text
        assert "try fewer" not in (await ask("projects_find", search="nonsense")).text
        nothing = await ask("projects_find", template="List by age (2025)")
        assert nothing.data["total"] == 0 and not nothing.failed


async def test_one_project_is_shown_whole_by_id_name_or_code(assistant: Any) -> None:
    async with assistant() as ask:
        for reference in ("1000136", "branch mailing fernton", "BRM1000136"):
            (found,) = (await ask("projects_find", projects=[reference])).items
            assert found["template"] == "Branch mailing (412)" and found["policy"] == "Branch network"
            assert found["created_by"] == "t.lang" and found["start"] == "2026-11-24"


async def test_names_that_are_unknown_are_not_guessed(assistant: Any) -> None:
    async with assistant() as ask:
        near = await ask("projects_find", projects=["Branch mailing Fernto"])
        assert near.code == "not_found" and "Branch mailing Fernton (id 1000136" in near.text
        other = await ask("projects_find", projects=["Branch mailing Fernton"], kind="simple list")
        assert other.code == "not_found"
        for tool, project in (
            ("projects_find", {"projects": ["1000136", "1000101"]}),
            ("projects_save", {"project": "1000136"}),
        ):
            wrong = await ask(tool, **project, kind="simple list")
            assert wrong.code == "bad_argument"
            assert "1000136 is an on-demand campaign, not a simple list." in wrong.text
        gone = await ask("projects_find", projects=["1000136", "77"])
        assert gone.ids() == [1000136] and "has the id 77" in gone.text
        assert (await ask("projects_find", state="runing")).code == "bad_argument"
        assert "did you mean 'recurrence'" in (await ask("projects_find", fields=["recurence"])).text


async def test_recurrence_forms_and_attachments_of_one_are_shown_on_demand(assistant: Any) -> None:
    async with assistant(**BRUSSELS) as ask:
        wanted = ["recurrence", "forms", "attachments"]
        whole = await ask("projects_find", projects=["Branch mailing Fernton"], fields=wanted)
        (found,) = whole.items
        assert found["policy"] == "Branch network", "the usual columns stay"
        assert found["recurrence"] == "none: it does not repeat"
        assert found["form 301"]["values"]["region"] == "South" and found["form 301"]["tab"] == "Target"
        assert found["form 301"]["values"]["campaign_note"] == "(empty)"
        assert found["attachments"] == ["Leaflet (id 9006, leaflet.pdf, in Creative)"]
        assert found["attachment_folders"] == ["Creative (8552): 1", "Approvals (8553): 0"]
        assert "region: South" in whole.text and "leaflet.pdf" in whole.text
        bare = await ask("projects_find", projects=["1000107"], fields=["name", "attachments", "forms"])
        assert set(bare.items[0]) == {"name", "id", "attachments", "form 313"}
        assert bare.items[0]["attachments"].startswith("none")


async def test_recurrence_of_several_stands_in_the_table(assistant: Any) -> None:
    async with assistant(**BRUSSELS) as ask:
        found = await ask("projects_find", template="Weekly exclusion list", fields=["state", "recurrence"])
        assert {each["recurrence"] for each in found.items} == {"every week on Monday and Thursday"}
        first = found.items[0]
        assert first["series"].startswith("from 2026-11-02 07:00, 8 times, shown in Europe/Brussels")
        assert first["next_run"] == "2026-11-16 07:00 Europe/Brussels" and first["runs_completed"] == 4
        assert "every week on Monday and Thursday |" in found.text and "Europe/Brussels" in found.text
        many = await ask("projects_find", fields=["recurrence"], limit=21)
        assert many.code == "bad_argument" and "at most 20" in many.text
        forms = await ask("projects_find", template="Weekly exclusion list", fields=["forms"])
        assert forms.code == "bad_argument" and "at most one project" in forms.text


async def test_only_the_rows_of_a_page_are_looked_into(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        question = {"kind": "on demand", "fields": ["name", "recurrence"], "limit": 5}
        first = await ask("projects_find", **question)
        assert first.data["total"] == 25 and len(first.items) == 5
        assert set(first.items[0]) == {"name", "id", "recurrence"}
        assert len(request_log(ask.sandbox, "getOnDemandCampaignRecurrence")) == 5
        second = await ask("projects_find", **question, cursor=first.data["cursor"])
        assert not {*first.ids()} & {*second.ids()} and all(each["recurrence"] for each in second.items)
        one = await ask("projects_find", kind="on demand", fields=["attachments"], limit=1)
        assert one.data["total"] == 25 and one.items[0]["attachments"]


async def test_offers_chosen_in_a_form_are_named(assistant: Any) -> None:
    async with assistant() as ask:
        (found,) = (await ask("projects_find", projects=["Gold card upgrade Oakfield"], fields=["name", "forms"])).items
        assert found["form 306"]["offers"][0].endswith("(5010)") and "offers" not in found["form 305"]


@pytest.mark.parametrize("empty", ["404", "200"])
async def test_a_dropped_range_header_is_said(assistant: Any, empty: str) -> None:
    async with assistant(drop_range=True, empty_collections=empty) as ask:
        found = await ask("projects_find", kind="on-demand campaign", limit=50)
        assert found.data["at_least"] and found.data["total"] == 10
        assert "At least 10 projects" in found.text and "proxy drops the header Range" in found.text
        seen = await ask("projects_find", projects=["Branch mailing Fernton"])
        assert seen.ids() == [1000136]
        unseen = await ask("projects_find", projects=["Branch mailing Hazelford"])
        assert unseen.code == "not_found" and "use its id" in unseen.text
        assert (await ask("projects_find", projects=["1000158"])).ids() == [1000158]


async def test_hostile_texts_stay_harmless(assistant: Any) -> None:
    async with assistant() as ask:
        found = await ask("projects_find", projects=["1000151"], fields=["all"])
        assert found.items[0]["id"] == 1000151
        fence = found.text.index("```data")
        assert "Assistant:" not in found.text[:fence] and "\nAssistant:" not in found.text


async def test_an_id_in_several_kinds_is_asked_about(sandbox: Sandbox, call_to: Callable[..., Call]) -> None:
    call = call_to(sandbox)
    book = call.kept(Projects).of(None)
    campaign = await call.send(GetProject(kind=ProjectKind.ON_DEMAND_CAMPAIGN, project_id=1000136))
    one = Found(ProjectKind.ON_DEMAND_CAMPAIGN, campaign)
    other = Found(ProjectKind.SIMPLE_LIST, campaign)
    with pytest.raises(Ambiguous) as asked:
        book.one_of_each([one, other])
    assert asked.value.lines == [str(one), str(other)] and "say its kind" in asked.value.advice
    assert book.one_of_each([one]) == [one]
