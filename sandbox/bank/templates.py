"""The six offer templates: their attributes, code formats and products."""

import json
import re
from typing import Final, NamedTuple

from sandbox.bank.attributes import Json
from sandbox.bank.chance import Chance
from sandbox.bank.seasons import SEASONS


class Template(NamedTuple):
    """An offer template. `own` names the attributes it has besides those that all templates share."""

    id: int
    name: str
    description: str
    code_format: str
    area: str
    own: dict[str, Json]
    products: tuple[str, ...]

    @property
    def defaults(self) -> dict[str, Json]:
        """Value that each attribute has in a new offer, in display order."""
        return {
            "product": self.products[0],
            "channel": "Email",
            "segment": "Mass",
            "season": SEASONS[-1].name,
            **self.own,
            "cost": 0.02,
            "expiry_date": SEASONS[-1].end_ms,
        }


class TemplateRow(NamedTuple):
    """A row of `offer_templates`."""

    id: int
    name: str
    description: str
    code_format: str
    retired: int
    attributes: str


# The products stand in the order of SEGMENTS: the first is for the mass market, the second for affluent customers...
TEMPLATES: Final = (
    Template(
        31,
        "Credit card cashback",
        "Money back on card purchases",
        "CCnnnnn-aan",
        "Cards",
        {"discount_rate": 1.0, "card_perks": ["No annual fee"]},
        ("Everyday card", "Gold card", "Platinum card", "Student card", "Travel card", "Business card"),
    ),
    Template(
        32,
        "Savings bonus rate",
        "Higher interest for new money",
        "SAVnnnnnn",
        "Savings",
        {"interest_rate": 2.0},
        ("Regular saver", "Fixed saver", "Wealth saver", "Junior saver", "Notice saver", "Business saver"),
    ),
    Template(
        33,
        "Mortgage rate discount",
        "Lower rate in the first years of a mortgage",
        "Maa-nnnnnn",
        "Mortgages",
        {"discount_rate": 0.1, "interest_rate": 3.9, "term_months": 300},
        (
            "Remortgage",
            "Green home mortgage",
            "Second home mortgage",
            "First home mortgage",
            "Downsizer mortgage",
            "Shop premises mortgage",
        ),
    ),
    Template(
        34,
        "Personal loan",
        "Loan at a fixed rate",
        "LNnnnnnncc",
        "Loans",
        {"interest_rate": 6.9, "term_months": 48, "reward_text": "No arrangement fee"},
        ("Car loan", "Home improvement loan", "Yacht loan", "Study loan", "Garden loan", "Equipment loan"),
    ),
    Template(
        35,
        "Insurance bundle",
        "Two covers for one price",
        "INS-nnnnnn-a",
        "Insurance",
        {"discount_rate": 5.0, "reward_text": "First month free", "needs_consent": True},
        (
            "Car and home bundle",
            "Home and contents bundle",
            "Art and valuables bundle",
            "Gadget and travel bundle",
            "Travel and health bundle",
            "Shop and liability bundle",
        ),
    ),
    Template(
        36,
        "Loyalty points",
        "Points for using the account",
        "nnnnnnnnn",
        "Loyalty",
        {"bonus_points": 500, "reward_text": "500 Meridian points"},
        (
            "Grocery points",
            "Salary account points",
            "Private club points",
            "Welcome points",
            "Anniversary points",
            "Fuel card points",
        ),
    ),
)


def new_code(template: Template, serial: int, chance: Chance) -> str:
    """A code in the format of the template: its longest row of digits is `serial`, the rest is drawn."""
    start, end = serial_span(template.code_format)
    filled = [_character(letter, chance) for letter in template.code_format]
    filled[start:end] = f"{serial:0{end - start}d}"
    return "".join(filled)


def serial_span(code_format: str) -> tuple[int, int]:
    """Where the longest row of digits of a format begins and ends."""
    longest = max(re.finditer("n+", code_format), key=lambda found: found.end() - found.start())
    return longest.span()


def _character(letter: str, chance: Chance) -> str:
    alphabet = {"n": "0123456789", "a": "ABCDEFGHJKLMNPQRSTUVWXYZ", "c": "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"}.get(letter)
    return chance.pick(alphabet) if alphabet else letter


def templates() -> list[TemplateRow]:
    """The rows of the templates."""
    return [
        TemplateRow(one.id, one.name, one.description, one.code_format, 0, json.dumps(one.defaults))
        for one in TEMPLATES
    ]
