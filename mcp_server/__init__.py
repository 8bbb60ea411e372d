"""The MCP face of campaign-mcp: catalogue, composition, guard, state, settings, command line."""
