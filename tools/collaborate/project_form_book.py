"""The forms of a project: which one is meant, what its attributes are, and which offers it makes available."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools import reads
from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.form_book import attributes_of
from tools.collaborate.form_values import called, unknown
from tools.collaborate.project_book import Found
from tools.errors import Ambiguous, BadArgument, UnknownName
from tools.names import is_id
from upstream.collaborate.forms import FormAttribute, FormOffer
from upstream.collaborate.project_forms import GetProjectForm, GetProjectForms, ProjectForm, ProjectFormSummary
from upstream.errors import NotFound


@dataclass(frozen=True)
class Filled:
    """A form of a project with its values, and the attributes that the form defines."""

    id: int
    form: ProjectForm
    attributes: Sequence[FormAttribute] = field(default=())

    @property
    def values(self) -> dict[str, list[str]]:
        """Internal name -> current values."""
        return {each.attribute_name: each.attribute_values for each in self.form.user_variables}

    def empty(self) -> list[str]:
        """The required attributes without a value."""
        values = self.values
        return [
            each.internal_name
            for each in self.attributes
            if each.required and not any(values.get(each.internal_name, ()))
        ]


async def forms_of(call: Call, project: Found) -> list[ProjectFormSummary]:
    """The forms of a project that was seen to exist."""
    return await listed(call, GetProjectForms(kind=project.kind, project_id=project.id))


async def filled(call: Call, project: Found, form_id: int) -> Filled:
    """A form with its values. Where its definition can't be found its attributes are those that have a value."""
    form = await call.send(GetProjectForm(kind=project.kind, project_id=project.id, form_id=form_id))
    return Filled(form_id, form, await _attributes(call, form_id, form))


async def chosen(call: Call, project: Found, reference: str, names: Sequence[str]) -> Filled:
    """The form that is meant: by id, name or tab; without that the only one, or the only one with these attributes.

    Raises:
        BadArgument: the project has no forms, or the attributes are in none or in several of them.
        UnknownName, Ambiguous: no form is called so, or several may be meant.
    """
    forms = await forms_of(call, project)
    if not forms:
        raise BadArgument(f"This project has no forms: {str(project)!r}.")
    meant = _called(reference, forms) if reference else forms
    if len(meant) == 1:
        return await filled(call, project, meant[0].form_id)
    read = await reads.each([each.form_id for each in meant], lambda number: filled(call, project, number))
    known = {number: [called(name, each.attributes) is not None for name in names] for number, each in read.items()}
    fits = [read[number] for number, found in known.items() if all(found)] if names else []
    if len(fits) == 1:
        return fits[0]
    if names and not fits:
        homeless = [name for place, name in enumerate(names) if not any(found[place] for found in known.values())]
        if homeless:
            raise unknown(homeless[0], [one for each in read.values() for one in each.attributes])
        raise BadArgument(
            "These attributes are in different forms.",
            advice="Save each form by itself.",
            lines=[f"{_line(each)}: {_names(read[each.form_id])}" for each in meant],
        )
    raise Ambiguous("Several forms may be meant.", advice="Say which in form.", lines=[_line(each) for each in meant])


def offers_called(references: Sequence[str], available: Mapping[int, FormOffer]) -> list[int]:
    """The ids of the offers that these ids, codes or exact names mean, each once.

    Raises:
        UnknownName: the form does not make such an offer available; with the nearest, or all.
        Ambiguous: several have this name.
    """
    found: dict[int, None] = {}
    for reference in references:
        wanted = reference.strip().casefold()
        matches = [number for number, offer in available.items() if wanted in _names_of(offer)]
        if not matches and is_id(reference) and int(reference) in available:
            matches = [int(reference)]
        if len(matches) > 1:
            lines = [_offer(available[number]) for number in matches]
            raise Ambiguous(f"{len(matches)} offers are called {reference[:80]!r}.", advice="Use the id.", lines=lines)
        if not matches:
            names = {name: number for number, offer in available.items() for name in _names_of(offer)}
            near = [names[each] for each in difflib.get_close_matches(wanted, names, 3, 0.5)] or list(available)
            raise UnknownName(
                f"The form has no offer {reference[:80]!r}.",
                advice="Use one of those shown." if available else "It makes no offers available.",
                lines=[_offer(available[number]) for number in dict.fromkeys(near)],
            )
        found[matches[0]] = None
    return list(found)


def available_offers(offers: Sequence[FormOffer], form: ProjectForm) -> dict[int, FormOffer]:
    """By id the offers of a form and those that are chosen, of which only the name is known."""
    chosen_now = [FormOffer(offer_id=each.offer_id, offer_name=each.offer_name) for each in form.offers]
    return {each.offer_id: each for each in (*chosen_now, *offers)}


async def _attributes(call: Call, form_id: int, form: ProjectForm) -> list[FormAttribute]:
    try:
        defined = await attributes_of(call, form_id)
    except NotFound:
        defined = []
    names = {each.internal_name for each in defined}
    return defined + [
        FormAttribute(attribute_id=each.attribute_id or 0, internal_name=each.attribute_name)
        for each in form.user_variables
        if each.attribute_name and each.attribute_name not in names
    ]


def _called(reference: str, forms: Sequence[ProjectFormSummary]) -> list[ProjectFormSummary]:
    wanted = reference.strip().casefold()
    for known in (
        [each for each in forms if each.form_name.strip().casefold() == wanted],
        [each for each in forms if each.tab_name.strip().casefold() == wanted],
        [each for each in forms if is_id(reference) and each.form_id == int(reference)],
    ):
        if known:
            return known
    raise UnknownName(
        f"The project has no form {reference[:80]!r}.",
        advice="Use the id, name or tab of one of those shown.",
        lines=[_line(each) for each in forms],
    )


def _line(form: ProjectFormSummary) -> str:
    return f"{form.form_name} (id {form.form_id}, tab {form.tab_name})"


def _names(form: Filled) -> str:
    return ", ".join(each.internal_name for each in form.attributes)


def _names_of(offer: FormOffer) -> list[str]:
    return [name for each in (offer.offer_name, offer.offer_code) if (name := each.strip().casefold())]


def _offer(offer: FormOffer) -> str:
    code = f", {offer.offer_code}" if offer.offer_code else ""
    return f"{offer.offer_name} (id {offer.offer_id}{code})"
