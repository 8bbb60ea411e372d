"""Finding simple lists, advanced lists and on-demand campaigns of Unica Collaborate, and looking into one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from tools import reads
from tools.call import Call
from tools.collaborate.kinds import kind_of
from tools.collaborate.project_book import COLUMNS, INCOMPLETE, Found, Projects, row
from tools.collaborate.project_conditions import project_conditions, states_of
from tools.collaborate.project_details import DETAILS, attachments, forms, recurrence
from tools.collaborate.template_book import TemplateBook
from tools.columns import choose, words_in
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
    usual = COLUMNS if projects else [each for each in COLUMNS if each in {*SHOWN, *map(str.casefold, where)}]
    chosen, details = _columns(fields, usual)

    async def look() -> Listing:
        notes: list[str] = []
        states = states_of(state)
        meets = await project_conditions(call, where)
        made_from = (await call.kept(TemplateBook).one(call, template)).template_db_id if template else None
        found, complete = await _candidates(call, projects, kind, notes)
        rows = {
            each: line
            for each in found
            if words_in(search, each.name, each.project.description, each.project.project_code)
            and (states is None or each.state in states)
            and (made_from is None or each.project.template_db_id == made_from)
            and meets(line := row(each))
        }
        notes += meets.left_out()
        if "template" in chosen:
            await _name_templates(call, rows.values())
        if not rows and len(search.split()) > 1:
            notes.append("All words must occur: try fewer.")
        # A page must hold the kind of each row: the routes that look into a project need it.
        shown = [*chosen, "kind"] if details and "kind" not in chosen else chosen
        lines, known = list(rows.values()), [*COLUMNS, *DETAILS]
        return Listing("projects", lines, shown, known, len(lines), at_least=not complete, notes=notes)

    page = await paged(call, question, cursor, limit, look)
    return await _looked_into(call, page, chosen, details) if details else page


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


async def _looked_into(call: Call, page: Listing, chosen: Sequence[str], wanted: Sequence[str]) -> Listing:
    """The page with what else is wanted of its projects; the rows hold their kind.

    Raises:
        BadArgument: more projects than can be looked into at once.
    """
    most = WITH_RECURRENCE if list(wanted) == ["recurrence"] else 1
    if len(page.rows) > most:
        places = "one project" if most == 1 else f"{most} projects"
        raise BadArgument(
            f"{' and '.join(wanted)} can be shown for at most {places} at once, and this page has {len(page.rows)}.",
            advice=f"Name one project, narrow the search, or set limit={most}.",
        )
    ways = {"recurrence": recurrence, "forms": forms, "attachments": attachments}

    async def into(place: int) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        kind = kind_of(str(page.rows[place]["kind"]))
        assert kind is not None, "a row names its kind"
        for name in wanted:
            columns |= await ways[name](call, kind, int(page.rows[place]["id"]))
        return columns

    more = await reads.each(range(len(page.rows)), into)
    extra = list(dict.fromkeys(name for each in more.values() for name in each))
    rows = [{**line, **more[place]} for place, line in enumerate(page.rows)]
    return replace(page, rows=rows, shown=[*chosen, *extra])
