"""What the doctor saw: a line for each check, in the order of the way a call takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mcp_server.words import one_line

Status = Literal["ok", "warning", "fault", "skipped"]

LONGEST = 600
"""Characters of one text; what a server says in an error can be long."""


@dataclass(frozen=True, slots=True)
class Line:
    """One check: what it is about, how it stands, what was seen, and what to do about it.

    `section` is the system that it is about, empty for what holds for all.
    """

    check: str
    status: Status
    seen: str
    todo: str = ""
    section: str = field(default="", compare=False)

    def __str__(self) -> str:
        text = f"{self.status:<8} {self.check:<28} {one_line(self.seen, LONGEST)}"
        return f"{text}\n{'':<8} {'':<28} -> {one_line(self.todo, LONGEST)}" if self.todo else text


@dataclass(slots=True)
class Report:
    """All lines of one examination. `section` is the system that is looked at now."""

    lines: list[Line] = field(default_factory=list)
    section: str = ""

    def add(self, check: str, status: Status, seen: str, todo: str = "", *, general: bool = False) -> Line:
        """Add a line; what is not as it should be says what to do. A `general` one holds for all systems."""
        line = Line(check, status, seen, todo, "" if general else self.section)
        self.lines.append(line)
        return line

    def part(self) -> Report:
        """An empty report on the same system, whose lines are put into their place later."""
        return Report(section=self.section)

    def has(self, check: str) -> bool:
        """Whether there is a line of a check."""
        return any(line.check == check for line in self.lines)

    def line(self, check: str, section: str = "") -> Line:
        """The line of a check, of one system or of any; KeyError when there is none."""
        for line in self.lines:
            if line.check == check and section in ("", line.section):
                return line
        raise KeyError(check)

    @property
    def faults(self) -> int:
        """How many lines are faults."""
        return sum(line.status == "fault" for line in self.lines)

    @property
    def exit_code(self) -> int:
        """0 when nothing stands in the way, 1 otherwise."""
        return 1 if self.faults else 0

    def text(self) -> str:
        """The report for a terminal or a log file. With several systems, what holds for all of them comes first."""
        warnings = sum(line.status == "warning" for line in self.lines)
        verdict = f"{self.faults} fault{'' if self.faults == 1 else 's'}" if self.faults else "No fault"
        more = f", {warnings} warning{'' if warnings == 1 else 's'}" if warnings else ""
        return "\n".join([*self._body(), f"{verdict}{more}. Nothing was changed."])

    def _body(self) -> list[str]:
        sections = list(dict.fromkeys(line.section for line in self.lines if line.section))
        if len(sections) < 2:
            return [str(line) for line in self.lines]
        found = []
        for section in ("", *sections):
            found += ["", section] if section else []
            found += [str(line) for line in self.lines if line.section == section]
        return [*found, ""]
