"""Projects as tools see them: found by what people call them, in one kind or in all three, and shown as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from tools import reads
from tools.call import Call
from tools.change import Change
from tools.collaborate import collections
from tools.collaborate.collections import windows
from tools.collaborate.kinds import NAMES
from tools.errors import Ambiguous, BadArgument, UnknownName
from tools.names import FEW, Book, Named, is_id
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import GetProject, GetProjects, Project
from upstream.errors import NotFound
from upstream.request import Risk
from upstream.zones import local

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

MOST_MET = 500


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

    def details(self, zone: ZoneInfo) -> str:
        """What tells it from others of its name and kind: `id 1000136, BRM1000136, in progress, created 2026-11-01`."""
        created = day_of(self.project.created_date, zone)
        parts = [self.project.project_code, self.state, f"created {created}" if created else ""]
        return ", ".join([f"id {self.id}", *(each for each in parts if each)])


class Met:
    """The projects that a session has made or read by id: found by name even where not all can be listed."""

    def __init__(self) -> None:
        self._kept: dict[tuple[ProjectKind, int], Found] = {}

    def keep(self, found: Found) -> None:
        self._kept.pop((found.kind, found.id), None)
        self._kept[found.kind, found.id] = found
        if len(self._kept) > MOST_MET:
            del self._kept[next(iter(self._kept))]

    def of(self, kinds: Sequence[ProjectKind]) -> list[Found]:
        return [each for each in self._kept.values() if each.kind in kinds]


class ProjectBook(Book[Found]):
    """The projects of one kind, or of all."""

    noun = "projects"

    def __init__(self, kinds: Sequence[ProjectKind], met: Met) -> None:
        super().__init__()
        self.kinds = kinds
        self.complete = True
        self._met = met
        self._kinds_of: dict[int, list[ProjectKind]] = {}
        self._details: dict[int, tuple[str, str]] = {}

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
        known = [*self._met.of(self.kinds), *found]
        self._details = {each.id: (NAMES[each.kind], each.details(call.time_zone)) for each in known}
        return collections.Found(found, self.complete)

    def learn(self, items: Iterable[Found]) -> None:
        listed = list(items)
        ids = {each.id for each in listed}
        unseen = [] if self.complete else [each for each in self._met.of(self.kinds) if each.id not in ids]
        super().learn([*listed, *unseen])

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
        found = [each for each in (await reads.each(asked, one)).values() if each is not None]
        for each in found:
            self._met.keep(each)
        return self.one_of_each(found)

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
        """As of every book. Raises BadArgument also for the id of a project of another kind than these."""
        try:
            found, missing = await super().find(call, references)
        except UnknownName as error:
            if self.complete:
                raise
            raise UnknownName(error.message, advice=f"{INCOMPLETE} {error.advice}", lines=error.lines) from None
        await self._of_another_kind(call, missing)
        return found, missing

    async def _of_another_kind(self, call: Call, missing: Sequence[str]) -> None:
        others = [each for each in ProjectKind if each not in self.kinds]
        ids = [int(each) for each in missing if is_id(each)][:FEW]
        if not others or not ids:
            return
        elsewhere = await ProjectBook(others, self._met).read(call, ids)
        if elsewhere:
            wanted = " or ".join(f"{an(NAMES[each])}" for each in self.kinds)
            wrong = "; ".join(f"{each.id} is {an(NAMES[each.kind])}" for each in elsewhere)
            raise BadArgument(f"{wrong}, not {wanted}.", advice="Give the kind that it has, or leave kind out.")

    def details(self, named: Named) -> str:
        """What tells this project from others of its name and kind, as far as it was listed."""
        return self._details.get(named.id, ("", f"id {named.id}"))[1]

    def _ambiguous(self, reference: str, matches: Sequence[Named]) -> Ambiguous:
        known = [self._details.get(each.id, (f"id {each.id}",)) for each in matches]
        lines = [f"{each.name} ({', '.join(details)})" for each, details in zip(matches, known, strict=True)]
        advice = "Ask which one is meant and use its id" + (", or say its kind." if len(self.kinds) > 1 else ".")
        return Ambiguous(f"{len(matches)} {self.noun} are called {reference!r}.", advice=advice, lines=lines)

    def named(self, item: Found) -> Named:
        return Named(item.id, item.name, item.project.project_code)


def an(name: str) -> str:
    """`a simple list`, `an on-demand campaign`."""
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


INCOMPLETE = (
    "Not all projects could be listed: the system answers the same first ones whichever part is asked for, as happens "
    "when a proxy drops the header Range. One that is not shown may exist all the same: use its id."
)


class Projects:
    """The books of a session: one for all kinds, and one for each, so that a name is unique within its kind."""

    def __init__(self) -> None:
        self._books: dict[ProjectKind | None, ProjectBook] = {}
        self.met = Met()

    def of(self, kind: ProjectKind | None) -> ProjectBook:
        if kind not in self._books:
            self._books[kind] = ProjectBook((kind,) if kind else tuple(ProjectKind), self.met)
        return self._books[kind]

    def forget(self) -> None:
        """After a write: what was indexed about projects is old."""
        for book in self._books.values():
            book.forget()


def changing(
    found: Found,
    verb: str,
    risk: Risk = Risk.WRITE,
    before: Mapping[str, Any] = MappingProxyType({}),
    after: Mapping[str, Any] = MappingProxyType({}),
) -> Change:
    """A change of this project."""
    target, code = found.kind.facts.variant.target, found.project.project_code
    return Change(SYSTEM, target, verb, found.name, str(found.id), code, risk, before, after)


def changed(change: Change) -> ProjectKind:
    """The kind of the project that a change is about."""
    return next(kind for kind in ProjectKind if kind.facts.variant.target == change.kind)


async def read_again(call: Call, change: Change) -> Found:
    """The project of a change as it is now. Raises what reading raises, NotFound where it is gone."""
    kind = changed(change)
    found = Found(kind, await call.send(GetProject(kind=kind, project_id=int(change.id))))
    projects: Projects = call.kept(Projects)
    projects.met.keep(found)
    return found


def day_of(moment: datetime | str | None, zone: ZoneInfo) -> date | None:
    """The day of a start or end, which the system answers as a day or as a moment; None where it is not understood."""
    return local(moment, zone).date() if isinstance(moment, datetime) else None


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
