"""Stand-ins of the campaign systems: real HTTP servers over SQLite with demo data, built from the contracts alone.

`start()` returns within milliseconds: servers, contracts and data are loaded in the thread of the sandbox, and
requests wait in the socket's queue until it is up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.server import Sandbox

__all__ = ["Sandbox", "start"]


def start(
    *,
    port: int = 0,
    database: str = ":memory:",
    scale: int = 1,
    switches: Mapping[str, Any] | None = None,
    date: str = "",
    host: str = "127.0.0.1",
) -> Sandbox:
    """Start a sandbox; stop it with `.stop()` or by leaving it as a context manager.

    `port` 0 takes a free one. `database` is a file or `:memory:`; a file that already holds a sandbox keeps its data.
    `scale` multiplies the demo data (100 is 30,000 offers; 10 and more are 50,000 people of Actito). `switches` are
    those of `sandbox.switches.Switches`. `date` (yyyy-mm-dd) is the switch of that name: the clock of the sandbox, read
    with `.now()`, then begins at 09:00 UTC of that day; without one it is the machine's.
    Raises OSError when the port is taken and ValueError for a bad switch or date.
    """
    return Sandbox(host=host, port=port, database=database, scale=scale, switches=switches, date=date)
