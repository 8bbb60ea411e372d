"""The 5,000 invented people of Actito from profile id 100001, all at example domains.

3,400 customers, 300 prospects and 100 service contacts of one brand, 1,200 members of the other. Ten times as many at
most: every edition after the first repeats the draw with ids moved by 5,000 and other figures in the addresses.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sandbox.bank import actito_hostile as hostile
from sandbox.bank.actito_structures import (
    CUSTOMERS,
    INTERESTS,
    LEVELS,
    MEMBERS,
    PROSPECTS,
    SERVICE_CONTACTS,
    SOURCES,
    STAGES,
    TIERS,
)
from sandbox.bank.chance import Chance

FIRST_ID: Final = 100_001
SIZE: Final = 5_000
MOST_EDITIONS: Final = 10
BRANCH_COUNT: Final = 40
_RANGES: Final = ((3_400, CUSTOMERS), (3_700, PROSPECTS), (3_800, SERVICE_CONTACTS), (SIZE, MEMBERS))
_FIRST: Final = (
    *("Ada", "Bo", "Cleo", "Dario", "Elin", "Femke", "Gus", "Hana", "Ivo", "Jona", "Kaja", "Leo", "Mila", "Noor"),
    *("Otis", "Pia", "Quin", "Rosa", "Sami", "Tess", "Ugo", "Vera", "Wout", "Yara", "Zoe", "Amir", "Birte", "Cato"),
)
_LAST: Final = (
    *("Larkin", "Stone", "Marsh", "Brook", "Vale", "Thorn", "Heath", "Lindqvist", "Moreau", "Peeters", "Castel"),
    *("Dubois", "Okafor", "Rahimi", "Santos", "Novak", "Weber", "Janssen", "Fontaine", "Keller", "Osei", "Petit"),
)
_DOMAINS: Final = ("example.com", "example.org", "example.net")
_LANGUAGES: Final = ("EN", "EN", "EN", "FR", "FR", "NL")


class ProfileRow(NamedTuple):
    """A row of `actito_profiles`."""

    id: int
    table_id: int
    attributes: str
    subscriptions: str
    segmentations: str
    collected: str | None
    created: str
    updated: str


class KeyRow(NamedTuple):
    """A row of `actito_profile_keys`."""

    table_id: int
    attribute: str
    value: str
    profile_id: int


Person = tuple[dict[str, Any], list[str], dict[str, Any]]
"""Attributes, subscriptions and segments."""

_SPECIAL: Final[dict[int, Person]] = {
    0: (
        {
            "emailAddress": "ada.larkin@example.org",
            "lastName": "Larkin",
            "firstName": "Ada",
            "motherLanguage": "EN",
            "birthDate": "1988-02-29",
            "sex": "F",
            "customerNumber": "MB00000001",
            "homeBranch": "Elmbourne",
            "loyaltyPoints": 4200,
            "customerSince": "2014-05-02T10:30:00Z",
            "interests": ["Cards", "Travel"],
            "mobileAppUser": True,
        },
        ["BranchEvents", "Newsletter"],
        {"LoyaltyLevel": "Gold", "Vip": True},
    ),
    1: (
        {
            "emailAddress": "bo.stone+bank@example.com",
            "lastName": "Stone",
            "firstName": "Bo",
            "motherLanguage": "FR",
            "customerNumber": "MB00000002",
            "loyaltyPoints": 0,
            "mobileAppUser": False,
        },
        [],
        {"LoyaltyLevel": "Bronze"},
    ),
    2: (
        {
            "emailAddress": "cleo.stone@example.net",
            "lastName": hostile.LAST_NAME,
            "firstName": "Cleo",
            "motherLanguage": "EN",
            "customerNumber": "MB00000003",
        },
        ["Newsletter"],
        {},
    ),
    3: (
        {"emailAddress": "dario.vale@example.org", "motherLanguage": "NL", "customerNumber": "MB00000004"},
        ["Newsletter"],
        {"LifeStage": "Student"},
    ),
    4: ({"emailAddress": "nobody.known@example.com"}, [], {}),
    3_800: (
        {
            "emailAddress": "ada.larkin@example.org",
            "lastName": "Larkin",
            "firstName": "Ada",
            "motherLanguage": "EN",
            "memberNumber": "LD00000001",
            "savingsGoal": 2500.5,
        },
        ["Newsletter"],
        {"Tier": "Saver", "EarlyAdopter": True},
    ),
}


def people(scale: int) -> Iterator[tuple[ProfileRow, list[KeyRow]]]:
    """Every profile with the values of its unique attributes, in the order of their ids."""
    chance = Chance(510)
    for edition in range(min(scale, MOST_EDITIONS)):
        start = 0
        for end, table_id in _RANGES:
            for place in range(start, end):
                drawn = _drawn(chance, table_id, edition * SIZE + place)
                person = _SPECIAL.get(place, drawn) if edition == 0 else drawn
                yield _rows(FIRST_ID + edition * SIZE + place, table_id, person, chance.between(1, 27))
            start = end


def _drawn(chance: Chance, table_id: int, number: int) -> Person:
    first, last = chance.pick(_FIRST), chance.pick(_LAST)
    attributes: dict[str, Any] = {
        "emailAddress": f"{first}.{last}.{number}@{_DOMAINS[number % 3]}".lower(),
        "lastName": last,
        "firstName": first,
        "motherLanguage": chance.pick(_LANGUAGES),
    }
    wanted: list[str] = []
    segments: dict[str, Any] = {}
    if table_id in (CUSTOMERS, MEMBERS):
        attributes["birthDate"] = f"{chance.between(1940, 2006)}-{chance.between(1, 12):02}-{chance.between(1, 28):02}"
    if table_id == CUSTOMERS:
        points = chance.between(0, 9000)
        attributes |= {
            "sex": chance.pick("FFFMMMX"),
            "customerNumber": f"MB{number + 1:08}",
            "homeBranch": f"Branch {chance.between(1, BRANCH_COUNT):03}",
            "loyaltyPoints": points,
            "customerSince": f"{chance.between(1999, 2025)}-{chance.between(1, 12):02}-01T09:00:00Z",
            "interests": sorted({chance.pick(INTERESTS), chance.pick(INTERESTS)}),
            "mobileAppUser": chance.between(1, 10) <= 6,
        }
        wanted = [name for name in ("BranchEvents", "Newsletter", "Promotions") if chance.between(1, 10) <= 6]
        segments = {"LoyaltyLevel": LEVELS[points // 2251]}
        if chance.between(1, 3) == 1:
            segments["LifeStage"] = chance.pick(STAGES)
        if points > 8500:
            segments["Vip"] = True
    elif table_id == MEMBERS:
        attributes |= {
            "memberNumber": f"LD{number + 1:08}",
            "savingsGoal": chance.between(1, 400) * 50,
            "joined": f"{chance.between(2020, 2026)}-{chance.between(1, 10):02}-15T12:00:00Z",
        }
        wanted = [name for name in ("Newsletter", "ProductNews") if chance.between(1, 10) <= 7]
        segments = {"Tier": chance.pick(TIERS)}
    elif table_id == PROSPECTS:
        attributes["source"] = chance.pick(SOURCES)
        wanted = ["Newsletter"]
    return attributes, wanted, segments


def _rows(id_: int, table_id: int, person: Person, day: int) -> tuple[ProfileRow, list[KeyRow]]:
    attributes, wanted, segments = person
    row = ProfileRow(
        id_,
        table_id,
        json.dumps(attributes, ensure_ascii=False, separators=(",", ":")),
        json.dumps(wanted),
        json.dumps(segments),
        None,
        f"2025-{1 + day % 12:02}-{day:02}T08:00:00Z",
        f"2026-{1 + day % 10:02}-{day:02}T08:00:00Z",
    )
    keys = [
        KeyRow(table_id, name, str(attributes[name]), id_)
        for name in ("emailAddress", "customerNumber", "memberNumber")
        if name in attributes
    ]
    return row, keys
