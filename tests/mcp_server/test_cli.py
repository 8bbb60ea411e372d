"""The command line: what each command prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mcp_server.cli import app
from mcp_server.doctor import examine
from mcp_server.serving import Systems

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


@pytest.mark.parametrize("arguments", ["[1]", "{", '"text"', "@/nowhere/at/all.json", "@", "~"])
def test_call_wants_a_json_object(arguments: str) -> None:
    said = run("call", "offers_find", arguments, "--sandbox")
    assert said.exit_code == 2 and "Invalid value for 'ARGUMENTS'" in said.stderr
    assert ("can't be read" if arguments.startswith("@") else '{"search": "card"}') in said.stderr


GOLD = '{"offers": ["5158"], "fields": ["code", "segment"]}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_call_reads_its_arguments_from_a_file_or_the_input(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "gold.json").write_text(GOLD, encoding=encoding)
    by_file = run("call", "offers_find", f"@{tmp_path / 'gold.json'}", "--sandbox")
    by_input = runner.invoke(app, ["call", "offers_find", "-", "--sandbox"], input=GOLD.encode(encoding))
    assert by_file.exit_code == by_input.exit_code == 0
    assert "CC00129-ZA7" in by_file.stdout and by_file.stdout == by_input.stdout


def test_call_prints_data_for_programs() -> None:
    found = run("call", "offers_find", GOLD, "--sandbox", "--json")
    assert found.exit_code == 0 and json.loads(found.stdout)["items"][0]["code"] == "CC00129-ZA7"
    wrong = run("call", "offers_find", '{"limti": 3}', "--sandbox", "--json")
    assert wrong.exit_code == 1 and json.loads(wrong.stdout)["error"]["code"] == "bad_argument"


def test_call_does_nothing_destructive_without_an_approval() -> None:
    said = run("call", "offers_delete", '{"offers": ["5006"]}', "--sandbox")
    assert "Not done yet" in said.stdout and re.search(r"confirm=\"[0-9A-Z]{4}-[0-9A-Z]{4}\"", said.stdout)


def test_the_sandbox_wins_over_settings_that_point_at_a_real_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGN_MCP_UNICA__CAMPAIGN_URL", "http://192.0.2.1")
    monkeypatch.setenv("CAMPAIGN_MCP_UNICA__POLICY", "allow")
    monkeypatch.setenv("CAMPAIGN_MCP_ACTITO__API_KEY_FILE", "/nowhere")
    monkeypatch.setenv("campaign_mcp_unica__platform_url", "http://192.0.2.1")
    assert run("call", "campaigns_find", '{"campaigns": ["2025"]}', "--sandbox").exit_code == 0


URL = "CAMPAIGN_MCP_UNICA__URL"
ONE = '{"campaigns": ["2046"], "fields": ["standing", "start"]}'


def test_the_sandbox_and_the_server_have_the_day_and_the_zone_of_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGN_MCP_DATE", "2027-03-01")
    monkeypatch.setenv("CAMPAIGN_MCP_UNICA__TIME_ZONE", "Asia/Tokyo")
    said = run("call", "campaigns_find", ONE, "--sandbox")
    assert "standing: ended" in said.stdout and "start: 2026-12-01 09:00" in said.stdout
    with Systems(sandbox=True) as environ, urllib.request.urlopen(f"{environ[URL]}/sandbox/settings") as answer:
        of_sandbox = json.load(answer)
    kept = ("CAMPAIGN_MCP_DATE", "CAMPAIGN_MCP_UNICA__TIME_ZONE")
    assert [environ[each] for each in kept] == [of_sandbox[each] for each in kept] == ["2027-03-01", "Asia/Tokyo"]
    monkeypatch.setenv("CAMPAIGN_MCP_DATE", "2026-11-20")
    assert "standing: planned" in run("call", "campaigns_find", ONE, "--sandbox").stdout


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("CAMPAIGN_MCP_DATE", "1.3.2027", "CAMPAIGN_MCP_DATE: not a day"),
        ("CAMPAIGN_MCP_UNICA__TIME_ZONE", "Asia/Tokio", "Did you mean Asia/Tokyo?"),
        ("CAMPAIGN_MCP_ACTITO__TIME_ZONE", "Asia/Tokio", "Did you mean Asia/Tokyo?"),
    ],
)
def test_a_day_or_zone_that_there_is_not_is_told_with_the_sandbox_too(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, said: str
) -> None:
    monkeypatch.setenv(name, given)
    refused = run("call", "campaigns_find", ONE, "--sandbox")
    assert refused.exit_code == 2 and said in refused.stderr


def test_doctor_tells_by_which_clock_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.doctor.examine", partial(examine, watch_seconds=0))
    monkeypatch.setenv("CAMPAIGN_MCP_DATE", "2027-10-31")
    monkeypatch.setenv("CAMPAIGN_MCP_UNICA__TIME_ZONE", "Europe/Berlin")
    monkeypatch.setenv("CAMPAIGN_MCP_ACTITO__TIME_ZONE", "Asia/Tokyo")
    said = run("doctor", "--sandbox").stdout
    assert "Europe/Berlin, where it is 2027-10-31 10:0" in said and "Asia/Tokyo, where it is 2027-10-31 18:0" in said
    assert said.count("by the clock that CAMPAIGN_MCP_DATE sets") == 2


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


def started(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, whose input has ended."""
    return subprocess.run(
        [sys.executable, "-m", "mcp_server", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environ},
        check=False,
    )


ACCOUNT = {"CAMPAIGN_MCP_UNICA__USERNAME": "robot", "CAMPAIGN_MCP_UNICA__PASSWORD": "sesame"}


def test_a_server_without_a_system_says_so() -> None:
    served = started("serve")
    assert "No campaign system is configured" in served.stderr and served.stdout == ""
    assert "state database" not in served.stderr and served.returncode == 0


def test_a_state_database_that_cant_be_used_is_said_at_the_start(tmp_path: Path) -> None:
    folder = {"CAMPAIGN_MCP_STATE_URL": f"sqlite:///{tmp_path.as_posix()}"}
    strict, lenient = started("serve", **folder), started("serve", **folder, CAMPAIGN_MCP_WRITE_WITHOUT_STATE="yes")
    for served in (strict, lenient):
        assert served.returncode == 0 and f"now it is {tmp_path}" in served.stderr and "Traceback" not in served.stderr
    assert "changes are refused" in strict.stderr and "what needs an approval is refused" in lenient.stderr


def test_it_is_said_while_the_server_serves_too(tmp_path: Path) -> None:
    environ = {**os.environ, "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{tmp_path.as_posix()}"}
    command = [sys.executable, "-m", "mcp_server", "serve", "--http", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=environ) as server:
        assert server.stderr is not None
        for_ever = threading.Timer(60, server.kill)
        for_ever.start()
        assert any("The state database can't be used" in line for line in server.stderr)
        for_ever.cancel()
        server.kill()


def test_an_address_in_the_clear_is_said_at_the_start() -> None:
    served = started("serve", **ACCOUNT, CAMPAIGN_MCP_UNICA__URL="http://unica.example.com")
    assert "CAMPAIGN_MCP_UNICA__URL is plain http to another machine" in served.stderr
    assert "sesame" not in served.stderr
    local = started("serve", **ACCOUNT, CAMPAIGN_MCP_UNICA__URL="http://127.0.0.1:8700")
    assert local.stderr == ""


def test_a_port_without_http_is_refused_with_what_to_write() -> None:
    said = run("serve", "--port", "9000")
    assert said.exit_code == 2 and "serve --http --port 9000" in said.stderr


@pytest.mark.parametrize("arguments", [("serve", "--http", "--port", "65536"), ("sandbox", "--port", "-1")])
def test_a_port_is_a_port(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_two_scripts_at_once_are_refused() -> None:
    said = run("demo", "--yes", "--no")
    assert said.exit_code == 2 and "not both" in said.stderr


def test_the_version() -> None:
    said = run("--version")
    assert said.exit_code == 0 and re.fullmatch(r"campaign-mcp \d+\.\d+\.\d+\n", said.stdout)


@pytest.mark.parametrize("command", [(), ("serve",), ("call",), ("doctor",), ("sandbox",), ("demo",), ("settings",)])
def test_help_is_short_and_long(command: tuple[str, ...]) -> None:
    short, long = run(*command, "-h"), run(*command, "--help")
    assert short.exit_code == long.exit_code == 0 and short.stdout == long.stdout
    assert command or "Exit codes: 0 done" in short.stdout


def test_summaries_of_commands_are_whole() -> None:
    listed = run("--help").stdout.partition("Commands:")[2]
    assert "Serve an assistant" in listed and "..." not in listed


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(("sreve",), "'serve'"), (("serve", "--read-onli"), "--read-only"), (("doctor", "--jsn"), "--json")],
)
def test_a_slip_in_a_command_or_option_has_the_nearest(arguments: tuple[str, ...], meant: str) -> None:
    said = run(*arguments)
    assert said.exit_code == 2 and meant in said.stderr


@pytest.mark.parametrize(
    ("words", "wanted"), [("campaign-mcp do", "doctor"), ("campaign-mcp call offers_re", "offers_retire")]
)
def test_the_shell_completes_commands_and_tools(words: str, wanted: str) -> None:
    number = str(len(words.split()) - 1)
    said = started(COMP_WORDS=words, COMP_CWORD=number, _CAMPAIGN_MCP_COMPLETE="complete_bash")
    assert said.stdout.split() == [wanted]


def test_settings_are_a_table_and_json() -> None:
    table, data = run("settings"), run("settings", "--json")
    assert table.exit_code == data.exit_code == 0
    rows = json.loads(data.stdout)
    assert len(table.stdout.splitlines()) == len(rows) > 50
    assert {"variable": "CAMPAIGN_MCP_READ_ONLY", "default": "`false`"}.items() <= next(
        row for row in rows if row["variable"].endswith("READ_ONLY")
    ).items()


@pytest.mark.parametrize(
    ("command", "until"), [(("routes",), "unica"), (("settings", "--json"), "["), (("demo", "--no"), "> offers_find")]
)
def test_a_reader_that_goes_away_is_no_crash(command: tuple[str, ...], until: str) -> None:
    program = [sys.executable, "-m", "mcp_server", *command]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None and process.stderr is not None
        assert any(until in line for line in process.stdout)
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode in (0, 1) and said == ""


@pytest.mark.parametrize(("encoding", "arrow"), [("utf-8", "→"), ("ascii", "->"), ("latin-1", "->"), ("cp1252", "->")])
def test_a_terminal_that_lacks_a_sign_gets_a_plainer_one(encoding: str, arrow: str) -> None:
    given = '{"offers": ["5006"], "dry_run": true}'
    said = subprocess.run(
        [sys.executable, "-m", "mcp_server", "call", "offers_retire", given, "--sandbox"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=True,
    )
    assert f"retired: no {arrow} yes" in said.stdout.decode(encoding)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize(("no_color", "coloured"), [("1", False), ("", True)])
def test_no_color_is_heeded(no_color: str, coloured: bool) -> None:
    import pty

    ours, terminal = pty.openpty()
    program = "from mcp_server.demo.page import Page; Page().scripted('no')"
    subprocess.run(
        [sys.executable, "-c", program], stdout=terminal, env={**os.environ, "NO_COLOR": no_color}, check=True
    )
    os.close(terminal)
    said = os.read(ours, 1000)
    os.close(ours)
    assert b"scripted person" in said and (b"\x1b[" in said) is coloured


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
    assert len(table.stdout.splitlines()) == len(json.loads(data.stdout)) >= 218
    for tool in ("session", "offers_retire", "projects_find", "workflow_run"):
        assert tool in table.stdout
    row = json.loads(data.stdout)[0]
    assert list(row) == ["system", "category", "method", "path", "tool", "risk", "confidence"]


def test_doctor_finds_nothing_wrong_with_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.doctor.examine", partial(examine, watch_seconds=0))
    said = run("doctor", "--sandbox")
    assert said.exit_code == 0 and said.stdout.endswith("\n\nNo fault. Nothing was changed.\n")
    assert "Campaign reachable" in said.stdout and "Actito reachable" in said.stdout
    data = run("doctor", "--sandbox", "--json")
    report = json.loads(data.stdout)
    assert data.exit_code == report["faults"] == 0
    assert [line["status"] for line in report["lines"]] == re.findall(r"^(ok|skipped|warning) ", said.stdout, re.M)


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
