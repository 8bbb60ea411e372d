"""Finding folders of templates and of forms in Unica Collaborate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import COLUMNS, TreeName, folders_of, in_the_other, row, tree_of, word
from tools.collaborate.folder_contents import Contents, contents_of
from tools.columns import choose, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, narrowed_by, paged
from tools.parameters import PAGE, Cursor, Fields
from upstream.collaborate import folders as routes
from upstream.collaborate.forms import GetForms, GetFormsInFolder
from upstream.collaborate.kinds import FolderTree
from upstream.collaborate.templates import GetTemplates, GetTemplatesInFolder

MOST_WITH_CONTENTS = 20
"""Folders that one call shows with what is in them: each costs three requests."""

MOST_INSIDE = 30
"""Subfolders, and templates or forms, of a folder in its row; `browse` pages through all."""


@finds(
    routes.GetFolders,
    routes.GetFolder,
    routes.GetSubfolders,
    GetTemplates,
    GetTemplatesInFolder,
    GetForms,
    GetFormsInFolder,
    title="Find folders",
)
async def folders_find(
    call: Call,
    tree: Annotated[TreeName, "What they hold"],
    search: Annotated[str, "Words"] = "",
    folders: Annotated[list[str], "Ids, names, paths"] = [],
    fields: Fields = [],
    cursor: Cursor = "",
) -> Listing:
    """Find folders; named ones list what is inside."""
    question = {"tool": "folders_find", "what": [tree, search, folders, fields]}

    async def look() -> Listing:
        which = tree_of(tree)
        book = folders_of(call, which)
        columns = [*COLUMNS, "subfolders", tree]
        chosen = choose(fields, columns, columns if folders else ("name", "id", "path", "subfolders", tree))
        notes: list[str] = []
        if folders:
            found, missing = await book.find(call, folders)
            if missing:
                notes.append(f"None of the {book.noun} has the id " + ", ".join(missing) + ".")
                notes += filter(None, [await in_the_other(call, which, missing)])
            known = await book.recent(call, *(each.folder_id for each in found))
        else:
            known = await book.now(call)
            found = sorted(known.by_id.values(), key=lambda each: known.path_text(each.folder_id).casefold())
        rows = [line for each in found if words_in(search, (line := row(each, known))["path"], each.description)]
        notes += narrowed_by(search, rows)
        if folders and {"subfolders", tree} & set(chosen):
            rows = await _with_contents(call, which, rows, notes)
        elif {"subfolders", tree} & set(chosen):
            held = await _held(call, which) if tree in chosen else None
            rows = [
                {
                    **line,
                    "subfolders": len(known.children(line["id"])),
                    tree: None if held is None else held[line["id"]],
                }
                for line in rows
            ]
            if held is None and tree in chosen:
                notes.append(f"How many {tree} are in a folder is not known: they don't say where they are.")
        return Listing(book.noun, rows, chosen, columns, len(rows), notes=notes)

    return await paged(call, question, cursor, PAGE, look)


async def _with_contents(
    call: Call, tree: FolderTree, rows: Sequence[dict[str, Any]], notes: list[str]
) -> list[dict[str, Any]]:
    """The rows with the names and ids of what is directly inside."""
    if len(rows) > MOST_WITH_CONTENTS:
        raise BadArgument(
            f"What is inside is shown for at most {MOST_WITH_CONTENTS} folders, and {len(rows)} were named.",
            advice='Name fewer, or ask for columns such as fields=["path"].',
        )
    inside = await contents_of(call, tree, [each["id"] for each in rows])
    for number, contents in inside.items():
        if max(len(contents.subfolders), len(contents.items)) > MOST_INSIDE:
            address = f"unica://collaborate/{word(tree).removesuffix('s')}-folders/{number}"
            notes.append(f'All that is in the folder {number}: browse with address="{address}".')
    return [{**each, **_shown(tree, inside[each["id"]])} for each in rows]


def _shown(tree: FolderTree, contents: Contents) -> dict[str, Any]:
    names = {
        "subfolders": [f"{each.folder_name} (id {each.folder_id})" for each in contents.subfolders],
        word(tree): [str(each) for each in contents.items],
    }
    return {what: _first(each) or None for what, each in names.items()}


def _first(names: Sequence[str]) -> list[str]:
    more = len(names) - MOST_INSIDE
    return [*names[:MOST_INSIDE], f"and {more} more"] if more > 0 else list(names)


async def _held(call: Call, tree: FolderTree) -> Counter[int] | None:
    """Folder id -> templates or forms directly inside, in one request; None where they don't say their folder."""
    if tree is FolderTree.TEMPLATES:
        within = [each.folder_id for each in await listed(call, GetTemplates())]
    else:
        within = [each.folder_id for each in await listed(call, GetForms())]
    held = Counter(each for each in within if each is not None)
    return held if held or not within else None
