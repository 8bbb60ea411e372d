"""Personal data: what of a profile an answer may show when nobody asked for it by name.

Shown unasked are numbers, opt-ins, segments, language and moments, and the e-mail address with its first letter and
host alone. All else waits until its column is asked for. What the caller wrote itself may be said again as written.
"""

from __future__ import annotations

from typing import Any

MASK = "***"


def masked(value: Any) -> str:
    """A value that names a person, with enough left to tell two from each other: `a***@example.org`, `***89`."""
    text = str(value or "").strip()
    if not text:
        return ""
    local, at, host = text.rpartition("@")
    if at:
        return f"{local[:1]}{MASK}@{host}"
    return MASK + (text[-2:] if len(text) > 4 else "")
