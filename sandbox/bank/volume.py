"""The story in figures: how many customers each season contacts, and how many of them respond.

Spring 2026 sells about twice as well as Spring 2025. Direct mail shrinks from season to season while the mobile app
grows, in contacts and in purchases per contact. The holdouts are part of no figure here: nobody contacts them.
"""

from typing import Final

# One figure per season from Spring 2025 to Winter 2026.
_SHARES: Final = {
    "Email": (44, 44, 44, 44, 44, 44, 44, 44),
    "Mobile app": (10, 12, 16, 20, 24, 30, 36, 44),
    "Direct mail": (32, 28, 24, 20, 16, 14, 10, 8),
    "Web": (18, 18, 18, 18, 18, 18, 18, 18),
    "Call centre": (6, 6, 6, 6, 6, 6, 6, 6),
    "Branch": (4, 4, 4, 4, 4, 4, 4, 4),
}
_VOLUMES: Final = {
    "cards": (48_000,) * 8,
    "savings": (36_000,) * 8,
    "mortgages": (14_000,) * 8,
    "protection": (30_000,) * 8,
    "letters": (64_000, 57_000, 50_000, 44_000, 37_000, 31_000, 26_000, 22_000),
    "app": (18_000, 22_000, 27_000, 33_000, 41_000, 50_000, 61_000, 74_000),
}
# Purchases per 100,000 contacts. Clicks and unsubscribes follow from the kind of campaign.
_PRODUCT_PURCHASES: Final = (1000, 1080, 1150, 1120, 3000, 1700, 1500, 0)
_LETTER_PURCHASES: Final = (1200, 1100, 1010, 900, 820, 710, 600, 0)
_APP_PURCHASES: Final = (800, 950, 1100, 1300, 1560, 1800, 2100, 0)
_PRODUCT_LEVEL: Final = {"cards": 115, "savings": 100, "mortgages": 62, "protection": 90}
BROKEN_LANDING_PAGE: Final = "Summer 2026 Personal Loan Online"


def volume(series: str, season: int) -> int:
    """Customers that a campaign of the series plans to contact in a season, roughly."""
    return _VOLUMES[series][season]


def channel_share(channel: str, season: int) -> int:
    """Percent of the volume of a campaign that a channel gets; the shares of all channels exceed 100."""
    return _SHARES[channel][season]


def responses(series: str, season: int, name: str, contacts: int) -> dict[str, int]:
    """Responses to a number of contacts, by response type."""
    if series == "letters":
        clicks, purchases, unsubscribes = 1900, _LETTER_PURCHASES[season], 90
    elif series == "app":
        clicks, purchases, unsubscribes = 9400, _APP_PURCHASES[season], 310
    else:
        level = _PRODUCT_LEVEL[series]
        clicks, purchases = 5200 + 45 * level // 10, _PRODUCT_PURCHASES[season] * level // 100
        unsubscribes = 420
    if name == BROKEN_LANDING_PAGE:
        purchases = 0
    rates = {"CLK": clicks, "PUR": purchases, "UNS": unsubscribes}
    return {kind: contacts * rate // 100_000 for kind, rate in rates.items()}
