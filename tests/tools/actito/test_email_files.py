"""Images of an e-mail: one message says what to write for all of them, and doing it is enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools.actito.email_addresses import file_of, name_to_write
from tools.actito.email_files import body_of
from tools.errors import BadArgument
from tools.uploads import Limits

pytestmark = pytest.mark.anyio

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def lines(html: str, **images: str) -> list[str]:
    with pytest.raises(BadArgument) as caught:
        body_of(html, images, Limits())
    return caught.value.lines


@pytest.mark.parametrize(
    ("address", "write"),
    [
        ("/a.png", "write a.png, and give that file"),
        ("/img/a.png?v=1", "write img/a.png, and give that file"),
        ("../a.png", "write a.png, and give that file"),
        ("../../img/./a.png", "write img/a.png, and give that file"),
        ("img/../../a.png", "write a.png, and give that file"),
        ("%2e%2e/a.png", "write a.png, and give that file"),
        ("%2Fa.png", "write a.png, and give that file"),
        ("//cdn.example.org/a.png", "write https://cdn.example.org/a.png"),
        ("//a.png", "write https://a.png"),
        ("///a.png", "write a.png, and give that file"),
        ("//x.y]/a.png", "write https://x.y]/a.png"),
        ("img\\a.png", "write img/a.png, and give that file"),
        ("\\\\server\\share\\a.png", "write a.png, and give that file"),
        ("C:\\img\\a b.png", "write a b.png, and give that file"),
        ("file:///C:/img/a%20b.png", "write a b.png, and give that file"),
        ("blob:https://example.org/1", "write 1, and give that file"),
        ("..", "write logo.png, and give that file"),
        ("a b.png", "give it"),
        ("a%20b.png", "give it"),
        ("logo.svg", "no image that mail programs show"),
        ("logo", "no image that mail programs show"),
        ("img.php?id=3", "no image that mail programs show"),
    ],
)
def test_one_message_says_what_to_write(address: str, write: str) -> None:
    for html in (
        f'<img src="{address}">',
        f"<table background='{address}'>",
        f"<p style='background: url(\"{address}\")'>",
        f"<style>td {{ background: url('{address}') }}</style><p>",
    ):
        (line,) = lines(html)
        assert write in line
        # Whoever gives the file as the HTML names it is told the same, and nothing else.
        if write != "give it":
            assert lines(html, **{address: PNG}) == [line]


def test_all_images_are_told_at_once_and_what_was_said_is_enough() -> None:
    html = "<img src='{}'><img src='{}'><img srcset='{} 1x, {} 2x'><td background='{}'><img src='https://example.org/x.png'>"
    said = lines(html.format("/a.png", "../b.png", "c%20d.png", "//cdn.example.org/e.png", "g.png"), **{"g.png": PNG})
    assert [each.partition(":")[0] for each in said] == ["/a.png", "../b.png", "//cdn.example.org/e.png", "c d.png"]
    images = {"a.png": PNG, "b.png": PNG, "c d.png": PNG, "g.png": PNG}
    body = body_of(
        html.format("a.png", "b.png", "c%20d.png", "https://cdn.example.org/e.png", "g.png"), images, Limits()
    )
    assert [each.name for each in body.images] == [*images] and not body.missing and not body.unused


def test_a_page_with_a_base_is_told_the_whole_address() -> None:
    said = lines("<base href='https://cdn.example.org/n/'><img src='a.png'><img src='/b.png'>")
    assert said[0].startswith("/b.png: write https://cdn.example.org/b.png")
    assert said[1].startswith("a.png: write https://cdn.example.org/n/a.png")
    assert lines("<base href='https://[x'><img src='/b.png'>") == ["/b.png: write b.png, and give that file"]


def test_names_in_other_capitals_and_names_that_are_none() -> None:
    assert lines("<img src='Logo.png'>", **{"logo.png": PNG}) == [
        "Logo.png: write logo.png, as the file is called: capitals count"
    ]
    with pytest.raises(BadArgument, match=r"images has '/a.png', .* write a\.png"):
        body_of("<img src='a.png'>", {"/a.png": PNG}, Limits())
    with pytest.raises(BadArgument, match="the same file twice"):
        body_of("<img src='a.png'>", {"a.png": PNG, "./a.png": PNG}, Limits())
    assert file_of("./img//x/../a%20b.png?v=2#x") == "img/a b.png" and name_to_write("/../C:/a.png#x") == "C:/a.png"


async def test_images_beside_the_file_are_found_by_every_spelling_that_can_come_along(
    assistant: Any, tmp_path: Path
) -> None:
    from base64 import b64decode

    (tmp_path / "img").mkdir()
    for name in ("a b.png", "c.png"):
        (tmp_path / "img" / name).write_bytes(b64decode(PNG))
    html = "<p>Hi</p><img src='img/a%20b.png'><img src='./img/x/../c.png'><img src='img/a b.png?v=2'>"
    (tmp_path / "mail.html").write_text(html, encoding="utf-8")
    new = {"label": "W", "sender": "B", "languages": ["EN"], "table": "Customers"}
    async with assistant(UPLOAD_FOLDERS=str(tmp_path), ACTITO__ENTITY="MeridianBank") as ask:
        done = await ask("actito_emails_save", **new, html="mail.html")
        assert done.result["status"] == "done", done.text
        assert "img/a b.png" in done.text and "img/c.png" in done.text
        (tmp_path / "mail.html").write_text("<img src='/img/c.png'><img src='none.png'>", encoding="utf-8")
        answer = await ask("actito_emails_save", **new, html="mail.html")
        assert "/img/c.png: write img/c.png" in answer.text and "none.png: give it" in answer.text
