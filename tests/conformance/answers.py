"""The suite's tools that answer at once or while they run: content of every kind, progress, log lines, forms.

What each one must do stands in the suite, in the description of the scenario that calls it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

import anyio
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import (
    AudioContent,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    SamplingMessage,
    TextContent,
    TextResourceContents,
)
from pydantic import Field

STEP_SECONDS = 0.05
"""Between two notifications, as the suite wants it: they must not arrive in one piece."""

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
"""One pixel."""

WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
"""One sample of silence."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMA_WITH_EVERY_KEYWORD: dict[str, Any] = {
    "$schema": DIALECT,
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}

SCHEMAS = {"json_schema_2020_12_tool": SCHEMA_WITH_EVERY_KEYWORD}
"""Schemas to publish as they stand; all others come from the signature."""


def register(server: MCPServer[Any]) -> None:
    """Add the tools to a server."""
    for name, function in _TOOLS.items():
        server.add_tool(function, name=name, structured_output=False)


async def simple_text() -> str:
    """A line of text."""
    return "This is a simple text response for testing."


async def image() -> ContentBlock:
    """An image."""
    return ImageContent(type="image", data=PNG, mime_type="image/png")


async def audio() -> ContentBlock:
    """A sound."""
    return AudioContent(type="audio", data=WAV, mime_type="audio/wav")


async def embedded_resource() -> ContentBlock:
    """A resource inside the answer."""
    return _embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")


async def several_kinds() -> list[ContentBlock]:
    """Text, an image and a resource."""
    return [
        TextContent(type="text", text="Multiple content types test:"),
        ImageContent(type="image", data=PNG, mime_type="image/png"),
        _embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ]


def _embedded(uri: str, mime_type: str, text: str) -> EmbeddedResource:
    resource = TextResourceContents(uri=uri, mime_type=mime_type, text=text)
    return EmbeddedResource(type="resource", resource=resource)


async def an_error() -> str:
    """Always fails."""
    raise ToolError("This tool intentionally returns an error for testing")


async def progress(context: Context[Any, Any]) -> str:
    """Reports progress in three steps."""
    for done in (0, 50, 100):
        if done:
            await anyio.sleep(STEP_SECONDS)
        await context.report_progress(done, 100, f"Completed step {done} of 100")
    return "All steps completed"


async def log_lines(context: Context[Any, Any]) -> str:
    """Writes three lines to the client's log."""
    for number, line in enumerate(("Tool execution started", "Tool processing data", "Tool execution completed")):
        if number:
            await anyio.sleep(STEP_SECONDS)
        await context.session.send_log_message("info", line, related_request_id=context.request_id)
    return "Tool with logging executed successfully"


async def closed_stream(context: Context[Any, Any]) -> str:
    """Closes its stream before it answers."""
    await context.close_sse_stream()
    await anyio.sleep(2 * STEP_SECONDS)
    return "Reconnection test completed"


async def sampling(prompt: str, context: Context[Any, Any]) -> str:
    """Has the client's model say something, inside the call."""
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    reply = await context.session.create_message([message], max_tokens=100, related_request_id=context.request_id)
    return f"LLM response: {reply.content.text if isinstance(reply.content, TextContent) else reply.content}"


async def form(message: str, context: Context[Any, Any]) -> str:
    """Puts a form before the person, inside the call."""
    text = {"type": "string", "description": "What the person enters"}
    return await _asked(message, {"username": text, "email": text}, context)


async def form_with_defaults(context: Context[Any, Any]) -> str:
    """Puts a form with a default for every kind of field before the person."""
    fields = {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": True},
    }
    return await _asked("Please provide user information", fields, context)


async def form_with_choices(context: Context[Any, Any]) -> str:
    """Puts a form with every kind of choice before the person."""
    options = ["option1", "option2", "option3"]
    titled = [{"const": "value1", "title": "First option"}, {"const": "value2", "title": "Second option"}]
    fields = {
        "untitledSingle": {"type": "string", "enum": options},
        "titledSingle": {"type": "string", "oneOf": titled},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option one", "Option two"]},
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": options}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled}},
    }
    return await _asked("Please choose", fields, context)


async def _asked(message: str, fields: dict[str, Any], context: Context[Any, Any]) -> str:
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    reply = await context.session.elicit_form(message, schema, related_request_id=context.request_id)
    return f"Elicitation completed: action={reply.action}, content={json.dumps(reply.content)}"


async def tools_changed(context: Context[Any, Any]) -> str:
    """Tells listeners that the list of tools changed."""
    await context.notify_tools_changed()
    return "Told"


async def prompts_changed(context: Context[Any, Any]) -> str:
    """Tells listeners that the list of prompts changed."""
    await context.notify_prompts_changed()
    return "Told"


async def wide_schema(name: str = "") -> str:
    """Publishes a schema with every keyword."""
    return name


async def in_a_header(region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})]) -> str:
    """Takes an argument that travels in a header too."""
    return region


_TOOLS: dict[str, Callable[..., Any]] = {
    "test_simple_text": simple_text,
    "test_image_content": image,
    "test_audio_content": audio,
    "test_embedded_resource": embedded_resource,
    "test_multiple_content_types": several_kinds,
    "test_error_handling": an_error,
    "test_tool_with_progress": progress,
    "test_tool_with_logging": log_lines,
    "test_logging_tool": log_lines,
    "test_reconnection": closed_stream,
    "test_sampling": sampling,
    "test_elicitation": form,
    "test_elicitation_sep1034_defaults": form_with_defaults,
    "test_elicitation_sep1330_enums": form_with_choices,
    "test_trigger_tool_change": tools_changed,
    "test_trigger_prompt_change": prompts_changed,
    "json_schema_2020_12_tool": wide_schema,
    "test_x_mcp_header": in_a_header,
}
