"""One message of a client, over any transport: read, or refused with the JSON-RPC error that answers it.

The SDK lets such messages go without an answer over stdio, takes a request with a wrong id for a notification, and
knows no id over HTTP; whoever sent them would wait for ever.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pydantic_core
from mcp.types import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    RequestId,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError

HEAD, TAIL = 65536, 4096
"""Bytes at the start and at the end of a long message among which its id is looked for: behind these come arguments."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+')
_LAST_MEMBERS = re.compile(r'(?:,\s*"[^"\\]*"\s*:\s*(?:"[^"\\]*"|-?\d+)\s*)+\}\s*\Z')

_FAULTS = (
    ("hex escape", "It holds half of a character (a lone surrogate such as \\ud800): write the text anew."),
    ("recursion limit", "It is nested too deep: 200 levels are the most."),
    ("number out of range", "It holds a number that is too large."),
    ("unicode code point", "It is not UTF-8: write the text anew."),
)
"""A part of what the parser says, and the same in words that help."""


class Unreadable(Exception):
    """A message that can't be carried out.

    `answers` are errors for whoever sent it: one without an id where none is known, of several messages one for each.
    """

    def __init__(self, code: int, message: str, *requests: RequestId | None) -> None:
        super().__init__(message)
        error = ErrorData(code=code, message=message)
        self.answers = [JSONRPCError(jsonrpc="2.0", id=request, error=error) for request in requests or [None]]


def read(raw: bytes) -> JSONRPCMessage:
    """Read one message, UTF-8 of one JSON object.

    Raises:
        Unreadable: it is no JSON, several messages at once, or not what JSON-RPC calls a message.
    """
    if not raw.strip():
        raise Unreadable(PARSE_ERROR, "The message is empty.")
    try:
        message = jsonrpc_message_adapter.validate_json(raw, by_name=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise Unreadable(PARSE_ERROR, _explain(first["ctx"]["error"]), _request(_members(raw, raw))) from None
        raise _misshapen(pydantic_core.from_json(raw)) from None
    if isinstance(message, JSONRPCNotification) and "id" in pydantic_core.from_json(raw):
        raise Unreadable(INVALID_REQUEST, "The id must be a text or a whole number.")
    return message


def too_long(head: bytes, tail: bytes, most: int) -> Unreadable:
    """The refusal of a message of more than `most` bytes, of which only the start and the end are at hand."""
    said = f"The message is longer than {most / 2**20:g} MiB: send less at once."
    return Unreadable(INVALID_REQUEST, said, _request(_members(head, tail)))


def _explain(said: str) -> str:
    words = next((words for part, words in _FAULTS if part in said), said[:1].upper() + said[1:] + ".")
    return f"The message is not JSON that can be read. {words}"


def _misshapen(found: Any) -> Unreadable:
    if isinstance(found, list):
        requests = [name for each in found if isinstance(each, dict) and (name := _request(each)) is not None]
        return Unreadable(INVALID_REQUEST, "Batches are not taken: send each message by itself.", *requests)
    if not isinstance(found, dict):
        return Unreadable(INVALID_REQUEST, "A message must be a JSON object.")
    request = _request(found)
    if found.get("jsonrpc") != "2.0":
        return Unreadable(INVALID_REQUEST, 'A message must hold "jsonrpc": "2.0".', request)
    if not isinstance(found.get("method"), str):
        return Unreadable(INVALID_REQUEST, "A message must hold a method, which is a text, or answer one.", request)
    return Unreadable(INVALID_PARAMS, "The params must be an object.", request)


def _request(members: dict[str, Any]) -> RequestId | None:
    """The id by which the sender knows the request; that of an answer to us is not one."""
    name = members.get("id")
    if "method" not in members or isinstance(name, bool) or not isinstance(name, int | str):
        return None
    return None if isinstance(name, str) and re.search("[\ud800-\udfff]", name) else name


def _members(head: bytes, tail: bytes) -> dict[str, Any]:
    """The outermost members that are texts or numbers, of JSON that can't be read or is not there as a whole."""
    found = {}
    if len(head) > HEAD or head is not tail:
        last = _LAST_MEMBERS.search(tail[-TAIL:].decode("utf-8", "replace"))
        found = _outermost("{" + last[0].removeprefix(",")) if last else {}
    return found | _outermost(head[:HEAD].decode("utf-8", "replace"))


def _outermost(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    depth, key, valued = 0, "", False
    for (token,) in ((match[0],) for match in _TOKEN.finditer(text)):
        if token in "{[":
            depth += 1
        elif token in "}]":
            depth -= 1
        elif depth == 1 and token in ":,":
            valued = token == ":"
        elif depth == 1 and not valued:
            key = _plain(token)
        elif depth == 1:
            found.setdefault(key, _plain(token))
    return found


def _plain(token: str) -> Any:
    try:
        return json.loads(token)
    except ValueError:
        return None
