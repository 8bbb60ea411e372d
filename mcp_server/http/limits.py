"""How much one server holds open for its clients."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sessions and connections at the same time, bytes of a message, seconds; messages over stdio are bounded too."""

    sessions: int = 200
    idle_seconds: float = 1800.0
    connections: int = 500
    request_seconds: float = 15.0
    message_bytes: int = 4 * 2**20
