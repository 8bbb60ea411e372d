"""The official conformance suite of MCP against our server: `make conformance`. Not collected by pytest."""
