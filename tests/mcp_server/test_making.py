"""What a call has made itself it may take back: that, once, while it writes, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from mcp_server.making import Making
from mcp_server.state.intents import Whose
from tools.actito.email_deletes import actito_emails_delete
from tools.actito.email_saving import actito_emails_save
from upstream.actito.emails import CreateEmailCampaign, DeleteEmailCampaign, EmailInput, GetEmailCampaign
from upstream.actito.objects import Stored
from upstream.errors import ApprovalMissing, NotFound, UpstreamError
from upstream.routes import routes

pytestmark = pytest.mark.anyio


def _creation(name: str) -> CreateEmailCampaign:
    settings = EmailInput(
        name=name,
        content_type="HTML",
        encoding="utf-8",
        entity_of_target="MeridianBank",
        target_table="Customers",
        sender="Meridian Bank",
        supported_languages=["EN"],
    )
    return CreateEmailCampaign(entity="MeridianBank", body=settings)


def test_one_request_alone_can_be_taken_back() -> None:
    classes = {each.request for each in routes() if "taken_back" in vars(each.request)}
    assert classes == {CreateEmailCampaign}
    request = _creation("A")
    assert request.taken_back(Stored("216")) == DeleteEmailCampaign(entity="MeridianBank", campaign="216")
    for said in ("", "Autumn_Newsletter_2026", "..", "2/1"):
        assert request.taken_back(Stored(said)) is None, "only the number that the system gave"
    assert GetEmailCampaign(entity="E", campaign="1").taken_back(None) is None  # type: ignore[arg-type]  # any answer


async def test_exactly_what_was_made_once_and_in_time(world: Any) -> None:
    application = world.application()
    call = application._call("actito")
    forbidden: list[str] = []

    def making(tool: Any) -> Making:
        approve = application._guard._approve_own
        whose = Whose("sandbox", "actito", call.session.account)
        return Making(tool, call, application.state.intents, whose, approve, lambda risk: "".join(forbidden))

    async def there(key: str) -> bool:
        try:
            await call.send(GetEmailCampaign(entity="MeridianBank", campaign=key))
        except NotFound:
            return False
        return True

    maker = making(actito_emails_save)
    made = await maker.make(_creation("Mine"))
    other = await maker.make(_creation("Mine_too"))
    assert await made.take_back() == "" and not await there(made.answer.id) and await there(other.answer.id)
    assert "once only" in await made.take_back()
    maker.close()
    assert "once only" in await other.take_back() and await there(other.answer.id), "the call is over"
    with pytest.raises(UpstreamError):
        await making(actito_emails_save).make(_creation("Mine_too"))
    stranger = await making(actito_emails_delete).make(_creation("Of_a_tool_that_deletes_nothing"))
    assert "deletes nothing" in await stranger.take_back() and await there(stranger.answer.id)
    forbidden.append("not here")
    kept = await making(actito_emails_save).make(_creation("Forbidden"))
    assert await kept.take_back() == "not here" and await there(kept.answer.id)
    alone = await call.make(_creation("Without_a_guard"))
    assert "can't delete" in await alone.take_back() and await there(alone.answer.id)
    with pytest.raises(ApprovalMissing):
        await call.send(DeleteEmailCampaign(entity="MeridianBank", campaign=alone.answer.id))
    await application.close()


async def test_it_is_recorded(world: Any) -> None:
    new = {"entity": "MeridianBank", "label": "Half", "sender": "B", "languages": ["EN"], "table": "Customers"}
    world.switch(faults=[{"kind": "status", "status": 400, "method": "PUT", "path": "*/content/subject"}])
    async with world.connected() as client:
        answer = await client.call_tool("actito_emails_save", {**new, "subject": "S"})
        assert answer.structured_content["status"] == "refused"
    with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
        intents = database.execute("SELECT reference, tool, targets, counts FROM campaign_mcp_intent").fetchall()
    reference, tool, targets, counts = next(each for each in intents if each[0])
    assert reference.startswith("OWN-") and tool == "actito_emails_save" and counts == '{"done": 1}'
    assert targets == '["email_campaign:MeridianBank/216"]'
    assert "deleteEmailCampaign" in world.writes()
