"""What is in folders: subfolders and templates or forms, on one level or on all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from tools import reads
from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import folder_named, folders_of
from tools.errors import UnknownName
from tools.names import Book, Named, is_id
from upstream.collaborate.folders import Folder, GetSubfolders
from upstream.collaborate.forms import Form, GetFormsInFolder
from upstream.collaborate.kinds import FolderTree
from upstream.collaborate.templates import GetTemplatesInFolder, Template

T = TypeVar("T")


@dataclass(frozen=True)
class Contents:
    """What is directly in a folder."""

    subfolders: Sequence[Folder]
    items: Sequence[Named]
    """Its templates or forms."""


async def chosen_folders(call: Call, tree: FolderTree, reference: str, deep: bool) -> list[Folder]:
    """The folder that is meant; with `deep` followed by all below it.

    Raises:
        UnknownName: there is no such folder.
        Ambiguous: several have the name.
    """
    folder = await folder_named(call, tree, reference)
    if not deep:
        return [folder]
    return (await folders_of(call, tree).now(call)).below(folder.folder_id) or [folder]


async def below(call: Call, tree: FolderTree, folder: Folder) -> list[str]:
    """A note where a folder that was looked at alone has others in it."""
    known = await folders_of(call, tree).recent(call, folder.folder_id)
    number = len(known.children(folder.folder_id))
    if not number:
        return []
    has = f"{number} subfolders" if number > 1 else "a subfolder"
    return [f"Only this folder was looked at; it has {has}: subfolders=true."]


async def templates_in(call: Call, folder_id: int) -> list[Template]:
    """The templates directly in a folder; none as well when there is no such folder."""
    return await listed(call, GetTemplatesInFolder(folder_id=folder_id))


async def forms_in(call: Call, folder_id: int) -> list[Form]:
    """The forms directly in a folder; none as well when there is no such folder."""
    return await listed(call, GetFormsInFolder(folder_id=folder_id))


async def subfolders_of(call: Call, tree: FolderTree, folder_id: int) -> list[Folder]:
    """The folders directly in a folder; none as well when there is no such folder."""
    return await listed(call, GetSubfolders(tree=tree, parent_folder_id=folder_id))


async def contents_of(call: Call, tree: FolderTree, folder_ids: Sequence[int]) -> dict[int, Contents]:
    """Folder id -> what is directly in it, for folders that are known to be there."""
    return await reads.each(folder_ids, partial(contents_in, call, tree))


async def contents_in(call: Call, tree: FolderTree, folder_id: int) -> Contents:
    """What is directly in a folder; nothing as well when there is no such folder."""
    subfolders = await subfolders_of(call, tree, folder_id)
    if tree is FolderTree.TEMPLATES:
        templates = await templates_in(call, folder_id)
        items = [Named(each.template_db_id, each.template_name) for each in templates]
    else:
        items = [Named(each.form_id, each.form_name) for each in await forms_in(call, folder_id)]
    return Contents(subfolders, items)


async def in_folders(folders: Sequence[Folder], read: Callable[[int], Awaitable[Sequence[T]]]) -> list[T]:
    """All that `read` finds in these folders, by the id of each."""
    return [item for found in (await reads.each([each.folder_id for each in folders], read)).values() for item in found]


async def named_in(
    call: Call,
    book: Book[T],
    references: Sequence[str],
    look: Callable[[int], Awaitable[T | None]],
    notes: list[str],
) -> list[T]:
    """The objects that are meant, as far as `look` finds their ids in a folder; a note tells the ids that are not.

    Raises:
        UnknownName: there is no such object, or none of them is in the folder.
        Ambiguous: several have the name.
    """
    called = [each for each in references if not is_id(each)]
    found, _ = await book.find(call, called) if called else ([], [])
    numbers = [int(each) for each in references if is_id(each)]
    there = await reads.each([*numbers, *(book.named(each).id for each in found)], look)
    inside = [each for each in there.values() if each is not None]
    if absent := ", ".join(str(number) for number, each in there.items() if each is None):
        said = f"Not in this folder: {book.noun} {absent}."
        if not inside:
            raise UnknownName(said, advice="Leave the folder out to find where they are, or set subfolders.")
        notes.append(said)
    return inside


async def named_among(
    call: Call, book: Book[T], references: Sequence[str], items: Sequence[T], notes: list[str]
) -> list[T]:
    """As `named_in`, where all that is in the folders is known."""
    by_id = {book.named(each).id: each for each in items}

    async def look(number: int) -> T | None:
        return by_id.get(number)

    return await named_in(call, book, references, look, notes)
