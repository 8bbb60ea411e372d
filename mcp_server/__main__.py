"""The command `campaign-mcp`, also as `python -m mcp_server`."""

from __future__ import annotations

import codecs
import os
import sys

PLAIN = {"→": "->", "…": "...", "–": "-", "“": '"', "”": '"', "’": "'", "×": "x"}
"""Our own signs where a terminal has none of them; what else it lacks becomes a question mark."""


def main() -> None:
    """Entry point of the command. A plain `serve`, the way clients start us, goes without the command line library."""
    codecs.register_error("campaign-mcp", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Windows gives a pipe an encoding of its own, which nobody who reads from it expects.
            own = None if sys.platform != "win32" or stream.isatty() else "utf-8"
            stream.reconfigure(encoding=own, errors="campaign-mcp")
    code = 0
    try:
        if sys.argv[1:] == ["serve"]:
            from mcp_server.serving import serve

            serve({})
        else:
            from mcp_server import NAME
            from mcp_server.cli import app

            app(prog_name=NAME)
    except* KeyboardInterrupt:
        code = 130
    except* BrokenPipeError:  # What runs in tasks wraps it.
        # Nobody reads our output any more; what is left of it would fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


if __name__ == "__main__":
    main()
