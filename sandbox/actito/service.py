"""Actito as the application drives it: its routes, its reader, its tokens and limits, and its work."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox import contract, json_text
from sandbox.actito import gate, paths
from sandbox.actito.error_bodies import ErrorBodies
from sandbox.actito.limits import Limits
from sandbox.actito.tokens import AccessTokens
from sandbox.actito.work import Work, not_found, one
from sandbox.answers import Answer
from sandbox.clock import Clock
from sandbox.contract import ACTITO_MOUNT, Operation
from sandbox.database import Database
from sandbox.reading import Arguments, Reader, Request
from sandbox.refusals import Refused
from sandbox.routes import Match
from sandbox.switches import Switches

_OTHER_MEDIA = {"getEmailBody": "text/html", "getImportResultFileV4": "application/zip"}
"""Operations that answer something else than JSON (contract)."""


class Actito:
    """The stand-in of Actito over the database of an application; loads nothing before its first request."""

    def __init__(
        self, database: Database, base: str, scale: int, switches: Switches, clock: Clock | None = None
    ) -> None:
        """Without a clock it goes by the machine's."""
        self._clock = clock or Clock()
        self._database = database
        self._base = base
        self._scale = scale
        self.start_anew(switches)

    def start_anew(self, switches: Switches) -> None:
        """Tokens, limits and readiness as at start; the data is made again when it is gone."""
        self._tokens = AccessTokens()
        self._limits = Limits()
        self._bodies = ErrorBodies()
        self._ready = False
        self.switch(switches)

    def switch(self, switches: Switches) -> None:
        """Put switches into force."""
        self._switches = switches
        for name in ("served", "documented", "reader"):
            self.__dict__.pop(name, None)

    @functools.cached_property
    def served(self) -> paths.PathTable:
        """The routes of this installation."""
        return paths.served(contract.load_actito(), self._switches)

    @functools.cached_property
    def documented(self) -> paths.PathTable:
        """The routes of the contract."""
        return paths.documented(contract.load_actito(), self._switches)

    @functools.cached_property
    def reader(self) -> Reader:
        """Reads requests as the contract has them."""
        return Reader(contract.load_actito().schemas, self._switches.strict)

    @contextmanager
    def call(self, request: Request) -> Iterator[int]:
        """Count a request as in flight and as one of its minute; gives the number of calls in flight with it."""
        if request.path == f"{ACTITO_MOUNT}/auth/token":
            yield 0
            return
        with self._limits.call() as in_flight:
            yield in_flight

    def wait(self, in_flight: int) -> float:
        """Seconds that a request is slowed down for the quota of a minute."""
        return self._limits.wait(self._switches) if in_flight else 0.0

    def claimed_key(self, request: Request) -> str | None:
        """What the log calls the key of a request."""
        return gate.claimed_key(request.headers, self._tokens)

    def read(self, request: Request, match: Match) -> Arguments:
        """What a request says; raises Refused for what the contract does not have."""
        assert match.operation is not None
        if refusal := gate.scheme_breach(match.operation, request.headers) or _unacceptable(request, match.operation):
            raise refusal
        return self.reader.read(match.operation, request, match.values)

    def answer(self, request: Request, match: Match, reading: Arguments | Refused, in_flight: int) -> Answer:
        """Do the work of a request; raises Refused."""
        if self._limits.too_many(in_flight, self._switches):
            after = self._switches.retry_after
            headers = {} if after is None else {"retry-after": f"{after:g}"}
            raise Refused(429, "Too many concurrent requests", headers=headers)
        key = gate.admit(match.operation, request.headers, self._switches, self._tokens)
        if isinstance(reading, Refused):
            raise reading
        operation = match.operation
        assert operation is not None
        if operation.operation_id == gate.TOKEN:
            return one(gate.exchange(request.headers, self._switches, self._tokens))
        self._prepare()
        work = Work(
            self._database.connection,
            key,
            self._switches,
            self._clock,
            self._base,
            operation.operation_id,
            str(reading.get("entity", "")),
        )
        _check_entity(work, operation)
        from sandbox.actito.handlers import HANDLERS

        with self._database.connection:
            return HANDLERS[operation.operation_id](work, reading)

    def error(self, refused: Refused, path: str) -> Answer:
        """An error answer with the body that the switch `actito_error_body` asks for."""
        return self._bodies.answer(refused, self._switches.actito_error_body, path)

    def sent(self) -> list[dict[str, Any]]:
        """What was sent since the data is there: a row for each message and each start of a scenario."""
        self._prepare()
        return [
            {
                "id": row["id"],
                "operation": row["operation"],
                "entity": row["entity"],
                "name": row["name"],
                "tableId": str(row["table_id"]),
                "profileId": row["profile_id"],
                "interactionId": row["interaction_id"],
                "parameters": json_text.parse(row["parameters"]),
                "attachments": json_text.parse(row["attachments"]),
                "delivered": bool(row["delivered"]),
                "key": row["key"],
            }
            for row in self._database.connection.execute("SELECT * FROM actito_sent ORDER BY id")
        ]

    def _prepare(self) -> None:
        """Make and fill the tables where the database has none."""
        if self._ready:
            return
        connection = self._database.connection
        query = "SELECT 1 FROM sqlite_master WHERE name = 'actito_entities'"
        if connection.execute(query).fetchone() is None:
            from sandbox.bank.actito_tables import load

            schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
            with connection:
                connection.executescript(f"BEGIN;\n{schema}")
                load(connection, self._scale)
        self._ready = True


def _check_entity(work: Work, operation: Operation) -> None:
    if "{entity}" not in operation.path:
        return
    if work.row("SELECT 1 FROM actito_entities WHERE name = ?", work.entity) is None:
        raise not_found("Entity", work.entity)
    if not work.key.sees(work.entity):
        raise gate.denied(work.switches, f"The API key has no right on the entity {work.entity}")


def _unacceptable(request: Request, operation: Operation) -> Refused | None:
    """406 for an Accept that lets neither JSON nor what the operation answers through (contract: E406)."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "*/*").split(",")]
    offered = ["application/json", _OTHER_MEDIA.get(operation.operation_id, "application/json")]
    patterns = {"*/*", *offered, *(f"{media.partition('/')[0]}/*" for media in offered)}
    if patterns.isdisjoint(accepted):
        return Refused(406, "the header Accept has to let application/json through", breach=True)
    return None
