"""The product runs on Linux, macOS and Windows: no call that exists on one of them only, no path of one of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = [path for folder in ("upstream", "tools", "mcp_server", "sandbox") for path in (ROOT / folder).rglob("*.py")]

MODULES = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "msvcrt", "winreg", "_winapi"}
CALLS = {
    "os.fork",
    "os.forkpty",
    "os.setsid",
    "os.getuid",
    "os.geteuid",
    "os.getgid",
    "os.killpg",
    "os.getpgid",
    "os.mkfifo",
    "os.startfile",
    "os.chown",
    "os.uname",
    "os.getloadavg",
    "signal.SIGKILL",
    "signal.SIGHUP",
    "signal.SIGALRM",
    "signal.alarm",
    "socket.AF_UNIX",
    "asyncio.WindowsSelectorEventLoopPolicy",
}
PLACES = ("/tmp/", "/var/", "/etc/", "/home/", "/usr/", "C:\\")


def offences(source: str) -> list[str]:
    """What in this source exists on one platform only."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            found.append(node.module or "")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            found += [name] if name in CALLS else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(PLACES):
            found.append(node.value)
    return found


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_product_code_is_portable(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source", ["import fcntl", "from pwd import getpwnam", "import os\nos.fork()", "place = '/tmp/state.db'"]
)
def test_an_offence_is_seen(source: str) -> None:
    assert offences(source)


def test_nothing_is_named_for_nothing() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [path for path in PRODUCT if path.name in vague] == []
