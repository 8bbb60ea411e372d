"""Files of an answer: which form each takes, and that none does harm or breaks the size of an answer."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.types import BlobResourceContents, EmbeddedResource, ImageContent, ResourceLink, TextContent

from mcp_server import answer
from mcp_server.answer import HARD_BYTES, Setting, size_of
from mcp_server.contents import TEXT_BYTES, Attached, attached
from tools.content import INLINE_BYTES, Content, by_name, charset, media_type
from tools.listing import Listing

ADDRESS = "unica://collaborate/attachments/locals/5/9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def one(data: bytes, kind: str = "text/plain", name: str = "brief.txt", **more: Any) -> Attached:
    return attached([Content(name, kind, data, ADDRESS, **more)])


def text_of(found: Attached) -> str:
    block = found.blocks[0]
    assert isinstance(block, TextContent)
    assert found.data["files"][0]["text"] in block.text
    return str(found.data["files"][0]["text"])


def test_a_text_comes_fenced_and_in_the_data() -> None:
    found = one(b"Mail all customers.\r\nBudget: 4,000\r\n")
    assert text_of(found) == "Mail all customers.\nBudget: 4,000\n"
    (block,) = found.blocks
    assert isinstance(block, TextContent) and "```data\n" in block.text
    assert block.annotations is not None and block.annotations.audience == ["user", "assistant"]
    assert found.notes == ["The file (36 bytes) follows as text, all of it, read as UTF-8."]
    assert found.data["files"] == [
        {
            "name": "brief.txt",
            "type": "text/plain",
            "size": 36,
            "as": "text",
            "cut": False,
            "text": "Mail all customers.\nBudget: 4,000\n",
            "address": ADDRESS,
        }
    ]


@pytest.mark.parametrize(
    ("data", "said", "read_as"),
    [
        ("Grüße".encode(), "", "UTF-8"),
        (b"\xef\xbb\xbf" + "Grüße".encode(), "iso-8859-1", "UTF-8"),
        ("Grüße".encode("utf-16"), "", "UTF-16"),
        (b"\xfe\xff" + "Grüße".encode("utf-16-be"), "", "UTF-16"),
        ("Grüße".encode("utf-32"), "", "UTF-32"),
        ("Grüße".encode("latin-1"), "iso-8859-1", "ISO-8859-1"),
        ("Grüße".encode("latin-1"), "", "CP1252"),
        ("Grüße".encode("latin-1"), "utf-8", "CP1252"),
        ("Grüße".encode(), "no-such-charset", "UTF-8"),
        ("Grüße".encode(), "zlib", "UTF-8"),
    ],
)
def test_character_sets(data: bytes, said: str, read_as: str) -> None:
    found = one(data, charset=said)
    assert text_of(found) == "Grüße" and f"read as {read_as}." in found.notes[0]


def test_a_character_set_can_not_choose_a_codec_that_is_none() -> None:
    import zlib

    found = one(zlib.compress(b"x" * 10_000_000), charset="zlib")
    assert found.data["files"][0]["as"] == "resource"


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/csv", "application/json", "image/svg+xml", "application/octet-stream", ""]
)
def test_what_reads_as_text_is_text(kind: str) -> None:
    assert one(b"a;b\n1;2", kind).data["files"][0]["as"] == "text"


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", ""])
def test_what_only_says_it_is_text_is_not(kind: str) -> None:
    assert one(b"MZ\x90\0\x03\0\0\0", kind).data["files"][0]["as"] == "resource"


def test_a_long_text_is_cut_and_linked() -> None:
    found = one(("ü" * 20_000).encode())
    assert found.data["files"][0]["cut"] and set(text_of(found)) == {"ü"}
    assert isinstance(found.blocks[1], ResourceLink) and found.blocks[1].uri == ADDRESS
    assert "its first 5,5" in found.notes[0] and "The link behind it" in found.notes[0]
    only_a_part = one(b"begin", size=50)
    assert only_a_part.data["files"][0]["cut"] and only_a_part.data["files"][0]["size"] == 50


@given(
    st.one_of(st.text(max_size=200), st.sampled_from(['"', "\\", "\n", "\u202e", "ü", "🦜", "`", "a"])),
    st.integers(1, 20_000),
)
def test_no_text_is_larger_than_its_share_or_closes_its_fence(piece: str, times: int) -> None:
    found = one((piece * times)[:60_000].encode("utf-8", "ignore"))
    if found.data["files"][0]["as"] != "text":
        return
    block = found.blocks[0]
    assert isinstance(block, TextContent)
    _, opening, *inside, closing = block.text.split("\n")
    assert opening == closing + "data" and not any(line.startswith(closing) for line in inside)
    assert size_of(found.data["files"][0]["text"]) <= TEXT_BYTES
    assert size_of(found.data) <= TEXT_BYTES + 400


def test_steering_characters_don_t_come_along() -> None:
    found = one("a\u202eb\x1b[2Jc\u2066d\U000e0041e".encode())
    assert text_of(found) == "a b [2Jc d e"


def test_an_image_comes_as_one() -> None:
    found = one(PNG, "image/png", "logo.png")
    (block,) = found.blocks
    assert isinstance(block, ImageContent) and block.mime_type == "image/png" and b64decode(block.data) == PNG
    assert found.data["files"][0]["as"] == "image" and "as an image" in found.notes[0]


def test_other_files_come_as_resources_for_the_person() -> None:
    found = one(b"%PDF-1.4\0", "application/pdf", "leaflet.pdf")
    (block,) = found.blocks
    assert isinstance(block, EmbeddedResource) and isinstance(block.resource, BlobResourceContents)
    assert block.resource.uri == ADDRESS and block.resource.mime_type == "application/pdf"
    assert b64decode(block.resource.blob) == b"%PDF-1.4\0"
    assert block.annotations is not None and block.annotations.audience == ["user"]


@pytest.mark.parametrize("kind", ["image/png", "application/pdf"])
def test_what_is_too_large_is_linked(kind: str) -> None:
    whole, more = b"\0" * INLINE_BYTES, b"\0" * (INLINE_BYTES + 1)
    assert not isinstance(one(whole, kind).blocks[0], ResourceLink)
    for found in (one(more, kind), one(b"", kind, size=len(more))):
        (block,) = found.blocks
        assert isinstance(block, ResourceLink)
        assert (block.uri, block.name, block.size, block.mime_type) == (ADDRESS, "brief.txt", len(more), kind)
        assert "too large" in found.notes[0] and found.data["files"][0]["as"] == "link"


def test_an_empty_file_and_one_that_can_t_be_linked_are_told() -> None:
    assert one(b"").notes == ["The file is empty."] and one(b"").blocks == []
    assert one(b"", "image/png").blocks == []
    nowhere = attached([Content("x.bin", "", b"", "", 5)])
    assert nowhere.blocks == [] and "does not come" in nowhere.notes[0]


def test_hostile_names_and_types_are_one_line() -> None:
    name = "a\nb\u202e```" + "x" * 5000
    for found in (one(b"\0", "x/y\nz", name), one(b"", "x/y", name, size=9_999_999)):
        assert "\n" not in str(found.data["files"][0]["name"]) and len(found.data["files"][0]["name"]) <= 80
        assert not any(name[:3] in note for note in found.notes)
        assert size_of(found.data) < 600


@pytest.mark.parametrize("generous", [False, True])
def test_an_answer_keeps_its_size_and_both_forms_say_what_comes(generous: bool) -> None:
    long = {f"column {number}": "word " * 400 for number in range(20)}
    found = Listing("attachments", [{"name": "brief", "id": 9, **long}], [*long])
    found.files = [Content("brief.txt", "text/plain", b'"' * 50_000, ADDRESS)]
    told = answer.listing(found, Setting("sandbox", ZoneInfo("UTC")), generous=generous)
    first, second, third = told.content
    assert isinstance(first, TextContent) and isinstance(second, TextContent) and isinstance(third, ResourceLink)
    assert "follows as text" in first.text and told.structured_content is not None
    assert any("follows as text" in each for each in told.structured_content["warnings"])
    assert size_of(first.text) + size_of(second.text) <= HARD_BYTES
    assert size_of(told.structured_content) <= HARD_BYTES


def test_without_files_an_answer_has_one_block() -> None:
    told = answer.listing(Listing("attachments", [], []), Setting("sandbox", ZoneInfo("UTC")), generous=False)
    assert len(told.content) == 1 and "files" not in (told.structured_content or {})


# what a file is


@pytest.mark.parametrize(
    ("name", "declared", "data", "kind"),
    [
        ("logo.png", "", PNG, "image/png"),
        ("logo.txt", "text/plain", PNG, "image/png"),
        ("photo", "", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("photo.jpg", "image/jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.gif", "", b"GIF89a...", "image/gif"),
        ("a.webp", "", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("a.wav", "", b"RIFF\0\0\0\0WAVEfmt ", by_name("a.wav")),
        ("logo.png", "image/png", b"<script>", "application/octet-stream"),
        ("logo.png", "", b"<script>", "application/octet-stream"),
        ("leaflet.pdf", "text/plain", b"%PDF-1.7", "application/pdf"),
        ("logo.png", "image/png", b"", "image/png"),
        ("list.csv", "application/octet-stream", b"a,b", "text/csv"),
        ("list.csv", "text/plain; charset=utf-8", b"a,b", "text/plain"),
        ("plan.XLSX", "", b"PK\3\4", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("x", "evil\nheader/x", b"x", "application/octet-stream"),
    ],
)
def test_media_types(name: str, declared: str, data: bytes, kind: str) -> None:
    assert media_type(name, declared, data) == kind


@pytest.mark.parametrize(
    ("declared", "found"),
    [("text/plain", ""), ("text/csv; charset=ISO-8859-1", "iso-8859-1"), ('text/x;a=b; Charset="utf-8"', "utf-8")],
)
def test_charsets(declared: str, found: str) -> None:
    assert charset(declared) == found


def test_bytes_are_encoded_as_the_protocol_wants() -> None:
    found = one(bytes(range(256)), "application/zip")
    block = found.blocks[0]
    assert isinstance(block, EmbeddedResource) and isinstance(block.resource, BlobResourceContents)
    assert block.resource.blob == b64encode(bytes(range(256))).decode()
