"""The suite's tools and its prompt that ask before they answer, as clients of 2026-07-28 are asked.

The first call returns what is asked for; the client comes back with the answers, and with the state that our server
sealed on its way out and opened on its way in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.shared.exceptions import MCPError
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    SamplingMessage,
    TextContent,
)

Asking = Callable[[Context[Any, Any]], Awaitable[str | InputRequiredResult]]


def register(server: MCPServer[Any]) -> None:
    """Add the tools and the prompt to a server."""
    for name, function in _TOOLS.items():
        server.add_tool(function, name=f"test_{name}", structured_output=False)
    server.prompt(name="test_input_required_result_prompt", description="Asks what to write about")(prompt)


def _form(message: str, field: str, kind: str = "string") -> ElicitRequest:
    schema: dict[str, Any] = {"type": "object", "properties": {field: {"type": kind}}, "required": [field]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def _sample(text: str, max_tokens: int) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=TextContent(type="text", text=text))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[message], max_tokens=max_tokens))


def _answer(context: Context[Any, Any], key: str) -> Any:
    return (context.input_responses or {}).get(key)


def _entered(context: Context[Any, Any], key: str, field: str) -> Any:
    """What the person entered in a field, None when the form did not come back filled in."""
    answer = _answer(context, key)
    accepted = isinstance(answer, ElicitResult) and answer.action == "accept" and answer.content
    return accepted.get(field) if accepted else None


async def elicitation(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Asks for a name."""
    name = _entered(context, "user_name", "name")
    if not isinstance(name, str):
        return InputRequiredResult(input_requests={"user_name": _form("What is your name?", "name")})
    return f"Hello, {name}!"


async def sampling(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Asks the client's model for a capital."""
    answer = _answer(context, "capital_question")
    if not isinstance(answer, CreateMessageResult):
        return InputRequiredResult(input_requests={"capital_question": _sample("What is the capital of France?", 100)})
    return answer.content.text if isinstance(answer.content, TextContent) else "No text"


async def list_roots(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Asks for the client's folders."""
    answer = _answer(context, "client_roots")
    if not isinstance(answer, ListRootsResult):
        return InputRequiredResult(input_requests={"client_roots": ListRootsRequest()})
    return ", ".join(str(root.uri) for root in answer.roots)


async def request_state(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Asks, and wants its state back."""
    if context.request_state != "asked" or _entered(context, "confirm", "ok") is None:
        return InputRequiredResult(
            input_requests={"confirm": _form("Please confirm", "ok", "boolean")}, request_state="asked"
        )
    return "state-ok"


async def multiple_inputs(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Asks three things at once."""
    requests = {
        "user_name": _form("What is your name?", "name"),
        "greeting": _sample("Generate a greeting", 50),
        "client_roots": ListRootsRequest(),
    }
    if context.request_state != "asked" or not requests.keys() <= (context.input_responses or {}).keys():
        return InputRequiredResult(input_requests=requests, request_state="asked")
    return "All three answered"


async def multi_round(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Asks one thing after the other."""
    name, colour = _entered(context, "step1", "name"), _entered(context, "step2", "color")
    if context.request_state == "first" and name:
        return InputRequiredResult(
            input_requests={"step2": _form("Step 2: What is your favorite color?", "color")}, request_state="second"
        )
    if context.request_state == "second" and colour:
        return f"Noted: {colour}"
    return InputRequiredResult(
        input_requests={"step1": _form("Step 1: What is your name?", "name")}, request_state="first"
    )


async def capabilities(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Asks only for what the client can do."""
    declared = context.client_capabilities
    if declared and declared.elicitation:
        return InputRequiredResult(input_requests={"user_name": _form("What is your name?", "name")})
    if declared and declared.sampling:
        return InputRequiredResult(input_requests={"greeting": _sample("Generate a greeting", 50)})
    return "Nothing to ask with"


async def missing_capability(context: Context[Any, Any]) -> str | InputRequiredResult:
    """Refuses a client that has no model to ask."""
    declared = context.client_capabilities
    if not declared or not declared.sampling:
        raise MCPError(
            code=MISSING_REQUIRED_CLIENT_CAPABILITY,
            message="This tool needs sampling",
            data={"requiredCapabilities": {"sampling": {}}},
        )
    return "The client can sample"


async def prompt(context: Context[Any, Any]) -> list[UserMessage] | InputRequiredResult:
    """Asks what to write about."""
    subject = _entered(context, "user_context", "context")
    if not isinstance(subject, str):
        question = _form("What context should the prompt use?", "context")
        return InputRequiredResult(input_requests={"user_context": question})
    return [UserMessage(f"Write about {subject}.")]


_TOOLS: dict[str, Asking] = {
    "input_required_result_elicitation": elicitation,
    "input_required_result_sampling": sampling,
    "input_required_result_list_roots": list_roots,
    "input_required_result_request_state": request_state,
    "input_required_result_multiple_inputs": multiple_inputs,
    "input_required_result_multi_round": multi_round,
    "input_required_result_tampered_state": request_state,
    "input_required_result_capabilities": capabilities,
    "streaming_elicitation": elicitation,
    "missing_capability": missing_capability,
}
