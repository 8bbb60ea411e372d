"""Records of the custom tables: 40 branches, and 2,000 card payments for each edition of people."""

import json
from typing import Final, NamedTuple

from sandbox.bank import actito_hostile as hostile
from sandbox.bank.actito_people import BRANCH_COUNT, FIRST_ID, MOST_EDITIONS, SIZE
from sandbox.bank.actito_structures import BRANCHES, PAYMENTS, STATUSES
from sandbox.bank.chance import Chance

PAYMENT_COUNT: Final = 2_000
_PAYING: Final = 3_400
_MERCHANTS: Final = ("Bakery Lark", "Fern Books", "Hazel Garden", "Mill Cinema", "Oak Pharmacy", "Wren Travel")
_TOWNS: Final = ("Elmbourne", "Oakfield", "Ashwick", "Marlhaven", "Hazelford", "Wrenmere", "Thorngate", "Larkmoor")


class RecordRow(NamedTuple):
    """A row of `actito_records`."""

    id: int
    table_id: str
    business_key: str
    attributes: str


def records(scale: int) -> list[RecordRow]:
    """All records: branches from id 1, payments from id 1001."""
    chance = Chance(520)
    found = [_branch(chance, number) for number in range(1, BRANCH_COUNT + 1)]
    for edition in range(min(scale, MOST_EDITIONS)):
        for place in range(PAYMENT_COUNT):
            number = edition * PAYMENT_COUNT + place + 1
            key = f"PAY-2026-{number:06}"
            payer = 0 if number <= 3 else chance.between(0, _PAYING - 1)
            values = {
                "paymentId": key,
                "customerId": FIRST_ID + edition * SIZE + payer,
                "amount": chance.between(100, 24_999) / 100,
                "merchant": hostile.MERCHANT if number == 7 else chance.pick(_MERCHANTS),
                "status": chance.pick((*STATUSES, "BOOKED", "BOOKED")),
                "branchCode": f"BR{chance.between(1, BRANCH_COUNT):03}",
                "paymentMoment": f"2026-{chance.between(1, 11):02}-{chance.between(1, 19):02}"
                f"T{chance.between(8, 20):02}:{chance.between(0, 59):02}:00Z",
            }
            found.append(RecordRow(1000 + number, PAYMENTS, key, json.dumps(values, ensure_ascii=False)))
    return found


def _branch(chance: Chance, number: int) -> RecordRow:
    town = _TOWNS[number % len(_TOWNS)]
    values = {
        "branchCode": f"BR{number:03}",
        "name": f"Branch {number:03}",
        "town": town,
        "counters": chance.between(1, 9),
        "opened": f"{chance.between(1960, 2020)}-{chance.between(1, 12):02}-01T08:00:00Z",
    }
    return RecordRow(number, BRANCHES, f"BR{number:03}", json.dumps(values))
