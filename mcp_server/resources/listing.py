"""Which resources are listed: the roots of what can be browsed, the folders of the first level, and the templates."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import anyio
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, ListResourcesResult, Resource, ResourceTemplate

from mcp_server.words import one_line
from tools.call import Call
from tools.errors import ToolProblem
from tools.places.address import ACTITO, ACTITO_SCHEME, SYSTEMS, Shelf, address
from upstream.errors import UpstreamError
from upstream.tokens import StoreUnavailable

log = logging.getLogger(__name__)

MARKDOWN = "text/markdown"
PAGE = 50
SECONDS = 4.0
"""How long a list waits for a system that is away before it does without."""


def templates(shelf: Shelf) -> list[ResourceTemplate]:
    """The addresses of one shelf as resource templates."""
    return [
        ResourceTemplate(
            uri_template=each,
            name=shelf.word if each == shelf.template else f"{shelf.word}-of-entity",
            title=f"{shelf.item[:1].upper()}{shelf.item[1:]}" if each == shelf.template else shelf.title,
            description=f"{shelf.about} ({SYSTEMS[shelf.system]}).",
            mime_type=None if shelf.word == "attachments" else MARKDOWN,
        )
        for each in shelf.templates
    ]


def roots(shelves: Sequence[Shelf]) -> list[Resource]:
    """What is listed whatever the systems say; nothing is asked of them."""
    found = []
    for shelf in shelves:
        if shelf.browsable and shelf.system != ACTITO:
            where = SYSTEMS[shelf.system]
            title = f"{shelf.title} ({where})"
            found.append(Resource(uri=address(shelf.word), name=shelf.word, title=title, mime_type=MARKDOWN))
    if any(shelf.system == ACTITO for shelf in shelves):
        title = f"Entities ({SYSTEMS[ACTITO]})"
        found.append(Resource(uri=ACTITO_SCHEME, name="entities", title=title, mime_type=MARKDOWN))
    return found


async def first_level(call: Call, shelf: Shelf) -> list[Resource]:
    """What is listed of one shelf besides its root: folders at the top of a tree, the tables of each entity.

    Raises:
        UpstreamError: the system can't be asked now.
    """
    if shelf.system == ACTITO:
        from tools.places import suggestions

        return [_of_entity(shelf, each) for each in await suggestions.entities(call)]
    if shelf.word not in ("template-folders", "form-folders"):
        return []
    from tools.places import collaborate

    found = []
    for each in await collaborate.first_level(call, shelf.word):
        name = one_line(each.name) or each.address
        about = one_line(each.detail, 200) or None
        title = f"{name} ({shelf.item})"
        found.append(Resource(uri=each.address, name=name, title=title, description=about, mime_type=MARKDOWN))
    return found


def _of_entity(shelf: Shelf, entity: str) -> Resource:
    title = f"{shelf.title} of {one_line(entity)}"
    name = f"{one_line(entity)} {shelf.word}"
    return Resource(uri=address(shelf.word, entity), name=name, title=title, mime_type=MARKDOWN)


async def page(call: Callable[[str], Call], shelves: Sequence[Shelf], cursor: str | None) -> ListResourcesResult:
    """One page of all that is listed; `call` makes a call to a system. Where one can't be asked nobody keeps the page.

    Raises:
        MCPError: the cursor is not one of ours.
    """
    start = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 9 else 0
    if cursor and not start:
        raise MCPError(code=INVALID_PARAMS, message="This cursor is none of this server's.")
    everything, away = roots(shelves), False
    found: dict[str, list[Resource]] = {shelf.session: [] for shelf in shelves}

    async def ask(system: str) -> None:
        nonlocal away
        try:
            with anyio.fail_after(SECONDS):
                for shelf in shelves:
                    if shelf.session == system:
                        found[system] += await first_level(call(system), shelf)
        except (UpstreamError, ToolProblem, StoreUnavailable, TimeoutError) as error:
            log.info("only the roots of %s are listed: %s", system, error)
            away = True

    async with anyio.create_task_group() as tasks:
        for system in found:
            tasks.start_soon(ask, system)
    everything += [each for listed in found.values() for each in listed]
    end = start + PAGE
    shown = ListResourcesResult(
        resources=everything[start:end], next_cursor=str(end) if end < len(everything) else None
    )
    if away:
        shown.ttl_ms = 0
    return shown
