"""The twelve offer lists: eight static ones and four that a query fills."""

import json
from collections.abc import Callable
from typing import Final, NamedTuple

from sandbox.bank.folders import OFFER_FOLDERS
from sandbox.bank.offers import Offer

FIRST_ID: Final = 601
RETIRED: Final = "Branch counter 2025"
USED: Final = {
    "Spring 2025 showcase": (0, ("cards", "savings")),
    "Branch counter 2025": (0, ("mortgages",)),
    "Spring 2026 showcase": (4, ("cards", "savings", "app")),
    "Direct mail evergreens": (6, ("letters",)),
    "Youth by email": (6, ("savings",)),
    "Double-digit discounts": (4, ("protection",)),
    "Winter 2026 app launch": (7, ("app",)),
}


class OfferListRow(NamedTuple):
    """A row of `offer_lists`."""

    id: int
    name: str
    description: str
    code: str
    security_policy: str
    folder_id: int
    creator_flag: int
    creator_object_id: int
    smart: int
    retired: int
    smart_info: str | None
    used: int
    attributes: str


class MemberRow(NamedTuple):
    """A row of `offer_list_members`."""

    list_id: int
    position: int
    offer_id: int


class _Static(NamedTuple):
    name: str
    description: str
    chosen: Callable[[Offer], bool]


class _Smart(NamedTuple):
    name: str
    description: str
    query: str
    max_size: int
    scope: tuple[str, ...]
    sub_folders: bool = True


_STATIC: Final = (
    _Static(
        "Spring 2025 showcase",
        "What the spring of 2025 was known for",
        lambda o: o.season.number == 0 and o.channel in ("Email", "Mobile app"),
    ),
    _Static(
        "Spring 2026 showcase",
        "What the spring of 2026 was known for",
        lambda o: o.season.number == 4 and o.channel in ("Email", "Mobile app") and not o.pilot,
    ),
    _Static(
        "Gold and Platinum cards",
        "Every offer for the upper cards",
        lambda o: o.product in ("Gold card", "Platinum card"),
    ),
    _Static(
        "Direct mail evergreens",
        "Cards and points that work on paper",
        lambda o: o.season.year == 2026 and o.channel == "Direct mail" and o.template.id in (31, 36) and not o.pilot,
    ),
    _Static(
        "Winter 2026 app launch",
        "Shown on the first screen from 1 December 2026",
        lambda o: o.season.number == 7 and o.channel == "Mobile app" and not o.pilot,
    ),
    _Static(
        RETIRED,
        "Leaflets of 2025, no longer printed",
        lambda o: o.season.year == 2025 and o.channel == "Branch" and o.template.id in (31, 33),
    ),
    _Static(
        "First home starter pack",
        "Mortgage and cover for a first home",
        lambda o: o.season.year == 2026 and o.product in ("First home mortgage", "Home and contents bundle"),
    ),
    _Static(
        "Call centre win-back",
        "Agents may choose one of these",
        lambda o: o.season.number == 6 and o.channel == "Call centre",
    ),
)
_SMART: Final = (
    _Smart(
        "Youth by email", "Young customers, by email", "channel = 'Email' AND segment = 'Youth'", 20, ("Retail offers",)
    ),
    _Smart("Double-digit discounts", "Everything from 10% up", "discount_rate >= 10", 50, ("Retail offers", "Pilots")),
    _Smart(
        "Winter 2026 on the phone",
        "Mobile offers of the coming winter",
        "season = 'Winter 2026' AND channel = 'Mobile app'",
        10,
        ("Retail offers",),
    ),
    _Smart(
        "Big points for affluent customers",
        "Points of the current year only",
        "bonus_points >= 2000 AND segment = 'Affluent'",
        15,
        ("Retail offers/Loyalty/2026",),
        False,
    ),
)


def offer_lists(offers: list[Offer]) -> tuple[list[OfferListRow], list[MemberRow]]:
    """The lists and the members of the static ones."""
    lists: list[OfferListRow] = []
    members: list[MemberRow] = []
    for one in (*_STATIC, *_SMART):
        number = FIRST_ID + len(lists)
        smart = None
        if isinstance(one, _Smart):
            scope = [{"componentTypeEnum": "FOLDER", "id": OFFER_FOLDERS[path]} for path in one.scope]
            smart = json.dumps(
                {
                    "query": one.query,
                    "maxSize": one.max_size,
                    "includeSubFolder": one.sub_folders,
                    "scopeFolders": scope,
                }
            )
        else:
            chosen = [offer.row.id for offer in offers if one.chosen(offer)]
            members += [MemberRow(number, position, offer) for position, offer in enumerate(chosen, 1)]
        lists.append(
            OfferListRow(
                number,
                one.name,
                one.description,
                f"L{number:06d}",
                "Global",
                OFFER_FOLDERS["Offer lists/Smart" if smart else "Offer lists/Static"],
                0,
                0,
                int(smart is not None),
                int(one.name == RETIRED),
                smart,
                int(one.name in USED),
                "{}",
            )
        )
    return lists, members
