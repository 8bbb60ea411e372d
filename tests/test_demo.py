"""The demo as a newcomer runs it: a process without a terminal, its text read from the outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from mcp_server.demo import story

OF_THE_PERSON = {"CAMPAIGN_MCP_UNICA__URL": "http://192.0.2.1", "CAMPAIGN_MCP_UNICA__POLICY": "block"}
"""Settings of whoever runs the demo, which must not leak into it."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the demo says when nobody chooses the answers; it is told once for several tests, as a run needs waits."""
    said = subprocess.run(
        [sys.executable, "-m", "mcp_server", "demo"],
        cwd=tmp_path_factory.mktemp("demo"),
        env={**os.environ, **OF_THE_PERSON},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Traceback" not in said.stderr
    return said.stdout


def test_the_scripted_person_declines_two_and_agrees_to_the_others(told: str) -> None:
    assert told.count("the person is asked") == 6
    assert [*re.findall(r"scripted person: (yes|no)", told)] == ["yes", "no", "yes", "yes", "yes", "no"]
    assert "5 done." in told
    assert "It is still there: a no changes nothing." in told
    assert "there is no argument `atributes`: did you mean `attributes`" in told
    assert "`limit` must be at most 200" in told
    assert "\x1b[" not in told, "a log file has no colours"


def test_a_campaign_of_a_branch_is_made_filled_run_and_read(told: str) -> None:
    said = told[told.index("In Collaborate:") :]
    for part in (
        "> browse",
        "unica://collaborate/templates/415",
        "> projects_save",
        "> projects_change_state",
        "state: not started → in progress",
        "'region' can't be 'Suoth': did you mean 'South'?",
        "region: North → South",
        "> workflow_run",
        "the person is asked",
        "queued",
        "running",
        "succeeded",
        "> workflow_find",
        "Customers reachable by e-mail",
    ):
        assert part in said, f"{part!r} is not told, or not in its turn"
        said = said[said.index(part) + len(part) :]
    progress = re.findall(r"^  \.\.\. (.*)$", told[: told.index("In Actito:")], re.MULTILINE)
    assert len(progress) >= 3 and "succeeded" in progress[-1]


def test_customer_service_finds_a_customer_ends_an_opt_in_and_sends_nothing(told: str) -> None:
    said = told[told.index("In Actito:") :]
    for part in (
        "name: a***@example.org",
        "has no subscription 'News letter'",
        "Newsletter: in → out",
        "1 done.",
        "subscriptions: BranchEvents\n",
        "> actito_emails_save",
        "Still to be done in Actito's interface",
        "Send 1 triggered e-mail in Actito (environment: sandbox)?",
        "scripted person: no",
        "Nothing was sent",
    ):
        assert part in said, f"{part!r} is not told, or not in its turn"
        said = said[said.index(part) + len(part) :]


@pytest.mark.anyio
async def test_no_to_everything_changes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert await story("no") == 0
    told = capfd.readouterr().out
    assert told.count("Nothing was done: the person said no.") == 5
    assert "the person did not start it" in told and "> workflow_run" not in told


@pytest.mark.anyio
async def test_yes_to_everything_deletes(capfd: pytest.CaptureFixture[str]) -> None:
    assert await story("yes") == 0
    assert "It is gone, as the person said." in capfd.readouterr().out


def test_the_settings_to_copy_are_json(told: str) -> None:
    text = "\n".join(line.removeprefix("    ") for line in told.split("Claude Desktop")[1].splitlines()[1:])
    entry, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    assert entry["mcpServers"]["campaign"]["args"][-1] == "--sandbox"
