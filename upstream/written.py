"""Values as the systems write them: in a path, a query, a header, a form, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from upstream.moment import Dates, milliseconds


def text(value: Any) -> str:
    """One value as the systems write it: true and false in small letters, a moment as milliseconds since 1970."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(milliseconds(value))
    return str(value)


def json_text(value: Any, dates: Dates | None = None) -> str:
    """JSON of a value, with moments as `dates` writes them, else in milliseconds; raises Lossy as it does."""
    return json.dumps(_plain(value, dates or Dates(), ""), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any, dates: Dates, name: str) -> Any:
    """`name` is the field that the value is of."""
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(by_alias=True, exclude_unset=True), dates, name)
    if isinstance(value, datetime):
        return dates.write(value, name)
    if isinstance(value, Mapping):
        return {key: _plain(each, dates, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, dates, name) for each in value]
    return value
