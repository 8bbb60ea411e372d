"""The forms of a project, with the values and offers that a field marketer has put in."""

from __future__ import annotations

from typing import Annotated

from upstream.collaborate.kinds import ProjectRequest
from upstream.collaborate.objects import AttributeValue, CollaborateEntry, CollaborateRecord
from upstream.record import Many, Message
from upstream.request import Body, Path


class ProjectFormSummary(CollaborateRecord):
    """A form of a project, and the tab that shows it: a row that runs a flowchart names the tab.

    Source: the code of a public client for /locals.
    """

    form_id: int
    form_name: str = ""
    tab_name: str = ""


class UserVariable(CollaborateRecord):
    """The current values of an attribute in a form. `attribute_name` is the internal name of the form's attribute.

    Source: the code of a public client for /locals.
    """

    attribute_id: int | None = None
    attribute_name: str = ""
    attribute_values: Many[str] = []


class ProjectFormOffer(CollaborateRecord):
    """An offer chosen in a form, read and sent alike. Inferred: a public client only ever sends none."""

    offer_id: int
    offer_name: str = ""
    offer_attributes: Many[AttributeValue] = []


class ProjectForm(CollaborateRecord):
    """A form of a project with its values. Source: the code of a public client. Inferred: `offers`, and the names."""

    form_id: int | None = None
    form_name: str = ""
    tab_name: str = ""
    user_variables: Many[UserVariable] = []
    offers: Many[ProjectFormOffer] = []


class UserVariableInput(CollaborateEntry):
    """The new values of an attribute: a list of texts, also for a single value. Source: as `UserVariable`."""

    attribute_name: str
    attribute_values: list[str]


class ProjectFormUpdate(CollaborateEntry):
    """Values to store. Send the current offers back with every change: they replace the selection when they travel.

    Source: the code of a public client (shape). Inferred: variables are merged by name, offers replaced as a whole.
    """

    user_variables: list[UserVariableInput] = []
    offers: list[ProjectFormOffer] = []


class GetProjectForms(ProjectRequest[Many[ProjectFormSummary]]):
    """List the forms of a project. A project without forms is a 404.

    Source: Collaborate REST API 12.1.0; the code of a public client for /locals (answer). Inferred: the answer of the
    other kinds, and the 404.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/projectforms", "list{kind}ProjectForms"
    collection = True


class GetProjectForm(ProjectRequest[ProjectForm]):
    """Read one form of a project with its values.

    Source: Collaborate REST API 12.1.0; the code of a public client for /locals (values). Inferred: the answer of the
    other kinds.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/projectforms/{formId}", "get{kind}ProjectForm"

    form_id: Annotated[int, Path("formId")]


class UpdateProjectForm(ProjectRequest[Message]):
    """Store values and offers in a form of a project; the next run takes them.

    422 for an unknown attribute or offer, a value that is not among the options, and a project that is canceled or
    finished.

    Source: Collaborate REST API 12.1.0 (204); the code of a public client for /locals (body). Inferred: the refusals,
    and the body for the other kinds.
    """

    method, path, operation = "PUT", "/{kind}/{projectId}/projectforms/{formId}", "update{kind}ProjectForm"

    form_id: Annotated[int, Path("formId")]
    values: Annotated[ProjectFormUpdate, Body()]
