"""Servers as a client starts them, spoken to in raw JSON-RPC, so that the client's own imports don't count."""

from __future__ import annotations

import http.client
import json
import os
import socket
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
    """One server process over stdio. `started` is the moment of its birth, on the clock of `time.perf_counter`."""

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
        answer = self._exchange({"id": self._number, "method": method, "params": params or {}})
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return dict(answer["result"])

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

    def cpu(self) -> float:
        """Seconds of processor time that the process has used so far, its own and the kernel's. Linux and macOS."""
        if sys.platform == "linux":
            # The clock of another process, numbered as clock_getcpuclockid(3) does.
            return time.clock_gettime(~self._process.pid << 3 | 2)
        said = subprocess.run(["ps", "-o", "time=", "-p", str(self._process.pid)], capture_output=True, check=True)
        minutes, seconds = said.stdout.decode().rsplit(":", 1)
        return 60 * int(minutes.rpartition(":")[2]) + float(seconds)

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for what answers it."""
        self._send(message)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer: dict[str, Any] = json.loads(line)
            if answer.get("id") == message["id"]:
                return answer
        raise RuntimeError(f"the server ended before it answered {message['method']}")

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()


class HttpServer(Server):
    """One server process over HTTP, with one session over one connection that is kept. `command` takes `--port`."""

    def __init__(self, command: list[str], environ: Mapping[str, str] | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__([*command, "--http", "--port", str(port)], environ)
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._session: dict[str, str] = {}
        while True:
            try:
                self._connection.connect()
                return
            except ConnectionRefusedError:
                if self._process.poll() is not None:
                    raise
                time.sleep(0.01)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._process.kill()
        self._process.communicate()

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        for line in self._post(message).splitlines():
            if line.startswith("data:"):
                answer: dict[str, Any] = json.loads(line.removeprefix("data:"))
                if answer.get("id") == message["id"]:
                    return answer
        raise RuntimeError(f"the server did not answer {message['method']}")

    def _send(self, message: dict[str, Any]) -> None:
        self._post(message)

    def _post(self, message: dict[str, Any]) -> str:
        headers = {"content-type": "application/json", "accept": "application/json, text/event-stream", **self._session}
        self._connection.request("POST", "/mcp", json.dumps({"jsonrpc": "2.0", **message}), headers)
        answer = self._connection.getresponse()
        if name := answer.headers.get("mcp-session-id"):
            self._session = {"mcp-session-id": name}
        return answer.read().decode()
