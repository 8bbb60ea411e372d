"""The command line: what each command prints, and how it ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mcp_server.cli import app
from mcp_server.doctor import examine

runner = CliRunner()


@pytest.fixture(autouse=True)
def nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the settings nor the state of the person who runs the tests."""
    (tmp_path / "none.toml").touch()
    monkeypatch.setenv("CAMPAIGN_MCP_SETTINGS_FILE", str(tmp_path / "none.toml"))
    monkeypatch.setenv("CAMPAIGN_MCP_STATE_URL", f"sqlite:///{(tmp_path / 'state.db').as_posix()}")


def run(*arguments: str) -> Result:
    return runner.invoke(app, arguments)


def test_call_prints_the_answer_of_a_tool() -> None:
    said = run("call", "offers_find", '{"offers": ["5158"], "fields": ["code"]}', "--sandbox")
    assert said.exit_code == 0 and "CC00129-ZA7" in said.stdout


def test_call_ends_with_1_when_the_answer_is_an_error() -> None:
    said = run("call", "offers_find", '{"limti": 3}', "--sandbox")
    assert said.exit_code == 1 and "did you mean `limit`" in said.stdout


@pytest.mark.parametrize("arguments", ["[1]", "{", '"text"'])
def test_call_wants_a_json_object(arguments: str) -> None:
    said = run("call", "offers_find", arguments, "--sandbox")
    assert said.exit_code == 2 and "must be a JSON object" in said.stderr


def test_call_does_nothing_destructive_without_an_approval() -> None:
    said = run("call", "offers_delete", '{"offers": ["5006"]}', "--sandbox")
    assert "Not done yet" in said.stdout and re.search(r"confirm=\"[0-9A-Z]{4}-[0-9A-Z]{4}\"", said.stdout)


def test_the_sandbox_wins_over_settings_that_point_at_a_real_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGN_MCP_UNICA__CAMPAIGN_URL", "http://192.0.2.1")
    monkeypatch.setenv("CAMPAIGN_MCP_UNICA__POLICY", "allow")
    monkeypatch.setenv("CAMPAIGN_MCP_ACTITO__API_KEY_FILE", "/nowhere")
    assert run("call", "campaigns_find", '{"campaigns": ["2025"]}', "--sandbox").exit_code == 0


def test_the_sandbox_keeps_its_state_apart(tmp_path: Path) -> None:
    assert run("call", "offers_delete", '{"offers": ["5006"]}', "--sandbox").exit_code == 0
    assert not (tmp_path / "state.db").exists()


@pytest.mark.parametrize("command", [("sandbox",), ("serve", "--http", "--sandbox")])
def test_a_port_that_is_taken_is_told(command: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = run(*command, "--port", str(taken.getsockname()[1]))
    assert said.exit_code == 2 and "Give another with --port" in said.stderr


def test_a_server_without_a_system_says_so() -> None:
    served = subprocess.run(
        [sys.executable, "-m", "mcp_server", "serve"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "No campaign system is configured" in served.stderr and served.stdout == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for a process of its own group")
def test_ctrl_c_ends_the_server_although_its_input_is_open() -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "mcp_server", "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert server.stdin is not None and server.stdout is not None
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        opening = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}
        for message in (opening, {"jsonrpc": "2.0", "method": "notifications/initialized"}, ping):
            server.stdin.write(json.dumps(message) + "\n")
            server.stdin.flush()
        assert [json.loads(server.stdout.readline())["id"] for _ in range(2)] == [0, 1]
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == -signal.SIGINT
    finally:
        server.kill()
        server.communicate()


def test_routes_are_a_table_and_json() -> None:
    table, data = run("routes"), run("routes", "--json")
    assert table.exit_code == data.exit_code == 0
    assert len(table.stdout.splitlines()) == len(json.loads(data.stdout)) == 218
    for tool in ("session", "offers_retire", "projects_find", "workflow_run"):
        assert tool in table.stdout
    row = json.loads(data.stdout)[0]
    assert list(row) == ["system", "category", "method", "path", "tool", "risk", "confidence"]


def test_doctor_finds_nothing_wrong_with_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.doctor.examine", partial(examine, watch_seconds=0))
    said = run("doctor", "--sandbox")
    assert said.exit_code == 0 and "No fault." in said.stdout
    assert "Campaign reachable" in said.stdout and "Actito reachable" in said.stdout


def test_doctor_without_settings_says_what_to_set() -> None:
    said = run("doctor")
    assert said.exit_code != 0 and "CAMPAIGN_MCP_UNICA__URL" in said.stdout + said.stderr


def test_wrong_settings_are_told_and_end_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGN_MCP_UNICA__USERNAM", "mcp")
    said = run("serve")
    assert said.exit_code == 2 and "CAMPAIGN_MCP_UNICA__USERNAME" in said.stderr and "Traceback" not in said.stderr


def test_unknown_toolsets_are_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGN_MCP_TOOLSETS", "ofers")
    said = run("call", "offers_find", "--sandbox")
    assert said.exit_code == 2 and "did you mean 'offers'" in said.stderr


def test_the_sandbox_prints_settings_that_point_at_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mcp_server", "sandbox", "--port", "0"], stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        assert first.startswith("export CAMPAIGN_MCP_UNICA__URL=http://127.0.0.1:")
        with urllib.request.urlopen(first.partition("=")[2] + "/sandbox/switches") as answer:
            assert json.load(answer)["strict"] is True
    finally:
        process.kill()
        process.communicate()
