"""Reading the attachments of a project: which there are, and what is in one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from tools import content
from tools.call import Call
from tools.collaborate.attachment_book import (
    COLUMNS,
    SHOWN,
    Folders,
    OfProject,
    attachments_of,
    folders_of,
    pick,
    pick_folder,
    row,
)
from tools.collaborate.kinds import OfKind, kind_of
from tools.collaborate.project_book import Found, Projects
from tools.columns import choose
from tools.content import INLINE_BYTES, Content
from tools.declare import finds
from tools.errors import UnknownName
from tools.listing import Listing, paged
from tools.parameters import Cursor, Fields, Limit
from upstream.collaborate.attachments import (
    MOST_BYTES,
    Attachment,
    DownloadAttachment,
    GetAttachmentFolder,
    GetAttachmentFolders,
    GetAttachments,
)
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.errors import NotFound


@finds(
    GetAttachments,
    GetAttachmentFolders,
    GetAttachmentFolder,
    DownloadAttachment,
    GetProject,
    GetProjects,
    title="Read attachments",
)
async def attachments_read(
    call: Call,
    project: OfProject,
    kind: OfKind = "",
    attachment: Annotated[str, "One to open"] = "",
    folder: Annotated[str, "Id or name"] = "",
    fields: Fields = [],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listing:
    """List the attachments of a project, or open one."""
    found = await call.kept(Projects).of(kind_of(kind)).one(call, project)
    if attachment:
        return await _one(call, found, attachment, folder, fields)

    async def look() -> Listing:
        attachments, folders = await _in(call, found, folder)
        rows = [row(each, folders) for each in attachments]
        return Listing("attachments", rows, choose(fields, COLUMNS, SHOWN), COLUMNS, notes=_empty(folders, folder))

    asked = [found.kind, found.id, folder, fields]
    return await paged(call, {"tool": "attachments_read", "what": asked}, cursor, limit, look)


async def _in(call: Call, project: Found, folder: str) -> tuple[list[Attachment], Folders]:
    """The attachments of one folder or of all, and the folders of the project."""
    folders = await folders_of(call, project)
    if not folder:
        return await attachments_of(call, project), folders
    number = pick_folder(folders, folder).folder_id
    try:
        read = await call.send(GetAttachmentFolder(kind=project.kind, project_id=project.id, folder_id=number))
    except NotFound:
        return [], folders
    # What is in a folder need not say which one that is.
    inside = [each.model_copy(update={"folder_id": number}) for each in read.attachments]
    return inside, folders


def _empty(folders: Folders, folder: str) -> list[str]:
    """Folders that no row shows, by their ids: a note is no place for names that somebody else wrote."""
    empty = [str(each.folder_id) for each in folders.items if each.attachment_count == 0]
    if not folders.items:
        return ["The project has no attachment folders: its template may be without an attachments tab (inferred)."]
    if folder or not empty:
        return []
    more = f" and {len(empty) - 5} more" if len(empty) > 5 else ""
    return [f'Empty folders: {", ".join(empty[:5])}{more}; projects_find with fields=["attachments"] names them.']


async def _one(call: Call, project: Found, reference: str, folder: str, fields: list[str]) -> Listing:
    attachments, folders = await _in(call, project, folder)
    found = pick(attachments, reference, project)
    if found is None:
        raise UnknownName(
            f"No attachment of the project has the id {reference.strip()[:40]}.",
            advice="Leave attachment out to see those there are.",
        )
    notes: list[str] = []
    file = await _fetched(call, project, found, notes)
    line: dict[str, Any] = {**row(found, folders), "bytes": file.bytes_in_all or found.size_in_bytes}
    line["type"] = file.media_type
    return Listing("attachments", [line], choose(fields, COLUMNS, COLUMNS[:-1]), COLUMNS, notes=notes, files=[file])


async def _fetched(call: Call, project: Found, attachment: Attachment, notes: list[str]) -> Content:
    """The file; without its bytes where they are too many, or are not for a model to read and too many to embed."""
    said = attachment.size_in_bytes or 0
    name = attachment.file_name or attachment.attachment_name
    kind = content.media_type(name, attachment.content_type, b"")
    file = Content(name, kind, b"", address(project, attachment), said, content.charset(attachment.content_type))
    if said > MOST_BYTES:
        notes.append(f"Not fetched: the system says {said:,} bytes, and at most {MOST_BYTES:,} are fetched.")
        return replace(file, address="")
    if said > INLINE_BYTES and not content.is_textual(kind):
        return file
    read = await call.send(
        DownloadAttachment(kind=project.kind, project_id=project.id, attachment_id=attachment.attachment_id)
    )
    data = read.content
    name = read.name or name
    kind = content.media_type(name, attachment.content_type or read.media_type, data)
    claimed = content.bare(attachment.content_type)
    if claimed not in ("", content.UNKNOWN) and claimed != kind:
        notes.append("The system says another type than the bytes of the file show: be careful with it.")
    if attachment.size_in_bytes is not None and len(data) != said:
        notes.append(f"The system says {said:,} bytes, but the file has {len(data):,}.")
    if len(data) > INLINE_BYTES and not content.is_textual(kind):
        data = b""
    return replace(file, name=name, media_type=kind, data=data, size=len(read.content))


def address(project: Found, attachment: Attachment) -> str:
    """Where the file can be read as a resource."""
    return f"unica://collaborate/attachments/{project.kind.value}/{project.id}/{attachment.attachment_id}"
