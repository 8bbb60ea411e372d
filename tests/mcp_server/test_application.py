"""One running server: what clients meet besides the answers of tools."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Annotated, Any

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp.types import CallToolResult

from mcp_server.application import Application
from mcp_server.catalogue import Entry
from mcp_server.schemas import CHANGE_SCHEMA, FIND_SCHEMA
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes, finds
from tools.listing import Listing
from upstream.campaign.offers import CreateOffers, GetOffers
from upstream.errors import OutcomeUnknown, Refused, Unavailable
from upstream.request import Risk
from upstream.tokens import StoreUnavailable

pytestmark = pytest.mark.anyio

Text = Callable[[CallToolResult], str]
ERAS = ("2026-07-28", "2025-11-25", "2025-06-18")


@finds(GetOffers, title="Break")
async def broken_find(call: Call, how: Annotated[str, "How"] = "") -> Listing:
    """Break in a certain way."""
    match how:
        case "crash":
            raise RuntimeError("a detail that is nobody's business")
        case "store":
            raise StoreUnavailable("The state database can't be used.")
        case "several":
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_fail, Unavailable("Away."))
                tasks.start_soon(_fail, OutcomeUnknown("Lost."))
    raise Refused("No.")


async def _fail(error: Exception) -> None:
    await anyio.lowlevel.checkpoint()
    raise error


@changes(CreateOffers, title="Break")
async def broken_create(call: Call, how: Annotated[str, "How"], names: Annotated[list[str], "Names"]) -> Plan:
    """Break while writing."""
    risk = Risk.REACHES_CUSTOMERS if how == "send" else Risk.WRITE
    return Plan([Change("unica", "offer", "create", each, risk=risk, after={"how": how}) for each in names], asks="So?")


@broken_create.applies
async def _break(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    match changes[0].after["how"]:
        case "crash":
            raise RuntimeError("a detail that is nobody's business")
        case "lost":
            raise OutcomeUnknown("createOffers left, and no answer came.")
    raise Refused("createOffers was refused.")


def with_broken_tools(world: Any, **settings: str) -> Application:
    """A server that has two tools more, which break."""
    application: Application = world.application(**settings)
    for tool in (broken_find, broken_create):
        risk = Risk.WRITE if tool.writes else Risk.READ
        entry = Entry({"name": tool.name}, tool.module, "unica-campaign", "broken", tool.writes, risk, risk, [])
        # An entry imports its module by name, and a module of tests has none that can be imported.
        entry.__dict__["tool"] = lambda found=tool: found
        application.entries[tool.name] = entry
    return application


@pytest.mark.parametrize("era", ERAS)
async def test_an_unknown_tool_is_an_answer_with_the_nearest(world: Any, text_of: Text, era: str) -> None:
    async with world.connected(era=era) as client:
        answer = await client.call_tool("offer_find", {})
    assert answer.is_error and answer.structured_content["error"]["code"] == "unknown_tool"
    assert "offers_find" in text_of(answer)


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("how", "code", "retry"),
    [
        ("refuse", "refused", False),
        ("crash", "internal_error", False),
        ("store", "state_unavailable", True),
        ("several", "outcome_unknown", False),
    ],
)
async def test_whatever_breaks_is_an_answer(
    world: Any, text_of: Text, caplog: pytest.LogCaptureFixture, era: str, how: str, code: str, retry: bool
) -> None:
    async with world.connected(era=era, application=with_broken_tools(world)) as client:
        answer = await client.call_tool("broken_find", {"how": how})
    assert answer.is_error and answer.structured_content["error"]["code"] == code
    assert answer.structured_content["error"]["retry"] is retry
    Draft202012Validator(FIND_SCHEMA).validate(answer.structured_content)
    for hidden in ("Traceback", "nobody's business", ".py", "RuntimeError"):
        assert hidden not in text_of(answer)
    assert ("nobody's business" in caplog.text) is (how == "crash"), "the trace is for the log"


@pytest.mark.parametrize(
    ("how", "names", "status", "recorded"),
    [
        ("crash", ["A"], "unknown", '{"unknown": 1}'),
        ("crash", ["A", "B"], "unknown", '{"unknown": 2}'),
        ("lost", ["A"], "unknown", '{"unknown": 1}'),
        ("refuse", ["A"], "", '{"refused": 1}'),
        ("refuse", ["A", "B"], "unknown", '{"unknown": 2}'),
    ],
)
async def test_a_write_that_breaks_is_told_and_recorded_as_what_it_is(
    world: Any, person: Any, text_of: Text, how: str, names: list[str], status: str, recorded: str
) -> None:
    async with world.connected(person(), application=with_broken_tools(world)) as client:
        answer = await client.call_tool("broken_create", {"how": how, "names": names})
    Draft202012Validator(CHANGE_SCHEMA).validate(answer.structured_content)
    assert answer.structured_content.get("status", "") == status
    assert answer.is_error is (status == "")
    assert "nobody's business" not in text_of(answer)
    with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
        assert database.execute("SELECT counts FROM campaign_mcp_intent").fetchall() == [(recorded,)]


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"ENVIRONMENT": ""}, "refused"),
        ({"ENVIRONMENT": "", "CHANNELS_REACHING_CUSTOMERS": "elicitation,code"}, "needs_approval"),
        ({"ENVIRONMENT": "test"}, "needs_approval"),
        ({"ENVIRONMENT": "test", "CHANNELS_REACHING_CUSTOMERS": "elicitation"}, "refused"),
    ],
)
async def test_what_reaches_customers_has_channels_of_its_own(
    world: Any, settings: dict[str, str], status: str
) -> None:
    async with world.connected(application=with_broken_tools(world, **settings)) as client:
        answer = await client.call_tool("broken_create", {"how": "send", "names": ["A"]})
    assert answer.structured_content["status"] == status


async def test_what_reaches_customers_does_not_happen_where_nothing_is_sent(world: Any, person: Any) -> None:
    somebody = person()
    application = with_broken_tools(world, NO_SEND="true")
    async with world.connected(somebody, application=application) as client:
        answer = await client.call_tool("broken_create", {"how": "send", "names": ["A"]})
    assert answer.structured_content["status"] == "refused" and somebody.questions == []
    assert "--no-send" in answer.structured_content["warnings"][0]


async def test_a_store_that_fails_after_the_write_does_not_hide_its_outcome(
    world: Any, person: Any, caplog: pytest.LogCaptureFixture
) -> None:
    application = with_broken_tools(world)
    async with world.connected(person(), application=application) as client:
        with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
            await application.state.check()
            database.execute(
                "CREATE TRIGGER broken BEFORE UPDATE OF ended_at ON campaign_mcp_intent "
                "BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END"
            )
        answer = await client.call_tool("broken_create", {"how": "lost", "names": ["A", "B"]})
    assert answer.structured_content["counts"] == {"unknown": 2}
    assert "could not be recorded" in caplog.text


async def test_every_answer_fits_the_schema_of_its_tool_errors_too(world: Any, person: Any) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("offers_find", {}),
        ("offers_find", {"limit": 200, "fields": ["all"]}),
        ("offers_find", {"offers": ["nonsense"]}),
        ("offers_find", {"limit": 0}),
        ("offer_templates_find", {}),
        ("offers_retire", {"offers": ["5006"], "dry_run": True}),
        ("offers_retire", {"offers": ["5006"]}),
        ("offers_retire", {"offers": ["5006"]}),
        ("offers_delete", {"offers": ["nonsense"]}),
        ("offers_create", {}),
    ]
    async with world.connected(person()) as client:
        schemas = {each.name: each.output_schema for each in (await client.list_tools()).tools}
        for name, arguments in calls:
            answer = await client.call_tool(name, arguments)
            Draft202012Validator(schemas[name]).validate(answer.structured_content)
            assert answer.structured_content["environment"] == "sandbox", name


@pytest.mark.parametrize("generous", [{}, {"limit": 200}, {"limit": 200, "fields": ["all"]}])
async def test_a_list_stays_below_its_cap_over_the_wire(world: Any, text_of: Text, generous: dict[str, Any]) -> None:
    async with world.connected(era=ERAS[1]) as client:
        answer = await client.call_tool("offers_find", generous)
        cap = 16384 if generous else 4096
        assert (4096 if generous else 500) < len(text_of(answer).encode()) <= cap
        assert len(answer.model_dump_json(by_alias=True).encode()) <= 2 * cap + 500
        data = answer.structured_content
        assert data["cursor"] in text_of(answer) and f"{data['total']} offers" in text_of(answer)
        following = await client.call_tool("offers_find", {**generous, "cursor": data["cursor"]})
    ids = [each["id"] for page in (answer, following) for each in page.structured_content["items"]]
    assert len(ids) == len(set(ids)) and following.structured_content["total"] == data["total"]


async def test_nothing_secret_is_logged(world: Any, caplog: pytest.LogCaptureFixture, text_of: Text) -> None:
    for logger in ("", "sqlalchemy", "httpx", "httpcore", "mcp"):
        caplog.set_level(logging.DEBUG, logger)
    said = []
    world.switch(authentication=True)
    async with world.connected(UNICA__AUTH="manager") as client:
        code = (await client.call_tool("offers_retire", {"offers": ["5006"]})).structured_content["code"]
        shared = tokens(world)
        for offer, confirm in (("5007", code), ("nonsense", code), ("5006", code)):
            said.append(text_of(await client.call_tool("offers_retire", {"offers": [offer], "confirm": confirm})))
    logged = "\n".join(f"{each.getMessage()} {each.exc_text or ''}" for each in caplog.records)
    assert shared and "logout of" in logged, "our own lines are there"
    assert "HTTP Request" not in logged, "addresses can name people"
    with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
        keys = [row[0] for row in database.execute("SELECT hex FROM campaign_mcp_key").fetchall()]
    for secret in ("service-pass", code, code.replace("-", ""), *shared, *keys):
        assert secret not in logged
        assert secret not in "\n".join(said)


def tokens(world: Any) -> list[str]:
    """The tokens that the server shared with other processes."""
    with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
        return [row[0] for row in database.execute("SELECT token FROM campaign_mcp_account").fetchall() if row[0]]


async def test_a_server_over_stdio_says_nothing_secret_and_no_trace(world: Any, text_of: Text) -> None:
    world.switch(authentication=True)
    async with world.connected(transport="stdio", UNICA__AUTH="manager") as client:
        code = (await client.call_tool("offers_retire", {"offers": ["5006"]})).structured_content["code"]
        await client.call_tool("offers_retire", {"offers": ["5006"], "confirm": "2222-2222"})
        wrong = await client.call_tool("offers_find", {"limti": 3})
        assert wrong.is_error and "did you mean `limit`" in text_of(wrong)
        shared = tokens(world)
        assert shared
        await client.call_tool("offers_retire", {"offers": ["5006"], "confirm": code})
    said = world.errors.read_text(encoding="utf-8")
    for secret in ("service-pass", code, *shared, "Traceback"):
        assert secret not in said
    assert world.writes() == ["retireOffers"]


async def test_a_wrong_password_is_an_answer_that_names_the_setting(world: Any, text_of: Text) -> None:
    world.switch(authentication=True)
    async with world.connected(UNICA__AUTH="manager", UNICA__PASSWORD="wrong-pass") as client:
        answer = await client.call_tool("offers_find", {})
    assert answer.is_error and answer.structured_content["error"]["code"] == "login_refused"
    assert "CAMPAIGN_MCP_UNICA__PASSWORD" in text_of(answer) and "wrong-pass" not in text_of(answer)


async def test_building_a_server_opens_nothing(world: Any) -> None:
    application = world.application()
    assert not (world.folder / "state.db").exists() and world.log() == []
    await application.close()
    assert not (world.folder / "state.db").exists()
