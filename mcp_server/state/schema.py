"""The tables, as an ordered list of migrations, and what is thrown away when the database is opened.

The SQL is what SQLite (3.24 or later) and PostgreSQL have in common. Times are seconds since 1970.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mcp_server.state.failures import Unusable

if TYPE_CHECKING:
    from mcp_server.state.database import Transaction

KEEP_SECONDS = 30 * 24 * 3600.0
"""How long rows of the past stay. What could be replayed (sealed state, codes) lives 600 s, far less."""

_LOCK = 0x63616D706D6370
"""The advisory lock of PostgreSQL under which migrations run; the number is arbitrary and must never change."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE campaign_mcp_account (
            account TEXT NOT NULL PRIMARY KEY,
            generation BIGINT NOT NULL DEFAULT 0,
            token TEXT,
            issued_at DOUBLE PRECISION NOT NULL DEFAULT 0,
            token_life DOUBLE PRECISION NOT NULL DEFAULT 0,
            learnt_life DOUBLE PRECISION,
            leased_by TEXT NOT NULL DEFAULT '',
            leased_until DOUBLE PRECISION NOT NULL DEFAULT 0
        )""",
        """CREATE TABLE campaign_mcp_refusal (
            account TEXT NOT NULL,
            secret_digest TEXT NOT NULL,
            refused_until DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (account, secret_digest)
        )""",
        """CREATE TABLE campaign_mcp_holder (
            account TEXT NOT NULL,
            owner TEXT NOT NULL,
            seen_at DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (account, owner)
        )""",
        """CREATE TABLE campaign_mcp_key (
            name TEXT NOT NULL PRIMARY KEY,
            hex TEXT NOT NULL,
            made_at DOUBLE PRECISION NOT NULL
        )""",
        """CREATE TABLE campaign_mcp_consumed (
            approval_key TEXT NOT NULL,
            number BIGINT NOT NULL,
            channel TEXT NOT NULL,
            tool TEXT NOT NULL,
            reference TEXT NOT NULL,
            consumed_at DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (approval_key, number)
        )""",
        "CREATE INDEX campaign_mcp_consumed_at ON campaign_mcp_consumed (consumed_at)",
        """CREATE TABLE campaign_mcp_code (
            digest TEXT NOT NULL PRIMARY KEY,
            reference TEXT NOT NULL,
            tool TEXT NOT NULL,
            expires_at DOUBLE PRECISION NOT NULL,
            used_at DOUBLE PRECISION
        )""",
        "CREATE INDEX campaign_mcp_code_reference ON campaign_mcp_code (reference)",
        "CREATE INDEX campaign_mcp_code_expires_at ON campaign_mcp_code (expires_at)",
        """CREATE TABLE campaign_mcp_guess (
            reference TEXT NOT NULL PRIMARY KEY,
            wrong BIGINT NOT NULL,
            guessed_at DOUBLE PRECISION NOT NULL
        )""",
        """CREATE TABLE campaign_mcp_intent (
            id TEXT NOT NULL PRIMARY KEY,
            reference TEXT NOT NULL,
            tool TEXT NOT NULL,
            targets TEXT NOT NULL,
            intended_at DOUBLE PRECISION NOT NULL,
            counts TEXT,
            ended_at DOUBLE PRECISION
        )""",
        "CREATE INDEX campaign_mcp_intent_reference ON campaign_mcp_intent (reference)",
        "CREATE INDEX campaign_mcp_intent_intended_at ON campaign_mcp_intent (intended_at)",
    ),
    (
        "ALTER TABLE campaign_mcp_intent ADD COLUMN environment TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE campaign_mcp_intent ADD COLUMN system TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE campaign_mcp_intent ADD COLUMN account TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE campaign_mcp_intent_item (
            intent TEXT NOT NULL,
            place BIGINT NOT NULL,
            target TEXT NOT NULL,
            label TEXT NOT NULL,
            state TEXT NOT NULL,
            changed_at DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (intent, place)
        )""",
        """CREATE TABLE campaign_mcp_client (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            answered_at DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (name, version)
        )""",
        """CREATE TABLE campaign_mcp_question (
            reference TEXT NOT NULL PRIMARY KEY,
            asked_at DOUBLE PRECISION NOT NULL
        )""",
    ),
)


def version(transaction: Transaction) -> int:
    """The number of migrations this database has seen; 0 for an empty one."""
    if not transaction.has_table("campaign_mcp_schema"):
        return 0
    row = transaction.row("SELECT MAX(version) AS newest FROM campaign_mcp_schema")
    return int(row.newest or 0) if row is not None else 0


def migrate(transaction: Transaction) -> int:
    """Bring the database to the newest schema and answer its version.

    Processes that come at once wait for the first and find it done.
    """
    transaction.lock(_LOCK)
    transaction.change(
        "CREATE TABLE IF NOT EXISTS campaign_mcp_schema (version BIGINT NOT NULL PRIMARY KEY, "
        "applied_at DOUBLE PRECISION NOT NULL)"
    )
    found = version(transaction)
    for number, statements in enumerate(MIGRATIONS[found:], found + 1):
        for statement in statements:
            transaction.change(statement)
        transaction.change(
            "INSERT INTO campaign_mcp_schema (version, applied_at) VALUES (:version, :now)",
            version=number,
            now=time.time(),
        )
    return max(found, len(MIGRATIONS))


def refuse_newer(found: int) -> None:
    """Stop before rows are touched whose meaning this program doesn't know.

    Raises:
        Unusable: `found`, the version of the database, is above the newest one known here.
    """
    if found > len(MIGRATIONS):
        raise Unusable(
            f"it was made by a newer campaign-mcp (schema {found}; this program knows {len(MIGRATIONS)}), so update "
            "this program or give it another database"
        )


def clean(transaction: Transaction) -> None:
    """Throw away rows of the past. Accounts stay: their generation must never go backwards."""
    past = time.time() - KEEP_SECONDS
    for statement in (
        "UPDATE campaign_mcp_account SET token = NULL WHERE token IS NOT NULL AND issued_at + token_life < :past",
        "DELETE FROM campaign_mcp_refusal WHERE refused_until < :past",
        "DELETE FROM campaign_mcp_holder WHERE seen_at < :past",
        "DELETE FROM campaign_mcp_consumed WHERE consumed_at < :past",
        "DELETE FROM campaign_mcp_code WHERE expires_at < :past",
        "DELETE FROM campaign_mcp_guess WHERE guessed_at < :past",
        "DELETE FROM campaign_mcp_intent_item WHERE changed_at < :past",
        "DELETE FROM campaign_mcp_intent WHERE intended_at < :past",
        "DELETE FROM campaign_mcp_question WHERE asked_at < :past",
    ):
        transaction.change(statement, past=past)
