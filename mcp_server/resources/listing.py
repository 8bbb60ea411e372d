"""Which resources are listed: the roots of what can be browsed, the folders of the first level, and the templates."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import anyio
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, ListResourcesResult, Resource, ResourceTemplate

from mcp_server.words import one_line
from tools.call import Call
from tools.errors import ToolProblem
from tools.places.address import SYSTEMS, Shelf, address
from upstream.errors import UpstreamError
from upstream.tokens import StoreUnavailable

log = logging.getLogger(__name__)

MARKDOWN = "text/markdown"
PAGE = 50
SECONDS = 4.0
"""How long a list waits for a system that is away before it does without."""


def template(shelf: Shelf) -> ResourceTemplate:
    """The addresses of one shelf as a resource template."""
    return ResourceTemplate(
        uri_template=shelf.template,
        name=shelf.word,
        title=f"{shelf.item[:1].upper()}{shelf.item[1:]}",
        description=f"{shelf.about} ({SYSTEMS[shelf.system]}).",
        mime_type=None if shelf.word == "attachments" else MARKDOWN,
    )


def roots(shelves: Sequence[Shelf]) -> list[Resource]:
    """What is listed whatever the systems say; nothing is asked of them."""
    found = []
    for shelf in shelves:
        if shelf.browsable:
            where = SYSTEMS[shelf.system]
            title = f"{shelf.title} ({where})"
            found.append(Resource(uri=address(shelf.word), name=shelf.word, title=title, mime_type=MARKDOWN))
    return found


async def first_level(call: Call, shelves: Sequence[Shelf]) -> list[Resource]:
    """The folders at the top of each tree.

    Raises:
        UpstreamError: the system can't be asked now.
    """
    from tools.places import collaborate

    found = []
    for shelf in shelves:
        if shelf.word in ("template-folders", "form-folders"):
            for each in await collaborate.first_level(call, shelf.word):
                name = one_line(each.name) or each.address
                found.append(
                    Resource(
                        uri=each.address,
                        name=name,
                        title=f"{name} ({shelf.item})",
                        description=one_line(each.detail, 200) or None,
                        mime_type=MARKDOWN,
                    )
                )
    return found


async def page(call: Call, shelves: Sequence[Shelf], cursor: str | None) -> ListResourcesResult:
    """One page of all that is listed. Where the system can't be asked, the roots alone, and nobody keeps that.

    Raises:
        MCPError: the cursor is not one of ours.
    """
    start = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 9 else 0
    if cursor and not start:
        raise MCPError(code=INVALID_PARAMS, message="This cursor is none of this server's.")
    everything, away = roots(shelves), True
    try:
        with anyio.move_on_after(SECONDS):
            everything += await first_level(call, shelves)
            away = False
    except (UpstreamError, ToolProblem, StoreUnavailable) as error:
        log.info("only the roots are listed: %s", error)
    end = start + PAGE
    found = ListResourcesResult(
        resources=everything[start:end], next_cursor=str(end) if end < len(everything) else None
    )
    if away:
        found.ttl_ms = 0
    return found
