"""Finding templates of Unica Collaborate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import TemplateFolders
from tools.collaborate.folder_contents import below, chosen_folders, in_folders, named_among, named_in, templates_in
from tools.collaborate.kinds import kind_of
from tools.collaborate.template_book import COLUMNS, TemplateBook, row
from tools.columns import choose, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, narrowed_by, paged
from tools.parameters import Cursor, Fields, Limit, References
from upstream.collaborate import templates as routes
from upstream.collaborate.folders import Folder, GetFolder, GetFolders
from upstream.collaborate.kinds import FolderTree
from upstream.collaborate.templates import Template
from upstream.errors import NotFound, Refused

SHOWN = ("name", "id", "kind", "state", "folder")


@finds(
    routes.GetTemplates,
    routes.GetTemplate,
    routes.GetTemplatesInFolder,
    routes.GetTemplateInFolder,
    GetFolders,
    GetFolder,
    title="Find templates",
)
async def templates_find(
    call: Call,
    search: Annotated[str, "Words"] = "",
    templates: References = [],
    kind: Annotated[str, "Such as on-demand campaign"] = "",
    state: Annotated[str, "enabled or disabled"] = "",
    folder: Annotated[str, "Id, name or path"] = "",
    subfolders: Annotated[bool, "Those below too"] = False,
    fields: Fields = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """Find what lists and on-demand campaigns are made from."""
    question = {"tool": "templates_find", "what": [search, templates, kind, state, folder, subfolders, fields]}

    async def look() -> Listing:
        wanted, standing = _template_type(kind), state.strip().casefold()
        notes: list[str] = []
        inside = await chosen_folders(call, FolderTree.TEMPLATES, folder, subfolders) if folder else []
        if templates:
            found = await _named(call, templates, inside, subfolders, notes)
        elif inside:
            found = await in_folders(inside, lambda number: templates_in(call, number))
            notes += [] if subfolders else await below(call, FolderTree.TEMPLATES, inside[0])
        else:
            found = await _listed(call, wanted)
        if standing not in (known := {"", "enabled", "disabled", *(each.state.casefold() for each in found)}):
            raise BadArgument(f"There is no state {state[:40]!r}: known are {', '.join(sorted(known - {''}))}.")
        found = [
            each
            for each in found
            if (not wanted or each.template_type.casefold() == wanted)
            and (not standing or each.state.casefold() == standing)
            and words_in(search, each.template_name, each.template_id, each.description, each.default_name)
        ]
        notes += narrowed_by(search, found)
        chosen = choose(fields, COLUMNS, COLUMNS if templates else SHOWN)
        book: TemplateFolders = call.kept(TemplateFolders)
        tree = await book.recent(call, *(each.folder_id for each in found)) if found and "folder" in chosen else None
        return Listing("templates", [row(each, tree) for each in found], chosen, COLUMNS, len(found), notes=notes)

    return await paged(call, question, cursor, limit, look)


def _template_type(words: str) -> str:
    """The type of template that these words mean; empty when nothing is said."""
    said = words.strip().casefold().removesuffix("s")
    if said in ("corporate", "corporate campaign"):
        return "corporate"
    kind = kind_of(words)
    return kind.facts.template_type if kind else ""


async def _listed(call: Call, template_type: str) -> list[Template]:
    """All templates, or those of a type. What the types are called is inferred, so nothing found is looked at twice."""
    book: TemplateBook = call.kept(TemplateBook)
    if template_type:
        try:
            if found := await listed(call, routes.GetTemplates(template_type=template_type)):
                return found
        except Refused:
            pass
    found = list(await book.everything(call))
    book.learn(found)
    return found


async def _named(
    call: Call, references: Sequence[str], folders: Sequence[Folder], deep: bool, notes: list[str]
) -> list[Template]:
    book: TemplateBook = call.kept(TemplateBook)
    if not folders:
        found, missing = await book.find(call, references)
        if missing:
            notes.append("No template has the id " + ", ".join(missing) + ".")
        return found
    if deep:
        there = await in_folders(folders, lambda number: templates_in(call, number))
        return await named_among(call, book, references, there, notes)

    async def through(number: int) -> Template | None:
        try:
            return await call.send(routes.GetTemplateInFolder(folder_id=folders[0].folder_id, template_id=number))
        except NotFound:
            return None

    return await named_in(call, book, references, through, notes)
