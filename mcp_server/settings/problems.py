"""What is wrong with the settings, said all at once and without a single value: a value may be a password."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the key as the person wrote it, what is wrong, and what to write instead."""

    key: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        line = f"{self.key}: {self.what}."
        return f"{line} {self.instead}{'' if self.instead.endswith('?') else '.'}" if self.instead else line


class SettingsError(Exception):
    """The settings can't be used. The text has one line for each problem and shows no value."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = "one fault" if len(self.problems) == 1 else f"{len(self.problems)} faults"
        super().__init__("\n".join([f"The settings have {count}:", *(f"- {problem}" for problem in self.problems)]))


class Wrong(ValueError):
    """Raised by a check of one value: what is wrong with it, and what to write instead."""

    def __init__(self, what: str, instead: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.instead = instead


Finding = tuple[tuple[str, ...], str, str]
"""The path of a key below the model that looked, what is wrong, and what to write instead."""


class Clash(ValueError):
    """Raised by a check that looks at several values."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__("settings that do not go together")
        self.findings = list(findings)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, or nothing. Letter case and the kind of separator do not count, and
    the last part of a key counts as much as the whole."""
    from difflib import get_close_matches

    plain: dict[str, str] = {}
    ends: dict[str, str] = {}
    for each in known:
        plain.setdefault(_letters(each), each)
        ends.setdefault(_letters(_last(each)), each)
    written = _letters(name)
    if written in ends and written not in plain:
        return ends[written]
    close = get_close_matches(written, plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else ends.get(_letters(_last(name)), "")


def _last(name: str) -> str:
    return name.rpartition("__")[2].rpartition(".")[2]


def _letters(name: str) -> str:
    return name.casefold().replace(".", "").replace("_", "").replace("-", "").replace(" ", "")
