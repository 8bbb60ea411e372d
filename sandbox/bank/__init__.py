"""The demo data of the sandbox: three years of marketing at Meridian Bank, an invented retail bank.

`load` fills the tables of `schema.sql`; `rows` gives the same rows without a database. The data never changes
between runs, platforms or Python versions, and nothing in it depends on the clock: the bank lives on 2026-11-20.
"""

from sandbox.bank.seasons import TODAY_MS
from sandbox.bank.tables import load, rows

__all__ = ["TODAY_MS", "load", "rows"]
