"""Operations on the recurrence of a project."""

from __future__ import annotations

from sandbox import json_text
from sandbox.answers import Answer
from sandbox.collaborate import recurrence
from sandbox.collaborate.kinds import Kind
from sandbox.collaborate.projects import open_project, project
from sandbox.collaborate.refusals import unacceptable
from sandbox.collaborate.work import NO_CONTENT, Work, for_kinds, one
from sandbox.reading import BODY, Arguments


@for_kinds("get{}Recurrence")
def get_recurrence(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/recurrence: 200 as well for a project that does not repeat."""
    row = project(work, kind, arguments["projectId"])
    return one(recurrence.view(json_text.parse(row["recurrence"]), row["runs_completed"], work.clock.zone))


@for_kinds("update{}Recurrence")
def update_recurrence(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """PUT /{kind}/{projectId}/recurrence: replaces the whole setting and begins a new series."""
    row = open_project(work, kind, arguments["projectId"])
    try:
        setting = json_text.dump(recurrence.check(arguments[BODY], work.clock.zone))
    except ValueError as error:
        raise unacceptable(f"{error}.") from None
    work.update("projects", row["id"], recurrence=setting, runs_completed=0, modified=work.today())
    return NO_CONTENT
