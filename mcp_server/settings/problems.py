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
    """The known name most like this one, or nothing. Letter case and the kind of separator do not count.

    The last part of a key counts for more than what stands before it, and a part that is cut short or has a word too
    many is near: `unica.user` is `unica.username`. The key of another table is near only if its last part is the same.
    """
    from difflib import SequenceMatcher

    def alike(one: str, other: str) -> float:
        ratio = SequenceMatcher(None, one, other).ratio()
        short, long = sorted((one, other), key=len)
        return max(ratio, _CUT) if len(short) >= _SHORTEST and long.startswith(short) | long.endswith(short) else ratio

    whole, table, last = _letters(name), _letters(_table(name)), _letters(_last(name))
    best, most = "", 0.0
    for each in known:
        end = alike(last, _letters(_last(each)))
        all_of_it = SequenceMatcher(None, whole, _letters(each)).ratio()
        home = end == 1 or not table or alike(table, _letters(_table(each))) >= _NEAR
        score = 2 * end + all_of_it if all_of_it < 1 else 4
        if ((end >= _NEAR and home) or all_of_it >= _WHOLE) and score > most:
            best, most = each, score
    return best


_NEAR = 0.6
_WHOLE = 0.9
_CUT = 0.8
_SHORTEST = 3
"""Letters that a name cut short must have to be near."""


def _table(name: str) -> str:
    return name.removesuffix(_last(name))


def _last(name: str) -> str:
    return name.rpartition("__")[2].rpartition(".")[2]


def _letters(name: str) -> str:
    return name.casefold().replace(".", "").replace("_", "").replace("-", "").replace(" ", "")
