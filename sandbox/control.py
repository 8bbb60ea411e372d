"""The control interface of a sandbox over HTTP, for tests in other processes: log, switches, settings, sent messages.

Never authenticated, never logged and outside the strict check; it is no part of any campaign system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from sandbox import json_text
from sandbox.answers import Answer, json_answer
from sandbox.reading import Request

if TYPE_CHECKING:
    from sandbox.app import Application

CONTROL_MOUNT = "/sandbox/"


class Control:
    """Answers the control requests of one application."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def answer(self, request: Request) -> Answer:
        """Answer a request below /sandbox/; 400 with a text for what is wrong, 404 and 405 for what is not there."""
        application = self._application
        try:
            match request.method, request.path.removeprefix(CONTROL_MOUNT):
                case "GET", "log":
                    return _json(application.log.since(_since(request.query)))
                case "DELETE", "log":
                    application.log.clear()
                    return _json({"entries": [], "last": application.log.since(0)["last"]})
                case "GET", "switches":
                    return _json(application.switches.as_json())
                case "PATCH", "switches":
                    changes = json_text.parse(request.body.decode("utf-8"))
                    application.switch(application.switches.changed(changes))
                    return _json(application.switches.as_json())
                case "POST", "reset":
                    application.reset()
                    return _json({"reset": True})
                case "GET", "settings":
                    return _json(application.settings)
                case "GET", "sent":
                    return _json({"sent": application.actito.sent()})
                case _, "log" | "switches" | "reset" | "settings" | "sent":
                    return _json({"message": f"{request.path} does not take {request.method}"}, 405)
                case _:
                    return _json({"message": f"There is no {request.path}"}, 404)
        except ValueError as error:
            return _json({"message": str(error)}, 400)


def _json(value: Any, status: int = 200) -> Answer:
    return json_answer(json_text.dump(value), status)


def _since(query: str) -> int:
    values = parse_qs(query, keep_blank_values=True)
    unknown = set(values) - {"since"}
    if unknown:
        raise ValueError(f"unknown parameter {sorted(unknown)[0]!r}; there is: since")
    text = values.get("since", ["0"])[0]
    if not text.isascii() or not text.isdigit():
        raise ValueError("'since' is a sequence number of the log")
    return int(text)
