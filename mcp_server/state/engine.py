"""Connections to the two kinds of database, each with its own care. Loads SQLAlchemy; import it late."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import stat
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from mcp_server.state.address import Address
from mcp_server.state.failures import WAIT_SECONDS, Unusable

WRITES = "campaign_mcp_writes"
"""The execution option that says whether a transaction will write."""


def connect(address: Address) -> Engine:
    """An engine for this address. A SQLite file is made if it isn't there, and is private to the user afterwards.

    Raises:
        Unusable: the address can't be read, or the driver isn't installed.
        OSError, sqlite3.Error: the file can't be made or isn't a database.
    """
    # What it says at DEBUG holds the rows that were read, hence tokens and keys, whatever `hide_parameters` says.
    logging.getLogger("sqlalchemy.engine.Engine").setLevel(logging.WARNING)
    if address.kind == "postgresql":
        return _postgresql(address)
    if address.kind == "file":
        _make_private(address)
        _use_write_ahead_log(address.path)
    return _sqlite(address)


def _sqlite(address: Address) -> Engine:
    memory = address.kind == "memory"
    engine = create_engine(
        URL.create("sqlite", database=":memory:" if memory else str(address.path)),
        # A memory database lives in its one connection, so everybody takes turns with it.
        poolclass=QueuePool,
        pool_size=1 if memory else 5,
        max_overflow=0 if memory else 5,
        pool_timeout=2 * WAIT_SECONDS,
        hide_parameters=True,
        # Without an isolation level the driver starts no transaction of its own: BEGIN is ours, below.
        connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Who reads first and writes later would fail at once when another process writes in between.
        writes = connection.get_execution_options().get(WRITES, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_private(address: Address) -> None:
    folder = address.path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(address.path, os.O_RDWR | os.O_CREAT, 0o600))
    for path, mode in ((folder, 0o700), (address.path, 0o600)):
        if path == folder and not address.own_folder:
            continue
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            # Somebody else's file that we may write stays as its owner set it.
            with contextlib.suppress(PermissionError):
                path.chmod(mode)


def _use_write_ahead_log(path: Path) -> None:
    # Changing the mode needs the file for itself and does not wait for it, unlike everything else in SQLite.
    until = time.monotonic() + WAIT_SECONDS
    with contextlib.closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL").fetchone()
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(0.02)


def _postgresql(address: Address) -> Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise Unusable(
            'PostgreSQL needs the extra campaign-mcp[postgres]: pip install "campaign-mcp[postgres]"'
        ) from error
    try:
        url = make_url(address.url)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.database:
        raise Unusable(
            "the address can't be read: it needs a host and a database, and characters such as @ : / ? # in the "
            "password written as %40 %3A %2F %3F %23"
        )
    limits: dict[str, Any] = {
        "connect_timeout": round(WAIT_SECONDS),
        "application_name": "campaign-mcp",
        "tcp_user_timeout": round(4000 * WAIT_SECONDS),
    }
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=5,
        pool_timeout=2 * WAIT_SECONDS,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        # Prepared statements do not survive a pooler that shares connections between transactions.
        connect_args={name: value for name, value in limits.items() if name not in url.query}
        | {"prepare_threshold": None},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        milliseconds = round(1000 * WAIT_SECONDS)
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {milliseconds}; SET LOCAL statement_timeout = {2 * milliseconds}"
        )

    return engine
