"""A server without a system: one tool that says what to set, and instructions that promise nothing else."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp.types import CallToolResult

from mcp_server.catalogue import load
from mcp_server.instructions import instructions
from mcp_server.settings import load as load_settings
from mcp_server.settings.keys import known_keys, variable

pytestmark = pytest.mark.anyio

Text = Callable[[CallToolResult], str]
ERAS = ["2026-07-28", "2025-11-25", "2025-06-18"]
PUBLISHED = next(entry.published for entry in load() if entry.name == "setup_help")
NEEDED = {
    "unica": ["CAMPAIGN_MCP_UNICA__URL", "CAMPAIGN_MCP_UNICA__USERNAME", "CAMPAIGN_MCP_UNICA__PASSWORD_FILE"],
    "actito": ["CAMPAIGN_MCP_ACTITO__URL", "CAMPAIGN_MCP_ACTITO__API_KEY_FILE"],
}


@pytest.fixture
def bare(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A world in which nothing is set that leads to a system."""
    (tmp_path / "none.toml").touch()
    kept = {name: value for name, value in world.environ.items() if "UNICA" not in name and "ACTITO" not in name}
    world.environ = {**kept, "CAMPAIGN_MCP_SETTINGS_FILE": str(tmp_path / "none.toml")}
    return world


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("transport", ["stdio", "http"])
async def test_it_is_the_only_tool_and_says_what_to_set(bare: Any, text_of: Text, transport: str, era: str) -> None:
    async with bare.connected(transport=transport, era=era) as client:
        (tool,) = (await client.list_tools()).tools
        assert tool.model_dump(by_alias=True, exclude_none=True, mode="json") == dict(PUBLISHED)
        assert client.instructions == instructions([]) and "setup_help" in client.instructions
        for promise in ("Unica", "Collaborate", "Actito"):
            assert promise not in client.instructions
        answer = await client.call_tool("setup_help", {})
        refused = await client.call_tool("offers_find", {})
        assert (await client.list_prompts()).prompts == (await client.list_resources()).resources == []
    text, data = text_of(answer), answer.structured_content
    assert not answer.is_error and len(text.encode()) < 4096
    Draft202012Validator(PUBLISHED["outputSchema"]).validate(data)
    for system, names in NEEDED.items():
        items = [item for item in data["items"] if item["system"] == system]
        assert [item["name"] for item in items if item["needed"]] == names
        assert not any(item["set"] for item in items if item["name"] != "CAMPAIGN_MCP_ENVIRONMENT")
        assert all(f"- {name}" in text and "(missing)" in text for name in names)
    assert refused.is_error and "CAMPAIGN_MCP_UNICA__URL" in text_of(refused)
    assert bare.log() == []


async def test_one_system_is_shown_alone(bare: Any, text_of: Text) -> None:
    async with bare.connected() as client:
        actito = await client.call_tool("setup_help", {"system": "actito"})
        wrong = await client.call_tool("setup_help", {"system": "acito"})
    assert "ACTITO__URL" in text_of(actito) and "UNICA__" not in text_of(actito)
    assert "UNICA" not in json.dumps(actito.structured_content)
    assert wrong.is_error and "actito" in text_of(wrong)


async def test_what_is_set_is_said_without_its_value(bare: Any, text_of: Text, tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text('environment = "sesame"', encoding="utf-8")
    async with bare.connected(ENVIRONMENT="") as client:
        answer = await client.call_tool("setup_help", {})
    assert "CAMPAIGN_MCP_ENVIRONMENT (set)" in text_of(answer) and "which is there" in text_of(answer)
    assert "sesame" not in text_of(answer) and "sesame" not in json.dumps(answer.structured_content)
    async with bare.connected(ENVIRONMENT="", SETTINGS_FILE="") as client:
        answer = await client.call_tool("setup_help", {"system": "unica"})
    assert "CAMPAIGN_MCP_ENVIRONMENT (not set, optional)" in text_of(answer)


async def test_its_examples_can_be_pasted(bare: Any, tmp_path: Path) -> None:
    """Every example starts a server of that system, once the file that it names is there."""
    known = {variable(path) for path in known_keys()}
    for system in NEEDED:
        async with bare.connected() as client:
            about = (await client.call_tool("setup_help", {"system": system})).structured_content["about"]
        (line, desktop, editor) = about["clients"].values()
        entry = json.loads(desktop)["mcpServers"]["campaign"]
        assert {"type": "stdio", **entry} == json.loads(editor)["servers"]["campaign"]
        words = shlex.split(line)
        assert words[:4] == ["claude", "mcp", "add", "campaign"]
        assert words[words.index("--") + 1 :] == [entry["command"], *entry["args"]] and entry["args"][-1] == "serve"
        told = dict(words[place + 1].split("=", 1) for place, word in enumerate(words) if word == "-e")
        assert told == entry["env"] and set(told) <= known
        secret = next(name for name in told if name.endswith("_FILE"))
        (tmp_path / "secret").write_text("sesame", encoding="utf-8")
        settings = load_settings({**told, secret: str(tmp_path / "secret")}, tmp_path / "none.toml")
        assert settings.systems == [system]


@pytest.mark.parametrize("system", ["unica", "actito"])
async def test_it_is_gone_once_a_system_is_configured(world: Any, text_of: Text, system: str) -> None:
    for name in [each for each in world.environ if f"_{system.upper()}__" not in each and "STATE" not in each]:
        del world.environ[name]
    async with world.connected(TOOLSETS="all") as client:
        assert "setup_help" not in {tool.name for tool in (await client.list_tools()).tools}
        assert "setup_help" not in client.instructions
        refused = await client.call_tool("setup_help", {})
    assert refused.is_error and "a campaign system is configured" in text_of(refused)


async def test_the_operator_may_leave_it_out(bare: Any) -> None:
    async with bare.connected(EXCLUDE="setup_help") as client:
        assert (await client.list_tools()).tools == []
    async with bare.connected(TOOLSETS="offers", READ_ONLY="true") as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == ["setup_help"]


@pytest.mark.parametrize(
    ("settings", "told", "untold"),
    [
        ({"EXCLUDE": "actito"}, ["Unica Campaign", "Unica Collaborate"], ["Actito"]),
        ({"TOOLSETS": "actito"}, ["Actito"], ["Unica"]),
        ({"TOOLSETS": "offers"}, ["Unica Campaign"], ["Collaborate", "Actito"]),
        ({"TOOLSETS": "browse"}, ["Unica Campaign", "Unica Collaborate", "Actito"], []),
    ],
)
async def test_instructions_promise_what_is_listed(
    world: Any, settings: dict[str, str], told: list[str], untold: list[str]
) -> None:
    async with world.connected(**settings) as client:
        assert all(each in client.instructions for each in told)
        assert not any(each in client.instructions for each in untold)
