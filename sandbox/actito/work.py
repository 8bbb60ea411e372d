"""What an operation has to work with while it answers one request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import json_text
from sandbox.accounts import ApiKey
from sandbox.actito import moments
from sandbox.answers import Answer, json_answer
from sandbox.clock import Clock
from sandbox.reading import Arguments
from sandbox.refusals import Refused
from sandbox.rows import Rows
from sandbox.switches import Switches

DONE = Answer(200)
NO_CONTENT = Answer(204)


@dataclass(frozen=True)
class Work(Rows):
    """Data, key, switches and clock of one request.

    `base` is the base address, `entity` the one in the address or "".
    """

    key: ApiKey
    switches: Switches
    clock: Clock
    base: str
    operation: str
    entity: str = ""

    def now(self) -> str:
        """This moment as it is stored and answered."""
        return moments.write(self.clock.now())

    def created(self, path: str, id_: str | int, **more: Any) -> Answer:
        """201 with IdString and the address of the new object (actito-notes, section 7: 201 and Location)."""
        answer = json_answer(json_text.dump({"id": id_, **more}), 201)
        return Answer(201, answer.body, answer.media_type, {"location": self.base + path})

    def capped(self, number: int | None) -> int:
        """How many rows a search may answer; 400 for a `number` below one."""
        if number is not None and number < 1:
            raise invalid("number must be 1 or more")
        most = self.switches.actito_most_rows
        return most if number is None else min(number, most)


def one(content: Any, status: int = 200) -> Answer:
    """An answer with a JSON value."""
    return json_answer(json_text.dump(content), status)


def invalid(message: str) -> Refused:
    """400 for a request that follows the contract and fails on what the licence holds (contract: E400)."""
    return Refused(400, message)


def not_found(kind: str, name: object) -> Refused:
    """404 for something that the entity does not have."""
    return Refused(404, f"{kind} {str(name)[:80]!r} not found")


Handler = Callable[[Work, Arguments], Answer]
"""Does the work of one operation; raises Refused."""

HANDLERS: dict[str, Handler] = {}


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of an operation of the contract."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

    return register
