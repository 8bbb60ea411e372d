"""All that a tool function is handed besides its arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import anyio

from upstream.approval import Approval
from upstream.request import Request

if TYPE_CHECKING:
    from upstream.session import Session

T = TypeVar("T")

Progress = Callable[[float, float | None, str], Awaitable[None]]
"""Tells the person how far a call is: done, of how many (None when unknown), and a short text."""


async def _silent(done: float, total: float | None, text: str) -> None:
    return None


@dataclass(frozen=True)
class Call:
    """One call of a tool: the session it works in, where and when it runs, and how it reports.

    `environment` is the word shown to people (`production`, `sandbox` ...), `time_zone` the zone in which dates are
    read and written, `deadline` a moment of anyio's clock by which the tool gives what it has, `options` settings of
    the system that a tool may need (`offers_api`, `offers_v2_verbs`, `upload_folders` as a JSON list,
    `upload_max_bytes`, `actito_api`,
    `actito_entity`). `answering` tells that the call comes with a person's answer: what was found for the question
    serves again, so that the question stays the one that was answered.
    """

    session: Session
    environment: str
    time_zone: ZoneInfo
    deadline: float = float("inf")
    progress: Progress = _silent
    approval: Approval | None = None
    answering: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    async def send(self, request: Request[T]) -> T:
        """Send one request, under the approval of this call if there is one."""
        return await self.session.send(request, approval=self.approval)

    def approved(self, approval: Approval | None) -> Call:
        return replace(self, approval=approval)

    def seconds_left(self) -> float:
        return self.deadline - anyio.current_time()

    def kept(self, kind: type[Any]) -> Any:
        """The one object of this kind that hangs on the session: caches live there, so that people don't share rows."""
        return self.session.attached(kind)
