"""What an operation has to work with while it answers one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sandbox import json_text
from sandbox.accounts import Account
from sandbox.answers import Answer, json_answer
from sandbox.clock import Clock
from sandbox.collaborate import moments
from sandbox.collaborate.kinds import KINDS, TREES, Kind, Tree
from sandbox.collaborate.refusals import no_results, unacceptable
from sandbox.reading import Arguments
from sandbox.rows import Rows
from sandbox.switches import Switches

NO_CONTENT = Answer(204)


@dataclass(frozen=True)
class Work(Rows):
    """Data, account, switches and clock of one request.

    `base` is the address of the API up to and with `/v1`.
    """

    account: Account
    base: str
    switches: Switches
    clock: Clock

    def now(self) -> str:
        """This moment as it is stored and answered."""
        return moments.write(self.clock.now())

    def today(self) -> str:
        """The day with which changes are dated."""
        return self.clock.today().isoformat()

    def policy(self, name: str) -> str:
        """The name itself; 422 for an unknown security policy."""
        if self.row("SELECT 1 FROM security_policies WHERE name = ?", name) is None:
            raise unacceptable(f"There is no security policy {name[:80]!r}.")
        return name

    def collection(self, items: Iterable[Any]) -> Answer:
        """200 with the items; without any 404, or what the switch `empty_collections` says."""
        listed = list(items)
        if not listed and self.switches.empty_collections == "404":
            raise no_results()
        return json_answer(json_text.dump(listed))

    def created(self, path: str, content: Any = None) -> Answer:
        """201 with the address of the new object, and its description where the contract has one."""
        headers = {"location": self.base + path} if self.switches.location else {}
        if content is None:
            return Answer(201, headers=headers)
        answer = json_answer(json_text.dump(content), 201)
        return Answer(201, answer.body, answer.media_type, headers)


def one(content: Any) -> Answer:
    """200 with one object."""
    return json_answer(json_text.dump(content))


Handler = Callable[[Work, Arguments], Answer]
"""Does the work of one operation; raises Refused."""

HANDLERS: dict[str, Handler] = {}


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of an operation of the contract."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = handler
        return handler

    return register


def for_trees(pattern: str) -> Callable[[TreeHandler], TreeHandler]:
    """Make a function the handler of an operation of both trees; `{}` in the operationId stands for the tree."""

    def register(handler: TreeHandler) -> TreeHandler:
        for tree in TREES:
            HANDLERS[pattern.format(tree.word)] = partial(handler, tree)
        return handler

    return register


def for_kinds(pattern: str) -> Callable[[KindHandler], KindHandler]:
    """Make a function the handler of an operation of all three kinds; `{}` in the operationId stands for the kind."""

    def register(handler: KindHandler) -> KindHandler:
        for kind in KINDS:
            HANDLERS[pattern.format(kind.word)] = partial(handler, kind)
        return handler

    return register


TreeHandler = Callable[[Tree, Work, Arguments], Answer]
KindHandler = Callable[[Kind, Work, Arguments], Answer]
