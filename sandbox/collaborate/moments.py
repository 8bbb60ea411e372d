"""Days and moments as texts.

Layouts (contract: x-conventions, dates): days yyyy-MM-dd; moments ISO 8601, answered in UTC.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sandbox import dates, json_text
from sandbox.answers import Answer

DATED = ("_Date", "_Time")
"""How the names of all dates of the contract end, and no others."""

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def write(moment: datetime) -> str:
    """A moment as it is answered."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def day(text: str) -> str:
    """The text itself when it is a day; raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text[:40]!r} is not a day such as 2026-11-20")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None


def moment(text: str, zone: tzinfo) -> datetime:
    """The moment of a text, in a zone where it names none; raises ValueError."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a moment such as 2026-11-20T09:00:00Z")
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        # A moment at either end of the calendar has no place in some zones.
        return found.astimezone(UTC).replace(microsecond=0).astimezone(zone)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a moment of the calendar") from None


def rewritten(answer: Answer, dialect: dates.Dialect) -> Answer:
    """The answer as an installation gives it that writes days and moments in another form."""
    if dialect.form not in dates.OTHER or not answer.is_json:
        return answer
    value = _rewritten(json_text.parse(answer.body.decode("utf-8")), dialect)
    return dataclasses.replace(answer, body=json_text.dump(value).encode("utf-8"))


def _rewritten(value: Any, dialect: dates.Dialect) -> Any:
    if isinstance(value, list):
        return [_rewritten(item, dialect) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: dialect.rewrite(item) if key.endswith(DATED) and isinstance(item, str) else _rewritten(item, dialect)
        for key, item in value.items()
    }
