"""Finding simple lists, advanced lists and on-demand campaigns of Unica Collaborate, and looking into one of them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools import reads
from tools.call import Call
from tools.collaborate.kinds import kind_of
from tools.collaborate.project_book import COLUMNS, INCOMPLETE, STATES, Found, Projects, row
from tools.collaborate.project_details import DETAILS, attachments, forms, recurrence
from tools.collaborate.template_book import TemplateBook
from tools.columns import choose, conditions, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, paged
from tools.parameters import Cursor, Limit
from upstream.collaborate.attachments import GetAttachmentFolders, GetAttachments
from upstream.collaborate.project_forms import GetProjectForm, GetProjectForms
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.collaborate.recurrence import GetRecurrence
from upstream.collaborate.templates import GetTemplate, GetTemplates
from upstream.errors import UpstreamError

SHOWN = ("name", "id", "kind", "state", "start", "end")

WITH_RECURRENCE = 20
"""Projects whose recurrence one call shows: each costs a request."""


@finds(
    GetProjects,
    GetProject,
    GetTemplates,
    GetTemplate,
    GetRecurrence,
    GetProjectForms,
    GetProjectForm,
    GetAttachments,
    GetAttachmentFolders,
    title="Find projects",
)
async def projects_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    projects: Annotated[list[str], "Ids or names"] = [],
    kind: Annotated[str, "List, advanced list, on-demand"] = "",
    state: Annotated[str, "Like open, paused"] = "",
    template: Annotated[str, "Id or name"] = "",
    where: Annotated[dict[str, Any], '{"start": ">=2026-12-01"}'] = {},
    fields: Annotated[list[str], "Columns, all, recurrence, forms, attachments"] = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find simple lists, advanced lists and on-demand campaigns."""
    question = {"tool": "projects_find", "what": [search, projects, kind, state, template, where, fields]}

    async def look() -> Listing:
        notes: list[str] = []
        states = _states(state)
        meets = conditions(where, COLUMNS, call.time_zone)
        made_from = (await call.kept(TemplateBook).one(call, template)).template_db_id if template else None
        usual = COLUMNS if projects else [each for each in COLUMNS if each in {*SHOWN, *map(str.casefold, where)}]
        chosen, details = _columns(fields, usual)
        found, complete = await _candidates(call, projects, kind, notes)
        rows = {
            each: line
            for each in found
            if words_in(search, each.name, each.project.description, each.project.project_code)
            and (states is None or each.state in states)
            and (made_from is None or each.project.template_db_id == made_from)
            and meets(line := row(each))
        }
        if "template" in chosen:
            await _name_templates(call, rows.values())
        more = await _looked_into(call, list(rows), details)
        extra = list(dict.fromkeys(name for each in more.values() for name in each))
        lines = [{**line, **more.get(each.id, {})} for each, line in rows.items()]
        return Listing(
            "projects", lines, [*chosen, *extra], [*COLUMNS, *DETAILS], len(lines), at_least=not complete, notes=notes
        )

    return await paged(call, question, cursor, limit, look)


async def _candidates(
    call: Call, references: Sequence[str], kind: str, notes: list[str]
) -> tuple[Sequence[Found], bool]:
    """The projects among which the answer is, and whether these are all."""
    book = call.kept(Projects).of(kind_of(kind))
    if references:
        found, missing = await book.find(call, references)
        if missing:
            notes.append(f"No {kind.strip() or 'project'} has the id {', '.join(missing)}.")
        return found, True
    everything = await book.all(call)
    if not everything.complete:
        notes.append(INCOMPLETE)
    return everything.items, everything.complete


_ALSO: Mapping[str, tuple[str, ...]] = {
    "cancelled": ("canceled",),
    "cancel": ("canceled",),
    "running": ("in progress",),
    "active": ("in progress",),
    "started": ("in progress",),
    "on hold": ("paused",),
    "new": ("not started",),
    "waiting": ("not started",),
    "done": ("finished",),
    "completed": ("finished",),
    "ended": ("finished", "canceled"),
    "over": ("finished", "canceled"),
    "closed": ("finished", "canceled"),
    "open": ("not started", "in progress", "paused"),
}


def _states(said: str) -> frozenset[str] | None:
    """The states that these words mean, several with commas between; None for any.

    Raises:
        BadArgument: there is no such state.
    """
    found: set[str] = set()
    for part in said.split(","):
        words = " ".join(part.replace("_", " ").replace("-", " ").casefold().split())
        if words in STATES.values():
            found.add(words)
        elif words in _ALSO:
            found |= set(_ALSO[words])
        elif words not in ("", "any", "all"):
            near = difflib.get_close_matches(words, [*STATES.values(), *_ALSO], 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(STATES.values())}."
            raise BadArgument(f"{part[:40]!r} is no state of a project: {hint}")
    return frozenset(found) or None


async def _name_templates(call: Call, rows: Any) -> None:
    """Put the name of each template before its id, where the templates can be read."""
    try:
        known = (await call.kept(TemplateBook).index(call)).by_id
    except UpstreamError:
        return
    for line in rows:
        if (named := known.get(line["template"])) is not None:
            line["template"] = f"{named.name} ({named.id})"


def _columns(fields: Sequence[str], usual: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns of projects to show, and what else of them. Raises BadArgument for one that they don't have."""
    names = [*COLUMNS, *DETAILS]
    asked = choose([each for each in fields if each.casefold() != "all"], names, ())
    own = [each for each in asked if each in COLUMNS]
    whole = any(each.casefold() == "all" for each in fields)
    return [*COLUMNS] if whole else own or [*usual], [each for each in asked if each in DETAILS]


async def _looked_into(call: Call, found: Sequence[Found], wanted: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Project id -> its further columns.

    Raises:
        BadArgument: more projects than can be looked into at once.
    """
    most = WITH_RECURRENCE if list(wanted) == ["recurrence"] else 1
    if wanted and len(found) > most:
        places = "one project" if most == 1 else f"{most} projects"
        raise BadArgument(
            f"{' and '.join(wanted)} can be shown for at most {places} at once, and this finds {len(found)}.",
            advice="Name one project, or narrow the search.",
        )
    ways = {"recurrence": recurrence, "forms": forms, "attachments": attachments}
    by_id = {each.id: each for each in found}

    async def into(number: int) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        for name in wanted:
            columns |= await ways[name](call, by_id[number])
        return columns

    return await reads.each(by_id, into) if wanted else {}
