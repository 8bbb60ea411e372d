"""Saying no: the one exception every part of the stand-in raises to answer a request with an error status."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """The request is answered with an error status.

    `breach` is True when the request does not follow the contract (strict mode); only then does the text reach the
    column `refusal` of the request log.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        breach: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.breach = breach
        self.headers = dict(headers or {})


def not_found(kind: str, *ids: object) -> Refused:
    """404 for unknown ids, worded as in the contract ("Campaign 999 not found")."""
    return Refused(404, f"{kind} {', '.join(str(i) for i in ids)} not found", code="NOT_FOUND")


def invalid(message: str, code: str = "INVALID_INPUT") -> Refused:
    """400 for input that follows the contract and yet can't be accepted (notes, section 4)."""
    return Refused(400, message, code=code)
