"""Multipart bodies as clients write them, and broken ones."""

from __future__ import annotations

import pytest

from sandbox.multipart import Part, read

BODY = (
    b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\none\r\ntwo\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="C:\\x\\a%22b.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\n"
    b"\x00\xff--\r\n-b\r\n--b--\r\n"
)


def test_parts_keep_their_bytes_and_lose_the_folders_of_their_file_name():
    assert read(' boundary="b"', BODY) == [
        Part("note", b"one\r\ntwo"),
        Part("file", b"\x00\xff--\r\n-b", 'a"b.txt', "text/plain"),
    ]


@pytest.mark.parametrize(
    ("parameters", "body", "word"),
    [
        ("", BODY, "boundary"),
        (" boundary=c", BODY, "last boundary"),
        (" boundary=b", BODY.replace(b"--b--", b""), "last boundary"),
        (" boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "no name"),
        (" boundary=b", b'--b\r\nContent-Disposition: form-data; name="x"\r\n--b--', "end of its headers"),
    ],
)
def test_what_is_no_multipart_is_told(parameters, body, word):
    with pytest.raises(ValueError, match=word):
        read(parameters, body)
