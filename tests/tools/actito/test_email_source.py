"""The HTML of an e-mail as it is given: files in many character sets, sources of templates, and ready zips."""

from __future__ import annotations

import io
import zipfile
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.actito.email_files import Body, body_of
from tools.actito.email_html import read_page
from tools.errors import BadArgument
from tools.uploads import Limits

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
BANK = {"ACTITO__ENTITY": "MeridianBank"}
NEW = {"label": "Winter", "sender": "Meridian Bank", "languages": ["EN"], "table": "Customers", "subject": "Winter"}
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
PAGE = b"<html><p>Hi</p><img src='img/a.png'></html>"


def packed(**files: bytes) -> bytes:
    """A zip of these files: `__` stands for a slash, `_` for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


def given(folder: Path, name: str, content: bytes, **images: str) -> Body:
    (folder / name).write_bytes(content)
    return body_of(name, images, Limits([folder]))


def refused(folder: Path, name: str, content: bytes, most: int = 1_000_000) -> str:
    (folder / name).write_bytes(content)
    with pytest.raises(BadArgument) as caught:
        body_of(name, {}, Limits([folder], most))
    return " ".join([caught.value.message, *caught.value.lines, caught.value.advice])


# character sets


async def test_windows_letters_of_a_page_that_claims_latin1_arrive_as_letters(assistant: Any, tmp_path: Path) -> None:
    html = "<html lang='fr'><head><meta charset='ISO-8859-1'></head><body><p>5 €, œuvre, “curly”</p></body></html>"
    (tmp_path / "mail.html").write_bytes(html.encode("cp1252"))
    async with assistant(UPLOAD_FOLDERS=str(tmp_path), **BANK) as ask:
        done = await ask("actito_emails_save", **NEW, html="mail.html")
        assert done.result["status"] == "done"
        assert "read as windows-1252" in done.text and "claimed to be ISO-8859-1: it is sent as UTF-8" in done.text
        stored = await ask("actito_emails_find", emails=["Winter"], fields=["html"])
        text = stored.data["files"][0]["text"]
        assert text == html.replace("ISO-8859-1", "utf-8")
        again = await ask("actito_emails_save", email="Winter", html="mail.html")
        assert again.result["status"] == "already"
        copied = await ask("actito_emails_save", copy_of="Winter", label="Winter 2")
        assert copied.result["status"] == "done" and "claimed" not in copied.text


async def test_a_copy_no_longer_claims_another_character_set(assistant: Any) -> None:
    stored = {"kind": "status", "method": "GET", "path": "*/mail/202/content/body", "status": 200}
    stored["body"] = "<meta charset='koi8-r'><p>Hi</p>"
    async with assistant(**BANK, faults=[stored]) as ask:
        done = await ask("actito_emails_save", copy_of="202", label="Spring 2027")
        assert done.result["status"] == "done" and "claimed to be koi8-r" in done.text, done.text
        (now,) = (await ask("actito_emails_find", emails=["Spring_2027"], fields=["body", "html"])).data["files"]
        assert now["text"] == "<meta charset='utf-8'><p>Hi</p>"


def test_a_page_with_characters_that_it_can_not_have_is_refused(tmp_path: Path) -> None:
    assert "U+0093, which is what a wrongly converted letter" in refused(
        tmp_path, "a.html", b"<meta charset=iso-8859-15><p>\x93x\x94</p>"
    )
    assert "'a.html' is not in UTF-8 (byte 0xE9 in line 1" in refused(tmp_path, "a.html", b"<p>\xe9</p>")
    for text in ("<p>a\x80</p>", "<p>\ud83d</p>", "<p>\x00</p>"):
        with pytest.raises(BadArgument, match="The HTML has"):
            body_of(text, {}, Limits())


def test_a_page_in_the_call_no_longer_claims_another_character_set() -> None:
    body = body_of("<meta charset='windows-1252'><p>€ \u00c3\u00a9</p>", {}, Limits())
    assert body.html == "<meta charset='utf-8'><p>€ Ã©</p>" and body.page.charset == "utf-8"
    assert "claimed to be windows-1252" in body.notes[0] and "'Ã©'" in body.notes[1]


# what is no HTML


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<mjml><mj-body><mj-text>Hi</mj-text></mj-body></mjml>", "in MJML"),
        ("<!-- x --><mj-section></mj-section>", "in MJML"),
        ("<container><row><columns>Hi</columns></row></container>", "in Inky"),
        ("<heml><body></body></heml>", "in HEML"),
        ("news.mjml", "'news.mjml' is MJML"),
        ("News.MJML", "is MJML"),
        ("news.hbs", "a Handlebars template"),
        ("news.pug", "a Pug template"),
        ("news.html.liquid", "the source of a template"),
        ("news.eml", "a saved message"),
        ("news.md", "Markdown"),
        ("news.txt", "ends in .html or .zip"),
    ],
)
def test_sources_of_templates_are_named(html: str, named: str) -> None:
    with pytest.raises(BadArgument) as caught:
        body_of(html, {}, Limits())
    assert named in caught.value.message
    if "MJML" in named:
        assert "mjml mail.mjml -o mail.html" in caught.value.advice


def test_files_that_are_something_else_are_named(tmp_path: Path) -> None:
    for content, named in (
        (b"%PDF-1.7", "is a PDF, no HTML"),
        (PNG, "is a picture"),
        (packed(a_html=PAGE), "a zip archive"),
    ):
        assert named in refused(tmp_path, "mail.html", content)
    assert "is a PDF, no zip" in refused(tmp_path, "mail.zip", b"%PDF-1.7")
    assert "is an Excel workbook" in refused(tmp_path, "mail.zip", packed(xl__workbook_xml=b""))
    assert "is no zip, or is damaged" in refused(tmp_path, "mail.zip", b"nothing")


# zips


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_ready_zip_is_taken_and_what_is_sent_is_what_was_checked(
    assistant: Any, request_log: Log, tmp_path: Path, era: str
) -> None:
    page = "<html><meta charset=latin1><p>5 €</p><img src='img/a%20b.png'><img src='c.png'></html>".encode("cp1252")
    files = {"mail/index.html": page, "mail/img/a b.png": PNG, "mail/c.png": PNG, "mail/unused.png": PNG}
    files |= {"app.css": b"p {}", "mail/run.exe": b"MZ", "__MACOSX/mail/._index.html": b"x", "mail/.DS_Store": b"x"}
    with zipfile.ZipFile(tmp_path / "mail.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    async with assistant(era=era, UPLOAD_FOLDERS=str(tmp_path), **BANK) as ask:
        seen = await ask("actito_emails_save", **NEW, html="mail.zip", dry_run=True)
        assert "img/a b.png (70 bytes" in seen.text
        assert "left out, since the page shows no such image: unused.png, ../app.css, run.exe" in seen.text
        done = await ask("actito_emails_save", **NEW, html="mail.zip")
        assert done.result["status"] == "done" and len(request_log(ask.sandbox, "uploadEmailBody")) == 1
        stored = await ask("actito_emails_find", emails=["Winter"], fields=["html"])
        assert "charset=utf-8><p>5 €</p>" in stored.data["files"][0]["text"]
    body = body_of("mail.zip", {}, Limits([tmp_path]))
    with zipfile.ZipFile(io.BytesIO(body.upload().content)) as sent:
        assert sorted(sent.namelist()) == ["c.png", "img/a b.png", "index.html"]
        assert sent.read("img/a b.png") == PNG and sent.read("index.html").decode() == body.html


def test_images_given_besides_win_over_those_of_the_zip(tmp_path: Path) -> None:
    (tmp_path / "other.png").write_bytes(PNG + b"x")
    content = packed(index_html=b"<img src='a.png'>", a_png=PNG)
    (tmp_path / "mail.zip").write_bytes(content)
    (image,) = body_of("mail.zip", {"a.png": "other.png"}, Limits([tmp_path])).images
    assert image.content == PNG + b"x"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"a_png": PNG}, "has no HTML file. a.png"),
        ({"mail_zip": packed(index_html=PAGE)}, "has no HTML file. mail.zip"),
        ({"news_mjml": b"<mjml>"}, "has no HTML file. news.mjml"),
        ({"index.fr_html": PAGE, "index.en_html": PAGE}, "has 2 HTML files"),
        ({"index_html": PAGE}, "img/a.png: give it"),
        ({"index_html": b"<img src='A.png'>", "a_png": PNG}, "A.png: write a.png, as the file is called"),
        ({"html__index_html": b"<img src='../a.png'>", "a_png": PNG}, "../a.png: write a.png"),
        ({"index_html": b"<img src='a.png'>", "a_png": b"GIF89a"}, "'a.png' is image/gif by its bytes"),
        ({"index_html": b"%PDF-1.7"}, "'index.html' is a PDF"),
        ({"index_html": b"<mjml></mjml>"}, "in MJML"),
        ({"index_html": b"<p>\xe9</p>"}, "'index.html' is not in UTF-8"),
        ({"index_html": PAGE, "..__a_png": PNG}, "leads out"),
        ({"index_html": PAGE, "big_png": b"x" * 1_000_001}, "more bytes than may be unpacked"),
    ],
)
def test_a_zip_that_can_not_be_the_content_is_named(tmp_path: Path, files: dict[str, bytes], named: str) -> None:
    content = packed(**{name.replace("index.", "index~"): content for name, content in files.items()})
    assert named in refused(tmp_path, "mail.zip", content.replace(b"index~", b"index."))


# what the page needs besides images


def test_what_a_page_needs_and_does_not_come_along_is_known() -> None:
    page = read_page(
        "<head><base href='https://cdn.example.org/n/'><title>A &amp; B</title>"
        "<link rel='Stylesheet' href='css/app.css'>"
        "<link rel=preload as=font href='a.woff2'><link rel=icon href='favicon.ico'>"
        "<style>@import 'more.css'; @import url(\"print.css\") print; /* url(no.png) */"
        "@font-face { font-family: X; src: url(f.ttf), url('f.eot?#iefix') } td { background: url(bg (1).png) }"
        "th { background: url('bg (2).png') } svg { fill: url(#grey) }</style></head>"
        "<script src='app.js'></script><script>url(x.png)</script><iframe src='frame.html'></iframe>"
        "<video poster='p.png'><source src='movie.mp4'></video><object data='x.swf'></object>"
        "<!--[if gte mso 9]><v:fill src='vml.png'/><![endif]--><!--[if !mso]><!--><img src='b.png'><!--<![endif]-->"
        "<!-- <img src='no.png'> --><!--[if !(mso)]><img src='no.png'><![endif]-->"
        "<input type=image src='i.png'><svg><image xlink:href='s.png'/></svg><body background='body.jpg'>"
        "text url(no.png)"
    )
    assert page.needs == {
        "css/app.css": "stylesheet",
        "a.woff2": "preloaded font",
        "more.css": "stylesheet",
        "print.css": "stylesheet",
        "f.ttf": "font",
        "f.eot?#iefix": "font",
        "app.js": "script",
        "frame.html": "frame",
        "movie.mp4": "video or sound",
        "x.swf": "embedded file",
    }
    assert {*page.local} == {"bg (2).png", "p.png", "vml.png", "b.png", "i.png", "s.png", "body.jpg"}
    assert not page.unusable
    assert page.base == "https://cdn.example.org/n/" and page.title == "A & B"


async def test_what_does_not_come_along_is_told(assistant: Any) -> None:
    html = (
        "<html><head><base href='https://cdn.example.org/'><link rel=stylesheet href='css/app.css'>"
        "<link rel=stylesheet href='https://fonts.example.org/x'></head>"
        "<img src='cid:logo'><img src='data:image/png;base64,AA'>"
    )
    async with assistant(**BANK) as ask:
        seen = await ask("actito_emails_save", **NEW, html=html, dry_run=True)
        assert "needs files that don't come along: css/app.css (stylesheet)." in seen.text
        assert "don't heed <base href='https://cdn.example.org/'>" in seen.text
        assert "stay empty: cid:logo. Write names of files instead, such as logo.png" in seen.text
        assert "1 image is part of the HTML (data:)" in seen.text
        assert "don't load what is linked: https://fonts.example.org/x" in seen.text


def test_odd_html_is_read_in_bounded_time() -> None:
    for unit in ("<img src=", "<a b='", "<!--[if mso]><img src=", "<![a-b", "<!--", "<style>url("):
        for tail in ("", ">"):
            read_page((unit * 60_000)[:400_000] + tail)
    assert read_page("<p>a</p> b & c <i").text == "a b & c"
    assert read_page("<![if !mso]>x<![endif]><![a-b]>y<![CDATA[z]]>").text == "xy"
