"""Folders of templates and forms, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.faults import fault
from tools.collaborate.folder_book import Tree
from upstream.collaborate.folders import CreateSubfolder, Folder, FolderInput
from upstream.collaborate.kinds import FolderTree

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
Log = Callable[..., list[dict[str, Any]]]


def folder(number: int, name: str, parent: int | None = None) -> Folder:
    return Folder(folder_id=number, folder_name=name, parent_folder_id=parent)


# the tree


def test_paths_lead_from_the_top_down() -> None:
    tree = Tree.of([folder(3, "Email", 2), folder(1, "Seasonal"), folder(2, "Spring", 1), folder(4, "Autumn", 1)])
    assert tree.path_text(3) == "Seasonal / Spring / Email" and tree.path_text(None) == "" == tree.path_text(9)
    assert [each.folder_id for each in tree.children(None)] == [1]
    assert [each.folder_id for each in tree.children(1)] == [4, 2]
    assert [each.folder_id for each in tree.below(1)] == [1, 4, 2, 3]


def test_circles_and_missing_parents_end() -> None:
    tree = Tree.of([folder(1, "A", 2), folder(2, "B", 1), folder(3, "C", 3), folder(4, "D", 99)])
    assert tree.path_text(1) == "B / A" and tree.path_text(3) == "C" and tree.path_text(4) == "D"
    assert [each.folder_id for each in tree.children(None)] == [3, 4]
    assert {each.folder_id for each in tree.below(1)} == {1, 2}


# finding


async def test_a_tree_is_one_flat_list_of_paths_with_counts(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        found = await ask("folders_find", tree="templates")
        assert found.data["total"] == 21
        mailings = next(each for each in found.items if each["id"] == 102)
        assert mailings == {
            "name": "Mailings",
            "id": 102,
            "path": "Branches / Mailings",
            "subfolders": 2,
            "templates": 1,
        }
        assert next(each for each in found.items if each["id"] == 120)["templates"] == 0
        paths = [each["path"].casefold() for each in found.items]
        assert paths == sorted(paths)
        operations = [each["operation"] for each in request_log(ask.sandbox)]
        assert operations == ["login", "listTemplateFolders", "listTemplates"]
        forms = await ask("folders_find", tree="forms", search="retail")
        assert forms.ids() == [202, 203, 204] and forms.items[0]["forms"] == 3


async def test_named_folders_show_what_is_inside(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        for reference in ("102", "Mailings", "Branches/Mailings", " branches / mailings / "):
            (found,) = (await ask("folders_find", tree="templates", folders=[reference])).items
            assert found["subfolders"] == ["Seasonal (id 103)", "Moving house (id 104)"]
            assert found["templates"] == ["Branch mailing (id 412)"] and found["parent"] == "Branches"
        assert len(request_log(ask.sandbox, "listTemplateSubfolders")) == 4
        (letters,) = (await ask("folders_find", tree="forms", folders=["Letters"])).items
        assert len(letters["forms"]) == 4 and letters["path"] == "Fulfilment / Letters"
        gone = await ask("folders_find", tree="forms", folders=["Letters", "999"])
        assert len(gone.items) == 1 and "None of the form folders has the id 999" in gone.text
        other = await ask("folders_find", tree="templates", folders=["201", "999"])
        assert other.items == [] and "Among the folders of forms there is 201: use tree='forms'." in other.text
        unknown = await ask("folders_find", tree="templates", folders=["Nowhere at all"])
        assert "None of the template folders has the id, name or path 'Nowhere at all'" in unknown.text


async def test_several_words_that_match_nothing_are_hinted_at(assistant: Any) -> None:
    async with assistant() as ask:
        for tool, more in (("folders_find", {"tree": "forms"}), ("templates_find", {}), ("forms_find", {})):
            none = await ask(tool, search="branch zebra", **more)
            assert none.data["total"] == 0 and "All words must occur: try fewer." in none.text
            one = await ask(tool, search="zebra", **more)
            assert one.data["total"] == 0 and "All words" not in one.text


async def test_a_name_in_two_places_is_shown_with_its_paths(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("folders_save", tree="templates", name="Seasonal", parent="Cards")
        shared = await ask("folders_find", tree="templates", folders=["Seasonal"])
        assert shared.code == "ambiguous"
        candidates = shared.data["error"]["candidates"]
        assert candidates[0] == "Branches / Mailings / Seasonal (id 103)" and "Cards / Seasonal" in candidates[1]
        (one,) = (await ask("folders_find", tree="templates", folders=["Cards/Seasonal"])).items
        assert one["parent"] == "Cards"


async def test_a_folder_that_somebody_else_made_meanwhile_has_its_path(assistant: Any, call_to: Any) -> None:
    async with assistant() as ask:
        await ask("folders_find", tree="templates", folders=["Mailings"])
        call = call_to(ask.sandbox)
        request = CreateSubfolder(
            tree=FolderTree.TEMPLATES, parent_folder_id=102, folder=FolderInput(folder_name="Spring")
        )
        made = await call.send(request)
        (found,) = (await ask("folders_find", tree="templates", folders=[str(made.id)])).items
        assert found["path"] == "Branches / Mailings / Spring"


async def test_an_empty_tree_is_empty(assistant: Any) -> None:
    for kind in ({"kind": "status", "status": 404}, {"kind": "status", "status": 200, "body": "[]"}):
        async with assistant(faults=[{"method": "GET", "path": "*/formfolders", **kind}]) as ask:
            found = await ask("folders_find", tree="forms")
            assert found.data["total"] == 0, found.text


# saving


@pytest.mark.parametrize("era", ERAS)
async def test_a_folder_is_created_at_the_top_or_in_another(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        for tree, parent in (("templates", "Branches / Mailings"), ("forms", "Fulfilment")):
            top = await ask("folders_save", tree=tree, name="Spring 2027", description="Season")
            assert top.data["status"] == "done" and top.result["id"], top.text
            below = await ask("folders_save", tree=tree, name="Spring 2027", parent=parent, policy="Private banking")
            assert below.data["status"] == "done" and f"parent: {parent}" in below.text
            (found,) = (await ask("folders_find", tree=tree, folders=[below.result["id"]])).items
            assert found["path"] == f"{parent} / Spring 2027" and found["policy"] == "Private banking"
        for operation in ("createTemplateFolder", "createTemplateSubfolder", "createFormFolder", "createFormSubfolder"):
            assert len(request_log(ask.sandbox, operation)) == 1, operation


async def test_a_dry_run_creates_nothing(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        shown = await ask("folders_save", tree="templates", name="Spring", parent="102", dry_run=True)
        assert not shown.failed and "Branches / Mailings" in shown.text
        assert not request_log(ask.sandbox, "createTemplateSubfolder")


async def test_a_sibling_of_the_name_is_told_before_the_system_refuses(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        same = await ask("folders_save", tree="templates", name="Seasonal", parent="102")
        assert same.code == "bad_argument" and "with the id 103" in same.text
        top = await ask("folders_save", tree="forms", name="Fulfilment")
        assert top.code == "bad_argument"
        renamed = await ask("folders_save", tree="templates", folder="104", name="Seasonal")
        assert renamed.code == "bad_argument" and "103" in renamed.text
        close = await ask("folders_save", tree="templates", name="SEASONAL", parent="102")
        assert len(ask.questions) == 1 and "differs only in capital letters: Seasonal (id 103)" in ask.questions[0]
        assert close.data["status"] != "done"
        own = await ask("folders_save", tree="templates", folder="103", name="SEASONAL")
        assert own.data["status"] == "done", own.text
        assert not request_log(ask.sandbox, "createTemplateSubfolder")


async def test_a_change_sends_only_what_changes_and_shows_before_and_after(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        answer = await ask("folders_save", tree="forms", folder="211", name="Full shelf", policy="Global")
        assert answer.data["status"] == "done" and "name: Empty shelf → Full shelf" in answer.text
        assert "policy" not in answer.text.partition("detail")[2]
        (sent,) = request_log(ask.sandbox, "updateFormFolder")
        assert sent["status"] == 204
        again = await ask("folders_save", tree="forms", folder="Full shelf", name="Full shelf")
        assert again.result["status"] == "already"
        emptied = await ask("folders_save", tree="forms", folder="Full shelf", clear=["description"])
        assert emptied.data["status"] == "done", emptied.text
        (now,) = (await ask("folders_find", tree="forms", folders=["211"])).items
        assert "description" not in now and now["name"] == "Full shelf"


async def test_what_can_not_be_is_said_clearly(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        moved = await ask("folders_save", tree="templates", folder="103", parent="Cards")
        assert moved.code == "bad_argument" and "can't be moved" in moved.text
        stays = await ask("folders_save", tree="templates", folder="103", parent="102", description="Seasons")
        assert stays.data["status"] == "done"
        assert (await ask("folders_save", tree="templates")).code == "bad_argument"
        assert (await ask("folders_save", tree="templates", name="x" * 256)).code == "bad_argument"
        cleared = await ask("folders_save", tree="templates", folder="103", clear=["name"])
        assert cleared.code == "bad_argument" and "only the description" in cleared.text
        assert (await ask("folders_save", tree="templates", name="New", clear=["description"])).code == "bad_argument"
        policy = await ask("folders_save", tree="templates", folder="103", policy="Nobody")
        assert policy.data["status"] == "refused" and "There is no security policy" in policy.text
        for odd in ({"name": "Bad\u202ename"}, {"name": "two\nlines"}, {"name": "New", "description": "a\x07b"}):
            hidden = await ask("folders_save", tree="templates", **odd)
            assert hidden.code == "bad_argument" and next(iter([*odd][::-1])) in hidden.text
        assert not request_log(ask.sandbox, "createTemplateFolder")
        nowhere = await ask("folders_save", tree="templates", name="New", parent="Brnches")
        assert nowhere.code == "not_found" and "Branches (id 101)" in nowhere.text


async def test_a_creation_whose_answer_says_nothing_or_is_lost_is_found_by_its_name(assistant: Any) -> None:
    async with assistant(location=False) as ask:
        for parent in ("", "102"):
            made = await ask("folders_save", tree="templates", name="Spring", parent=parent)
            assert made.data["status"] == "done" and made.result["id"], made.text
    async with assistant(faults=[fault("drop_after", "POST", "*/templatefolders*")]) as ask:
        for parent in ("", "102"):
            made = await ask("folders_save", tree="templates", name="Spring", parent=parent)
            assert made.data["status"] == "done" and made.result["id"], made.text
            assert "the answer was lost, but the folder is there" in made.text


async def test_a_creation_that_never_arrived_is_unknown_and_says_how_to_check(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_before", "POST", "*/templatefolders*")]) as ask:
        made = await ask("folders_save", tree="templates", name="Spring", parent="102")
        assert made.data["status"] == "unknown" and 'folders_find(tree="templates")' in made.text


async def test_a_change_whose_answer_was_lost_is_looked_at(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_after", "PUT", "*/templatefolders/*")]) as ask:
        answer = await ask("folders_save", tree="templates", folder="103", name="Seasons")
        assert answer.data["status"] == "done" and "the change is there" in answer.text
    async with assistant(faults=[fault("drop_before", "PUT", "*/templatefolders/*")]) as ask:
        answer = await ask("folders_save", tree="templates", folder="103", name="Seasons")
        assert answer.data["status"] == "unknown" and "still has the old name" in answer.text
    async with assistant(faults=[fault("empty", "PUT", "*/templatefolders/*", status=204)]) as ask:
        answer = await ask("folders_save", tree="templates", folder="103", name="Seasons")
        assert answer.data["status"] == "refused" and "did not take name" in answer.text


# deleting


@pytest.mark.parametrize("era", ERAS)
async def test_an_empty_folder_is_deleted_after_a_yes(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era) as ask:
        for tree, number in (("templates", "120"), ("forms", "211")):
            done = await ask("folders_delete", tree=tree, folders=["Empty shelf"])
            assert done.data["status"] == "done" and done.result["id"] == number, done.text
        assert len(ask.questions) == 2
        assert "path: Empty shelf" in ask.questions[0] and "no route brings back a folder" in ask.questions[0]
        assert "Not empty" not in ask.questions[0]
        again = await ask("folders_find", tree="templates", folders=["Empty shelf"])
        assert again.code == "not_found"
        for operation in ("deleteTemplateFolder", "deleteFormFolder"):
            assert len(request_log(ask.sandbox, operation)) == 1, operation


async def test_nothing_is_deleted_without_a_yes(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        await ask("folders_delete", tree="templates", folders=["120"])
        assert ask.questions and not request_log(ask.sandbox, "deleteTemplateFolder")


async def test_the_preview_names_what_is_inside_and_that_it_will_be_refused(assistant: Any) -> None:
    async with assistant() as ask:
        refused = await ask("folders_delete", tree="templates", folders=["Mailings"])
        (question,) = ask.questions
        assert "2 subfolders: Seasonal (id 103), Moving house (id 104); 1 template: Branch mailing (id 412)" in question
        assert "Not empty: 'Branches / Mailings' (id 102). The system is expected to refuse" in question
        assert refused.data["status"] == "refused" and "is not empty" in refused.text
        letters = await ask("folders_delete", tree="forms", folders=["Letters"], dry_run=True)
        assert "4 forms: Letter of the branch (id 302)" in letters.text


async def test_children_go_before_their_parents(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        top = (await ask("folders_save", tree="templates", name="Spring")).result["id"]
        child = (await ask("folders_save", tree="templates", name="Email", parent=top)).result["id"]
        both = await ask("folders_delete", tree="templates", folders=[top, "Spring / Email", "999"])
        assert "Not empty" not in ask.questions[0]
        assert {each["id"]: each["status"] for each in both.data["results"]} == {
            top: "done",
            child: "done",
            "999": "already",
        }
        deleted = [each["path"].rsplit("/", 1)[1] for each in request_log(ask.sandbox, "deleteTemplateFolder")]
        assert deleted == [child, top]


async def test_a_parent_is_not_tried_when_a_folder_in_it_stays(assistant: Any, request_log: Log) -> None:
    async with assistant() as ask:
        answer = await ask("folders_delete", tree="templates", folders=["102", "103"])
        assert [each["status"] for each in answer.data["results"]] == ["refused", "refused"]
        assert "Not tried: the folder 103 in it could not be deleted" in answer.text
        assert len(request_log(ask.sandbox, "deleteTemplateFolder")) == 1


async def test_a_folder_that_fills_before_the_answer_is_asked_for_again(assistant: Any, request_log: Log) -> None:
    async with assistant(CHANNELS="code", ENVIRONMENT="dev") as ask:
        first = await ask("folders_delete", tree="templates", folders=["120"])
        await ask("folders_save", tree="templates", name="Spring", parent="120")
        late = await ask("folders_delete", tree="templates", folders=["120"], confirm=first.data["code"])
        assert late.data["code"] != first.data["code"] and "1 subfolder: Spring" in late.text
        assert not request_log(ask.sandbox, "deleteTemplateFolder")


async def test_a_delete_whose_answer_was_lost_is_looked_at(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_after", "DELETE", "*/templatefolders/*")]) as ask:
        done = await ask("folders_delete", tree="templates", folders=["120"])
        assert done.data["status"] == "done" and "it is gone" in done.text
    async with assistant(faults=[fault("drop_before", "DELETE", "*/templatefolders/*")]) as ask:
        unknown = await ask("folders_delete", tree="templates", folders=["120"])
        assert unknown.data["status"] == "unknown"
    async with assistant(faults=[fault("empty", "DELETE", "*/templatefolders/*", status=204)]) as ask:
        refused = await ask("folders_delete", tree="templates", folders=["120"])
        assert refused.data["status"] == "refused" and "still there" in refused.text


async def test_too_many_at_once_and_unknown_ones_are_refused(assistant: Any) -> None:
    async with assistant() as ask:
        many = await ask("folders_delete", tree="templates", folders=[str(each) for each in range(500, 551)])
        assert many.code == "bad_argument" and "At most 50" in many.text
        none = await ask("folders_delete", tree="templates", folders=["500"])
        assert none.code == "not_found"
        other = await ask("folders_delete", tree="templates", folders=["201"])
        assert other.code == "not_found" and "use tree='forms'" in other.text


async def test_hostile_names_stay_in_one_line_of_the_question(assistant: Any) -> None:
    async with assistant() as ask:
        await ask("folders_delete", tree="forms", folders=["212"])
        (question,) = ask.questions
        assert not {"\u202e", "\u202c", "\x07"} & set(question)
