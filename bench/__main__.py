"""Measure every budget and write `bench/results.md`."""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path

import sandbox
from bench import busy_licence, dying_tokens, reads, sandbox_load, start, tokens
from bench.budget import Budget

RESULTS = Path(__file__).with_name("results.md")


def main() -> int:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        nowhere = Path(folder, "settings.toml")
        nowhere.touch()

        def environ(running: sandbox.Sandbox, state: str) -> dict[str, str]:
            own = {
                "CAMPAIGN_MCP_STATE_URL": f"sqlite:///{Path(folder, state).as_posix()}",
                "CAMPAIGN_MCP_SETTINGS_FILE": str(nowhere),
            }
            return {**running.settings(), **own}

        budgets: list[Budget] = []
        with sandbox.start() as usual, sandbox.start(scale=10) as large:
            budgets += tokens.measure(environ(usual, "a.db"), environ(large, "b.db"))
            budgets += start.measure(environ(usual, "a.db"))
        with sandbox.start(switches={"authentication": False}) as open_door:
            budgets += reads.measure(open_door.url, environ(open_door, "c.db") | {"CAMPAIGN_MCP_UNICA__AUTH": "none"})
        budgets += dying_tokens.measure()
        budgets += busy_licence.measure()
        budgets += sandbox_load.measure()
    table = "\n".join(
        ["| what | measured | budget | verdict | how |", "|---|--:|--:|---|---|", *(b.row() for b in budgets)]
    )
    machine = (
        f"Python {platform.python_version()} on {platform.system()}. Ratios are within this run; seconds mean little."
    )
    RESULTS.write_text(f"# Budgets\n\n`make bench` wrote this. {machine}\n\n{table}\n", encoding="utf-8", newline="\n")
    print(table)
    missed = [budget for budget in budgets if not budget.holds]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
