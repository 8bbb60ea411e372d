"""What the server offers besides tools: the resources that are open to this operator's clients, and the prompts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import anyio
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    Completion,
    CompletionArgument,
    CompletionContext,
    GetPromptResult,
    ListResourcesResult,
    Prompt,
    PromptReference,
    ResourceTemplate,
    ResourceTemplateReference,
)

from mcp_server import prompts
from mcp_server.resources import listing
from mcp_server.words import fenced, one_line
from tools.errors import ToolProblem
from tools.places.address import SCHEMES, SHELVES, Shelf, session_of
from upstream.errors import UpstreamError
from upstream.tokens import StoreUnavailable

if TYPE_CHECKING:
    from tools.call import Call

log = logging.getLogger(__name__)

Explain = Callable[[str, Exception], ToolProblem | UpstreamError]
"""An error in words, under what was being done."""


class Library:
    """Resources and prompts as `mcp_server.sdk.CatalogueServer` wants them.

    `closed` says of each shelf why it is not to be had, empty when it is. `tools` are the names of the visible tools:
    a prompt is offered when all that it speaks of are among them. `call` makes the call to a system in which places are
    read.
    """

    def __init__(
        self, closed: Mapping[str, str], tools: Sequence[str], call: Callable[[str], Call], explain: Explain
    ) -> None:
        self._shelves = [shelf for word, shelf in SHELVES.items() if not closed.get(word)]
        self._call = call
        self._explain = explain
        self.templates: Sequence[ResourceTemplate] = [
            each for shelf in self._shelves for each in listing.templates(shelf)
        ]
        self._prompts = {each.name: each for each in prompts.PROMPTS if set(each.needs) <= set(tools)}
        self.prompts: Sequence[Prompt] = [each.published() for each in self._prompts.values()]

    def holds(self, uri: str) -> bool:
        """Whether an address is one of ours, be something there or not."""
        return uri.casefold().startswith(tuple(SCHEMES.values()))

    async def page(self, cursor: str | None) -> ListResourcesResult:
        """One page of the listed resources. Raises MCPError for a cursor that is not ours."""
        if not self._shelves:
            return ListResourcesResult(resources=[])
        return await listing.page(self._call, self._shelves, cursor)

    async def read(self, uri: str) -> list[ReadResourceContents]:
        """What is at an address.

        Raises:
            ResourceNotFoundError: nothing; with the nearest.
            ResourceError: it can't be read now.
        """
        from mcp_server.resources.reading import read

        try:
            return await read(self._call(session_of(uri)), uri)
        except Exception as error:
            raise self._failure(uri, error) from error

    def _failure(self, uri: str, error: Exception) -> ResourceError:
        known = self._explain(f"reading {uri[:200]!r}", error)
        near = [one_line(each, 80) for each in getattr(known, "lines", [])[:5]]
        text = " ".join(part for part in (one_line(known.message, 300), one_line(known.advice, 300)) if part)
        text += f" Nearest:\n{fenced(chr(10).join(near))}" if near else ""
        missing = known.code in ("not_found", "ambiguous", "bad_argument")
        return ResourceNotFoundError(text) if missing else ResourceError(text)

    def prompt(self, name: str, arguments: Mapping[str, Any]) -> GetPromptResult | None:
        """A prompt with its arguments filled in; None for a name that is none of ours.

        Raises:
            MCPError: an argument is missing or unknown.
        """
        found = self._prompts.get(name)
        return found.filled(arguments) if found else None

    async def complete(
        self,
        reference: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None:
        """Values for a variable of one of our addresses or prompts; none while the system can't be asked.

        Raises:
            MCPError: there is no such template, prompt or variable.
        """
        from mcp_server.resources import completing

        chosen = (context.arguments if context else None) or {}
        if isinstance(reference, ResourceTemplateReference):
            shelf, variable, choice = self._shelf(reference, argument.name), argument.name, ""
        else:
            wanted = self._argument(reference, argument.name)
            if wanted.words:
                return completing.of_words(wanted.words, argument.value)
            word, variable, choice = wanted.shelf_for(chosen), wanted.variable, wanted.choice
            if word not in {each.word for each in self._shelves}:
                return None
            shelf = SHELVES[word]
        try:
            with anyio.move_on_after(listing.SECONDS):
                return await completing.values(
                    self._call(shelf.session), shelf, variable, argument.value, chosen, choice
                )
        except (UpstreamError, ToolProblem, StoreUnavailable) as error:
            log.info("nothing is completed: %s", error)
        return None

    def _shelf(self, reference: ResourceTemplateReference, variable: str) -> Shelf:
        for each in self._shelves:
            if reference.uri in each.templates and f"{{{variable}}}" in reference.uri:
                return each
        raise MCPError(code=INVALID_PARAMS, message=f"No resource template has the variable {variable[:60]!r} there.")

    def _argument(self, reference: PromptReference, name: str) -> prompts.Argument:
        prompt = self._prompts.get(reference.name)
        for each in prompt.arguments if prompt else ():
            if each.name == name:
                return each
        raise MCPError(code=INVALID_PARAMS, message=f"No prompt {reference.name[:60]!r} has an argument {name[:60]!r}.")
