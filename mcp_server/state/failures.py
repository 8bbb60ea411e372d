"""What goes wrong with a database, in words that help and hold no secret."""

from __future__ import annotations

import re

from mcp_server.state.address import SETTING, Address

WAIT_SECONDS = 5.0
"""How long one statement waits for a lock, and a connection for its server."""

_SQLITE = (
    ("locked", f"another process kept it locked for more than {WAIT_SECONDS:.0f} s"),
    ("readonly", "it can only be read, not written"),
    ("is full", "the disk is full"),
    ("malformed", "the file is damaged"),
    ("not a database", "the file is not a SQLite database"),
    ("unable to open", "the file can't be opened"),
    ("disk I/O", "the disk failed to read or write"),
)


class Unusable(Exception):
    """The database can't be used, for a reason found by this program; the text is the reason alone."""


def failures() -> tuple[type[Exception], ...]:
    """The exceptions that mean that the database can't be used. Loads SQLAlchemy."""
    import sqlite3

    from sqlalchemy.exc import SQLAlchemyError

    return (Unusable, SQLAlchemyError, sqlite3.Error, OSError)


def sentence(reason: str, address: Address) -> str:
    """The whole message for people."""
    return f"The state database can't be used: {reason}. {SETTING} names it; now it is {address.place}."


def explain(error: Exception, address: Address) -> str:
    """Why the database can't be used, in one clause without a full stop, and without password or row values."""
    import sqlite3

    from sqlalchemy.exc import DBAPIError, TimeoutError

    if isinstance(error, Unusable):
        return str(error)
    if isinstance(error, TimeoutError):
        return "all its connections stayed busy"
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).rstrip(".")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        text = str(cause)
        return next((words for part, words in _SQLITE if part in text), text.rstrip("."))
    if isinstance(error, DBAPIError) and error.statement is None:
        return "PostgreSQL can't be reached or refuses the account: " + _without_secrets(str(cause), address)
    # The text of PostgreSQL may quote values of a row; the name of its error class doesn't.
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(cause).__name__).lower()
    return f"PostgreSQL answered with the error '{words}'"


def _without_secrets(text: str, address: Address) -> str:
    from sqlalchemy import make_url

    url = make_url(address.url)
    values = [each for value in url.query.values() for each in ([value] if isinstance(value, str) else value)]
    for secret in (str(url.password or ""), *(value for value in values if len(value) > 3)):
        text = text.replace(secret, "***") if secret else text
    # An indented line is advice of the driver, the others say what happened.
    lines = [line.rstrip(".: ") for line in text.splitlines() if line.strip() and not line.startswith(("\t", " "))]
    return "; ".join(lines)[:300]
