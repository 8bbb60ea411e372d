"""Custom actions: blocks of a scenario that call a system of one's own through a webhook."""

from __future__ import annotations

from typing import Annotated, Generic

from upstream.actito.objects import OpenObject, Outcome, Stored, Wrapped
from upstream.actito.routes import EntityRequest
from upstream.actito.segments import Segment
from upstream.record import Many, Record
from upstream.request import Answer, Body, Path

_ACTIONS = "/scenarios/v5/entities/{entity}/custom-actions"


class CustomActionInput(Record):
    """A custom action as it is sent. Inferred: all of its shape; fields that are not known here travel as well."""

    name: str = ""
    parameters: Many[OpenObject] = []


class CustomAction(CustomActionInput):
    """A custom action. Inferred: after what is sent."""

    id: str = ""


class CustomActionRequest(EntityRequest[Answer], Generic[Answer]):
    """A route of one custom action."""

    custom_action_id: Annotated[Segment, Path("customActionId")]


class ListCustomActions(EntityRequest[Annotated[Many[CustomAction], Wrapped("customActions")]]):
    """List the custom actions of an entity.

    Source: the code of a public client. Inferred: the prefix, the key of the list, the items.
    """

    method, path, operation, category = "GET", _ACTIONS, "listCustomActions", "custom-actions"
    confidence, right = "observed", "read_custom_actions"


class CreateCustomAction(EntityRequest[Stored]):
    """Create a custom action, which does nothing before a scenario uses it and a webhook listens.

    Source: the code of a public client. Inferred: the prefix, body and answer.
    """

    method, path, operation, category = "POST", _ACTIONS, "createCustomAction", "custom-actions"
    confidence, right = "observed", "write_custom_actions"

    action: Annotated[CustomActionInput, Body()]


class GetCustomAction(CustomActionRequest[CustomAction]):
    """Read a custom action.

    Source: the code of a public client. Inferred: the prefix, the answer.
    """

    method, path, operation, category = "GET", _ACTIONS + "/{customActionId}", "getCustomAction", "custom-actions"
    confidence, right = "observed", "read_custom_actions"


class PatchCustomAction(CustomActionRequest[Outcome]):
    """Change part of a custom action.

    Source: the code of a public client. Inferred: the prefix, body and answer.
    """

    method, path, operation, category = "PATCH", _ACTIONS + "/{customActionId}", "patchCustomAction", "custom-actions"
    confidence, right = "observed", "write_custom_actions"

    action: Annotated[CustomActionInput, Body()]


class DeleteCustomAction(CustomActionRequest[Outcome]):
    """Delete a custom action.

    Source: the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = "DELETE", _ACTIONS + "/{customActionId}", "deleteCustomAction", "custom-actions"
    confidence, right = "observed", "write_custom_actions"
    targets = ("custom_action", "entity", "custom_action_id")
