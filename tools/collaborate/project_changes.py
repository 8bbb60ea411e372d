"""Creating projects of Unica Collaborate from templates, and changing their standard attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from tools.batches import CHECK
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.collaborate import project_making
from tools.collaborate.kinds import OfKind, kind_of
from tools.collaborate.project_book import Projects, changed, changing, read_again
from tools.collaborate.project_fields import DATES, LONGEST_NAME, as_day, check_days, emptied, now, sent
from tools.declare import changes
from tools.errors import BadArgument
from tools.texts import stored_text
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.project_forms import GetProjectForms
from upstream.collaborate.projects import CreateProject, GetProject, GetProjects, ProjectUpdate, UpdateProject
from upstream.collaborate.recurrence import GetRecurrence
from upstream.collaborate.templates import GetTemplate, GetTemplates
from upstream.errors import OutcomeUnknown, UpstreamError


@changes(
    CreateProject,
    UpdateProject,
    GetProject,
    GetProjects,
    GetProjectForms,
    GetRecurrence,
    GetTemplate,
    GetTemplates,
    title="Create or change a project",
    repeatable=False,
)
async def projects_save(
    call: Call,
    project: Annotated[str, "To change"] = "",
    template: Annotated[str, "For new ones"] = "",
    name: Annotated[str, "New name"] = "",
    kind: OfKind = "",
    description: Annotated[str, "Text"] = "",
    policy: Annotated[str, "Name"] = "",
    start: Annotated[str, "yyyy-mm-dd"] = "",
    end: Annotated[str, "Last day"] = "",
    clear: Annotated[list[str], "What to empty"] = [],
) -> Plan:
    """Create a list or on-demand campaign from a template, or change one."""
    texts = {
        "name": stored_text(name, "name"),
        "description": stored_text(description, "description", lines=True),
        "policy": stored_text(policy, "policy"),
    }
    fields: dict[str, Any] = {key: value for key, value in texts.items() if value}
    fields |= {key: as_day(call, value) for key, value in (("start", start), ("end", end)) if value.strip()}
    if len(fields.get("name", "")) > LONGEST_NAME:
        raise BadArgument(f"The name of a project has at most {LONGEST_NAME} characters.")
    if project:
        if template:
            raise BadArgument(
                "A project keeps its template: leave out project for a new one, or template to change it."
            )
        return await _plan_change(call, project, kind_of(kind), fields | dict.fromkeys(emptied(clear, fields)))
    if clear:
        raise BadArgument("clear is for a project that exists: name it in project.")
    return await project_making.plan(call, template, kind_of(kind), fields)


async def _plan_change(call: Call, reference: str, kind: ProjectKind | None, fields: dict[str, Any]) -> Plan:
    found = await call.kept(Projects).of(kind).one(call, reference)
    current = now(call, found)
    before = {key: current[key] for key, value in fields.items() if current[key] != value}
    after = {key: fields[key] for key in before}
    change = changing(found, "update", before=before, after=after)
    if found.over and fields:
        reason = f"it is {found.state}, and that is final: make a new one from its template"
        return Plan([], [Outcome(change, "refused", reason)])
    if not after:
        return Plan([], [Outcome(change, "already", "it is so already" if fields else "nothing to change was given")])
    if set(after) & set(DATES):
        check_days(after.get("start", current["start"]), after.get("end", current["end"]))
    asks, warnings = await project_making.name_taken(call, found.kind, after.get("name", ""), found.id)
    if "policy" in after:
        warnings += await project_making.policy_of_template(call, found, after["policy"])
    return Plan([change], asks=asks, warnings=warnings)


@projects_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    outcomes = [await (project_making.create if each.verb == "create" else _update)(call, each) for each in changes]
    call.kept(Projects).forget()
    return outcomes


async def _update(call: Call, change: Change) -> Outcome:
    loss: OutcomeUnknown | None = None
    try:
        project = ProjectUpdate(**sent(change.after))
        await call.send(UpdateProject(kind=changed(change), project_id=int(change.id), project=project))
    except OutcomeUnknown as error:
        loss = error
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not changed: {error}")
    try:
        found = await read_again(call, change)
    except UpstreamError as error:
        if loss is not None:
            return Outcome(change, "unknown", f"{CHECK} {loss.message}")
        return Outcome(change, "done", f"the system said so; it could not be read again ({error.message})")
    current = now(call, found)
    missed = [key for key, value in change.after.items() if current[key] != value]
    after = {key: current[key] for key in change.after}
    if missed and loss is not None:
        why = f"it still has the old {', '.join(missed)}: look again before you repeat it. {loss.message}"
        return Outcome(change, "unknown", why, after=after)
    if missed:
        said_so = f"the system reported success, but did not take {', '.join(missed)}"
        return Outcome(change, "refused" if len(missed) == len(change.after) else "done", said_so, after=after)
    return Outcome(change, "done", "the answer was lost, but the change is there" if loss else "")
