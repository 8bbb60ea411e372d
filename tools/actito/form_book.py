"""One form of Actito: what it asks, in one form whatever its structure looks like, and participations in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from tools.actito.table_structure import Attribute
from tools.call import Call
from tools.errors import BadArgument, UnknownName
from upstream.actito.forms import GetFormStructure, GetParticipation, Participation
from upstream.actito.structure import typed
from upstream.errors import Forbidden, NotFound

OfForm = Annotated[str, "Id or technical name"]
"""Which form."""

NO_LIST = "No public route lists forms: id and technical name stand in Actito's interface."

_FREE = ("STRING", "TEXT", "")
"""Types whose values people write as they like, unless there are accepted ones."""


@dataclass(frozen=True)
class Question:
    """A field of a form. `enriches` is the attribute of the profile that an answer changes, empty where none."""

    attribute: Attribute
    enriches: str = ""

    @property
    def open(self) -> bool:
        """Whether an answer may tell who somebody is: free text, and what goes into the profile."""
        return bool(self.enriches) or (self.attribute.type in _FREE and not self.attribute.accepted)


@dataclass(frozen=True)
class Form:
    """A form. `key` stands for it in an address, `table` is its profile table, `known` tells whether it could be read.

    Inferred: the whole structure, since none is documented; what is not recognised stays away.
    """

    entity: str
    key: str
    name: str = ""
    label: str = ""
    state: str = ""
    table: str = ""
    questions: Mapping[str, Question] = field(default_factory=dict)
    known: bool = True

    @property
    def called(self) -> str:
        """What people call it."""
        return self.label or self.name or self.key

    def typed(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers in the types of the fields: they may all come as text."""
        asked = self.questions
        return {
            name: typed(value, asked[name].attribute.type) if name in asked else value
            for name, value in answers.items()
        }


async def form_of(call: Call, entity: str, reference: str) -> Form:
    """The form that is meant; one that the key may not read is not `known`.

    Raises:
        BadArgument: nothing was named.
        UnknownName: the entity has no such form, or the key may not read it: Actito may answer both alike.
        UpstreamError: it could not be read.
    """
    wanted = reference.strip()
    if not wanted:
        raise BadArgument(f"Name the form, by id or technical name. {NO_LIST}")
    try:
        answer = await call.send(GetFormStructure(entity=entity, form=wanted))
    except Forbidden:
        return Form(entity, wanted, known=False)
    except NotFound:
        raise UnknownName(
            f"{entity} has no form {wanted[:60]!r}, or the key lacks the right to read it.",
            advice=f"{NO_LIST} It may belong to another entity.",
        ) from None
    return _read(entity, wanted, answer.model_extra or {})


async def participation_of(call: Call, form: Form, number: int) -> Participation | None:
    """A participation in the form; None where there is none of this number."""
    try:
        return await call.send(GetParticipation(entity=form.entity, form=form.key, participation_id=number))
    except NotFound:
        return None


def _read(entity: str, wanted: str, answer: Mapping[str, Any]) -> Form:
    questions = [_question(each) for each in _fields(answer) if isinstance(each, dict)]
    return Form(
        entity,
        str(answer.get("id") or wanted),
        _text(answer, "name", "technicalName"),
        _text(answer, "displayName", "label", "title"),
        _text(answer, "state", "status"),
        _text(answer, "profileTable", "targetTable", "table"),
        {each.attribute.name: each for each in questions if each.attribute.name},
    )


def _fields(answer: Mapping[str, Any]) -> Sequence[Any]:
    """The list of fields: under a likely name, else the only list of objects that there is."""
    for name in ("fields", "questions", "attributes", "items"):
        if isinstance(found := answer.get(name), list):
            return found
    lists = [each for each in answer.values() if isinstance(each, list) and all(isinstance(one, dict) for one in each)]
    return lists[0] if len(lists) == 1 else []


def _question(item: Mapping[str, Any]) -> Question:
    within = item.get("valueRestriction")
    limits: Mapping[str, Any] = within if isinstance(within, dict) else item
    accepted = limits.get("acceptedValues")
    return Question(
        Attribute(
            _text(item, "name", "technicalName"),
            type=_text(item, "valueType", "type").upper() or "STRING",
            label=_text(item, "label", "displayName", "title"),
            mandatory=item.get("mandatory") is True,
            several=item.get("multiValued") is True,
            accepted=[str(each) for each in accepted] if isinstance(accepted, list) else (),
            shortest=_number(limits.get("minLength")),
            longest=_number(limits.get("maxLength")),
        ),
        _text(item, "enriches"),
    )


def _text(item: Mapping[str, Any], *names: str) -> str:
    found = next((item[name] for name in names if item.get(name)), "")
    if isinstance(found, dict):
        found = found.get("name") or found.get("id") or ""
    return str(found) if isinstance(found, str | int) else ""


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
