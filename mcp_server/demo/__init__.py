"""`campaign-mcp demo`: a marketer's story told with real calls of a real client to the real server, on the sandbox."""

from mcp_server.demo.story import story

__all__ = ["story"]
