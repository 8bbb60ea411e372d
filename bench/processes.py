"""Servers as a client starts them: raw JSON-RPC lines over stdio, so that the client's own imports don't count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

BARE = [sys.executable, "-m", "bench.bare"]
OURS = [sys.executable, "-m", "mcp_server", "serve"]


class Server:
    """One server process. `started` is the moment of its birth, on the clock of `time.perf_counter`."""

    def __init__(self, command: list[str], environ: Mapping[str, str] | None = None) -> None:
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(environ or {})},
            encoding="utf-8",
        )
        self._number = 0

    def __enter__(self) -> Server:
        self.request(
            "initialize",
            {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}},
        )
        self._send({"method": "notifications/initialized"})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def request(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params or {}})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return dict(message["result"])
        raise RuntimeError(f"the server ended before it answered {method}")

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(f"{tool}: {result['content'][0]['text']}")
        return result

    def memory(self) -> float:
        """Resident memory in MiB. Linux and macOS."""
        status = Path(f"/proc/{self._process.pid}/status")
        if status.exists():
            line = next(each for each in status.read_text(encoding="ascii").splitlines() if each.startswith("VmRSS"))
            return int(line.split()[1]) / 1024
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(self._process.pid)], capture_output=True, check=True)
        return int(said.stdout) / 1024

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()
