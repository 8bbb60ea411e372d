"""Values as the systems write them: in a path, a query, a header, a form, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel


def text(value: Any) -> str:
    """One value as the systems write it: true and false in small letters, a moment as milliseconds since 1970."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(milliseconds(value))
    return str(value)


def json_text(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970; a moment without a zone is an error, for its meaning would depend on the machine."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return round(moment.astimezone(UTC).timestamp() * 1000)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {key: _plain(each) for key, each in value.model_dump(by_alias=True, exclude_unset=True).items()}
    if isinstance(value, datetime):
        return milliseconds(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
