"""The places of the campaign systems as MCP resources: listed, read, completed, and announced when they change."""
