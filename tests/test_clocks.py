"""One module of ours and one of the sandbox ask the machine what day and time it is; everything else is handed it.

`time.time()`, `time.monotonic()` and their kin are not looked for: how long a token lives and how long a wait lasts is
nothing that a person sees.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("upstream", "tools", "mcp_server", "sandbox", "bench", "contracts")
CLOCKS = {"tools/clock.py", "sandbox/clock.py"}

NEVER = {
    *("datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today"),
    *("datetime.date.fromtimestamp", "datetime.datetime.utcfromtimestamp"),
    *("time.localtime", "time.ctime", "time.mktime", "time.tzname", "time.timezone", "time.altzone"),
}
"""What asks for now, or goes by the zone of the machine, called or only named."""

GIVEN = {"time.gmtime": 1, "time.asctime": 1, "time.strftime": 2, "datetime.datetime.fromtimestamp": 2}
"""What asks for now, or goes by the zone of the machine, unless it is given so many arguments."""


def asked(source: str) -> list[str]:
    """What of a module asks the machine for the day, the time or the zone, each with its line."""
    tree = ast.parse(source)
    names = dict(_imported(tree))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := _whole(node, names)) in NEVER:
            found.append(f"{node.lineno}: {name}")
        elif isinstance(node, ast.Call):
            name, given = _whole(node.func, names), len(node.args) + len(node.keywords)
            by_itself = isinstance(node.func, ast.Attribute) and node.func.attr == "astimezone" and not given
            if by_itself or given < GIVEN.get(name, 0):
                found.append(f"{node.lineno}: {name or 'astimezone'}")
    return found


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Name in the module -> what it stands for, of the modules with clocks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.asname or each.name, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)


def _whole(node: ast.expr, names: dict[str, str]) -> str:
    """The whole name of an expression, by what was imported; empty where it has none."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        return f"{within}.{node.attr}" if (within := _whole(node.value, names)) else ""
    return ""


def test_nothing_asks_the_machine_but_the_clocks() -> None:
    sources = {each.relative_to(ROOT).as_posix(): each for folder in OURS for each in (ROOT / folder).rglob("*.py")}
    assert sources.keys() > CLOCKS and len(sources) > 300
    told = {name: lines for name, path in sources.items() if (lines := asked(path.read_text("utf-8")))}
    assert told.keys() == CLOCKS, "\n".join(
        f"{name}:{line}" for name, lines in told.items() for line in lines if name not in CLOCKS
    )


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date\ndate.today()",
        "from datetime import date as day\nlater = day.today",
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "import datetime as dt\ndt.datetime.utcnow()",
        "from datetime import datetime\ndatetime.today()",
        "from datetime import datetime\ndatetime.fromtimestamp(0)",
        "from datetime import datetime\ndatetime.now().astimezone(zone)",
        "moment.astimezone()",
        "import time\ntime.strftime('%Y')",
        "import time\ntime.localtime()",
        "import time\ntime.localtime(0)",
        "from time import gmtime\ngmtime()",
        "from time import asctime as said\nsaid()",
        "import time\ntime.ctime(0)",
        "import time\ntime.tzname[0]",
        "import datetime\nfield(default_factory=datetime.datetime.now)",
    ],
)
def test_a_module_that_asks_is_found(source: str) -> None:
    assert asked(source)


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time() - time.monotonic()",
        "import time\ntime.gmtime(0)",
        "import time\ntime.strftime('%Y', moment)",
        "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)",
        "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, tz=UTC)",
        "moment.astimezone(zone)",
        "call.now(); self.today(); clock.now()",
    ],
)
def test_a_module_that_measures_or_converts_is_let_be(source: str) -> None:
    assert not asked(source)
