"""Names as a caller writes them: which known name is meant, and the nearest to one that nothing has.

The nearest are looked for in bounded time: the comparison blocks everybody else.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST = 3_000
LONGEST = 100


def nearest(wanted: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The closest of the known names as they are spelt, whatever the cases; of many only those of the same letter."""
    wanted = wanted.strip().casefold()[:LONGEST]
    compared = {each.casefold(): each for each in known if len(each) <= LONGEST}
    if len(compared) > MOST:
        compared = dict([each for each in compared.items() if each[0][:1] == wanted[:1]][:MOST])
    return [compared[each] for each in difflib.get_close_matches(wanted, compared, count, 0.5)]


def spelt(wanted: str, known: Iterable[str]) -> str:
    """The known name that is meant: the very one, else the only one that differs in cases alone; empty for none."""
    wanted = wanted.strip()
    loose = [each for each in known if each.casefold() == wanted.casefold()]
    return wanted if wanted in loose else loose[0] if len(loose) == 1 else ""
