"""Time zones by their IANA names."""

from __future__ import annotations

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
    """The IANA name of the zone of this machine, on any platform; UTC where it has none that can be told."""
    import tzlocal

    try:
        name = getattr(tzlocal.reload_localzone(), "key", "")
    except (LookupError, ValueError, OSError):
        return "UTC"
    return name if name and name != "Etc/UTC" and _exists(name) else "UTC"


def _exists(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
