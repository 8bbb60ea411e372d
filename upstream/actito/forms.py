"""Forms, made in the interface alone, and participations in them. A participation can change its profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic

from upstream.actito.objects import ByName, NamedValue, OpenObject, Outcome, Stored, named
from upstream.actito.routes import EntityRequest
from upstream.actito.segments import Segment
from upstream.record import Entry, Record
from upstream.request import Answer, Body, Path

_FORM = "/forms/v4/entity/{entity}/form/{form}"
_PARTICIPATION = _FORM + "/participation/{participationId}"


class Participation(Record):
    """A participation: whose, and the answers by technical name.

    Source: Actito, web services related to forms, in words. Inferred: the names.
    """

    id: int | None = None
    profile_id: str = ""
    answers: Annotated[dict[str, Any], ByName] = {}


class ParticipationInput(Entry):
    """A participation as it is sent. Inferred: after what is answered."""

    profile_id: int | None = None
    answers: list[NamedValue] | None = None

    @classmethod
    def of(cls, answers: Mapping[str, Any], profile_id: int | None = None) -> ParticipationInput:
        """A participation with these answers by name."""
        whose = {} if profile_id is None else {"profile_id": profile_id}
        return cls(answers=named(answers), **whose)


class FormRequest(EntityRequest[Answer], Generic[Answer]):
    """A route of one form, by its number or technical name."""

    form: Annotated[Segment, Path()]


class GetFormStructure(FormRequest[OpenObject]):
    """Read the structure of a form.

    Source: Actito, web services related to forms (that it can be done). Inferred: the path; the answer is unknown.
    """

    method, path, operation, category = "GET", _FORM, "getFormStructure", "forms"
    confidence, right = "inferred", "read_forms"


class GetParticipation(FormRequest[Participation]):
    """Read a participation.

    Source: the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = "GET", _PARTICIPATION, "getParticipation", "forms"
    confidence, right = "observed", "read_forms"

    participation_id: Annotated[int, Path("participationId")]


class UpdateParticipation(FormRequest[Outcome]):
    """Change a participation.

    Source: Actito, web services related to forms (that it can be done). Inferred: the path.
    """

    method, path, operation, category = (
        "PUT",
        _PARTICIPATION,
        "updateParticipation",
        "forms",
    )
    confidence, right = "inferred", "write_forms"

    participation_id: Annotated[int, Path("participationId")]
    participation: Annotated[ParticipationInput, Body()]


class CreateParticipation(FormRequest[Stored]):
    """Record a participation; the form's rules may change the profile and so start scenarios.

    Source: Actito, web services related to forms (that it can be done). Inferred: path and body.
    """

    method, path, operation, category = "POST", _FORM + "/participation", "createParticipation", "forms"
    confidence, right = "inferred", "write_forms"

    participation: Annotated[ParticipationInput, Body()]
