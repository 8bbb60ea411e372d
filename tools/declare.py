"""How a function becomes a tool: `finds` for reads, `changes` for writes.

    @finds(GetOffers, SearchOffers, title="Find offers")
    async def offers_find(call: Call, search: Annotated[str, "Words in name or code"] = "") -> Listing:
        "Find offers ..."

    @changes(RetireOffers, RetireOffersV2, title="Retire offers", repeatable=True)
    async def offers_retire(call: Call, offers: Annotated[list[str], "Ids, codes or names"]) -> Plan:
        "Retire offers for good ..."

    @offers_retire.applies
    async def _retire(call: Call, changes: Sequence[Change]) -> list[Outcome]: ...

The docstring is what the assistant reads of the tool, a text in `Annotated` what it reads of a parameter. The request
classes are the routes that the tool may reach: its risk and its hints follow from them.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.listing import Listing
from upstream.request import Request, Risk
from upstream.risk import rule_of

Find = Callable[..., Awaitable[Listing]]
Look = Callable[..., Awaitable[Plan]]
Apply = Callable[[Call, Sequence[Change]], Awaitable[list[Outcome]]]
Follow = Callable[[Call, Sequence[Outcome]], Awaitable[list[Outcome]]]


@dataclass
class Tool:
    """A tool as the code declares it. `repeatable`: a second call with the same arguments changes nothing more.

    `takes_back` are the routes by which it may delete what the same call has made.
    """

    function: Callable[..., Awaitable[Any]]
    title: str
    routes: tuple[type[Request[Any]], ...]
    writes: bool
    repeatable: bool = True
    worst: Risk | None = None
    least: Risk | None = None
    takes_back: tuple[type[Request[Any]], ...] = ()
    apply: Apply | None = field(default=None, repr=False)
    follow: Follow | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def module(self) -> str:
        return self.function.__module__

    @property
    def risk(self) -> Risk:
        """The worst that a call of this tool can do: what was declared, or else what its routes can do."""
        return self.worst or max((rule_of(route).usual for route in self.routes), key=list(Risk).index)

    @property
    def description(self) -> str:
        return " ".join(inspect.cleandoc(self.function.__doc__ or "").split())

    @property
    def mildest(self) -> Risk:
        """The least that a call of this tool can do. What forbids that forbids the tool, the plan decides the rest."""
        return self.least or self.risk

    @property
    def may_reach_customers(self) -> bool:
        rules = [rule_of(route) for route in self.routes]
        risks = {risk for rule in rules for risk in (rule.usual, *(case.risk for case in rule.cases))}
        return Risk.REACHES_CUSTOMERS in risks and self.writes

    def applies(self, function: Apply) -> Apply:
        """Name the half that writes."""
        self.apply = function
        return function

    def follows(self, function: Follow) -> Follow:
        """Name what watches, after the writing half, how that goes on in the system; a cancellation ends it."""
        self.follow = function
        return function


def finds(*routes: type[Request[Any]], title: str) -> Callable[[Find], Tool]:
    """Declare a tool that only reads."""
    return lambda function: Tool(function, title, routes, writes=False)


def changes(
    *routes: type[Request[Any]],
    title: str,
    repeatable: bool = True,
    worst: Risk | None = None,
    least: Risk | None = None,
    takes_back: tuple[type[Request[Any]], ...] = (),
) -> Callable[[Look], Tool]:
    """Declare a tool that writes: the function plans, the one given to `applies` writes.

    `worst` is for a route whose risk depends on a field, such as the one that changes or clears an offer list; `least`
    for a tool that can also do less than that. `takes_back` is for one that makes something in several steps.
    """
    return lambda function: Tool(
        function,
        title,
        routes,
        writes=True,
        repeatable=repeatable,
        worst=worst,
        least=least,
        takes_back=takes_back,
    )
