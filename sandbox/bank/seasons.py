"""The calendar of the bank: eight seasons, and the day on which the demo takes place."""

import calendar
from typing import Final, NamedTuple

DAY_MS: Final = 86_400_000


def ms(year: int, month: int, day: int) -> int:
    """Midnight (UTC) of a day, in milliseconds since 1970."""
    return calendar.timegm((year, month, day, 0, 0, 0)) * 1000


TODAY_MS: Final = ms(2026, 11, 20)


class Season(NamedTuple):
    """Three months of campaigns. `number` counts from 0; a winter belongs to the year in which it begins."""

    number: int
    name: str
    year: int
    start_ms: int
    end_ms: int

    @property
    def part(self) -> str:
        """The name without its year."""
        return self.name.split()[0]

    @property
    def state(self) -> str:
        """How today sees it: finished, running or planned."""
        if self.end_ms < TODAY_MS:
            return "finished"
        return "running" if self.start_ms <= TODAY_MS else "planned"


def _year(year: int, first: int) -> list[Season]:
    return [
        Season(first, f"Spring {year}", year, ms(year, 3, 1), ms(year, 5, 31)),
        Season(first + 1, f"Summer {year}", year, ms(year, 6, 1), ms(year, 8, 31)),
        Season(first + 2, f"Autumn {year}", year, ms(year, 9, 1), ms(year, 11, 30)),
        Season(first + 3, f"Winter {year}", year, ms(year, 12, 1), ms(year + 1, 2, 28)),
    ]


SEASONS: Final = (*_year(2025, 0), *_year(2026, 4))
