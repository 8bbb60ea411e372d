"""Answers, and the many bodies an error may have (notes, section 4: undocumented, so clients must cope with each)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from typing import Any

from sandbox import contract, json_text
from sandbox.refusals import Refused

_COLLABORATE_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    422: "INVALID_DATA",
    429: "TOO_MANY_REQUESTS",
    503: "SERVICE_UNAVAILABLE",
}
_COLLABORATE_OWN_CODES = frozenset({"FOLDER_NOT_EMPTY", "ILLEGAL_STATE", "NO_RESULTS"})
"""Codes that say more than the status does (contract of Collaborate: Error)."""


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes = b""
    media_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        """Whether the body is a JSON text."""
        return self.media_type is not None and self.media_type.startswith("application/json")


def json_answer(text: str, status: int = 200) -> Answer:
    """An answer from a JSON text."""
    return Answer(status, text.encode("utf-8"), "application/json;charset=UTF-8")


def error(refused: Refused, form: str, system: str) -> Answer:
    """An error answer in the form of the switch `error_body`.

    Platform has plain text where Campaign has JSON: its contract documents nothing else for the filter's answers.
    """
    if form == "json" and system == contract.PLATFORM:
        form = "text"
    if form == "json" and system == contract.COLLABORATE:
        answer = json_answer(json_text.dump(_collaborate_content(refused)), refused.status)
    elif form == "json":
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


def _collaborate_content(refused: Refused) -> dict[str, Any]:
    code = refused.code
    if code not in _COLLABORATE_OWN_CODES:
        code = _COLLABORATE_CODES.get(refused.status, "INTERNAL_ERROR" if refused.status >= 500 else "BAD_REQUEST")
    return {"Status_Code": refused.status, "Error_Code": code, "Error_Message": refused.message}


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
