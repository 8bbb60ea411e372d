"""Answers, and the many bodies an error may have (notes, section 4: undocumented, so clients must cope with each)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from typing import Any

from sandbox import contract, json_text
from sandbox.refusals import Refused


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes = b""
    media_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(text: str, status: int = 200) -> Answer:
    """An answer from a JSON text."""
    return Answer(status, text.encode("utf-8"), "application/json;charset=UTF-8")


def error(refused: Refused, form: str, system: str) -> Answer:
    """An error answer in the form of the switch `error_body`.

    Platform has plain text where Campaign has JSON: its contract documents nothing else for the filter's answers.
    """
    if form == "json" and system == contract.PLATFORM:
        form = "text"
    if form == "json":
        content: dict[str, Any] = {"message": refused.message}
        if refused.code is not None:
            content = {"errorCode": refused.code, **content}
        answer = json_answer(json_text.dump(content), refused.status)
    elif form == "text":
        answer = Answer(refused.status, refused.message.encode("utf-8"), "text/plain;charset=UTF-8")
    elif form == "html":
        answer = html_page(refused.status, refused.message)
    else:
        answer = Answer(refused.status)
    return Answer(answer.status, answer.body, answer.media_type, refused.headers)


def html_page(status: int, message: str = "") -> Answer:
    """The error page of an application server, which reaches clients when the application itself does not answer."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"
    page = (
        f'<!doctype html><html lang="en"><head><title>HTTP Status {status} - {phrase}</title></head><body>'
        f"<h1>HTTP Status {status} - {phrase}</h1><hr/><p><b>Message</b> {escape(message or phrase)}</p>"
        "<p><b>Description</b> The server could not complete the request.</p><hr/><h3>Application Server</h3>"
        "</body></html>"
    )
    return Answer(status, page.encode("utf-8"), "text/html;charset=UTF-8")


def renamed_keys(value: Any, names: Mapping[str, str]) -> Any:
    """A JSON value with some keys renamed, at every depth (switch `rename`, response_fields)."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed_keys(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed_keys(item, names) for item in value]
    return value
