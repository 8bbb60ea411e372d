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
    """One check: what it is about, how it stands, what was seen, and what to do about it."""

    check: str
    status: Status
    seen: str
    todo: str = ""

    def __str__(self) -> str:
        text = f"{self.status:<8} {self.check:<28} {one_line(self.seen, LONGEST)}"
        return f"{text}\n{'':<8} {'':<28} -> {one_line(self.todo, LONGEST)}" if self.todo else text


@dataclass(slots=True)
class Report:
    """All lines of one examination."""

    lines: list[Line] = field(default_factory=list)

    def add(self, check: str, status: Status, seen: str, todo: str = "") -> Line:
        """Add a line; what is not as it should be says what to do."""
        line = Line(check, status, seen, todo)
        self.lines.append(line)
        return line

    def line(self, check: str) -> Line:
        """The line of a check; KeyError when there is none."""
        for line in self.lines:
            if line.check == check:
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
        """The report for a terminal or a log file."""
        warnings = sum(line.status == "warning" for line in self.lines)
        verdict = f"{self.faults} fault{'' if self.faults == 1 else 's'}" if self.faults else "No fault"
        more = f", {warnings} warning{'' if warnings == 1 else 's'}" if warnings else ""
        return "\n".join([*map(str, self.lines), f"{verdict}{more}. Nothing was changed."])
