"""The 48 campaigns: six series, each with one campaign per season.

Four series sell products over several channels, one uses letters only, one the mobile app only.
"""

import json
from typing import Final, NamedTuple

from sandbox.bank import hostile
from sandbox.bank.attributes import REGIONS
from sandbox.bank.chance import Chance
from sandbox.bank.folders import CAMPAIGN_FOLDERS
from sandbox.bank.seasons import DAY_MS, SEASONS, Season

FIRST_ID: Final = 2001
USERS: Final = ("m.okafor", "j.vance", "l.brandt", "s.iyer", "p.doyle")


class CampaignRow(NamedTuple):
    """A row of `campaigns`."""

    id: int
    name: str
    description: str
    code: str
    initiative: str
    objectives: str
    security_policy: str
    creator: str
    created_by_id: int
    created_by: str
    create_ms: int
    start_ms: int
    end_ms: int
    last_run_ms: int | None
    project_id: int
    folder_id: int
    attributes: str


class Series(NamedTuple):
    """Campaigns of one kind. `channel` is set when all of its cells use it."""

    key: str
    initiative: str
    objectives: str
    owner: str
    budget: int
    channel: str | None
    names: tuple[str, ...]


class Campaign(NamedTuple):
    """A campaign and what its cells and results depend on."""

    row: CampaignRow
    series: Series
    season: Season


SERIES: Final = (
    Series(
        "cards",
        "Card growth",
        "Raise card spending of active holders by 6%",
        "Marta Okafor",
        180_000,
        None,
        (
            "Spring 2025 Gold Card Cashback",
            "Holiday Cards 2025",
            "Autumn Gold Card Cashback",
            "Gift Season Cards 2025",
            "Spring 2026 Gold Card Cashback",
            "Holiday Cards 2026",
            "Autumn Gold Card Cashback",
            "Gift Season Cards 2026",
        ),
    ),
    Series(
        "savings",
        "Deposits",
        "Bring in 40 million euro of new deposits",
        "Lukas Brandt",
        120_000,
        None,
        (
            "Spring 2025 Savings Sprint",
            "Summer Saver 2025",
            "Back to School Junior Saver 2025",
            "Year-End Fixed Saver 2025",
            "Spring 2026 Savings Sprint",
            "Summer Saver 2026",
            "Back to School Junior Saver 2026",
            "Year-End Fixed Saver 2026",
        ),
    ),
    Series(
        "mortgages",
        "Home finance",
        "Keep 70% of the mortgages whose fixed rate ends",
        "Samira Iyer",
        240_000,
        None,
        (
            "Spring 2025 First Home",
            "Remortgage Check 2025",
            "Green Home Weeks 2025",
            "Fixed Rate Ending 2025",
            "Spring 2026 First Home",
            "Remortgage Check 2026",
            "Green Home Weeks 2026",
            "Fixed Rate Ending 2026",
        ),
    ),
    Series(
        "protection",
        "Loans and insurance",
        "Open 1,500 contracts in the quarter",
        "Peter Doyle",
        150_000,
        None,
        (
            "Spring 2025 Home and Car Cover",
            "Summer 2025 Personal Loan",
            "Autumn 2025 Home and Car Cover",
            "Winter 2025 Personal Loan",
            "Spring 2026 Home and Car Cover",
            "Summer 2026 Personal Loan Online",
            "Autumn 2026 Home and Car Cover",
            "Winter 2026 Personal Loan",
        ),
    ),
    Series(
        "letters",
        "Customer mail",
        "Reach customers who do not log in",
        "Jonas Vance",
        210_000,
        "Direct mail",
        (
            "Letters to Savers, Spring 2025",
            "Letters to Travellers, Summer 2025",
            "Letters to Families, Autumn 2025",
            "Greeting Cards, Winter 2025",
            "Letters to Savers, Spring 2026",
            "Letters to Travellers, Summer 2026",
            "Letters to Families, Autumn 2026",
            "Greeting Cards, Winter 2026",
        ),
    ),
    Series(
        "app",
        "Digital first",
        "Move everyday banking to the mobile app",
        "Marta Okafor",
        60_000,
        "Mobile app",
        (
            "App Moments Spring 2025",
            hostile.BIDIRECTIONAL_NAME,
            "App Moments Autumn 2025",
            "App Moments Winter 2025",
            "App Moments Spring 2026",
            "App Moments Summer 2026",
            "App Moments Autumn 2026",
            "App Moments Winter 2026",
        ),
    ),
)
_DESCRIPTIONS: Final = {
    hostile.BIDIRECTIONAL_NAME: hostile.BIDIRECTIONAL_DESCRIPTION,
    "Summer 2026 Personal Loan Online": "All cells lead to the new landing page that went live on 1 June 2026",
    "Winter 2026 Personal Loan": "Target cells still have to be planned",
}


def _folder(series: Series, season: Season) -> str:
    if series.key == "mortgages":
        return "Mortgages/First home" if season.number % 4 == 0 else "Mortgages/Remortgage"
    if series.key == "protection" and season.number % 2 == 0:
        return "Insurance/Home and car"
    if series.key == "cards" and season.part == "Summer":
        return "Cards/Everyday"
    if series.key in ("letters", "app") and season.number < 2:
        return "Archive/2025"
    return f"Retail Banking/{season.year}/{season.part}"


def _description(name: str, series: Series, season: Season) -> str:
    way = f"by {series.channel.lower()}" if series.channel else "over several channels"
    return _DESCRIPTIONS.get(name, f"{series.initiative} in {season.name} {way}")


def campaigns() -> list[Campaign]:
    """All campaigns at scale 1, without the time of their last run, in the order of their seasons."""
    chance = Chance(48)
    found: list[Campaign] = []
    for season in SEASONS:
        for series in SERIES:
            number = FIRST_ID + len(found)
            name = series.names[season.number]
            user = chance.between(0, len(USERS) - 1)
            values = {
                "sales_region": chance.pick(REGIONS),
                "budget": series.budget + 5000 * chance.between(-4, 4),
                "approval_status": "In review" if season.state == "planned" else "Approved",
                "business_owner": series.owner,
            }
            row = CampaignRow(
                number,
                name,
                _description(name, series, season),
                f"C{number:09d}",
                series.initiative,
                series.objectives,
                "Global",
                "CAMPAIGN",
                11 + user,
                USERS[user],
                season.start_ms - chance.between(28, 60) * DAY_MS + 3_600_000 * chance.between(7, 16),
                season.start_ms,
                season.end_ms,
                None,
                0,
                CAMPAIGN_FOLDERS[_folder(series, season)],
                json.dumps(values),
            )
            found.append(Campaign(row, series, season))
    return found
