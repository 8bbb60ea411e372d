"""Saying no in the words of Collaborate (contract: the responses NotFound, NoResults and Unprocessable)."""

from __future__ import annotations

from sandbox.refusals import Refused


def not_found(kind: str, id_: object) -> Refused:
    """404 for one object."""
    return Refused(404, f"{kind} {id_} was not found.", code="NOT_FOUND")


def no_results() -> Refused:
    """404 for a collection: it is empty, or what it belongs to does not exist; the answer tells neither from other."""
    return Refused(404, "There is nothing to list.", code="NO_RESULTS")


def unacceptable(message: str) -> Refused:
    """422 for data that is understood and can't be stored."""
    return Refused(422, message, code="INVALID_DATA")


def illegal_state(message: str) -> Refused:
    """422 for something that the state of an object does not allow."""
    return Refused(422, message, code="ILLEGAL_STATE")


def missing_key(key: str) -> Refused:
    """400 for a body without a key it needs."""
    return Refused(400, f"The key {key} is missing.", code="BAD_REQUEST")
