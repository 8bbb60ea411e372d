"""Codes of campaigns, offers and cells (notes, section 6).

In a format `n` stands for a digit, `a` for a capital letter, `c` and `x` for a capital letter or digit; everything
else is literal. A code is given out once only, whether it is used or not, so that repeated calls differ.
"""

from __future__ import annotations

import math
import sqlite3
import string

from sandbox.refusals import invalid

CAMPAIGN_FORMAT = "Cnnnnnnnnn"
CELL_FORMAT = "Annnnnnnnn"
OFFER_FORMAT = "nnnnnnnnn"
LONGEST = 32
DELIMITER = "-"
"""Joins the one to five parts of an offer code."""

_ALPHABETS = {
    "n": string.digits,
    "a": string.ascii_uppercase,
    "c": string.digits + string.ascii_uppercase,
    "x": string.digits + string.ascii_uppercase,
}


def fill(code_format: str, number: int) -> str:
    """The code with a number in a format: its places counted through like digits, the last one fastest."""
    places: list[str] = []
    for sign in reversed(code_format):
        alphabet = _ALPHABETS.get(sign)
        if alphabet is None:
            places.append(sign)
        else:
            number, digit = divmod(number, len(alphabet))
            places.append(alphabet[digit])
    return "".join(reversed(places))


def capacity(code_format: str) -> int:
    """How many codes a format has."""
    return math.prod(len(_ALPHABETS.get(sign, " ")) for sign in code_format)


class CodeFactory:
    """Gives out codes nobody has; counting starts behind the highest id of the table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._next: dict[tuple[str, str], int] = {}
        self._given: dict[tuple[str, str], int] = {}

    def campaign(self) -> str:
        """A free campaign code."""
        return self._free("campaigns", CAMPAIGN_FORMAT)

    def cell(self) -> str:
        """A cell code that no cell of any campaign has."""
        return self._free("cells", CELL_FORMAT)

    def offer(self, code_format: str) -> str:
        """A free offer code in the format of a template."""
        return self._free("offers", code_format)

    def _free(self, table: str, code_format: str) -> str:
        key = (table, code_format)
        size = capacity(code_format)
        if key not in self._next:
            highest = self._connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
            self._next[key] = (highest or 0) + 1
            self._given[key] = 0
        while self._given[key] < size:
            code = fill(code_format, self._next[key] % size)
            self._next[key] += 1
            self._given[key] += 1
            query = f"SELECT 1 FROM {table} WHERE code = ?"
            if self._connection.execute(query, (code,)).fetchone() is None:
                return code
        raise invalid(f"All codes of the format {code_format} are used up", "NO_FREE_CODE")
