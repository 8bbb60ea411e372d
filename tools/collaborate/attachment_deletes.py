"""Deleting attachments of a project of Collaborate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.collaborate.attachment_book import (
    SYSTEM,
    Folders,
    OfProject,
    attachments_of,
    folders_of,
    in_bytes,
    of_project,
    pick,
    row,
    target_kind,
)
from tools.collaborate.collections import listed
from tools.collaborate.kinds import OfKind, kind_of
from tools.collaborate.project_book import Found, Projects
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from upstream.collaborate.attachments import Attachment, DeleteAttachment, GetAttachmentFolders, GetAttachments
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.request import Risk

MOST_AT_ONCE = 100


@changes(
    DeleteAttachment,
    GetAttachments,
    GetAttachmentFolders,
    GetProject,
    GetProjects,
    title="Delete attachments",
)
async def attachments_delete(
    call: Call,
    project: OfProject,
    attachments: Annotated[list[str], "Ids or names"],
    kind: OfKind = "",
) -> Plan:
    """Delete attachments of one project for good."""
    if not 0 < len(attachments) <= MOST_AT_ONCE:
        raise BadArgument(f"Name 1 to {MOST_AT_ONCE} attachments by id or exact name; {len(attachments)} were named.")
    found = await call.kept(Projects).of(kind_of(kind)).one(call, project)
    there = await attachments_of(call, found)
    chosen: dict[int, Attachment] = {}
    missing: list[str] = []
    for reference in attachments:
        if (each := pick(there, reference, found)) is not None:
            chosen[each.attachment_id] = each
        else:
            missing.append(reference.strip())
    if not chosen:
        raise UnknownName(
            f"No attachment of the project has the id {', '.join(missing[:20])}.",
            advice="Look for it with attachments_read.",
        )
    folders = await folders_of(call, found)
    return Plan(
        [_deletion(found, each, folders) for each in chosen.values()],
        [_gone(found, each) for each in missing],
        final="nothing brings a deleted file back.",
        safer="fetch the file first (attachments_read) and let the person keep a copy.",
    )


def _deletion(project: Found, attachment: Attachment, folders: Folders) -> Change:
    known = row(attachment, folders)
    before: dict[str, Any] = {**of_project(project), "folder": known["folder"]}
    before["size"] = in_bytes(attachment.size_in_bytes)
    before |= {key: known[key] for key in ("added_by", "added", "file", "type", "description")}
    number = f"{project.id}/{attachment.attachment_id}"
    name = known["name"] or "(without a name)"
    return Change(SYSTEM, target_kind(project.kind), "delete", name, number, risk=Risk.DESTRUCTIVE, before=before)


def _gone(project: Found, reference: str) -> Outcome:
    number = f"{project.id}/{reference}"
    change = Change(SYSTEM, target_kind(project.kind), "delete", reference, number, risk=Risk.DESTRUCTIVE)
    return Outcome(change, "already", "no attachment of the project has this id")


@attachments_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> str:
        return await call.send(_request(change))

    async def look(change: Change, said: str | None) -> Outcome:
        request = _request(change)
        there = await listed(call, GetAttachments(kind=request.kind, project_id=request.project_id))
        if any(each.attachment_id == request.attachment_id for each in there):
            return Outcome(change, "refused", "the system reported success, but it is still there")
        return Outcome(change, "done")

    return await one_by_one(changes, send, look)


def _request(change: Change) -> DeleteAttachment:
    kind = next(each for each in ProjectKind if target_kind(each) == change.kind)
    project, _, number = change.id.partition("/")
    return DeleteAttachment(kind=kind, project_id=int(project), attachment_id=int(number))
