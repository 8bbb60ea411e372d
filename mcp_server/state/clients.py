"""Which clients were seen to answer a form, and which questions they were handed: some declare forms and draw none."""

from __future__ import annotations

import time

from mcp_server.state.database import Database, Transaction

LONGEST = 100
"""Characters of a client's name or version: it may say anything of itself."""


class Clients:
    """What is known of clients by name and version. Every method raises `upstream.tokens.StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answers_forms(self, name: str, version: str) -> bool:
        """Tell whether a person was seen to answer a form in this client."""

        def work(transaction: Transaction) -> bool:
            sql = "SELECT 1 FROM campaign_mcp_client WHERE name = :name AND version = :version"
            return transaction.row(sql, name=_short(name), version=_short(version)) is not None

        return await self._database.run(work, write=False)

    async def answered_a_form(self, name: str, version: str) -> None:
        """Remember that a person answered a form in this client."""
        await self._database.run(
            lambda transaction: transaction.change(
                "INSERT INTO campaign_mcp_client (name, version, answered_at) VALUES (:name, :version, :now) "
                "ON CONFLICT (name, version) DO UPDATE SET answered_at = excluded.answered_at",
                name=_short(name),
                version=_short(version),
                now=time.time(),
            )
        )

    async def handed(self, reference: str) -> None:
        """Remember that a client was handed this question."""
        await self._database.run(
            lambda transaction: transaction.change(
                "INSERT INTO campaign_mcp_question (reference, asked_at) VALUES (:reference, :now) "
                "ON CONFLICT (reference) DO UPDATE SET asked_at = excluded.asked_at",
                reference=reference,
                now=time.time(),
            )
        )

    async def came_back(self, reference: str) -> None:
        """Forget that a client was handed this question: an answer has come."""
        await self._database.run(
            lambda transaction: transaction.change(
                "DELETE FROM campaign_mcp_question WHERE reference = :reference", reference=reference
            )
        )

    async def was_handed(self, reference: str) -> bool:
        """Tell whether a client was handed this question, and no answer has come."""

        def work(transaction: Transaction) -> bool:
            sql = "SELECT 1 FROM campaign_mcp_question WHERE reference = :reference"
            return transaction.row(sql, reference=reference) is not None

        return await self._database.run(work, write=False)


def _short(text: str) -> str:
    return text.replace("\0", "")[:LONGEST]
