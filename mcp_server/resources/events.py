"""After our own writes: clients are told which resources they should read again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import anyio

from tools.call import Call
from tools.change import Outcome

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context

    from mcp_server.sdk import CatalogueServer

log = logging.getLogger(__name__)

SECONDS = 2.0
"""Telling must not keep an answer from whoever waits for it."""


async def tell(server: CatalogueServer, context: Context[Any, Any], call: Call, outcomes: Sequence[Outcome]) -> None:
    """Announce what these outcomes changed. A client that can't be told misses an event, and nothing else happens."""
    from tools.places.changed import changed

    with anyio.move_on_after(SECONDS, shield=True):
        try:
            found = await changed(call, outcomes)
            await server.announce(context, found.addresses, listed=found.first_level)
        except Exception:  # what the write did is known by now and must be told, whatever an event meets
            log.exception("a change could not be announced")
