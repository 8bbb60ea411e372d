"""The control interface of a sandbox over HTTP: log, switches, settings, held requests, sent messages.

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

    async def answer(self, request: Request) -> Answer:
        """Answer a request below /sandbox/; 400 with a text for what is wrong, 404 and 405 for what is not there."""
        application = self._application
        try:
            match request.method, request.path.removeprefix(CONTROL_MOUNT):
                case "GET", "log":
                    return _json(application.log.since(_numbers(request.query, since=0)["since"]))
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
                case "GET", "held":
                    return await self._held(**_numbers(request.query, count=0, gone=None, seconds=0))
                case "POST", "release":
                    return _json({"released": application.holds.release(_numbers(request.query, seq=None)["seq"])})
                case _, "log" | "switches" | "reset" | "settings" | "sent" | "held" | "release":
                    return _json({"message": f"{request.path} does not take {request.method}"}, 405)
                case _:
                    return _json({"message": f"There is no {request.path}"}, 404)
        except ValueError as error:
            return _json({"message": str(error)}, 400)

    async def _held(self, count: int, gone: int | None, seconds: int) -> Answer:
        """What is held, once so many requests are and one is no more; 408 when that is not so after the seconds."""
        holds = self._application.holds
        if await holds.wait(lambda held: len(held) >= count and gone not in held, seconds):
            return _json({"held": holds.shown()})
        held = holds.shown()
        wanted = f"{len(held)} of {count} requests are held" if gone is None else f"request {gone} is still held"
        return _json({"message": f"{wanted} after {seconds} s", "held": held}, 408)


def _json(value: Any, status: int = 200) -> Answer:
    return json_answer(json_text.dump(value), status)


def _numbers(query: str, **defaults: int | None) -> dict[str, Any]:
    """The parameters of a query, whole numbers all of them; raises ValueError."""
    values = parse_qs(query, keep_blank_values=True)
    if unknown := set(values) - set(defaults):
        raise ValueError(f"unknown parameter {sorted(unknown)[0]!r}; there is: {', '.join(defaults)}")
    for name, (text, *_) in values.items():
        if not text.isascii() or not text.isdigit():
            raise ValueError(f"{name!r} is a whole number")
        defaults[name] = int(text)
    return defaults
