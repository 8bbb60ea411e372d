"""Folders of templates and of forms: two separate trees, one set of routes (see `kinds.FolderTree`).

A list with nothing in it is a 404.
"""

from __future__ import annotations

from typing import Annotated

from upstream.collaborate.kinds import FoldersRequest
from upstream.collaborate.objects import CollaborateEntry, CollaborateRecord
from upstream.moment import Moment
from upstream.record import Many, Message
from upstream.replies import Created
from upstream.request import Body, Path


class Folder(CollaborateRecord):
    """A folder. Its name is unique among its siblings; `parent_folder_id` is absent at the top level.

    Inferred: no page that could be read shows the body.
    """

    folder_id: int
    folder_name: str = ""
    description: str = ""
    parent_folder_id: int | None = None
    security_policy: str = ""
    created_by: str = ""
    created_date: Moment = None
    last_modified_date: Moment = None


class FolderInput(CollaborateEntry):
    """The writable part of a folder; what is not set does not travel and, on a change, keeps its value.

    A new one needs a name, and gets the policy of its parent (Global at the top) unless told otherwise.

    Inferred: the pages only say that a folder object is passed.
    """

    folder_name: str = ""
    description: str | None = None
    security_policy: str = ""


class GetFolders(FoldersRequest[Many[Folder]]):
    """List all folders of a tree, all levels in one flat list.

    Source: Collaborate REST API 12.1.0. Inferred: the answer, and that it names each folder's parent.
    """

    method, path, operation = "GET", "/{tree}", "list{tree}Folders"
    collection = True


class CreateFolder(FoldersRequest[Created]):
    """Create a folder at the top level. A second one of the name, or an unknown policy, is a 422.

    Source: Collaborate REST API 12.1.0 (201 with Location). Inferred: the body and the refusals.
    """

    method, path, operation = "POST", "/{tree}", "create{tree}Folder"

    folder: Annotated[FolderInput, Body()]


class GetFolder(FoldersRequest[Folder]):
    """Read one folder, without what is in it.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation = "GET", "/{tree}/{folderId}", "get{tree}Folder"

    folder_id: Annotated[int, Path("folderId")]


class UpdateFolder(FoldersRequest[Message]):
    """Change name, description or policy of a folder; it can't be moved. A name that a sibling has is a 422.

    Source: Collaborate REST API 12.1.0 (204). Inferred: the body, and that what is left out stays.
    """

    method, path, operation = "PUT", "/{tree}/{folderId}", "update{tree}Folder"

    folder_id: Annotated[int, Path("folderId")]
    folder: Annotated[FolderInput, Body()]


class DeleteFolder(FoldersRequest[Message]):
    """Delete a folder.

    Source: Collaborate REST API 12.1.0 (204). Inferred: that one which holds something is refused with a 422; nothing
    is said about it, so what is inside might go as well.
    """

    method, path, operation = "DELETE", "/{tree}/{folderId}", "delete{tree}Folder"
    targets = ("{tree}", "folder_id")

    folder_id: Annotated[int, Path("folderId")]


class GetSubfolders(FoldersRequest[Many[Folder]]):
    """List the folders directly in a folder, one level.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation = "GET", "/{tree}/{parentFolderId}/subfolders", "list{tree}Subfolders"
    collection = True

    parent_folder_id: Annotated[int, Path("parentFolderId")]


class CreateSubfolder(FoldersRequest[Created]):
    """Create a folder in another. A second one of the name there, or an unknown policy, is a 422.

    Source: Collaborate REST API 12.1.0 (201 with Location). Inferred: the body, that the location leads to the folder
    itself, and the refusals.
    """

    method, path, operation = "POST", "/{tree}/{parentFolderId}/subfolders", "create{tree}Subfolder"

    parent_folder_id: Annotated[int, Path("parentFolderId")]
    folder: Annotated[FolderInput, Body()]
