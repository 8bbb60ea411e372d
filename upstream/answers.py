"""Reading what came back: into the type of the route, or into an error that says what happened and what to do.

Answers are read leniently (bare strings, empty bodies of writes, byte order marks), since most bodies of the systems
are not documented; error bodies may be JSON, text, an HTML page of the application server, or nothing.
"""

from __future__ import annotations

import gc
import html
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from upstream import refusals
from upstream.errors import (
    NotFound,
    OutcomeUnknown,
    Refused,
    RouteMissing,
    Throttled,
    Unavailable,
    Unreadable,
    UpstreamError,
)
from upstream.http import Loss, Reply
from upstream.limits import Again, retry_after
from upstream.moment import Dates, Reading
from upstream.record import Record
from upstream.replies import WholeReply
from upstream.request import Request, Risk

EXCERPT = 200
PASSING = (502, 503, 504)
LARGE = 1_000_000
"""Bytes of an answer that is read without looking for garbage meanwhile."""

_ADDRESS = re.compile(r"(?<![\w.+-])(\w)[\w.+'-]{0,63}@(?=\w)")
"""An e-mail address up to its host: whom an error of a campaign system names is nobody else's business."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, as far as its outcome depends on it.

    `carries`: the request names something (ids, values) that may be unknown; `belongs_to` says what where that is whose
    objects are meant and no more; `collection`: it may find nothing to list.
    `again_when_busy`: a 429 proves that nothing happened, so the same request may be sent again. `right` is what the
    account needs, where the system names its rights.
    """

    system: str
    api: str
    base: str
    operation: str
    reads: bool
    carries: bool
    collection: bool = False
    belongs_to: str = ""
    rights_by_401: bool = False
    hide: tuple[str, ...] = field(default=(), repr=False)
    again_when_busy: bool = False
    right: str = ""

    @classmethod
    def of(cls, request: Request[Any], system: str, base: str) -> Sent:
        naming = {
            name: at.place
            for name, at in request.places()
            if name != request.chooser
            and (at.place == "path" or not request.collection)
            and getattr(request, name) not in (None, [])
        }
        objects = any(name != request.belongs_to and place != "query" for name, place in naming.items())
        risk = request.risk
        return cls(
            system,
            request.api.name,
            base,
            request.operation_id,
            reads=risk is Risk.READ,
            carries=bool(naming),
            collection=request.collection,
            belongs_to=request.belongs_to if not objects else "",
            # What reaches customers is never sent a second time, whatever a status says.
            again_when_busy=risk is Risk.READ or (request.api.busy_before_work and risk is not Risk.REACHES_CUSTOMERS),
            right=request.right,
            rights_by_401=request.api.rights_by_401,
            hide=request.secrets(),
        )


def read(request: Request[Any], sent: Sent, reply: Reply, dates: Dates | None = None) -> Any:
    """The body of a success as the type of the route; `dates` reads its moments, and learns how they are written.

    Raises:
        Unreadable: a read whose body is not what the route answers.
        OutcomeUnknown: the same of a write, which most likely happened and must not be sent again.
    """
    kind = request.answer_type()
    if isinstance(kind, type) and issubclass(kind, WholeReply):
        if (answer := kind.of(reply, is_page(reply))) is None:
            raise _unreadable(sent, reply, "a page for people (HTML)")
        return answer
    reader, texts = request.reader(), _takes_text(kind)
    body = reply.content.removeprefix(b"\xef\xbb\xbf").strip()
    if is_page(reply):
        raise _unreadable(sent, reply, "a page for people (HTML)")
    if body in (b"", b"null"):
        for nothing in _nothings(request, sent):
            try:
                return reader.validate_python(nothing)
            except ValidationError:
                continue
    if not body:
        raise _unreadable(sent, reply, "an empty body")
    if reply.charset not in ("utf-8", "ascii"):
        body = reply.text.strip().encode()
    reason = ""
    try:
        with _without_collections(len(body)):
            return _validated(reader, body, dates or Dates())
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        reason = f"not the data of this route ({first['type']}{f' at {place}' if place else ''})"
    if texts and body != b"null" and body[:1] not in (b"{", b"["):
        return reader.validate_python(body.decode("utf-8", "replace"))
    raise _unreadable(sent, reply, reason)


def _validated(reader: TypeAdapter[Any], body: bytes, dates: Dates) -> Any:
    """The body as the reader makes it; once more where the end of it shows how dates at its beginning are meant."""
    while True:
        leant, learnt = dates.leant, dates.learnt
        answer = reader.validate_json(body, context=Reading(dates))
        if dates.leant == leant or dates.learnt == learnt:
            return answer


@contextmanager
def _without_collections(size: int) -> Iterator[None]:
    """Reading 30,000 offers makes a million objects and no garbage; looking for some costs as much as the reading."""
    pause = size > LARGE and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


def lacks_right(sent: Sent, reply: Reply) -> bool:
    """Whether a 401 says that the account lacks a right, so that no other token helps. Inferred: the word for it."""
    return reply.status == 401 and sent.rights_by_401 and "permission" in excerpt(reply, sent.hide).casefold()


def failure(sent: Sent, outcome: Reply | Loss) -> UpstreamError | Again:
    """What a lost call or an answer other than a success means; `Again` where the same call may be sent once more.

    A 401 is for this function only where it `lacks_right`: else the account has to answer it.
    """
    if isinstance(outcome, Loss):
        return _lost(sent, outcome)
    status, name = outcome.status, sent.operation
    said = excerpt(outcome, sent.hide)
    match status:
        case _ if 300 <= status < 400:
            return refusals.redirected(sent.system, sent.api, name, _target(outcome), status)
        case 401:
            return refusals.no_right(sent.system, name, said)
        case 403:
            # A login comes before every read, all other writes after one.
            writes = not sent.reads and sent.operation not in ("login", "logout")
            return refusals.forbidden(sent.system, sent.api, sent.base, name, said, writes=writes, right=sent.right)
        case 404 if sent.carries or (sent.collection and not is_page(outcome)):
            advice = f"Check the {sent.belongs_to}." if sent.belongs_to else "Look the id up again."
            if sent.collection:
                advice = "There is nothing to list, or what holds it is gone."
            if sent.right:
                advice += f" A 404 may also hide that the key lacks the right {sent.right}, or may not use this entity."
            return NotFound(f"{name}: not found (404){said}.", advice=advice, status=404, operation=name)
        case 404 | 405 | 501:
            return RouteMissing(
                f"This installation does not have {name} in this form ({status}){said}.",
                advice=f"Check {refusals.address_setting(sent.system, sent.api)}; settings can override the route.",
                status=status,
                operation=name,
            )
        case 429:
            return _throttled(sent, outcome)
        case _ if 400 <= status < 500:
            return Refused(
                f"{name} was refused ({status}){said}.",
                advice="Nothing was changed; correct the request before sending it again.",
                status=status,
                operation=name,
            )
    if not sent.reads:
        return OutcomeUnknown(
            f"{name} was sent, and the server failed with {status}{said}: whether it happened is not known.",
            advice="Look at the object before doing anything again.",
            status=status,
            operation=name,
        )
    wait = retry_after(outcome.headers.get("retry-after", ""))
    error = Unavailable(
        f"{name} failed on the server ({status}){said}.",
        advice=f"Try again in {wait:.0f} s." if wait else "Try again; if it lasts, look into the server's log.",
        status=status,
        operation=name,
    )
    return Again(error, wait) if status in PASSING else error


def excerpt(reply: Reply, hide: Sequence[str] = ()) -> str:
    """What a body says, to follow a sentence: ` and said "..."` in one line of at most 200 characters, or nothing.

    Markup, control and direction characters are removed, the texts in `hide` replaced, and e-mail addresses masked.
    """
    said = _message(reply)
    for secret in filter(None, hide):
        said = said.replace(secret, "***")
    said = _ADDRESS.sub(r"\1***@", said)
    said = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in said)
    said = " ".join(said.replace('"', "'").split())
    if not said:
        return ""
    return f' and said "{said[: EXCERPT - 1] + "…" if len(said) > EXCERPT else said}"'


_TOLD = ("message", "errorMessage", "Error_Message", "error", "detail", "details", "description", "title")
"""Where bodies of errors tell what was wrong, or the first of a list in them does."""


def _message(reply: Reply) -> str:
    text = reply.text[:20_000]
    if is_page(reply):
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        bare = re.sub(r"<(script|style)\b.*?(</\1>|\Z)|<!--.*?(-->|\Z)", " ", text, flags=re.IGNORECASE | re.DOTALL)
        return html.unescape(re.sub(r"<[^>]*(>|\Z)", " ", title[1] if title and title[1].strip() else bare))
    try:
        value = json.loads(text)
    except ValueError:
        return re.sub(r"<[^>]*(>|\Z)", " ", text)
    if isinstance(value, dict):
        listed = [each[0] for each in value.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
        told = (each.get(key) for each in (value, *listed) for key in _TOLD)
        value = next((each for each in told if isinstance(each, str) and each.strip()), value)
    return re.sub(r"<[^>]*(>|\Z)", " ", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def is_page(reply: Reply) -> bool:
    start = reply.content.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].lower()
    return reply.media_type in ("text/html", "application/xhtml+xml") or start.startswith((b"<!doctype html", b"<html"))


def _nothings(request: Request[Any], sent: Sent) -> Sequence[object]:
    """What an empty body may stand for: a write has nothing to say, a read can't be answered by it."""
    if not sent.reads:
        return ("", None)
    return (None,) if type(None) in get_args(request.answer_type()) else ()


def _takes_text(kind: Any) -> bool:
    """Whether the answer type is text, or may be."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _takes_text(get_args(kind)[0])
    if origin in (Union, UnionType):
        return any(_takes_text(each) for each in get_args(kind))
    return kind is str or (isinstance(kind, type) and issubclass(kind, Record) and kind.takes_text)


def _unreadable(sent: Sent, reply: Reply, what: str) -> UpstreamError:
    said = excerpt(reply, sent.hide)
    if sent.reads:
        return Unreadable(
            f"{sent.operation} answered {reply.status} with {what}{said}.",
            advice=f"Does {refusals.address_setting(sent.system, sent.api)} lead to the application itself?",
            status=reply.status,
            operation=sent.operation,
        )
    return OutcomeUnknown(
        f"{sent.operation} reported success ({reply.status}) with {what}{said}: the change has probably been made.",
        advice="Look at the object; do not send it again.",
        status=reply.status,
        operation=sent.operation,
    )


def _lost(sent: Sent, loss: Loss) -> UpstreamError | Again:
    if not loss.left:
        error = refusals.unreached(sent.system, sent.api, sent.base, sent.operation, loss)
        return Again(error) if loss.kind == "unreachable" else error
    if sent.reads and loss.kind == "too_large":
        return Unreadable(
            f"{sent.operation} answered more than is read: {loss.detail}.",
            advice="Ask for less, or fetch it in the system's own interface.",
            operation=sent.operation,
        )
    if sent.reads:
        return Again(
            Unavailable(
                f"{sent.operation} got no answer: {loss.detail}.",
                advice="Try again; if it lasts, look at the server and the network.",
                operation=sent.operation,
            )
        )
    return OutcomeUnknown(
        f"{sent.operation} was sent and its answer was lost ({loss.detail}): whether it happened is not known.",
        advice="Look at the object before doing anything again; it was not sent a second time.",
        operation=sent.operation,
    )


def _throttled(sent: Sent, reply: Reply) -> UpstreamError | Again:
    wait = retry_after(reply.headers.get("retry-after", ""))
    when = f"in {wait:.0f} s" if wait else "a little later"
    unchanged = "" if sent.reads else " Nothing was changed."
    error = Throttled(
        f"{sent.system} takes no more requests for the moment (429){excerpt(reply, sent.hide)}.{unchanged}",
        wait=wait,
        advice=f"Try again {when}.",
        operation=sent.operation,
    )
    return Again(error, wait) if sent.reads or sent.again_when_busy else error


def _target(reply: Reply) -> str:
    try:
        parts = urlsplit(reply.headers.get("location", ""))
        target = f"{parts.hostname or ''}{parts.path.partition(';')[0]}"
    except ValueError:
        return ""
    return "".join(character for character in target if character.isprintable())[:100]
