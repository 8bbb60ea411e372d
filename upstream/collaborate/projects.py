"""Projects: simple lists, advanced lists and on-demand campaigns, in one set of routes (see `kinds.ProjectKind`).

Read in windows without a total; a window with nothing in it is a 404. There is no route that deletes a project.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from upstream.collaborate.kinds import ProjectRequest, ProjectsRequest
from upstream.collaborate.objects import CollaborateEntry, CollaborateRecord, Day, Window
from upstream.moment import Moment
from upstream.record import Many, Message
from upstream.replies import Created
from upstream.request import Body, Header


class ProjectAction(StrEnum):
    """What can be done to the state of a project.

    START and RESUME lead to IN_PROGRESS, PAUSE to PAUSED; CANCEL and FINISH are final.

    Source: START, from the code of a public client. Inferred: the others, from the states of the product.
    """

    START = "START"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    CANCEL = "CANCEL"
    FINISH = "FINISH"


class Project(CollaborateRecord):
    """A project. Known states: NOT_STARTED, IN_PROGRESS, PAUSED, CANCELED, FINISHED; types: list, advlist, local.

    Source: the code of a public client for /locals (id, name, description, dates, template, policy). Inferred: the
    rest, the constants, and that the other kinds answer alike.
    """

    project_id: int
    project_name: str = ""
    project_code: str = ""
    project_type: str = ""
    description: str = ""
    project_status: str = ""
    template_db_id: int | None = None
    security_policy: str = ""
    start_date: Moment = None
    end_date: Moment = None
    created_by: str = ""
    created_date: Moment = None
    last_modified_date: Moment = None


class ProjectCreate(CollaborateEntry):
    """A new project: a name and an enabled template of the fitting type; the end not before the start.

    Source: the code of a public client for /locals (name, template, policy, description). Inferred: dates and code.
    """

    project_name: str = Field(min_length=1, max_length=255)
    template_db_id: int
    security_policy: str = ""
    description: str = ""
    start_date: Day | None = None
    end_date: Day | None = None
    project_code: str = ""


class ProjectUpdate(CollaborateEntry):
    """The standard attributes of a project; what is not set does not travel, a date set to None is emptied.

    Inferred: the pages only say that standard attributes are updated.
    """

    project_name: str = ""
    description: str = ""
    security_policy: str = ""
    start_date: Day | None = None
    end_date: Day | None = None


class StateChange(CollaborateEntry):
    """An action, which travels under a key that is named like a state. Source: the code of a public client."""

    action: ProjectAction = Field(alias="Project_Status")


class GetProjects(ProjectsRequest[Many[Project]]):
    """List the projects of a kind, one window: the first ten unless told otherwise.

    There is no total: a window that comes back short or as a 404 was the last. A proxy may drop the header, so the
    length of the answer has to be compared with what was asked for.

    Source: Collaborate REST API 12.1.0; 10.1.0, lists page (meaning and default of the window); the code of a public
    client for /locals (answer). Inferred: that the window is a header, that the other kinds have it, and their answer.
    A query field `range` is the alternative to try.
    """

    method, path, operation = "GET", "/{kind}", "list{kind}s"
    collection = True

    window: Annotated[Window | None, Header("Range")] = None


class CreateProject(ProjectsRequest[Created]):
    """Create a project from a template, which brings its forms, workflow, attachment folders and recurrence.

    A template that is unknown, disabled or of another type is a 422, and so are reversed dates.

    Source: Collaborate REST API 12.1.0 (201 with Location); the code of a public client for /locals (body). Inferred:
    the refusals, and the body for the other kinds.
    """

    method, path, operation = "POST", "/{kind}", "create{kind}"

    project: Annotated[ProjectCreate, Body()]


class GetProject(ProjectRequest[Project]):
    """Read one project.

    Source: Collaborate REST API 12.1.0; the code of a public client for /locals (answer). Inferred: the answer of the
    other kinds.
    """

    method, path, operation = "GET", "/{kind}/{projectId}", "get{kind}"


class UpdateProject(ProjectRequest[Message]):
    """Change standard attributes of a project. One that is canceled or finished is a 422.

    Source: Collaborate REST API 12.1.0 (204). Inferred: the body, that what is left out stays, and the refusal.
    """

    method, path, operation = "PUT", "/{kind}/{projectId}", "update{kind}"

    project: Annotated[ProjectUpdate, Body()]


class ChangeProjectState(ProjectRequest[Message]):
    """Start, pause, resume, cancel or finish a project. A step that its state does not allow is a 422.

    Source: Collaborate REST API 12.1.0 (204); the code of a public client for /locals (START). Inferred: the other
    actions and which state allows what.
    """

    method, path, operation = "PUT", "/{kind}/{projectId}/changestate", "change{kind}State"
    targets = ("{kind}", "project_id")

    change: Annotated[StateChange, Body()]
