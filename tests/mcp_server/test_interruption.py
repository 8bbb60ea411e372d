"""Nothing that was interrupted is forgotten: real processes that are stopped and killed in the middle of a write."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.types import CallToolResult

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals for another process"),
]

Text = Callable[[CallToolResult], str]
SEND = "actito_messages_send"
PEOPLE = [str(number) for number in range(100001, 100009)]
MESSAGE = {"entity": "MeridianBank", "campaign": "207", "profiles": PEOPLE}
PATIENCE = 120
"""Seconds after which a test gives up, on whatever machine."""


class Server:
    """A server of its own process, spoken to line by line, so that a test may end it as it likes."""

    def __init__(self, environ: dict[str, str], errors: Path) -> None:
        self.errors = errors
        with errors.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mcp_server", "serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environ,
                encoding="utf-8",
            )
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        self.ask("initialize", hello)
        self._write({"method": "notifications/initialized"})

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._write({"id": 1, "method": method, "params": params})
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next answer."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            message: dict[str, Any] = json.loads(line)
            if "id" in message:
                found: dict[str, Any] = message["result"]
                return found
        raise AssertionError("the server ended without an answer: " + self.errors.read_text())

    def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("tools/call", {"name": tool, "arguments": arguments})["structuredContent"]
        return found

    def begin(self, tool: str, arguments: dict[str, Any]) -> None:
        """Call a tool without waiting for the answer."""
        self._write({"id": 2, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})

    def _write(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()


@contextmanager
def serving(world: Any, **settings: str) -> Iterator[Server]:
    import os

    environ = {**os.environ, **world.environ, **{f"CAMPAIGN_MCP_{name}": text for name, text in settings.items()}}
    server = Server(environ, world.errors)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


def until(so: Callable[[], bool]) -> None:
    """Wait for something that happens in another process."""
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def sent(world: Any) -> int:
    return int(world.writes().count("triggerEmailForProfile"))


def hold(world: Any, operation: str = "triggerEmailForProfile", after: int = 0) -> None:
    """Let one request wait once its work is done, after some that are answered at once."""
    world.switch(faults=[{"kind": "hold_after", "operation": operation, "skip": after, "times": 1}])


def said(world: Any, text: str) -> Callable[[], bool]:
    """Whether a server has said something in its log."""
    return lambda: text in world.errors.read_text(encoding="utf-8")


def approved(server: Server, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with the code of their preview."""
    return {**arguments, "confirm": server.call(tool, arguments)["code"]}


def doctored(world: Any) -> str:
    """What the doctor says."""
    return commanded(world, "doctor")


def commanded(world: Any, *words: str) -> str:
    """What a command prints."""
    import os

    command = [sys.executable, "-m", "mcp_server", *words]
    return subprocess.run(command, env={**os.environ, **world.environ}, capture_output=True, encoding="utf-8").stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_what_was_begun_end_and_begins_nothing_else(world: Any, number: signal.Signals) -> None:
    with serving(world) as server:
        arguments = approved(server, SEND, MESSAGE)
        hold(world, after=3)
        server.begin(SEND, arguments)
        world.sandbox.wait_held(1, PATIENCE)
        server.process.send_signal(number)
        until(said(world, "told to stop"))
        world.sandbox.release()
        told = server.answer()["structuredContent"]
        assert server.process.wait(PATIENCE) == -number
    assert told["counts"] == {"done": 4, "refused": 4}
    assert sent(world) == 4, "the fifth was not begun"
    with serving(world) as server:
        shown = server.call(SEND, MESSAGE)
        assert shown["status"] == "needs_approval"
        assert "Stopped earlier (actito_messages_send" in shown["preview"]
        assert "done: 4" in shown["preview"] and "not begun: 4" in shown["preview"]


async def test_a_killed_server_leaves_word_of_what_was_done_and_of_what_is_in_doubt(world: Any) -> None:
    with serving(world) as server:
        arguments = approved(server, SEND, MESSAGE)
        hold(world, after=3)
        server.begin(SEND, arguments)
        world.sandbox.wait_held(1, PATIENCE)
        server.process.kill()
        server.process.wait()
    with serving(world) as server:
        shown = server.call(SEND, MESSAGE)
        assert shown["status"] == "needs_approval"
        (line,) = [line for line in shown["preview"].splitlines() if "actito_messages_send" in line]
        assert "done, as far as the system's answer said: 3" in line
        assert "in doubt, may have happened: 1" in line and "not begun: 4" in line
        assert "1 of 8 may have happened already" in shown["preview"]
        assert sent(world) == 4
        other = server.call(SEND, {**MESSAGE, "profiles": ["100020"]})
        assert "actito_messages_send" not in other["preview"], "who was not touched is not told"
        world.switch(faults=[])
        until(said(world, "in doubt"))
        report = doctored(world)
        assert "interrupted call" in report and "in doubt, may have happened: 1" in report
        assert "example" not in report, "nobody is named"
        reference = shown["preview"].splitlines()[0].partition("reference ")[2].partition(")")[0]
        assert reference in commanded(world, "interrupted")
        done = server.call(SEND, {**MESSAGE, "confirm": shown["code"]})
        assert done["counts"] == {"done": 8}, "a person who was told may send again"
        assert "may have happened" not in server.call(SEND, MESSAGE)["preview"], "what was settled is told no more"


async def test_an_ordinary_write_that_was_killed_asks_before_it_is_made_twice(world: Any) -> None:
    new = {"template": "Loyalty points", "names": ["Winter miles"]}
    with serving(world) as server:
        hold(world, "createOffers")
        server.begin("offers_create", new)
        world.sandbox.wait_held(1, PATIENCE)
        server.process.kill()
        server.process.wait()
    world.switch(faults=[])
    listed = commanded(world, "interrupted")
    assert "Winter miles" in listed and "in doubt" in listed
    with serving(world) as server:
        shown = server.call("offers_create", new)
        assert shown["status"] == "needs_approval" and "may have happened already" in shown["preview"]
        assert "Winter miles" in shown["preview"].splitlines()[0]
    assert world.writes().count("createOffers") == 1
    assert commanded(world, "interrupted", "--dismiss", listed.partition("reference ")[2].partition(")")[0]) == ""
    with serving(world) as server:
        assert "may have happened" not in server.call("offers_create", {**new, "dry_run": True})["preview"]


async def test_what_is_already_so_settles_the_doubt(world: Any) -> None:
    one = {"offers": ["5006"]}
    with serving(world) as server:
        arguments = approved(server, "offers_retire", one)
        hold(world, "retireOffers")
        server.begin("offers_retire", arguments)
        world.sandbox.wait_held(1, PATIENCE)
        server.process.kill()
        server.process.wait()
    world.switch(faults=[])
    with serving(world) as server:
        first, second = server.call("offers_retire", one), server.call("offers_retire", one)
    assert first["counts"] == second["counts"] == {"already": 1}
    assert any("in doubt" in each for each in first["warnings"]) and "warnings" not in second


async def test_a_closed_input_begins_nothing_else_and_is_remembered(world: Any) -> None:
    with serving(world) as server:
        arguments = approved(server, SEND, MESSAGE)
        hold(world, after=3)
        server.begin(SEND, arguments)
        world.sandbox.wait_held(1, PATIENCE)
        assert server.process.stdin is not None
        server.process.stdin.close()
        server.process.stdin = None
        until(said(world, "was cancelled"))
        world.sandbox.release()
        assert server.process.wait(PATIENCE) == 0
    assert sent(world) == 4
    with serving(world) as server:
        assert "not begun: 4" in server.call(SEND, MESSAGE)["preview"]


async def test_a_client_that_cancels_stops_what_was_not_begun(
    world: Any, person: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def let_go() -> None:
        until(lambda: "was cancelled" in caplog.text)
        world.sandbox.release()

    async with world.connected(person()) as client, anyio.create_task_group() as others:
        hold(world, after=3)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, SEND, MESSAGE)
            await anyio.to_thread.run_sync(world.sandbox.wait_held, 1, PATIENCE)
            others.start_soon(anyio.to_thread.run_sync, let_go)
            tasks.cancel_scope.cancel()
        await anyio.to_thread.run_sync(until, lambda: _ended(world))
        assert sent(world) == 4
        shown = (await client.call_tool(SEND, {**MESSAGE, "dry_run": True})).structured_content
        assert "done: 4" in shown["preview"] and "not begun: 4" in shown["preview"]


def _ended(world: Any) -> bool:
    with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
        return bool(database.execute("SELECT 1 FROM campaign_mcp_intent WHERE ended_at IS NOT NULL").fetchall())


async def test_a_second_signal_ends_at_once(world: Any) -> None:
    with serving(world) as server:
        arguments = approved(server, SEND, MESSAGE)
        hold(world)
        server.begin(SEND, arguments)
        world.sandbox.wait_held(1, PATIENCE)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: server.process.send_signal(signal.SIGTERM) or server.process.poll() is not None)
        assert server.process.wait(PATIENCE) == -signal.SIGTERM
    with serving(world) as server:
        world.switch(faults=[])
        assert "in doubt, may have happened: 1" in server.call(SEND, MESSAGE)["preview"]


async def test_a_question_ends_when_the_server_stops(world: Any, person: Any) -> None:
    someone = person("silent")
    application = world.application()
    answers: list[Any] = []
    async with (
        world.connected(someone, era="2025-11-25", application=application) as client,
        anyio.create_task_group() as tasks,
    ):

        async def retire() -> None:
            answers.append(await client.call_tool("offers_retire", {"offers": ["5006"]}))

        tasks.start_soon(retire)
        await someone.asked.wait()
        with anyio.fail_after(PATIENCE):
            await application.work.stop()
        late = await client.call_tool("offers_find", {})
    (answer,) = answers
    assert answer.structured_content["status"] == "refused" and "being stopped" in answer.structured_content["message"]
    assert late.structured_content["error"]["code"] == "server_stopping"
    assert world.writes() == []


async def test_without_the_state_database_nothing_is_written_unless_a_setting_says_so(
    world: Any, text_of: Text
) -> None:
    new = {"name": "Not recorded"}
    nowhere = f"sqlite:///{world.folder}"
    async with world.connected(STATE_URL=nowhere) as client:
        refused = (await client.call_tool("campaigns_save", new)).structured_content
        assert refused["status"] == "refused" and "CAMPAIGN_MCP_WRITE_WITHOUT_STATE" in refused["warnings"][0]
    async with world.connected(STATE_URL=nowhere, WRITE_WITHOUT_STATE="true") as client:
        assert (await client.call_tool("campaigns_save", new)).structured_content["status"] == "done"
        guarded = await client.call_tool("offers_retire", {"offers": ["5006"]})
        assert guarded.structured_content["status"] == "refused"
    assert world.writes() == ["createCampaign"]


async def test_a_state_database_that_breaks_in_the_middle_stops_what_was_not_begun(world: Any, person: Any) -> None:
    async with world.connected(person()) as client:
        await client.call_tool(SEND, {**MESSAGE, "dry_run": True})
        with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
            database.execute(
                "CREATE TRIGGER broken BEFORE UPDATE OF state ON campaign_mcp_intent_item WHEN NEW.place = 3 "
                "BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END"
            )
        answer = (await client.call_tool(SEND, MESSAGE)).structured_content
    assert answer["counts"] == {"done": 3, "refused": 5} and sent(world) == 3


async def test_every_write_is_recorded_before_it_leaves(world: Any, person: Any) -> None:
    """Guarded or not, in one request or several: the state database is read while each answer waits."""
    calls: list[tuple[str, dict[str, Any]]] = [
        ("campaigns_save", {"name": "Recorded"}),
        ("offers_create", {"template": "Loyalty points", "names": ["Recorded"]}),
        ("target_cells_save", {"campaign": "2012", "name": "Recorded"}),
        ("folders_save", {"tree": "templates", "name": "Recorded"}),
        ("offers_retire", {"offers": ["5006"]}),
        (
            "actito_emails_save",
            {
                "entity": "MeridianBank",
                "label": "Recorded",
                "sender": "B",
                "languages": ["EN"],
                "table": "Customers",
                "subject": "S",
            },
        ),
    ]
    async with world.connected(person()) as client:
        await client.call_tool("offers_retire", {"offers": ["5006"], "dry_run": True})
        with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
            database.execute("CREATE TABLE seen (tool TEXT, state TEXT)")
            database.execute(
                "CREATE TRIGGER watch AFTER UPDATE OF state ON campaign_mcp_intent_item BEGIN INSERT INTO seen "
                "SELECT tool, NEW.state FROM campaign_mcp_intent WHERE id = NEW.intent; END"
            )
        for tool, arguments in calls:
            written = len(world.writes())
            answer = await client.call_tool(tool, arguments)
            assert not answer.is_error, (tool, answer)
            left = len(world.writes()) - written
            with closing(sqlite3.connect(world.folder / "state.db")) as database, database:
                states = [state for (state,) in database.execute("SELECT state FROM seen WHERE tool = ?", [tool])]
            assert left >= 1 and states.count("sending") == states.count("answered") == left, tool


def serve_http(world: Any) -> subprocess.Popen[bytes]:
    import os

    command = [sys.executable, "-m", "mcp_server", "serve", "--http", "--port", "0"]
    with world.errors.open("a", encoding="utf-8") as log:
        return subprocess.Popen(command, env={**os.environ, **world.environ}, stderr=log)


@pytest.mark.parametrize("era", ["2026-07-28", "2025-11-25"])
async def test_over_http_a_signal_lets_what_was_begun_end_and_begins_nothing_else(world: Any, era: str) -> None:
    process = serve_http(world)
    try:
        until(said(world, "/mcp"))
        (url,) = [line for line in world.errors.read_text(encoding="utf-8").splitlines() if line.endswith("/mcp")]
        answers: list[Any] = []
        async with Client(url, mode="auto" if era == "2026-07-28" else "legacy") as client:
            code = (await client.call_tool(SEND, MESSAGE)).structured_content["code"]
            hold(world, after=3)

            async def send() -> None:
                answers.append(await client.call_tool(SEND, {**MESSAGE, "confirm": code}))

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(send)
                await anyio.to_thread.run_sync(world.sandbox.wait_held, 1, PATIENCE)
                process.send_signal(signal.SIGTERM)
                await anyio.to_thread.run_sync(until, said(world, "told to stop"))
                world.sandbox.release()
        (told,) = answers
        assert told.structured_content["counts"] == {"done": 4, "refused": 4} and sent(world) == 4
        assert await anyio.to_thread.run_sync(process.wait, PATIENCE) == -signal.SIGTERM
    finally:
        process.kill()
        process.wait()
    text = world.errors.read_text(encoding="utf-8")
    assert "Traceback" not in text and "ERROR" not in text
