"""When a project repeats."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from upstream.collaborate.kinds import ProjectRequest
from upstream.collaborate.objects import CollaborateEntry, CollaborateRecord, Instant
from upstream.moment import Moment
from upstream.record import Many, Message
from upstream.request import Body

Weekday = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


class Recurrence(CollaborateRecord):
    """When a project repeats; all else is empty when it does not. `next_run_date` and `runs_completed` are computed.

    Known types: DAILY, WEEKLY, MONTHLY, YEARLY, of which every `recurrence_interval`-th; ends: NEVER,
    AFTER_OCCURRENCES, ON_DATE. `time_zone` is an IANA name, the server's zone when empty.

    Inferred: all of it; the pages confirm only that projects can repeat.
    """

    is_recurring: bool = False
    recurrence_type: str = ""
    recurrence_interval: int | None = None
    days_of_week: Many[str] = []
    day_of_month: int | None = None
    start_date: Moment = None
    end_type: str = ""
    occurrences: int | None = None
    end_date: Moment = None
    time_zone: str = ""
    next_run_date: Moment = None
    runs_completed: int | None = None


class RecurrenceInput(CollaborateEntry):
    """When a project shall repeat. WEEKLY needs `days_of_week`, MONTHLY `day_of_month`, and each end its own field.

    Inferred: as `Recurrence`.
    """

    is_recurring: bool
    recurrence_type: Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] | None = None
    recurrence_interval: Annotated[int, Field(ge=1, le=999)] | None = None
    days_of_week: list[Weekday] | None = None
    day_of_month: Annotated[int, Field(ge=1, le=31)] | None = None
    start_date: Instant | None = None
    end_type: Literal["NEVER", "AFTER_OCCURRENCES", "ON_DATE"] | None = None
    occurrences: Annotated[int, Field(ge=1)] | None = None
    end_date: Instant | None = None
    time_zone: str | None = None


class GetRecurrence(ProjectRequest[Recurrence]):
    """Read when a project repeats; one that does not answers so.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/recurrence", "get{kind}Recurrence"


class UpdateRecurrence(ProjectRequest[Message]):
    """Set when a project repeats. The whole setting is replaced: what is left out is gone.

    Fields that contradict each other, and a project that is canceled or finished, are a 422.

    Source: Collaborate REST API 12.1.0 (204). Inferred: the body and its effect.
    """

    method, path, operation = "PUT", "/{kind}/{projectId}/recurrence", "update{kind}Recurrence"
    targets = ("{kind}", "project_id")

    recurrence: Annotated[RecurrenceInput, Body()]
