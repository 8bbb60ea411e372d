"""Projects as tools see them: found by what people call them, in one kind or in all three, and shown as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools import reads
from tools.call import Call
from tools.change import Change
from tools.collaborate import collections
from tools.collaborate.collections import windows
from tools.collaborate.kinds import NAMES
from tools.errors import Ambiguous, UnknownName
from tools.names import Book, Named
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import GetProject, GetProjects, Project
from upstream.errors import NotFound
from upstream.request import Risk

SYSTEM = "unica-collaborate"
"""The system of every change."""

STATES: Mapping[str, str] = {
    "NOT_STARTED": "not started",
    "IN_PROGRESS": "in progress",
    "PAUSED": "paused",
    "CANCELED": "canceled",
    "FINISHED": "finished",
}
"""State as the system writes it -> in words."""


@dataclass(frozen=True)
class Found:
    """A project with its kind, which its routes need."""

    kind: ProjectKind
    project: Project

    @property
    def id(self) -> int:
        return self.project.project_id

    @property
    def name(self) -> str:
        return self.project.project_name

    @property
    def state(self) -> str:
        """In words, such as `in progress`."""
        return self.project.project_status.replace("_", " ").lower()

    @property
    def over(self) -> bool:
        """Whether it is canceled or finished: such a project can't be changed any more."""
        return self.project.project_status in ("CANCELED", "FINISHED")

    def __str__(self) -> str:
        return f"{self.name} ({NAMES[self.kind]}, id {self.id})"


class ProjectBook(Book[Found]):
    """The projects of one kind, or of all."""

    noun = "projects"

    def __init__(self, kinds: Sequence[ProjectKind] = tuple(ProjectKind)) -> None:
        super().__init__()
        self.kinds = kinds
        self.complete = True
        self._kinds_of: dict[int, list[ProjectKind]] = {}

    async def all(self, call: Call) -> collections.Found[Found]:
        """All of them as they are now; incomplete where a proxy kept some from us. The index is made from them."""
        found = await self._read_all(call)
        self.learn(found.items)
        return found

    async def everything(self, call: Call) -> Sequence[Found]:
        """All of them; `complete` tells afterwards whether a proxy kept some from us."""
        return (await self._read_all(call)).items

    async def _read_all(self, call: Call) -> collections.Found[Found]:
        async def of_kind(kind: ProjectKind) -> collections.Found[Project]:
            return await windows(call, lambda window: GetProjects(kind=kind, window=window), lambda row: row.project_id)

        read = await reads.each(self.kinds, of_kind)
        found = [Found(kind, project) for kind, part in read.items() for project in part.items]
        self.complete = all(part.complete for part in read.values())
        # Where some could not be seen, an id may also be in a kind in which it was not seen.
        self._kinds_of = {}
        for each in found if self.complete else ():
            self._kinds_of.setdefault(each.id, []).append(each.kind)
        return collections.Found(found, self.complete)

    async def read(self, call: Call, ids: Sequence[int]) -> list[Found]:
        """The projects with these ids, as they are now.

        Raises:
            Ambiguous: projects of several kinds have one of the ids.
        """

        async def one(wanted: tuple[ProjectKind, int]) -> Found | None:
            kind, number = wanted
            try:
                return Found(kind, await call.send(GetProject(kind=kind, project_id=number)))
            except NotFound:
                return None

        asked = [(kind, number) for number in ids for kind in self._kinds_of.get(number, self.kinds)]
        return self.one_of_each([each for each in (await reads.each(asked, one)).values() if each is not None])

    def one_of_each(self, found: list[Found]) -> list[Found]:
        """These projects, if no two have the same id. Raises Ambiguous: nothing says that ids of kinds differ."""
        by_id: dict[int, list[Found]] = {}
        for each in found:
            by_id.setdefault(each.id, []).append(each)
        for number, same in by_id.items():
            if len(same) > 1:
                raise Ambiguous(
                    f"{len(same)} projects of different kinds have the id {number}.",
                    advice="Ask which one is meant and say its kind.",
                    lines=[str(each) for each in same],
                )
        return found

    async def find(self, call: Call, references: Sequence[str]) -> tuple[list[Found], list[str]]:
        try:
            return await super().find(call, references)
        except UnknownName as error:
            if self.complete:
                raise
            raise UnknownName(error.message, advice=f"{INCOMPLETE} {error.advice}", lines=error.lines) from None

    def named(self, item: Found) -> Named:
        return Named(item.id, item.name, item.project.project_code)


INCOMPLETE = (
    "Not all projects could be listed: the system answers the same first ones whichever part is asked for, as happens "
    "when a proxy drops the header Range. One that is not shown may exist all the same: use its id."
)


class Projects:
    """The books of a session: one for all kinds, and one for each, so that a name is unique within its kind."""

    def __init__(self) -> None:
        self._books: dict[ProjectKind | None, ProjectBook] = {}

    def of(self, kind: ProjectKind | None) -> ProjectBook:
        if kind not in self._books:
            self._books[kind] = ProjectBook((kind,) if kind else tuple(ProjectKind))
        return self._books[kind]

    def forget(self) -> None:
        """After a write: what was indexed about projects is old."""
        for book in self._books.values():
            book.forget()


def changing(found: Found, verb: str, risk: Risk = Risk.WRITE, **fields: Mapping[str, Any]) -> Change:
    """A change of this project; `fields` are its before and after."""
    target, code = found.kind.facts.variant.target, found.project.project_code
    return Change(SYSTEM, target, verb, found.name, str(found.id), code, risk, **fields)


def changed(change: Change) -> ProjectKind:
    """The kind of the project that a change is about."""
    return next(kind for kind in ProjectKind if kind.facts.variant.target == change.kind)


async def read_again(call: Call, change: Change) -> Found:
    """The project of a change as it is now. Raises what reading raises, NotFound where it is gone."""
    kind = changed(change)
    return Found(kind, await call.send(GetProject(kind=kind, project_id=int(change.id))))


def day_of(moment: datetime | str | None, zone: ZoneInfo) -> date | None:
    """The day of a start or end, which the system answers as a day or as a moment; None for any other text."""
    if isinstance(moment, datetime):
        return moment.astimezone(zone).date()
    try:
        return date.fromisoformat((moment or "").strip()[:10])
    except ValueError:
        return None


COLUMNS = (
    "name",
    "id",
    "kind",
    "state",
    "template",
    "start",
    "end",
    "description",
    "policy",
    "code",
    "created",
    "created_by",
    "changed",
)


def row(found: Found) -> dict[str, Any]:
    """A project as a row; a text that is empty is None."""
    project = found.project
    return {
        "name": project.project_name,
        "id": project.project_id,
        "kind": NAMES[found.kind],
        "state": found.state or None,
        "template": project.template_db_id,
        "start": project.start_date,
        "end": project.end_date,
        "description": project.description or None,
        "policy": project.security_policy or None,
        "code": project.project_code or None,
        "created": project.created_date,
        "created_by": project.created_by or None,
        "changed": project.last_modified_date,
    }
