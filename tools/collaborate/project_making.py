"""Making projects from templates: which kind a template makes, and finding what was made."""

from __future__ import annotations

import difflib
import time
from collections.abc import Collection
from typing import Any

from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.collaborate.kinds import NAMES, kind_of_template
from tools.collaborate.project_book import SYSTEM, Found, Projects, changed, row
from tools.collaborate.project_fields import check_days, sent
from tools.collaborate.project_form_book import forms_of
from tools.collaborate.schedule import repeats
from tools.collaborate.template_book import TemplateBook
from tools.errors import BadArgument
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import CreateProject, GetProject, ProjectCreate
from upstream.collaborate.recurrence import GetRecurrence
from upstream.collaborate.templates import GetTemplate, Template
from upstream.errors import NotFound, OutcomeUnknown, UpstreamError
from upstream.replies import Created


async def plan(call: Call, reference: str, said: ProjectKind | None, fields: dict[str, Any]) -> Plan:
    """The plan of a new project with these fields, made from the template that `reference` means.

    Raises:
        BadArgument: template or name is missing, or the template can't make what was said.
        UnknownName, Ambiguous: of the template.
    """
    if not reference:
        raise BadArgument(
            "A new project needs a template, and a change names the project.",
            advice="Find a template with templates_find and give its name or id in template.",
        )
    if "name" not in fields:
        raise BadArgument('A new project needs a name, such as name="Branch mailing Fernton".')
    template = await call.kept(TemplateBook).one(call, reference)
    kind = await _kind_to_make(call, template, said)
    check_days(fields.get("start"), fields.get("end"))
    made_from = {"template": template.template_name, "template_id": template.template_db_id}
    after = made_from | {key: value for key, value in fields.items() if key != "name"}
    asks, warnings = await name_taken(call, kind, fields["name"], 0)
    if kind is ProjectKind.SIMPLE_LIST:
        asks = f"{_RUNS_AT_ONCE} {asks}".strip()
    warnings += _policy_unknown(template, fields.get("policy", ""))
    change = Change(SYSTEM, kind.facts.variant.target, "create", fields["name"], after=after)
    return Plan([change], asks=asks, warnings=warnings)


_RUNS_AT_ONCE = "A simple list is in progress from its creation, and repeats by itself when its template does."


async def policy_of_template(call: Call, found: Found, policy: str) -> list[str]:
    """What to mind about a new policy of a project; nothing where its template can't be read."""
    if not found.project.template_db_id:
        return []
    try:
        template = await call.send(GetTemplate(template_id=found.project.template_db_id))
    except UpstreamError:
        return []
    return _policy_unknown(template, policy)


def _policy_unknown(template: Template, policy: str) -> list[str]:
    """A warning where the template lists policies and this is none of them, with the nearest first."""
    known = template.security_policies
    if not policy or not known or policy in known:
        return []

    def likeness(other: str) -> float:
        return difflib.SequenceMatcher(None, policy.casefold(), other.casefold()).ratio()

    names = ", ".join(repr(each[:60]) for each in sorted(known, key=likeness, reverse=True)[:5])
    return [f"The template has no policy {policy[:60]!r}, and the system may refuse it: it has {names}."]


async def _kind_to_make(call: Call, template: Template, said: ProjectKind | None) -> ProjectKind:
    """The kind that follows from the template.

    Raises:
        BadArgument: it makes another kind than the one said, no project at all, or is disabled.
    """
    kind = kind_of_template(template.template_type)
    shown = str(call.kept(TemplateBook).named(template))
    if kind is None or said not in (None, kind):
        makes = f"a project of the kind {NAMES[kind]}" if kind else "no list or on-demand campaign"
        raise BadArgument(
            f"The template is for another kind: it makes {makes}{f', and kind says {NAMES[said]}' if said else ''}.",
            advice="Choose a template of the kind; those with a similar name are shown.",
            lines=[shown, *await _near(call, template, said)],
        )
    if template.state.strip().upper() == "DISABLED":
        raise BadArgument(
            "The template is disabled: nothing can be made from it.",
            advice="Enabled ones of its kind are shown, those with a similar name first.",
            lines=await _near(call, template, kind),
        )
    return kind


async def _near(call: Call, template: Template, kind: ProjectKind | None) -> list[str]:
    """Enabled templates of a kind, those with a similar name first."""
    book: TemplateBook = call.kept(TemplateBook)
    kinds = [kind] if kind else [*ProjectKind]
    usable = [
        each
        for each in await book.everything(call)
        if each.state.upper() != "DISABLED" and kind_of_template(each.template_type) in kinds
    ]

    def likeness(other: Template) -> float:
        names = template.template_name.casefold(), other.template_name.casefold()
        return difflib.SequenceMatcher(None, *names).ratio()

    return [str(book.named(each)) for each in sorted(usable, key=likeness, reverse=True)[:5]]


SHOWN_TWINS = 2
"""A question has room for so many: the whole reason is one line."""

_UNSEEN = "Not all projects could be seen, so the name may be taken: a proxy seems to drop the header Range."


async def name_taken(call: Call, kind: ProjectKind, name: str, own: int) -> tuple[str, list[str]]:
    """What has to be asked about the name, and what to mind."""
    if not name:
        return "", []
    book = call.kept(Projects).of(kind)
    await book.index(call, newer_than=time.monotonic())
    twins = [book.details(each) for each in await book.twins(call, name) if each.id != own]
    warnings = [] if book.complete else [_UNSEEN]
    verb = "Give this one the same name?" if own else "Create another?"
    if not twins:
        return "", warnings
    shown = "; ".join(twins[:SHOWN_TWINS]) + (f"; and {len(twins) - SHOWN_TWINS} more" * (len(twins) > SHOWN_TWINS))
    return f"The name is taken by another {NAMES[kind]}: {shown}. {verb}", warnings


async def create(call: Call, change: Change) -> Outcome:
    """Make the project of a plan and find it."""
    kind = changed(change)
    before = {each.id for each in (await call.kept(Projects).of(kind).all(call)).items}
    loss: OutcomeUnknown | None = None
    said: Created | None = None
    try:
        body = sent({"name": change.name, **change.after})
        project = ProjectCreate(template_db_id=change.after["template_id"], **body)
        said = await call.send(CreateProject(kind=kind, project=project))
    except OutcomeUnknown as error:
        loss = error
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not created: {error}")
    unseen = "it is not in the list that can be seen"
    made: Found | None = None
    try:
        made = await _there(call, change, said.id if said else None) or await _only_new(call, change, before)
    except UpstreamError as error:
        unseen = error.message
    if made is not None:
        return await _made(call, change, made, loss)
    look = f"look for it with projects_find(kind={NAMES[kind]!r}) before you try again"
    if loss is not None:
        return Outcome(change, "unknown", f"not seen now: {look}. {loss.message}")
    return Outcome(change, "done", f"the system said so, but {unseen}: {look}", id=str((said and said.id) or ""))


async def _made(call: Call, change: Change, made: Found, loss: OutcomeUnknown | None) -> Outcome:
    call.kept(Projects).met.keep(made)
    parts = [f"{NAMES[made.kind]}, {made.state}", await _recurs(call, made), await _next(call, made)]
    state = "; ".join(each for each in parts if each)
    reason = f"the answer was lost, but it is there: {state}" if loss else state
    after = {key: value for key, value in row(made).items() if value is not None and key not in ("name", "id", "code")}
    after["template"] = change.after["template"]
    return Outcome(change, "done", reason, str(made.id), made.project.project_code, after)


async def _recurs(call: Call, made: Found) -> str:
    """When it repeats, which it has from its template; empty where it does not."""
    try:
        read = await call.send(GetRecurrence(kind=made.kind, project_id=made.id))
    except UpstreamError:
        return "whether it repeats could not be read"
    if not read.is_recurring:
        return ""
    said = repeats(read, call.time_zone)
    next_run = f", next run {said['next_run']}" if "next_run" in said else ""
    return f"it repeats {said['repeats']}{next_run}"


async def _next(call: Call, made: Found) -> str:
    """What is left to do with a new project."""
    try:
        has_forms = bool(await forms_of(call, made))
    except UpstreamError:
        has_forms = True
    steps = ["fill its forms (project_forms_save)"] if has_forms else []
    if made.project.project_status == "NOT_STARTED":
        steps.append("start it (projects_change_state)")
    return f"next: {', then '.join(steps)}" if steps else ""


async def _there(call: Call, change: Change, number: int | None) -> Found | None:
    """The project at the place that the system named, if it is the one that was made."""
    if number is None:
        return None
    kind = changed(change)
    try:
        found = Found(kind, await call.send(GetProject(kind=kind, project_id=number)))
    except NotFound:
        return None
    return found if found.name.strip() == change.name else None


async def _only_new(call: Call, change: Change, before: Collection[int]) -> Found | None:
    """The only project of this name and template that was not there before."""
    everything = await call.kept(Projects).of(changed(change)).all(call)
    new = [
        each
        for each in everything.items
        if each.name.strip() == change.name
        and each.id not in before
        and each.project.template_db_id in (None, change.after["template_id"])
    ]
    return new[0] if len(new) == 1 else None
