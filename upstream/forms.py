"""Families of routes that exist in several forms, such as the offers of v1 and v2: which one an installation has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from upstream.errors import NotFound, RouteMissing
from upstream.request import Request, Risk

T = TypeVar("T")


class Forms:
    """The form of each family that a read has learnt. `send` makes one call."""

    def __init__(self, send: Callable[[Request[Any]], Awaitable[Any]]) -> None:
        self._send = send
        self._learnt: dict[str, str] = {}

    def known(self, family: str) -> str | None:
        """The form of a family, None when no read has learnt it yet."""
        return self._learnt.get(family)

    async def read(
        self,
        family: str,
        forms: Mapping[str, Request[T]],
        prefer: Sequence[str],
        probe: Mapping[str, Request[Any]],
    ) -> T:
        """Make a read in the known form, or in the first that works, which is learnt.

        A 405, or the 404 of a request that names nothing, means that the form is missing. Any other 404 may be an
        unknown id as well: the read in `probe`, which names nothing, decides, and without one all forms are tried.
        """
        for request in [*forms.values(), *probe.values()]:
            if request.risk is not Risk.READ:
                raise ValueError(f"{request.operation_id} is not a read, and forms are learnt by reads only")
        known = self.known(family)
        if known is not None and known in forms:
            try:
                answer: T = await self._send(forms[known])
                return answer
            except RouteMissing:
                self._learnt.pop(family, None)
        return await self._learn(family, forms, prefer, probe)

    async def _learn(
        self, family: str, forms: Mapping[str, Request[T]], prefer: Sequence[str], probe: Mapping[str, Request[Any]]
    ) -> T:
        unknown: NotFound | None = None
        for form in dict.fromkeys([*(each for each in prefer if each in forms), *forms]):
            try:
                answer: T = await self._send(forms[form])
            except RouteMissing:
                continue
            except NotFound as error:
                if form not in probe:
                    unknown = unknown or error
                elif await self._exists(probe[form]):
                    self._learnt[family] = form
                    raise
                continue
            self._learnt[family] = form
            return answer
        if unknown is not None:
            raise unknown
        raise RouteMissing(
            f"This installation answers in none of the known forms of {family} ({', '.join(forms)}).",
            advice="Check the address of the system in the settings; settings can also override a route.",
            status=404,
        )

    async def _exists(self, probe: Request[Any]) -> bool:
        try:
            await self._send(probe)
        except (RouteMissing, NotFound):
            return False
        return True
