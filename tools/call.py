"""All that a tool function is handed besides its arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

import anyio

from tools.change import Change
from tools.clock import Clock, of_machine
from upstream.approval import Approval
from upstream.request import Request, Risk

if TYPE_CHECKING:
    from upstream.session import Session

T = TypeVar("T")

Progress = Callable[[float, float | None, str], Awaitable[None]]
"""Tells the person how far a call is: done, of how many (None when unknown), and a short text."""


async def _silent(done: float, total: float | None, text: str) -> None:
    return None


@dataclass(frozen=True)
class Made(Generic[T]):
    """What the system answered to a request that made something new, and the way to have that deleted again.

    `take_back` gives an empty text when it is deleted, else why it was left; it raises as `Session.send` does.
    """

    answer: T
    take_back: Callable[[], Awaitable[str]]


class Maker(Protocol):
    """Sends what makes something new, and deletes exactly that when the same call asks for it."""

    async def make(self, request: Request[T]) -> Made[T]: ...


class Writer(Protocol):
    """Sends what writes, and records it before it leaves."""

    async def send(self, request: Request[T], changes: Sequence[Change]) -> T: ...


async def _left() -> str:
    return "this call can't delete anything"


@dataclass(frozen=True)
class Call:
    """One call of a tool: the session it works in, where and when it runs, and how it reports.

    `environment` is the word shown to people (`production`, `sandbox` ...), `time_zone` the zone in which dates are
    read and written, `clock` tells what moment it is, `deadline` a moment of anyio's clock by which the tool gives what
    it has, `options` settings of the system that a tool may need (`offers_api`, `offers_v2_verbs`, `upload_folders` as
    a JSON list, `upload_max_bytes`, `actito_api`, `actito_entity`). `answering` tells that the call comes with a
    person's answer: what was searched for the question is looked at again (`tools.search`), and nothing else. `writer`
    and `maker` are there while a tool writes.
    """

    session: Session
    environment: str
    time_zone: ZoneInfo
    deadline: float = float("inf")
    progress: Progress = _silent
    approval: Approval | None = None
    answering: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    writer: Writer | None = None
    maker: Maker | None = None
    clock: Clock = of_machine

    def now(self) -> datetime:
        """This moment, in the time zone of the call."""
        return self.clock().astimezone(self.time_zone)

    async def send(self, request: Request[T], changes: Sequence[Change] = ()) -> T:
        """Send one request, under the approval of this call if there is one. What writes is recorded before.

        `changes` are those that the request makes, where there are several and it does not name their objects.
        """
        if self.writer is not None and request.risk is not Risk.READ:
            return await self.writer.send(request, changes)
        return await self.session.send(request, approval=self.approval)

    async def make(self, request: Request[T]) -> Made[T]:
        """Send a request that makes something new, which this call may take back when a later step of it fails.

        What is deleted then is what the system's answer names, if the request class says how (`taken_back`).
        """
        return await self.maker.make(request) if self.maker else Made(await self.send(request), _left)

    def approved(self, approval: Approval | None) -> Call:
        return replace(self, approval=approval)

    def seconds_left(self) -> float:
        return self.deadline - anyio.current_time()

    def kept(self, kind: type[Any]) -> Any:
        """The one object of this kind that hangs on the session: caches live there, so that people don't share rows."""
        return self.session.attached(kind)
