"""What can go wrong on the way to a campaign system.

    UpstreamError
    ├── NotConfigured        the system has no address or no account in the settings
    ├── LoginRefused         wrong credentials, or the cool-down after them
    ├── Forbidden            403: API blocked, HTTPS demanded, or a right is missing
    ├── NotFound             404 of a route that exists: the id is unknown
    ├── RouteMissing         404 or 405 of a form that this installation does not have
    ├── Refused              400, 409, 422 and other 4xx: the system understood and said no
    ├── Throttled            429, or too many requests, for longer than the budget for repeats
    ├── Unavailable          5xx, connection lost or timeout of a call that may be made again
    ├── NotSent              a write was held back by this program itself: it is stopping, or can't record it
    ├── OutcomeUnknown       a write left and no answer came back: it may or may not have happened
    ├── Unreadable           a success whose body is not what the route answers
    └── ApprovalMissing      a guarded request without an approval that covers it

Every text is written for the assistant and holds no secret: what was wrong, what to change, whether to try again.
"""

from __future__ import annotations

from typing import ClassVar


class UpstreamError(Exception):
    """A call to a campaign system did not give a result.

    `code` is stable, `retry` tells whether the same call may work later.
    """

    code: ClassVar[str] = "upstream_error"
    retry: ClassVar[bool] = False

    def __init__(self, message: str, *, advice: str = "", status: int = 0, operation: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.status = status
        self.operation = operation

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class NotConfigured(UpstreamError):
    """The system has no address or no account in the settings."""

    code = "not_configured"


class LoginRefused(UpstreamError):
    """The credentials are wrong, or were a moment ago and are not tried again during the cool-down."""

    code = "login_refused"


class Forbidden(UpstreamError):
    """The system answered 403: the API is blocked, wants HTTPS, or the account lacks a right."""

    code = "forbidden"


class NotFound(UpstreamError):
    """The route exists, the object does not."""

    code = "not_found"


class RouteMissing(UpstreamError):
    """This installation does not have the route in that form."""

    code = "route_missing"


class Refused(UpstreamError):
    """The system understood the request and refused it; correct it before sending it again."""

    code = "refused"


class Throttled(UpstreamError):
    """The system asks for fewer requests for longer than a call may wait. `wait` is in seconds, 0 when not said."""

    code = "throttled"
    retry = True

    def __init__(
        self, message: str, *, wait: float = 0, advice: str = "", status: int = 429, operation: str = ""
    ) -> None:
        super().__init__(message, advice=advice, status=status, operation=operation)
        self.wait = wait


class Unavailable(UpstreamError):
    """The system could not be reached or failed, and nothing was changed by this call."""

    code = "unavailable"
    retry = True


class NotSent(UpstreamError):
    """This program held the write back: it is being stopped, or can't record what it is about to do. Nothing left."""

    code = "not_sent"
    retry = True


class OutcomeUnknown(UpstreamError):
    """A write left and its answer was lost: it may or may not have happened. Never sent again by itself."""

    code = "outcome_unknown"


class Unreadable(UpstreamError):
    """The system reported success with a body that is not what this route answers."""

    code = "unreadable"


class ApprovalMissing(UpstreamError):
    """A guarded request was sent without an approval that covers it. A programming error, never the person's fault."""

    code = "approval_missing"
