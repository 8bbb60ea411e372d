"""Time zones by their IANA names."""

from __future__ import annotations

import os
from pathlib import Path

from mcp_server.settings.problems import Wrong, nearest


def known_zone(name: str) -> str:
    """The name itself when it is a time zone of this machine's database.

    Raises:
        Wrong: it is not; says the nearest name.
    """
    if _exists(name):
        return name
    from zoneinfo import available_timezones

    names = available_timezones()
    if not names:
        raise Wrong("this machine has no time zone database", "Install the Python package tzdata")
    close = nearest(name, names)
    raise Wrong(
        "unknown time zone",
        f"Did you mean {close}?" if close else "Write an IANA name such as Europe/Oslo or America/New_York",
    )


def machine_zone() -> str:
    """The IANA name of the zone of this machine: `TZ`, else what /etc says, else UTC (always UTC on Windows)."""
    for name in (os.environ.get("TZ", "").lstrip(":"), _linked_zone(), _written_zone()):
        if name and _exists(name):
            return "UTC" if name == "Etc/UTC" else name
    return "UTC"


def _linked_zone() -> str:
    try:
        return str(Path("/etc/localtime").readlink().as_posix()).partition("zoneinfo/")[2]
    except OSError:
        return ""


def _written_zone() -> str:
    try:
        return Path("/etc/timezone").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _exists(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
