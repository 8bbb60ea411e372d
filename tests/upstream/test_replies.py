"""Answers that are not in a JSON body: locations of what is new, and files."""

from __future__ import annotations

from typing import Any

import pytest

from upstream.answers import Sent, read
from upstream.collaborate.attachments import DownloadAttachment
from upstream.collaborate.projects import CreateProject, UpdateProject
from upstream.errors import OutcomeUnknown, Unreadable
from upstream.http import Reply
from upstream.replies import Created, File
from upstream.request import Request

CREATE = CreateProject(kind="locals", project={"project_name": "a", "template_db_id": 1})
DOWNLOAD = DownloadAttachment(kind="locals", project_id=1, attachment_id=2)
PAGE = b"<html><body>Log in</body></html>"


def answered(request: Request[Any], body: bytes = b"", status: int = 200, **headers: str) -> Any:
    known = {name.replace("_", "-"): value for name, value in headers.items()}
    return read(request, Sent.of(request, "unica", "https://u.example.com"), Reply(status, known, body))


@pytest.mark.parametrize(
    ("location", "key", "id"),
    [
        ("https://u.example.com/collaborate/api/collaborate/v1/locals/1000232", "1000232", 1000232),
        ("/collaborate/api/collaborate/v1/locals/1000232/", "1000232", 1000232),
        ("1000232", "1000232", 1000232),
        ("/locals/1/workflowrows/7/run/J%2F8;jsessionid=AB?x=/9", "J/8", None),
        ("/locals/٣", "٣", None),
        ("", "", None),
        ("https://[broken", "", None),
    ],
)
def test_what_is_new_goes_by_the_last_segment(location: str, key: str, id: int | None) -> None:
    found = answered(CREATE, status=201, location=location)
    assert found == Created(location)
    assert (found.key, found.id) == (key, id)


def test_a_success_without_a_location_is_still_a_success() -> None:
    assert answered(CREATE, b'{"Project_ID": 5}', 200) == Created("")
    assert answered(CREATE, PAGE, 201, location="/locals/5", content_type="text/html").id == 5


def test_a_page_for_people_is_no_creation() -> None:
    with pytest.raises(OutcomeUnknown):
        answered(CREATE, PAGE, 200, content_type="text/html")


@pytest.mark.parametrize("body", [b"", b"null", b'"updated"', b"updated"])
def test_a_change_says_nothing_or_something(body: bytes) -> None:
    change = UpdateProject(kind="lists", project_id=1, project={"project_name": "b"})
    assert answered(change, body, 204 if not body else 200) in ("", "updated")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("attachment; filename=leaflet.pdf", "leaflet.pdf"),
        ('attachment; filename="leaflet v2; final.pdf"; size=3', "leaflet v2; final.pdf"),
        ('inline; FILENAME="a \\"b\\".txt"', 'a "b".txt'),
        ("attachment; filename=\"plain.pdf\"; filename*=UTF-8''Entw%C3%BCrfe%20%E2%82%AC.pdf", "Entwürfe €.pdf"),
        ("attachment; filename*=iso-8859-1'en'%A3.txt", "£.txt"),
        ("attachment; filename*=nonsense''a%20b.txt", "a b.txt"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename*=UTF-8''..%5C..%5Cboot.ini", "boot.ini"),
        ('attachment; filename=".."', ""),
        ("attachment; filename*=UTF-8''a%0D%0A%E2%80%AEb.txt", "ab.txt"),
        ("attachment", ""),
        ("", ""),
    ],
)
def test_the_name_of_a_file_is_bare(said: str, name: str) -> None:
    headers = {"content_disposition": said} if said else {}
    assert answered(DOWNLOAD, b"\x00\xff", content_type="application/pdf", **headers) == File(
        b"\x00\xff", "application/pdf", name
    )


def test_bytes_are_not_touched() -> None:
    for body in (b"", b"\xef\xbb\xbf [1] \n", b"null", PAGE):
        found = answered(DOWNLOAD, body, content_type="application/octet-stream")
        assert found.content == body
    assert answered(DOWNLOAD, PAGE, content_type="text/html", content_disposition="attachment").content == PAGE
    assert "secret" not in repr(File(b"secret"))


def test_a_page_for_people_is_no_file() -> None:
    with pytest.raises(Unreadable, match="a page for people"):
        answered(DOWNLOAD, PAGE, content_type="text/html")
