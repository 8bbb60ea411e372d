"""Regional editions: how the bank grows N times as big.

Edition 0 is the bank as written. Every further edition repeats its campaigns, offers, lists, cells and runs with new
ids and codes, the name of a town behind each name, and figures that fit the size of the town.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sandbox.bank.chance import Chance

_FIRST: Final = ("Elm", "Oak", "Ash", "Marl", "Hazel", "Stone", "Wren", "Fern", "Thorn", "Lark", "Mill", "Fox")
_SECOND: Final = ("bourne", "field", "wick", "haven", "ford", "mere", "dale", "ton", "gate", "cliff", "moor", "stead")
MOST: Final = 1000  # the five digits of the shortest offer code are enough for this many


class Edition(NamedTuple):
    """One regional edition. `number` times a table's size is what its ids are moved by."""

    number: int
    suffix: str
    weight: int  # percent of the original figures


def editions(scale: int) -> Iterator[Edition]:
    """The editions after the first, `scale` - 1 in all."""
    chance = Chance(400)
    for number in range(1, scale):
        place = (number * 35) % (len(_FIRST) * len(_SECOND))
        town = _FIRST[place % len(_FIRST)] + _SECOND[place // len(_FIRST)]
        round_number = number // (len(_FIRST) * len(_SECOND))
        area = f" {round_number + 1}" if round_number else ""
        yield Edition(number, f", {town}{area}", chance.between(30, 170))
