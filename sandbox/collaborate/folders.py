"""Operations on the folders of templates and of forms, two trees of the same shape (collaborate-notes, section 3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox.answers import Answer
from sandbox.collaborate.kinds import Tree
from sandbox.collaborate.refusals import missing_key, no_results, not_found, unacceptable
from sandbox.collaborate.work import NO_CONTENT, Work, for_trees, one
from sandbox.reading import BODY, Arguments
from sandbox.refusals import Refused


@for_trees("list{}Folders")
def list_folders(tree: Tree, work: Work, arguments: Arguments) -> Answer:
    """GET /{tree}: the folders of all levels in one flat list."""
    return work.collection(map(view, work.rows("SELECT * FROM library_folders WHERE tree = ? ORDER BY id", tree.name)))


@for_trees("get{}Folder")
def get_folder(tree: Tree, work: Work, arguments: Arguments) -> Answer:
    """GET /{tree}/{folderId}."""
    return one(view(_folder(work, tree, arguments["folderId"])))


@for_trees("list{}Subfolders")
def list_subfolders(tree: Tree, work: Work, arguments: Arguments) -> Answer:
    """GET /{tree}/{parentFolderId}/subfolders: one level."""
    parent = known_parent(work, tree, arguments["parentFolderId"])
    return work.collection(
        map(view, work.rows("SELECT * FROM library_folders WHERE parent_id = ? ORDER BY id", parent))
    )


@for_trees("create{}Folder")
def create_folder(tree: Tree, work: Work, arguments: Arguments) -> Answer:
    """POST /{tree}: a folder at the top level, under the policy Global unless it names another."""
    return _create(tree, work, arguments[BODY], None)


@for_trees("create{}Subfolder")
def create_subfolder(tree: Tree, work: Work, arguments: Arguments) -> Answer:
    """POST /{tree}/{parentFolderId}/subfolders: a folder that inherits the policy unless it names another."""
    return _create(tree, work, arguments[BODY], _folder(work, tree, arguments["parentFolderId"]))


@for_trees("update{}Folder")
def update_folder(tree: Tree, work: Work, arguments: Arguments) -> Answer:
    """PUT /{tree}/{folderId}: keys left out keep their value; a folder can't be moved."""
    row = _folder(work, tree, arguments["folderId"])
    columns = _columns(tree, work, arguments[BODY], row["parent_id"], row["id"])
    work.update("library_folders", row["id"], **columns, modified=work.today())
    return NO_CONTENT


@for_trees("delete{}Folder")
def delete_folder(tree: Tree, work: Work, arguments: Arguments) -> Answer:
    """DELETE /{tree}/{folderId}: an empty folder; content is never deleted with it."""
    id_ = _folder(work, tree, arguments["folderId"])["id"]
    subfolders = len(work.rows("SELECT 1 FROM library_folders WHERE parent_id = ?", id_))
    items = len(work.rows(f"SELECT 1 FROM {tree.table} WHERE folder_id = ?", id_))
    if subfolders or items:
        content = f"{subfolders} subfolders and {items} {tree.name}s"
        raise Refused(422, f"Folder {id_} is not empty: it holds {content}.", code="FOLDER_NOT_EMPTY")
    work.connection.execute("DELETE FROM library_folders WHERE id = ?", (id_,))
    return NO_CONTENT


def known_parent(work: Work, tree: Tree, id_: int) -> int:
    """The id of a folder that a collection belongs to; 404 as for an empty collection."""
    if work.row("SELECT 1 FROM library_folders WHERE id = ? AND tree = ?", id_, tree.name) is None:
        raise no_results()
    return id_


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Folder of the contract."""
    return {
        "Folder_ID": row["id"],
        "Folder_Name": row["name"],
        "Description": row["description"],
        "Parent_Folder_ID": row["parent_id"],
        "Security_Policy": row["security_policy"],
        "Created_By": row["created_by"],
        "Created_Date": row["created"],
        "Last_Modified_Date": row["modified"],
    }


def _folder(work: Work, tree: Tree, id_: int) -> sqlite3.Row:
    row = work.row("SELECT * FROM library_folders WHERE id = ? AND tree = ?", id_, tree.name)
    if row is None:
        raise not_found(f"{tree.word} folder", id_)
    return row


def _create(tree: Tree, work: Work, given: Mapping[str, Any], parent: sqlite3.Row | None) -> Answer:
    if "Folder_Name" not in given:
        raise missing_key("Folder_Name")
    parent_id = None if parent is None else parent["id"]
    inherited = "Global" if parent is None else parent["security_policy"]
    columns = {"security_policy": inherited, **_columns(tree, work, given, parent_id)}
    columns |= {"created_by": work.account.name, "created": work.today(), "modified": work.today()}
    id_ = work.insert("library_folders", tree=tree.name, parent_id=parent_id, **columns)
    return work.created(f"/{tree.path}/{id_}")


def _columns(
    tree: Tree, work: Work, given: Mapping[str, Any], parent_id: int | None, id_: int | None = None
) -> dict[str, Any]:
    """The columns that the given keys set; 422 for a name that is taken beside it, or an unknown policy."""
    columns: dict[str, Any] = {}
    if "Folder_Name" in given:
        name = columns["name"] = given["Folder_Name"]
        if not name.strip():
            raise unacceptable("A folder needs a name.")
        same = "SELECT 1 FROM library_folders WHERE tree = ? AND parent_id IS ? AND name = ? AND id IS NOT ?"
        if work.row(same, tree.name, parent_id, name, id_) is not None:
            raise unacceptable(f"There is already a folder {name!r} at this place.")
    if "Description" in given:
        columns["description"] = given["Description"]
    if "Security_Policy" in given:
        columns["security_policy"] = work.policy(given["Security_Policy"])
    return columns
