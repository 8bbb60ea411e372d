"""The server that ours is measured against: one tool that does nothing, on the same SDK. Stdio, or --http --port N."""

from __future__ import annotations

import sys

from mcp.server import MCPServer

server = MCPServer("bare", log_level="WARNING")


@server.tool()
async def nothing(text: str = "") -> str:
    """Do nothing."""
    return text


if __name__ == "__main__":
    if "--http" in sys.argv:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[-1]))
    else:
        server.run("stdio")
