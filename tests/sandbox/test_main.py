"""The command `python -m sandbox`."""

from __future__ import annotations

import subprocess
import sys

import httpx


def test_it_prints_the_settings_and_serves():
    command = [sys.executable, "-m", "sandbox", "--switch", 'date_form="bean"', "--switch", "authentication=false"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip() for _ in range(8)]
            settings = dict(line.removeprefix("export ").split("=", 1) for line in lines)
            assert settings["CAMPAIGN_MCP_ENVIRONMENT"] == "sandbox"
            url = settings["CAMPAIGN_MCP_UNICA__URL"] + "/Campaign/api/campaign/rest/v1/campaigns/2001"
            assert "timeInMillis" in httpx.get(url, timeout=120).json()["createDate"]
        finally:
            process.terminate()


def test_a_bad_switch_ends_it_with_a_word():
    for item, word in (("colour=1", "unknown switch"), ("strict=yes", "is not JSON"), ("strict=1", "true or false")):
        command = [sys.executable, "-m", "sandbox", "--switch", item]
        run = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
        assert run.returncode == 2
        assert word in run.stderr
