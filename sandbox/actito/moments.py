"""Days and moments of Actito: stored and answered as ISO texts in UTC.

Accepted are ISO texts and the layout DD/MM/YYYY HH:mm:ss of the old samples (actito-notes, section 10). What the
real service accepts beyond them is not documented.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_OLD_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})(.*)")


def write(moment: datetime) -> str:
    """A moment as it is stored and answered."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def moment(text: str) -> str:
    """A moment in any of the accepted layouts as it is stored; raises ValueError."""
    try:
        found = datetime.fromisoformat(_modern(text))
        return write(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is not a moment such as 2026-11-20T09:00:00Z") from None


def day(text: str) -> str:
    """A day in any of the accepted layouts as it is stored; raises ValueError."""
    try:
        return date.fromisoformat(_modern(text)).isoformat()
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a day such as 2026-11-20") from None


def _modern(text: str) -> str:
    old = _OLD_DAY.fullmatch(text)
    return f"{old[3]}-{old[2]}-{old[1]}{old[4]}" if old else text
