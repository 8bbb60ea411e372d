"""The 300 offers: twelve written one by one, and one per template, season and channel.

Retired are most of Spring 2025 and some of Summer 2025. Some offers of Autumn 2026 ran out before today although
campaigns that run today still use them.
"""

import json
from typing import Final, NamedTuple

from sandbox.bank import hostile
from sandbox.bank.attributes import CHANNELS, PERKS, SEGMENTS, Json
from sandbox.bank.chance import Chance
from sandbox.bank.folders import OFFER_FOLDERS
from sandbox.bank.seasons import DAY_MS, SEASONS, Season, ms
from sandbox.bank.templates import TEMPLATES, Template, new_code

CARDS, SAVINGS, MORTGAGES, LOANS, INSURANCE, LOYALTY = TEMPLATES
COSTS: Final = {
    "Email": 0.02,
    "Mobile app": 0.01,
    "Branch": 2.4,
    "Call centre": 3.1,
    "Direct mail": 0.85,
    "Web": 0.05,
}
EXPIRED_IN_USE: Final = {(31, "Direct mail"), (32, "Direct mail"), (32, "Mobile app"), (36, "Direct mail")}
FIRST_ID: Final = 5001


class OfferRow(NamedTuple):
    """A row of `offers`."""

    id: int
    code: str
    name: str
    description: str
    template_id: int
    folder_id: int
    security_policy: str
    retired: int
    attributes: str


class Offer(NamedTuple):
    """An offer and what the rest of the bank asks about it. `pilot` marks the twelve written one by one."""

    row: OfferRow
    pilot: bool
    template: Template
    season: Season
    channel: str
    product: str


class _Special(NamedTuple):
    name: str
    description: str
    template: Template
    season: int
    channel: str
    place: int
    changes: dict[str, Json] | None = None


def _figure(template: Template, place: int, season: Season) -> tuple[str, dict[str, Json]]:
    """The end of an offer's name, and the attributes that belong to it."""
    later = season.year - 2025
    step = season.number % 4
    if template is CARDS:
        rate = (1.0, 2.0, 3.0, 5.0, 2.5, 1.5)[place] + later
        perks: Json = list(PERKS[: 1 + (place + step) % 4])
        return f"{rate:g}% cashback", {"discount_rate": rate, "card_perks": perks}
    if template is SAVINGS:
        rate = (180 + 15 * place + 5 * step + 25 * later) / 100
        return f"{rate:g}% bonus rate", {"interest_rate": rate}
    if template is MORTGAGES:
        discount = (10 + 5 * place + 5 * later) / 100
        rate = (420 - 8 * place - 5 * step) / 100
        term = (240, 300, 180, 360, 120, 240)[place]
        return f"{discount:g}% off the rate", {"discount_rate": discount, "interest_rate": rate, "term_months": term}
    if template is LOANS:
        rate = (790 - 30 * place - 10 * step - 40 * later) / 100
        reward = ("No arrangement fee", "First payment after 90 days")[step % 2]
        return f"from {rate:g}% a year", {"interest_rate": rate, "term_months": 24 + 12 * place, "reward_text": reward}
    if template is INSURANCE:
        rate = (5.0, 8.0, 12.0, 10.0, 15.0, 20.0)[place] + later
        reward = ("First month free", "Free legal cover", "Free key service", "Half excess")[step]
        consent = season.year == 2025
        return f"{rate:g}% off the first year", {"discount_rate": rate, "reward_text": reward, "needs_consent": consent}
    points = (500, 1500, 5000, 1000, 2000, 750)[place] + 500 * later
    return f"{points} bonus points", {"bonus_points": points, "reward_text": f"{points} Meridian points"}


def _name(template: Template, place: int, season: Season) -> str:
    return f"{template.products[place]} {_figure(template, place, season)[0]}, {season.name}"


def _values(template: Template, place: int, season: Season, channel: str) -> dict[str, Json]:
    expiry = season.end_ms + 31 * DAY_MS
    if season is SEASONS[6] and (template.id, channel) in EXPIRED_IN_USE:
        expiry = ms(2026, 10, 31)
    return (
        template.defaults
        | _figure(template, place, season)[1]
        | {
            "product": template.products[place],
            "channel": channel,
            "segment": SEGMENTS[place],
            "season": season.name,
            "cost": COSTS[channel],
            "expiry_date": expiry,
        }
    )


_SPECIAL: Final = (
    _Special(_name(CARDS, 1, SEASONS[4]), "Copy for the Elmbourne pilot", CARDS, 4, "Branch", 1),
    _Special(_name(SAVINGS, 0, SEASONS[5]), "Copy for the Elmbourne pilot", SAVINGS, 5, "Branch", 0),
    _Special(_name(LOYALTY, 3, SEASONS[6]), "Copy for the Elmbourne pilot", LOYALTY, 6, "Branch", 3),
    _Special(
        "Meridian Day double points, 12 June 2026",
        "Two points per euro on our birthday",
        LOYALTY,
        5,
        "Email",
        1,
        {"bonus_points": 100, "reward_text": "Double points for one day", "expiry_date": ms(2026, 6, 30)},
    ),
    _Special(
        "Come back voucher 25 EUR, call centre",
        "For customers who closed their account",
        LOYALTY,
        6,
        "Call centre",
        0,
        {"reward_text": "25 EUR grocery voucher", "expiry_date": ms(2027, 3, 31)},
    ),
    _Special(
        "Solar loan from 4.9% a year, rooftop pilot",
        "Not used by any campaign yet",
        LOANS,
        7,
        "Branch",
        1,
        {"product": "Solar loan", "interest_rate": 4.9, "term_months": 120},
    ),
    _Special(
        "Branch reopening gift, Elmbourne",
        "Points for visiting the new branch",
        LOYALTY,
        6,
        "Branch",
        4,
        {"bonus_points": 250, "reward_text": "Umbrella and 250 points"},
    ),
    _Special(
        "First flat insurance trial, 10% off",
        "Trial with customers under 26",
        INSURANCE,
        7,
        "Mobile app",
        3,
        {"discount_rate": 10.0},
    ),
    _Special("Supplier fair points, Autumn 2026", hostile.INJECTION, LOYALTY, 6, "Direct mail", 5),
    _Special(hostile.FENCE_BREAKER, hostile.FENCE_BREAKER_DESCRIPTION, CARDS, 6, "Web", 4, {"discount_rate": 4.0}),
    _Special(hostile.LONG_NAME, hostile.LONG_NAME_DESCRIPTION, CARDS, 6, "Email", 0),
    _Special("New app welcome, 1000 points", "First login to the new app", LOYALTY, 6, "Mobile app", 3),
)
_DESCRIPTIONS: Final = (
    "Text approved by legal on the first draft",
    "Show the terms on the second page",
    "One use per household",
    "New customers only",
    "Not together with other offers",
    "",
)


def _retired(template: Template, season: Season, channel: str) -> bool:
    if season.number == 0:
        return channel != "Email"
    return season.number == 1 and channel in ("Branch", "Direct mail") and template is not LOYALTY


def _offer(number: int, code: str, special: _Special, folder: str, retired: bool) -> Offer:
    template, season = special.template, SEASONS[special.season]
    values = _values(template, special.place, season, special.channel) | (special.changes or {})
    row = OfferRow(
        number,
        code,
        special.name,
        special.description,
        template.id,
        OFFER_FOLDERS[folder],
        "Global",
        int(retired),
        json.dumps(values, ensure_ascii=False),
    )
    return Offer(row, folder.startswith("Pilots"), template, season, special.channel, str(values["product"]))


def offers() -> list[Offer]:
    """All offers at scale 1. Products rotate over the channels, so that each channel has each segment in turn."""
    chance = Chance(20261120)
    serials = {template.id: 100 for template in TEMPLATES}
    found: list[Offer] = []

    def add(special: _Special, folder: str, retired: bool) -> None:
        serials[special.template.id] += 1
        code = new_code(special.template, serials[special.template.id], chance)
        found.append(_offer(FIRST_ID + len(found), code, special, folder, retired))

    for special in _SPECIAL:
        add(special, "Pilots/2026", False)
    for season in SEASONS:
        for template in TEMPLATES:
            for place in range(len(template.products)):
                channel = CHANNELS[(place + season.number) % len(CHANNELS)]
                special = _Special(
                    _name(template, place, season),
                    chance.pick(_DESCRIPTIONS),
                    template,
                    season.number,
                    channel,
                    place,
                )
                add(
                    special,
                    f"Retail offers/{template.area}/{season.year}",
                    _retired(template, season, channel),
                )
    return found
