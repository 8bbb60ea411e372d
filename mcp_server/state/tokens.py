"""Tokens of accounts in the state database, so that processes share them instead of killing each other's."""

from __future__ import annotations

import time

from mcp_server.state.database import Database, Transaction, Value
from upstream.tokens import PRESENCE_SECONDS, Token


class DatabaseTokenStore:
    """The `upstream.tokens.TokenStore` of processes that share a database; the rules of each method are there.

    A lease is two columns with owner and end, taken by one conditional statement, so no transaction stays open while
    HTTP goes on and a process that died frees it by time. Ends are compared with `time.time()` of the machine that
    asks: replicas need clocks that agree to about a second.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, account: str) -> Token | None:
        def work(transaction: Transaction) -> Token | None:
            row = transaction.row(
                "SELECT token, generation, issued_at, token_life FROM campaign_mcp_account "
                "WHERE account = :account AND token IS NOT NULL",
                account=account,
            )
            return None if row is None else Token(row.token, row.generation, row.issued_at, row.token_life)

        return await self._database.run(work, write=False)

    async def lease(self, account: str, owner: str, seconds: float) -> bool:
        def work(transaction: Transaction) -> bool:
            now = time.time()
            taken = transaction.change(
                "INSERT INTO campaign_mcp_account (account, leased_by, leased_until) VALUES (:account, :owner, :until) "
                "ON CONFLICT (account) DO UPDATE "
                "SET leased_by = excluded.leased_by, leased_until = excluded.leased_until "
                "WHERE campaign_mcp_account.leased_by IN ('', excluded.leased_by) "
                "OR campaign_mcp_account.leased_until <= :now",
                account=account,
                owner=owner,
                until=now + seconds,
                now=now,
            )
            return taken == 1

        return await self._database.run(work)

    async def release(self, account: str, owner: str) -> None:
        await self._change(
            "UPDATE campaign_mcp_account SET leased_by = '', leased_until = 0 "
            "WHERE account = :account AND leased_by = :owner",
            account=account,
            owner=owner,
        )

    async def publish(self, account: str, value: str, issued_at: float, life: float) -> Token:
        def work(transaction: Transaction) -> Token:
            transaction.change(
                "INSERT INTO campaign_mcp_account (account, generation, token, issued_at, token_life) "
                "VALUES (:account, 1, :token, :issued_at, :life) ON CONFLICT (account) DO UPDATE "
                "SET generation = campaign_mcp_account.generation + 1, token = excluded.token, "
                "issued_at = excluded.issued_at, token_life = excluded.token_life",
                account=account,
                token=value,
                issued_at=float(issued_at),
                life=float(life),
            )
            row = transaction.row(
                "SELECT generation FROM campaign_mcp_account WHERE account = :account", account=account
            )
            assert row is not None, "the row was written above"
            return Token(value, row.generation, issued_at, life)

        return await self._database.run(work)

    async def drop(self, account: str, generation: int) -> None:
        await self._change(
            "UPDATE campaign_mcp_account SET token = NULL WHERE account = :account AND generation = :generation",
            account=account,
            generation=generation,
        )

    async def life(self, account: str) -> float | None:
        def work(transaction: Transaction) -> float | None:
            row = transaction.row(
                "SELECT learnt_life FROM campaign_mcp_account WHERE account = :account", account=account
            )
            return None if row is None else row.learnt_life

        return await self._database.run(work, write=False)

    async def learn_life(self, account: str, seconds: float) -> None:
        await self._change(
            "INSERT INTO campaign_mcp_account (account, learnt_life) VALUES (:account, :seconds) "
            "ON CONFLICT (account) DO UPDATE "
            "SET learnt_life = excluded.learnt_life, token_life = excluded.learnt_life",
            account=account,
            seconds=float(seconds),
        )

    async def refused_until(self, account: str, secret_digest: str) -> float | None:
        def work(transaction: Transaction) -> float | None:
            row = transaction.row(
                "SELECT refused_until FROM campaign_mcp_refusal "
                "WHERE account = :account AND secret_digest = :digest AND refused_until > :now",
                account=account,
                digest=secret_digest,
                now=time.time(),
            )
            return None if row is None else row.refused_until

        return await self._database.run(work, write=False)

    async def refuse(self, account: str, secret_digest: str, until: float) -> None:
        await self._change(
            "INSERT INTO campaign_mcp_refusal (account, secret_digest, refused_until) "
            "VALUES (:account, :digest, :until) "
            "ON CONFLICT (account, secret_digest) DO UPDATE SET refused_until = excluded.refused_until",
            account=account,
            digest=secret_digest,
            until=float(until),
        )

    async def join(self, account: str, owner: str) -> None:
        def work(transaction: Transaction) -> None:
            _lock(transaction, account)
            transaction.change(
                "INSERT INTO campaign_mcp_holder (account, owner, seen_at) VALUES (:account, :owner, :now) "
                "ON CONFLICT (account, owner) DO UPDATE SET seen_at = excluded.seen_at",
                account=account,
                owner=owner,
                now=time.time(),
            )

        await self._database.run(work)

    async def leave(self, account: str, owner: str) -> int:
        def work(transaction: Transaction) -> int:
            _lock(transaction, account)
            transaction.change(
                "DELETE FROM campaign_mcp_holder WHERE account = :account AND owner = :owner",
                account=account,
                owner=owner,
            )
            row = transaction.row(
                "SELECT COUNT(*) AS others FROM campaign_mcp_holder WHERE account = :account AND seen_at > :since",
                account=account,
                since=time.time() - PRESENCE_SECONDS,
            )
            return 0 if row is None else int(row.others)

        return await self._database.run(work)

    async def _change(self, sql: str, **values: Value) -> None:
        await self._database.run(lambda transaction: transaction.change(sql, **values))


def _lock(transaction: Transaction, account: str) -> None:
    """Hold the account's row, or two who leave at once would each count the other and nobody would be the last."""
    transaction.change(
        "INSERT INTO campaign_mcp_account (account) VALUES (:account) "
        "ON CONFLICT (account) DO UPDATE SET account = excluded.account",
        account=account,
    )
