"""Attachments of a project, in folders that its template defines: no route makes or changes those."""

from __future__ import annotations

from typing import Annotated

from upstream.collaborate.kinds import ProjectRequest
from upstream.collaborate.objects import CollaborateRecord
from upstream.moment import Moment
from upstream.parts import Upload
from upstream.record import Many, Message
from upstream.replies import File
from upstream.request import Part, Path

MOST_BYTES = 20 * 1024 * 1024
"""A larger file is not read: it would have to be held in memory."""


class Attachment(CollaborateRecord):
    """A file of a project. `size_in_bytes` is what the server says.

    Inferred: the pages only say that details are answered as JSON.
    """

    attachment_id: int
    attachment_name: str = ""
    file_name: str = ""
    description: str = ""
    folder_id: int | None = None
    content_type: str = ""
    size_in_bytes: int | None = None
    created_by: str = ""
    created_date: Moment = None


class AttachmentFolder(CollaborateRecord):
    """A folder of attachments; `attachments` only where one folder is read. Inferred: the names."""

    folder_id: int
    folder_name: str = ""
    attachment_count: int | None = None
    attachments: Many[Attachment] = []


class GetAttachments(ProjectRequest[Many[Attachment]]):
    """List the attachments of a project, of all its folders. None at all is a 404.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/attachments", "list{kind}Attachments"
    collection = True


class AddAttachment(ProjectRequest[Attachment]):
    """Attach a file to a project; it lands in the first folder unless told otherwise. Answers what was stored.

    422 when the type is not allowed, the file too large, the folder not of this project, the project canceled or
    finished, or its template without attachments.

    Source: Collaborate REST API 12.1.0 (answer as JSON). Inferred: the multipart body, its parts, and the refusals.
    """

    method, path, operation = "POST", "/{kind}/{projectId}/attachments", "add{kind}Attachment"

    file: Annotated[Upload, Part("file", "file")]
    attachment_name: Annotated[str | None, Part("Attachment_Name")] = None
    description: Annotated[str | None, Part("Description")] = None
    folder_id: Annotated[int | None, Part("Folder_ID")] = None


class DownloadAttachment(ProjectRequest[File]):
    """Read the bytes of an attachment.

    Source: Collaborate REST API 12.1.0; 10.1.0, lists page, for simple lists, where the newer page lacks it. Inferred:
    media type and name in the headers.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/attachments/{attachmentId}", "download{kind}Attachment"
    most_bytes = MOST_BYTES

    attachment_id: Annotated[int, Path("attachmentId")]


class DeleteAttachment(ProjectRequest[Message]):
    """Delete an attachment for good, whatever the state of the project.

    Source: Collaborate REST API 12.1.0 (204); 10.1.0, lists page, for simple lists.
    """

    method, path, operation = "DELETE", "/{kind}/{projectId}/attachments/{attachmentId}", "delete{kind}Attachment"
    targets = ("{kind}_attachment", "project_id", "attachment_id")

    attachment_id: Annotated[int, Path("attachmentId")]


class GetAttachmentFolders(ProjectRequest[Many[AttachmentFolder]]):
    """List the attachment folders of a project, without what is in them. None at all is a 404.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/attachmentfolders", "list{kind}AttachmentFolders"
    collection = True


class GetAttachmentFolder(ProjectRequest[AttachmentFolder]):
    """Read one attachment folder with its attachments.

    Source: Collaborate REST API 12.1.0. Inferred: the answer; the page speaks vaguely of details for a folder.
    """

    method, path, operation = "GET", "/{kind}/{projectId}/attachmentfolders/{folderId}", "get{kind}AttachmentFolder"

    folder_id: Annotated[int, Path("folderId")]
