"""`python -m mcp_server` is the same as `campaign-mcp`."""

from mcp_server.cli import main

if __name__ == "__main__":
    main()
