"""Whether a request was meant for this machine, and comes from a page of this machine if it comes from one.

A page of another site can make a browser send requests to loopback, under a name of its own that leads there (DNS
rebinding) or under ours; the headers tell. The SDK compares beginnings, so `127.0.0.1:80.evil.example` would pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv6Address

_AUTHORITY = re.compile(r"(?:localhost|127\.0\.0\.1|\[([0-9a-f:.]+)\])(?::([0-9]{1,5}))?", re.ASCII | re.IGNORECASE)
_LOOPBACK = IPv6Address("::1")


def meant_for_us(hosts: Sequence[str]) -> bool:
    """Whether the values of the Host header are one, which names loopback."""
    return len(hosts) == 1 and _is_loopback(hosts[0])


def from_here(origins: Sequence[str]) -> bool:
    """Whether the values of the Origin header are none (no page sent it), or one page of this machine."""
    if not origins:
        return True
    scheme, separator, authority = origins[0].partition("://")
    return len(origins) == 1 and scheme.lower() == "http" and bool(separator) and _is_loopback(authority)


def _is_loopback(authority: str) -> bool:
    found = _AUTHORITY.fullmatch(authority)
    if found is None or (found[2] and not 0 < int(found[2]) < 65536):
        return False
    try:
        return not found[1] or IPv6Address(found[1]) == _LOOPBACK
    except ValueError:
        return False
