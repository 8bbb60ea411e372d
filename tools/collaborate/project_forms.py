"""Filling the forms of projects: values of attributes, and the offers chosen in a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.collaborate.collections import listed
from tools.collaborate.form_book import offers_of
from tools.collaborate.form_values import as_wanted, called, fitted, same, unknown
from tools.collaborate.kinds import OfKind
from tools.collaborate.parts import Part, of_project
from tools.collaborate.project_book import Found
from tools.collaborate.project_form_book import Filled, available_offers, chosen, offers_called
from tools.collaborate.schedule import Schedule
from tools.declare import changes
from tools.errors import BadArgument
from upstream.collaborate.forms import FormOffer, GetForm, GetFormAttributes, GetFormOffers
from upstream.collaborate.project_forms import (
    GetProjectForm,
    GetProjectForms,
    ProjectForm,
    ProjectFormOffer,
    ProjectFormUpdate,
    UpdateProjectForm,
    UserVariableInput,
)
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.collaborate.recurrence import GetRecurrence
from upstream.collaborate.workflow import GetWorkflowRows
from upstream.errors import NotFound, UpstreamError
from upstream.moment import Dates
from upstream.request import Risk

OFFERS = "chosen offers"
"""The field of a change that holds the chosen offers, id -> name. No internal name of an attribute has a blank."""


@changes(
    UpdateProjectForm,
    GetProjectForms,
    GetProjectForm,
    GetForm,
    GetFormAttributes,
    GetFormOffers,
    GetProjects,
    GetProject,
    GetRecurrence,
    GetWorkflowRows,
    title="Fill a project's form",
)
async def project_forms_save(
    call: Call,
    project: Annotated[str, "Id or name"],
    kind: OfKind = "",
    form: Annotated[str, "Id, name or tab"] = "",
    values: Annotated[dict[str, Any], 'Like {"region": "North"}'] = {},
    offers: Annotated[list[str], "All chosen; or +id, -id"] = [],
    clear: Annotated[list[str], "Attributes, offers"] = [],
) -> Plan:
    """Put values and offers into a project's form for the next run: what is left out stays."""
    found, form = await of_project(call, kind, project, form)
    emptied = [each for each in clear if each.strip().casefold() != "offers"]
    target = await chosen(call, found, form, [*values, *emptied])
    fields = _wanted(values, emptied, target, call)
    before = {name: _plain(target.values.get(name, ())) for name in fields}
    after = {name: _plain(texts) for name, texts in fields.items()}
    no_offers = len(emptied) < len(clear)
    if offers or no_offers:
        now, then = await _offers(call, target, offers, none=no_offers)
        if now != then:
            before[OFFERS], after[OFFERS] = now, then
    change = _change(found, target, before, after)
    if found.over:
        return Plan([], [Outcome(change, "refused", f"the project is {found.state}: its forms can't be changed")])
    if not after:
        asked = values or clear or offers
        return Plan([], [Outcome(change, "already", "it is so already" if asked else "nothing to change was given")])
    risk, mind = await _taken_unasked(call, found)
    return Plan([replace(change, risk=risk)], warnings=mind)


async def _taken_unasked(call: Call, found: Found) -> tuple[Risk, list[str]]:
    """Whether a run takes the values that nobody is asked about: a project in progress may repeat or have tasks due."""
    if found.project.project_status != "IN_PROGRESS":
        return Risk.WRITE, []
    try:
        schedule = Schedule.of(await call.send(GetRecurrence(kind=found.kind, project_id=found.id)))
        rows = await listed(call, GetWorkflowRows(kind=found.kind, project_id=found.id))
    except UpstreamError as error:
        return Risk.WRITE, [f"It could not be seen whether a run takes these values by itself: {error.message}"]
    if schedule:
        when = schedule.words(call.time_zone)
        return Risk.REACHES_CUSTOMERS, [
            f"The project is in progress and repeats {when}: its next run takes them unasked."
        ]
    due = [each.row_name for each in rows if each.flowchart_tab_name and each.task_status in ("PENDING", "ACTIVE")]
    said = f"The project is in progress: these tasks take the values when they are due: {', '.join(due[:3])}."
    return Risk.WRITE, [said] if due else []


def _change(project: Found, target: Filled, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    part = Part(project.kind, project.id, target.id)
    name = f"{project.name}: {target.form.form_name or target.form.tab_name}"
    return Change("unica-collaborate", part.named("form"), "update", name, part.id, before=before, after=after)


def _wanted(values: Mapping[str, Any], emptied: Sequence[str], target: Filled, call: Call) -> dict[str, list[str]]:
    """Internal name -> new values, of those that change."""
    found: dict[str, list[str]] = {}
    now = target.values
    seen: dict[str, str] = {}
    for name, value in [*values.items(), *((name, None) for name in emptied)]:
        attribute = called(name, target.attributes)
        if attribute is None:
            raise unknown(name, target.attributes)
        inner = attribute.internal_name
        if inner in seen:
            raise BadArgument(f"{seen[inner]!r} and {name!r} are the same attribute.", advice="Give it once.")
        seen[inner] = name
        texts = fitted(value, attribute, call.time_zone)
        if not same(texts, now.get(inner, ()), attribute, _dates(call)):
            found[inner] = texts
    return found


async def _offers(
    call: Call, target: Filled, given: Sequence[str], *, none: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """The chosen offers as they are and as they shall be, id -> name."""
    if given and none:
        raise BadArgument("offers can't be given and cleared in one call.")
    try:
        available = available_offers(await offers_of(call, target.id), target.form)
    except NotFound:
        available = available_offers([], target.form)
    now = [each.offer_id for each in target.form.offers]
    return _by_name(now, available), _by_name([] if none else _choice(given, now, available), available)


def _choice(given: Sequence[str], now: Sequence[int], available: Mapping[int, FormOffer]) -> list[int]:
    """The offers that shall be chosen: exactly those given, or as now with some more (`+`) and some fewer (`-`)."""
    texts = [each.strip() for each in given]
    if not any(each.startswith(("+", "-")) for each in texts):
        return offers_called(texts, available)
    if not all(each.startswith(("+", "-")) for each in texts):
        raise BadArgument(
            "offers is either the whole choice or changes to it.",
            advice='Write all that shall be chosen, as in ["5248", "5251"], or only changes, as in ["+5248", "-5251"].',
        )
    more = offers_called([each[1:] for each in texts if each.startswith("+")], available)
    fewer = offers_called([each[1:] for each in texts if each.startswith("-")], available)
    return [*(each for each in now if each not in fewer), *(each for each in more if each not in now)]


def _by_name(ids: Sequence[int], available: Mapping[int, FormOffer]) -> dict[str, str]:
    return {str(each): available[each].offer_name for each in ids}


def _plain(texts: Sequence[str]) -> Any:
    """One value as itself, several as a list, none as None."""
    return None if not texts else texts[0] if len(texts) == 1 else list(texts)


def _texts(value: Any) -> list[str]:
    return [] if value is None else list(value) if isinstance(value, list) else [str(value)]


@project_forms_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> bool:
        part = Part.of(change)
        values = update_of(change, await _read(call, part))
        await call.send(
            UpdateProjectForm(kind=part.kind, project_id=part.project_id, form_id=part.number, values=values)
        )
        return True

    async def look(change: Change, said: bool | None) -> Outcome:
        now = await _read(call, Part.of(change))
        missed = _missed(change, now, _dates(call))
        if not missed:
            return Outcome(change, "done")
        reason = f"the system reported success, but did not take {', '.join(missed)}"
        whole = len(missed) == len(change.after) or said is None
        return Outcome(change, "refused" if whole else "done", reason, after=_seen(change, now))

    return await one_by_one(changes, send, look)


async def _read(call: Call, part: Part) -> ProjectForm:
    return await call.send(GetProjectForm(kind=part.kind, project_id=part.project_id, form_id=part.number))


def update_of(change: Change, now: ProjectForm) -> ProjectFormUpdate:
    """The body: the new values, and the offers as they shall be, since whatever travels replaces the choice.

    Where the form does not say which offers are chosen, none travel: an empty list might take them away.
    """
    variables = [
        UserVariableInput(attribute_name=name, attribute_values=_texts(value))
        for name, value in change.after.items()
        if name != OFFERS
    ]
    if OFFERS not in change.after and "offers" not in now.model_fields_set:
        return ProjectFormUpdate(user_variables=variables)
    current = {str(each.offer_id): each for each in now.offers}
    wanted = change.after.get(OFFERS, current)
    offers = [current.get(each) or ProjectFormOffer(offer_id=int(each)) for each in wanted]
    return ProjectFormUpdate(user_variables=variables, offers=offers)


def _seen(change: Change, now: ProjectForm) -> dict[str, Any]:
    """The fields of a change as the form has them."""
    values = {each.attribute_name: _plain(each.attribute_values) for each in now.user_variables}
    offers = {str(each.offer_id): each.offer_name for each in now.offers}
    return {name: offers if name == OFFERS else values.get(name) for name in change.after}


def _missed(change: Change, now: ProjectForm, dates: Dates) -> list[str]:
    """The fields that don't have the value they should have; order and repeats mean nothing."""
    seen = _seen(change, now)

    def differs(name: str, value: Any) -> bool:
        if name == OFFERS:
            return set(seen[name]) != set(value)
        return set(as_wanted(_texts(value), _texts(seen[name]), dates)) != set(_texts(value))

    return [name for name, value in change.after.items() if differs(name, value)]


def _dates(call: Call) -> Dates:
    return call.session.dates(UpdateProjectForm.api.name)
