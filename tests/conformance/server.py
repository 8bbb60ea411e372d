"""Our server as `campaign-mcp serve --http --sandbox` runs it, with the suite's fixtures beside its own tools."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import Context, MCPServer
from mcp.types import CallToolResult, InputRequiredResult

import sandbox
from mcp_server.application import Application
from mcp_server.settings import Settings, load
from mcp_server.settings.keys import FILE_VARIABLE
from mcp_server.visible import visible
from tests.conformance import answers, content, questions


class ConformanceApplication(Application):
    """The application as it is, and the suite's fixtures registered on the server that it built.

    A call of a fixture reaches the SDK's own registry; every other goes where it always goes. `asked` counts the
    requests that came in, by method.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.asked: Counter[str] = Counter()
        for fixtures in (answers, questions, content):
            fixtures.register(self.mcp)
        self.mcp.middleware.append(self._see)

    async def dispatch(
        self, name: str, given: dict[str, Any], context: Context[Any, Any]
    ) -> CallToolResult | InputRequiredResult:
        if name in {tool.name for tool in await MCPServer.list_tools(self.mcp)}:
            return await MCPServer.call_tool(self.mcp, name, given, context)
        return await super().dispatch(name, given, context)

    async def _see(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Count a request, and put the fixtures into the list of tools."""
        self.asked[ctx.method] += 1
        result = await call_next(ctx)
        if ctx.method != "tools/list":
            return result
        assert isinstance(result, dict), "the SDK hands the middleware what goes over the wire"
        return {**result, "tools": [*result["tools"], *await self._fixtures()]}

    def own_tools(self) -> set[str]:
        """The names of the tools that our server lists by itself."""
        return {name for name, entry in self.entries.items() if visible(entry, self.choice)}

    async def _fixtures(self) -> list[dict[str, Any]]:
        tools = [
            tool.model_dump(by_alias=True, mode="json", exclude_none=True)
            for tool in await MCPServer.list_tools(self.mcp)
        ]
        return [{**tool, "inputSchema": answers.SCHEMAS.get(tool["name"], tool["inputSchema"])} for tool in tools]


@dataclass(frozen=True)
class Served:
    """A server that answers at an address."""

    application: ConformanceApplication
    url: str


@contextmanager
def serving(log: Path) -> Iterator[Served]:
    """Run the sandbox and the server, on free ports of loopback, until the block ends.

    What the server logs, which is a lot when the suite attacks it, goes to the file `log`.
    """
    with sandbox.start() as systems, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        state = f"sqlite:///{Path(folder, 'state.db').as_posix()}"
        environ = {FILE_VARIABLE: os.devnull, "CAMPAIGN_MCP_STATE_URL": state, **systems.settings()}
        application = ConformanceApplication(load(environ))
        logging.basicConfig(filename=log, filemode="w", encoding="utf-8", level=logging.WARNING, force=True)
        asgi = application.mcp.streamable_http_app(host="127.0.0.1")
        config = uvicorn.Config(asgi, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        with config.bind_socket() as listening:
            thread = threading.Thread(target=server.run, args=([listening],), name="conformance server", daemon=True)
            thread.start()
            try:
                yield Served(application, f"http://127.0.0.1:{listening.getsockname()[1]}/mcp")
            finally:
                server.should_exit = True
                thread.join(10)
