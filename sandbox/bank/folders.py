"""The two folder trees: campaigns from id 11, offers and offer lists from id 61."""

from typing import Final, NamedTuple

from sandbox.bank.seasons import SEASONS


class FolderRow(NamedTuple):
    """A row of `folders`."""

    id: int
    parent_id: int | None
    kind: str
    name: str
    security_policy: str = "Global"


OFFER_AREAS: Final = ("Cards", "Savings", "Mortgages", "Loans", "Insurance", "Loyalty")

_CAMPAIGN_PATHS: Final = (
    "Retail Banking",
    "Retail Banking/2025",
    *(f"Retail Banking/2025/{season.part}" for season in SEASONS[:4]),
    "Retail Banking/2026",
    *(f"Retail Banking/2026/{season.part}" for season in SEASONS[4:]),
    "Cards",
    "Cards/Gold",
    "Cards/Everyday",
    "Mortgages",
    "Mortgages/First home",
    "Mortgages/Remortgage",
    "Savings",
    "Savings/Fixed term",
    "Insurance",
    "Insurance/Home and car",
    "Archive",
    "Archive/2025",
)
_OFFER_PATHS: Final = (
    "Retail offers",
    *(f"Retail offers/{area}{year}" for area in OFFER_AREAS for year in ("", "/2025", "/2026")),
    "Pilots",
    "Pilots/2026",
    "Offer lists",
    "Offer lists/Static",
    "Offer lists/Smart",
)


def _tree(kind: str, first: int, paths: tuple[str, ...]) -> list[FolderRow]:
    ids = {path: first + index for index, path in enumerate(paths)}
    return [FolderRow(ids[path], ids.get(path.rpartition("/")[0]), kind, path.rpartition("/")[2]) for path in paths]


CAMPAIGN_FOLDERS: Final = {path: 11 + index for index, path in enumerate(_CAMPAIGN_PATHS)}
OFFER_FOLDERS: Final = {path: 61 + index for index, path in enumerate(_OFFER_PATHS)}


def folders() -> list[FolderRow]:
    """Both trees, every parent before its children."""
    return _tree("campaign", 11, _CAMPAIGN_PATHS) + _tree("offer", 61, _OFFER_PATHS)
