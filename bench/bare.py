"""The server that ours is measured against: one tool that does nothing, on the same SDK."""

from __future__ import annotations

from mcp.server import MCPServer

server = MCPServer("bare", log_level="WARNING")


@server.tool()
async def nothing(text: str = "") -> str:
    """Do nothing."""
    return text


if __name__ == "__main__":
    server.run("stdio")
