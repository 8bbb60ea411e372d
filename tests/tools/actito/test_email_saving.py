"""Creating, copying and changing drafts of e-mail campaigns, by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import io
import zipfile
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.actito.email_files import body_of
from tools.actito.email_settings import free_name, technical_name
from tools.errors import BadArgument
from tools.uploads import Limits

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
Switch = Callable[..., None]
BANK = {"ACTITO__ENTITY": "MeridianBank"}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
NEW = {"label": "Été: au comptoir", "sender": "Meridian Bank", "languages": ["fr", "EN"], "table": "Customers"}
CONTENT = {"subject": "Bonjour 👨\u200d👩\u200d👧", "html": "<h1>Bonjour</h1><img src='img/logo.png'>"}
IMAGES = {"images": {"img/logo.png": PNG}}
WRITES = ("createEmailCampaign", "updateEmailCampaign", "setEmailSubject", "uploadEmailBody", "deleteEmailCampaign")


def _writes(log: list[dict[str, Any]]) -> list[str]:
    return [each["operation"] for each in log if each["operation"] in WRITES]


def _fault(kind: str, method: str, path: str) -> dict[str, Any]:
    return {"kind": kind, "method": method, "path": path, "times": 1, "status": 400}


async def _technical_names(ask: Any) -> set[str]:
    return {each["technical"] for each in (await ask("actito_emails_find")).items}


@pytest.mark.parametrize("era", ("auto", "legacy"))
async def test_a_draft_with_its_content(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era, **BANK) as ask:
        seen = await ask("actito_emails_save", **NEW, **CONTENT, **IMAGES, dry_run=True)
        assert "Ete_au_comptoir" in seen.text and "img/logo.png" in seen.text and "Bonjour" in seen.text
        assert _writes(request_log(ask.sandbox)) == []
        done = await ask("actito_emails_save", **NEW, **CONTENT, **IMAGES)
        assert done.result["status"] == "done" and done.result["code"] == "Ete_au_comptoir" and not ask.questions
        assert "choose the target" in done.text and "launch" in done.text and "not FR or EN" in done.text
        assert _writes(request_log(ask.sandbox)) == ["createEmailCampaign", "setEmailSubject", "uploadEmailBody"]
        (now,) = (await ask("actito_emails_find", emails=[done.result["id"]], fields=["all"])).items
        assert now["name"] == NEW["label"] and now["state"] == "draft" and now["table_entity"] == "MeridianBank"
        assert now["languages"] == ["FR", "EN"] and now["kind"] == "mass mailing" and now["body"] == "Bonjour"
        assert now["subject"].startswith("Bonjour 👨")


async def test_settings_alone_and_a_table_of_the_other_brand(assistant: Any) -> None:
    async with assistant(**BANK) as ask:
        done = await ask(
            "actito_emails_save", label="Lark", sender="Lark", languages=["EN"], table="LarkDirect/Members", name="L_1"
        )
        assert done.result["status"] == "done" and done.result["after"]["table_entity"] == "LarkDirect"
        missing = await ask("actito_emails_save", label="Only a label")
        assert missing.code == "bad_argument" and "sender, languages" in missing.text
        unnamed = await ask("actito_emails_save", label="No table", sender="B", languages=["EN"])
        assert unnamed.code == "ambiguous" and "Prospects" in unnamed.text
        taken = await ask(
            "actito_emails_save", label="autumn newsletter 2026", sender="B", languages=["EN"], table="16"
        )
        assert taken.code == "bad_argument" and 'name="autumn_newsletter_2026_2"' in taken.text
        # The name is free, the label is not: that asks.
        html = "<p>x</p><img src='cid:1'><img src='data:image/png;base64,AAAA'>"
        seen = await ask("actito_emails_save", **NEW, html=html, dry_run=True)
        assert "images with cid: addresses" in seen.text and "part of the HTML (data:)" in seen.text
        path = await ask("actito_emails_save", **NEW, html="news.html")
        assert path.code == "bad_argument" and "or give the HTML itself" in path.text
        twin = await ask("actito_emails_save", **{**NEW, "label": "Welcome series", "name": "Welcome_2"})
        assert twin.result["status"] == "done" and "Welcome_Series (207)" in ask.questions[0]


async def test_a_draft_that_cannot_be_filled_is_taken_back(assistant: Any, request_log: Log, switch: Switch) -> None:
    async with assistant(**BANK) as ask:
        for number, (kind, method, step) in enumerate(
            (("status", "POST", "body"), ("status", "PUT", "subject"), ("drop_before", "POST", "body"))
        ):
            switch(ask.sandbox, faults=[_fault(kind, method, f"*/content/{step}")])
            answer = await ask("actito_emails_save", **NEW, **CONTENT, **IMAGES)
            assert answer.result["status"] == "refused" and "Nothing is left of it" in answer.text
            assert f"It failed at the {step}: " in answer.text and not ask.questions
            deleted = request_log(ask.sandbox, "deleteEmailCampaign")
            assert len(deleted) == number + 1 and deleted[-1]["path"].endswith("/mail/216")
            assert "Ete_au_comptoir" not in await _technical_names(ask)
        switch(ask.sandbox, faults=[_fault("drop_after", "POST", "*/content/body")])
        assert (await ask("actito_emails_save", **NEW, **CONTENT, **IMAGES)).result["status"] == "done"
        assert len(request_log(ask.sandbox, "deleteEmailCampaign")) == 3


async def test_a_half_made_draft_that_stays_is_named(assistant: Any, request_log: Log, switch: Switch) -> None:
    refused = _fault("status", "POST", "*/content/body")
    for settings, said in (({"NO_DELETE": "true"}, "--no-delete"), ({"ACTITO__POLICY": "block"}, "POLICY=block")):
        async with assistant(faults=[refused], **BANK, **settings) as ask:
            answer = await ask("actito_emails_save", **NEW, **CONTENT, **IMAGES)
            assert answer.result["status"] == "unknown" and answer.result["id"] == "216" and said in answer.text
            assert not request_log(ask.sandbox, "deleteEmailCampaign")
    async with assistant(**BANK) as ask:
        for number, (kind, said) in enumerate(
            (("status", "could not be deleted"), ("drop_before", "whether it was deleted is not known"))
        ):
            switch(ask.sandbox, faults=[refused, _fault(kind, "DELETE", "*")])
            answer = await ask("actito_emails_save", **{**NEW, "name": f"Half_{number}"}, **CONTENT, **IMAGES)
            assert answer.result["status"] == "unknown" and said in answer.text
            assert f"half-made draft Half_{number} (id {216 + number}) is left" in answer.text
            assert f'actito_emails_save(email="{216 + number}")' in answer.text and ".." not in answer.text
            assert f"Half_{number}" in await _technical_names(ask)
            assert len(request_log(ask.sandbox, "deleteEmailCampaign")) == number + 1


async def test_a_lost_creation_is_found_by_its_name_and_never_deleted(
    assistant: Any, request_log: Log, switch: Switch
) -> None:
    lost = _fault("drop_after", "POST", "*/mail")
    async with assistant(faults=[lost], **BANK) as ask:
        answer = await ask("actito_emails_save", **NEW, subject="S")
        assert answer.result["status"] == "done" and answer.result["id"] == "216" and "answer was lost" in answer.text
        assert len(request_log(ask.sandbox, "createEmailCampaign")) == 1
        switch(ask.sandbox, faults=[lost, _fault("status", "PUT", "*/content/subject")])
        answer = await ask("actito_emails_save", **{**NEW, "name": "Lost_2"}, subject="S")
        assert answer.result["status"] == "unknown" and "not certain that it is this call's" in answer.text
        assert not request_log(ask.sandbox, "deleteEmailCampaign")
        switch(ask.sandbox, faults=[_fault("drop_before", "POST", "*/mail")])
        answer = await ask("actito_emails_save", **{**NEW, "name": "Lost_3"})
        assert answer.result["status"] == "unknown" and "look with actito_emails_find" in answer.text
        # An answer that names somebody else's campaign: nothing of that one is touched.
        answered = {**_fault("status", "POST", "*/mail"), "status": 200, "body": '{"campaignId": 201}'}
        switch(ask.sandbox, faults=[answered])
        answer = await ask("actito_emails_save", **{**NEW, "name": "Lost_4"}, subject="S")
        assert answer.result["status"] == "unknown" and "was there before" in answer.text
        assert not request_log(ask.sandbox, "deleteEmailCampaign")
        # A name that somebody takes between the look and the creation.
        switch(ask.sandbox, faults=[{**_fault("status", "POST", "*/mail"), "status": 409}])
        answer = await ask("actito_emails_save", **{**NEW, "name": "Lost_2b"})
        assert answer.result["status"] == "refused" and 'name="Lost_2b_2"' in answer.text


async def test_a_change_sends_all_settings_and_shows_what_differs(assistant: Any, request_log: Log) -> None:
    async with assistant(**BANK) as ask:
        done = await ask(
            "actito_emails_save", email="Autumn newsletter 2026", subject="New", sender="Bank", html="<p>Neu</p>"
        )
        assert done.result["before"]["sender"] == "Meridian Bank" and done.result["after"]["sender"] == "Bank"
        assert done.result["before"]["subject"] == "News for autumn" and "Neu" in done.result["after"]["body"]
        assert {*done.result["after"]} == {"sender", "subject", "body"} and done.result["id"] == "201"
        (now,) = (await ask("actito_emails_find", emails=["201"], fields=["all"])).items
        assert now["reply_to"] == "hello@meridian.example.org" and now["languages"] == ["EN", "FR"]
        assert (now["sender"], now["subject"], now["body"]) == ("Bank", "New", "Neu")
        again = await ask("actito_emails_save", email="201", subject="New", sender="Bank", html="<p>Neu</p>")
        assert again.result["status"] == "already"
        assert _writes(request_log(ask.sandbox)) == ["updateEmailCampaign", "setEmailSubject", "uploadEmailBody"]
        await ask("actito_emails_save", email="201", clear=["reply_to"])
        (now,) = (await ask("actito_emails_find", emails=["201"], fields=["reply_to", "sender"])).items
        assert not now.get("reply_to") and now["sender"] == "Bank"
        # A mode that nobody may write stays as it is.
        assert (await ask("actito_emails_save", email="211", sender="Bank")).result["status"] == "done"
        (now,) = (await ask("actito_emails_find", emails=["211"], fields=["kind"])).items
        assert now["kind"] == "transactional"


async def test_only_drafts_are_changed(assistant: Any, request_log: Log, switch: Switch) -> None:
    async with assistant(**BANK) as ask:
        for number, state in (("207", "running"), ("205", "scheduled"), ("202", "done")):
            answer = await ask("actito_emails_save", email=number, subject="Other")
            assert answer.result["status"] == "refused" and f"it is {state}" in answer.text and "cop" in answer.text
        assert _writes(request_log(ask.sandbox)) == [] and not ask.questions
        # Whether it is a draft is not documented to be answered: then a person decides.
        silent = '{"campaignId": 201, "displayName": "A", "from": "B", "supportedLanguages": ["EN"]}'
        answered = {**_fault("status", "GET", "*/mail/201"), "status": 200, "times": 2, "body": silent}
        switch(ask.sandbox, faults=[answered])
        answer = await ask("actito_emails_save", email="201", subject="Other")
        assert answer.result["status"] == "done" and "Actito doesn't say its state" in ask.questions[0]


async def test_a_change_that_stops_half_way_says_how_far_it_came(
    assistant: Any, request_log: Log, switch: Switch
) -> None:
    async with assistant(**BANK) as ask:
        for sender, kind, status, said in (
            ("Bank", "status", "refused", "The subject was refused"),
            ("Other bank", "drop_before", "unknown", "The subject may or may not be saved"),
        ):
            switch(ask.sandbox, faults=[_fault(kind, "PUT", "*/content/subject")])
            answer = await ask("actito_emails_save", email="201", sender=sender, subject="New", html="<p>Neu</p>")
            assert answer.result["status"] == status and said in answer.text
            assert "Only in part: settings saved. Not tried: body." in answer.text
            assert answer.result["after"] == {"sender": sender}
        written = _writes(request_log(ask.sandbox))
        assert "uploadEmailBody" not in written and "deleteEmailCampaign" not in written


async def test_a_copy_has_settings_subject_and_body(assistant: Any) -> None:
    async with assistant(**BANK) as ask:
        unlabelled = await ask("actito_emails_save", copy_of="202")
        assert unlabelled.code == "bad_argument" and "needs label" in unlabelled.text
        done = await ask("actito_emails_save", copy_of="Spring newsletter 2026", label="Spring 2027", sender="Bank")
        assert done.result["status"] == "done" and "logo.png" in done.text
        assert "Target and personalisations don't come along" in done.text
        (now,) = (await ask("actito_emails_find", emails=["Spring_2027"], fields=["all"])).items
        assert now["subject"] == "News for spring" and now["body"] == "Spring_Newsletter_2026"
        assert now["sender"] == "Bank" and now["reply_to"] == "hello@meridian.example.org" and now["state"] == "draft"
        whole = await ask("actito_emails_save", copy_of="202", label="With logo", images={"logo.png": PNG})
        assert whole.result["status"] == "done" and "doesn't give the images" not in whole.text
        transactional = await ask("actito_emails_save", copy_of="210", label="Notice 2")
        assert transactional.code == "bad_argument" and "Give kind" in transactional.text
        mass = {"copy_of": "210", "label": "Notice 2", "kind": "mass", "dry_run": True}
        kept, moved = [await ask("actito_emails_save", **mass, table=table) for table in ("", "Customers")]
        assert "people must be opted in. It keeps the table of service messages, ServiceContacts" in kept.text
        assert "people must be opted in" in moved.text and "It keeps" not in moved.text
        assert "opted in" not in done.text
        for no_address in ("a@b..example.org", "ada@example.org;bo@example.org"):
            odd = await ask("actito_emails_save", email="201", reply_to=no_address)
            assert odd.code == "bad_argument" and "takes an e-mail address" in odd.text


async def test_html_and_its_images_come_from_an_allowed_folder(assistant: Any, tmp_path: Path) -> None:
    folder = tmp_path / "allowed"
    (folder / "img").mkdir(parents=True)
    (folder / "mail.html").write_text("<h1>Hi</h1><img src='img/a.png'>", encoding="utf-8")
    (folder / "img" / "a.png").write_bytes(b64decode(PNG))
    (folder / "bad.html").write_text("<h1>Hi</h1><img src='../secret.png'>", encoding="utf-8")
    (tmp_path / "secret.png").write_bytes(b64decode(PNG))
    async with assistant(UPLOAD_FOLDERS=str(folder), **BANK) as ask:
        done = await ask("actito_emails_save", **NEW, html="mail.html")
        assert done.result["status"] == "done" and "img/a.png" in str(done.result["after"]["images"])
        for html in ("bad.html", str(tmp_path / "x.html"), "none.html", "just words"):
            answer = await ask("actito_emails_save", **{**NEW, "label": "X"}, html=html)
            assert answer.failed, html
        bad = await ask("actito_emails_save", **{**NEW, "label": "X"}, html="bad.html")
        assert bad.code == "bad_argument" and "../secret.png" in bad.text


@pytest.mark.parametrize(
    ("html", "images", "said"),
    [
        ("<p><img src='a.png'><img src='b.png'></p>", {"a.png": PNG}, "b.png"),
        ("<p><img src='file:///C:/a.png'></p>", {}, "file:///C:/a.png"),
        ("<p></p>", {"../a.png": PNG}, "leads out"),
        ("<p></p>", {"a.exe": PNG}, "no image"),
        ("<p></p>", {"a.gif": PNG}, "by its bytes"),
        ("<p></p>", {"a.png": "not base 64!"}, "not base64"),
        ("a < b", {}, "no HTML"),
        ("<p></p>" + "x" * 500_001, {}, "at most 500,000"),
    ],
)
def test_content_that_would_not_show_is_refused(html: str, images: dict[str, str], said: str) -> None:
    with pytest.raises(BadArgument) as refused:
        body_of(html, images, Limits())
    assert said in " ".join([refused.value.message, *refused.value.lines])


def test_what_is_packed() -> None:
    body = body_of("<p>\u00e9<img src='./a.png?v=1'></p>", {"a.png": f"data:image/png;base64,{PNG}"}, Limits())
    upload = body.upload()
    with zipfile.ZipFile(io.BytesIO(upload.content)) as archive:
        assert archive.namelist() == ["index.html", "a.png"]
        assert archive.read("index.html").decode("utf-8").startswith("<p>\u00e9") and archive.read(
            "a.png"
        ) == b64decode(PNG)
    assert upload.content == body.upload().content and not body.unused


def test_technical_names() -> None:
    assert technical_name("", "Été: 20 % für Größe!") == "Ete_20_fur_Grosse"
    assert technical_name("Own_1", "whatever") == "Own_1"
    assert free_name("A", {"a", "a_2"}) == "A_3"
    for name, label in (("no-dash", "x"), ("", "日本")):
        with pytest.raises(BadArgument):
            technical_name(name, label)
