"""Reading a resource: a place as text, a file as it is."""

from __future__ import annotations

from mcp.server.lowlevel.helper_types import ReadResourceContents

from mcp_server.resources.listing import MARKDOWN
from mcp_server.resources.rendering import markdown
from tools.call import Call
from tools.content import Content, is_textual
from tools.places.opening import open_place


async def read(call: Call, uri: str) -> list[ReadResourceContents]:
    """What is at an address, as the protocol carries it.

    Raises:
        ToolProblem, UpstreamError: nothing is there, or it can't be read now.
    """
    found = await open_place(call, uri)
    if isinstance(found, Content):
        return [ReadResourceContents(content=_content(found), mime_type=found.media_type)]
    return [ReadResourceContents(content=markdown(found, call.time_zone), mime_type=MARKDOWN)]


def _content(file: Content) -> str | bytes:
    """The bytes of a file; of a text in UTF-8 the text."""
    if not is_textual(file.media_type):
        return file.data
    try:
        return file.data.decode("utf-8")
    except UnicodeDecodeError:
        return file.data
