"""Finding and deleting e-mail campaigns of Actito, by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tools.actito.email_addresses import file_of
from tools.actito.email_content import _read
from tools.actito.email_html import MOST_CHARACTERS, read_page
from upstream.replies import Content

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
BANK = {"ACTITO__ENTITY": "MeridianBank"}


async def test_the_list_says_what_it_holds_and_no_more(assistant: Any, request_log: Log) -> None:
    async with assistant(**BANK) as ask:
        found = await ask("actito_emails_find")
        assert len(found.items) == 11 and "inferred" in found.text
        first = found.items[0]
        assert first["name"] == "Autumn newsletter 2026" and first["id"] == 201
        assert (first["technical"], first["state"], first["kind"]) == (
            "Autumn_Newsletter_2026",
            "draft",
            "mass mailing",
        )
        assert not request_log(ask.sandbox, "getEmailCampaign")
        assert [each["id"] for each in (await ask("actito_emails_find", search="newsletter", state="done")).items] == [
            202,
            203,
        ]
        continuous = await ask("actito_emails_find", kind="continuous", fields=["sender", "subject"])
        assert [each["id"] for each in continuous.items] == [207, 208, 209]
        assert continuous.items[0]["sender"] == "Meridian Bank"
        assert continuous.items[0]["subject"] == "Welcome to Meridian"
        other = await ask("actito_emails_find", entity="LarkDirect", emails=["Lark for Meridian customers"])
        assert other.items[0]["table_entity"] == "MeridianBank" and other.items[0]["table"] == "Customers"


async def test_one_campaign_by_id_technical_name_or_label(assistant: Any) -> None:
    async with assistant(**BANK, actito_paths="old") as ask:
        for called in ("201", "Autumn_Newsletter_2026", "Autumn newsletter 2026", "autumn newsletter 2026"):
            (one,) = (await ask("actito_emails_find", emails=[called])).items
            assert one["id"] == 201 and one["languages"] == ["EN", "FR"] and one["subject"] == "News for autumn"
        unknown = await ask("actito_emails_find", emails=["Autum newsletter 2026"])
        assert unknown.code == "not_found" and "Autumn newsletter 2026" in unknown.text
        both = await ask("actito_emails_find", emails=["201", "nothing of the kind"])
        assert [each["id"] for each in both.items] == [201] and "nothing of the kind" in both.text
        named = [await ask("actito_emails_find", emails=["201"], search=words) for words in ("AUTUMN", "zzz")]
        assert [each.data["total"] for each in named] == [1, 0] and "do not fit: 1 of the 1" in named[1].text
        empty = await ask("actito_emails_find", emails=["206"], fields=["subject", "body"])
        assert not empty.items[0].get("subject") and not empty.items[0].get("body") and not empty.files


async def test_the_content_is_data_and_the_whole_html_comes_when_asked_for(assistant: Any) -> None:
    async with assistant(**BANK) as ask:
        short = await ask("actito_emails_find", emails=["204"], fields=["subject", "body", "images"])
        (one,) = short.items
        assert one["subject"].startswith("Your rate <script>") and one["body"] == "Winter_Rates_2026"
        assert one["images"] == ["logo.png"] and not short.files
        assert "\u202e" not in short.text + str(short.data)
        # The subject has a fence of its own, which must not close ours.
        assert "````data" in short.text
        whole = await ask("actito_emails_find", emails=["204"], fields=["html"])
        assert "<img src='logo.png'>" in whole.data["files"][0]["text"] and len(whole.files) == 1
        several = await ask("actito_emails_find", emails=["201", "204"], fields=["html"])
        assert not several.files and "when one campaign is named" in several.text


def test_html_is_read_as_a_marketer_sees_it() -> None:
    page = read_page(
        "<html><head><title>T</title><meta content='text/html; charset=ISO-8859-1'>"
        "<style>td { background: url(bg.png) } @font-face { src: url('f.woff2') }</style></head>"
        "<body background='./img/back%20ground.jpg'><script>steal()</script><h1>Hello</h1><p>world &amp; all</p>"
        "<a href='https://example.org/a?x=1'>go</a> <a href='https://example.org/a?x=1'>again</a>"
        "<img src='logo.png?v=2'><img src='https://cdn.example.org/x.png'><img src='cid:1'>"
        "<img src='data:image/png;base64,A'>"
        "<img src='${photo}'><img srcset='a.png 1x, b.png 2x'><div style='background:url(\"c.png\")'></div>"
        "<img src='file:///C:/me.png'><img src='//cdn.example.org/y.png'>"
    )
    assert page.text == "Hello world & all go again" and page.stripped == {"script": 1} and page.charset == "iso-8859-1"
    assert page.links == ["https://example.org/a?x=1"]
    assert set(page.local) == {"bg.png", "img/back ground.jpg", "logo.png", "a.png", "b.png", "c.png"}
    assert page.unusable == ["file:///C:/me.png", "//cdn.example.org/y.png"]
    assert page.without_file and page.inline
    plain = read_page("<img src='logo.png'>")
    assert not plain.without_file and not plain.inline
    sets = read_page("<img srcset='data:image/png;base64,A/b= 1x,b.png 2x, c.png'>")
    assert sets.images == ["data:image/png;base64,A/b=", "b.png", "c.png"] and sets.local == ["b.png", "c.png"]
    assert file_of("./a%20b.png#x") == "a b.png"
    assert not read_page("no tags at all").tags
    assert len(read_page("<p>" + "x" * (MOST_CHARACTERS + 9)).text) < MOST_CHARACTERS


def test_a_body_that_comes_as_an_archive_is_unpacked() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("img/logo.png", b"\x89PNG")
        archive.writestr("mail.html", "<p>Gr\u00fc\u00dfe</p>")
    stored = _read(Content(target.getvalue(), "application/zip"))
    assert stored.page.text == "Gr\u00fc\u00dfe" and stored.files == ["img/logo.png"]
    assert stored.archive == target.getvalue()
    claiming = io.BytesIO()
    with zipfile.ZipFile(claiming, "w") as archive:
        archive.writestr("mail.html", "<meta charset=latin1><p>5 €</p>".encode("cp1252"))
    assert _read(Content(claiming.getvalue(), "application/zip")).page.text == "5 €"
    broken = _read(Content(b"PK\x03\x04 and no more"))
    assert broken.html == "" and broken.files == ()


@pytest.mark.parametrize("era", ("auto", "legacy"))
async def test_deleting_asks_and_says_what_is_no_draft(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era, **BANK) as ask:
        done = await ask("actito_emails_delete", emails=["Draft without content", "207", "999"])
        (question,) = ask.questions
        assert "Delete 2 e-mail campaigns in Actito" in question and "Empty_Draft" in question
        assert "Mind: Welcome series is running" in question and "Left alone: 999" in question
        results = {each["id"]: each["status"] for each in done.data["results"]}
        assert results == {"206": "done", "207": "refused", "999": "already"}
        assert len(request_log(ask.sandbox, "deleteEmailCampaign")) == 2
        assert (await ask("actito_emails_find", emails=["206"])).code == "not_found"


async def test_a_refused_or_lost_deletion(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline", **BANK) as ask:
        answer = await ask("actito_emails_delete", emails=["206"])
        assert answer.data["status"] == "declined" and not request_log(ask.sandbox, "deleteEmailCampaign")
        both = await ask("actito_emails_delete", emails=["206", "No such draft"])
        assert both.code == "not_found", "a name that nothing has is a mistake, not a thing that is gone"
    faults = [{"kind": "drop_after", "method": "DELETE", "path": "*/mail/206", "times": 1}]
    async with assistant(faults=faults, **BANK) as ask:
        lost = await ask("actito_emails_delete", emails=["206"])
        assert lost.result["status"] == "done" and "answer was lost" in lost.text
        assert len(request_log(ask.sandbox, "deleteEmailCampaign")) == 1
