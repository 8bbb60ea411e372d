"""The demo as a newcomer runs it: a process without a terminal, its text read from the outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mcp_server.demo import story

pytestmark = pytest.mark.xdist_group("demo")


def run(folder: Path, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mcp_server", "demo", *options],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_the_scripted_person_agrees_to_one_and_declines_the_other(tmp_path: Path) -> None:
    told = run(tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("the person is asked") == 2
    assert [*re.findall(r"scripted person: (yes|no)", told.stdout)] == ["yes", "no"]
    assert "5 done." in told.stdout
    assert "It is still there: a no changes nothing." in told.stdout
    assert "there is no argument `atributes`: did you mean `attributes`" in told.stdout
    assert "`limit` must be at most 200" in told.stdout
    assert "\x1b[" not in told.stdout, "a log file has no colours"
    assert "Traceback" not in told.stderr


@pytest.mark.anyio
async def test_no_to_everything_changes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert await story("no") == 0
    assert capfd.readouterr().out.count("Nothing was done: the person said no.") == 2


@pytest.mark.anyio
async def test_yes_to_everything_deletes(capfd: pytest.CaptureFixture[str]) -> None:
    assert await story("yes") == 0
    assert "It is gone, as the person said." in capfd.readouterr().out


def test_settings_of_the_person_do_not_leak_into_the_demo(tmp_path: Path) -> None:
    told = run(tmp_path, CAMPAIGN_MCP_UNICA__URL="http://192.0.2.1", CAMPAIGN_MCP_UNICA__POLICY="block")
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_settings_to_copy_are_json(tmp_path: Path) -> None:
    told = run(tmp_path).stdout
    text = "\n".join(line.removeprefix("    ") for line in told.split("Claude Desktop")[1].splitlines()[1:])
    entry, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    assert entry["mcpServers"]["campaign"]["args"][-1] == "--sandbox"
