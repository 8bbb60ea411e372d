"""The command `campaign-mcp`, also as `python -m mcp_server`."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the command. A plain `serve`, the way clients start us, goes without the command line library."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.argv[1:] == ["serve"]:
        from mcp_server.serving import serve

        serve({})
    else:
        from mcp_server.cli import app

        app()


if __name__ == "__main__":
    main()
