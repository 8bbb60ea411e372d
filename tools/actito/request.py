"""Any other route of Actito: what an installation's own documentation shows and no other tool has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import ValidationError

from tools.actito import SYSTEM
from tools.actito.ready import GONE, Ready
from tools.actito.typed_routes import tools_for
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from upstream.actito.any_route import AnyActitoRequest, AnyReply, Verb
from upstream.errors import NotFound, OutcomeUnknown, RouteMissing, UpstreamError
from upstream.request import GUARDED, Risk
from upstream.written import text as written

PAGE = 12_000
"""Bytes of an answer that are shown at once, as text and as JSON text."""
LINE = 200
MOST_LINES = 200
OTHER_STYLE = (
    "The path may be wrong, or written in the other style, with or without the category in front; a 404 may also hide "
    "that the key lacks a right."
)
CHECK = "Read with a GET what it should have changed before you do anything else; it was not sent again."


@changes(
    AnyActitoRequest,
    title="Call any other route",
    repeatable=False,
    worst=Risk.REACHES_CUSTOMERS,
    least=Risk.READ,
)
async def actito_request(
    call: Call,
    method: Annotated[Verb, "Verb"],
    path: Annotated[str, "From /"],
    query: Annotated[dict[str, Any], "Values"] = {},
    body: Annotated[dict[str, Any], "JSON object"] = {},
    text: Annotated[str, "Other body"] = "",
    start: Annotated[int, "Character to begin at"] = 0,
) -> Plan:
    """Call a route that no other tool has, as this installation's documentation shows it. Answers are not masked."""
    request = _request(method, path, query, body, text)
    if start < 0 or (start and method != "GET"):
        raise BadArgument("start is for the rest of a long answer to a GET: a number from 1.")
    if typed := tools_for(method, path):
        raise BadArgument(
            f"{method} of this path has tools of its own.", advice=f"Use those whose names begin with {typed}."
        )
    (target,) = request.target_ids()
    change = Change(
        SYSTEM, "request", "send", f"{method} {path}", target.removeprefix("request:"), risk=request.risk, number=""
    )
    call.kept(Ready).keep(change, (request, start))
    sends = Dependents(list(_sent(call, request)), label="Sends")
    if request.risk not in GUARDED:
        return Plan([change], dependents=sends)
    return Plan(
        [change],
        dependents=sends,
        warnings=["What this route does is not known to this product: its documentation counts."],
        final="nobody knows whether what it does can be taken back.",
    )


def _request(method: Verb, path: str, query: Mapping[str, Any], body: Mapping[str, Any], text: str) -> AnyActitoRequest:
    """The request. Raises BadArgument for a path that is none, or values that can't travel."""
    if body and text:
        raise BadArgument("A request has one body: give body, or text.")
    if method == "GET" and (body or text):
        raise BadArgument("A GET has no body: put values into query.")
    content: Any = dict(body) or None
    if text and (found := _json(text)) is not None:
        content, text = found, ""
    try:
        return AnyActitoRequest(
            verb=method, route=path.strip(), query=list(_pairs(query)), body=content, text=text or None
        )
    except ValidationError as error:
        said = error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
        raise BadArgument(
            f"path can't be used: {said}.", advice="Such as /sms-campaigns/v4/entity/MyEntity/campaign."
        ) from None


def _json(text: str) -> list[Any] | dict[str, Any] | None:
    """The list or object that a text is; None for any other text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list | dict) else None


def _pairs(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values of a query; a list gives its name several times."""
    for name, value in query.items():
        for each in value if isinstance(value, list) else [value]:
            if not name or not isinstance(each, str | int | float):
                raise BadArgument(f"query takes texts, numbers, yes or no, and lists of them, not {name[:40]!r}.")
            yield name, written(each)


def _sent(call: Call, request: AnyActitoRequest) -> Iterator[str]:
    """All that is sent, in short lines."""
    base = call.session.address(request.api.name)
    asked = "".join(f"{'&' if place else '?'}{name}={value}" for place, (name, value) in enumerate(request.query))
    yield from _chunks(f"{request.verb} {base}{request.route}{asked}")
    yield from _chunks(request.text or "")
    lines = list(_flat("", request.body)) if request.body is not None else []
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"and {len(lines) - MOST_LINES} values more"


def _chunks(text: str) -> Iterator[str]:
    whole = text[: MOST_LINES * LINE]
    for place in range(0, len(whole), LINE):
        yield whole[place : place + LINE]
    if len(text) > len(whole):
        yield f"and {len(text) - len(whole)} characters more"


def _flat(name: str, value: Any) -> Iterator[str]:
    """`a.b.1: value` for every value of a body."""
    items = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else ()
    if not isinstance(value, dict | list) or not value:
        yield from _chunks(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    for key, each in items:
        yield from _flat(f"{name}.{key}" if name else str(key), each)


@actito_request.applies
async def _send(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    (change,) = changes
    found: tuple[AnyActitoRequest, int] | None = call.kept(Ready).of(change)
    if found is None:
        return [Outcome(change, "refused", f"Not sent: {GONE}")]
    request, start = found
    try:
        reply = await call.send(request)
    except UpstreamError as error:
        error.message = error.message.replace(request.operation, f"{request.verb} of this path")
        if isinstance(error, OutcomeUnknown):
            return [Outcome(change, "unknown", f"{CHECK} {error.message}")]
        if isinstance(error, NotFound | RouteMissing):
            error.advice = OTHER_STYLE
        raise
    kind, said = _readable(reply)
    piece = _piece(said[start:])
    reason = f"answered {reply.status}{f', {kind}' if kind else ''}"
    if reply.location:
        reason += f", Location {reply.location}"
    if len(piece) < len(said) - start:
        shown = f"characters {start} to {start + len(piece)} of {len(said)} are shown"
        more = f"the rest by start={start + len(piece)}" if request.verb == "GET" else "the rest is cut"
        reason += f"; {shown}, {more}"
    elif start and not piece:
        reason += f"; it ends at character {len(said)}"
    return [Outcome(change, "done", reason, said=piece)]


def _readable(reply: AnyReply) -> tuple[str, str]:
    """What an answer is in words, and its text: JSON in one line, other texts as they are, of anything else nothing."""
    size = f"{len(reply.content):,} bytes"
    if not reply.content.strip():
        return "without a body", ""
    try:
        return f"JSON, {size}", json.dumps(json.loads(reply.text), ensure_ascii=False)
    except (ValueError, RecursionError):
        pass
    kind = reply.media_type or "of no said type"
    if b"\0" in reply.content[:1000] or "\ufffd" in reply.text[:1000]:
        return f"{kind}, {size} that are no text and not shown", ""
    return f"{kind}, {size}", reply.text


def _piece(text: str) -> str:
    """As much of the beginning as fits, also as a JSON text."""
    length = min(len(text), PAGE)
    while (size := len(json.dumps(text[:length], ensure_ascii=False).encode("utf-8", "surrogatepass"))) > PAGE:
        length = min(length - 1, length * PAGE // size)
    return text[:length]
