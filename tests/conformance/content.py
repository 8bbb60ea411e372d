"""The suite's resources and prompts, and the one method of 2025-11-25 that our server leaves out.

`logging/setLevel` is optional: a server that writes nothing to the client's log doesn't declare it, and ours doesn't.
The suite has no way to leave it out, so that here it is answered.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from mcp.server.context import HandlerResult, ServerRequestContext
from mcp.server.extension import RequestHandler
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.types import (
    CompleteRequestParams,
    CompleteResult,
    Completion,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    PromptReference,
    SetLevelRequestParams,
    TextResourceContents,
)

from tests.conformance.answers import PNG

SCHEME = "test://"
"""All resources of the suite have it, and none of ours."""

WITH_ARGUMENTS = "test_prompt_with_arguments"


def register(server: MCPServer[Any]) -> None:
    """Add resources, prompts and the method to a server."""
    server.resource(f"{SCHEME}static-text", mime_type="text/plain")(static_text)
    server.resource(f"{SCHEME}static-binary", mime_type="image/png")(static_binary)
    server.resource(f"{SCHEME}watched-resource", mime_type="text/plain")(watched)
    server.resource(f"{SCHEME}template/{{id}}/data", mime_type="application/json")(from_template)
    server.prompt(name="test_simple_prompt", description="No arguments")(simple)
    server.prompt(name=WITH_ARGUMENTS, description="Two arguments")(with_arguments)
    server.prompt(name="test_prompt_with_embedded_resource", description="A resource inside")(with_resource)
    server.prompt(name="test_prompt_with_image", description="An image inside")(with_image)
    # The high-level server has no way to add or extend a method once it is built.
    methods = server._lowlevel_server
    methods.add_request_handler("logging/setLevel", SetLevelRequestParams, _log_level)
    ours = methods.get_request_handler("completion/complete")
    assert ours is not None, "our server completes"
    methods.add_request_handler("completion/complete", CompleteRequestParams, _completing(ours.handler))


async def _log_level(_: ServerRequestContext[Any, Any], __: SetLevelRequestParams) -> EmptyResult:
    return EmptyResult()


def _completing(ours: RequestHandler) -> RequestHandler:
    """Complete the argument of the suite's prompt, which our server rightly refuses; all else is ours."""

    async def complete(ctx: ServerRequestContext[Any, Any], params: CompleteRequestParams) -> HandlerResult:
        if isinstance(params.ref, PromptReference) and params.ref.name == WITH_ARGUMENTS:
            return CompleteResult(completion=Completion(values=[], total=0))
        return await ours(ctx, params)

    return complete


async def static_text() -> str:
    """A text."""
    return "This is the content of the static text resource."


async def static_binary() -> bytes:
    """An image."""
    return base64.b64decode(PNG)


async def watched() -> str:
    """A text to subscribe to."""
    return "Watched resource content"


async def from_template(id: str) -> str:
    """An object with the id of its address."""
    return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


async def simple() -> str:
    return "This is a simple prompt for testing."


async def with_arguments(arg1: str, arg2: str) -> str:
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


async def with_resource(resourceUri: str) -> list[UserMessage]:
    inside = TextResourceContents(
        uri=resourceUri, mime_type="text/plain", text="Embedded resource content for testing."
    )
    return [
        UserMessage(EmbeddedResource(type="resource", resource=inside)),
        UserMessage("Please process the embedded resource above."),
    ]


async def with_image() -> list[UserMessage]:
    return [
        UserMessage(ImageContent(type="image", data=PNG, mime_type="image/png")),
        UserMessage("Please analyze the image above."),
    ]
