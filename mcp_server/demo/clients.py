"""Settings that can be copied into a chat client: the command of this installation, with the sandbox."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from pathlib import Path


def command() -> list[str]:
    """How this installation's server is started."""
    beside = Path(sys.executable).with_name("campaign-mcp.exe" if sys.platform == "win32" else "campaign-mcp")
    found = str(beside) if beside.exists() else shutil.which("campaign-mcp")
    return [found, "serve", "--sandbox"] if found else [sys.executable, "-m", "mcp_server", "serve", "--sandbox"]


def settings() -> list[tuple[str, str]]:
    """Client and text to copy, in the order in which they are shown."""
    program, *arguments = command()
    entry = {"command": program, "args": arguments}
    desktop = json.dumps({"mcpServers": {"campaign": entry}}, indent=2)
    code = json.dumps({"servers": {"campaign": {"type": "stdio", **entry}}}, indent=2)
    line = " ".join(shlex.quote(part) for part in [program, *arguments])
    return [
        ("Claude Code", f"claude mcp add campaign -- {line}"),
        ("Claude Desktop (Settings > Developer > Edit Config) and Cursor (~/.cursor/mcp.json)", desktop),
        ("VS Code (.vscode/mcp.json)", code),
    ]
