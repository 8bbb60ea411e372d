"""What can be pasted into a chat client: how this installation's server is started, with which settings."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def command() -> list[str]:
    """How this installation's command is called."""
    beside = Path(sys.executable).with_name("campaign-mcp.exe" if sys.platform == "win32" else "campaign-mcp")
    found = str(beside) if beside.exists() else shutil.which("campaign-mcp")
    return [found] if found else [sys.executable, "-m", "mcp_server"]


def entries(arguments: Sequence[str], environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Client and text to paste, for a server with these arguments and settings."""
    program, *before = command()
    entry = {"command": program, "args": [*before, *arguments], **({"env": dict(environ)} if environ else {})}
    settings = [part for name, value in environ.items() for part in ("-e", f"{name}={value}")]
    line = shlex.join(["claude", "mcp", "add", "campaign", *settings, "--", program, *before, *arguments])
    return [
        ("Claude Code", line),
        (
            "Claude Desktop (Settings > Developer > Edit Config) and Cursor (~/.cursor/mcp.json)",
            json.dumps({"mcpServers": {"campaign": entry}}, indent=2),
        ),
        ("VS Code (.vscode/mcp.json)", json.dumps({"servers": {"campaign": {"type": "stdio", **entry}}}, indent=2)),
    ]
