"""Projects as tools see them: found by what people call them, in one kind or in all three, and shown as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools import reads
from tools.call import Call
from tools.collaborate.collections import windows
from tools.collaborate.kinds import NAMES
from tools.names import Book, Named
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import GetProject, GetProjects, Project
from upstream.errors import NotFound


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
    """The projects of one kind, or of all. Ids are taken to be unique across the kinds (inferred)."""

    noun = "projects"

    def __init__(self, kinds: Sequence[ProjectKind] = tuple(ProjectKind)) -> None:
        super().__init__()
        self.kinds = kinds
        self.complete = True
        self._kind_of: dict[int, ProjectKind] = {}

    async def everything(self, call: Call) -> Sequence[Found]:
        """All of them; `complete` tells afterwards whether a proxy kept some from us."""

        async def of_kind(kind: ProjectKind) -> list[Found]:
            read = await windows(call, lambda window: GetProjects(kind=kind, window=window), lambda row: row.project_id)
            self.complete = self.complete and read.complete
            return [Found(kind, each) for each in read.items]

        self.complete = True
        found = [each for rows in (await reads.each(self.kinds, of_kind)).values() for each in rows]
        self._kind_of = {each.id: each.kind for each in found}
        return found

    async def read(self, call: Call, ids: Sequence[int]) -> list[Found]:
        async def one(wanted: tuple[ProjectKind, int]) -> Found | None:
            kind, number = wanted
            try:
                return Found(kind, await call.send(GetProject(kind=kind, project_id=number)))
            except NotFound:
                return None

        asked = [(kind, number) for number in ids for kind in self._kinds_of(number)]
        return [each for each in (await reads.each(asked, one)).values() if each is not None]

    def _kinds_of(self, number: int) -> Sequence[ProjectKind]:
        known = self._kind_of.get(number)
        return (known,) if known else self.kinds

    def named(self, item: Found) -> Named:
        return Named(item.id, item.name, item.project.project_code)


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
