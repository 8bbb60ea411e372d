"""Operations on the attachments of a project and on the folders that hold them (collaborate-notes, section 7)."""

from __future__ import annotations

import base64
import sqlite3
from typing import Any
from urllib.parse import quote

from sandbox.answers import Answer
from sandbox.collaborate.kinds import Kind
from sandbox.collaborate.projects import known_project, open_project, project
from sandbox.collaborate.refusals import not_found, unacceptable
from sandbox.collaborate.work import NO_CONTENT, Work, for_kinds, one
from sandbox.multipart import Part
from sandbox.reading import Arguments

BYTES = "application/octet-stream"

_FOLDERS = """SELECT f.*, (SELECT count(*) FROM attachments a WHERE a.folder_id = f.id) AS attachment_count
    FROM attachment_folders f WHERE f.project_id = ? ORDER BY f.id"""


@for_kinds("list{}Attachments")
def list_attachments(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/attachments: those of all folders."""
    project_id = known_project(work, kind, arguments["projectId"])
    return work.collection(map(view, work.rows("SELECT * FROM attachments WHERE project_id = ?", project_id)))


@for_kinds("add{}Attachment")
def add_attachment(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """POST /{kind}/{projectId}/attachments: stores the file and describes it."""
    owner = open_project(work, kind, arguments["projectId"])
    folders = [row["id"] for row in work.rows(_FOLDERS, owner["id"])]
    if not folders:
        raise unacceptable(f"The template of project {owner['id']} has no Attachments tab.")
    folder_id = arguments.get("Folder_ID", folders[0])
    if folder_id not in folders:
        raise unacceptable(f"Project {owner['id']} has no attachment folder {folder_id}.")
    part: Part = arguments["file"]
    assert part.file_name is not None
    _check(work, part.file_name, len(part.content))
    id_ = work.insert(
        "attachments",
        project_id=owner["id"],
        folder_id=folder_id,
        name=arguments.get("Attachment_Name") or part.file_name,
        file_name=part.file_name,
        description=arguments.get("Description"),
        media_type=part.media_type or BYTES,
        size=len(part.content),
        content=base64.b64encode(part.content).decode("ascii"),
        created_by=work.account.name,
        created=work.now(),
    )
    return work.created(f"/{kind.path}/{owner['id']}/attachments/{id_}", view(_attachment(work, owner["id"], id_)))


@for_kinds("download{}Attachment")
def download(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/attachments/{attachmentId}: the bytes, whatever they are."""
    row = _attachment(work, project(work, kind, arguments["projectId"])["id"], arguments["attachmentId"])
    headers = {"content-disposition": _disposition(row["file_name"])}
    return Answer(200, base64.b64decode(row["content"]), BYTES, headers)


@for_kinds("delete{}Attachment")
def delete_attachment(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """DELETE /{kind}/{projectId}/attachments/{attachmentId}: in every state of the project."""
    row = _attachment(work, project(work, kind, arguments["projectId"])["id"], arguments["attachmentId"])
    work.connection.execute("DELETE FROM attachments WHERE id = ?", (row["id"],))
    return NO_CONTENT


@for_kinds("list{}AttachmentFolders")
def list_folders(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/attachmentfolders: folders without their attachments."""
    return work.collection(map(_folder_view, work.rows(_FOLDERS, known_project(work, kind, arguments["projectId"]))))


@for_kinds("get{}AttachmentFolder")
def get_folder(kind: Kind, work: Work, arguments: Arguments) -> Answer:
    """GET /{kind}/{projectId}/attachmentfolders/{folderId}: one folder with its attachments."""
    owner = project(work, kind, arguments["projectId"])
    for row in work.rows(_FOLDERS, owner["id"]):
        if row["id"] == arguments["folderId"]:
            inside = work.rows("SELECT * FROM attachments WHERE folder_id = ?", row["id"])
            return one({**_folder_view(row), "Attachments": [view(attachment) for attachment in inside]})
    raise not_found(f"Attachment folder of project {owner['id']}:", arguments["folderId"])


def view(row: sqlite3.Row) -> dict[str, Any]:
    """Attachment of the contract."""
    return {
        "Attachment_ID": row["id"],
        "Attachment_Name": row["name"],
        "File_Name": row["file_name"],
        "Description": row["description"],
        "Folder_ID": row["folder_id"],
        "Content_Type": row["media_type"],
        "Size_In_Bytes": row["size"],
        "Created_By": row["created_by"],
        "Created_Date": row["created"],
    }


def _attachment(work: Work, project_id: int, id_: int) -> sqlite3.Row:
    row = work.row("SELECT * FROM attachments WHERE id = ? AND project_id = ?", id_, project_id)
    if row is None:
        raise not_found(f"Attachment of project {project_id}:", id_)
    return row


def _folder_view(row: sqlite3.Row) -> dict[str, Any]:
    return {"Folder_ID": row["id"], "Folder_Name": row["name"], "Attachment_Count": row["attachment_count"]}


def _check(work: Work, file_name: str, size: int) -> None:
    """422 for a file that the settings of the installation do not let in (switches `upload_types` and following)."""
    _, dot, ending = file_name.rpartition(".")
    if not dot or ending.lower() not in work.switches.upload_types:
        allowed = ", ".join(work.switches.upload_types)
        raise unacceptable(f"Files of the type of {file_name[:80]!r} can't be attached; allowed are: {allowed}.")
    if size > work.switches.upload_max_bytes:
        raise unacceptable(f"The file has {size} bytes; at most {work.switches.upload_max_bytes} can be attached.")


def _disposition(file_name: str) -> str:
    """Content-Disposition for any file name: plain ASCII for old clients, and all of it in UTF-8 (RFC 6266)."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
