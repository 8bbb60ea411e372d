"""The two styles of paths: learnt by reads, never by writes, whatever a 404 hides; forced or renamed by settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from upstream.actito.custom_actions import CreateCustomAction, CustomActionInput, ListCustomActions
from upstream.actito.emails import GetEmailCampaign, ListEmailCampaigns, SetEmailSubject
from upstream.actito.entities import ListEntities
from upstream.actito.messages import Contact, ContactProfile, SendTransactionalEmail
from upstream.actito.objects import NamedValue
from upstream.actito.profile import ProfileInput
from upstream.actito.profiles import GetProfileV4, UpsertProfile
from upstream.actito.records import GetRecord
from upstream.errors import ApprovalMissing, Forbidden, NotFound, RouteMissing
from upstream.limits import Policy
from upstream.request import Override
from upstream.styles import PathStyle, styled_path
from upstream.tokens import MemoryTokenStore

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]

ENTITY = "MeridianBank"
STYLES = {"prefixed": PathStyle.PREFIXED, "old": PathStyle.LEGACY}
"""What the sandbox calls them."""

SUBJECT = SetEmailSubject(entity=ENTITY, campaign="Autumn_Newsletter_2026", subject="Hello")
UPSERT = UpsertProfile(
    entity=ENTITY,
    profile_table_id="16",
    body=ProfileInput(key={"emailAddress": "ada@example.org"}, attributes={"lastName": "Lovelace"}),
)
CONTACT = Contact(profile=ContactProfile(attributes=[NamedValue(name="emailAddress", value="ada@example.org")]))
TOKEN = b'{"accessToken":"t-1","expiresIn":"900s"}'


def calls(log: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """(verb, first segment below the mount, status) of what came after the token."""
    return [
        (entry["method"], entry["path"].removeprefix("/actito/").partition("/")[0], entry["status"])
        for entry in log
        if not entry["path"].endswith("/auth/token")
    ]


@pytest.mark.parametrize(("paths", "first"), [("prefixed", "email-campaigns"), ("old", "v4")])
async def test_a_read_learns_the_style_and_all_else_of_the_category_uses_it(
    stand_in: Any, actito_of: Any, request_log: Log, paths: str, first: str
) -> None:
    sandbox = stand_in(actito_paths=paths)
    session = actito_of(sandbox).session("actito")
    assert session.path_style("email-campaigns") is None
    assert await session.send(ListEmailCampaigns(entity=ENTITY))
    assert session.path_style("email-campaigns") is STYLES[paths]
    await session.send(SUBJECT)
    await session.send(ListEmailCampaigns(entity=ENTITY))
    log = calls(request_log(sandbox))
    assert log[-3:] == [("GET", first, 200), ("PUT", first, 200), ("GET", first, 200)]
    assert len(log) == (3 if paths == "prefixed" else 4)


@pytest.mark.parametrize(("paths", "first"), [("prefixed", "profiles"), ("old", "v5")])
async def test_a_write_waits_for_a_read_of_its_category(
    stand_in: Any, actito_of: Any, request_log: Log, paths: str, first: str
) -> None:
    sandbox = stand_in(actito_paths=paths)
    session = actito_of(sandbox).session("actito")
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(session.send, UPSERT)
    log = calls(request_log(sandbox))
    assert [entry for entry in log if entry[0] == "PUT"] == [("PUT", first, 200)] * 3
    reads = [entry for entry in log if entry[0] == "GET"]
    assert len(reads) == (1 if paths == "prefixed" else 2), "learnt once for all three"
    assert log.index(("PUT", first, 200)) == len(reads)


async def test_the_style_of_one_category_is_tried_first_for_the_next(
    stand_in: Any, actito_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(actito_paths="old")
    session = actito_of(sandbox).session("actito")
    await session.send(ListEntities())
    await session.send(ListEmailCampaigns(entity=ENTITY))
    assert [entry[2] for entry in calls(request_log(sandbox))] == [404, 200, 200]


@pytest.mark.parametrize("paths", ["prefixed", "old"])
async def test_an_unknown_id_is_told_from_a_missing_style_by_the_cheap_read(
    stand_in: Any, actito_of: Any, request_log: Log, paths: str
) -> None:
    sandbox = stand_in(actito_paths=paths)
    session = actito_of(sandbox).session("actito")
    with pytest.raises(NotFound, match="read_mail_campaigns"):
        await session.send(GetEmailCampaign(entity=ENTITY, campaign="none"))
    assert session.path_style("email-campaigns") is STYLES[paths]
    seen = len(request_log(sandbox))
    with pytest.raises(NotFound):
        await session.send(GetEmailCampaign(entity=ENTITY, campaign="none"))
    assert len(request_log(sandbox)) == seen + 1, "a 404 in the learnt style is an unknown id"


async def test_an_unknown_entity_teaches_nothing_and_a_write_to_it_is_not_sent(
    sandbox: Any, actito_of: Any, request_log: Log
) -> None:
    session = actito_of(sandbox).session("actito")
    with pytest.raises(NotFound):
        await session.send(ListEmailCampaigns(entity="Nobody"))
    write = CreateCustomAction(entity="Nobody", action=CustomActionInput(name="x"))
    with pytest.raises(RouteMissing, match=r"createCustomAction was not sent.*listCustomActions answered 404 in both"):
        await session.send(write)
    assert session.path_style("email-campaigns") is session.path_style("custom-actions") is None
    assert {entry[0] for entry in calls(request_log(sandbox))} == {"GET"}


async def test_a_record_that_is_not_there_is_looked_for_by_a_search(
    stand_in: Any, actito_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(actito_paths="old")
    session = actito_of(sandbox).session("actito")
    with pytest.raises(NotFound):
        await session.send(GetRecord(entity=ENTITY, custom_table="Nothing", record_id="1"))
    assert session.path_style("custom-data") is None


async def test_what_is_not_allowed_exists(scripted: Any, actito_of: Any) -> None:
    """A key that may only write is told 403 where it reads, and its write is sent in that style."""
    scripted.answer("200 OK", TOKEN)
    scripted.answer("403 Forbidden")
    scripted.answer("200 OK", b'{"campaignId":7}')
    session = actito_of(scripted.url).session("actito")
    assert (await session.send(SUBJECT)).id == "7"
    assert [each.split(" ", 2)[:2] for each in scripted.received[1:]] == [
        ["GET", f"/email-campaigns/v4/entity/{ENTITY}/mail"],
        ["PUT", f"/email-campaigns/v4/entity/{ENTITY}/mail/Autumn_Newsletter_2026/content/subject"],
    ]


async def test_a_read_that_is_not_allowed_names_the_right(scripted: Any, actito_of: Any) -> None:
    scripted.answer("200 OK", TOKEN)
    scripted.answer("403 Forbidden")
    session = actito_of(scripted.url).session("actito")
    with pytest.raises(Forbidden, match="lacks the right read_profiles"):
        await session.send(GetProfileV4(entity=ENTITY, table="Customers", profile="7"))
    assert session.path_style("profiles") is PathStyle.PREFIXED
    with pytest.raises(Forbidden, match="lacks a right") as caught:
        await session.send(ListEntities())
    assert "Platform" not in str(caught.value)


async def test_a_server_that_is_away_teaches_nothing(scripted: Any, actito_of: Any) -> None:
    scripted.answer("200 OK", TOKEN)
    scripted.answer("503 Busy")
    session = actito_of(scripted.url, policy=Policy(repeat_within=0.2)).session("actito")
    with pytest.raises(Exception, match="503"):
        await session.send(UPSERT)
    assert session.path_style("profiles") is None
    assert not [each for each in scripted.received if each.startswith("PUT")]


async def test_a_style_that_went_away_is_learnt_anew(stand_in: Any, actito_of: Any, switch: Any) -> None:
    sandbox = stand_in(actito_paths="old")
    session = actito_of(sandbox).session("actito")
    await session.send(ListEntities())
    switch(sandbox, actito_paths="prefixed")
    with pytest.raises(RouteMissing):
        await session.send(ListEntities())
    assert await session.send(ListEntities())
    assert session.path_style("entities") is PathStyle.PREFIXED


async def test_a_forced_style_is_never_doubted(stand_in: Any, actito_of: Any, request_log: Log) -> None:
    sandbox = stand_in(actito_paths="old")
    session = actito_of(sandbox, path_style=PathStyle.LEGACY).session("actito")
    await session.send(SUBJECT)
    assert calls(request_log(sandbox)) == [("PUT", "v4", 200)]
    other = actito_of(sandbox, path_style=PathStyle.PREFIXED).session("actito")
    with pytest.raises(RouteMissing):
        await other.send(ListEntities())
    assert other.path_style("entities") is PathStyle.PREFIXED


async def test_a_guarded_write_without_approval_reads_nothing_first(
    sandbox: Any, actito_of: Any, request_log: Log
) -> None:
    send = SendTransactionalEmail(entity=ENTITY, campaign="x", contact=CONTACT)
    with pytest.raises(ApprovalMissing):
        await actito_of(sandbox).session("actito").send(send)
    assert request_log(sandbox) == []


async def test_messages_go_by_the_style_of_the_campaigns(scripted: Any, actito_of: Any, approved: Any) -> None:
    scripted.answer("200 OK", TOKEN)
    scripted.answer("404 Not Found")
    scripted.answer("200 OK", b'{"mailDocuments":[]}')
    scripted.answer("200 OK", b'{"interactionId":9}')
    send = SendTransactionalEmail(entity=ENTITY, campaign="x", contact=CONTACT)
    session = actito_of(scripted.url).session("actito")
    assert (await session.send(send, approval=approved(send))).id == "9"
    assert scripted.received[-1].startswith(f"POST /v4/entity/{ENTITY}/transactionalmail/x/contact ")


async def test_settings_may_put_another_prefix_or_path(scripted: Any, actito_of: Any) -> None:
    scripted.answer("200 OK", TOKEN)
    scripted.answer("200 OK", b"[]")
    session = actito_of(
        scripted.url,
        tokens=MemoryTokenStore(),
        prefixes={"custom-actions": "custom-actions"},
        overrides={"listEntities": Override(path="/here/entities")},
    ).session("actito")
    assert await session.send(ListCustomActions(entity=ENTITY)) == []
    assert await session.send(ListEntities()) == []
    assert [each.split(" ")[1] for each in scripted.received[1:]] == [
        f"/custom-actions/v5/entities/{ENTITY}/custom-actions",
        "/here/entities",
    ]


async def test_a_path_of_the_settings_has_no_style(scripted: Any, actito_of: Any) -> None:
    scripted.answer("200 OK", TOKEN)
    scripted.answer("200 OK", b"[]")
    overrides = {"listEntities": Override(path="/here/entities")}
    session = actito_of(scripted.url, path_style=PathStyle.LEGACY, overrides=overrides).session("actito")
    assert await session.send(ListEntities()) == []
    assert scripted.received[-1].startswith("GET /here/entities ")


def test_a_path_in_both_styles() -> None:
    path = "/forms/v4/entity/{entity}/form/{form}"
    assert styled_path(path, PathStyle.PREFIXED) == path
    assert styled_path(path, PathStyle.PREFIXED, "surveys") == "/surveys/v4/entity/{entity}/form/{form}"
    assert styled_path(path, PathStyle.LEGACY, "surveys") == "/v4/entity/{entity}/form/{form}"
