"""The folders of templates and of forms: two trees, each read in one request, found by id, name or path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tools import reads
from tools.call import Call
from tools.collaborate.collections import listed
from tools.errors import Ambiguous, UnknownName
from tools.names import Book, Named, is_id
from upstream.collaborate.folders import Folder, GetFolder, GetFolders
from upstream.collaborate.kinds import FolderTree
from upstream.errors import NotFound

TreeName = Literal["templates", "forms"]
"""What a person calls a tree: by what its folders hold."""

SEPARATOR = " / "
"""Between the names of a path; in a reference the blanks may be left out."""

COLUMNS = (
    "name",
    "id",
    "path",
    "parent",
    "parent_id",
    "description",
    "policy",
    "created",
    "created_by",
    "changed",
)

ONE_BY_ONE = 20
"""Up to so many folders are read by id; for more the whole tree costs the server less."""


@dataclass(frozen=True)
class Tree:
    """All folders of a tree at one moment.

    A folder whose parent is not to be seen counts as one of the top, so that none is lost. Parents that lead in a
    circle are followed once. Inferred: that the system lists all levels, each folder with its parent.
    """

    by_id: Mapping[int, Folder]

    @classmethod
    def of(cls, folders: Iterable[Folder]) -> Tree:
        return cls({each.folder_id: each for each in folders})

    def parent(self, folder: Folder) -> int | None:
        """The id of the folder above; None at the top."""
        above = folder.parent_folder_id
        return above if above in self.by_id and above != folder.folder_id else None

    def children(self, folder_id: int | None) -> list[Folder]:
        """The folders directly in a folder, or at the top for None, by name."""
        found = [each for each in self.by_id.values() if self.parent(each) == folder_id]
        return sorted(found, key=lambda each: (each.folder_name.casefold(), each.folder_id))

    def path(self, folder_id: int | None) -> list[Folder]:
        """The folder and those above it, from the top down; empty for a folder that is not in the tree."""
        found: dict[int, Folder] = {}
        while folder_id is not None and folder_id in self.by_id and folder_id not in found:
            found[folder_id] = self.by_id[folder_id]
            folder_id = self.parent(self.by_id[folder_id])
        return list(found.values())[::-1]

    def path_text(self, folder_id: int | None) -> str:
        """`Seasonal / Spring / Email`; empty for a folder that is not in the tree."""
        return SEPARATOR.join(each.folder_name for each in self.path(folder_id))

    def below(self, folder_id: int) -> list[Folder]:
        """The folder and all in it on any level, those above before those below."""
        found: dict[int, Folder] = {}
        waiting = [self.by_id[folder_id]] if folder_id in self.by_id else []
        while waiting:
            folder = waiting.pop(0)
            if folder.folder_id not in found:
                found[folder.folder_id] = folder
                waiting += self.children(folder.folder_id)
        return list(found.values())


class FolderBook(Book[Folder]):
    """The folders of one tree, by id, name or path. Below the top the path stands where other kinds have a code."""

    called_by = "id, name or path"
    tree: FolderTree

    def __init__(self) -> None:
        super().__init__()
        self._tree = Tree({})

    async def everything(self, call: Call) -> Sequence[Folder]:
        return await listed(call, GetFolders(tree=self.tree))

    async def read(self, call: Call, ids: Sequence[int]) -> list[Folder]:
        if len(ids) > ONE_BY_ONE:
            known = await self.now(call)
            return [known.by_id[each] for each in ids if each in known.by_id]

        async def one(number: int) -> Folder | None:
            try:
                return await call.send(GetFolder(tree=self.tree, folder_id=number))
            except NotFound:
                return None

        return [each for each in (await reads.each(ids, one)).values() if each is not None]

    def named(self, item: Folder) -> Named:
        path = self._tree.path_text(item.folder_id)
        return Named(item.folder_id, item.folder_name, path if path != item.folder_name else "")

    def learn(self, items: Iterable[Folder]) -> None:
        folders = list(items)
        self._tree = Tree.of(folders)
        super().learn(folders)

    async def now(self, call: Call) -> Tree:
        """The tree as it is now, in one request."""
        self.learn(await self.everything(call))
        return self._tree

    async def recent(self, call: Call, *folder_ids: int | None) -> Tree:
        """The tree as it was some minutes ago at most, to say where something is; read anew when it lacks a folder."""
        await self.index(call)
        if any(each is not None and each not in self._tree.by_id for each in folder_ids):
            return await self.now(call)
        return self._tree

    async def chosen(self, call: Call, references: Sequence[str], most: int) -> tuple[list[Folder], list[str]]:
        try:
            return await super().chosen(call, references, most)
        except UnknownName as error:
            if not (said := await in_the_other(call, self.tree, references)):
                raise
            raise UnknownName(error.message, advice=said, lines=error.lines) from None

    async def _one(self, call: Call, reference: str) -> Named:
        if "/" in reference and not (await self.index(call)).match(reference):
            reference = SEPARATOR.join(re.split(r"\s*/\s*", reference.strip().strip("/").strip()))
        return await super()._one(call, reference)

    def _ambiguous(self, reference: str, matches: Sequence[Named]) -> Ambiguous:
        return Ambiguous(
            f"{len(matches)} {self.noun} are called {reference!r}.",
            advice="Ask which one is meant and use its id or path.",
            lines=[f"{each.code or each.name} (id {each.id})" for each in matches],
        )

    def _look(self) -> str:
        return f"Look for it with folders_find, tree {word(self.tree)!r}."


class TemplateFolders(FolderBook):
    """The folders of templates."""

    noun = "template folders"
    tree = FolderTree.TEMPLATES


class FormFolders(FolderBook):
    """The folders of forms."""

    noun = "form folders"
    tree = FolderTree.FORMS


def folders_of(call: Call, tree: FolderTree) -> FolderBook:
    """The book of a tree, kept on the session."""
    book: FolderBook = call.kept(TemplateFolders if tree is FolderTree.TEMPLATES else FormFolders)
    return book


def tree_of(name: TreeName) -> FolderTree:
    """The tree that `templates` or `forms` means."""
    return FolderTree.TEMPLATES if name == "templates" else FolderTree.FORMS


def word(tree: FolderTree) -> TreeName:
    """The other way round."""
    return "templates" if tree is FolderTree.TEMPLATES else "forms"


async def folder_named(call: Call, tree: FolderTree, reference: str) -> Folder:
    """The one folder that this id, name or path means, as it is now.

    Raises:
        UnknownName: there is none.
        Ambiguous: several have the name; their paths are shown.
    """
    book = folders_of(call, tree)
    try:
        return await book.one(call, reference)
    except UnknownName:
        if not is_id(reference) or not (said := await in_the_other(call, tree, [reference])):
            raise
        raise UnknownName(
            f"None of the {book.noun} has the id {reference}.", advice=f"{said} Or name the folder by its path."
        ) from None


async def in_the_other(call: Call, tree: FolderTree, references: Sequence[str]) -> str:
    """Which of the ids that a tree does not have are in the other one, as a sentence; empty when none is."""
    other = FolderTree.FORMS if tree is FolderTree.TEMPLATES else FolderTree.TEMPLATES
    found = await folders_of(call, other).read(call, [int(each) for each in references if is_id(each)])
    if not found:
        return ""
    ids = ", ".join(str(each.folder_id) for each in found)
    return f"Among the folders of {word(other)} there is {ids}: use tree={word(other)!r}."


def row(folder: Folder, tree: Tree) -> dict[str, Any]:
    """A folder as a row; a text that is empty is None."""
    above = tree.path_text(folder.parent_folder_id) or None
    return {
        "name": folder.folder_name,
        "id": folder.folder_id,
        "path": tree.path_text(folder.folder_id) or folder.folder_name,
        "parent": above,
        "parent_id": folder.parent_folder_id,
        "description": folder.description or None,
        "policy": folder.security_policy or None,
        "created": folder.created_date,
        "created_by": folder.created_by or None,
        "changed": folder.last_modified_date,
    }
