"""What the doctor saw: a line for each check, told as it comes, in the order of the way a call takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

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
    """All lines of one examination; `tell` gets each as it comes. `section` is the system that is looked at now."""

    lines: list[Line] = field(default_factory=list)
    section: str = ""
    tell: Callable[[str], None] = field(default=lambda text: None, compare=False)

    def add(self, check: str, status: Status, seen: str, todo: str = "") -> Line:
        """Add a line; what is not as it should be says what to do."""
        line = Line(check, status, seen, todo, self.section)
        self.tell(self._in_place(line, self.lines[-1].section if self.lines else ""))
        self.lines.append(line)
        return line

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

    @property
    def warnings(self) -> int:
        """How many lines are warnings."""
        return sum(line.status == "warning" for line in self.lines)

    @property
    def verdict(self) -> str:
        """The last line of the text."""
        faults = f"{self.faults} fault{'' if self.faults == 1 else 's'}" if self.faults else "No fault"
        warnings = f", {self.warnings} warning{'' if self.warnings == 1 else 's'}" if self.warnings else ""
        return f"{faults}{warnings}. Nothing was changed."

    def text(self) -> str:
        """The report for a terminal or a log file: what holds for all systems first, then each under its name."""
        before = ["", *(line.section for line in self.lines)]
        told = [self._in_place(line, section) for line, section in zip(self.lines, before, strict=False)]
        return "\n".join([*told, "", self.verdict])

    def as_json(self) -> dict[str, Any]:
        """The report as data, for programs."""
        return {"faults": self.faults, "warnings": self.warnings, "lines": [asdict(line) for line in self.lines]}

    def _in_place(self, line: Line, section: str) -> str:
        """The text of a line behind one of that section."""
        return f"\n{line.section}\n{line}" if line.section != section else str(line)
