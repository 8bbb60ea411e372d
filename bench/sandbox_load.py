"""Filling the sandbox with 30,000 offers, beside a bare `executemany` of the same rows."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from importlib import resources

from bench.budget import Budget

SCALE = 100


def measure() -> Iterator[Budget]:
    """Both fill a new database in memory; what the bare one inserts was made before its clock starts."""
    from sandbox.bank import load, rows

    ready = rows(SCALE)

    def bare(connection: sqlite3.Connection) -> None:
        for statement, tuples in ready.values():
            connection.executemany(statement, tuples)
        connection.commit()

    pairs = [(_seconds(lambda each: load(each, SCALE)), _seconds(bare)) for _ in range(3)]
    ratio = statistics.median(a / b for a, b in pairs)
    offers = len(ready["offers"][1])
    yield Budget(f"sandbox: load {offers:,} offers, over a bare executemany", ratio, 5, "median of 3 pairs")


def _seconds(fill: Callable[[sqlite3.Connection], None]) -> float:
    connection = sqlite3.connect(":memory:")
    connection.executescript(resources.files("sandbox").joinpath("schema.sql").read_text(encoding="utf-8"))
    started = time.perf_counter()
    fill(connection)
    seconds = time.perf_counter() - started
    connection.close()
    return seconds
