"""Recording and changing participations in forms of Actito. What a form enriches changes the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito import SYSTEM
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.form_book import Form, OfForm, Question, form_of, participation_of
from tools.actito.profile_book import ROUTES as READING_ROUTES
from tools.actito.profile_book import Found, profile_of
from tools.actito.ready import Ready
from tools.actito.table_book import PROFILE_ROUTES, Tables
from tools.actito.table_structure import Kind
from tools.actito.values import checked, comparable, listed
from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from tools.nearest import nearest, spelt
from upstream.actito.forms import (
    CreateParticipation,
    GetFormStructure,
    GetParticipation,
    ParticipationInput,
    UpdateParticipation,
)
from upstream.errors import OutcomeUnknown, UpstreamError

KIND = "participation"

_CHECK = (
    "No public route lists participations: the person looks at the form in Actito's interface before it is recorded "
    "again."
)


@changes(
    CreateParticipation,
    UpdateParticipation,
    GetFormStructure,
    GetParticipation,
    *ROUTES,
    *PROFILE_ROUTES,
    *READING_ROUTES,
    title="Participate in a form",
    repeatable=False,
)
async def actito_forms_participate(
    call: Call,
    form: OfForm,
    answers: Annotated[dict[str, Any], "Field: answer"] = {},
    participation: Annotated[int, "Id: change it"] = 0,
    profile: Annotated[str, "Id or e-mail"] = "",
    clear: Annotated[list[str], "Fields"] = [],
    entity: OfEntity = "",
) -> Plan:
    """Record a participation in a form, or change one; scenarios may fire."""
    if participation and profile:
        raise BadArgument("A participation keeps its profile: profile is for a new one alone.")
    if clear and not participation:
        raise BadArgument("Only fields of a participation that is there can be emptied: give participation.")
    found = await form_of(call, await entity_of(call, entity), form)
    given = _checked(call, found, answers, clear)
    if participation:
        return await _update(call, found, participation, given)
    return await _create(call, found, profile, given)


def _checked(call: Call, form: Form, answers: Mapping[str, Any], clear: Sequence[str]) -> dict[str, Any]:
    """All answers as they are sent, None for those to empty; BadArgument tells all that is wrong at once."""
    if not answers and not clear:
        raise BadArgument('Give the answers by field, such as {"favouriteColour": "green"}.')
    problems: list[str] = []
    lines: list[str] = []
    sent: dict[str, Any] = {}
    for name, value in [*answers.items(), *((each, None) for each in clear)]:
        try:
            question = _asked(form, name)
            called = question.attribute.name if question else name.strip()
            if called in sent:
                raise BadArgument(f"{called} is given twice.")
            if value is None and name not in clear:
                raise BadArgument(f"{called} has no answer: to empty it, name it in clear.")
            if value is None and question and question.attribute.mandatory:
                raise BadArgument(f"{called} is mandatory, so it can't be emptied.")
            if value is not None and question is not None:
                value = checked(question.attribute, value, call.time_zone)
            sent[called] = value
        except BadArgument as error:
            problems.append(error.message)
            lines += error.lines
    if problems:
        raise BadArgument(
            " ".join(problems), advice=f"actito_forms_read with form={form.key} has its fields.", lines=lines
        )
    return sent


def _asked(form: Form, name: str) -> Question | None:
    """The field of this name; None where nothing is known of the fields. Raises BadArgument with the nearest."""
    if not form.questions:
        return None
    wanted = name.strip()
    if found := spelt(wanted, form.questions):
        return form.questions[found]
    near = nearest(wanted, form.questions)
    hint = listed("nearest:" if near else "known are", near or list(form.questions))
    raise BadArgument(f"The form has no field {wanted[:60]!r}.", lines=hint)


async def _create(call: Call, form: Form, profile: str, answers: Mapping[str, Any]) -> Plan:
    mandatory = [name for name, each in form.questions.items() if each.attribute.mandatory]
    if missing := [name for name in mandatory if name not in answers]:
        raise BadArgument(
            "Mandatory fields are without an answer: they are shown.",
            lines=listed("Mandatory and without an answer:", missing),
        )
    whose = await _profile(call, form, profile) if profile.strip() else None
    number = int(whose.id) if whose else None
    after: dict[str, Any] = {"profile": f"{whose.name} (id {whose.id})" if whose else "none", **answers}
    change = Change(SYSTEM, KIND, "record", form.called, code=form.name, after=after)
    request = CreateParticipation(
        entity=form.entity, form=form.key, participation=ParticipationInput.of(answers, number)
    )
    ready: Ready = call.kept(Ready)
    warnings = _warnings(form, answers) if whose else _unread(form)
    return Plan([ready.keep(change, request)], warnings=warnings)


async def _profile(call: Call, form: Form, called: str) -> Found:
    """The profile whose participation it is, in the table of the form."""
    if not form.table:
        raise BadArgument(
            "Actito did not say to which profile table the form belongs, so the profile can't be looked up.",
            advice="Leave profile out, or let the person record it in Actito's interface.",
        )
    table = await call.kept(Tables).one(call, form.entity, form.table, Kind.PROFILES)
    found = await profile_of(call, table, called)
    if not (found.id.isascii() and found.id.isdigit()):
        raise BadArgument("Actito did not say the number of this profile, and a participation goes by it.")
    return found


async def _update(call: Call, form: Form, number: int, answers: Mapping[str, Any]) -> Plan:
    there = await participation_of(call, form, number)
    if there is None:
        raise UnknownName(
            f"The form {form.key} has no participation {number}.",
            advice="No public route lists participations: their numbers stand in Actito's interface.",
        )
    now = form.typed(there.answers)
    changed = {name: value for name, value in answers.items() if not _same(call, form, name, now.get(name), value)}
    change = Change(
        SYSTEM,
        KIND,
        "update",
        form.called,
        str(number),
        form.name,
        before={name: now.get(name) for name in changed},
        after=changed,
    )
    if not changed:
        return Plan([], [Outcome(change, "already", "it has these answers already")])
    request = UpdateParticipation(
        entity=form.entity, form=form.key, participation_id=number, participation=ParticipationInput.of(changed)
    )
    ready: Ready = call.kept(Ready)
    return Plan([ready.keep(change, (form, request, now))], warnings=_warnings(form, changed))


def _same(call: Call, form: Form, name: str, now: Any, wanted: Any) -> bool:
    question = form.questions.get(name)
    if question is None:
        return str(now or "") == str(wanted or "")
    dates = call.session.dates(UpdateParticipation.api.name)
    return bool(comparable(question.attribute, now, dates) == comparable(question.attribute, wanted, dates))


def _warnings(form: Form, answers: Mapping[str, Any]) -> list[str]:
    fed = {name: each.enriches for name, each in form.questions.items() if each.enriches and name in answers}
    said = _unread(form)
    if fed:
        which = ", ".join(f"{name} -> {attribute}" for name, attribute in fed.items())
        said.append(f"These answers go into the profile, which changes and may fire scenarios: {which}.")
    return [*said, "A participation itself may fire scenarios, so real messages."]


def _unread(form: Form) -> list[str]:
    said = [] if form.questions else ["The fields of the form are not known, so the answers are sent unchecked."]
    if form.state and form.state != "RUNNING":
        said.append(f"The state of the form is {form.state.lower()}: Actito may refuse (inferred).")
    return said


@actito_forms_participate.applies
async def _write(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return [await _record(call, each) if each.verb == "record" else await _change(call, each) for each in changes]


async def _record(call: Call, change: Change) -> Outcome:
    ready: Ready = call.kept(Ready)
    request: CreateParticipation = ready.of(change)
    try:
        said = await call.send(request)
    except OutcomeUnknown as loss:
        return Outcome(change, "unknown", f"the answer was lost: it may be recorded. {_CHECK} {loss.message}")
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not recorded: {error}")
    return Outcome(change, "done", "recorded" if said.id else "recorded; Actito did not say its id", said.id)


async def _change(call: Call, change: Change) -> Outcome:
    ready: Ready = call.kept(Ready)
    form: Form
    request: UpdateParticipation
    before: Mapping[str, Any]
    form, request, before = ready.of(change)

    async def send(change: Change) -> object:
        return await call.send(request)

    async def look(change: Change, said: object | None) -> Outcome:
        there = await participation_of(call, form, int(change.id))
        now = form.typed(there.answers) if there else {}
        after = {name: now.get(name) for name in change.after}
        if not all(_same(call, form, name, after[name], wanted) for name, wanted in change.after.items()):
            return Outcome(change, "refused", "the system said so, but has other answers", after=after)
        lost = [name for name, value in before.items() if name not in after and value is not None and name not in now]
        reason = f"but Actito dropped the other answers: {', '.join(lost)}" if lost else ""
        return Outcome(change, "done", reason, after=after)

    (outcome,) = await one_by_one([change], send, look)
    return outcome
