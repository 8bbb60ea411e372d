"""Adding and deleting attachments, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import gc
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult, EmbeddedResource

from mcp_server.application import Application
from mcp_server.settings import load
from tests.tools.faults import fault
from tools.change import Change
from tools.collaborate.attachment_changes import Ready, attachments_add

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
PROJECT = 1000138
ADD, LIST = "addOnDemandCampaignAttachment", "listOnDemandCampaignAttachments"
DELETE = "deleteOnDemandCampaignAttachment"
Log = Callable[..., list[dict[str, Any]]]
PDF = b"%PDF-1.4 a brief"


def base64(data: bytes) -> str:
    return b64encode(data).decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An allowed folder with a file in it; beside it one that is not allowed."""
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "brief.pdf").write_bytes(PDF)
    (tmp_path / "secret.txt").write_bytes(b"sesame")
    return tmp_path / "up"


# adding


@pytest.mark.parametrize("era", ERAS)
async def test_a_file_of_an_allowed_folder_is_attached_as_it_is(assistant: Any, folder: Path, era: str) -> None:
    async with assistant(era=era, UPLOAD_FOLDERS=str(folder)) as ask:
        added = await ask(
            "attachments_add",
            project="Moving house package Ashwick",
            file="brief.pdf",
            title="The brief",
            description="Agreed on",
            folder="approvals",
        )
        assert added.result["status"] == "done" and ask.questions == []
        assert added.result["after"] == {
            "project": "Moving house package Ashwick",
            "project_id": PROJECT,
            "file": "brief.pdf",
            "size": "16 bytes",
            "type": "application/pdf",
            "folder": "Approvals",
            "description": "Agreed on",
            "from": str((folder / "brief.pdf").resolve()),
            "sha256": sha256(PDF).hexdigest()[:16],
        }
        read = await ask("attachments_read", project=PROJECT, attachment=added.result["id"])
        (row,), (held,) = read.items, read.files
        assert (row["name"], row["file"], row["folder"]) == ("The brief", "brief.pdf", "Approvals")
        assert (row["description"], row["type"]) == ("Agreed on", "application/pdf")
        assert isinstance(held, EmbeddedResource) and b64decode(held.resource.blob) == PDF


@pytest.mark.parametrize(("project", "kind"), [(1000101, "simple list"), (1000119, "advanced list"), (PROJECT, "")])
async def test_base64_is_attached_to_each_kind_in_its_first_folder(assistant: Any, project: int, kind: str) -> None:
    async with assistant() as ask:
        added = await ask(
            "attachments_add", project=project, kind=kind, content=base64(b"caf\xc3\xa9"), name='Menü "neu".txt'
        )
        assert added.result["status"] == "done" and added.result["after"]["folder"] == "Creative"
        read = await ask("attachments_read", project=project, attachment=added.result["id"])
        assert read.data["files"][0]["text"] == "café" and read.items[0]["folder"] == "Creative"
        assert read.items[0]["name"].startswith("Menü")


async def test_a_preview_sends_nothing(assistant: Any, folder: Path, request_log: Log) -> None:
    async with assistant(UPLOAD_FOLDERS=str(folder)) as ask:
        shown = await ask("attachments_add", project=PROJECT, file="brief.pdf", dry_run=True)
        assert shown.data["status"] == "preview"
        for text in ("Add 1 attachment", "file: brief.pdf", "16 bytes", "folder: Creative", "sha256: "):
            assert text in shown.text
        assert request_log(ask.sandbox, ADD) == []


async def test_only_the_allowed_folders_are_read(assistant: Any, folder: Path, request_log: Log) -> None:
    async with assistant() as ask:
        closed = await ask("attachments_add", project=PROJECT, file=str(folder / "brief.pdf"))
        assert closed.code == "bad_argument" and "CAMPAIGN_MCP_UPLOAD_FOLDERS" in closed.text
    async with assistant(UPLOAD_FOLDERS=f"{folder.parent / 'other'}, {folder}") as ask:
        for path in (str(folder.parent / "secret.txt"), "../secret.txt", str(folder / ".." / "secret.txt")):
            refused = await ask("attachments_add", project=PROJECT, file=path)
            assert refused.code == "bad_argument" and "sesame" not in refused.text
        absent = await ask("attachments_add", project=PROJECT, file="breif.pdf")
        assert absent.code == "not_found" and "brief.pdf" in absent.text
        assert request_log(ask.sandbox, ADD) == []
        assert (await ask("attachments_add", project=PROJECT, file="brief.pdf")).result["status"] == "done"


async def test_the_operator_sets_the_size(assistant: Any, folder: Path) -> None:
    async with assistant(UPLOAD_FOLDERS=str(folder), UPLOAD_MAX_MB="0.001") as ask:
        (folder / "large.pdf").write_bytes(b"x" * 1049)
        large = await ask("attachments_add", project=PROJECT, file="large.pdf")
        assert large.code == "bad_argument" and "CAMPAIGN_MCP_UPLOAD_MAX_MB" in large.text
        (folder / "large.pdf").write_bytes(b"x" * 1048)
        assert (await ask("attachments_add", project=PROJECT, file="large.pdf")).result["status"] == "done"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "either file"),
        ({"file": "brief.pdf", "content": "eA=="}, "either file"),
        ({"content": "eA=="}, "needs a name"),
        ({"content": "x", "name": "x.txt"}, "not base64"),
        ({"content": "eA==", "name": "../x.txt"}, "no bare file name"),
        ({"content": "eA==", "name": "x.txt", "title": "a\u202eb"}, "invisible characters"),
        ({"content": "eA==", "name": "x.txt", "title": "x" * 256}, "one line"),
        ({"content": "eA==", "name": "x.txt", "folder": "Creatve"}, "Creative (id 8556)"),
    ],
)
async def test_what_can_t_be_sent_is_told_before(
    assistant: Any, request_log: Log, given: dict[str, str], said: str
) -> None:
    async with assistant() as ask:
        refused = await ask("attachments_add", project=PROJECT, **given)
        assert refused.failed and said in refused.text
        assert request_log(ask.sandbox, ADD) == []


@pytest.mark.parametrize(("project", "state"), [(1000137, "finished"), (1000141, "canceled")])
async def test_a_project_that_is_over_takes_nothing(assistant: Any, request_log: Log, project: int, state: str) -> None:
    async with assistant() as ask:
        refused = await ask("attachments_add", project=project, content="eA==", name="x.txt")
        assert refused.code == "bad_argument" and f"is {state}" in refused.text
        assert request_log(ask.sandbox, ADD) == []


async def test_what_the_system_refuses_is_told(assistant: Any) -> None:
    async with assistant(upload_max_bytes=10) as ask:
        kind = await ask("attachments_add", project=PROJECT, content="eA==", name="x.exe")
        assert kind.result["status"] == "refused" and "allowed are: csv" in kind.result["reason"]
        large = await ask("attachments_add", project=PROJECT, content=base64(b"x" * 11), name="x.txt")
        assert large.result["status"] == "refused" and "at most 10" in large.result["reason"]
        bare = await ask("attachments_add", project=1000103, content="eA==", name="x.txt", dry_run=True)
        assert "may not allow attachments" in bare.text
        tried = await ask("attachments_add", project=1000103, content="eA==", name="x.txt")
        assert tried.result["status"] == "refused" and "Attachments tab" in tried.result["reason"]


@pytest.mark.parametrize("era", ERAS)
async def test_a_second_file_of_a_name_asks_first(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era, reply="decline") as ask:
        declined = await ask("attachments_add", project=PROJECT, content="eA==", name="BRIEF.txt")
        assert declined.data["status"] == "declined" and "attachment id 9003" in ask.questions[0]
        assert request_log(ask.sandbox, ADD) == []
    async with assistant(era=era) as ask:
        added = await ask("attachments_add", project=PROJECT, content="eA==", name="BRIEF.txt")
        assert added.result["status"] == "done" and len(ask.questions) == 1
        other = await ask("attachments_add", project=1000152, content="eA==", name="brief.txt")
        assert other.result["status"] == "done" and len(ask.questions) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_a_file_that_changes_while_the_person_thinks_is_not_sent(
    stand_in: Any, folder: Path, request_log: Log, era: str
) -> None:
    sandbox = stand_in()
    (folder.parent / "none.toml").touch()
    environ = {
        **sandbox.settings(),
        "CAMPAIGN_MCP_STATE_URL": "sqlite://",
        "CAMPAIGN_MCP_UPLOAD_FOLDERS": str(folder),
        "CAMPAIGN_MCP_CONFIRM_ALSO": "attachments_add",
    }
    questions: list[str] = []

    async def meddling(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        questions.append(params.message)
        if len(questions) == 1:
            (folder / "brief.pdf").write_bytes(PDF.replace(b"brief", b"bribe"))
        return ElicitResult(action="accept" if len(questions) < 3 else "decline", content={"confirm": True})

    application = Application(load(environ, folder.parent / "none.toml"))
    async with Client(application.mcp, mode=era, elicitation_callback=meddling) as client:
        answer = await client.call_tool("attachments_add", {"project": PROJECT, "file": "brief.pdf"})
    assert sha256(PDF).hexdigest()[:16] in questions[0]
    told = answer.structured_content or {}
    if told["status"] == "done":
        # The client came back, and the person was shown the changed file and agreed to that one.
        changed = (folder / "brief.pdf").read_bytes()
        assert sha256(changed).hexdigest()[:16] in questions[1]
    else:
        assert told["status"] == "void" and request_log(sandbox, ADD) == []


async def test_by_code_exactly_the_file_that_was_shown_is_sent(assistant: Any, folder: Path, request_log: Log) -> None:
    settings = {"UPLOAD_FOLDERS": str(folder), "CHANNELS": "code", "CONFIRM_ALSO": "attachments_add"}
    async with assistant(**settings) as ask:
        shown = await ask("attachments_add", project=PROJECT, file="brief.pdf")
        assert shown.data["status"] == "needs_approval"
        (folder / "brief.pdf").write_bytes(PDF.replace(b"brief", b"bribe"))
        changed = await ask("attachments_add", project=PROJECT, file="brief.pdf", confirm=shown.data["code"])
        assert changed.data["status"] == "void" and request_log(ask.sandbox, ADD) == []
        again = await ask("attachments_add", project=PROJECT, file="brief.pdf", confirm=changed.data["code"])
        assert again.result["status"] == "done"


# the network fails


@pytest.mark.parametrize("kind", ["drop_after", "truncate", "garbage"])
async def test_an_answer_that_is_lost_is_looked_for(assistant: Any, request_log: Log, kind: str) -> None:
    async with assistant(faults=[fault(kind, "POST", "/locals/*/attachments")]) as ask:
        added = await ask("attachments_add", project=PROJECT, content=base64(b"once"), name="once.txt")
        assert added.result["status"] == "done" and added.result["id"] == "9008"
        assert "the attachment is there" in added.result["reason"]
        assert len(request_log(ask.sandbox, ADD)) == 1
        assert len((await ask("attachments_read", project=PROJECT)).items) == 4


@pytest.mark.parametrize("kind", ["empty", "html", "drop_before"])
async def test_a_success_without_a_description_is_unknown_where_nothing_new_is_there(
    assistant: Any, request_log: Log, kind: str
) -> None:
    async with assistant(faults=[fault(kind, "POST", "/locals/*/attachments")]) as ask:
        added = await ask("attachments_add", project=PROJECT, content=base64(b"once"), name="once.txt")
        assert added.data["status"] == "unknown" and "it is not there now" in added.result["reason"]
        assert len(request_log(ask.sandbox, LIST)) == 2


async def test_the_new_one_is_not_taken_for_the_twin(assistant: Any) -> None:
    async with assistant(faults=[fault("drop_before", "POST", "/locals/*/attachments")]) as ask:
        brief = (await ask("attachments_read", project=PROJECT, attachment=9003)).data["files"][0]["text"]
        added = await ask("attachments_add", project=PROJECT, content=base64(brief.encode()), name="brief.txt")
        assert added.result["status"] == "unknown" and "attachments_read(project=1000138)" in added.result["reason"]


async def test_nothing_is_said_where_nothing_can_be_seen(assistant: Any, request_log: Log) -> None:
    lost = fault("drop_after", "POST", "/locals/*/attachments")
    blind = fault("status", "GET", "/locals/*/attachments", status=500, skip=1)
    async with assistant(faults=[lost, blind]) as ask:
        added = await ask("attachments_add", project=PROJECT, content="eA==", name="x.txt")
        assert added.data["status"] == "unknown" and "before you try again" in added.result["reason"]
        assert len(request_log(ask.sandbox, ADD)) == 1


# what is held


async def test_the_bytes_are_held_as_long_as_their_change(call_to: Any, sandbox: Any) -> None:
    call = call_to(sandbox)
    plan = await attachments_add.function(call, project=str(PROJECT), content="eA==", name="x.txt")
    ready: Ready = call.kept(Ready)
    (change,) = plan.changes
    assert ready.of(change) is not None and ready.of(Change("s", "k", "v", "n")) is None
    del plan, change
    gc.collect()
    assert ready._kept == {}


async def test_a_change_whose_bytes_are_gone_is_refused(call_to: Any, sandbox: Any, request_log: Log) -> None:
    call = call_to(sandbox)
    stored = Change("unica-collaborate", "on_demand_campaign_attachment", "add", "x.txt")
    assert attachments_add.apply is not None
    (outcome,) = await attachments_add.apply(call, [stored])
    assert outcome.status == "refused" and "Make the call again" in outcome.reason
    assert request_log(sandbox, ADD) == []


# deleting


@pytest.mark.parametrize("era", ERAS)
async def test_deleting_asks_with_size_folder_and_who_added_it(assistant: Any, era: str, request_log: Log) -> None:
    async with assistant(era=era) as ask:
        gone = await ask("attachments_delete", project=PROJECT, attachments=["Logo", "9001", "logo", "77"])
        (question,) = ask.questions
        assert "Delete 2 attachments in Unica Collaborate" in question
        for text in ("folder: Creative", "size: 70 bytes", "added_by: c.moreau", "project_id: 1000138"):
            assert text in question
        assert "Cannot be undone" in question and "attachments_read" in question and "Left alone: 77" in question
        assert gone.data["counts"] == {"done": 2, "already": 1}
        assert (await ask("attachments_read", project=PROJECT)).ids() == [9003]
        assert len(request_log(ask.sandbox, DELETE)) == 2


async def test_a_no_deletes_nothing(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline") as ask:
        kept = await ask("attachments_delete", project=PROJECT, attachments=["9001"])
        assert kept.data["status"] == "declined" and request_log(ask.sandbox, DELETE) == []
        shown = await ask("attachments_delete", project=PROJECT, attachments=["9001"], dry_run=True)
        assert shown.data["status"] == "preview" and request_log(ask.sandbox, DELETE) == []
    async with assistant(NO_DELETE="1") as ask:
        hidden = await ask("attachments_delete", project=PROJECT, attachments=["9001"])
        assert hidden.failed and request_log(ask.sandbox, DELETE) == []


@pytest.mark.parametrize(("project", "number"), [(1000101, 9004), (1000119, 9005), (1000151, 9007)])
async def test_all_kinds_and_states_let_attachments_go(assistant: Any, project: int, number: int) -> None:
    async with assistant() as ask:
        gone = await ask("attachments_delete", project=project, attachments=[f"{project}/{number}"])
        assert gone.result["status"] == "done" and gone.result["id"] == f"{project}/{number}"
        assert (await ask("attachments_read", project=project)).items == []
        assert not any("\u202e" in each for each in ask.questions)


async def test_what_is_not_there_is_told(assistant: Any) -> None:
    async with assistant() as ask:
        number = await ask("attachments_delete", project=PROJECT, attachments=["77"])
        assert number.code == "not_found" and "attachments_read" in number.text
        name = await ask("attachments_delete", project=PROJECT, attachments=["Logos"])
        assert name.code == "not_found" and "Logo / meridian_logo.png (id 9002)" in name.text
        none = await ask("attachments_delete", project=PROJECT, attachments=[])
        assert none.code == "bad_argument" and ask.questions == []


@pytest.mark.parametrize(("kind", "status"), [("drop_after", "done"), ("drop_before", "unknown")])
async def test_after_a_lost_answer_the_list_tells(assistant: Any, request_log: Log, kind: str, status: str) -> None:
    async with assistant(faults=[fault(kind, "DELETE", "/locals/*/attachments/9001")]) as ask:
        gone = await ask("attachments_delete", project=PROJECT, attachments=["9001"])
        assert gone.result["status"] == status
        assert len(request_log(ask.sandbox, DELETE)) <= 1


async def test_a_success_that_is_none_is_found_out(assistant: Any) -> None:
    async with assistant(faults=[fault("status", "DELETE", "/locals/*/attachments/9001", status=204)]) as ask:
        gone = await ask("attachments_delete", project=PROJECT, attachments=["9001", "9002"])
        assert gone.data["counts"] == {"refused": 1, "done": 1} and "still there" in gone.text
