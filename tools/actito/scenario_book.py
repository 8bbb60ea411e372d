"""Scenarios of profile tables: to which one a name means. They are read anew each time, for their state changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools import reads
from tools.actito.table_book import Tables
from tools.actito.table_structure import Kind, Table
from tools.call import Call
from tools.errors import Ambiguous, UnknownName
from tools.nearest import nearest
from upstream.actito.scenarios import ListScenarios, Scenario
from upstream.errors import Forbidden, NotFound, UpstreamError

RUNNING = "running"
"""The state in which a scenario takes profiles. Inferred: its name."""


@dataclass(frozen=True)
class Listed:
    """A scenario of a table."""

    table: Table
    scenario: Scenario

    @property
    def name(self) -> str:
        """What people call it."""
        return self.scenario.display_name or self.scenario.name

    @property
    def state(self) -> str:
        """In words, such as `running`; empty where Actito does not say it."""
        return self.scenario.state.replace("_", " ").lower()

    @property
    def line(self) -> str:
        """It among others, told apart by its technical name."""
        known = [each for each in (self.scenario.display_name, self.table.name, self.state) if each]
        return f"{self.scenario.name} ({', '.join(known)})"


async def scenarios_of(call: Call, entity: str, table: str) -> tuple[list[Listed], list[str]]:
    """The scenarios of a profile table, or of all of the entity where none is named; and the tables left out.

    A table is left out when it is not named and the key may not read its scenarios.

    Raises:
        UnknownName: there is no such table.
        UpstreamError: they could not be read, of any table.
    """
    book: Tables = call.kept(Tables)
    if table.strip():
        tables: Sequence[Table] = [await book.one(call, entity, table, Kind.PROFILES)]
    else:
        try:
            tables = await book.all(call, entity, Kind.PROFILES)
        except (Forbidden, NotFound) as problem:
            advice = f"Name the table: its scenarios may be read without the list of tables. {problem.advice}"
            raise type(problem)(
                problem.message, advice=advice, status=problem.status, operation=problem.operation
            ) from None
    problems: dict[str, UpstreamError] = {}

    async def read(place: int) -> Sequence[Scenario]:
        try:
            return await call.send(ListScenarios(entity=entity, table=tables[place].name))
        except (Forbidden, NotFound) as problem:
            problems[tables[place].name] = problem
            return []

    found = await reads.each(range(len(tables)), read)
    if problems and len(problems) == len(tables):
        raise next(iter(problems.values()))
    return [Listed(tables[place], each) for place, some in found.items() for each in some], list(problems)


async def one(call: Call, entity: str, table: str, reference: str) -> Listed:
    """The scenario that is meant, by technical name or display name; the table may be left out where only one has it.

    Raises:
        UnknownName: there is none, with the nearest.
        Ambiguous: several have the name.
        UpstreamError: the scenarios could not be read.
    """
    known, left_out = await scenarios_of(call, entity, table)
    wanted = reference.strip()
    exact = [each for each in known if wanted and wanted == each.scenario.name]
    shown = [each for each in known if wanted and wanted == each.scenario.display_name]
    loose = [each for each in known if wanted.casefold() in (each.scenario.name.casefold(), each.name.casefold())]
    found = exact or shown or loose
    if not found:
        names = {name: each for each in known for name in (each.scenario.name, each.name)}
        near = dict.fromkeys(names[name].line for name in nearest(wanted, names))
        where = f" Of {', '.join(left_out)} they could not be read." if left_out else ""
        raise UnknownName(
            f"{table.strip()[:60] or entity} has no scenario {wanted[:80]!r}.{where}",
            advice="The nearest are shown." if near else "Look for it with actito_scenarios_find.",
            lines=[*near],
        )
    if len(found) > 1:
        raise Ambiguous(
            f"{len(found)} scenarios are called {wanted[:80]!r}.",
            advice="Give the technical name of the one that is meant, and its table.",
            lines=[each.line for each in found],
        )
    return found[0]
