"""What a tool says when it can't do what was asked.

    ToolProblem
    ├── BadArgument     a value that can't be used; says which would
    ├── UnknownName     no object of that id, code or name; with the nearest
    └── Ambiguous       several objects of a name; with the candidates

The texts are read by the assistant: what was wrong, what to write instead, whether to try again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class ToolProblem(Exception):
    """A call that can't be carried out as it stands. `code` is stable; `lines` are data of a campaign system."""

    code: ClassVar[str] = "tool_problem"
    retry: ClassVar[bool] = False

    def __init__(self, message: str, *, advice: str = "", lines: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.lines = list(lines)


class BadArgument(ToolProblem):
    """An argument has a value that can't be used."""

    code = "bad_argument"


class UnknownName(ToolProblem):
    """No object has this id, code or name."""

    code = "not_found"


class Ambiguous(ToolProblem):
    """Several objects answer to this name; one must be chosen, never guessed."""

    code = "ambiguous"
