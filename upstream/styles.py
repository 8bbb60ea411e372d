"""Two styles of paths of one API, with a category in front or without, and which of them an installation answers.

The style of a category is learnt by a read, never by a write: whatever a read is answered but 404, 405 and 501 shows
that its style exists. A 404 alone may mean an unknown name or, at Actito, a right that the key lacks; so it is checked
with the cheap read of the category, and where that gives 404 in both styles, nothing is learnt.

Source: Actito, API reference reorganization (both styles); contract (a 404 may hide 401 and 403).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

import anyio

from upstream.errors import Forbidden, NotFound, Refused, RouteMissing, UpstreamError
from upstream.request import Request, Risk


class PathStyle(StrEnum):
    """How paths begin: `/email-campaigns/v4/...`, or as before the reorganisation `/v4/...`."""

    PREFIXED = "prefixed"
    LEGACY = "legacy"


def styled_path(path: str, style: PathStyle, prefix: str = "") -> str:
    """A published path in a style; `prefix` stands in front instead of the published category."""
    category, _, rest = path.removeprefix("/").partition("/")
    return f"/{prefix or category}/{rest}" if style is PathStyle.PREFIXED else f"/{rest}"


class Styles:
    """The style of each category of one session. `send` makes one call in a style; approvals are not its business."""

    def __init__(self, send: Callable[[Request[Any], PathStyle], Awaitable[Any]], forced: PathStyle | None) -> None:
        self._send = send
        self._forced = forced
        self._learnt: dict[str, PathStyle] = {}
        self._learning: dict[str, anyio.Lock] = {}

    def known(self, category: str) -> PathStyle | None:
        """The style that the settings demand or a read has learnt."""
        return self._forced or self._learnt.get(category)

    async def send(self, request: Request[Any]) -> Any:
        """Make a call in the style of its category, which is learnt first where it is not known.

        Raises:
            RouteMissing: a write whose category answered no read in either style; it was not sent.
            UpstreamError: as a session does.
        """
        category = _shown_by(request)
        style = self.known(category)
        if style is None:
            async with self._learning.setdefault(category, anyio.Lock()):
                style = self.known(category)
                if style is None and request.risk is Risk.READ:
                    return await self._read(request, category)
                style = style or await self._learn(request, category)
        try:
            return await self._send(request, style)
        except RouteMissing:
            if request.risk is Risk.READ and self._learnt.get(category) is style:
                del self._learnt[category]
            raise

    async def _read(self, request: Request[Any], category: str) -> Any:
        """Make a read in the first style that exists, which is learnt."""
        cheap = request.cheap_read()
        first: UpstreamError | None = None
        for style in self._order():
            try:
                answer = await self._send(request, style)
            except (Forbidden, Refused):
                self._learnt[category] = style
                raise
            except (NotFound, RouteMissing) as error:
                names_more = isinstance(error, NotFound) and cheap is not None and cheap != request
                if names_more and cheap is not None and await self._exists(cheap, style):
                    self._learnt[category] = style
                    raise
                first = first or error
            else:
                self._learnt[category] = style
                return answer
        assert first is not None
        raise first

    async def _learn(self, request: Request[Any], category: str) -> PathStyle:
        """Find the style of a category by its cheap read, for a write."""
        cheap = request.cheap_read()
        for style in self._order():
            if cheap is not None and await self._exists(cheap, style):
                self._learnt[category] = style
                return style
        said = f"{cheap.operation_id} answered 404 in both styles of paths" if cheap is not None else "no read shows it"
        raise RouteMissing(
            f"{request.operation_id} was not sent: which path this installation has for it is not known, as {said}.",
            advice="The entity or the table may be unknown, or the key may lack the right to read here; where it may "
            "only write, say the style of paths in the settings.",
            status=404,
            operation=request.operation_id,
        )

    async def _exists(self, cheap: Request[Any], style: PathStyle) -> bool:
        try:
            await self._send(cheap, style)
        except (NotFound, RouteMissing):
            return False
        except (Forbidden, Refused):
            return True
        return True

    def _order(self) -> list[PathStyle]:
        """The styles to try: first the one that most other categories were found in."""
        seen = list(self._learnt.values())
        return sorted(PathStyle, key=lambda style: -seen.count(style))


def _shown_by(request: Request[Any]) -> str:
    """The category whose style holds for a request: its own, or that of the only read that there is."""
    cheap = request.cheap_read()
    return cheap.category if cheap is not None else request.category
