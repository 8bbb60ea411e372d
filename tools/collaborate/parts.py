"""Forms and workflow rows as parts of a project: how a person or a change names them, and how that is read."""

from __future__ import annotations

from dataclasses import dataclass

from tools.call import Call
from tools.change import Change
from tools.collaborate.kinds import kind_of
from tools.collaborate.project_book import Found, Projects
from tools.errors import UnknownName
from tools.names import is_id
from upstream.collaborate.kinds import ProjectKind


@dataclass(frozen=True, slots=True)
class Part:
    """The form or the row `number` of a project."""

    kind: ProjectKind
    project_id: int
    number: int

    @property
    def id(self) -> str:
        """As a change and an approval have it: `1000136/20106`."""
        return f"{self.project_id}/{self.number}"

    def named(self, what: str) -> str:
        """The kind of a change: `on_demand_campaign_row` for `row`."""
        return f"{self.kind.facts.variant.target}_{what}"

    @classmethod
    def of(cls, change: Change) -> Part:
        """The part that a change made with `named` and `id` is about."""
        kind = next(each for each in ProjectKind if change.kind.startswith(each.facts.variant.target + "_"))
        project, _, number = change.id.partition("/")
        return cls(kind, int(project), int(number))


async def of_project(call: Call, kind: str, project: str, part: str) -> tuple[Found, str]:
    """The project that is meant, and its part without the project, as in `1000136/20106`, which answers show.

    Such an id may stand for the project too; its part is meant when no other is given.

    Raises:
        UnknownName, Ambiguous: no project is called so, or several are.
    """
    book = call.kept(Projects).of(kind_of(kind))
    try:
        found = await book.one(call, project)
    except UnknownName as error:
        number, _, own = project.strip().partition("/")
        if not (is_id(number) and is_id(own)):
            raise
        try:
            found = await book.one(call, number)
        except UnknownName:
            raise error from None
        part = part or own
    number, _, own = part.strip().partition("/")
    return found, own if number == str(found.id) and is_id(own) else part
