"""Forms and workflow rows as parts of a project: how a change names them, and how it is read back."""

from __future__ import annotations

from dataclasses import dataclass

from tools.change import Change
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
