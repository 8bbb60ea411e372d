"""The body of an error: not documented (actito-notes, section 7), so clients have to cope with each of these.

JSON has the keys of the contract's placeholder Error: `code` and `message` in v4, `errors` in v5.
"""

from __future__ import annotations

from typing import Any

from sandbox import json_text
from sandbox.answers import Answer, html_page, json_answer
from sandbox.refusals import Refused

_FORMS = ("json", "empty", "html")


class ErrorBodies:
    """Writes error answers; with the form `mixed` they take turns."""

    def __init__(self) -> None:
        self._turn = 0

    def answer(self, refused: Refused, form: str, path: str) -> Answer:
        """An error answer in the form of the switch `actito_error_body`; `path` tells v4 from v5."""
        if form == "mixed":
            form = _FORMS[self._turn % len(_FORMS)]
            self._turn += 1
        if form == "empty":
            return Answer(refused.status, headers=refused.headers)
        if form == "html":
            page = html_page(refused.status, refused.message)
            return Answer(page.status, page.body, page.media_type, refused.headers)
        if "/v5/" in path:
            content: dict[str, Any] = {
                "errors": [{"code": refused.code or str(refused.status), "message": refused.message}]
            }
        else:
            content = {"code": refused.status, "message": refused.message}
        answer = json_answer(json_text.dump(content), refused.status)
        return Answer(answer.status, answer.body, answer.media_type, refused.headers)
