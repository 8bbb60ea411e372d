"""The wheel is complete: installed in a new environment, it works from another folder without any network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK_ONLY = """
import socket
_connect, _connect_ex, _look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
def _inside(address):
    return not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1", "localhost")
def connect(self, address):
    if not _inside(address):
        raise ConnectionRefusedError(f"only loopback is allowed here, not {address}")
    return _connect(self, address)
def connect_ex(self, address):
    if not _inside(address):
        raise ConnectionRefusedError(f"only loopback is allowed here, not {address}")
    return _connect_ex(self, address)
def getaddrinfo(host, *rest, **more):
    if host not in (None, "127.0.0.1", "::1", "localhost"):
        raise socket.gaierror(f"only loopback is allowed here, not {host}")
    return _look_up(host, *rest, **more)
socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = connect, connect_ex, getaddrinfo
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the programs of an environment that holds the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", "dist")
    shutil.copytree(ROOT, source, ignore=ignored)
    done(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(programs / "python")
    constraints = str(ROOT / "constraints.txt")
    done(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", constraints, str(wheel))
    site = done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    Path(site, "sitecustomize.py").write_text(LOOPBACK_ONLY, encoding="utf-8")
    return programs


def done(*command: str, cwd: Path | None = None) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    ran = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False
    )
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def test_demo_runs_from_the_wheel_without_network(installed: Path, tmp_path: Path) -> None:
    assert "a no changes nothing" in done(str(installed / "campaign-mcp"), "demo", cwd=tmp_path)


def test_routes_run_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    rows = json.loads(done(str(installed / "campaign-mcp"), "routes", "--json", cwd=tmp_path))
    assert len(rows) >= 46


def test_the_network_is_really_refused(installed: Path, tmp_path: Path) -> None:
    tried = "import socket\ntry:\n socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError as e: print(e)"
    assert "only loopback" in done(str(installed / "python"), "-c", tried, cwd=tmp_path)
