"""The names that come closest to one that nothing has, in bounded time: the comparison blocks everybody else."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST = 3_000
LONGEST = 100


def nearest(wanted: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The closest of the known names, in small letters as they are. Among many only those of the same first letter."""
    wanted = wanted.strip().casefold()[:LONGEST]
    compared = [each for each in known if len(each) <= LONGEST]
    if len(compared) > MOST:
        compared = [each for each in compared if each[:1] == wanted[:1]][:MOST]
    return difflib.get_close_matches(wanted, compared, count, 0.5)
