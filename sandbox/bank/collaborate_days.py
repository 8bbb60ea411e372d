"""Days and moments of Collaborate, counted from the day of the demo."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sandbox.bank.seasons import TODAY_MS

_TODAY: Final = datetime.fromtimestamp(TODAY_MS / 1000, UTC)


def day(offset: int) -> str:
    """The day so many days after today (before it, when negative), yyyy-MM-dd."""
    return (_TODAY + timedelta(days=offset)).date().isoformat()


def moment(offset: int, hour: int = 9, minute: int = 0, second: int = 0) -> str:
    """A moment of that day in UTC."""
    at = _TODAY + timedelta(days=offset, hours=hour, minutes=minute, seconds=second)
    return f"{at.replace(tzinfo=None).isoformat()}Z"
