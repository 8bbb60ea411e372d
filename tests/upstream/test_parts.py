"""The multipart body, read back by a parser that is not ours."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser

import pytest

from upstream.parts import Upload, encode


def parsed(*parts: tuple[str, str | Upload]) -> list[Message]:
    body, kind = encode(parts)
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    assert message.is_multipart() and not message.defects
    found = message.get_payload()
    assert isinstance(found, list)
    return found


def test_texts_and_files_come_back_as_they_were() -> None:
    content = bytes(range(256)) + b"\r\n--\r\n"
    file, text = parsed(("file", Upload("plan.pdf", content, "application/pdf")), ("Description", "für «Lyon»\r\n2"))
    assert (file.get_filename(), file.get_content_type()) == ("plan.pdf", "application/pdf")
    assert file.get_param("name", header="content-disposition") == "file"
    assert file.get_payload(decode=True) == content
    assert text.get_payload(decode=True) == "für «Lyon»\r\n2".encode()
    assert text.get_content_charset() == "utf-8" and text.get_filename() is None


def test_an_empty_file_is_a_file() -> None:
    (file,) = parsed(("file", Upload("empty.txt", b"")))
    assert (file.get_filename(), file.get_payload(decode=True)) == ("empty.txt", b"")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('a"b.txt', 'filename="a%22b.txt"'),
        ("a\r\nX-Evil: 1.txt", 'filename="a%0D%0AX-Evil: 1.txt"'),
        ("Entwürfe.txt", 'filename="Entwürfe.txt"'),
    ],
)
def test_a_name_can_not_leave_its_place(name: str, written: str) -> None:
    body, _ = encode([("file", Upload(name, b"x"))])
    assert written in body.decode()
    assert body.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize("media_type", ["", "text/plain\r\nX-Evil: 1", "text/plän"])
def test_a_media_type_that_is_none_is_not_sent(media_type: str) -> None:
    (file,) = parsed(("file", Upload("a", b"x", media_type)))
    assert file.get_content_type() == "application/octet-stream"
    assert file["X-Evil"] is None


def test_boundaries_differ() -> None:
    assert encode([("a", "b")])[1] != encode([("a", "b")])[1]
    assert b"secret" not in repr(Upload("a", b"secret")).encode()
