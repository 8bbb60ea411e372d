"""Draws that come out the same on every platform and Python version."""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """A seeded source of draws.

    Only `random.random()` is promised to give the same sequence in all Python versions, so every draw is made of it.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """One of `items`."""
        return items[self.between(0, len(items) - 1)]

    def letters(self, alphabet: str, length: int) -> str:
        """`length` characters of `alphabet`."""
        return "".join(self.pick(alphabet) for _ in range(length))
