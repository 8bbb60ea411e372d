"""Collaborate through a session: what a server receives, and what its answers become."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import AsyncIterator, Iterator
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from upstream.approval import mint
from upstream.auth import NoAuthentication
from upstream.collaborate.attachments import MOST_BYTES, AddAttachment, DownloadAttachment
from upstream.collaborate.folders import DeleteFolder, GetSubfolders
from upstream.collaborate.kinds import FolderTree, ProjectKind
from upstream.collaborate.objects import Window
from upstream.collaborate.projects import ChangeProjectState, CreateProject, GetProject, GetProjects, StateChange
from upstream.collaborate.templates import GetTemplates
from upstream.collaborate.workflow import RunWorkflowRow
from upstream.errors import ApprovalMissing, NotFound, OutcomeUnknown, Refused, RouteMissing, Unreadable
from upstream.parts import Upload
from upstream.replies import Created, File
from upstream.request import GUARDED, Override
from upstream.session import Access, Session, SessionManager
from upstream.tokens import MemoryTokenStore

pytestmark = pytest.mark.anyio
KEY = b"a key of the tests that is 32 b."
MOUNT = "/collaborate/api/collaborate/v1"
KIND = ProjectKind.ON_DEMAND_CAMPAIGN
PAGE = b"<html><body>Not here</body></html>"


class Stand:
    """A server that keeps what it receives and gives one prepared answer."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"[]")
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def _take(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                stand.received.append((self.command, self.path, headers, body))
                status, more, content = stand.answer
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _take

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def says(self, status: int, body: object = b"", **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answer = (status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


@pytest.fixture
def stand() -> Iterator[Stand]:
    server = Stand()
    yield server
    server.stop()


def manager(stand: Stand, **overrides: Override) -> SessionManager:
    access = Access("unica", {"unica-collaborate": stand.url}, NoAuthentication(), overrides=overrides)
    return SessionManager({"unica": access}, MemoryTokenStore(), approval_key=KEY)


@pytest.fixture
async def session(stand: Stand) -> AsyncIterator[Session]:
    async with manager(stand) as made:
        yield made.session("unica")


async def test_a_window_is_asked_for_in_the_header(stand: Stand, session: Session) -> None:
    stand.says(200, [{"Project_ID": 1000231, "Project_Name": "Garden loan", "End_Date": None}])
    (project,) = await session.send(GetProjects(kind=KIND, window=Window(10, 4)))
    assert (project.project_id, project.project_name, project.end_date) == (1000231, "Garden loan", None)
    method, path, headers, _ = stand.received[0]
    assert (method, path, headers["range"]) == ("GET", f"{MOUNT}/locals", "10-4")


async def test_something_new_is_told_by_its_location(stand: Stand, session: Session) -> None:
    stand.says(201, Location=f"{stand.url}{MOUNT}/locals/1000232")
    created = await session.send(CreateProject(kind=KIND, project={"project_name": "a", "template_db_id": 118}))
    assert isinstance(created, Created) and created.id == 1000232
    assert json.loads(stand.received[0][3]) == {"Project_Name": "a", "Template_DB_ID": 118}


async def test_a_file_goes_in_parts_and_comes_back_as_bytes(stand: Stand, session: Session) -> None:
    content = bytes(range(256))
    stand.says(201, {"Attachment_ID": 7104, "File_Name": "plän.bin"}, Location="/x/7104")
    upload = Upload("plän.bin", content)
    made = await session.send(AddAttachment(kind=KIND, project_id=5, file=upload, description="für Lyon"))
    assert (made.attachment_id, made.file_name) == (7104, "plän.bin")
    _, path, headers, body = stand.received[0]
    assert path == f"{MOUNT}/locals/5/attachments"
    message = BytesParser().parsebytes(b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body)
    file, description = message.get_payload()
    assert file.get_payload(decode=True) == content
    assert description.get_payload(decode=True).decode() == "für Lyon"
    stand.says(200, content, Content_Type="image/png", Content_Disposition='attachment; filename="a.png"')
    read = await session.send(DownloadAttachment(kind=KIND, project_id=5, attachment_id=7104))
    assert read == File(content, "image/png", "a.png")


@pytest.mark.parametrize("packed", [False, True])
async def test_a_file_that_is_larger_than_is_read_is_given_up(stand: Stand, session: Session, packed: bool) -> None:
    content = bytes(MOST_BYTES + 1)
    download = DownloadAttachment(kind=KIND, project_id=5, attachment_id=7104)
    stand.says(200, gzip.compress(content) if packed else content, **({"Content_Encoding": "gzip"} if packed else {}))
    with pytest.raises(Unreadable, match="more than 20 MiB"):
        await session.send(download)
    assert len(stand.received) == 1, "it is not fetched again"
    stand.says(200, content[1:])
    assert len((await session.send(download)).content) == MOST_BYTES


@pytest.mark.parametrize("said", ["idna''x%ff", "punycode''%ff", "undefined''%ff", "nonsense''%ff"])
async def test_a_name_of_a_file_that_can_not_be_read_is_no_obstacle(stand: Stand, session: Session, said: str) -> None:
    stand.says(200, b"x", Content_Disposition=f"attachment; filename*={said}")
    assert (await session.send(DownloadAttachment(kind=KIND, project_id=5, attachment_id=7104))).content == b"x"


async def test_a_location_that_is_no_id_is_none(stand: Stand, session: Session) -> None:
    stand.says(201, Location="/a/" + "9" * 5000)
    made = await session.send(CreateProject(kind=KIND, project={"project_name": "a", "template_db_id": 118}))
    assert made.id is None and made.key


@pytest.mark.parametrize(
    ("request_", "body", "error"),
    [
        (GetTemplates(), {"Error_Code": "NO_RESULTS", "Error_Message": "There is nothing to list."}, NotFound),
        (GetTemplates(), b"", NotFound),
        (GetTemplates(template_type="local"), PAGE, RouteMissing),
        (GetProjects(kind=KIND), b"", NotFound),
        (GetProjects(kind=KIND, window=Window(0, 50)), PAGE, RouteMissing),
        (GetSubfolders(tree=FolderTree.FORMS, parent_folder_id=7), PAGE, NotFound),
        (GetProject(kind=KIND, project_id=7), PAGE, NotFound),
    ],
)
async def test_a_404_of_a_list_is_nothing_there_or_no_such_address(
    stand: Stand, session: Session, request_: GetTemplates, body: object, error: type[Exception]
) -> None:
    stand.says(404, body, Content_Type="text/html" if body == PAGE else "application/json")
    with pytest.raises(error) as caught:
        await session.send(request_)
    assert type(caught.value) is error
    if isinstance(body, dict):
        assert "There is nothing to list" in str(caught.value)


async def test_an_empty_list_may_also_be_a_200(stand: Stand, session: Session) -> None:
    stand.says(200, [])
    assert await session.send(GetTemplates()) == []


async def test_a_refusal_says_its_reason(stand: Stand, session: Session) -> None:
    stand.says(422, {"Status_Code": 422, "Error_Code": "INVALID_DATA", "Error_Message": "Template 999 is disabled."})
    with pytest.raises(Refused, match=r"createSimpleList was refused \(422\) and said \"Template 999 is disabled.\""):
        await session.send(CreateProject(kind="lists", project={"project_name": "a", "template_db_id": 999}))


async def test_a_failed_run_is_not_repeated(stand: Stand, session: Session) -> None:
    run = RunWorkflowRow(kind=KIND, project_id=5, row_id=7)
    stand.says(502)
    with pytest.raises(OutcomeUnknown, match="runOnDemandCampaignWorkflowRow was sent"):
        await session.send(run, approval=mint(KEY, "R", frozenset({run.operation_id}), run.target_ids(), GUARDED))
    assert len(stand.received) == 1


async def test_an_approval_holds_for_one_kind_and_one_row(stand: Stand, session: Session) -> None:
    run = RunWorkflowRow(kind=KIND, project_id=5, row_id=7)
    approval = mint(KEY, "R", frozenset({run.operation_id}), frozenset({"on_demand_campaign_row:5/7"}), GUARDED)
    for other in (
        RunWorkflowRow(kind=KIND, project_id=5, row_id=8),
        RunWorkflowRow(kind=KIND, project_id=6, row_id=7),
        RunWorkflowRow(kind="lists", project_id=5, row_id=7),
    ):
        with pytest.raises(ApprovalMissing):
            await session.send(other, approval=approval)
    assert stand.received == []
    stand.says(201, Location=f"{MOUNT}/locals/5/workflowrows/7/run/J-9")
    assert (await session.send(run, approval=approval)).key == "J-9"


async def test_deleting_and_starting_need_an_approval_and_pausing_does_not(stand: Stand, session: Session) -> None:
    stand.says(204)
    for guarded in (
        DeleteFolder(tree=FolderTree.TEMPLATES, folder_id=3),
        ChangeProjectState(kind=KIND, project_id=5, change=StateChange(action="START")),
    ):
        with pytest.raises(ApprovalMissing):
            await session.send(guarded)
    assert stand.received == []
    pause = ChangeProjectState(kind=KIND, project_id=5, change=StateChange(action="PAUSE"))
    assert await session.send(pause) == ""


async def test_an_override_of_one_kind_reaches_that_kind_alone(stand: Stand) -> None:
    stand.says(200, {"Project_ID": 7})
    async with manager(stand, getSimpleList=Override(path="/simple/{projectId}")) as made:
        for kind in ("lists", "locals"):
            await made.session("unica").send(GetProject(kind=kind, project_id=7))
    assert [path for _, path, _, _ in stand.received] == [f"{MOUNT}/simple/7", f"{MOUNT}/locals/7"]
