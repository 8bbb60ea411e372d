"""Typed tools: what an assistant can do, one module for each route category. Knows upstream, and nothing of MCP."""
