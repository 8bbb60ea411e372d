"""E-mails to single people, driven by a real client against the strict sandbox over HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

ERAS = ("auto", "legacy")
SEND = "actito_messages_send"
Log = Callable[..., list[dict[str, Any]]]
ADA = "ada.larkin@example.org"
BANK = {"entity": "MeridianBank"}
TRIGGER, CONTACT = "*/mail/*/profile/*", "*/transactionalmail/*/contact*"
NOTICE = {"campaign": "210", "recipient": {"emailAddress": "new.person@example.org"}, **BANK}


def sent(ask: Any) -> list[dict[str, Any]]:
    """What the sandbox has sent."""
    return list(httpx.get(f"{ask.sandbox.url}/sandbox/sent").json()["sent"])


@pytest.mark.parametrize("era", ERAS)
async def test_a_trigger_names_who_gets_what_under_which_rule(assistant: Any, era: str) -> None:
    async with assistant(era=era) as ask:
        done = await ask(
            SEND,
            campaign="welcome series",
            profiles=[ADA, "100002", "100001", "nobody@example.org"],
            parameters={"coupon": "LUNE20", "steps": [1, 2]},
            **BANK,
        )
        (question,) = ask.questions
        assert "Send 2 triggered e-mails in Actito (environment: sandbox)?" in question
        assert f"- {ADA} (id 100001)" in question and "opt_ins: BranchEvents, Newsletter" in question
        assert "- 100002, b***@example.com:" in question, "the number once"
        assert "bo.stone" not in question, "an address that nobody wrote stays masked"
        assert "Left alone: nobody@example.org" in question
        assert "Welcome series (Welcome_Series, id 207, running); subject: Welcome to Meridian" in question
        assert "parameters: coupon: LUNE20; steps: 1, 2" in question
        assert "Opt-ins and marketing pressure hold" in question and "not known here" in question
        assert "No opt-in at all: 100002" in question and "can't be called back" in question
        assert [each["status"] for each in done.data["results"]] == ["refused", "done", "done"]
        assert done.data["results"][1]["reason"] == "accepted as interaction 987120"
        first, second = sent(ask)
        assert (first["profileId"], second["profileId"], first["name"]) == (100001, 100002, "Welcome_Series")
        assert first["parameters"] == [{"key": "coupon", "values": ["LUNE20"]}, {"key": "steps", "values": [1, 2]}]


@pytest.mark.parametrize("era", ERAS)
async def test_a_no_sends_nothing(assistant: Any, era: str, request_log: Log) -> None:
    async with assistant(era=era, reply="decline") as ask:
        asked = [
            await ask(SEND, campaign="207", profiles=[ADA], **BANK),
            await ask(SEND, **NOTICE),
            await ask(SEND, campaign="207", bulk={"contacts": [{"profileId": 100001}]}, **BANK),
        ]
        assert [each.data["status"] for each in asked] == ["declined"] * 3 and len(ask.questions) == 3
        assert sent(ask) == [] and {each["method"] for each in request_log(ask.sandbox)} == {"GET"}


@pytest.mark.parametrize("era", ERAS)
async def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(assistant: Any, era: str) -> None:
    faults = [{"kind": "drop_after", "method": "POST", "path": path, "times": 1} for path in (TRIGGER, CONTACT)]
    async with assistant(era=era, faults=faults) as ask:
        for arguments in ({"campaign": "207", "profiles": ["100001", "100002"], **BANK}, NOTICE):
            lost = await ask(SEND, **arguments)
            assert lost.data["status"] == "unknown" and "may have been sent. Don't send it again" in lost.text
            assert "Actito's interface" in lost.text
            if "profiles" in arguments:
                assert lost.data["counts"] == {"unknown": 1, "refused": 1} and "the trouble before it" in lost.text
        assert [each["operation"] for each in sent(ask)] == ["triggerEmailForProfile", "sendTransactionalEmail"]


async def test_trouble_is_not_answered_by_sending_again(assistant: Any, request_log: Log) -> None:
    faults = [
        {"kind": "drop_before", "method": "POST", "path": TRIGGER},
        {"kind": "status", "method": "POST", "path": CONTACT, "status": 503},
    ]
    async with assistant(faults=faults) as ask:
        answers = [await ask(SEND, campaign="207", profiles=["100001"], **BANK), await ask(SEND, **NOTICE)]
        assert {each.data["status"] for each in answers} <= {"unknown", "refused"} and sent(ask) == []
        assert len([each for each in request_log(ask.sandbox) if each["method"] == "POST"]) == 2


async def test_a_token_that_dies_in_mid_send_sends_exactly_once(assistant: Any, request_log: Log) -> None:
    faults = [
        {"kind": "status", "method": "POST", "path": path, "status": 401, "times": 1} for path in (TRIGGER, CONTACT)
    ]
    async with assistant(faults=faults) as ask:
        assert (await ask(SEND, campaign="207", profiles=["100001"], **BANK)).result["status"] == "done"
        assert (await ask(SEND, **NOTICE)).result["status"] == "done"
        assert [each["operation"] for each in sent(ask)] == ["triggerEmailForProfile", "sendTransactionalEmail"]
        assert len(request_log(ask.sandbox, "getAccessToken")) == 3


async def test_v4_and_the_older_paths_find_the_recipient_in_the_entity_of_the_target(assistant: Any) -> None:
    async with assistant(actito_paths="old", ACTITO__API="v4") as ask:
        done = await ask(SEND, campaign="Lark_For_Customers", profiles=[ADA], entity="LarkDirect")
        assert done.result["status"] == "done"
        assert "to the table Customers of MeridianBank, while the campaign belongs to LarkDirect" in ask.questions[0]
        (message,) = sent(ask)
        assert (message["entity"], message["tableId"], message["profileId"]) == ("LarkDirect", "16", 100001)
        dropped = await ask(SEND, campaign="207", profiles=["100004"], dry_run=True, **BANK)
        assert "has EN, FR only, so Actito drops the message to 100004" in dropped.text


async def test_a_transactional_message_with_files(assistant: Any, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada", encoding="utf-8")
    folders = json.dumps([str(tmp_path)])
    async with assistant(UPLOAD_FOLDERS=folders) as ask:
        done = await ask(
            SEND,
            campaign="Notice: card blocked",
            recipient={"emailaddress": "new.person@example.org", "motherLanguage": "fr", "lastReference": 77},
            parameters={"reference": "R-1"},
            files=["letter.txt"],
            content={"notice.pdf": base64.b64encode(b"%PDF-1.4 notice").decode()},
            collected={"date": "2026-11-20 10:00", "source": "Branch"},
            **BANK,
        )
        (question,) = ask.questions
        assert "Send 1 transactional e-mail in Actito (environment: sandbox)?" in question
        assert "emailAddress: new.person@example.org; motherLanguage: FR; lastReference: 77" in question
        assert "date: 20/11/2026 10:00:00; source: Branch" in question
        assert "attachments: letter.txt (1 KiB), notice.pdf (1 KiB)" in question
        assert "whatever the opt-ins" in question and "never for marketing" in question
        assert "stored in ServiceContacts of MeridianBank" in question and "scenarios may fire" in question
        assert done.result["after"] == {"campaign": "Notice: card blocked", "interaction": "987120"}
        assert "@" not in done.result.get("id", ""), "what is kept of the target tells nobody's address"
        (message,) = sent(ask)
        assert message["attachments"] == ["letter.txt", "notice.pdf"] and message["tableId"] == "18"
        outside = await ask(SEND, **NOTICE, files=["/etc/hosts"])
        assert outside.code == "bad_argument" and "not below a folder that the operator allows" in outside.text


async def test_what_can_not_be_sent_is_said_before_anybody_is_asked(assistant: Any) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"campaign": "201", "profiles": [ADA]}, "launches it in Actito's interface"),
        ({"campaign": "204", "profiles": [ADA]}, "is a mass mailing"),
        ({"campaign": "209", "profiles": [ADA]}, "has the state draft"),
        ({"campaign": "210", "profiles": [ADA]}, "Give recipient instead"),
        ({"campaign": "207", "recipient": {"emailAddress": ADA}}, "Give profiles instead"),
        ({"campaign": "Welcom series", "profiles": [ADA]}, "Welcome series (Welcome_Series, id 207, running)"),
        ({"campaign": "Card_Blocked_Notise", "recipient": {"emailAddress": ADA}}, "also goes by its number"),
        ({"campaign": "207", "profiles": ["nobody@example.org"]}, "no profile 'nobody@example.org'"),
        ({"campaign": "207", "profiles": ["Ada"]}, "names no profile"),
        ({"campaign": "207", "profiles": [str(each) for each in range(51)]}, "At most 50 profiles"),
        ({"campaign": "207", "bulk": {"contacts": [{}] * 51}}, "At most 50 contacts"),
        ({"campaign": "207", "bulk": {"mail": {"contacts": [{}] * 51}}}, "the body has 51"),
        ({"campaign": "207"}, "Give one of profiles"),
        ({"campaign": "207", "profiles": [ADA], "files": ["a.pdf"]}, "Only a transactional message"),
        ({"campaign": "207", "profiles": [ADA], "parameters": {"a": {"b": 1}}}, "The parameter 'a' takes a text"),
        ({"campaign": "210", "recipient": {"emailAdress": ADA}}, "nearest: emailAddress"),
        ({"campaign": "210", "recipient": {"lastName": "Larkin"}}, "needs a unique attribute"),
        ({**NOTICE, "collected": {"when": "now"}}, "date, source and way"),
        ({**NOTICE, "content": {"a.pdf": "%%%"}}, "not base64"),
        ({**NOTICE, "content": {"a.pdf": "QQ==", "A.PDF": "QQ=="}}, "Two attachments are called"),
    ]
    async with assistant() as ask:
        for arguments, said in cases:
            answer = await ask(SEND, **{**BANK, **arguments})
            assert answer.failed and said in answer.text, answer.text
        hostile = await ask(SEND, campaign="204", profiles=[ADA], **BANK)
        assert "```" in hostile.text and "Winter_Rates_2026" in hostile.text.split("```")[1]
        assert ask.questions == [] and sent(ask) == []


async def test_a_bulk_body_is_sent_as_it_is(assistant: Any, request_log: Log) -> None:
    body = {"contacts": [{"profileId": 100001}, {"profileId": 5}]}
    async with assistant() as ask:
        done = await ask(SEND, campaign="207", bulk=body, **BANK)
        assert 'body: {"contacts": [{"profileId": 100001}, {"profileId": 5}]}' in ask.questions[0]
        assert "not documented publicly" in ask.questions[0]
        assert done.result["status"] == "done" and "contacts answered: 2, with an error: 1" in done.text
        assert [each["profileId"] for each in sent(ask)] == [100001]
        many = {"contacts": [{"profileId": 900000 + number} for number in range(50)]}
        long = await ask(SEND, campaign="207", bulk=many, dry_run=True, **BANK)
        said = "".join(line.removeprefix("Message: ") for line in long.text.splitlines() if line.startswith("Message"))
        assert all(str(each["profileId"]) in said for each in many["contacts"]), "whoever is to get it is named"
        none = await ask(SEND, campaign="207", bulk={"contacts": [{"profileId": 5}]}, **BANK)
        assert none.result["status"] == "refused"


async def test_what_can_not_be_read_is_said(assistant: Any) -> None:
    denied = [{"kind": "status", "path": path, "status": 403} for path in ("*/profiles/*", "*/table/*/profile/*")]
    async with assistant(faults=denied) as ask:
        assert (await ask(SEND, campaign="207", profiles=[ADA], **BANK)).failed, "an address must be looked up"
        done = await ask(SEND, campaign="207", profiles=["100001"], **BANK)
        assert "may not read profiles, so check who this is: 100001" in ask.questions[0]
        assert done.result["status"] == "done" and len(sent(ask)) == 1
        gone = await ask(SEND, campaign="999", recipient={"emailAddress": ADA}, **BANK)
        assert "no e-mail campaign of this name" in ask.questions[1]
        assert gone.result["status"] == "refused" and "write_transactional_sendings" in gone.text


async def test_a_key_without_the_right_sends_nothing(assistant: Any) -> None:
    async with assistant(ACTITO__API_KEY="sandbox-key-read", actito_mask_denied=True) as ask:
        refused = await ask(SEND, campaign="207", profiles=["100001"], **BANK)
        assert refused.result["status"] == "refused" and "write_mail_campaigns" in refused.text and sent(ask) == []
