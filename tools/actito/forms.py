"""Reading forms of Actito: what a form asks, and participations that are named by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools import reads
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.form_book import Form, OfForm, Question, form_of, participation_of
from tools.actito.tables import attribute_row
from tools.call import Call
from tools.columns import choose
from tools.declare import finds
from tools.errors import BadArgument, UnknownName
from tools.listing import Listing, paged
from tools.names import is_id
from tools.parameters import PAGE, Cursor, Fields
from upstream.actito.forms import GetFormStructure, GetParticipation, Participation

COLUMNS = ("name", "type", "rules", "accepted", "label", "enriches", "mandatory", "several", "shortest", "longest")
SHOWN = ("name", "type", "rules", "accepted", "label", "enriches")

OWN = ("name", "id", "profile")
"""The columns of a participation besides its answers."""

MOST = 100

UNREAD = "The structure of the form could not be read (the key may lack the right), so what it asks is not known."


@finds(GetFormStructure, GetParticipation, *ROUTES, title="Read a form")
async def actito_forms_read(
    call: Call,
    form: OfForm,
    participations: Annotated[list[str], "Ids"] = [],
    entity: OfEntity = "",
    fields: Fields = [],
    cursor: Cursor = "",
) -> Listing:
    """Read what a form asks, or its participations by id; neither can be listed."""
    numbers = [_number(each) for each in dict.fromkeys(each.strip() for each in participations)]
    if len(numbers) > MOST:
        raise BadArgument(f"At most {MOST} participations at once; {len(numbers)} were named.")
    question = {"tool": "actito_forms_read", "what": [form, participations, entity, fields]}

    async def look() -> Listing:
        found = await form_of(call, await entity_of(call, entity), form)
        return await _participations(call, found, numbers, fields) if numbers else _structure(found, fields)

    return await paged(call, question, cursor, PAGE, look)


def _number(said: str) -> int:
    if not is_id(said):
        raise BadArgument(f"{said[:40]!r} is no participation: each goes by its number.")
    return int(said)


def _structure(form: Form, fields: Sequence[str]) -> Listing:
    rows = [_row(each) for each in form.questions.values()]
    notes = [] if form.known else [UNREAD]
    if form.known and not rows:
        notes.append("Actito's answer has no fields that can be recognised: its form is not documented.")
    return Listing(
        "fields",
        rows,
        choose(fields, COLUMNS, SHOWN),
        COLUMNS,
        len(rows),
        notes=notes,
        about=_about(form),
        counts=f"Form with {len(rows)} field{'' if len(rows) == 1 else 's'}",
    )


def _about(form: Form) -> dict[str, Any]:
    facts = {
        "name": form.called,
        "id": form.key,
        "technical_name": form.name,
        "entity": form.entity,
        "state": form.state.lower(),
        "profile_table": form.table,
    }
    return {name: value for name, value in facts.items() if value}


def _row(question: Question) -> dict[str, Any]:
    """A field as an attribute of a table is shown, and what its answer changes."""
    return {**attribute_row(question.attribute), "enriches": question.enriches or None}


async def _participations(call: Call, form: Form, numbers: Sequence[int], fields: Sequence[str]) -> Listing:
    async def look(number: int) -> Participation | None:
        return await participation_of(call, form, number)

    read = await reads.each(numbers, look)
    found = {number: each for number, each in read.items() if each is not None}
    missing = [str(number) for number in numbers if number not in found]
    if not found:
        raise UnknownName(
            f"The form {form.key} has no participation {', '.join(missing[:20])}.",
            advice="No public route lists participations: their numbers stand in Actito's interface.",
        )
    answers = {number: form.typed(each.answers) for number, each in found.items()}
    asked = dict.fromkeys([*form.questions, *(name for each in answers.values() for name in each)])
    # A field may be called as our own columns are.
    names = {name: f"answer_{name}" if name in OWN else name for name in asked}
    columns = (*OWN, *names.values())
    shown = choose(fields, columns, (*OWN, *_unasked(form, names)))
    rows = [
        {**{names[name]: value for name, value in answers[number].items()}, **_participation(number, each)}
        for number, each in found.items()
    ]
    notes = [] if form.known else [UNREAD]
    if missing:
        notes.append(f"There is no participation {', '.join(missing[:20])}.")
    hidden = sum(any(each.get(name) is not None for each in rows) for name in names.values() if name not in shown)
    if hidden and not fields:
        number = f"{hidden} field{'' if hidden == 1 else 's'}"
        notes.append(f"Free text and what goes into the profile is left out ({number}): ask for it in fields.")
    return Listing("participations", rows, shown, columns, len(rows), notes=notes)


def _unasked(form: Form, names: Mapping[str, str]) -> list[str]:
    """The columns that are shown unasked: of fields that are neither free text nor go into the profile."""
    return [column for name, column in names.items() if name in form.questions and not form.questions[name].open]


def _participation(number: int, participation: Participation) -> dict[str, Any]:
    whose = participation.profile_id
    return {
        "name": f"participation of profile {whose}" if whose else "participation without a profile",
        "id": number,
        "profile": whose or None,
    }
