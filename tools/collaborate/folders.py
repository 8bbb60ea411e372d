"""Finding folders of templates and of forms in Unica Collaborate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import COLUMNS, TreeName, folders_of, row, tree_of, word
from tools.collaborate.folder_contents import Contents, contents_of
from tools.columns import choose, words_in
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, paged
from tools.parameters import PAGE, Cursor, Fields
from upstream.collaborate import folders as routes
from upstream.collaborate.forms import GetForms, GetFormsInFolder
from upstream.collaborate.kinds import FolderTree
from upstream.collaborate.templates import GetTemplates, GetTemplatesInFolder

MOST_WITH_CONTENTS = 20
"""Folders that one call shows with what is in them: each costs three requests."""


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
            known = await book.recent(call, *(each.folder_id for each in found))
        else:
            known = await book.now(call)
            found = sorted(known.by_id.values(), key=lambda each: known.path_text(each.folder_id).casefold())
        rows = [line for each in found if words_in(search, (line := row(each, known))["path"], each.description)]
        if folders and {"subfolders", tree} & set(chosen):
            rows = await _with_contents(call, which, rows)
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


async def _with_contents(call: Call, tree: FolderTree, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the names and ids of what is directly inside."""
    if len(rows) > MOST_WITH_CONTENTS:
        raise BadArgument(
            f"What is inside is shown for at most {MOST_WITH_CONTENTS} folders, and {len(rows)} were named.",
            advice='Name fewer, or ask for columns such as fields=["path"].',
        )
    inside = await contents_of(call, tree, [each["id"] for each in rows])
    return [{**each, **_shown(tree, inside[each["id"]])} for each in rows]


def _shown(tree: FolderTree, contents: Contents) -> dict[str, Any]:
    return {
        "subfolders": [f"{each.folder_name} (id {each.folder_id})" for each in contents.subfolders] or None,
        word(tree): [str(each) for each in contents.items] or None,
    }


async def _held(call: Call, tree: FolderTree) -> Counter[int] | None:
    """Folder id -> templates or forms directly inside, in one request; None where they don't say their folder."""
    if tree is FolderTree.TEMPLATES:
        within = [each.folder_id for each in await listed(call, GetTemplates())]
    else:
        within = [each.folder_id for each in await listed(call, GetForms())]
    held = Counter(each for each in within if each is not None)
    return held if held or not within else None
