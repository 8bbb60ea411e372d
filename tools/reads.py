"""Reading many objects at the same time, a few requests in flight, until a moment if there is one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import anyio

from tools.errors import ToolProblem
from upstream.errors import UpstreamError

Item = TypeVar("Item")
Found = TypeVar("Found")

AT_ONCE = 6


async def each(
    items: Iterable[Item],
    read: Callable[[Item], Awaitable[Found]],
    *,
    until: float = float("inf"),
    at_once: int = AT_ONCE,
) -> dict[Item, Found]:
    """What `read` gives for every item, in the order of the items.

    `until` is a moment of anyio's clock: what was not read by then is missing.

    Raises:
        UpstreamError: the first that a read raised, as itself and not in a group; the other reads are given up.
    """
    wanted = list(dict.fromkeys(items))
    found: dict[Item, Found] = {}
    failures: list[UpstreamError] = []
    limiter = anyio.CapacityLimiter(at_once)

    with anyio.CancelScope(deadline=until):
        async with anyio.create_task_group() as tasks:

            async def one(item: Item) -> None:
                async with limiter:
                    try:
                        found[item] = await read(item)
                    except UpstreamError as error:
                        failures.append(error)
                        tasks.cancel_scope.cancel()

            for item in wanted:
                tasks.start_soon(one, item)
    if failures:
        raise failures[0]
    return {item: found[item] for item in wanted if item in found}


async def each_or_problem(
    items: Iterable[Item], read: Callable[[Item], Awaitable[Found]]
) -> dict[Item, Found | ToolProblem]:
    """As `each`, where a problem with one item (nothing is called so) stands in its place and the others are read.

    Raises:
        UpstreamError: as `each` does.
    """

    async def one(item: Item) -> Found | ToolProblem:
        try:
            return await read(item)
        except ToolProblem as problem:
            return problem

    return await each(items, one)
