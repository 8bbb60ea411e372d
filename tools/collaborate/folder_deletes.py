"""Deleting folders of templates and of forms in Unica Collaborate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.collaborate.folder_book import Tree, TreeName, folders_of, row, tree_of
from tools.collaborate.folder_changes import SYSTEM, kind_of, tree_of_kind
from tools.collaborate.folder_contents import Contents, contents_in
from tools.declare import changes
from tools.search import Searches
from upstream.collaborate import folders as routes
from upstream.collaborate.folders import Folder
from upstream.collaborate.forms import GetFormsInFolder
from upstream.collaborate.kinds import FolderTree
from upstream.collaborate.templates import GetTemplatesInFolder
from upstream.errors import NotFound, Refused
from upstream.request import Risk

MOST_AT_ONCE = 50

SHOWN_INSIDE = 5
"""Names of a folder's contents in a line of the preview, the rest are counted."""


@changes(
    routes.DeleteFolder,
    routes.GetFolders,
    routes.GetFolder,
    routes.GetSubfolders,
    GetTemplatesInFolder,
    GetFormsInFolder,
    title="Delete folders",
)
async def folders_delete(
    call: Call,
    tree: Annotated[TreeName, "What they hold"],
    folders: Annotated[list[str], "Ids, names, paths"],
) -> Plan:
    """Delete folders; those that hold something are refused."""
    which = tree_of(tree)
    book = folders_of(call, which)
    found, missing = await book.chosen(call, folders, MOST_AT_ONCE)
    known = await book.now(call)
    ordered = sorted(found, key=lambda each: -len(known.path(each.folder_id)))
    searches: Searches = call.kept(Searches)
    numbers = [each.folder_id for each in ordered]
    searched = await searches.each(call, ("folder", which, *numbers), numbers, partial(contents_in, call, which))
    held = {number: _others(contents, ordered) for number, contents in searched.found.items()}
    full = [each.folder_id for each in ordered if each.folder_id in held and _any(held[each.folder_id])]
    warnings = []
    if full:
        warnings.append(
            f"Not empty: {_first([_quoted(known, each) for each in full])}. The system is expected to refuse that "
            "(inferred: no page says so); if it does not, what is inside goes as well."
        )
    lines = [f"{known.path_text(number)}: {_names(held[number], tree)}" for number in full]
    return Plan(
        [_deletion(each, which, known, held.get(each.folder_id)) for each in ordered],
        [_gone(which, each) for each in missing],
        Dependents(lines, searched.looked_at, searched.of, "folders", label="Inside", none="nothing found"),
        warnings,
        final="no route brings back a folder.",
        safer="rename it (folders_save): what is inside keeps its place.",
    )


def _others(contents: Contents, deleted: Sequence[Folder]) -> Contents:
    """What is in a folder besides folders that are deleted before it."""
    ids = {each.folder_id for each in deleted}
    return Contents([each for each in contents.subfolders if each.folder_id not in ids], contents.items)


def _any(contents: Contents) -> bool:
    return bool(contents.subfolders or contents.items)


def _names(contents: Contents, tree: TreeName) -> str:
    parts = {"subfolders": [f"{each.folder_name} (id {each.folder_id})" for each in contents.subfolders]}
    parts[tree] = [str(each) for each in contents.items]
    return "; ".join(
        f"{len(names)} {word if len(names) > 1 else word.removesuffix('s')}: {_first(names)}"
        for word, names in parts.items()
        if names
    )


def _quoted(known: Tree, number: int) -> str:
    return f"{known.path_text(number)[:120]!r} (id {number})"


def _first(names: Sequence[str]) -> str:
    more = len(names) - SHOWN_INSIDE
    return ", ".join([*names[:SHOWN_INSIDE], *([f"and {more} more"] if more > 0 else [])])


def _deletion(folder: Folder, tree: FolderTree, known: Tree, held: Contents | None) -> Change:
    """What is inside stands in it by id, so that an approval is for just that."""
    line = row(folder, known)
    before: dict[str, Any] = {"path": line["path"]}
    if held is not None:
        before["inside"] = [*(each.folder_id for each in held.subfolders), *(each.id for each in held.items)] or None
    before |= {key: line[key] for key in ("parent_id", "description", "policy", "changed")}
    number = str(folder.folder_id)
    return Change(SYSTEM, kind_of(tree), "delete", folder.folder_name, number, risk=Risk.DESTRUCTIVE, before=before)


def _gone(tree: FolderTree, reference: str) -> Outcome:
    change = Change(SYSTEM, kind_of(tree), "delete", reference, reference, risk=Risk.DESTRUCTIVE)
    return Outcome(change, "already", "no folder of this tree has this id")


@folders_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    still_there: dict[str, Change] = {}

    async def send(change: Change) -> None:
        # Where the system takes contents along, what could not be deleted by itself must not go with its parent.
        if kept := [each.id for each in still_there.values() if str(each.before.get("parent_id")) == change.id]:
            still_there[change.id] = change
            raise Refused(f"Not tried: the folder {', '.join(kept)} in it could not be deleted.")
        still_there[change.id] = change
        try:
            await call.send(routes.DeleteFolder(tree=tree_of_kind(change), folder_id=int(change.id)))
        except NotFound:
            del still_there[change.id]
            raise

    async def look(change: Change, said: None) -> Outcome:
        try:
            await call.send(routes.GetFolder(tree=tree_of_kind(change), folder_id=int(change.id)))
        except NotFound:
            del still_there[change.id]
            return Outcome(change, "done")
        return Outcome(change, "refused", "the system reported success, but it is still there")

    outcomes = await one_by_one(changes, send, look)
    for change in changes:
        folders_of(call, tree_of_kind(change)).forget()
    return outcomes
